"""Lists of feeds come in and go out whole; every line that cannot be taken over is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from config.load import load
from crawler.reading.outlines import read_outlines_bytes
from news.nouns import Priority, Source
from news.source_rules import JsonRule, ListRule, SpiderRule, WatchRule
from nightdesk.source_lists import _lines, _row, as_csv, as_opml, taken_over
from nightdesk.source_shelf import Shelf
from tests.nightdesk.desk import Desk

OPML = """<?xml version="1.0"?>
<opml version="1.0"><body>
<outline text="Courts &amp; jails">
<outline text="Harbor Post" type="rss" xmlUrl="https://harborpost.test/feed" htmlUrl="https://harborpost.test/"/>
<outline text="Channel 4 again" xmlUrl="http://www.channel4.test/feed/"/>
<outline text="No address" type="rss"/>
<outline text="Bare & ampersand" xmlUrl="https://valley.test/rss?c=news"/>
</outline>
<outline text="Harbor Post" xmlUrl="https://harborpost.test/feed"/>
<outline text="Odd" xmlUrl="javascript:alert(1)"/>
</body></opml>
"""


def all_sources(desk: Desk) -> tuple[Source, ...]:
    return load(desk.folder, desk.environment).sources


def test_an_opml_file_is_taken_over_with_its_folders_and_every_other_line_is_told(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "Feeds 2026.opml"
    file.write_text(OPML, encoding="utf-8")
    before = all_sources(desk)
    assert "2 sources taken over" in desk("sources", "import", str(file), "--dry-run").err
    assert all_sources(desk) == before
    ran = desk("sources", "import", str(file))
    assert ran.code == 1
    added = all_sources(desk)[: -len(before)]
    assert [(source.id, source.name, source.url, source.group) for source in added] == [
        ("harbor-post", "Harbor Post", "https://harborpost.test/feed", "courts-jails"),
        ("bare-ampersand", "Bare & ampersand", "https://valley.test/rss?c=news", "courts-jails"),
    ]
    said = " ".join(ran.err.split())
    assert "5: http://www.channel4.test/feed/ is there already, as channel4" in said
    assert "6: No address: has no address of a feed (xmlUrl)" in said
    assert "9: https://harborpost.test/feed stands twice in this file, as harbor-post too" in said
    assert '10: Odd: "javascript:alert(1)" is not a web address' in said
    assert "2 sources taken over, 2 there already, 2 with an error" in said
    assert "feeds-2026.yaml" in said


def test_what_was_exported_comes_back_whole_as_opml_and_as_csv(desk: Desk, tmp_path: Path) -> None:
    lines = [
        {
            "id": "a",
            "name": "=SUM(A) & Sons",
            "url": "https://a.test/feed",
            "group": "local",
            "kind": "release",
            "browser": True,
            "evidence": "the outlet's own page of feeds, March 2026",
            "note": "-ask the desk before it is switched off",
        },
        {"id": "b", "name": "B", "url": "https://b.test/", "as": "page-list", "list": {"links": "main h2 a"}},
        {
            "id": "c",
            "name": "C",
            "url": "https://c.test/",
            "as": "json",
            "json": {"title": "t", "link": "u", "pages": 2},
        },
        {
            "id": "d",
            "name": "D",
            "url": "https://d.test/",
            "backup": ["https://e.test/"],
            "enabled": False,
            "priority": "low",
        },
    ]
    desk.write("sources/local.yaml", {"sources": lines})
    before = all_sources(desk)
    for form in ("opml", "csv"):
        desk.write("sources/local.yaml", {"sources": lines})
        file = tmp_path / f"out.{form}"
        file.write_text(desk("sources", "export", "--format", form).out, encoding="utf-8")
        desk.write("sources/local.yaml", {"sources": []})
        ran = desk("sources", "import", str(file))
        assert ran.code == 0, ran.err
        assert all_sources(desk) == before
        for made in (desk.folder / "sources").glob("out*.yaml"):
            made.unlink()


def test_a_csv_of_a_spreadsheet_is_taken_over_and_its_mistakes_are_told_by_line(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    rows = [
        "Title;Feed URL;kind",
        "Harbor Post;https://harborpost.test/feed;",
        ";https://valley.test/rss;nws",
        "",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    ran = desk("sources", "import", str(file))
    assert ran.code == 1
    assert '3: "nws" is not a kind of source' in " ".join(ran.err.split())
    assert any(source.id == "harbor-post" for source in all_sources(desk))
    file.write_text("nothing, of, use\n1,2,3\n", encoding="utf-8")
    assert 'is neither OPML nor a CSV with a column "url"' in desk("sources", "import", str(file)).err


def test_the_days_of_each_source_are_drawn_against_its_own_best_day(desk: Desk) -> None:
    for title in ("Mayor skips capital meeting", "Council calls a session"):
        desk.files(title)
        desk.watches()
    desk.files("Ferry fares to rise", source_id="coast", text="Nothing of the beat.")
    lines = desk("sources", "stats", "--days", "3").lines
    assert lines[0].split() == ["source", "matched", "articles", "a", "day", "3", "days", "until", "today"]
    assert lines[1].split()[-5:] == ["Ellery", "2", "2", "0.7", "··█"]
    assert lines[2].split()[-4:] == ["0", "1", "0.3", "··█"]
    assert lines[3].split()[-4:] == ["0", "0", "0.0", "···"]
    (record, *_) = desk("sources", "stats", "--json", "--days", "2").records
    assert (record["articles"], record["matched"], list(record["days"].values())) == (2, 2, [0, 2])


#: What stands in a file on one line, as somebody may write it.
A_LINE = st.text("aÉñ7 =+-@'\"<&>;,|{}[]#:%\\~!?*", max_size=12).map(lambda text: " ".join(text.split()))
RULES = st.sampled_from(
    [
        ("feed", None),
        ("page-list", ListRule(links="main h2 a", addresses="/news/*")),
        ("page-watch", WatchRule(part="#notices", without=(".counter", "aside"))),
        ("json", JsonRule(items="data.items", title="t", link="https://a.test/{id}", pages=3)),
        ("spider", SpiderRule(spider="harbor_notices")),
    ]
)


@st.composite
def a_source_of_any_kind(draw: st.DrawFn) -> Source:
    number, (reads, rule) = draw(st.integers(1, 10_000)), draw(RULES)
    own_pace = draw(st.booleans())
    return Source(
        id=f"source-{number}",
        # A title loses what looks like markup, wherever it comes from.
        name=draw(A_LINE.map(lambda text: text.replace("<", "").strip()).filter(bool)),
        url=f"https://outlet{number}.test/feed?a=1&b=2",
        reads=reads,
        rule=rule,
        kind=draw(st.sampled_from(["news", "agenda", "research"])),
        group=draw(st.sampled_from(["", "local", "alder-valley"])),
        priority=draw(st.sampled_from([Priority.LOW, Priority.NORMAL, Priority.HIGH])),
        language=draw(st.sampled_from([None, "es"])),
        full_text=draw(st.sampled_from(["always", "when matched", "never"])),
        excerpt=draw(st.sampled_from(["headline", "two_sentences"])),
        backup=draw(st.sampled_from([(), ("https://b.test/",), ("https://b.test/", "https://c.test/?x=1")])),
        every=timedelta(minutes=draw(st.sampled_from([5, 90, 1440])) if own_pace else 10),
        own_pace=own_pace,
        enabled=draw(st.booleans()),
        browser=draw(st.booleans()),
        evidence=draw(A_LINE),
        note=draw(A_LINE),
    )


@settings(max_examples=25)
@given(st.lists(a_source_of_any_kind(), unique_by=lambda each: each.id, max_size=4))
def test_every_setting_of_a_source_survives_a_list_of_ours(sources: list[Source]) -> None:
    shelf = Shelf(folder=Path("unused"), sources=())
    opml = read_outlines_bytes(as_opml(sources, "Metro Desk").encode())
    for rows in (list(map(_row, opml)), list(_lines(as_csv(sources, "").encode()))):
        taken = taken_over(rows, shelf)
        assert taken.told == []
        assert sorted(taken.sources, key=lambda each: each.id) == sorted(sources, key=lambda each: each.id)


def test_half_a_character_in_a_list_costs_that_character_alone() -> None:
    inside = "<outline text='A <![CDATA[' xmlUrl='https://a.test/f' htmlUrl='https://a&#xD800;.test/'/>"
    rows = [_row(each) for each in read_outlines_bytes(f"<opml><body>{inside}</body></opml>".encode())]
    assert [row.said["url"] for row in rows] == ["https://a.test/f"]
