"""Do the times in a file make sense: zones, schedules, quiet hours?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from config.explain import Problem, nearest
from config.picking import scalar, span, under, words
from config.settings import QUIET_WEEKDAYS, QUIET_WEEKENDS
from config.tree import File, Node, Scalar, Table
from news.errors import ConfigError
from news.nouns import QuietHours

LONGEST_WAIT = timedelta(hours=12)  # quiet hours may hold a story no longer
SHORTEST_PAUSE = timedelta(seconds=30)  # between two looks at one address
A_MONDAY = datetime(
    2026, 1, 5, tzinfo=UTC
)  # any will do: quiet hours are looked at in UTC, where no clock changes

#: Names that are taken for a city's time, and are its winter time all the year.
WITHOUT_SUMMER = {"EST": "America/New_York", "MST": "America/Denver"}

#: Quiet hours on weekdays and at weekends; None: none.
Quiet = tuple[QuietHours | None, QuietHours | None]


def check_zone(file: File, zone: Scalar | None) -> Iterator[Problem]:
    """Yield why a time zone is none, or a warning that its clocks never change."""
    if zone is not None and zone.value in WITHOUT_SUMMER:
        what, write = f"{zone.value} knows no daylight-saving time", WITHOUT_SUMMER[str(zone.value)]
        yield file.problem(zone.place, what, f"{write}, if your clocks change", severity="warning")
    if zone is None or is_zone(str(zone.value)):
        return
    from zoneinfo import available_timezones

    known = available_timezones()
    wanted = str(zone.value).replace(" ", "_")
    by_city = {name.rpartition("/")[2]: name for name in sorted(known, reverse=True)}
    meant = nearest(wanted, known) or by_city.get(nearest(wanted, by_city) or "")
    yield file.problem(
        zone.place, f'"{zone.value}" is not a time zone', meant or "one such as America/Denver"
    )


def is_zone(name: str) -> bool:
    """Whether the time zone database knows a name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # a name with / at its beginning, a folder's name; not found is a KeyError
        return False
    except KeyError:
        return False
    return True


def check_schedule(file: File, schedule: Scalar) -> Iterator[Problem]:
    """Yield why a schedule cannot be read."""
    from news.timing import Schedule

    try:
        Schedule.parse(str(schedule.value))
    except ConfigError as error:
        what, _, write = str(error).partition("; write ")
        yield file.problem(schedule.place, what, write)


def check_pause(file: File, pause: Scalar | None) -> Iterator[Problem]:
    """Yield a warning for a pause between two looks at one address that no publisher would like."""
    if pause is not None and span(str(pause.value), SHORTEST_PAUSE) < SHORTEST_PAUSE:
        what = "asking this often is more than most publishers bear"
        yield file.problem(pause.place, what, "2m, or longer", severity="warning")


def quiet_hours(root: Node | None) -> Quiet:
    """Return the newsroom's quiet hours; what is not written has its usual times, `off` none."""
    written = under(root, "quiet_hours")
    if isinstance(written, Scalar) and written.value == "off":
        return None, None
    return _hours(written, "weekdays", QUIET_WEEKDAYS), _hours(written, "weekends", QUIET_WEEKENDS)


def _hours(written: Node | None, days: str, usual: QuietHours) -> QuietHours | None:
    hours = under(written, days)
    if isinstance(hours, Scalar) and hours.value == "off":
        return None
    start, end = words(hours, "from"), words(hours, "to")
    return QuietHours(start=start, end=end) if start and end else usual


def check_quiet_hours(file: File) -> Iterator[Problem]:
    """Yield a problem for quiet hours in which a story would wait too long."""
    weekdays, weekends = quiet_hours(file.root)
    if (weekdays, weekends) == (QUIET_WEEKDAYS, QUIET_WEEKENDS):
        return  # nobody waits too long in the usual ones, and reading `news.timing` takes 12 ms
    for name, first_day, days, hours in (("weekdays", 0, 5, weekdays), ("weekends", 5, 2, weekends)):
        written = under(file.root, "quiet_hours", name)
        if hours is None or not isinstance(written, Table):
            continue
        longest = max(_wait(first_day + day, hours, (weekdays, weekends)) for day in range(days))
        if longest > LONGEST_WAIT:
            what = f"a story would wait {_told(longest)} in these quiet hours; at most 12 are allowed"
            write_from = scalar(written, "from")
            place = write_from.place if write_from is not None else written.place
            yield file.problem(place, what, "times that are at most 12 hours apart")


def are_too_long(hours: QuietHours) -> bool:
    """Whether a story would wait too long in quiet hours that are the same every day."""
    return _wait(0, hours, (hours, hours)) > LONGEST_WAIT or hours.start == hours.end


def _wait(day: int, hours: QuietHours, quiet: Quiet) -> timedelta:
    """Return how long a story waits that comes when the quiet hours of a day begin."""
    from news.timing import quiet_until

    begin = A_MONDAY + timedelta(days=day, hours=int(hours.start[:2]), minutes=int(hours.start[3:]))
    weekdays, weekends = quiet
    return (quiet_until(begin, zone="UTC", weekdays=weekdays, weekends=weekends) or begin) - begin


def _told(wait: timedelta) -> str:
    hours, minutes = divmod(int(wait.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} hours"
