"""Differences between machines that ran one guest under different engines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile

from ring1.dbt.compare.contender import Checkpoint, Contender
from ring1.dbt.devices.sectors import SECTOR
from ring1.dbt.machine.memories import differing
from ring1.dbt.machine.saved import Saved
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.isa.record import Record

MOST_WORDS = 16
"""The most differing words of memory that are reported."""

Row = tuple[str, int, int, int]
"""A register or word of memory: its name, its value before, and its values under the engine and under the reference."""


class Apart(Record):
    """The difference between a machine and the reference's. Pairs are the engine's and the reference's."""

    rows: tuple[Row, ...]
    stops: tuple[Stop, Stop]
    traps: tuple[TrapInfo | None, TrapInfo | None]
    """The trap or interrupt that each took in place of an instruction, or before it."""
    console: tuple[bytes, bytes]
    """The output of each after what both printed."""
    sectors: tuple[int, ...]
    """Numbers of the sectors of the disk that differ."""
    devices: tuple[str, ...]
    """Other state of devices that differs."""


class Divergence(Record):
    """An engine equals the reference after `low` instructions, and differs after `high`."""

    engine: str
    low: int
    high: int
    pc: int
    place: str
    """Description of where the reference was after `low`."""
    apart: Apart

    @property
    def exact(self) -> bool:
        """Has it been narrowed down to one instruction?"""
        return self.high == self.low + 1


CUT = ("limit", "output")
"""Reasons to stop a run that would have continued."""


class Ending(Record):
    """How a machine with another build of the guest ended. Pairs are the engine's and the reference's."""

    stops: tuple[Stop, Stop]
    place: str
    """Description of where the other build was."""
    console: tuple[bytes, bytes]
    """The output of each after what both printed."""
    sectors: tuple[int, ...]
    """Numbers of the sectors of the disk that differ."""

    @property
    def refused(self) -> bool:
        """Was there no such build, so that the engine refused an unmodified guest?"""
        return self.stops[0].reason == "refused"

    @property
    def equal(self) -> bool:
        """Did both end alike? The output of a run that was cut short need only be a prefix of the other's."""
        ends = [(stop.reason, stop.code) for stop in self.stops]
        if any(reason in CUT for reason, _ in ends):
            return any(not rest and reason in CUT for rest, (reason, _) in zip(self.console, ends, strict=True))
        return ends[0] == ends[1] and not any(self.console) and not self.sectors


def apart(mine: Contender, theirs: Contender, before: Checkpoint) -> Apart:
    """Compare two machines that were equal at `before`."""
    a, b = mine.vm, theirs.vm
    isa, rows = a.isa, list[Row]()
    names = [names[0] for names in isa.registers] + list(isa.slots)[len(isa.registers) :]
    rows += [
        (name, before.cpu["words"][slot], a.cpu.s[n], b.cpu.s[n])
        for n, (name, slot) in enumerate(zip(names, isa.slots, strict=True))
    ]
    rows += [("instructions", before.retired, a.cpu.retired, b.cpu.retired)]
    rows += [("time skipped", before.cpu["idle"], a.cpu.idle, b.cpu.idle)]
    rows = [row for row in rows if row[2] != row[3]]
    x, y = a.memory.words, b.memory.words
    places = (i for page in differing(a.memory, b.memory) for i in range(page << 10, page + 1 << 10) if x[i] != y[i])
    rows += [(f"[{4 * i:#010x}]", before.word(4 * i), x[i], y[i]) for i in islice(places, MOST_WORDS)]
    now = before.cpu["time"]
    traps = [p.vm.cpu.first if p.vm.cpu.trapped_at(now) else None for p in (mine, theirs)]
    return Apart(
        tuple(rows),
        (mine.stop, theirs.stop),
        (traps[0], traps[1]),
        rests(mine.output.getvalue(), theirs.output.getvalue()),
        tuple(sectors(mine.contents() or b"", theirs.contents() or b"")),
        tuple(devices(a.bus.save(), b.bus.save())),
    )


def ending(mine: Contender, theirs: Contender) -> Ending:
    """Compare how two machines with different builds of the guest ended."""
    return Ending(
        (mine.stop, theirs.stop),
        mine.place(),
        rests(mine.output.getvalue(), theirs.output.getvalue()),
        tuple(sectors(mine.contents() or b"", theirs.contents() or b"")),
    )


def rests(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """Return what follows the common prefix in each."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[common:], other[common:]


def sectors(one: bytes, other: bytes) -> list[int]:
    """Return the numbers of the sectors in which two disks differ."""
    if one == other:
        return []
    starts = range(0, len(one), SECTOR)
    return [at // SECTOR for at in starts if one[at : at + SECTOR] != other[at : at + SECTOR]]


def devices(one: Saved, other: Saved) -> Iterator[str]:
    """Name the state of devices that differs, except for the contents of the disk."""
    for name, a in one["devices"].items():
        b = other["devices"][name]
        yield from (f"{name}'s {what}" for what in a if a[what] != b[what] and what != "contents")
