"""Is a notice that something must not be published yet told from news about embargoes, and its hour read?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.embargo import Embargo, embargo_of
from news.stated_times import stated_time
from tests.nouns import DAY, NOON, an_article

ELLERY = "America/Denver"
#: Each said on Wednesday March 18 2026 at noon in Port Ellery; the moment is in UTC.
NOTICES = {
    "EMBARGOED UNTIL 6 a.m. ET Thursday": "19 10:00",
    "*** STRICTLY EMBARGOED until 0001 GMT 20 March ***": "20 00:01",
    "UNDER STRICT EMBARGO UNTIL 00:01 ON FRIDAY 20 MARCH": "20 06:01",
    "Embargoed for release until 20/03/2026 00:01": "20 06:01",
    "This press release is embargoed until 10 a.m. tomorrow": "19 16:00",
    "EMBARGO: Thursday, March 19, 2026 at 6:00 a.m.": "19 12:00",
    "Embargo: 19 March 2026, 06:00": "19 12:00",
    "Embargo date: 2026-03-20T06:00": "20 12:00",
    "Embargo until 12 noon on Friday": "20 18:00",
    "Embargo lifts 6pm": "19 00:00",
    "Embargoed until midnight": "19 06:00",
    "Under embargo until March 19, 12:01 a.m. EDT": "19 04:01",
    "HOLD FOR RELEASE Thursday 5 a.m.": "19 11:00",
    "not for publication before 12:01 a.m. Friday": "20 06:01",
    "Sperrfrist: 19. März 2026, 18 Uhr": "20 00:00",
    "Sperrfrist bis Donnerstag, 18.00 Uhr": "20 00:00",
    "Embargado hasta el 20 de marzo a las 9:00 horas": "20 15:00",
    "Sous embargo jusqu'au 19 mars 2026 à 18h00": "20 00:00",
    "EMBARGOED UNTIL FURTHER NOTICE": None,
    "Not for release before the trial ends": None,
    "[EMBARGOED] Council names auditor": None,
    "EMBARGO": None,
}
NEWS = (
    "Trade embargo tightened", "Oil embargo: talks on 19 March", "UN arms embargo expires Thursday",
    "Embargo: what the ban on trade means", "Embargo: 60 years of isolation", "Embargoed: how Cuba got by",
    "Embargo until reforms pass, senators say", "Embargo ends on Cuban sugar on 20 March",
    "Embargo: Thursday's vote explained", "Embargoed goods seized at port", "Under embargo, Cuba turns east",
    "The report, embargoed until Thursday, was leaked", "FOR IMMEDIATE RELEASE", "EMBARGO ON OIL",
    "Sperrfrist beim Arbeitslosengeld: was ab Donnerstag gilt", "Gesperrt bis Freitag: die Hafenbrücke",
)  # fmt: skip


def _embargo(line: str, text: str = "The council met.", *, now: datetime = NOON) -> Embargo | None:
    return embargo_of(an_article(line, text=text), now=now, zone=ELLERY)


@pytest.mark.parametrize("line", NOTICES)
def test_a_notice_holds_an_item_until_the_hour_that_it_states(line: str) -> None:
    said = NOTICES[line]
    until = datetime.strptime(f"2026-03-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) if said else None
    assert _embargo(line) == Embargo(words=line, until=until)
    above_the_news = an_article(text=f"City of Port Ellery\n{line}\nThe council named an auditor.")
    assert embargo_of(above_the_news, now=NOON, zone=ELLERY) == Embargo(words=line, until=until)
    if until:
        assert _embargo(line, now=until) is None


@pytest.mark.parametrize("line", NEWS)
def test_news_of_an_embargo_is_not_under_one(line: str) -> None:
    assert _embargo(line) is None
    assert _embargo("Port news", line) is None


def test_a_notice_far_down_is_part_of_the_news() -> None:
    paragraphs = "\n".join(["The council met."] * 7)
    assert _embargo("Council met", f"{paragraphs}\nEMBARGOED UNTIL Thursday") is None


def test_the_headline_may_carry_the_notice_behind_it() -> None:
    found = _embargo("Jail audit (embargoed until Thursday 6 am)")
    assert found is not None
    assert found.until == datetime(2026, 3, 19, 12, tzinfo=UTC)


def test_an_hour_that_is_months_away_is_left_to_a_person() -> None:
    assert _embargo("EMBARGOED UNTIL 1 May 2062") == Embargo(words="EMBARGOED UNTIL 1 May 2062", until=None)


def test_an_hour_counts_from_when_the_item_was_written() -> None:
    written = an_article("EMBARGOED UNTIL Thursday 6 a.m.", published=NOON - DAY)
    found = embargo_of(written, now=NOON + timedelta(hours=2), zone=ELLERY)
    assert found is not None
    assert found.until == datetime(2026, 3, 19, 12, tzinfo=UTC)


def test_a_date_that_reads_two_ways_is_the_later_one() -> None:
    assert stated_time("04/05/2026", near=NOON, zone="UTC") == datetime(2026, 5, 4, tzinfo=UTC)
    assert stated_time("on 31 February or in 2026", near=NOON, zone="UTC") is None


@given(
    st.text(max_size=80), st.sampled_from(["EMBARGOED UNTIL ", "Embargo: ", "Sperrfrist ", "", "(embargoed "])
)
def test_whatever_a_line_holds_an_answer_comes(text: str, notice: str) -> None:
    for found in (_embargo(f"{notice}{text}"), _embargo("News", f"{notice}{text}")):
        assert found is None or found.until is None or found.until > NOON
