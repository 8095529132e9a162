"""A batch: an image of RAM with a harness and programs, and the reference's run of it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.listing import Lines, Listing
from ring1.dbt.fuzz.peer import layout
from ring1.dbt.fuzz.peer.cpu import PeerCpu
from ring1.dbt.machine.lookaside import Lookup
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa import boards
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.record import Record

HERE = Path(__file__).parent
DESCRIPTION, BOARD, HARNESS = (str(HERE / name) for name in ("qemu.isa", "qemu.board", "harness.s"))
STRETCH = 1000
"""Instructions between two looks at what the reference has done."""
MOST_INSTRUCTIONS = 8_000
"""A program that has not ended after so many is left out: the peer would not come to an end either."""


@cache
def machine() -> Isa:
    """Return the machine that the peer is."""
    return load(DESCRIPTION)


@cache
def harness() -> tuple[bytes, Mapping[str, int]]:
    """Return the harness's code and symbols."""
    made = assemble(machine(), [(HARNESS, Path(HARNESS).read_text())])
    return made.image, made.symbols


def own_instructions() -> int:
    """Return how many instructions the harness executes for each program."""
    symbols = harness()[1]
    return (symbols["finish"] - symbols["next"]) // 4


class Outcome(Record):
    """What the reference has done with a batch."""

    ram: bytes
    instructions: int
    """Those of the programs, without the harness's."""
    endless: frozenset[int]
    """The programs that have not ended ..."""
    opened: frozenset[int]
    """... those that relied on translations that the manual leaves open, ..."""
    split: frozenset[int]
    """... those that accessed data in another mode's name, which the peer confuses, ..."""
    unlike: frozenset[int]
    """... and those that named a control register that the peer has otherwise (see PeerCpu)."""


def image(programs: Sequence[tuple[Facts, Lines] | None]) -> bytearray:
    """Return RAM with the harness and these programs; None stands for one that is left out."""
    ram = bytearray(layout.SIZE)
    code, _ = harness()
    ram[: len(code)] = code

    def put(offset: int, word: int) -> None:
        ram[offset : offset + 4] = word.to_bytes(4, "little")

    put(layout.RECORD, layout.BASE + layout.RECORDS)
    for number, made in enumerate(programs):
        if made is not None:
            content = Listing(*made).image()
            at = layout.place(number)
            ram[at : at + len(content)] = content
            put(layout.PROGRAMS + 4 * number, layout.BASE + at)
    put(layout.PROGRAMS + 4 * len(programs), layout.LAST)
    return ram


class Reference:
    """The reference's machine with a batch."""

    def __init__(self, ram: bytearray | bytes, count: int, isa: Isa) -> None:
        self.count, self.isa = count, isa
        self.vm = Vm(isa, layout.SIZE, b"", io.BytesIO(), processor=PeerCpu, board=boards.load(BOARD))
        self.endless, self.opened, self.split, self.unlike = set[int](), set[int](), set[int](), set[int]()
        cpu = self.vm.cpu
        assert isinstance(cpu, PeerCpu)
        self.vm.load(bytes(ram), layout.BASE)
        cpu.decide(self.noted)
        cpu.on_split = lambda: self.split.add(self.done)
        cpu.on_unlike = self.named
        self.vm.engine = ENGINES.reference.make(self.vm, b"", Options())

    def noted(self, lookup: Lookup, ways: int) -> int:
        """Note that the present program uses what it has changed and not flushed; go by the tables."""
        self.opened.add(self.done)
        return 0

    def named(self, pc: int) -> None:
        """Note that the present program names a control register that the peer has otherwise."""
        if pc >= layout.BASE + layout.FIRST:
            self.unlike.add(self.done)

    @property
    def done(self) -> int:
        return self.vm.memory.words[layout.BASE + layout.DONE >> 2]

    def leave_out(self) -> None:
        """Give up the present program, and go on with the next one."""
        words, cpu = self.vm.memory.words, self.vm.cpu
        self.endless.add(self.done)
        words[layout.BASE + layout.DONE >> 2] += 1
        words[layout.BASE + layout.RECORD >> 2] += layout.RECORD_SIZE
        for name, control in self.isa.controls.items():
            if control.stored:
                cpu.s[self.isa.slots[name]] = control.reset & control.stored
        cpu.pc = harness()[1]["next"]
        cpu.no_traps()
        cpu.changed()

    def run(self) -> Outcome:
        """Run the programs one after the other."""
        vm, began, done = self.vm, 0, 0
        lost = 0
        while not vm.memory.words[layout.BASE + layout.FINISHED >> 2]:
            stop = vm.run(vm.cpu.retired + STRETCH)
            if self.done != done:
                began, done = vm.cpu.retired, self.done
            elif stop.reason != "limit" or vm.cpu.retired - began > MOST_INSTRUCTIONS:
                lost += vm.cpu.retired - began
                self.leave_out()
        ended = self.count - len(self.endless)
        memory = vm.memory
        content = bytes(memory.bytes[memory.base : memory.end])
        own = max(0, vm.cpu.retired - lost - ended * own_instructions())
        left_out = (frozenset(each) for each in (self.endless, self.opened, self.split, self.unlike))
        return Outcome(content, own, *left_out)

    def close(self) -> None:
        self.vm.close()


def reference(ram: bytearray | bytes, count: int, isa: Isa | None = None) -> Outcome:
    """Run a batch of so many programs under the reference, on the machine that the peer is or on another."""
    running = Reference(ram, count, isa or machine())
    try:
        return running.run()
    finally:
        running.close()
