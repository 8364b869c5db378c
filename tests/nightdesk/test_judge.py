"""Judging without a newsroom: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.day import the_day
from tests.nightdesk.calling import Answer, call

WATCHLISTS = Path(__file__).parents[2] / "config" / "starter" / "watchlists"
PAGE = """<html lang="en"><head><title>Dam lowered | Valley Courier</title>
<meta property="article:published_time" content="2026-03-18T11:58:00-06:00"></head>
<body><article><h1>Dam lowered</h1>
<p>Engineers lowered the gates of the Coldwater dam on Tuesday after a crack was found in its wall.</p>
<p>The lake behind the dam will fall by nine feet before the end of the week, the water district said.</p>
<p>Three campgrounds along the shore were closed and some 140 visitors were asked to leave their tents.</p>
</article></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Valley Courier</title>
<item><title>Dam lowered</title><link>https://valley.test/dam?utm_source=rss</link><guid>dam-1</guid>
<pubDate>Wed, 18 Mar 2026 11:58:00 -0600</pubDate><description>The gates are open.</description></item>
</channel></rss>"""


@pytest.fixture
def ask(tmp_path: Path) -> Any:  # noqa: ANN401 - a function with any options
    """Give a function that puts rows in a file and asks the judge about them."""

    def asked(
        what: str, *rows: object, options: tuple[object, ...] = ()
    ) -> tuple[Answer, list[dict[str, Any]]]:
        file = tmp_path / "rows.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        answer = call("judge", what, *options, file)
        return answer, [json.loads(line) for line in answer.out.splitlines()]

    return asked


def a_row(label: str, at: int) -> dict[str, Any]:
    """Return an article of the invented day as a row."""
    printed = the_day().told(label)[at]
    return {
        "id": f"{label}-{at}",
        "title": printed.title,
        "text": "\n".join(printed.paragraphs),
        "url": f"https://{printed.outlet}.test/{printed.slug}",
        "source": printed.outlet,
        "date": printed.at.isoformat(),
    }


def test_stories_are_numbered_and_say_what_they_share_and_what_is_new(ask: Any) -> None:  # noqa: ANN401
    answer, (first, second, other) = ask("stories", a_row("S1", 0), a_row("S1", 1), a_row("S5", 0))
    assert answer.code == 0
    assert (first["new"], second["new"], other["new"]) == (True, False, True)
    assert first["story"] == second["story"] != other["story"]
    assert {each["with"] for each in second["shared"]} == {"S1-0"}
    assert all(each["sentence"] in a_row("S1", 1)["text"] for each in second["shared"])
    assert all(sentence in a_row("S1", 1)["text"] for sentence in second["whats_new"])
    assert second["whats_new"]


@pytest.mark.parametrize("date", ["2026-03-18", "2026-03-18T12:02:00-06:00", None])
def test_a_date_may_be_a_day_a_minute_or_missing(ask: Any, date: str | None) -> None:  # noqa: ANN401
    _, (first, second) = ask("stories", a_row("S3", 0) | {"date": date}, a_row("S3", 1) | {"date": date})
    assert first["story"] == second["story"]


def test_an_article_without_a_date_is_as_late_as_the_one_before_it(ask: Any) -> None:  # noqa: ANN401
    _, rows = ask("stories", a_row("S2", 0), a_row("S3", 0), a_row("S3", 1) | {"date": None})
    assert rows[1]["story"] == rows[2]["story"] != rows[0]["story"]


def test_the_same_text_a_month_later_is_another_story(ask: Any) -> None:  # noqa: ANN401
    _, (first, second) = ask("stories", a_row("S3", 0), a_row("S3", 1) | {"date": "2026-04-20"})
    assert first["story"] != second["story"]


def test_a_match_says_which_words_stand_where_and_what_the_article_is_about(ask: Any) -> None:  # noqa: ANN401
    row, miss = a_row("S1", 0), {"id": 7, "title": "Elephant sanctuary welcomes two"}
    answer, (hit, nothing) = ask("match", row, miss, options=("--watchlists", WATCHLISTS))
    assert answer.code == 0
    (match,) = hit["matches"]
    assert (match["watchlist"], match["grade"]) == ("sanctuary-cities", "about")
    for each in match["evidence"]:
        field = row["title"] if each["field"] == "title" else row["text"]
        assert each["words"] == field[each["start"] : each["end"]]
    assert nothing == {"id": 7, "matches": []}


def test_addresses_come_back_in_their_one_form(ask: Any) -> None:  # noqa: ANN401
    url = "https://valley.test/dam?utm_source=rss&id=4"
    _, rows = ask("urls", {"url": url})
    assert rows == [{"url": url, "canonical": "https://valley.test/dam?id=4"}]


def test_a_bad_line_is_told_by_its_number_and_stops_nothing(ask: Any) -> None:  # noqa: ANN401
    bad = ["{broken", "[1, 2]", {"title": "no id"}, {"id": 1, "title": 7}, {"id": 2, "date": "yesterday"}]
    answer, rows = ask("stories", a_row("S1", 0), *bad, "", a_row("S1", 1))
    assert answer.code == 1
    assert [row["id"] for row in rows] == ["S1-0", "S1-1"]
    assert answer.err.splitlines() == [
        "error: line 2: this line is no JSON",
        "error: line 3: this line is no JSON object",
        "error: line 4: there is no id",
        "error: line 5: title is not text",
        "error: line 6: date 'yesterday' is no date; write 2026-03-18, or 2026-03-18T12:02:00Z",
    ]


def test_bytes_that_are_no_text_are_the_fault_of_their_line_alone(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": 1}\n{"id": "\xff"}\n{"id": "\\ud800"}\n')
    answer = call("judge", "stories", file)
    assert (answer.code, answer.err) == (1, "error: line 2: this line is not UTF-8\n")
    assert [json.loads(line)["id"] for line in answer.out.splitlines()] == [1, "\ud800"]


def test_a_folder_without_watchlists_is_told(ask: Any, tmp_path: Path) -> None:  # noqa: ANN401
    answer, rows = ask("match", {"id": 1}, options=("--watchlists", tmp_path))
    assert (answer.code, rows) == (1, [])
    assert f"there is no watchlist in {tmp_path}" in answer.err


def test_a_saved_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    answer = call("judge", "read", "--url", "https://valley.test/dam?utm_source=x", tmp_path / "page.html")
    page = json.loads(answer.out)
    assert answer.code == 0
    assert set(page) == {"title", "text", "authors", "published", "canonical", "lang"}
    assert page["title"] == "Dam lowered"
    assert "some 140 visitors" in page["text"]
    assert page["published"] == "2026-03-18T17:58:00+00:00"
    assert page["canonical"] == "https://valley.test/dam"


def test_a_saved_feed_is_read_entry_by_entry(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    answer = call("judge", "feed", tmp_path / "feed.xml")
    assert answer.code == 0
    assert json.loads(answer.out) == {
        "id": "dam-1",
        "title": "Dam lowered",
        "link": "https://valley.test/dam?utm_source=rss",
        "published": "2026-03-18T17:58:00+00:00",
        "summary": "The gates are open.",
    }


def test_the_judge_is_not_in_the_help_but_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    call("--help")
    assert "judge" not in capsys.readouterr().out
    call("judge", "--help")
    assert "stories" in capsys.readouterr().out
