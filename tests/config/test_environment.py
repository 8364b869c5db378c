"""Where do secrets come from, and are they ever shown?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.load import Loaded, load, read
from config.settings import Settings
from tests.config.folders import MAIN, SECRETS, SOURCES, WATCHLIST, a_folder, told

TOKEN = "xoxb-the-bots-own-token"
NO_SECRETS: dict[str, str] = {}


def slack_token(settings: Settings) -> str:
    token = settings.channels.slack.token
    return token.reveal() if token else "none"


def test_a_secret_comes_from_the_environment(tmp_path: Path) -> None:
    assert slack_token(load(a_folder(tmp_path), {"SLACK_BOT_TOKEN": TOKEN})) == TOKEN


def test_a_secret_comes_from_the_file_beside_the_settings(tmp_path: Path) -> None:
    env = f"# our own\nexport SLACK_BOT_TOKEN='{TOKEN}'\r\nEMPTY=\n"
    env += "SMTP_URL = smtp://a:b@mail.test:25 # the relay\n"
    settings = load(a_folder(tmp_path, env=env), NO_SECRETS)
    assert slack_token(settings) == TOKEN
    assert settings.channels.email.smtp is not None
    assert settings.channels.email.smtp.reveal() == "smtp://a:b@mail.test:25"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, env="SLACK_BOT_TOKEN=xoxb-old\n")
    assert slack_token(load(folder, {"SLACK_BOT_TOKEN": TOKEN})) == TOKEN
    assert slack_token(load(folder, {"SLACK_BOT_TOKEN": ""})) == "xoxb-old"


@pytest.mark.parametrize("in_env_file", [True, False])
def test_a_secret_comes_from_a_file_that_is_named(tmp_path: Path, in_env_file: bool) -> None:
    (tmp_path / "slack").write_text(f"{TOKEN}\n")
    name = "slack" if in_env_file else str(tmp_path / "slack")
    folder = a_folder(tmp_path, env=f"SLACK_BOT_TOKEN_FILE={name}\n" if in_env_file else "")
    environment = NO_SECRETS if in_env_file else {"SLACK_BOT_TOKEN_FILE": name}
    assert slack_token(load(folder, environment)) == TOKEN


def test_a_file_of_a_secret_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    environment = SECRETS | {"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": str(tmp_path / "nowhere")}
    assert told(tmp_path, environment) == [
        (
            'nightdesk.yaml:5 «"${SLACK_BOT_TOKEN}"» '
            "the file that SLACK_BOT_TOKEN_FILE names cannot be read | "
            "the path of a file that Nightdesk may read as SLACK_BOT_TOKEN_FILE"
        )
    ]


def test_a_secret_that_is_not_set_is_no_error_but_is_said(tmp_path: Path) -> None:
    settings = load(a_folder(tmp_path), NO_SECRETS)
    assert [(one.kind, one.what) for one in settings.not_set_up] == [
        ("slack", "Slack is not set up: SLACK_BOT_TOKEN is not set"),
        ("email", "Email is not set up: SMTP_URL is not set"),
    ]
    assert settings.not_set_up[0].how == f"write SLACK_BOT_TOKEN=… in {tmp_path / '.env'}"


def test_a_channel_that_is_not_declared_is_not_missed(tmp_path: Path) -> None:
    main = 'newsroom: {name: M, timezone: UTC}\ndesk: {at_once: ""}\n'
    settings = load(a_folder(tmp_path, main=main), NO_SECRETS)
    assert {one.kind for one in settings.not_set_up} == {"desk"}


LITERAL = "a secret never stands in a file"
LITERALS = {
    "token: xoxb-1234-abcd": f"{LITERAL} | ${{SLACK_BOT_TOKEN}} here, and its value in .env",
    "token: hunter2hunter2": f"{LITERAL} | ${{SLACK_BOT_TOKEN}} here, and its value in .env",
    "token: SLACK_BOT_TOKEN": "this is the word SLACK_BOT_TOKEN, not its value | ${SLACK_BOT_TOKEN}",
    "webhook: https://hooks.slack.com/services/T1/B2/abc": "a secret never stands in a file | "
    "${SLACK_WEBHOOK_URL} here, and its value in .env",
}


@pytest.mark.parametrize("setting", LITERALS)
def test_a_secret_in_the_file_is_an_error_that_does_not_show_it(tmp_path: Path, setting: str) -> None:
    main = MAIN.replace('slack: {token: "${SLACK_BOT_TOKEN}"}', f"slack: {{{setting}}}")
    (line,) = told(tmp_path, main=main)
    assert line.partition("» ")[2] == LITERALS[setting]
    value = setting.partition(": ")[2]
    assert value not in line.partition("» ")[0] or value == "SLACK_BOT_TOKEN"


def test_a_token_in_a_comment_or_in_another_file_is_an_error_too(tmp_path: Path) -> None:
    lines = told(tmp_path, sources=f"# {TOKEN}\n{SOURCES}", watchlist=f"{WATCHLIST}about: {TOKEN}\n")
    assert [line.partition(" ")[0] for line in lines] == [
        "sources/ellery.yaml:1",
        "watchlists/sanctuary-cities.yaml:4",
    ]
    assert not any(TOKEN in line for line in lines)


def test_no_other_problem_of_the_file_shows_the_secret_either(tmp_path: Path) -> None:
    """A misspelled name beside it, a second one, and a file that cannot be read at all."""
    for slack in (
        "{token: hunter2hunter2, tokn: swordfish9}",
        "{token: hunter2hunter2",
        "{token: hunter2: hunter2}",
    ):
        main = MAIN.replace('{token: "${SLACK_BOT_TOKEN}"}', slack)
        problems = read(a_folder(tmp_path, main=main), SECRETS).problems
        assert problems
        for problem in problems:
            shown = problem.what + problem.write + problem.text
            assert "hunter2" not in shown
            assert "swordfish9" not in shown


@pytest.mark.parametrize(
    "address", ["mail.test:587", "http://mail.test", "smtp:desk", "smtp://u:pa#ss@mail.test:587"]
)
def test_a_mail_server_that_is_none_is_told_without_its_value(tmp_path: Path, address: str) -> None:
    (line,) = told(tmp_path, SECRETS | {"SMTP_URL": address})
    assert line.startswith(
        'nightdesk.yaml:6 «"${SMTP_URL}"» this is not set to the address of a mail server | smtp://'
    )
    assert address not in line


def test_mail_is_from_the_desk_unless_somebody_is_named(tmp_path: Path) -> None:
    assert load(a_folder(tmp_path), SECRETS).channels.email.sender == "metro-desk@newsroom.test"
    main = MAIN.replace("{smtp: ", '{from: "Nightdesk <nd@newsroom.test>", smtp: ')
    assert (
        load(a_folder(tmp_path, main=main), SECRETS).channels.email.sender == "Nightdesk <nd@newsroom.test>"
    )
    nobody = MAIN.replace("email:metro-desk@newsroom.test", "slack:#digest")
    (line,) = told(tmp_path, main=nobody)
    assert "nobody is named whom mail is from" in line


def test_a_mail_server_without_a_password_may_stand_in_the_file(tmp_path: Path) -> None:
    main = MAIN.replace('"${SMTP_URL}"', '"smtp+plain://127.0.0.1:2525"')
    smtp = load(a_folder(tmp_path, main=main), SECRETS).channels.email.smtp
    assert smtp is not None
    assert smtp.reveal() == "smtp+plain://127.0.0.1:2525"


def test_a_line_of_the_secrets_file_without_a_name_is_told_and_never_shown(tmp_path: Path) -> None:
    loaded = read(a_folder(tmp_path, env=f"SMTP_URL=smtp://a:b@c.test:1\n\n{TOKEN}\n"), SECRETS)
    (problem,) = loaded.problems
    assert (problem.where, problem.what, problem.text) == (".env:3:1", "this line has no name", "")
    assert loaded.files[-1].path == ".env"


def test_the_database_is_a_file_beside_the_settings_unless_one_is_named(tmp_path: Path) -> None:
    def database(main: str, environment: dict[str, str]) -> str:
        return load(a_folder(tmp_path, main=main), SECRETS | environment).database.reveal()

    beside = f"sqlite:///{tmp_path / 'data' / 'nightdesk.db'}"
    named = MAIN + "database: ${DATABASE_URL}\n"
    assert database(MAIN, {}) == beside
    assert database(named, {}) == beside
    assert database(named, {"DATABASE_URL": "postgres://u:p@h/d"}) == "postgresql+psycopg://u:p@h/d"
    assert database(named, {"DATABASE_URL": "postgresql+psycopg://h/d"}) == "postgresql+psycopg://h/d"
    assert database(MAIN + "database: sqlite:////tmp/nd.db\n", {}) == "sqlite:////tmp/nd.db"


def everything_shown(loaded: Loaded) -> str:
    return repr(loaded) + json.dumps([str(problem) for problem in loaded.problems])


def test_settings_never_show_a_secret(tmp_path: Path) -> None:
    shown = everything_shown(read(a_folder(tmp_path), SECRETS))
    assert "xoxb" not in shown
    assert "desk:pass" not in shown
