"""How are keywords edited in Slack? Three boxes, then what the last 7 days would have sent, then saved.

    boxes ──sent──► read ──► tried on the last 7 days ──► shown ──sent again──► saved as the console saves

Nothing is saved that was not tried as it stands. A file that somebody saved meanwhile is not written over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from alerts.channels.slack.forms import Box, Choice, Sheet
from config.settings import Role
from news.errors import ConfigError, QueryError
from nightdesk.acts.rights import NotAllowedError
from nightdesk.desk.press import NotKnownError, Press, told_with
from nightdesk.desk.stories import may_read

if TYPE_CHECKING:
    from alerts.channels.slack.asked import Form
    from news.nouns import Clause, Watchlist
    from nightdesk.rehearsal_steps import Rehearsal
    from nightdesk.watchlists import Shelved
    from storage.contract import Store

FORM, WHICH = "keywords", "which_keywords"
DAYS = timedelta(days=7)
TRYING = "Looking at what the last 7 days would have sent …"
TRY, SAVE = "Try it on last week", "Save"
GONE = "The watchlist of this message is no longer there."
MOST_STORIES = 8
#: Box → the list in the file, and how it is called.
BOXES = {
    "any": ("any", "Any of these", 'One a line. "ICE" near "jail": =ICE NEAR/15 jail'),
    "all": ("all", "Must also have", "One a line; every one must be there too."),
    "never": ("never", "Never", "One a line; each leaves a story out."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stands in the boxes."""

    # Empty: a new one.
    watchlist_id: str = ""
    name: str = ""
    boxes: Mapping[str, tuple[str, ...]]
    # Where a new one sends.
    to: str = ""
    # Of the file as it was when the form was opened.
    file: str = ""
    # Of the boxes as they were tried.
    tried: str = ""

    @property
    def mark(self) -> str:
        """What tells these boxes from others."""
        return _mark(repr((self.name, sorted(self.boxes.items()))))


async def ask_for_new(press: Press, words: str, to: str) -> None:
    """Open a form for a new watchlist with these words in it."""
    _check(press)
    line = " ".join(words.split())
    draft = Draft(
        name=line[:1].upper() + line[1:],
        boxes={"any": (line,) if line else (), "all": (), "never": ()},
        to=to,
    )
    await _open(press, draft)


async def ask_for_known(press: Press) -> None:
    """Open a form with the keywords that a message was sent for; of several watchlists, ask which."""
    _check(press)
    key = press.asked.key
    places = await press.desk.store.read(lambda store: _watchlists_of(store, key))
    mine = [each for each in _readable(press) if each.id in places]
    if not mine:
        raise NotKnownError(GONE)
    if len(mine) > 1:
        which = Choice(
            name="watchlist", label="Of which?", options=tuple((each.id, each.name) for each in mine)
        )
        await press.reply.open(Sheet(name=WHICH, title="Edit keywords", send="Edit", fields=(which,)))
        return
    await _open(press, draft_of(mine[0], _text(press, mine[0])))


async def chosen(press: Press) -> None:
    """Show the keywords of the watchlist that was chosen."""
    _check(press)
    wanted = press.asked.form.fields.get("watchlist") if press.asked.form else ""
    watchlist = next((each for each in _readable(press) if each.id == wanted), None)
    if watchlist is None:
        raise NotKnownError(GONE)
    await _try(press, draft_of(watchlist, _text(press, watchlist)))


def _readable(press: Press) -> list[Watchlist]:
    return [each for each in press.settings.watchlists if may_read(press.reader, each)]


def _watchlists_of(store: Store, key: str) -> tuple[str, ...]:
    thread = store.thread(told_with(store, key).thread_id or 0)
    return thread.watchlist_ids if thread else ()


def draft_of(watchlist: Watchlist, text: str) -> Draft:
    """Return a watchlist as it stands in the boxes."""
    lists: Mapping[str, tuple[Clause, ...]] = {
        "any": watchlist.any,
        "all": watchlist.all,
        "never": watchlist.never,
    }
    boxes = {box: tuple(clause.text for clause in found) for box, found in lists.items()}
    return Draft(watchlist_id=watchlist.id, name=watchlist.name, boxes=boxes, file=_mark(text))


async def _open(press: Press, draft: Draft) -> None:
    view = await press.reply.open(sheet_of(draft, below=(TRYING,)))  # first: it can be opened for 3 s only
    below = await _tried(press, draft) if any(draft.boxes.values()) else ()
    tried = replace(draft, tried=draft.mark) if below and draft.watchlist_id else draft
    await press.reply.show(sheet_of(tried, below=below), view_id=view)


async def sent(press: Press) -> None:
    """Try what stands in the boxes, or save it when it was tried as it stands."""
    form = press.asked.form
    if form is None:
        return
    _check(press)
    draft = _draft_in(form)
    wrong = dict(_wrong(draft))
    if wrong:
        await press.reply.wrong(wrong, sheet_of(draft, below=tuple(wrong.values())))
        return
    if draft.tried != draft.mark:
        await _try(press, draft)
        return
    await _save(press, draft)


async def _try(press: Press, draft: Draft) -> None:
    await press.reply.show(sheet_of(draft, below=(TRYING,)))
    below = await _tried(press, draft)
    await press.reply.show(sheet_of(replace(draft, tried=draft.mark), below=below))


async def _tried(press: Press, draft: Draft) -> tuple[str, ...]:
    """Return what the last 7 days would have sent, in lines."""
    try:
        return await press.desk.store.read_long(lambda store: _rehearsed(press, store, draft))
    except (ConfigError, QueryError) as error:
        return (f"{error}",)


def _rehearsed(press: Press, store: Store, draft: Draft) -> tuple[str, ...]:
    from nightdesk.rehearsal import rehearse

    watchlist, now = _watchlist(press, draft), press.desk.now
    found = rehearse(store, watchlist, press.settings, since=now - DAYS, until=now)
    return tuple(_lines(found, press))


def _lines(rehearsal: Rehearsal, press: Press) -> Iterator[str]:
    from nightdesk import rehearsal_words as words

    yield "The last 7 days. Nothing is sent."
    # What is said to somebody at a terminal is of no use here.
    yield from (line.replace(" without --since", " by itself") for line in words.total_lines(rehearsal))
    yield from words.noise_lines(rehearsal)
    caught, _ = words.shown_steps(rehearsal, every=False)
    seen: dict[int, str] = {}
    for step in caught:
        seen.setdefault(step.story.id, f"• {words.how_words(step, press.settings)}: {step.story.title}")
    yield from list(seen.values())[:MOST_STORIES]
    more = rehearsal.stories - len(seen)
    if more > 0:
        yield f"and {more:,} more"


async def _save(press: Press, draft: Draft) -> None:
    from nightdesk.watchlists import NotChangedError

    try:
        changed = await press.desk.keep(lambda store: _write(press, store, draft))
    except NotChangedError as error:
        lines = (f"{error}", *(f"{problem.what}. {problem.write}" for problem in error.problems))
        await press.reply.show(sheet_of(draft, below=lines))
        return
    if changed:
        await press.desk.renewed()
    words = "Saved. It holds from now on; what was filed before is not told."
    await press.reply.show(_told(words if changed else "It says so already; nothing was changed."))


def _write(press: Press, store: Store, draft: Draft) -> bool:
    """Save the file as the console saves it; False when it says so already."""
    from nightdesk.watchlists import NotChangedError, Writer

    desk = press.desk
    shelved, text = _file(press, draft)
    if draft.watchlist_id and _mark(shelved.text) != draft.file:
        raise NotChangedError("Somebody saved this watchlist meanwhile. Nothing was changed: open it again.")
    if text == shelved.text:
        return False
    environment, who = desk.world.environment, press.reader.id
    writer = Writer(folder=desk.folder, environment=environment, store=store, now=desk.now, who=who)
    writer.write(shelved, text, how="saved" if shelved.text else "added")
    return True


def _file(press: Press, draft: Draft) -> tuple[Shelved, str]:
    """Return the watchlist's file as it is, and its text as it should be."""
    from nightdesk.watchlists import FOLDER, Shelved, Wishes, edited, id_for, shelf, short_form

    found = shelf(press.desk.folder, press.desk.world.environment)
    if not draft.watchlist_id:
        id_ = id_for(draft.name) or "keywords"
        if any(each.id == id_ for each in found):
            raise ConfigError(f'There is a watchlist "{id_}" already. Choose another name.')  # noqa: EM102
        text = short_form(draft.name, draft.boxes.get("any", ()), to=draft.to or "desk")
        text = edited(text, Wishes(add_all=draft.boxes["all"], add_never=draft.boxes["never"]))
        return Shelved(path=f"{FOLDER}/{id_}.yaml", text="", watchlist=None, private=False), text
    shelved = next((each for each in found if each.id == draft.watchlist_id), None)
    if shelved is None or shelved.watchlist is None:
        raise ConfigError("The watchlist's file is no longer there, or cannot be read.")
    before = draft_of(shelved.watchlist, shelved.text).boxes
    added = {box: _without(draft.boxes[box], before[box]) for box in BOXES}
    gone = tuple(line for box in BOXES for line in _without(before[box], draft.boxes[box]))
    wishes = Wishes(add_any=added["any"], add_all=added["all"], add_never=added["never"], remove=gone)
    # First what is new: a list that is emptied and filled again keeps its place and its comments.
    text = edited(shelved.text, replace(wishes, remove=()))
    return shelved, edited(text, Wishes(remove=gone))


def _without(lines: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in others)


def _watchlist(press: Press, draft: Draft) -> Watchlist:
    """Return the watchlist as it would be, sending where it would send.

    Raises:
        ConfigError: its file could not be read any more.
    """
    from config.load import read
    from config.reading import read_text
    from config.watchlist_file import read_watchlist

    shelved, text = _file(press, draft)
    found = read(press.desk.folder, press.desk.world.environment, instead={shelved.path: text})
    lists = found.settings.watchlists if found.settings else ()
    made = next((each for each in lists if each.where == shelved.path), None)
    if made is not None:
        return made
    errors = (each for each in found.problems if each.severity == "error" and each.path == shelved.path)
    wrong = next(errors, None)
    if wrong is not None:
        raise ConfigError(f"{wrong.what}. {wrong.write}")  # noqa: EM102
    # Another file is broken: this one is tried as far as it is known where it sends.
    alone = read_watchlist(read_text(shelved.path, text), desk=(), digest_at="").watchlist
    known = next((each for each in press.settings.watchlists if each.id == alone.id), None)
    return replace(alone, deliver=known.deliver) if known else alone


def _text(press: Press, watchlist: Watchlist) -> str:
    path = press.desk.folder / watchlist.where
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _wrong(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield what cannot be read, box by box."""
    from news.matching.parsing import parse

    if not draft.boxes["any"] and not draft.boxes["all"]:
        yield "any", "Write at least one word or phrase."
    if not draft.watchlist_id and not draft.name.strip():
        yield "name", "Give it a name."
    for box, lines in draft.boxes.items():
        for line in lines:
            try:
                parse(line)
            except QueryError as error:
                yield box, f"{line}: {error}. Write {error.write}" if error.write else f"{line}: {error}"
                break


def sheet_of(draft: Draft, *, below: tuple[str, ...]) -> Sheet:
    """Return the form."""
    named = () if draft.watchlist_id else (Box(name="name", label="Name", text=draft.name, lines=False),)
    boxes = tuple(
        Box(name=box, label=label, text="\n".join(draft.boxes.get(box, ())), hint=hint)
        for box, (_, label, hint) in BOXES.items()
    )
    return Sheet(
        name=FORM,
        title=draft.name if draft.watchlist_id else "New keywords",
        send=SAVE if draft.tried == draft.mark else TRY,
        fields=(*named, *boxes),
        below=below,
        memory={
            "id": draft.watchlist_id,
            "name": draft.name,
            "to": draft.to,
            "file": draft.file,
            "tried": draft.tried,
        },
    )


def _draft_in(form: Form) -> Draft:
    memory = {name: str(value) for name, value in form.memory.items()}
    boxes = {
        box: tuple(
            dict.fromkeys(line.strip() for line in form.fields.get(box, "").splitlines() if line.strip())
        )
        for box in BOXES
    }
    return Draft(
        watchlist_id=memory.get("id", ""),
        name=" ".join(form.fields.get("name", "").split()) or memory.get("name", ""),
        boxes=boxes,
        to=memory.get("to", ""),
        file=memory.get("file", ""),
        tried=memory.get("tried", ""),
    )


def _check(press: Press) -> None:
    if press.reader.role < Role.EDITOR:
        raise NotAllowedError("To change keywords you must be an editor. Ask whoever looks after Nightdesk.")


def _told(words: str) -> Sheet:
    return Sheet(name="told", title="Keywords", above=(words,))


def _mark(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
