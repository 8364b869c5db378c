"""What does an editor's word on a story teach the watchlist?

The word is kept, with who and when. What could be changed is judged by `news.matching.learning` on every
story that the watchlist caught; a change that is accepted goes into the watchlist's file, beside an example
that keeps it from being undone by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from config.edit import put_line, rewrite_line
from news.errors import ConfigError
from news.nouns import Article, Mark, Match, Story, StoryMatch, Watchlist
from nightdesk.declining import refusal_of
from nightdesk.watchlists import with_line
from storage.contract import Store

if TYPE_CHECKING:
    from news.matching.learning import Edit, Kept, Lesson

LOOK_BACK = timedelta(days=365)  # evidence is kept so long
MOST_STORIES = 500  # that a change is held against, the newest; about 10 ms each
#: An example has as much of an article as a message may have.
MOST_SENTENCES, MOST_CHARACTERS = 2, 320


def keep_word(store: Store, mark: Mark) -> bool:
    """Keep what somebody said of a story; False when that is what was said of it last."""
    said = [each for each in store.marks_of(mark.story_id) if each.watchlist_id == mark.watchlist_id]
    if said and said[-1].relevant is mark.relevant:
        return False
    store.record_mark(mark)
    return True


def words_on(marks: Iterable[Mark]) -> dict[int, bool]:
    """Return what stands of all that was said: story → whether it is relevant."""
    return {mark.story_id: mark.relevant for mark in marks}


def lesson_of(store: Store, watchlist: Watchlist, wrong: Story, *, now: datetime) -> Lesson:
    """Return what could be changed so that a story is not caught, and what that would cost.

    What somebody declined is not offered again.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    lesson = whole_lesson_of(store, watchlist, wrong, now=now)
    open_ones = (each for each in lesson.offered if refusal_of(store, watchlist.id, each.edit) is None)
    return replace(lesson, offered=tuple(open_ones))


def whole_lesson_of(store: Store, watchlist: Watchlist, wrong: Story, *, now: datetime) -> Lesson:
    """Return the same with what was declined.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    from news.matching.learning import learn

    matches = {match.story_id: match for match in store.story_matches(wrong.id)}
    remembered = _remembered(wrong, matches.get(wrong.id))
    return learn(watchlist, remembered, caught(store, watchlist, now=now))


def caught(store: Store, watchlist: Watchlist, *, now: datetime) -> Iterator[Kept]:
    """Yield the stories that a watchlist caught in the last year, and those marked as relevant to it."""
    from news.matching.learning import Kept

    said = words_on(store.marks(watchlist.id))
    found = store.matches_of(watchlist.id, since=now - LOOK_BACK, limit=MOST_STORIES)
    matches = {match.story_id: match for match in found}
    for story_id in dict.fromkeys([*matches, *(each for each, relevant in said.items() if relevant)]):
        story = store.story(story_id)
        if story is not None:
            yield Kept(story=_remembered(story, matches.get(story_id)), relevant=said.get(story_id))


def _remembered(story: Story, match: StoryMatch | None) -> Story:
    """Return a story; an article whose text is gone has the sentences that matched in its place."""
    evidence = {each.article_id: each for each in (match.matches if match else ())}
    articles = tuple(
        each
        if each.article.text or each.article.id not in evidence
        else replace(each, article=replace(each.article, text=_sentences(evidence[each.article.id])))
        for each in story.articles
    )
    return replace(story, articles=articles)


def _sentences(match: Match) -> str:
    return "\n".join(dict.fromkeys(each.sentence for each in match.evidence if each.field == "text"))


# ── Into the file ─────────────────────────────────────────────────────────────────────────────────────────


def example_of(watchlist: Watchlist, edit: Edit, wrong: Story) -> Mapping[str, str] | None:
    """Return an article, as short as can be, that the watchlist catches now and will not catch any more."""
    from news.matching.compiled import compile_watchlist
    from news.matching.matcher import match

    now, after = compile_watchlist(watchlist), compile_watchlist(edit.applied(watchlist))
    for article in (each.article for each in wrong.articles):
        found = match(article, now)
        for example in _shortened(article, found) if found else ():
            tried = replace(article, title=example["title"], text=example.get("text", ""))
            if match(tried, now) and not match(tried, after):
                return example
    return None


def _shortened(article: Article, found: Match) -> Iterator[Mapping[str, str]]:
    """Yield the headline, then the headline with the sentences that matched."""
    title = " ".join(article.title.split())
    yield {"title": title}
    sentences = [" ".join(each.sentence.split()) for each in found.evidence if each.field == "text"]
    text = " ".join(list(dict.fromkeys(sentences))[:MOST_SENTENCES])
    if text and len(text) <= MOST_CHARACTERS:
        yield {"title": title, "text": text}


def changed_file(text: str, watchlist: Watchlist, edit: Edit, example: Mapping[str, str] | None) -> str:
    """Return the watchlist's file with the change, and the example below `expect_no_match`.

    Raises:
        ConfigError: it cannot be changed by itself.
    """
    for change in edit.changes:
        if change.before is None:
            text = with_line(text, ("match", "never"), change.after)
        else:
            role = "any" if change.before in watchlist.any else "all"
            text = _rewritten(text, role, change.before.text, change.after)
    return put_line(text, ("expect_no_match",), example) if example else text


def _rewritten(text: str, role: str, before: str, after: str) -> str:
    for path in (
        ("match", role),
        ("match", "all"),
    ):  # where only all: is written, its first line is asked first
        try:
            return rewrite_line(text, path, before, after)
        except ConfigError:
            continue
    return rewrite_line(text, ("match",), before, after)
