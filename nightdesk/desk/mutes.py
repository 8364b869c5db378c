"""What comes of "mute" and "not the same story"? A form asks how long, or which articles; then it is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.channels.slack.forms import Choice, Sheet
from news.wording import counted, when
from nightdesk.acts.muting import Outlet, Until, mute_of, mute_outlet, mute_story, unmute, would_have_lost
from nightdesk.acts.noting import not_same_story
from nightdesk.acts.rights import check_may
from nightdesk.desk.press import VIA, NotKnownError, Press, told_with

if TYPE_CHECKING:
    from news.nouns import Story
    from news.telling import Alert
    from storage.acts_contract import Act, ActKind
    from storage.contract import Store

HOW_LONG = Choice(
    name="until",
    label="For how long?",
    options=(
        ("7d", "7 days"),
        ("24h", "24 hours"),
        ("3d", "3 days"),
        ("pinned", "Until somebody ends it"),
    ),
)
SPANS = {"24h": timedelta(hours=24), "3d": timedelta(days=3), "7d": timedelta(days=7)}
STORY_WORDS = "It sends no more messages. A correction still comes, and the digest still lists it."
OUTLET_WORDS = (
    "What another outlet has too is still sent. Corrections still come, and digests list everything."
)
LOOKING = "Looking at the last 30 days …"
MUTE_STORY, MUTE_OUTLET, NOT_SAME = "mute_story", "mute_outlet", "not_same"
MOST_ARTICLES = 10


async def ask_mute_story(press: Press) -> None:
    """Ask for how long a story should be muted, and say what that would keep back."""
    await _ask(press, "mute story", Sheet(name=MUTE_STORY, title="Mute this story", above=(STORY_WORDS,)))


async def ask_mute_outlet(press: Press) -> None:
    """Ask for how long an outlet should be muted here, and say what that would have kept back."""
    await _ask(press, "mute outlet", Sheet(name=MUTE_OUTLET, title="Mute an outlet", above=(OUTLET_WORDS,)))


async def _ask(press: Press, kind: ActKind, sheet: Sheet) -> None:
    check_may(press.reader, kind)
    memory = {"key": press.asked.key}
    asking = Sheet(
        name=sheet.name,
        title=sheet.title,
        send="Mute",
        above=sheet.above,
        fields=(HOW_LONG,),
        below=(LOOKING,),
        memory=memory,
    )
    view = await press.reply.open(asking)  # first: it can be opened for three seconds only
    settings, now, key = press.settings, press.desk.now, press.asked.key

    def look(store: Store) -> tuple[str, ...]:
        alert = told_with(store, key)
        what = _outlet(store, alert) if kind == "mute outlet" else alert.story_id or 0
        lost = would_have_lost(store, settings, what, now=now)
        name = f"{_outlet_name(store, alert)} here. " if isinstance(what, Outlet) else ""
        first = (
            f"{name}The last {lost.days} days: it would have kept back"
            f" {counted(lost.messages, 'message')} of {lost.of}."
        )
        return (first, *(f"• {headline}" for headline in lost.headlines))

    found = await press.desk.store.read(look)
    await press.reply.show(
        Sheet(
            name=sheet.name,
            title=sheet.title,
            send="Mute",
            above=sheet.above,
            fields=(HOW_LONG,),
            below=found,
            memory=memory,
        ),
        view_id=view,
    )


async def mute(press: Press) -> None:
    """Mute what the form was opened for."""
    form = press.asked.form
    if form is None:
        return
    reader, now, key = press.reader, press.desk.now, str(form.memory.get("key", ""))
    until = _until(form.fields.get("until", ""), now)
    is_story = form.name == MUTE_STORY

    def decide(store: Store) -> tuple[Act, str]:
        alert = told_with(store, key)
        if is_story:
            act = mute_story(store, alert.story_id or 0, reader, via=VIA, now=now, until=until)
            return act, "The story is muted"
        act = mute_outlet(store, _outlet(store, alert), reader, via=VIA, now=now, until=until)
        return act, f"{_outlet_name(store, alert)} is muted here"

    act, what = await press.desk.keep(decide)
    press.desk.nudge("edit")
    press.desk.nudge("desk")
    words = STORY_WORDS if is_story else f"{OUTLET_WORDS} The channel is told."
    await press.reply.show(Sheet(name="told", title="Muted", above=(f"{what}{_end(act, press)}.", words)))


async def end_mute(press: Press) -> None:
    """End a story's mute."""
    reader, now, key = press.reader, press.desk.now, press.asked.key

    def decide(store: Store) -> None:
        standing = mute_of(store, told_with(store, key).story_id or 0, now=now)
        unmute(store, standing.id if standing else 0, reader, via=VIA, now=now)

    await press.desk.keep(decide)
    press.desk.nudge("edit")
    await press.reply.whisper("The story is no longer muted. What comes from now on is sent.")


async def ask_which_articles(press: Press) -> None:
    """Ask which articles tell another story."""
    check_may(press.reader, "not same story")
    key = press.asked.key
    sheet = Sheet(name=NOT_SAME, title="Not the same story", above=("Looking at the story …",))
    view = await press.reply.open(sheet)
    story = await press.desk.store.read(lambda store: store.story(told_with(store, key).story_id or 0))
    await press.reply.show(_articles_sheet(story, key), view_id=view)


def _articles_sheet(story: Story | None, key: str) -> Sheet:
    articles = {each.article.id: each.article for each in story.articles} if story else {}
    if len(articles) < 2:  # noqa: PLR2004 - a pair
        words = "This story has one article only: there is nothing to take out of it."
        return Sheet(name="told", title="Not the same story", above=(words,))
    options = tuple((str(id_), f"{one.outlet}: {one.title}") for id_, one in articles.items())
    choice = Choice(
        name="articles",
        label="Which of these tell another story?",
        options=options[-MOST_ARTICLES:],
        several=True,
    )
    words = "They become a story of their own, which is not sent again. Nothing joins the two any more."
    return Sheet(
        name=NOT_SAME,
        title="Not the same story",
        send="Part them",
        above=(words,),
        fields=(choice,),
        memory={"key": key},
    )


async def part(press: Press) -> None:
    """Take the chosen articles out of the story."""
    form = press.asked.form
    if form is None:
        return
    reader, now, key = press.reader, press.desk.now, str(form.memory.get("key", ""))
    chosen = [int(line) for line in form.fields.get("articles", "").split() if line.isdecimal()]

    def decide(store: Store) -> int:
        story_id = told_with(store, key).story_id or 0
        return not_same_story(store, story_id, chosen, reader, via=VIA, now=now).articles

    parted = await press.desk.keep(decide)
    press.desk.nudge("watch")
    press.desk.nudge("edit")
    words = f"{counted(parted, 'article')} now tell another story."
    if parted == 1:
        words = "1 article now tells another story."
    await press.reply.show(Sheet(name="told", title="Not the same story", above=(words,)))


def _outlet(store: Store, alert: Alert) -> Outlet:
    story = store.story(alert.story_id or 0)
    if story is None or not story.articles:
        raise NotKnownError("The story is no longer in the database.")
    return Outlet(source_id=story.articles[0].article.source_id, destination=alert.destination)


def _outlet_name(store: Store, alert: Alert) -> str:
    story = store.story(alert.story_id or 0)
    return story.articles[0].article.outlet if story and story.articles else ""


def _until(chosen: str, now: datetime) -> Until:
    if chosen == "pinned":
        return "pinned"
    return now + SPANS.get(chosen, SPANS["7d"])


def _end(act: Act, press: Press) -> str:
    settings = press.settings
    return f" until {when(act.until, settings.timezone, now=press.desk.now)}" if act.until else ""
