"""One guest under several engines in lock step: each is equal to the first, the reference, at every checkpoint, or the
instruction is found at which it becomes different.

A checkpoint compares all that a machine is: registers, time, memory, devices, console output, disk. Checkpoints lie
the further apart the longer a run lasts. At a difference both machines are made anew as they were at the last
checkpoint, and the stretch is bisected; from reset, if the difference depends on what the engine did before that.

An engine that needs a build of the guest of its own executes other instructions. It runs beside the others, and what
can be compared is compared when both have ended: how they ended, console output, disk.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import islice, takewhile
from time import perf_counter
from typing import Any

from dbt.devices.disk import SECTOR
from dbt.engines import table
from dbt.machine.saved import Saved
from dbt.machine.step import Cpu
from dbt.machine.stop import Stop, TrapInfo
from dbt.mmu.choice import Mmu
from dbt.vmm.memories import chunks, differing
from dbt.vmm.vm import Vm
from isa.model import Isa
from isa.record import Record

FIRST = 1000
"""Instructions to the first checkpoint."""
SECONDS = 0.5
"""Checkpoints lie no further apart when a stretch takes the machines so long ..."""
SHARE = 0.1
"""... and comparing them takes less than this part of that."""
MOST_WORDS = 16
"""Differing words of memory that are told."""

Row = tuple[str, int, int, int]
"""A register or a word of memory: its name, what it was, what the engine and what the reference made of it."""


class Setup(Record):
    """A guest, and the machine that each engine gets of its own."""

    isa: Isa
    image: bytes
    entry: int
    ram: int
    source: bytes
    """The console's input."""
    disk: bytes | None
    seed: int
    mmu: Mmu
    describe: Callable[[Cpu], str] = lambda cpu: f"{cpu.pc:#x}"
    """Where a guest is, in words."""


class Checkpoint(Record):
    """A machine between two instructions."""

    retired: int
    cpu: Saved
    bus: Saved
    memory: dict[int, bytes]
    """Address -> what is there; elsewhere are zeros."""
    output: bytes
    disk: bytes | None

    def word(self, address: int) -> int:
        """A word of memory."""
        start = max((at for at in self.memory if at <= address), default=address)
        return int.from_bytes(self.memory.get(start, b"")[address - start :][:4], "little")


class Party:
    """An engine at work on a machine of its own."""

    def __init__(self, engine: str, setup: Setup, at: Checkpoint | None = None, singly: bool = False) -> None:
        """From reset, or as a machine was `at` a checkpoint. Raises OSError if the host refuses memory.

        `singly`: an engine that can is to execute each instruction by itself.
        """
        self.name = engine
        self.setup = setup
        self.stop = Stop("limit")
        self.seconds = 0.0
        self.output = io.BytesIO()
        with ExitStack() as made:
            contents = setup.disk if at is None else at.disk
            self.disk = -1 if contents is None else os.memfd_create("ring1-disk", os.MFD_CLOEXEC)
            if contents is not None:
                made.callback(os.close, self.disk)
                with open(self.disk, "wb", closefd=False) as file:
                    file.write(contents)
            path = None if contents is None else f"/proc/self/fd/{self.disk}"
            source = setup.source if at is None else b""
            self.vm = made.enter_context(Vm(setup.isa, setup.ram, source, self.output, path, setup.seed))
            self.vm.load(setup.image, setup.entry)
            if at is not None:
                self.restore(at)
            self.vm.engine = table.make(engine, self.vm, setup.image, setup.mmu)
            if singly:
                getattr(self.vm.engine, "singly", lambda: None)()
            self.close = made.pop_all().close

    def restore(self, at: Checkpoint) -> None:
        """Be as a machine of the same setup was."""
        memory = self.vm.memory
        self.output.write(at.output)
        self.vm.bus.restore(at.bus)
        self.vm.cpu.restore(at.cpu)
        for part in chunks(memory):
            memory.bytes[part] = bytes(part.stop - part.start)
        for address, data in at.memory.items():
            memory.write(address, data)

    def run(self, limit: int) -> None:
        """Run until `limit` instructions have retired since reset."""
        began = perf_counter()
        self.stop = self.vm.run(limit)
        self.seconds += perf_counter() - began

    def contents(self) -> bytes | None:
        """What is on the disk, if there is one."""
        return None if self.disk < 0 else os.pread(self.disk, os.fstat(self.disk).st_size, 0)

    def checkpoint(self) -> Checkpoint:
        """The machine as it is."""
        vm = self.vm
        memory = {part.start: vm.memory.map[part] for part in chunks(vm.memory)}
        # What devices save is theirs, and is read back as JSON has it.
        bus = json.loads(json.dumps(vm.bus.save()))
        return Checkpoint(vm.cpu.retired, vm.cpu.save(), bus, memory, self.output.getvalue(), self.contents())

    def look(self) -> tuple[Any, ...]:
        """All that is compared, but for memory."""
        return self.stop, self.vm.cpu.save(), self.vm.bus.save(), self.output.getvalue()

    def place(self) -> str:
        """Where the guest is, in words."""
        return self.setup.describe(self.vm.cpu)

    def equals(self, other: Party) -> bool:
        return self.look() == other.look() and not differing(self.vm.memory, other.vm.memory)


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
        if ("limit", None) in ends:
            return any(not rest and end == ("limit", None) for rest, end in zip(self.console, ends, strict=True))
        return ends[0] == ends[1] and not any(self.console) and not self.sectors


class Lockstep:
    """Machines with one guest, the first engine's being the reference."""

    def __init__(self, setup: Setup, engines: Sequence[str], builds: Mapping[str, Setup] | None = None) -> None:
        """`builds`: engine -> the build of the guest that it has for itself, for each engine that has one, of which the
        reference is none. Raises OSError if the host refuses memory."""
        self.setup = setup
        self.builds = builds or {}
        self.divergences: dict[str, Divergence] = {}
        self.equal = 0
        """Instructions after which all that have not diverged were last found equal."""
        with ExitStack() as made:
            self.parties: list[Party] = []
            for engine in engines:
                self.parties.append(Party(engine, self.builds.get(engine, setup)))
                made.callback(self.parties[-1].close)
            self.close = made.pop_all().close
        self.reference = self.parties[0]

    def run(self, limit: int | None = None, progress: Callable[[int], None] = lambda retired: None) -> None:
        """Run all machines to their end, or for `limit` instructions; an engine that diverges stops there."""
        reference, at, stretch = self.reference, 0, FIRST
        running = [party for party in self.parties[1:] if party.name not in self.builds]
        built = others = [party for party in self.parties if party.name in self.builds]
        last = reference.checkpoint()
        while (running or others) and at != limit:
            at = at + stretch if limit is None else min(at + stretch, limit)
            began = perf_counter()
            for party in (reference, *running, *others):
                party.run(at)
            ran = perf_counter()
            for party in [party for party in running if not party.equals(reference)]:
                running.remove(party)
                self.divergences[party.name] = self.narrow(party, last, at)
            progress(at)
            if running:
                self.equal = reference.vm.cpu.retired
                last = reference.checkpoint()
            ended = reference.stop.reason != "limit"
            if ended:
                running = []
            awaited = {"limit"} if ended else {"limit", "exit", "trap", "double-fault", "halt"}
            others = [party for party in built if party.stop.reason in awaited]
            if ran - began < SECONDS or perf_counter() - ran > SHARE * (ran - began):
                stretch *= 2

    def endings(self) -> dict[str, Ending]:
        """How the engines ended that have a build for themselves."""
        return {party.name: ending(party, self.reference) for party in self.parties if party.name in self.builds}

    # --- Finding the instruction --------------------------------------------------------

    @cached_property
    def beginning(self) -> Checkpoint:
        """The machine at reset."""
        party = Party(self.reference.name, self.setup)
        try:
            return party.checkpoint()
        finally:
            party.close()

    @contextmanager
    def pair(self, engine: str, origin: Checkpoint, count: int, singly: bool = False) -> Iterator[tuple[Party, Party]]:
        """The engine and the reference, made anew at `origin` and run until `count` instructions have retired."""
        with ExitStack() as made:
            pair = []
            for name in (engine, self.reference.name):
                pair.append(Party(name, self.setup, origin, singly and name == engine))
                made.callback(pair[-1].close)
                if count > origin.retired:
                    pair[-1].run(count)
            yield pair[0], pair[1]

    def differs(self, engine: str, origin: Checkpoint, count: int, singly: bool) -> bool:
        with self.pair(engine, origin, count, singly) as (mine, theirs):
            return not mine.equals(theirs)

    def narrow(self, party: Party, last: Checkpoint, high: int) -> Divergence:
        """Where a party became different that differs after `high` instructions, and did not at `last`."""
        for origin in (last, self.beginning):
            for singly in (True, False):
                if self.differs(party.name, origin, high, singly):
                    return self.bisect(party.name, origin, last.retired, high, singly)
        # It does not happen again: what is known is between which checkpoints it did.
        with self.pair(party.name, last, last.retired) as (_, theirs):
            cpu = theirs.vm.cpu
            return Divergence(
                party.name, last.retired, high, cpu.pc, theirs.place(), apart(party, self.reference, last)
            )

    def bisect(self, engine: str, origin: Checkpoint, low: int, high: int, singly: bool) -> Divergence:
        """Between `low` and `high` instructions the engine, made anew at `origin`, becomes different."""
        if origin.retired < low and self.differs(engine, origin, low, singly):
            low = origin.retired
        while high - low > 1:
            middle = (low + high) // 2
            with self.pair(engine, origin, middle, singly) as (mine, theirs):
                if not mine.equals(theirs):
                    high = middle
                    continue
                low, nearer = middle, theirs.checkpoint()
            # A machine made anew here is taken instead if the difference does not depend on what was before.
            if self.differs(engine, nearer, high, singly):
                origin = nearer
        return self.step(engine, origin, low, high, singly) or self.whole(engine, origin, high)

    def step(self, engine: str, origin: Checkpoint, low: int, high: int, singly: bool) -> Divergence | None:
        """What the instruction does behind which they differ; None if it is right when they stop before it."""
        with self.pair(engine, origin, low, singly) as (mine, theirs):
            before, cpu = theirs.checkpoint(), theirs.vm.cpu
            pc, place = cpu.pc, theirs.place()
            for party in (mine, theirs):
                party.run(high)
            if mine.equals(theirs):
                return None
            return Divergence(engine, low, high, pc, place, apart(mine, theirs, before))

    def whole(self, engine: str, origin: Checkpoint, high: int) -> Divergence:
        """What the instructions from `origin` on do, which differ only together."""
        with self.pair(engine, origin, origin.retired) as (_, theirs):
            pc, place = theirs.vm.cpu.pc, theirs.place()
        with self.pair(engine, origin, high) as (mine, theirs):
            return Divergence(engine, origin.retired, high, pc, place, apart(mine, theirs, origin))


def apart(mine: Party, theirs: Party, before: Checkpoint) -> Apart:
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
    traps = [p.vm.cpu.last if p.vm.cpu.trapped_at == now else None for p in (mine, theirs)]
    return Apart(
        tuple(rows),
        (mine.stop, theirs.stop),
        (traps[0], traps[1]),
        rests(mine.output.getvalue(), theirs.output.getvalue()),
        tuple(sectors(mine.contents() or b"", theirs.contents() or b"")),
        tuple(devices(a.bus.save(), b.bus.save())),
    )


def ending(mine: Party, theirs: Party) -> Ending:
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
    for (name, a), (_, b) in zip(one["devices"], other["devices"], strict=True):
        yield from (f"{name.lower()}'s {what}" for what in a if a[what] != b[what] and what != "contents")
