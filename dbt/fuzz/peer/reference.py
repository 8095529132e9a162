"""The reference's run of a batch, which comes through every state in which the peer was cut."""

from __future__ import annotations

import io
from collections.abc import Mapping

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.peer import doubts, layout
from ring1.dbt.fuzz.peer.cpu import PeerCpu
from ring1.dbt.fuzz.peer.done import Cut, Done, following
from ring1.dbt.fuzz.peer.harness import BOARD, harness, machine, own_instructions
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa import boards
from ring1.isa.model import Isa
from ring1.isa.record import Record

MOST_INSTRUCTIONS = 20_000
"""A round that has not ended after so many is cut, if the reference is a peer itself."""
MOST_LONG = 400_000
"""A round that has not ended after so many instructions never does."""
MOST_STEPS = 100_000
"""For so many instructions and traps a state is waited for in which the peer was cut."""
WAIT = 4
"""Bytes of the instruction that waits: the peer waits behind it."""
MACHINE, STATUS = 3, 0x1800
"""The mode in which the harness continues where a program was left, and mstatus."""


class Outcome(Record):
    done: Done
    retired: Mapping[int, int]
    """Number of a round -> the instructions that the program retired in it."""
    doubts: Mapping[int, tuple[int, str]]
    """Program -> the first of its rounds that cannot be judged, and why."""
    missed: Mapping[int, Cut]
    """Number of a round -> where it was when the peer's state had not been come through and never would be."""


class Reference:
    """The reference's machine with a batch."""

    def __init__(self, ram: bytearray | bytes, isa: Isa, rom: bytes | None) -> None:
        self.isa = isa
        self.vm = Vm(isa, layout.SIZE, b"", io.BytesIO(), processor=PeerCpu, board=boards.load(BOARD))
        self.doubts = dict[int, tuple[int, str]]()
        self.retired, self.cuts, self.missed = dict[int, int](), dict[int, Cut](), dict[int, Cut]()
        cpu = self.vm.cpu
        assert isinstance(cpu, PeerCpu)
        self.cpu = cpu
        self.words = self.vm.memory.words
        self.vm.load(bytes(ram), layout.BASE)
        cpu.on_doubt = self.doubt
        cpu.begins_at, cpu.on_begin = harness()[1]["begin"], self.begins
        cpu.rom = rom or cpu.rom
        self.begun = -1
        self.vm.engine = ENGINES.reference.make(self.vm, b"", Options())

    def word(self, offset: int) -> int:
        return self.words[layout.BASE + offset >> 2]

    @property
    def present(self) -> int:
        """The number of the present round."""
        return self.word(layout.DONE) * layout.ROUNDS + self.word(layout.ROUND)

    def doubt(self, why: str) -> None:
        """Stop, as the present round cannot be judged."""
        self.doubts.setdefault(self.word(layout.DONE), (self.word(layout.ROUND), why))
        self.vm.interrupt("doubt")

    def begins(self) -> None:
        """Stop where a round begins. A program may begin its own again, by a jump to where RAM begins."""
        if self.present != self.begun:
            self.begun = self.present
            self.vm.interrupt("round")

    def registers(self) -> Mapping[str, int]:
        """Return the present state as a cut's."""
        cpu, s, slots = self.cpu, self.cpu.s, self.isa.slots
        general = {f"x{n}": s[slots[f"x{n}"]] for n in range(1, 32)}
        return {
            "pc": cpu.pc,
            "priv": s[slots["priv"]] & 3,
            **general,
            **{name: cpu.control(name) for name in ("mstatus", *layout.KEPT)},
        }

    def own(self) -> bytes:
        """Return the present program's memory."""
        at = layout.BASE + layout.place(self.word(layout.DONE))
        return bytes(self.vm.memory.bytes[at : at + layout.STRIDE])

    def leave(self) -> None:
        """Leave the present program, and go on with the next one."""
        cpu, s = self.cpu, self.cpu.s
        following(self.words, layout.BASE >> 2)
        s[self.isa.slots["priv"]] = MACHINE
        s[self.isa.slots["mstatus"]] = STATUS
        cpu.pc = harness()[1]["next"]
        cpu.no_traps()
        cpu.changed()

    def run(self, cuts: Mapping[int, Cut] | None) -> Outcome:
        """Run the programs one after the other, and cut where the peer was cut; `cuts` None: where a round is long."""
        vm, cpu = self.vm, self.cpu
        limit, present, began = MOST_INSTRUCTIONS if cuts is None else MOST_LONG, -1, 0
        while True:
            stop = vm.run(cpu.retired + limit)
            if present >= 0:
                more = 0 if self.present == present else own_instructions()
                self.retired[present] = max(0, cpu.retired - began - more)
            if self.word(layout.FINISHED):
                break
            if stop.reason != "round":
                if stop.reason != "doubt":
                    self.cuts[self.present] = Cut(self.registers())
                    if cuts is not None:
                        self.missed[self.present] = self.cuts[self.present]
                self.leave()
                present = -1
                continue
            present, began = self.present, cpu.retired
            told = cuts.get(present) if cuts else None
            if told is not None:
                self.come_to(told)
                if not vm.bus.interrupted.is_set():
                    self.retired[present] = cpu.retired - began
                    self.leave()
                    present = -1
        memory = vm.memory
        content = bytes(memory.bytes[memory.base : memory.end])
        return Outcome(Done(content, True, self.cuts, cpu.rom), self.retired, self.doubts, self.missed)

    def come_to(self, told: Cut) -> None:
        """Execute until the state is the one told. A state that comes again shows that it never will be."""
        cpu, bus, want = self.cpu, self.vm.bus, told.registers
        pc, slots = want["pc"], self.isa.slots
        fixed = [(slots[f"x{n}"], want[f"x{n}"]) for n in range(1, 32)]
        present = self.present
        s, at, size, before = cpu.s, self.isa.slots["pc"], len(self.isa.slots), (b"", b"")
        for step in range(MOST_STEPS):
            if s[at] == pc and all(s[slot] == word for slot, word in fixed) and self.registers() == want:
                return
            now = s[:size].tobytes()
            if now == before[0] and self.own() == before[1]:
                self.missed[present] = Cut(self.registers())
                return
            if step & (step - 1) == 0:
                before = now, self.own()
            try:
                lines = cpu.supervisor.look()
                if lines and (taken := lines & cpu.supervisor.enabled()):
                    cpu.supervisor.take_interrupt(taken)
                else:
                    cpu.due = cpu.last = cpu.pause = cpu.time + 1
                    cpu.step()
            except Stopped as stopped:
                if stopped.stop.reason == "halt":
                    cpu.pc += WAIT
                if self.registers() != want:
                    self.missed[present] = Cut(self.registers())
                return
            if bus.interrupted.is_set():
                if self.present != present:  # it has ended instead
                    self.missed[present] = Cut(self.registers())
                return
        self.doubts.setdefault(self.word(layout.DONE), (self.word(layout.ROUND), doubts.FAR))

    def close(self) -> None:
        self.vm.close()


def reference(ram: bytearray | bytes, done: Done | None = None, isa: Isa | None = None) -> Outcome:
    """Run a batch under the reference, on the machine that the peer is or on another, after a peer or as one."""
    running = Reference(ram, isa or machine(), None if done is None else done.rom)
    try:
        return running.run(None if done is None else done.cuts)
    finally:
        running.close()
