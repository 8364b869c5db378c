"""What stands between a reader and this page's words, if anything?

A page that shows a wall instead of its article must not be taken for one: the words on it are the wall's.
Nothing here opens a wall; it is named, so that a person can decide.
"""

from __future__ import annotations

import re
from typing import Literal

from crawler.reading.trees import Element

Wall = Literal["", "paywall", "consent", "script"]

FEW_WORDS = 120  # on a page that shows a part of its article only, or none
NO_WORDS = 40  # on a page that a program in the browser would fill
LONGEST_PHRASE = 400  # characters of a block in which a wall speaks

_PAYWALL = re.compile(
    r"\b(?:subscribe (?:now )?to (?:continue|keep) reading|(?:this|the) (?:article|story|content) is"
    r" (?:for|available to|reserved for|exclusive to) (?:our )?(?:paid )?(?:subscribers|members)"
    r"|to continue reading,? (?:please )?(?:subscribe|log in|sign in)"
    r"|you(?:'|\u2019)ve (?:reached|read|used) (?:all )?(?:of )?your (?:limit|free|monthly)"
    r"|subscribers? only|contenido exclusivo para suscriptores)\b",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"pay-?wall|reg-?wall|subscriber-?(?:only|wall)|meter(?:ed)?-?(?:gate|wall)", re.IGNORECASE
)
_CONSENT = re.compile(
    r"\b(?:before you continue|we value your privacy|we and our (?:\d+ )?partners (?:store|use|process)"
    r"|(?:accept|agree to|consent to) (?:all |the use of )?cookies to (?:continue|proceed|read)"
    r"|your (?:privacy|consent) (?:is important|choices)"
    r"|manage (?:your )?(?:privacy|cookie) (?:settings|choices)"
    r"|antes de continuar)\b",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"^https?://(?:[\w-]+\.)*(?:consent|guce|cmp)\.[^/]+", re.IGNORECASE)
_WANTS_SCRIPT = re.compile(r"javascript", re.IGNORECASE)
_BLOCKS = ("p", "h1", "h2", "h3", "button", "span", "div")
_SHELL = frozenset(
    {"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "main-app", "react-root", "app-root"}
)


def wall_of(tree: Element, text: str, *, url: str, free: bool) -> Wall:
    """Return what stands before a page's words; `free` is false when the page itself says so."""
    words = len(text.split())
    if not free:
        return "paywall"
    if words > FEW_WORDS:
        return ""
    if _CONSENT_HOST.match(url) or (words < NO_WORDS * 2 and _says(tree, _CONSENT)):
        return "consent"
    if _says(tree, _PAYWALL) or (words < NO_WORDS * 2 and _has_gate(tree)):
        return "paywall"
    return "script" if words < NO_WORDS and _is_filled_by_a_program(tree) else ""


def _says(tree: Element, phrase: re.Pattern[str]) -> bool:
    """Whether a block of the page says it: what is said in the middle of an article is the article's."""
    speaking = (each for each in tree.iter(*_BLOCKS) if each.text and each.text.strip())
    blocks = (line for each in speaking if len(line := _all_words(each)) <= LONGEST_PHRASE)
    return any(phrase.search(block) for block in blocks)


def _has_gate(tree: Element) -> bool:
    names = (
        f"{each.get('class') or ''} {each.get('id') or ''}" for each in tree.iter("div", "section", "aside")
    )
    return any(_GATE.search(name) for name in names)


def is_empty(tree: Element) -> bool:
    """Whether a page says nothing until a program in the browser has filled it."""
    unseen = {"script", "style", "noscript", "template", "title"}
    inside = (each.text or "" for each in tree.iter("*") if each.tag not in unseen)
    words = " ".join((*inside, *(each.tail or "" for each in tree.iter())))
    return len(words.split()) < NO_WORDS and _is_filled_by_a_program(tree)


def _is_filled_by_a_program(tree: Element) -> bool:
    """Whether a page is an empty shell: scripts, and a place for what they will write."""
    scripts = sum(
        1 for each in tree.iter("script") if each.get("src") or len(each.text or "") > LONGEST_PHRASE
    )
    if not scripts:
        return False
    told = any(_WANTS_SCRIPT.search(_all_words(each)) for each in tree.iter("noscript"))
    empty = any((each.get("id") or "") in _SHELL for each in tree.iter("div", "main"))
    return told or empty


def _all_words(element: Element) -> str:
    """Return all words in an element, those for readers without scripts included."""
    return " ".join("".join(element.itertext()).split())
