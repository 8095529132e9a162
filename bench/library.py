"""What the library costs: calls of guest functions, hooks, and going back in long runs.

    python -m bench.library [--instructions N] [--rounds N]

Times are processor time, the best of the rounds for calls and hooks; for steps back the median and the worst of all,
wall time, as somebody waits for them.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import ring1
from ring1.dbt.engines.table import ENGINES

KERNELS = Path(__file__).parent / "kernels"
NAMES = ("sieve", "quicksort", "matmul", "listwalk", "sha256")
ENGINES_HERE = [name for name in ("interp", "bare", "bt", "hw", "kvm") if not ENGINES[name].why_not()]
CALLS = 2000
POINTS, STEPS = 12, 5
"""Moments that are gone to in each run, and steps back from each."""

GUEST = """
_start: li sp, 0x8000
here:   j here
gcd:    beqz a1, done
again:  remu a2, a0, a1
        mv a0, a1
        mv a1, a2
        bnez a1, again
done:   ret
count:  addi a0, a0, -1
        sw a0, 0x100(zero)
        bnez a0, count
        ret
"""


def best(rounds: int, do: Callable[[], object]) -> float:
    """Return the least processor time of several rounds, in seconds."""
    found = []
    for _ in range(rounds):
        began = process_time()
        do()
        found.append(process_time() - began)
    return min(found)


def calls(rounds: int) -> None:
    """Print what a call of gcd(12, 18) takes, 11 instructions, beside a step by one instruction."""
    print(f"{'engine':<10}{'us a call':>12}{'us a step':>12}{'M insns/s with on_insn':>26}")
    for engine in ENGINES_HERE:
        with ring1.Machine("pg32", text=GUEST, engine=engine) as m:
            m.run(until="here")

            def call(m: ring1.Machine = m) -> None:
                for _ in range(CALLS):
                    m.call("gcd", 12, 18)

            def step(m: ring1.Machine = m) -> None:
                for _ in range(CALLS):
                    m.step()

            call()
            took = best(rounds, call) / CALLS, best(rounds, step) / CALLS
            with m.on_insn(lambda pc: None):
                speed = 300_000 / best(rounds, lambda m=m: m.step(300_000))  # type: ignore[misc]
            print(f"{engine:<10}{took[0] * 1e6:>12.1f}{took[1] * 1e6:>12.1f}{speed / 1e6:>26.2f}", flush=True)


def back(limit: int) -> None:
    """Print what it takes to go to moments of long runs, and to step back from there."""
    print(f"{'bt':<10}{'instructions':>16}{'run s':>8}{'go ms, worst':>14}{'back ms':>9}{'worst':>8}{'MiB':>6}")
    for name in NAMES:
        files = [KERNELS / f"{each}.s" for each in (name, "kernel", "start")]
        with ring1.Machine("pg32", *files, input=b"") as m:
            began = perf_counter()
            m.run(max_insns=limit)
            took, timeline, chosen = perf_counter() - began, m.now(), random.Random(1)
            going, steps = [], []
            for count in (m.count, *(chosen.randrange(m.count) for _ in range(POINTS))):
                began = perf_counter()
                m.at(count)
                going.append(1e3 * (perf_counter() - began))
                for _ in range(STEPS):
                    began = perf_counter()
                    timeline.previous()
                    steps.append(1e3 * (perf_counter() - began))
            kept = timeline.kept.size / (1 << 20)
            print(
                f"{name:<10}{max(at.moment.retired for at in timeline.kept):>16,}{took:>8.2f}{max(going):>14.1f}"
                f"{statistics.median(steps):>9.2f}{max(steps):>8.1f}{kept:>6.0f}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instructions", type=int, default=10**9, help="of the long runs (default: 10^9)")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    calls(arguments.rounds)
    if not ENGINES.default.why_not():
        back(arguments.instructions)


if __name__ == "__main__":
    main()
