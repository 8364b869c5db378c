"""What happens to each parser when it is given anything at all? `./do bench fuzz [--seconds N] [TARGET]...`.

Honest bytes are damaged at random: letters changed, pieces cut out, doubled, swapped with another seed's,
words put in that have hurt parsers before. Each target runs in a process of its own, bounded in memory, for
so many seconds. It fails when a parser raises what nobody catches, answers what it must never answer, or
takes its process along; the bytes that did it are kept and named. What takes longer than reading may take is
counted: in the service it costs its child and nobody else.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from bench.fuzz.seeds import SPICES
from bench.fuzz.targets import Target, targets

SECONDS = 2.0  # for each target, when nothing else is said
MEMORY = 1024 * 1024 * 1024  # bytes of address space
SLOW = 5.0  # seconds; the child that reads is killed then
LARGEST = 200_000  # bytes; damage doubles things
KEPT = Path(tempfile.gettempdir()) / "nightdesk-fuzz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one target."""

    name: str
    tried: int = 0
    slow: int = 0
    # What went wrong, and where the bytes are that did it.
    problem: str = ""


def damaged(seeds: Sequence[bytes], chance: Random) -> bytes:
    """Return a seed with some damage done to it."""
    body = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3, 8, 30))):
        at = chance.randrange(len(body) + 1)
        length = min(chance.choice((1, 2, 8, 64, 400)), LARGEST - len(body))
        kind = chance.randrange(6)
        if kind == 0:
            body[at : at + length] = chance.randbytes(max(length, 0) % 9)
        elif kind == 1:
            del body[at : at + length]
        elif kind == 2 and length > 0:  # noqa: PLR2004 - one of six kinds, as below
            body[at:at] = body[at : at + length] * chance.choice((1, 2, 20))
        elif kind == 3:  # noqa: PLR2004
            body[at:at] = chance.choice(SPICES)
        elif kind == 4:  # noqa: PLR2004
            other = chance.choice(seeds)
            start = chance.randrange(len(other))
            body[at:at] = other[start : start + length]
        elif body:
            body[at % len(body)] ^= 1 << chance.randrange(8)
    return bytes(body[:LARGEST])


def attack(target: Target, *, seconds: float, seed: int, kept: Path) -> Outcome:
    """Give a target damaged bytes for so long; the latest are in `kept`, should this process not survive."""
    chance = Random(seed)  # noqa: S311 - damage, the same for the same seed
    tried = slow = 0
    end = time.monotonic() + seconds
    with kept.open("wb", buffering=0) as file:
        while time.monotonic() < end:
            body = damaged(target.seeds, chance)
            file.seek(0)
            file.truncate()
            file.write(body)
            started = time.process_time()
            try:
                target.read(body)
            except MemoryError:
                slow += 1
            except BaseException as problem:  # noqa: BLE001 - whatever it is, this is what is looked for
                what = f"{type(problem).__name__}: {problem}"[:200]
                return Outcome(name=target.name, tried=tried, slow=slow, problem=f"{what} ({kept})")
            tried += 1
            slow += time.process_time() - started > SLOW
    kept.unlink()
    return Outcome(name=target.name, tried=tried, slow=slow)


def in_a_process(name: str, *, seconds: float, seed: int) -> Outcome:
    """Attack a target in a process of its own."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{name}-{sha256(f'{seed}'.encode()).hexdigest()[:8]}"
    command = [sys.executable, "-m", "bench.fuzz", "--one", name, "--seconds", str(seconds)]
    done = subprocess.run(  # noqa: S603 - our own module
        [*command, "--seed", str(seed), "--kept", str(kept)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return Outcome(**json.loads(done.stdout))
    last = (done.stderr.strip().splitlines() or ["no word"])[-1][:200]
    return Outcome(name=name, problem=f"took its process along ({done.returncode}): {last} ({kept})")


def main(arguments: list[str]) -> int:
    """Attack every target that was asked for; 1 when one gave way."""
    parser = argparse.ArgumentParser(prog="./do bench fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--kept", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    seed = asked.seed if asked.seed is not None else Random().randrange(10**9)  # noqa: S311 - damage
    if asked.one:
        return _be_the_process(asked.one, seconds=asked.seconds, seed=seed, kept=asked.kept)
    known = targets()
    unknown = set(asked.targets) - known.keys()
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    sys.stdout.write(
        f"{asked.seconds:g} seconds each, --seed {seed}\n\n{'target':<16}{'tried':>10}{'slow':>6}\n"
    )
    failed = 0
    for name in asked.targets or known:
        outcome = in_a_process(name, seconds=asked.seconds, seed=seed)
        failed += bool(outcome.problem)
        sys.stdout.write(
            f"{name:<16}{outcome.tried:>10,}{outcome.slow:>6}  {outcome.problem}".rstrip() + "\n"
        )
        sys.stdout.flush()
    return min(failed, 1)


def _be_the_process(name: str, *, seconds: float, seed: int, kept: Path) -> int:
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    outcome = attack(targets()[name], seconds=seconds, seed=seed, kept=kept)
    facts = {"name": outcome.name, "tried": outcome.tried, "slow": outcome.slow, "problem": outcome.problem}
    sys.stdout.write(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
