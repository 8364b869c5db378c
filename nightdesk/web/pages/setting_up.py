"""How is Nightdesk set up by somebody who never opens a terminal? In five steps on one page.

Newsroom and clock → Slack or mail → a test → yesterday's stories → start. Secrets go into the newsroom's
`.env` and are never shown again; everything else goes into its file at the step that says so, and where
stories go only at Start.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from alerts.channels.contract import Tools
from alerts.holidays import next_digest
from config.hours import is_zone
from config.settings import Reader, Role, Secret, Settings
from news.errors import ConfigError
from nightdesk.connecting_slack import TOKEN, Workspace, look_at, new_app_address
from nightdesk.people_file import id_for, put_person, put_setting
from nightdesk.secrets_file import keep_secret
from nightdesk.trying_channels import Sent, send_tests
from nightdesk.web.keys import FIRST
from nightdesk.web.page import (
    Page,
    console_of,
    form_of,
    is_part,
    now_of,
    person,
    render,
    see_other,
    settings_of,
)
from nightdesk.web.setup import (
    CHOICE,
    DONE,
    Answers,
    Yesterday,
    answers_in_force,
    as_answered,
    is_open,
    keep_answers,
    mail_address,
    read_answers,
    seen,
    yesterday,
    zones,
)

SLACK_TOKEN, MAIL_SERVER = "SLACK_BOT_TOKEN", "SMTP_URL"
WAYS = ("both", "slack", "email")


# ── The page ──────────────────────────────────────────────────────────────────────────────────────────────


async def show(request: Request) -> Response:
    """Show the steps, and how far they were gone."""
    chosen = await console_of(request).store.read(lambda store: store.chosen(CHOICE))
    if not is_open(settings_of(request), chosen):
        return see_other(request, "/settings")
    return await _page(request)


async def _page(
    request: Request,
    *,
    status: int = 200,
    wrong: dict[str, str] | None = None,
    filled: Answers | None = None,
) -> Response:
    """Show the page; `filled` is what was sent and cannot be kept, so that nobody has to type it again."""
    console, settings, now = console_of(request), settings_of(request), now_of(request)
    answers = read_answers(await console.store.read(lambda store: store.chosen(CHOICE)))
    step = _step(person(request), answers)
    planned = as_answered(settings, answers)
    found = await _found(planned, request) if step > 3 else None  # noqa: PLR2004 - yesterday's
    return render(
        request,
        "setup.html",
        status=status,
        answers=filled or answers,
        step=step,
        zones=zones(settings.timezone, now=now),
        workspace=await _workspace(request) if step == 2 else Workspace(),  # noqa: PLR2004 - where
        new_app=new_app_address(),
        yesterday=found,
        seen=seen(found, planned) if found else (),
        planned=planned,
        first_digest=_first_digest(planned, answers, now),
        wrong=wrong or {},
    )


def _step(reader: Reader, answers: Answers) -> int:
    """Return the first step that is not done."""
    done = (reader.id != FIRST, answers.is_complete, answers.arrived, answers.looked)
    return next((number for number, each in enumerate(done, start=1) if not each), 5)


async def _workspace(request: Request) -> Workspace:
    slack = settings_of(request).channels.slack
    if not slack.token:
        return Workspace()
    return await look_at(slack.token, slack.api_url, console_of(request).clock)


def _first_digest(planned: Settings, answers: Answers, now: datetime) -> datetime | None:
    """Return when everything comes for the first time; None while it is not known where to."""
    if not answers.digest:
        return None
    return next_digest(planned.desk_digest_at, answers.digest, planned, after=now)


async def _found(planned: Settings, request: Request) -> Yesterday:
    now = now_of(request)
    return await console_of(request).store.read(lambda store: yesterday(store, planned, now=now))


async def show_yesterday(request: Request) -> Response:
    """Show yesterday's stories alone, for the page that waits for the sources to be read."""
    if not is_part(request):
        return see_other(request, "/setup#s4")
    chosen = await console_of(request).store.read(lambda store: store.chosen(CHOICE))
    planned = as_answered(settings_of(request), read_answers(chosen))
    found = await _found(planned, request)
    return render(request, "setup_yesterday.html", yesterday=found, seen=seen(found, planned))


# ── 1. Who and when ───────────────────────────────────────────────────────────────────────────────────────


async def name(request: Request) -> Response:
    """Write down the newsroom's name and clock, and make whoever asks its first admin."""
    console, settings, form, me = (
        console_of(request), settings_of(request), await form_of(request), person(request),
    )  # fmt: skip
    newsroom, own = form.text("newsroom"), form.text("name")
    zone = form.text("zone") or form.text("chosen_zone")
    wrong = {} if newsroom else {"newsroom": "a name is needed"}
    wrong |= {} if own else {"name": "your name is needed"}
    wrong |= {} if is_zone(zone) else {"zone": "this is no time zone; one is America/Denver"}
    if wrong:
        return await _page(request, status=422, wrong=wrong)
    named = (("newsroom", "name"), newsroom), (("newsroom", "timezone"), zone)
    put_setting(console.folder, console.environment, *named)
    reader = replace(me, name=own, role=Role.ADMIN)
    if me.id == FIRST:
        reader = replace(reader, id=id_for(own, {each.id for each in settings.readers}))
    put_person(console.folder, console.environment, reader)
    if me.id == FIRST:
        await console.store.write(lambda store: store.move_keys(FIRST, reader.id))
    await console.renewed()
    return await _done(request, "named the newsroom", reader.id, to="/setup#s2")


# ── 2. Where ──────────────────────────────────────────────────────────────────────────────────────────────


async def slack(request: Request) -> Response:
    """Try a token, and keep it where secrets are kept."""
    console, settings = console_of(request), settings_of(request)
    given = (await form_of(request)).text("slack_key")
    if not TOKEN.fullmatch(given):
        return await _page(request, status=422, wrong={"slack_key": "Slack's key begins with xoxb-"})
    if console.environment.get(SLACK_TOKEN):
        why = f"{SLACK_TOKEN} is set already where Nightdesk was started, and that one is used"
        return await _page(request, status=409, wrong={"slack_key": why})
    found = await look_at(Secret(given), settings.channels.slack.api_url, console.clock)
    if found.trouble:
        return await _page(request, status=422, wrong={"slack_key": found.trouble})
    keep_secret(console.folder, SLACK_TOKEN, given)
    await console.renewed()
    return await _done(request, "connected Slack", person(request).id, to="/setup#s2")


async def place(request: Request) -> Response:
    """Keep where stories shall go, and how mail is sent; both are tried in the next step."""
    console, settings, form = console_of(request), settings_of(request), await form_of(request)
    way, channel, email = form.text("way"), form.text("channel"), form.text("email")
    answers = Answers(way=way, channel=channel and f"#{channel.lstrip('#')}", email=email)
    wrong = _wrong_places(settings, answers)
    server_given = way in {"both", "email"} and bool(form.text("server"))
    if way in {"both", "email"} and not (server_given or settings.channels.email.is_set_up):
        wrong["server"] = "without a mail server nothing can be sent"
    if wrong:
        return await _page(request, status=422, wrong=wrong, filled=answers)
    if server_given:
        try:
            server = mail_address(form.text("server"), form.text("user"), form.text("mail_password"))
            put_setting(console.folder, console.environment, (("channels", "email", "from"), email))
            keep_secret(console.folder, MAIL_SERVER, server)
        except ConfigError as error:
            return await _page(request, status=422, wrong={"server": str(error)}, filled=answers)
        await console.renewed()
    now = now_of(request)
    await console.store.write(lambda store: keep_answers(store, answers, now=now))
    return see_other(request, "/setup#s3")


def _wrong_places(settings: Settings, answers: Answers) -> dict[str, str]:
    wrong = {} if answers.way in WAYS else {"way": "choose one"}
    if answers.way in {"both", "slack"}:
        wrong |= {} if settings.channels.slack.is_set_up else {"slack_key": "connect Slack first"}
        wrong |= {} if len(answers.channel) > 1 else {"channel": "choose a channel"}
    if answers.way in {"both", "email"}:
        whole = answers.email.count("@") == 1 and not any(letter.isspace() for letter in answers.email)
        wrong |= {} if whole else {"email": "this is no mail address"}
    return wrong


# ── 3. A test ─────────────────────────────────────────────────────────────────────────────────────────────


async def test(request: Request) -> Response:
    """Send a test to every place that was chosen."""
    console, settings, now = console_of(request), settings_of(request), now_of(request)
    answers = read_answers(await console.store.read(lambda store: store.chosen(CHOICE)))
    planned = as_answered(settings, answers)
    tools = tools_of(request)
    sent: tuple[Sent, ...] = await send_tests(planned, tools, answers.places, now=now)
    tests = tuple((each.destination, console.clock().isoformat(), each.trouble) for each in sent)
    kept = replace(answers, tests=tests)
    await console.store.write(lambda store: keep_answers(store, kept, now=now))
    return see_other(request, "/setup#s4" if kept.arrived else "/setup#s3")


def tools_of(request: Request) -> Tools:
    """Return what a channel needs of the world around it."""
    console = console_of(request)
    rooms = console.rooms()
    if rooms is not None:
        return Tools(clock=console.clock, sleep=rooms.world.sleep, out=rooms.world.out)
    return Tools(clock=console.clock, sleep=asyncio.sleep, out=sys.stdout)


# ── 4. Yesterday, and 5. Start ────────────────────────────────────────────────────────────────────────────


async def looked(request: Request) -> Response:
    """Remember that yesterday's stories look right."""
    console, now = console_of(request), now_of(request)
    answers = read_answers(await console.store.read(lambda store: store.chosen(CHOICE)))
    kept = replace(answers, looked=True)
    await console.store.write(lambda store: keep_answers(store, kept, now=now))
    return see_other(request, "/setup#s5")


async def again(request: Request) -> Response:
    """Go back to where stories go, with the answers as they are; until Start nothing changes."""
    console, now = console_of(request), now_of(request)
    chosen = await console.store.read(lambda store: store.chosen(CHOICE))
    begun = chosen and chosen != DONE
    answers = read_answers(chosen) if begun else answers_in_force(settings_of(request))
    kept = replace(answers, way="", tests=(), looked=False)
    await console.store.write(lambda store: keep_answers(store, kept, now=now))
    return see_other(request, "/setup#s2")


async def start(request: Request) -> Response:
    """Write down where stories go: from now on they do."""
    console, now = console_of(request), now_of(request)
    answers = read_answers(await console.store.read(lambda store: store.chosen(CHOICE)))
    if not answers.is_complete:
        return see_other(request, "/setup#s2")
    places = (("desk", "at_once"), answers.at_once), (("desk", "digest"), answers.digest)
    put_setting(console.folder, console.environment, *places)
    await console.store.write(lambda store: store.choose(CHOICE, DONE, now=now))
    await console.renewed()
    return await _done(request, "started Nightdesk", person(request).id, to="/")


async def _done(request: Request, what: str, who: str, *, to: str) -> Response:
    now = now_of(request)
    await console_of(request).store.write(lambda store: store.audit(what, who=who, facts={}, now=now))
    said = "Nightdesk is at work. Stories come from now on." if to == "/" else ""
    return see_other(request, to, say=said)


ROUTES = (
    Page(path="/setup", answer=show, role=Role.ADMIN),
    Page(path="/setup/yesterday", answer=show_yesterday, role=Role.ADMIN),
    *(
        Page(path=f"/setup/{step}", answer=answer, methods=("POST",), role=Role.ADMIN)
        for step, answer in (
            ("name", name),
            ("slack", slack),
            ("place", place),
            ("test", test),
            ("looked", looked),
            ("again", again),
            ("start", start),
        )
    ),
)
