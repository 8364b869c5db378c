"""When is nobody woken, and how many messages may a channel get? The same for all keywords."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from config.edit import change, put_value
from config.picking import under
from config.reading import read_text
from config.settings import Role, Settings
from config.tree import Scalar
from news.errors import ConfigError
from news.nouns import QuietHours
from nightdesk.keyword_places import clock, time_meant
from nightdesk.people_file import edit
from nightdesk.web.page import (
    Form,
    Page,
    as_json,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    settings_of,
)

CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
A_NUMBER = re.compile(r"[1-9]\d{0,2}")
DAYS = ("weekdays", "weekends")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What stands in the fields, as it was typed."""

    # Whether there are quiet hours at all; from, to.
    weekdays: tuple[bool, str, str]
    weekends: tuple[bool, str, str]
    per_hour: str
    per_day: str


async def show(request: Request) -> Response:
    """Show the quiet hours and the limits in force."""
    return _page(request, _in_force(settings_of(request)))


def _page(request: Request, wish: _Wish, wrong: str = "", status: int = 200) -> Response:
    may = person(request).role >= Role.ADMIN
    return render(request, "quiet_hours.html", status=status, wish=wish, wrong=wrong, may_set=may)


def _in_force(settings: Settings) -> _Wish:
    limits = settings.limits
    return _Wish(
        weekdays=_shown(settings.quiet_weekdays, "22:00", "06:00"),
        weekends=_shown(settings.quiet_weekends, "22:00", "08:00"),
        per_hour=str(limits.per_hour),
        per_day=str(limits.per_day),
    )


def _shown(hours: QuietHours | None, start: str, end: str) -> tuple[bool, str, str]:
    return hours is not None, clock(hours.start if hours else start), clock(hours.end if hours else end)


async def facts(request: Request) -> Response:
    """Answer a program with the same."""
    settings = settings_of(request)
    quiet = {
        days: {"from": hours.start, "to": hours.end} if hours else None
        for days, hours in zip(DAYS, (settings.quiet_weekdays, settings.quiet_weekends), strict=True)
    }
    limits = {"per_hour": settings.limits.per_hour, "per_day": settings.limits.per_day}
    return as_json({"timezone": settings.timezone, "quiet_hours": quiet, "limits": limits})


async def save(request: Request) -> Response:
    """Write them into nightdesk.yaml, unless a story would wait too long then."""
    console, now, who = console_of(request), now_of(request), person(request).id
    wish = _wish_in(await form_of(request))
    wrong = _mistake(wish)
    if not wrong:
        try:
            await asyncio.to_thread(
                edit, console.folder, console.environment, lambda text: _changed(text, wish)
            )
        except ConfigError as error:
            wrong = f"Not saved: {error}."
    if wrong:
        return _page(request, wish, wrong, status=422)
    await console.renewed()
    await console.store.write(
        lambda store: store.audit("changed quiet hours", who=who, facts=_facts(wish), now=now)
    )
    return see_other(request, "/quiet-hours", say="Saved. They hold from now on.")


def _wish_in(form: Form) -> _Wish:
    hours = [(form.text(days) != "off", form.text(f"{days}_from"), form.text(f"{days}_to")) for days in DAYS]
    return _Wish(
        weekdays=hours[0],
        weekends=hours[1],
        per_hour=form.text("per_hour"),
        per_day=form.text("per_day"),
    )


def _mistake(wish: _Wish) -> str:
    for is_on, *times in (wish.weekdays, wish.weekends):
        if is_on and not all(CLOCK.fullmatch(time_meant(time)) for time in times):
            return "Quiet hours are two times of day, such as 10 pm and 6 am."
    if not (A_NUMBER.fullmatch(wish.per_hour) and A_NUMBER.fullmatch(wish.per_day)):
        return "How many messages: a number from 1 to 999."
    return ""


def _changed(text: str, wish: _Wish) -> str:
    quiet = {days: _written(hours) for days, hours in zip(DAYS, (wish.weekdays, wish.weekends), strict=True)}
    if isinstance(under(read_text("", text).root, "quiet_hours"), Scalar):
        text = put_value(text, ("quiet_hours",), quiet)
    else:
        for days, hours in quiet.items():
            text = put_value(text, ("quiet_hours", days), hours)
    text = change(text, ("limits", "per_hour"), int(wish.per_hour))
    return change(text, ("limits", "per_day"), int(wish.per_day))


def _written(hours: tuple[bool, str, str]) -> str | Mapping[str, object]:
    is_on, start, end = hours
    return {"from": time_meant(start), "to": time_meant(end)} if is_on else "off"


def _facts(wish: _Wish) -> Mapping[str, object]:
    quiet = [f"{start} to {end}" if is_on else "off" for is_on, start, end in (wish.weekdays, wish.weekends)]
    return {
        "weekdays": quiet[0],
        "weekends": quiet[1],
        "per_hour": wish.per_hour,
        "per_day": wish.per_day,
    }


ROUTES = (
    Page(path="/quiet-hours", answer=show),
    Page(path="/quiet-hours", answer=save, methods=("POST",), role=Role.ADMIN),
    Page(path="/api/quiet-hours", answer=facts, says="The newsroom's quiet hours, and its limits."),
)
