"""Can a newsroom find its way: help, mistakes in typing, what is said when something fails?"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest

from config.install import Answers, install_starter
from news.errors import InUseError, SchemaTooNewError, SchemaTooOldError, StorageError
from nightdesk.__main__ import strange_rooms
from nightdesk.cli import failures, root
from nightdesk.cli.context import DEFAULT_FOLDER, Around, Call, TroubleError, call_of, command, group
from nightdesk.cli.printing import Printer, colored, columns
from tests.config.folders import a_folder
from tests.nightdesk.calling import call

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    *("scrapy", "twisted", "feedparser", "trafilatura", "lxml", "courlan", "tldextract", "numpy"),
    *("sqlalchemy", "slack_sdk", "aiohttp", "aiosmtplib", "jinja2", "apscheduler", "pydantic", "rich"),
}
#: What commands stand on, whatever they do: their CPU is held against that of importing it, in the same run,
#: so that a busy machine slows both. (`./do bench startup` has the seconds: at most .25.)
GROUND = "import click, ruamel.yaml, zoneinfo, hashlib, difflib, urllib.parse"
TIMES_THE_GROUND = {"--help": 1.6, "check": 3.4}
MOST_RUNS = 15


def test_help_lists_only_commands_that_are_there() -> None:
    lines = "\n".join(root._help_lines()).splitlines()
    assert lines[0] == "Watches news sources for your keywords and tells the right people, once,"
    assert "  check                Read the folder; say file, line and what to write instead" in lines
    assert lines[-1] == "Exit codes: 0 done, 1 trouble, 2 typed wrong."
    assert all(len(line) <= 80 for line in lines)
    assert not any("judge" in line for line in lines)


@pytest.mark.parametrize("name", root.root.list_commands(click.Context(root.root)))
def test_every_command_that_is_listed_has_help_of_its_own(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(name, "--help").code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: nightdesk {name}")
    assert len(told.splitlines()) > 3


def test_no_command_at_all_shows_the_help() -> None:
    answer = call()
    assert answer.code == 0
    assert answer.out.startswith("Watches news sources")


def test_a_misspelled_command_is_guessed() -> None:
    answer = call("chekc")
    assert answer.code == 2
    assert answer.err == 'error: there is no command "chekc"; did you mean check?\nNext: nightdesk --help\n'
    assert call("xyzzy").err.startswith('error: there is no command "xyzzy"\n')


def test_an_option_that_is_not_there_is_typed_wrong() -> None:
    answer = call("check", "--frce")
    assert answer.code == 2
    assert answer.last_line == "Next: nightdesk check --help"


def test_the_version_is_the_projects() -> None:
    assert call("--version").out == "nightdesk 0.1.0\n"


def test_options_stand_before_or_after_the_command(tmp_path: Path) -> None:
    a_folder(tmp_path)
    after = call("config", "path", "--config", tmp_path, "--json")
    before = call("--config", tmp_path, "--json", "config", "path")
    assert after.out == before.out == f'{{"folder": "{tmp_path}"}}\n'


def test_the_folder_is_the_one_typed_else_the_environments_else_the_usual(tmp_path: Path) -> None:
    environment = {"NIGHTDESK_CONFIG": str(tmp_path / "there")}
    assert call("config", "path", environment=environment).out == f"{tmp_path / 'there'}\n"
    assert call("config", "path", "--config", tmp_path, environment=environment).out == f"{tmp_path}\n"
    assert call("config", "path").out == f"{DEFAULT_FOLDER}\n"


# ── What is said when something fails ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TroubleError("no newsroom", then="nightdesk init"), ["error: no newsroom", "Next: nightdesk init"]),
        (InUseError("it runs already"), ["error: it runs already", "Next: nightdesk status"]),
        (
            SchemaTooNewError("made by a newer one"),
            ["error: made by a newer one", "Next: nightdesk --version"],
        ),
        (
            SchemaTooOldError("made by a older one"),
            ["error: made by a older one", "Next: nightdesk db upgrade"],
        ),
        (StorageError("the disk is full"), ["error: the disk is full", "Next: nightdesk check"]),
        (
            ExceptionGroup("two things failed", [StorageError("one"), StorageError("two")]),
            ["error: one", "error: two", "error: two things failed", "Next: nightdesk check"],
        ),
    ],
)
def test_an_error_is_a_sentence_and_the_next_command(
    error: Exception, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    printer = Printer(out=sys.stdout, err=sys.stderr, color=False)
    assert failures.tell(error, printer) == 1
    assert capsys.readouterr().err.splitlines() == said


def test_debug_shows_where_an_error_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    printer = Printer(out=sys.stdout, err=sys.stderr, color=False)
    failures.tell(StorageError("the disk is full"), printer, debug=True)
    assert "news.errors.StorageError: the disk is full" in capsys.readouterr().err


def test_an_error_nobody_foresaw_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    failures.speak_plainly(KeyError, KeyError("x"), None)
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("error: something nobody foresaw: KeyError")
    assert said[-1].endswith("--debug, which shows where")


def test_errors_of_others_are_not_swallowed() -> None:
    printer = Printer(out=sys.stdout, err=sys.stderr)
    with pytest.raises(ExceptionGroup):
        failures.tell(ExceptionGroup("mixed", [StorageError("one"), KeyError("two")]), printer)


# ── What commands are made with ──────────────────────────────────────────────────────────────────────


def test_a_command_gets_its_call_and_gives_its_exit_code() -> None:
    seen: list[Call] = []

    @group("stories")
    def stories() -> None:
        """Look at stories."""

    @command("list", under=stories)
    @click.option("--limit", default=3)
    def listing(call: Call, limit: int) -> int:
        """List them."""
        seen.append(call)
        return limit

    around = Around(environment={"NO_COLOR": "1"})
    assert stories.main(["list", "--limit", "7", "--json", "--quiet"], standalone_mode=False, obj=around) == 7
    assert (seen[0].json, seen[0].printer.quiet, seen[0].printer.color) == (True, True, False)
    assert seen[0].now.tzinfo is not None
    assert listing.name == "list"


def test_settings_with_errors_stop_a_command_after_saying_them(tmp_path: Path) -> None:
    a_folder(tmp_path, watchlist="name: Jail\nmatch: [(jail]\ndeliver: desk\n")
    answer = call("config", "show", "--config", tmp_path)
    assert answer.code == 1
    assert "error: this parenthesis is never closed" in answer.err
    assert answer.last_line == f"Next: nightdesk check --config {tmp_path}"
    assert answer.out == ""


def test_a_command_without_a_newsroom_says_how_to_make_one(tmp_path: Path) -> None:
    answer = call("config", "show", "--config", tmp_path / "none")
    assert answer.code == 1
    assert answer.err.splitlines() == [
        f"error: there is no newsroom in {tmp_path / 'none'}",
        f"Next: nightdesk init --config {tmp_path / 'none'}",
    ]


def test_a_first_run_makes_the_folder_from_the_starter(tmp_path: Path) -> None:
    environment = {"NIGHTDESK_DESK_SLACK": "immigration-desk", "TZ": "America/Denver"}
    context = click.Context(click.Command("run"), obj=Around(environment=environment))
    context.meta["nightdesk.config"] = tmp_path / "newsroom"
    settings = call_of(context).settings_or_starter()
    assert settings.desk_at_once == "slack:#immigration-desk"
    assert settings.timezone == "America/Denver"
    assert call_of(context).settings_or_starter() == settings


# ── Printing ─────────────────────────────────────────────────────────────────────────────────────────


def test_columns_stand_under_one_another_and_the_last_is_wrapped() -> None:
    lines = list(columns([("a", "word " * 20), ("longer", "x")], indent="  "))
    assert lines[0].startswith("  a       word word")
    assert lines[1].startswith("          word")
    assert lines[-1] == "  longer  x"
    assert all(len(line) <= 80 for line in lines)


def test_colors_are_for_terminals_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert colored("error: x\n    7 | y\n      | ^^ write z") == (
        "\x1b[1m\x1b[31merror\x1b[0m: x\n    7 | y\n      | \x1b[31m^^\x1b[0m write z"
    )
    Printer(out=sys.stdout, err=sys.stderr, color=True).trouble("x")
    assert "\x1b" not in capsys.readouterr().err


# ── What the program costs before it does anything ───────────────────────────────────────────────────


@pytest.fixture(scope="module")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give an environment in which modules are compiled once, as in an installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode")), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("beat") / "newsroom"
    install_starter(folder, Answers())
    return folder


def modules_after(*words: object) -> set[str]:
    """Return the modules that are imported when a command has run."""
    script = (
        "import sys\nfrom nightdesk.__main__ import main\nsys.argv[1:] = "
        + repr([str(word) for word in words])
        + "\n"
        "code = main()\nprint('MODULES', *sorted(sys.modules))\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.rpartition("MODULES ")[2].split())


@pytest.mark.parametrize("words", [("--help",), ("check",)])
def test_help_and_check_import_nothing_heavy(words: tuple[str, ...], newsroom: Path) -> None:
    found = modules_after(*words, *(("--config", newsroom) if words == ("check",) else ()))
    assert "nightdesk.cli.root" in found
    assert not {module for module in found if module.partition(".")[0] in HEAVY}


def cpu_of(*words: str, environment: dict[str, str]) -> float:
    """Return the CPU seconds of one run of Python."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL, env=environment, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.slow
@pytest.mark.parametrize("command", ["--help", "check"])
def test_help_and_check_cost_little_more_than_what_they_stand_on(
    command: str, newsroom: Path, bytecode: dict[str, str]
) -> None:
    words = ("-m", "nightdesk", command, *(("--config", str(newsroom)) if command == "check" else ()))
    ground = spent = float("inf")
    for _ in range(MOST_RUNS):
        # The quickest of each: slower ones were disturbed by the machine.
        ground = min(ground, cpu_of("-c", GROUND, environment=bytecode))
        spent = min(spent, cpu_of(*words, environment=bytecode))
        if spent < TIMES_THE_GROUND[command] * ground:
            break
    assert spent < TIMES_THE_GROUND[command] * ground


# ── The six rooms come from one folder ───────────────────────────────────────────────────────────────


def test_all_six_rooms_come_from_this_folder() -> None:
    assert strange_rooms() == []


def test_a_room_from_elsewhere_is_refused_by_name(tmp_path: Path) -> None:
    """A `config` that lies before ours on Python's way, as in somebody's site-packages."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "__init__.py").write_text("")
    environment = dict(os.environ) | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "nightdesk", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert done.returncode == 1
    assert f"config would come from {tmp_path / 'config'}" in done.stderr
    assert done.stderr.splitlines()[-1] == f"Next: {ROOT}/do nightdesk check"
