"""Does a newsroom get a folder that works, once?"""

from __future__ import annotations

from pathlib import Path

import pytest

from config.install import Answers, filled_in, install_starter, write_schemas
from config.load import load, read
from news.errors import ConfigError
from tests.config.folders import line_of

METRO = Answers(
    newsroom="Metro Desk: night",
    timezone="America/Denver",
    slack="#immigration-desk",
    email="desk@newsroom.test",
)


def test_the_starter_as_it_ships_has_no_error_and_no_warning(tmp_path: Path) -> None:
    install_starter(tmp_path, Answers())
    loaded = read(tmp_path, {})
    assert [line_of(problem) for problem in loaded.problems] == []
    assert loaded.settings is not None
    assert {rule.to for watchlist in loaded.settings.watchlists for rule in watchlist.deliver} == {"console:"}


def test_the_answers_stand_in_the_newsrooms_folder(tmp_path: Path) -> None:
    install_starter(tmp_path / "newsroom", METRO)
    settings = load(tmp_path / "newsroom", {})
    assert (settings.newsroom, settings.timezone) == ("Metro Desk: night", "America/Denver")
    assert (settings.desk_at_once, settings.desk_digest) == (
        "slack:#immigration-desk",
        "email:desk@newsroom.test",
    )
    assert settings.fetch.user_agent == "Nightdesk (desk@newsroom.test)"
    assert len(settings.sources) == 64
    assert len(settings.watchlists) == 1


def test_the_beat_counts_what_is_on_off_and_only_names_feeds(tmp_path: Path) -> None:
    install_starter(tmp_path, Answers())
    states = {file.path: file.state for file in read(tmp_path, {}).files}
    assert states["sources/sanctuary-beat.yaml"] == "ok, 57 sources on, 6 off, 1 not read yet"


def test_a_file_for_secrets_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    written = install_starter(tmp_path, METRO)
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert ".env" in written
    assert written[-1] == "nightdesk.yaml"


def test_a_newsroom_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    install_starter(tmp_path, METRO)
    (tmp_path / "nightdesk.yaml").write_text("# ours\n")
    with pytest.raises(ConfigError, match="already; nothing was written"):
        install_starter(tmp_path, METRO)
    assert (tmp_path / "nightdesk.yaml").read_text() == "# ours\n"


def test_a_start_that_was_cut_short_is_completed_and_keeps_what_was_changed(tmp_path: Path) -> None:
    install_starter(tmp_path, METRO)
    (tmp_path / "nightdesk.yaml").unlink()
    (tmp_path / "sources" / "sanctuary-beat.yaml").write_text("sources: []\n")
    assert install_starter(tmp_path, METRO) == ("nightdesk.yaml",)
    assert (tmp_path / "sources" / "sanctuary-beat.yaml").read_text() == "sources: []\n"


def test_an_empty_start_has_folders_and_no_beat(tmp_path: Path) -> None:
    install_starter(tmp_path, Answers(with_beat=False))
    assert sorted(path.name for path in (tmp_path / "sources").iterdir()) == []
    assert (tmp_path / "watchlists").is_dir()
    assert read(tmp_path, {}).settings is not None


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (Answers(timezone="Denver"), "is not a time zone; write America/Denver"),
        (Answers(email="desk@example.com"), "example.com is nobody's mailbox"),
        (Answers(email="nobody"), "is not a place to send to"),
        (Answers(slack="two words"), "is not a place to send to"),
        (Answers(newsroom=""), "nothing is written here"),
        (Answers(newsroom="a\nb"), "one line"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_before_anything_is_written(
    tmp_path: Path, answers: Answers, why: str
) -> None:
    with pytest.raises(ConfigError, match=why):
        install_starter(tmp_path / "newsroom", answers)
    assert not (tmp_path / "newsroom").exists()


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="nothing can be written in"):
        install_starter(tmp_path / "file" / "newsroom", METRO)


def test_the_pages_for_editors_are_written_over_older_ones(tmp_path: Path) -> None:
    install_starter(tmp_path, METRO)
    page = tmp_path / ".schema" / "watchlist.schema.json"
    page.write_text("{}")
    write_schemas(tmp_path)
    assert "Nightdesk" in page.read_text() or "$schema" in page.read_text()


def test_every_comment_of_the_starter_survives_the_answers() -> None:
    before = [line.partition("#")[2] for line in filled_in(Answers()).splitlines()]
    after = [line.partition("# ")[2] for line in filled_in(METRO).splitlines()]
    assert sum(1 for comment in after if comment) >= sum(1 for comment in before if comment) - 1
