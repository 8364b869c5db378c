"""The bench that damages things finds what gives way, and knows every parser there is."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bench.fuzz.__main__ import attack, damaged
from bench.fuzz.seeds import SEEDS
from bench.fuzz.targets import Target, targets
from crawler.reading.jobs import JOBS


def test_every_parser_of_strangers_bytes_is_a_target_with_seeds_of_its_own() -> None:
    assert JOBS.keys() <= targets().keys()
    assert JOBS.keys() == SEEDS.keys()


def test_the_same_seed_does_the_same_damage_and_another_one_other() -> None:
    same = [damaged((b"<rss>words</rss>",), Random(seed)) for seed in (7, 7, 8)]  # noqa: S311 - damage
    assert same[0] == same[1] != same[2]


def test_what_gives_way_is_named_with_the_bytes_that_did_it(tmp_path: Path) -> None:
    def fragile(body: bytes) -> None:
        if len(body) > 40:
            raise ZeroDivisionError("too long")

    target = Target(name="fragile", read=fragile, seeds=(b"some words that are to be damaged",))
    outcome = attack(target, seconds=30, seed=1, kept=tmp_path / "kept")
    assert outcome.problem.startswith("ZeroDivisionError: too long")
    assert len((tmp_path / "kept").read_bytes()) > 40


@pytest.mark.parametrize(
    "name", ["feed", "outlines", "date", "retry-after", "lessons", "packed", "answer-parcel"]
)
def test_a_moment_of_damage_breaks_nothing(name: str, tmp_path: Path) -> None:
    outcome = attack(targets()[name], seconds=0.1, seed=20260318, kept=tmp_path / "kept")
    assert (outcome.problem, outcome.slow) == ("", 0)
    assert outcome.tried
