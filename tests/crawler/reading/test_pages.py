"""From an article's page come the story and what the page says of itself, without what stands around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.reading.page import Page
from crawler.reading.pages import read_page_bytes
from news.errors import ReadingError
from tests.fakes.day import the_day
from tests.fakes.pages import print_article
from tests.fakes.press import PrintedArticle

NOW = datetime(2026, 3, 20, tzinfo=UTC)
URL = "https://channel4.test/2026/03/18/mayor"
PARAGRAPHS = (
    "The mayor of Port Ellery stayed at home on Wednesday while other mayors met in the capital.",
    "A letter from the Justice Department had reached the city on Tuesday, and the council read it twice.",
    "Nobody at the council would say what the answer will be, or whether there will be one at all.",
)


def read(html: str | bytes, *, content_type: str = "text/html; charset=utf-8") -> Page:
    """Return what a page says."""
    body = html.encode() if isinstance(html, str) else html
    return read_page_bytes(body, url=URL, content_type=content_type, now=NOW)


def a_page(head: str = "", *, top: str = "", bottom: str = "", title: str = "Mayor skips meeting") -> str:
    """Return an article's page with this in its head and around its story."""
    story = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="en-US"><head><title>{title} | Channel 4</title>{head}</head><body>'
        f"<nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{top}{story}{bottom}</article>"
        f"<footer>All rights reserved</footer></body></html>"
    )


def json_ld(**facts: Any) -> str:  # noqa: ANN401 - whatever publishers write
    """Return a piece of JSON-LD as publishers write it."""
    return f'<script type="application/ld+json">{json.dumps(facts)}</script>'


@pytest.mark.parametrize(
    "article", the_day().articles, ids=lambda article: f"{article.outlet}-{article.slug}"
)
def test_a_printed_article_is_read_word_for_word(article: PrintedArticle) -> None:
    day = the_day()
    outlet = day.outlet(article.outlet)
    others = [other for other in day.articles if other.outlet == outlet.id]
    page = read_page_bytes(
        print_article(outlet, article, others, "https://outlet.test"), url=URL, content_type="", now=NOW
    )
    told = article.text.replace("\N{NO-BREAK SPACE}", " ").split("\n")
    lines = page.text.split("\n")
    assert [line for line in told if line] == [line for line in lines if line != outlet.signature]
    assert page.title == article.title
    assert page.published == article.at.replace(second=0)
    assert page.language == article.language
    if article.credit:
        assert page.credit == article.credit


def test_the_story_stands_without_what_stands_around_it() -> None:
    assert read(a_page()).text.split("\n") == list(PARAGRAPHS)


def test_headline_and_byline_are_not_the_opening_of_the_story() -> None:
    top = '<p class="byline">By Maria Example</p><p>Published March 18, 2026, 11:58 am</p>'
    page = read(a_page(json_ld(**{"@type": "NewsArticle", "author": "Maria Example"}), top=top))
    assert page.text.startswith(PARAGRAPHS[0])


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Maria Example", ("Maria Example",)),
        ({"@type": "Person", "name": "By Maria Example"}, ("Maria Example",)),
        ([{"name": "Maria Example"}, {"name": "Lee Example"}], ("Maria Example", "Lee Example")),
        ({"name": ["Maria Example", "Lee Example"]}, ("Maria Example", "Lee Example")),
        ("Maria Example, Lee Example and Kim Example", ("Maria Example", "Lee Example", "Kim Example")),
        ("https://channel4.test/authors/maria", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_authors_are_named_however_they_are_written(author: object, names: tuple[str, ...]) -> None:
    page = read(a_page(json_ld(**{"@type": "NewsArticle", "author": author})))
    assert page.authors == names


@pytest.mark.parametrize(
    ("head", "meant"),
    [
        (json_ld(**{"@type": "NewsArticle", "datePublished": "2026-03-18T11:58:00-06:00"}), "17:58"),
        (
            json_ld(**{"@graph": [{"@type": ["NewsArticle"], "datePublished": "2026-03-18T17:58:00Z"}]}),
            "17:58",
        ),
        ('<meta property="article:published_time" content="2026-03-18T17:58:00Z">', "17:58"),
        ('<meta name="parsely-pub-date" content="2026-03-18T17:58:00Z">', "17:58"),
        ('<time datetime="2026-03-18T17:58:00Z">at noon</time>', "17:58"),
        (json_ld(**{"@type": "NewsArticle", "datePublished": "soon"}), "00:00"),
        (json_ld(**{"@type": "NewsArticle", "datePublished": "1795-01-01"}), "00:00"),
        ('<script type="application/ld+json">{broken</script>', "00:00"),  # the day is in the address
    ],
)
def test_the_minute_of_publication_is_the_publishers_own(head: str, meant: str) -> None:
    published = read(a_page(head)).published
    assert published is not None
    assert f"{published:%H:%M}" == meant


@pytest.mark.parametrize(
    "shown",
    [
        '<span class="tarih">18.03.2026 - G\u00fcncelleme : 19.03.2026</span>',
        '<span class="meta_date">erstellt: <strong>18. M\u00e4rz 2026, 15:25</strong></span>',
        "<div>2026\u5e7403\u670818\u65e523:52 | \u6765\u6e90: Wire</div>",
        '<div data-deploy-dt="2026.03.18 18:40" data-re-deploy-dt="2026.03.20 18:49"></div>',
        '<p class="fecha">Publicado el 18 de marzo de 2026 a las 11:58</p>',
        '<p class="posted">Updated March 20, 2026 | Posted: Wednesday, March 18, 2026</p>',
        '<meta name="publishdate" content="2026-03-18">',
    ],
)
def test_where_machines_are_told_nothing_the_day_is_what_readers_see(shown: str) -> None:
    body = f"<html><body>{shown}<p>The mayor of Port Ellery stayed at home.</p></body></html>"
    published = read_page_bytes(body.encode(), url="https://channel4.test/mayor", now=NOW).published
    assert published is not None
    assert published.date().isoformat() == "2026-03-18"


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/mayor">', "https://channel4.test/mayor"),
        ('<meta property="og:url" content="https://channel4.test/m">', "https://channel4.test/m"),
        ('<link rel="canonical" href="javascript:x">', None),
        ("", None),
    ],
)
def test_the_pages_own_address_is_made_whole(head: str, canonical: str | None) -> None:
    assert read(a_page(head)).canonical == canonical


def test_the_credit_line_is_the_articles_and_not_a_pictures() -> None:
    picture = (
        '<figure><span class="credit">Photo: Lee Example</span></figure><p class="photo-credit">Getty</p>'
    )
    page = read(a_page(top=picture, bottom='<p class="credit">Credit: Channel 4 and National Wire</p>'))
    assert page.credit == "Channel 4 and National Wire"
    assert "Credit" not in page.text


def test_a_text_for_subscribers_only_is_left_alone() -> None:
    page = read(a_page(json_ld(**{"@type": "NewsArticle", "isAccessibleForFree": "False"})))
    assert (page.free, page.open_text) == (False, "")
    assert page.title == "Mayor skips meeting"


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "shift_jis"])
def test_letters_arrive_in_whatever_alphabet_the_page_is_written(charset: str) -> None:
    word = "港の新しい名" if charset == "shift_jis" else "Caf\u00e9"
    html = f'<html><head><meta charset="{charset}"><title>{word} {word} {word}</title></head><body></html>'
    page = read(html.encode(charset), content_type="text/html")
    assert page.title.startswith(word)


@given(some.binary(max_size=600))
def test_no_bytes_make_it_raise_anything_but_a_reading_error(noise: bytes) -> None:
    for body in (noise, b"<html><body><article><p>" + noise + b"</p></article>"):
        try:
            page = read(body, content_type="")
        except ReadingError:
            continue
        assert isinstance(page.text, str)
