"""Are people, holidays and ways out with names read, and their secrets from elsewhere?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.load import load
from config.settings import Holiday, Settings
from tests.config.folders import MAIN, SECRETS, a_folder, told

PEOPLE = """\
readers:
  - {id: night-editor, slack: D04NIGHTED, email: night@newsroom.test, timezone: America/New_York}
  - {id: chief, email: chief@newsroom.test}
holidays: ["2026-12-24 to 2026-12-26", "2027-01-01"]
"""
WAYS = """\
  webhooks:
    - {name: cms, url: "${CMS_URL}", secret: "${CMS_SECRET}"}
  others:
    - {name: teams, url: "${TEAMS_URL}"}
"""
TO_PEOPLE = """\
name: County jail
match: [county jail]
deliver:
  - {to: "reader:night-editor"}
  - {to: "reader:night-editor", send: digest, at: "daily 06:30"}
  - {to: "reader:chief"}
"""
NAMED = (
    'name: County jail\nmatch: [county jail]\ndeliver:\n  - {to: "webhook:cms"}\n  - {to: "other:teams"}\n'
)


def loaded(tmp_path: Path, main: str, watchlist: str, **secrets: str) -> Settings:
    return load(a_folder(tmp_path, main=main, watchlist=watchlist), SECRETS | secrets)


def with_ways(main: str) -> str:
    return main.replace("channels:\n", "channels:\n" + WAYS, 1)


def test_a_reader_hears_at_once_in_slack_and_in_a_digest_by_mail(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MAIN + PEOPLE, TO_PEOPLE)
    (watchlist,) = settings.watchlists
    assert [rule.to for rule in watchlist.deliver] == [
        "slack:D04NIGHTED",
        "email:night@newsroom.test",
        "email:chief@newsroom.test",
    ]


def test_a_reader_has_a_clock_of_his_own(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MAIN + PEOPLE, TO_PEOPLE)
    assert settings.zone_of("email:night@newsroom.test") == "America/New_York"
    assert settings.as_read_at("slack:D04NIGHTED").timezone == "America/New_York"
    assert settings.zone_of("email:chief@newsroom.test") == settings.timezone
    assert settings.as_read_at("slack:#immigration-desk") is settings


def test_holidays_are_dates_both_included(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MAIN + PEOPLE, TO_PEOPLE)
    assert settings.holidays[0] == Holiday(first=date(2026, 12, 24), last=date(2026, 12, 26))
    days = [date(2026, 12, day) for day in (23, 24, 26, 27)]
    assert [settings.is_holiday(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("holidays: [Christmas]\n", '"Christmas" is not a date'),
        ('holidays: ["2026-02-30"]\n', '"2026-02-30" is no date'),
        ('holidays: ["2026-12-26 to 2026-12-24"]\n', "is no date, and no span of at most 31 days"),
        ("readers: [{id: chief}]\n", "this reader can be reached nowhere"),
        ("readers: [{id: a, email: a@b.test}, {id: a, email: c@d.test}]\n", 'there are two readers "a"'),
        ("readers: [{id: a, email: a@b.test, timezone: Denver}]\n", '"Denver" is not a time zone'),
    ],
)
def test_each_mistake_about_people_and_dates_is_told(tmp_path: Path, lines: str, said: str) -> None:
    assert any(said in line for line in told(tmp_path, main=MAIN + lines))


def test_a_reader_that_nobody_named_is_a_mistake_that_names_the_others(tmp_path: Path) -> None:
    lines = told(tmp_path, main=MAIN + PEOPLE, watchlist=TO_PEOPLE.replace("reader:chief", "reader:boss"))
    assert any(
        "names no reader:boss under readers: | reader:chief, or reader:night-editor" in line for line in lines
    )


def test_webhooks_and_others_have_names_and_their_secrets_stand_elsewhere(tmp_path: Path) -> None:
    secrets = {"CMS_URL": "https://cms.test/hook", "CMS_SECRET": "s3cret", "TEAMS_URL": "msteams://a/b"}
    settings = loaded(tmp_path, with_ways(MAIN), NAMED, **secrets)
    cms = settings.channels.webhooks["cms"]
    assert (cms.url.reveal(), cms.secret.reveal()) == ("https://cms.test/hook", "s3cret")
    assert settings.channels.others["teams"].reveal() == "msteams://a/b"
    assert "s3cret" not in repr(settings)


def test_a_webhook_whose_secret_is_not_set_waits_and_says_so(tmp_path: Path) -> None:
    settings = loaded(tmp_path, with_ways(MAIN), NAMED, CMS_URL="https://cms.test/hook")
    said = {each.what for each in settings.not_set_up}
    assert "webhook:cms is not set up: CMS_SECRET is not set" in said
    assert "other:teams is not set up: TEAMS_URL is not set" in said


@pytest.mark.parametrize("written", ["http://cms.test/hook", "ftp://cms.test", "nonsense"])
def test_a_webhook_is_never_told_unprotected(tmp_path: Path, written: str) -> None:
    main = with_ways(MAIN)
    lines = told(tmp_path, main=main, environment=SECRETS | {"CMS_URL": written, "CMS_SECRET": "x"})
    assert any("this is not set to an https:// address" in line for line in lines)


def test_a_secret_that_is_written_out_is_an_error_that_does_not_show_it(tmp_path: Path) -> None:
    main = with_ways(MAIN).replace("${CMS_SECRET}", "hunter2hunter2")
    lines = told(tmp_path, main=main)
    assert any("a secret never stands in a file" in line and "${CMS_SECRET}" in line for line in lines)
    assert not any("hunter2" in line for line in lines)
