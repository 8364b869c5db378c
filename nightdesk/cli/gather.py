"""`nightdesk stories`: merge, split, apart, release, decisions.

What a person says of stories. It is kept with a name and a reason, the machine never goes against it, and it
is a labelled pair for whoever measures the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from news.wording import counted, joined, when
from nightdesk.addresses import address_in, number_in
from nightdesk.cli.archive import STORY_NUMBER, archive
from nightdesk.cli.context import Call, TroubleError, command
from nightdesk.cli.meant import story_numbered
from nightdesk.story_decisions import decision_facts

if TYPE_CHECKING:
    from config.settings import Settings
    from news.nouns import Story
    from storage.contract import Store
    from storage.gathering_contract import Decision, Merged, Merger, Parted

_one = click.argument("one", metavar="STORY", type=STORY_NUMBER)
_other = click.argument("other", metavar="OTHER", type=STORY_NUMBER)
_reason = click.option("--reason", default="", metavar="WORDS", help="Why, for whoever reads it later.")
_who = click.option("--who", metavar="NAME", help="Who says so.  [who is logged in here]")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")


class Word(TypedDict):
    """What every one of these commands is told beside its stories."""

    reason: str
    who: str | None
    dry_run: bool


@command("merge")
@_one
@_other
@_reason
@_who
@_dry_run
def merge(call: Call, one: int, other: int, **word: Unpack[Word]) -> None:
    """Make one story of two that tell the same event; the older number stays, and nothing is sent again."""
    settings = call.settings()
    with archive(call, settings) as store:
        pair = _two_stories(call, store, one, other)
        merger = _merger(call, pair, word)
        merged = store.merge_stories(merger)
        if merged is None:
            _against(call, store, pair, "apart")
        else:
            kept = store.story(merged.story_id)
            decision = _newest(store, merged.story_id) if not word["dry_run"] else None
            _tell_merged(call, settings, merged, kept or pair[0], decision)


@command("split")
@click.argument("story", metavar="STORY", type=STORY_NUMBER)
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@click.option("--tell", is_flag=True, help="Tell the new story as if it had just come in.")
@_reason
@_who
@_dry_run
def split(call: Call, story: int, articles: tuple[str, ...], tell: bool, **word: Unpack[Word]) -> None:
    """Make a story of its own of articles that tell another event.

    ARTICLE is an article's address, or its number as `stories show` has it. What was sent of it counts as
    sent; what still waited is told by the new story.
    """
    from storage.gathering_contract import Parting

    settings = call.settings()
    with archive(call, settings) as store:
        found = story_numbered(call, store, story)
        ids = tuple(_article_in(call, found, what) for what in articles)
        if len(set(ids)) == len(found.articles):
            raise click.UsageError("a story keeps at least one article", click.get_current_context())
        parting = Parting(
            story_id=found.id,
            article_ids=ids,
            reason=word["reason"],
            who=_says(call, word["who"]),
            tell=tell,
            now=call.now,
            dry_run=word["dry_run"],
        )
        parted = store.split_story(parting)
        if parted is None:
            staying = [each.article.id for each in found.articles if each.article.id not in ids]
            _refuse(call, store.decided(ids, staying, "same"), "same")
        else:
            _tell_parted(call, store, found, parted, dry_run=word["dry_run"])


@command("apart")
@_one
@_other
@_reason
@_who
@_dry_run
def apart(call: Call, one: int, other: int, **word: Unpack[Word]) -> None:
    """Say that two stories are not the same: nothing but a person joins them from then on."""
    settings = call.settings()
    with archive(call, settings) as store:
        pair = _two_stories(call, store, one, other)
        decision = store.keep_apart(_merger(call, pair, word))
    dry_run = word["dry_run"]
    call.printer.record({**decision_facts(decision), "dry_run": dry_run})
    first, second = pair
    done = "Would be kept apart" if dry_run else "Kept apart"
    call.printer.data(f"{done}: {first.id}  {first.title}\nand {second.id}  {second.title}")
    _how_to_lift(call, None if dry_run else decision)


@command("release")
@click.argument("number", metavar="DECISION", type=STORY_NUMBER)
@_reason
@_who
def release(call: Call, number: int, reason: str, who: str | None) -> None:
    """Lift a decision of a person; the stories stay as they are until somebody moves them."""
    settings = call.settings()
    with archive(call, settings) as store:
        decision = _decision_numbered(call, store, number)
        if decision.stands:
            decision = store.release_decision(decision.id, who=_says(call, who), reason=reason, now=call.now)
            done = "Released"
        else:
            done = "Released already"
        again = _again(call, store, decision)
    call.printer.record(decision_facts(decision))
    call.printer.data(f"{done}: decision {decision.id}, {_verdict(decision)}, by {decision.who}")
    if again:
        call.printer.data(again)


@command("decisions")
@click.option("--texts", is_flag=True, help="With --json: the articles' full texts too, to measure with.")
def decisions(call: Call, texts: bool) -> None:
    """List what people decided about stories; with --json, labelled pairs to measure the machine with."""
    from nightdesk.story_decisions import labelled

    settings = call.settings()
    with archive(call, settings) as store:
        found = store.decisions()
        for decision in found:
            call.printer.record(labelled(store, decision, texts=texts))
        rows = [(str(each.id), _line(store, each, settings, call)) for each in found]
    call.printer.table(rows)
    if not found:
        call.printer.say("Nobody decided anything yet.")


def _two_stories(call: Call, store: Store, one: int, other: int) -> tuple[Story, Story]:
    first, second = story_numbered(call, store, one), story_numbered(call, store, other)
    if first.id == second.id:
        what = f"{one} and {other} are one story" if one != other else "name two stories"
        raise TroubleError(what, then=call.typed(f"stories show {first.id}"))
    return first, second


def _merger(call: Call, pair: tuple[Story, Story], word: Word) -> Merger:
    from storage.gathering_contract import Merger

    one, other = pair
    return Merger(
        one=one.id,
        other=other.id,
        reason=word["reason"],
        who=_says(call, word["who"]),
        now=call.now,
        dry_run=word["dry_run"],
    )


def _says(call: Call, name: str | None) -> str:
    around = call.around.environment
    return name or around.get("USER") or around.get("LOGNAME") or "somebody at the command line"


def _article_in(call: Call, story: Story, what: str) -> int:
    """Return the id of an article of a story, by its address or by its number in the story."""
    from news.urls import canonical

    address, number = address_in(what), number_in(what)
    if address:
        known = {each.article.address: each.article.id for each in story.articles}
        found = known.get(canonical(address)) or known.get(address)
    else:
        found = story.articles[number - 1].article.id if 0 < number <= len(story.articles) else None
    if found is None:
        missing = f'"{what}" is no article of story {story.id}'
        raise TroubleError(missing, then=call.typed(f"stories show {story.id}"))
    return found


def _newest(store: Store, story_id: int) -> Decision | None:
    found = store.decisions(story_id=story_id)
    return found[-1] if found else None


def _against(call: Call, store: Store, pair: tuple[Story, Story], verdict: str) -> None:
    sides = [[each.article.id for each in story.articles] for story in pair]
    _refuse(call, store.decided(sides[0], sides[1], "apart"), verdict)


def _refuse(call: Call, decision: Decision | None, verdict: str) -> None:
    """Say which person decided otherwise, and how it is lifted."""
    if decision is None:
        raise TroubleError("a decision was just lifted; try again")
    meant = "these are not one story" if verdict == "apart" else "these belong together"
    why = f": {decision.reason}" if decision.reason else ""
    what = f"{decision.who} decided that {meant}{why}"
    raise TroubleError(what, then=call.typed(f"stories release {decision.id}"))


def _decision_numbered(call: Call, store: Store, number: int) -> Decision:
    found = store.decisions(decision_id=number)
    if not found:
        what = f"there is no decision {number}"
        raise TroubleError(what, then=call.typed("stories decisions"))
    return found[0]


# ── What was done ─────────────────────────────────────────────────────────────────────────────────────────


def _tell_merged(
    call: Call, settings: Settings, merged: Merged, story: Story, decision: Decision | None
) -> None:
    from nightdesk.handovers import place_of
    from nightdesk.private import people_places

    hidden = people_places(settings)
    kept, moved = ([to for to in places if to not in hidden] for places in (merged.kept, merged.moved))
    is_try = decision is None
    call.printer.record(
        {
            "story": merged.story_id,
            "gone": merged.gone_id,
            "articles": merged.articles,
            "kept": kept,
            "moved": moved,
            "merged_messages": merged.merged_alerts,
            "decision": decision.id if decision else None,
            "dry_run": is_try,
        }
    )
    done = "Would be merged" if is_try else "Merged"
    call.printer.data(f"{done}: story {merged.gone_id} into {merged.story_id}")
    lines = [(str(merged.story_id), story.title), ("", f"{counted(merged.articles, 'article')} came with it")]
    lines += [
        ("", f"{place_of(to)}: the older message stays, the younger one says where the story goes on")
        for to in moved
    ]
    lines += [("", f"{place_of(to)}: its message is the story's own now") for to in kept if to not in moved]
    if merged.merged_alerts:
        lines.append(("", f"{counted(merged.merged_alerts, 'message')} that waited is in another one now"))
    call.printer.table(lines)
    call.printer.data("Nothing is sent again.")
    _how_to_lift(call, decision)


def _tell_parted(call: Call, store: Store, story: Story, parted: Parted, *, dry_run: bool) -> None:
    new = None if dry_run else store.story(parted.new_id)
    decision = None if dry_run else _newest(store, parted.new_id)
    call.printer.record(
        {
            "story": parted.story_id,
            "new": None if dry_run else parted.new_id,
            "articles": parted.articles,
            "told": parted.is_told,
            "withdrawn_messages": parted.withdrawn_alerts,
            "decision": decision.id if decision else None,
            "dry_run": dry_run,
        }
    )
    done = "Would be split" if dry_run else "Split"
    call.printer.data(f"{done}: {counted(parted.articles, 'article')} of story {story.id}")
    if new is not None:
        call.printer.table([(str(new.id), new.title)])
    if parted.withdrawn_alerts:
        said = counted(parted.withdrawn_alerts, "message")
        call.printer.data(f"{said} that waited had nothing left to say.")
    how = "It is told as a story that just came in." if parted.is_told else "Nothing is sent again."
    call.printer.data(how)
    _how_to_lift(call, decision)


def _how_to_lift(call: Call, decision: Decision | None) -> None:
    if decision is None:
        call.printer.data("Nothing was changed.")
    else:
        call.printer.data(f"To lift it: {call.typed(f'stories release {decision.id}')}")


def _again(call: Call, store: Store, decision: Decision) -> str:
    """Return the command that would undo what the decision did, if it still can be done."""
    places = store.places([*decision.one, *decision.other])
    one, other = (
        sorted({places[article_id] for article_id in side if article_id in places})
        for side in (decision.one, decision.other)
    )
    if decision.verdict == "apart" and len(one) == len(other) == 1 and one != other:
        return f"To make them one: {call.typed(f'stories merge {one[0]} {other[0]}')}"
    if decision.verdict == "same" and one == other and len(one) == 1:
        story = store.story(one[0])
        numbers = _numbers(story, decision.other) if story else ""
        return f"To part them: {call.typed(f'stories split {one[0]} {numbers}')}" if numbers else ""
    return ""


def _numbers(story: Story, article_ids: Sequence[int]) -> str:
    ids = [each.article.id for each in story.articles]
    return " ".join(str(ids.index(article_id) + 1) for article_id in article_ids if article_id in ids)


def _verdict(decision: Decision) -> str:
    return "one story" if decision.verdict == "same" else "not one story"


def _line(store: Store, decision: Decision, settings: Settings, call: Call) -> str:
    from nightdesk.story_decisions import headlines

    at = when(decision.at, settings.timezone, now=call.now)
    why = f": {decision.reason}" if decision.reason else ""
    lifted = f"; released by {decision.released_by}" if not decision.stands else ""
    told = joined(f'"{title}"' for title in headlines(store, decision))
    return f"{_verdict(decision)}, {told}; {decision.who}, {at}{why}{lifted}"
