"""The measures of judgement, held against examples worked out by hand."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.judgement.__main__ import told_below
from bench.judgement.decided import agreed
from bench.judgement.measures import (
    Score,
    adjusted_rand,
    b_cubed,
    b_cubed_f1,
    precision_recall,
    scored,
    shingle_counts,
    verdict_f1,
)
from bench.judgement.stories import clusters, pairs_of, recall_when_precise
from tests.news.sameness.newsstand import AGENCY, FIRST_LEAD, POOL, SECOND_LEAD

CHECKOUT = Path(__file__).parents[2]
labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)


def test_b_cubed_of_a_split_and_a_mixed_story() -> None:
    gold = {"a": 1, "b": 1, "c": 1, "d": 2}
    found = {"a": "x", "b": "x", "c": "y", "d": "y"}
    each = b_cubed(gold, found)
    assert each == [(1, 2 / 3), (1, 2 / 3), (1 / 2, 1 / 3), (1 / 2, 1)]
    assert b_cubed_f1(each) == pytest.approx(2 * 0.75 * (2 / 3) / (0.75 + 2 / 3))


@given(labels)
def test_perfect_stories_score_one(pairs: list[tuple[int, int]]) -> None:
    gold = {str(number): story for number, (story, _) in enumerate(pairs)}
    assert b_cubed_f1(b_cubed(gold, gold)) == 1.0
    assert adjusted_rand([(story, story) for story, _ in pairs]) == pytest.approx(1.0)


def test_adjusted_rand_of_a_coin_toss_is_nothing() -> None:
    assert adjusted_rand([(1, 1), (1, 2), (2, 1), (2, 2)]) == pytest.approx(-0.5)


def test_precision_and_recall_count_what_was_said_and_what_is_true() -> None:
    verdicts = [(True, True), (True, False), (False, True), (True, True)]
    assert precision_recall(verdicts) == (2 / 3, 2 / 3)
    assert verdict_f1(verdicts) == pytest.approx(2 / 3)


def test_recall_when_precise_stops_before_the_threshold_lets_too_much_in() -> None:
    assert recall_when_precise([(0.9, True), (0.8, True), (0.7, False), (0.6, True)]) == 2 / 3
    assert recall_when_precise([(0.9, False), (0.8, False)]) == 1.0


def test_four_words_in_a_row_are_what_texts_are_compared_by() -> None:
    assert shingle_counts("one two three four five", "one two three four six") == (0.5, 0.5)
    assert shingle_counts("one two three four", "") == (0.0, 0.0)


def test_pairs_are_of_one_label() -> None:
    assert pairs_of({"b": 1, "a": 1, "c": 2}) == {("a", "b")}


def test_a_bound_lies_below_what_was_reached_and_is_the_same_each_time() -> None:
    verdicts = [(True, True)] * 15 + [(True, False)] * 5
    first = scored("a set", "recall", verdicts, lambda drawn: precision_recall(drawn)[1])
    assert 0 < first.low < first.value == 0.75
    assert first == scored("a set", "recall", verdicts, lambda drawn: precision_recall(drawn)[1])


def test_a_perfect_score_is_not_a_perfect_bound() -> None:
    score = scored("a set", "recall", [(True, True)] * 30, lambda drawn: precision_recall(drawn)[1])
    assert (score.value, score.low) == (1.0, 0.9)


def test_a_set_of_stories_is_scored_through_the_judge(tmp_path: Path) -> None:
    dam = [("\n".join([*FIRST_LEAD, *AGENCY]), "dam"), ("\n".join([*SECOND_LEAD, *AGENCY]), "dam")]
    other = [("\n".join(POOL[9:13]), "bread"), ("\n".join(POOL[13:]), None)]
    rows = [
        {"id": f"i{at}", "date": "2026-03-18", "source": f"s{at}", "title": "", "text": text, "story": story}
        for at, (text, story) in enumerate([*dam, *other])
    ]
    (tmp_path / "county").mkdir()
    packed = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    (tmp_path / "county" / "items.jsonl.gz").write_bytes(packed)
    (score,) = clusters(tmp_path, "county", {"B-cubed F1": 0.5})
    assert (score.value, score.note) == (1.0, "2 stories found, 2 true")


def test_a_score_below_its_floor_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    score = Score(dataset="a set", measure="F1", value=0.8, low=0.7)
    assert told_below([score], {"a set: F1": {"floor": 0.7}}) == 0
    assert told_below([score], {"a set: F1": {"floor": 0.81}}) == 1
    assert capsys.readouterr().err == "a set: F1 is 0.800, below its floor\n"


def test_without_the_sets_it_says_so_and_is_content(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.judgement"],
        cwd=CHECKOUT,
        env={"NIGHTDESK_DATA": str(tmp_path / "nowhere"), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "not measured" in done.stdout) == (0, True)


def test_what_people_decided_is_counted_pair_by_pair() -> None:
    first, second, other = (
        {"id": name, "date": "2026-03-18", "source": name, "title": title, "text": "\n".join(text)}
        for name, title, text in (
            ("a", "Boats leave Coldwater in a hurry", (*FIRST_LEAD, *AGENCY)),
            ("b", "Diver calls crack long as a bus", (*SECOND_LEAD, *AGENCY)),
            ("c", "School board postpones vote", POOL[9:14]),
        )
    )
    same = {"same": True, "one": [first], "other": [second, other]}
    apart = {"same": False, "one": [first], "other": [other]}
    assert agreed([same, apart]) == [1.0, 0.0, 1.0]
