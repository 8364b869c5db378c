"""`nightdesk init`: make the newsroom's folder, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from config.install import BEAT, Answers, filled_in, install_starter
from config.load import Loaded
from config.picking import items
from config.reading import read_bytes
from news.errors import ConfigError
from nightdesk.cli.answers import channel, usual_answers
from nightdesk.cli.context import Call, TroubleError, command, shown
from nightdesk.cli.printing import columns, plural

BEAT_NAME, NOTHING = "Sanctuary cities", "empty"
NAMED = 33  # columns for a question before its answer


@command("init")
@click.option(
    "--yes", is_flag=True, help="Ask nothing: this machine's time zone, the beat's sources and watchlist."
)
@click.option("--name", help="The newsroom's name.")
@click.option("--timezone", metavar="ZONE", help="Its time zone, such as America/Denver.")
@click.option("--empty", is_flag=True, help="Begin without sources and watchlists.")
@click.option("--slack", metavar="CHANNEL", help="Your desk's channel, such as '#immigration-desk'.")
@click.option("--email", metavar="ADDRESS", help="Your desk's address.")
def init(call: Call, /, *, yes: bool, empty: bool, **told: str | None) -> int:
    """Make the newsroom's folder: 4 questions, or --yes.

    What is there already is never written over. NIGHTDESK_DESK_SLACK and NIGHTDESK_DESK_EMAIL in the
    environment stand in for --slack and --email.
    """
    if (call.folder / "nightdesk.yaml").exists():
        what = f"there is a newsroom in {shown(call.folder)} already; nothing was written"
        raise TroubleError(what, then=call.typed("check"))
    answers = usual_answers(call.around.environment, told, with_beat=not empty)
    if not yes:
        answers = ask(answers)
    written = install_starter(call.folder, answers)
    _report(call, answers, written)
    return 0


# ── The four questions ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, the answer so far, and the answers with what was told."""

    words: str
    so_far: Callable[[Answers], str]
    answered: Callable[[Answers, str], Answers]


def _start(answers: Answers, told: str) -> Answers:
    for choice in (BEAT_NAME, NOTHING):
        if told and choice.lower().startswith(told.lower()):
            return replace(answers, with_beat=choice == BEAT_NAME)
    what = f"write {BEAT_NAME}, or {NOTHING}"
    raise ConfigError(what)


QUESTIONS = (
    Question("1 of 4  Newsroom", lambda a: a.newsroom, lambda a, told: replace(a, newsroom=told)),
    Question("2 of 4  Time zone", lambda a: a.timezone, lambda a, told: replace(a, timezone=told)),
    Question("3 of 4  Start from", lambda a: BEAT_NAME if a.with_beat else NOTHING, _start),
    Question(
        "4 of 4  Your desk in Slack", lambda a: a.slack, lambda a, told: replace(a, slack=channel(told))
    ),
    Question("        Your desk's email", lambda a: a.email, lambda a, told: replace(a, email=told)),
)


def ask(usual: Answers) -> Answers:
    """Ask the four questions on the terminal; an empty answer takes the usual one."""
    answers = usual
    for question in QUESTIONS:
        answers = _asked(question, answers)
    return answers


def _asked(question: Question, answers: Answers) -> Answers:
    """Ask one question until the answer can be used, and return the answers with it."""

    def judge(told: str) -> Answers:
        try:
            answered = question.answered(answers, told.strip())
            filled_in(answered)
        except ConfigError as error:
            raise click.UsageError(str(error)) from error
        return answered

    so_far = question.so_far(answers)
    words = f"{question.words:<{NAMED}}[{so_far or 'not yet'}] "
    answered: Answers = click.prompt(
        words, default=so_far, show_default=False, prompt_suffix="", value_proc=judge, err=True
    )
    return answered


# ── What was made ────────────────────────────────────────────────────────────────────────────────────


def _report(call: Call, answers: Answers, written: tuple[str, ...]) -> None:
    from config.load import read

    if call.json:
        call.printer.record({"folder": str(call.folder), "written": list(written)})
        return
    loaded = read(call.folder, call.around.environment)
    call.printer.data(f"Written to {shown(call.folder)}/")
    for line in columns(_described(call.folder, loaded, written), indent="  ", gap=3):
        call.printer.data(line)
    call.printer.data(f"\n{_desk(answers)}")
    secrets = call.folder / ".env"
    call.printer.data(f"\nFill in {shown(secrets)}, then run: {call.typed('check')}")


def _described(folder: Path, loaded: Loaded, written: tuple[str, ...]) -> list[tuple[str, str]]:
    states = {file.path: file.state.removeprefix("ok, ") for file in loaded.files}
    about = {
        "nightdesk.yaml": "newsroom, desk, channels, quiet hours",
        BEAT[1]: _lines_in(folder / BEAT[1]),
        BEAT[0]: states.get(BEAT[0], ""),
        ".schema/": "completion and help in your text editor",
        ".env": f"{plural(2, 'secret')} to fill in",
    }
    made = {*written, *({".schema/"} if any(name.startswith(".schema/") for name in written) else ())}
    return [(name, words) for name, words in about.items() if name in made]


def _lines_in(path: Path) -> str:
    root = read_bytes(path.name, path.read_bytes()).root if path.is_file() else None
    caught, left_out = len(items(root, "match", "any")), len(items(root, "match", "never"))
    return f"{caught} lines to catch, {left_out} to leave out"


def _desk(answers: Answers) -> str:
    at_once = f"at once to {answers.slack}" if answers.slack else "at once on the console"
    digest = f"to {answers.email}" if answers.email else "on the console"
    return f'"deliver: desk" now means: {at_once}, and one digest a day\nat 6:30 am {digest}.'
