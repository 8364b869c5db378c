"""A newsroom in which something happened: stories, messages, people's acts, a source in trouble.

The titles, authors and addresses of `HOSTILE` try to break out of a page; every page must show them as words.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from news.nouns import Health, Mark
from tests.nightdesk.desk import SANCTUARY, SOURCES, Desk
from tests.nouns import a_fetch_state, an_outcome
from tests.web.serving import PEOPLE, WebDesk

SCRIPT = "<script>window.broken=1</script>"
HOSTILE = (
    f"Sanctuary city {SCRIPT} vote",
    'Sanctuary city "><img src=x onerror=window.broken=1>',
    "Sanctuary city {{ 7*7 }} {% raw %} ${7*7} &lt;b&gt;",
    "Sanctuary city \u202etxt.exe\u2066 \u0000 \u2028 end",
    "Sanctuary city javascript:alert(1) ' onmouseover='window.broken=1",
)
#: A name of a source and of a watchlist that try the same.
HOSTILE_SOURCE = f'Ellery "31" {SCRIPT}'
HOSTILE_WATCHLIST = f"County jail {SCRIPT} & 'friends'"


#: A watchlist that is the trainee's alone.
PRIVATE = {
    "id": "quiet-inquiry",
    "name": "Quiet inquiry",
    "private": True,
    "match": ["mayor", "court"],
    "deliver": "email:trainee@newsroom.test",
}


def furnished(folder: Path, *, hostile: bool = False, private: bool = False) -> WebDesk:
    """Return a newsroom after a day."""
    sources = list(SOURCES)
    watchlists = [SANCTUARY, *([PRIVATE] if private else [])]
    if hostile:
        sources[1] = {**sources[1], "name": HOSTILE_SOURCE}
        jail = {"id": "county-jail", "name": HOSTILE_WATCHLIST, "match": ["county jail", "detainer"]}
        watchlists.append({**jail, "deliver": "desk", "about": SCRIPT, "owner": SCRIPT})
    desk = Desk(folder, sources=sources, watchlists=watchlists, console="on", readers=list(PEOPLE))
    _one_day(desk, hostile=hostile)
    desk.close()
    return WebDesk(folder, furnished=desk)


def _one_day(desk: Desk, *, hostile: bool) -> None:
    titles = HOSTILE if hostile else ("Mayor skips capital meeting after warning to sanctuary cities",)
    first = desk.files(titles[0], authors=(SCRIPT,) if hostile else ("Night Desk",))
    for number, title in enumerate(titles[1:]):
        address = f"https://channel4.test/{number}?a=\"'><script>"
        desk.files(title, address=address, credit=SCRIPT)
    desk.files("Elephant sanctuary welcomes two", text="An elephant sanctuary city.")
    desk.grows(
        first.story_id,
        titles[-1] if hostile else "Letter asks for every order",
        details=(SCRIPT,) if hostile else ("The letter asks for every order.",),
    )
    desk.watches()
    desk.sends()
    desk.files("Appeals court hears argument over a sanctuary city", source_id="ellery31")
    desk.watches()
    desk.refuses(f"Slack has no such channel {SCRIPT}" if hostile else "Slack has no such channel")
    state = replace(
        a_fetch_state("coast"),
        health=Health.FAILING,
        reason=f"answered {SCRIPT}" if hostile else "answered 500 three times",
        failures=3,
        last_checked=desk.clock(),
    )
    desk.store.record_fetch(replace(an_outcome(), state=state, now=desk.clock()))
    desk.store.audit("muted", who="night-editor", facts={"story": 1, "why": SCRIPT}, now=desk.clock())
    if hostile:
        desk.store.record_mark(
            Mark(
                story_id=first.story_id,
                article_id=first.article_id,
                watchlist_id="sanctuary-cities",
                watchlist_version="",
                relevant=False,
                who=SCRIPT,
                at=desk.clock(),
            )
        )
