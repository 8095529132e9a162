"""A campaign against a peer: batches of numbered programs, what was compared, and what was found, shrunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.listing import Line, Listing
from ring1.dbt.fuzz.peer.compare import PeerDifference, Run, alone, compared
from ring1.dbt.fuzz.peer.doubts import REASONS
from ring1.dbt.fuzz.peer.harness import Made
from ring1.dbt.fuzz.peer.programs import program

SHRINKING = 30.0
"""Seconds for one difference."""
MOST_FINDINGS = 20
EACH = 32
"""Programs in a batch: the peer starts in the time that the reference takes for one of them."""
Test = Callable[[Made], PeerDifference | None]


class PeerCampaign:
    """What has been compared and found so far."""

    def __init__(self, seed: int, run: Run, folder: Path, name: str, shrinking: float = SHRINKING) -> None:
        """`shrinking`: seconds for one difference."""
        self.seed, self.run, self.folder, self.name, self.shrinking = seed, run, folder, name, shrinking
        self.began = monotonic()
        self.programs = self.rounds = self.instructions = self.cut = self.batches = 0
        self.doubts = dict.fromkeys(REASONS, 0)
        self.findings: list[Path] = []
        self.alike = 0

    def batch(self, numbers: range) -> None:
        """Compare the programs with these numbers, at most `layout.MOST`."""
        made = [program(self.seed, number, at) for at, number in enumerate(numbers)]
        result = compared(made, self.run)
        self.batches += 1
        self.programs += result.programs
        self.rounds += result.rounds
        self.instructions += result.instructions
        self.cut += result.cut
        for why, rounds in result.doubts.items():
            self.doubts[why] += rounds
        for difference in result.differences:
            if len(self.findings) < MOST_FINDINGS:
                self.found(numbers[difference.number], made[difference.number], difference)
            else:
                self.alike += 1

    def found(self, number: int, made: Made, difference: PeerDifference) -> None:
        """Write a difference down, shrunk if the program shows it by itself."""
        at = difference.number
        small, shown = shrunk(made, difference, lambda each: alone(each, at, self.run), self.shrinking)
        path = self.folder / "findings" / f"{len(self.findings) + 1:03}-{self.name}-{self.seed}-{number}.s"
        path.parent.mkdir(parents=True, exist_ok=True)
        width = max(len(name) for name, _, _ in shown.rows)
        heads = ("", ENGINES.reference.name, self.name)
        states = [f"//   {name:{width}}  {want}  {got}" for name, want, got in (heads, *shown.rows)]
        head = [f"// Program {number} of seed {self.seed} ends otherwise under {self.name}:", *states, ""]
        path.write_text("\n".join(head) + "\n" + Listing(*small).text())
        self.findings.append(path)

    def line(self) -> str:
        """Return what has been done, in a line."""
        seconds = max(monotonic() - self.began, 0.001)
        left_out = ", ".join(f"{self.doubts[why]:,} {words}" for why, words in REASONS.items())
        return (
            f"{self.programs:,} programs in {self.batches:,} batches, {self.rounds:,} rounds, "
            f"{self.instructions:,} instructions ({self.instructions / seconds:,.0f}/s), {self.cut:,} rounds cut where "
            f"they were, left out: {left_out}; {len(self.findings) + self.alike} differences"
        )


def shrunk(made: Made, difference: PeerDifference, test: Test, seconds: float) -> tuple[Made, PeerDifference]:
    """Return the shortest program found in the given time that still differs, with how it does."""
    facts, lines = made
    until = monotonic() + seconds
    best = made, difference
    first = test(made)
    if first is None:
        return best
    best = made, first
    size = max(1, len(lines) // 2)
    while size:
        at = 0
        while at < len(best[0][1]) and monotonic() < until:
            less = without(best[0][1], at, size)
            found = test((facts, less))
            if found is not None:
                best = (facts, less), found
            else:
                at += size
        size //= 2
    return best


def without(lines: tuple[Line, ...], at: int, size: int) -> tuple[Line, ...]:
    return lines[:at] + lines[at + size :]


def ranges(programs: int | None, each: int = EACH) -> Iterator[range]:
    """Yield the numbers of each batch: of so many programs, or for ever."""
    first = 0
    while programs is None or first < programs:
        count = each if programs is None else min(each, programs - first)
        yield range(first, first + count)
        first += count
