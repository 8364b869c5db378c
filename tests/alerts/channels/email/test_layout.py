"""Does the page of a mail read well: with styles and without, in light and dark, on a bad day?"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from alerts.channels.email.layout import LONGEST_PAGE, STOP, TEMPLATES, WHY
from alerts.day import DigestMessage, Entry, Update
from alerts.message import Bullets, Paragraph, Span
from tests.alerts.channels.email.posting import a_day, body, told, written
from tests.alerts.channels.email.reading import page_of
from tests.nouns import FieldValue

STYLES = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "kept.css")}


def a_long_day(stories: int) -> DigestMessage:
    """Return a day on which so many stories were told at length."""
    quote = "The county said again in a long sentence what it had said the day before, word for word. " * 3
    update = Update(
        heading="Ellery 31 adds 2 details, 1:12 pm",
        headline="The county again",
        url="https://ellery31.test/2026/03/18/the-county-again",
        quotes=(quote[:160], quote[:150]),
        shared="16 % National Wire (3 of 19 sentences also in Channel 4 Ellery).",
    )
    entries = tuple(
        Entry(
            headline=f"Story {number} of the day about the county, the city and their lists",
            url=f"https://channel4ellery.test/2026/03/18/story-{number}-of-the-day-about-the-county",
            about="Channel 4 Ellery, Wednesday 11:58 am. Main topic, matched “jail lists”.",
            quote=quote.strip(),
            updates=(update,),
        )
        for number in range(1, stories + 1)
    )
    day = a_day()
    return replace(day, sections=(replace(day.sections[1], entries=entries),))


# ── What it says ────────────────────────────────────────────────────────────────────────────────────────


def test_headings_lead_through_the_day() -> None:
    page = page_of(a_day())
    assert page.find("//h1 | //h2") == ["Sanctuary cities", "Corrected", "New", "Developed", "Also mentioned"]
    entries = [entry for section in a_day().sections for entry in section.entries]
    assert page.find("//h3") == [entry.headline for entry in entries]
    assert page.find("//h3/a/@href") == [entry.url for entry in entries]


def test_without_styles_it_reads_in_the_order_of_the_plain_text() -> None:
    said = page_of(a_day()).words
    pieces = [
        "Covers Wednesday 6:30 am to Thursday 6:30 am.",
        "5 stories: 1 corrected",
        "5 on Wednesday, usually 3.",
        "City keeps shelter lists",
        "Sent to #immigration-desk 12:02 pm",
        "Was: “… nearly 40 people …”",
        "Now: “… 36 people …”",
        "The city of Port Ellery turned down",
        "Ellery 31 adds 2 details, 1:12 pm",
        "The suit names the mayor and two clerks.",
        "16 % National Wire (3 of 19 sentences also in Channel 4 Ellery).",
        "Judges weigh grants",
        "2 of 8 sources need attention.",
        "You get this because",
        "Unsubscribe by email",
        "Sent by Nightdesk for Metro Desk.",
    ]
    # The first words are those that a list of mails shows.
    opening = said.index("Nightdesk daily email for Metro Desk")
    places = [said.index(piece, opening) for piece in pieces]
    assert places == sorted(places)


def test_readers_of_one_day_share_its_page_and_each_is_told_why_it_came_to_them() -> None:
    section = a_day().sections[0]
    entry = replace(section.entries[0], headline=f"{WHY} {STOP}")
    day = a_day(sections=(replace(section, entries=(entry,)),))
    pages = {to: page_of(day, to=to) for to in ("a&b@newsroom.test", "c@newsroom.test")}
    for to, page in pages.items():
        assert page.words.count(f"You get this because {to} is on the daily email") == 1
        assert f"{WHY} {STOP}" in page.words
        assert page.find("//a[.='Unsubscribe by email']/@href") == [
            f"mailto:nightdesk@newsroom.test?subject=unsubscribe%20{day.token}"
        ]
    other = page_of(replace(day, token="another"), to="c@newsroom.test")
    assert other.find("//a[.='Unsubscribe by email']/@href")[0].endswith("unsubscribe%20another")


def test_an_empty_day_says_so_and_what_was_not_checked() -> None:
    nothing = "Nothing new; 7 of 8 sources checked."
    page = page_of(a_day(sections=(), chart=None, counts=nothing, sources=("Not checked: Harbor Post.",)))
    assert f"{nothing} Not checked: Harbor Post. You get this because" in page.words


def test_the_chart_is_one_picture_to_a_screen_reader() -> None:
    page = page_of(a_day())
    (spoken,) = page.find("//*[@role='img']/@aria-label")
    assert spoken.startswith("Stories a day, Thursday March 5 to Wednesday March 18: 2, 3, 1")
    assert page.find("//*[@role='img']/table/@aria-hidden") == ["true"]


def heights(styles: list[str]) -> list[int]:
    """Return the heights of bars."""
    return [int(found[1]) for style in styles if (found := re.search(r"(?<!-)height: (\d+)px", style))]


def test_bars_are_as_high_as_there_are_stories() -> None:
    bars = page_of(a_day()).find("//*[contains(@class, 'bar')]/@style")
    assert heights(bars) == [18, 27, 9, 18, 36, 27, 18, 9, 27, 18, 45, 27, 18, 45]


def test_a_day_without_a_story_still_has_a_bar() -> None:
    chart = a_day().chart
    assert chart is not None
    quiet = replace(chart, days=tuple((day, 0) for day, _ in chart.days))
    assert heights(page_of(a_day(chart=quiet)).find("//*[contains(@class, 'bar')]/@style")) == [1] * 14


def test_it_fetches_nothing() -> None:
    page = page_of(a_day())
    assert page.find("//img | //link | //script | //iframe | //@background") == []
    assert "url(" not in page.source


def test_styles_stand_on_the_elements_and_a_sheet_stays_for_telephones_and_the_dark() -> None:
    page = page_of(a_day())
    assert "font-size: 26px" in page.find("//h1/@style")[0]
    (kept,) = page.find("//style")
    assert "max-width: 599px" in kept
    assert "prefers-color-scheme: dark" in kept


def test_a_story_told_at_once_has_its_headline_quote_and_reason() -> None:
    page = page_of(told())
    assert page.find("//h3/a")[0].startswith("City keeps shelter lists")
    assert "The city of Port Ellery turned down" in page.find("//blockquote")[0]
    assert "High priority" in page.words


def test_a_group_of_stories_is_a_list() -> None:
    points = tuple(((Span(text=f"Story {n}", url=f"https://a.test/{n}"),),) for n in (1, 2))
    page = page_of(told("group", parts=(Bullets(points=points),)))
    assert page.find("//li") == ["Story 1", "Story 2"]
    assert page.find("//li//a/@href") == ["https://a.test/1", "https://a.test/2"]


# ── What must not break it ──────────────────────────────────────────────────────────────────────────────


def test_markup_in_a_headline_is_words() -> None:
    hostile = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    page = page_of(with_first_entry(headline=hostile, quote=hostile, about=hostile))
    assert page.find("//h3") == [hostile]
    assert page.find("//script | //img | //@onerror") == []


def with_first_entry(**fields: FieldValue) -> DigestMessage:
    """Return a day of one story that is different in this."""
    day = a_day()
    entry = replace(day.sections[0].entries[0], **fields)
    return replace(day, sections=(replace(day.sections[0], entries=(entry,)),))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", ""])
def test_only_web_addresses_are_linked(url: str) -> None:
    (link,) = page_of(with_first_entry(url=url, updates=())).find("//a/@href")
    assert link.startswith("mailto:")
    line = Paragraph(lines=((Span(text="Story", url=url, bold=True),),))
    assert page_of(told(parts=(line,))).find("//a") == []


@pytest.mark.parametrize(
    ("stories", "remarks"),
    [
        (20, []),
        (60, ["A long day: quotations are shortened"]),
        (90, ["A very long day: quotations are left out"]),
        (150, ["A very long day: headlines only"]),
    ],
)
def test_a_long_day_fits_into_a_mail_and_loses_no_story(stories: int, remarks: list[str]) -> None:
    page = page_of(a_long_day(stories))
    assert len(page.source.encode()) <= LONGEST_PAGE
    assert len(set(page.find("//h3/a/@href"))) == len(page.find("//h3")) == stories
    said = [words.partition(",")[0] for words in page.find("//p[@class='remark']")]
    assert said == remarks


def test_what_was_shortened_shows_it() -> None:
    quotes = page_of(a_long_day(60)).find("//blockquote")
    assert quotes
    assert all(quote.endswith("…") for quote in quotes)


def test_the_plain_text_of_a_long_day_has_everything() -> None:
    assert body(written(a_long_day(150))).count("> The county said again") == 3 * 150


def test_a_day_too_long_for_any_page_ends_before_mail_programs_cut_it_and_says_so() -> None:
    page = page_of(a_long_day(500))
    assert len(page.source.encode()) <= LONGEST_PAGE
    shown = len(set(page.find("//h3")))
    assert 150 <= shown < 500
    assert f"The first {shown} of 500 headlines; the plain text of this mail has all of them." in page.words
    assert body(written(a_long_day(500))).count("of the day about the county") >= 500


# ── Can it be read? ─────────────────────────────────────────────────────────────────────────────────────

ON_THE_CARD = ("pad", "h3 a", "a", "meta", "told", "number", "axis", "foot")


@cache
def colors(sheet: str, wanted: str) -> dict[str, str]:
    """Return the colors that a style sheet gives, by selector."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    found = {}
    for selectors, declarations in rules:
        color = re.search(rf"(?:^|[;\s]){wanted}: (#[0-9a-f]{{6}})", declarations)
        for selector in selectors.split(",") if color else ():
            found[selector.strip().lstrip(".")] = color[1] if color else ""
    return found


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors as WCAG defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("sheet", ["style.css", "kept.css"])
def test_words_stand_out_in_the_light_and_in_the_dark(sheet: str) -> None:
    words, grounds = colors(STYLES[sheet], "color"), colors(STYLES[sheet], "background")
    for name in ON_THE_CARD:
        assert contrast(words[name], grounds["card"]) >= 4.5, name
    assert contrast(words["note p"], grounds["note"]) >= 4.5
    for bar in ("bar", "now"):
        assert contrast(grounds[bar], grounds["card"]) >= 3
