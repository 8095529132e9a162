"""How machines that ran one guest under different engines differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile

from ring1.dbt.compare.contender import Checkpoint, Contender
from ring1.dbt.devices.disk import SECTOR
from ring1.dbt.machine.memories import differing
from ring1.dbt.machine.saved import Saved
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.isa.record import Record

MOST_WORDS = 16
"""Differing words of memory that are told."""

Row = tuple[str, int, int, int]
"""A register or a word of memory: its name, what it was, what the engine and what the reference made of it."""


class Apart(Record):
    """How a machine differs from that of the reference. Pairs are the engine's and the reference's."""

    rows: tuple[Row, ...]
    stops: tuple[Stop, Stop]
    traps: tuple[TrapInfo | None, TrapInfo | None]
    """The trap or interrupt that each took instead of an instruction, or before it."""
    console: tuple[bytes, bytes]
    """What each printed behind what both did."""
    sectors: tuple[int, ...]
    """Of the disk."""
    devices: tuple[str, ...]
    """What else devices do not agree on."""


class Divergence(Record):
    """An engine equals the reference after `low` instructions and differs after `high`."""

    engine: str
    low: int
    high: int
    pc: int
    place: str
    """Where the reference was after `low`, in words."""
    apart: Apart

    @property
    def exact(self) -> bool:
        """Has it been narrowed down to one instruction?"""
        return self.high == self.low + 1


CUT = ("limit", "output")
"""Why a run ends that would have gone on."""


class Ending(Record):
    """How a machine with another build of the guest has ended. Pairs are the engine's and the reference's."""

    stops: tuple[Stop, Stop]
    place: str
    """Where the other build was, in words."""
    console: tuple[bytes, bytes]
    """What each printed behind what both did."""
    sectors: tuple[int, ...]
    """Of the disk, that differ."""

    @property
    def refused(self) -> bool:
        """There is no such build: the engine was given a guest that knows nothing of it."""
        return self.stops[0].reason == "refused"

    @property
    def equal(self) -> bool:
        """Where a run was cut short, it has printed the beginning of what the other has."""
        ends = [(stop.reason, stop.code) for stop in self.stops]
        if any(reason in CUT for reason, _ in ends):
            return any(not rest and reason in CUT for rest, (reason, _) in zip(self.console, ends, strict=True))
        return ends[0] == ends[1] and not any(self.console) and not self.sectors


def apart(mine: Contender, theirs: Contender, before: Checkpoint) -> Apart:
    """How two machines differ that were equal before."""
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
    """How two machines have ended that had different builds of the guest."""
    return Ending(
        (mine.stop, theirs.stop),
        mine.place(),
        rests(mine.output.getvalue(), theirs.output.getvalue()),
        tuple(sectors(mine.contents() or b"", theirs.contents() or b"")),
    )


def rests(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """What is behind their common beginning."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[common:], other[common:]


def sectors(one: bytes, other: bytes) -> list[int]:
    """The numbers of the sectors in which two disks differ."""
    if one == other:
        return []
    starts = range(0, len(one), SECTOR)
    return [at // SECTOR for at in starts if one[at : at + SECTOR] != other[at : at + SECTOR]]


def devices(one: Saved, other: Saved) -> Iterator[str]:
    """What devices do not agree on, but for what is on the disk."""
    for name, a in one["devices"].items():
        b = other["devices"][name]
        yield from (f"{name}'s {what}" for what in a if a[what] != b[what] and what != "contents")
