"""The probe: the topmost layer over a CPU, which sees what the guest does, and changes nothing but where a run ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ring1.dbt.machine.addressing import NOWHERE
from ring1.dbt.machine.stop import Stop, Stopped
from ring1.dbt.machine.supervisor import Instruction, Layer
from ring1.dbt.travel.reading import ReadingCpu
from ring1.dbt.travel.watch import Watch
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.vm import Vm
from ring1.isa.codec import Decoded
from ring1.isa.record import Record

Told = Callable[[int, int], None]
"""Called with pc and word of an instruction that is about to execute."""
Entered = Callable[[int, int, int], None]
"""Called with cause, value and pc of a trap or interrupt that has been taken."""
Exit = Callable[[str], None]
Condition = Callable[[], bool]
BREAKPOINT, WATCHPOINT, ENTRY, RETURNED = "breakpoint", "watchpoint", "entry", "returned"
FAILED = "failed"
"""Reasons of a Stop: before an instruction, behind a load or store, behind the entry to a handler, at Interest.returns,
and where somebody who was told has raised an exception."""


class Interest(Record):
    """What is asked of a probe during a run."""

    stops: Mapping[int, Condition] = {}
    """Address of an instruction -> does the machine stop before it now?"""
    told: tuple[Told, ...] = ()
    """Told of every instruction."""
    entered: tuple[Entered, ...] = ()
    """Told of every trap and interrupt."""
    watches: tuple[Watch, ...] = ()
    """Stores."""
    reads: tuple[Watch, ...] = ()
    """Loads, of a ReadingCpu."""
    exits: Exit | None = None
    """Told of exits to the VMM."""
    returns: int = NOWHERE
    """Where nothing can be fetched, and a run ends that comes there."""
    entries: bool = False
    """Stop behind the entry to a handler as well."""

    def attention(self, interpreted: bool, left: Exit) -> Attention:
        """Return what the interpreter has to execute for it; all if `interpreted`. `left` is told of exits if anybody
        is."""
        frames = frozenset(frame for watch in self.watches for frame in watch.frames)
        all_of_them = interpreted or bool(self.told or self.entered or self.entries or self.reads)
        return Attention(all_of_them, frozenset(self.stops), frames, left if self.exits else None)


class Probe(Layer):
    """Sees instructions that the interpreter executes, traps that it takes, and writes to observed pages."""

    def __init__(self, vm: Vm) -> None:
        super().__init__(vm.cpu.supervisor)
        self.vm = vm
        self.cpu = vm.cpu
        self.interest = Interest()
        self.begun = -1, -1
        """Time and pc of the last instruction that was seen: one that is intercepted begins twice."""
        self.live = False
        """Does the machine run? What is written to it otherwise nobody is told of."""
        self.halting = False
        """An entry has been seen, and no instruction is to follow."""
        self.error: Exception | None = None
        """What somebody who was told has raised: the run ends."""
        vm.cpu.supervise(self)
        vm.memory.followers.append(self.written)

    def ask(self, interest: Interest) -> None:
        """Take an interest in these things from now on, and in no others."""
        before, self.interest = self.interest, interest
        if self.looks(before) or self.looks(interest):
            self.cpu.bound.clear()
        if isinstance(self.cpu, ReadingCpu):
            self.cpu.reads = tuple((watch, self.read) for watch in interest.reads)

    @staticmethod
    def looks(interest: Interest) -> bool:
        """Must every instruction of the interpreter be looked at?"""
        return bool(interest.stops or interest.told or interest.entries or interest.watches or interest.reads)

    def forget(self) -> None:
        """Forget the last instruction: the machine is at another moment."""
        self.begun, self.halting = (-1, -1), False

    # --- As a supervisor ---------------------------------------------------------------

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        made = super().bind(word, decoded)
        if not self.looks(self.interest):
            return made

        def observed(pc: int) -> int:
            self.begin(pc, word)
            return made(pc)

        return observed

    def begin(self, pc: int, word: int) -> None:
        """See an instruction that is about to execute. Raises Stopped if the run ends before it."""
        if self.halting:
            raise Stopped(Stop(ENTRY))
        now = self.cpu.time, pc
        interest = self.interest
        if now != self.begun:
            self.begun = now
            self.cpu.pc = pc  # for those who are told: a burst keeps it to itself
            for tell in interest.told:
                self.tell(tell, pc, word)
            condition = interest.stops.get(pc)
            if condition is not None and self.tell(condition):
                raise Stopped(Stop(BREAKPOINT))
            if self.error is not None:
                raise Stopped(Stop(FAILED))

    def tell(self, whom: Callable[..., object], *what: object) -> object:
        """Call a function of somebody else's. What it raises ends the run, between two instructions."""
        try:
            return whom(*what)
        except Exception as error:
            self.error = self.error or error
            self.vm.interrupt(FAILED)
            return False

    def left(self, reason: str) -> None:
        """Generated code has exited to the VMM."""
        assert self.interest.exits is not None
        self.tell(self.interest.exits, reason)

    def take(self, cause: int, value: int) -> None:
        if self.cpu.pc == self.interest.returns:
            raise Stopped(Stop(RETURNED))
        super().take(cause, value)

    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        handler = super().trap_entry(cause, value, pc)
        for tell in self.interest.entered:
            self.tell(tell, cause, value, pc)
        if self.interest.entries:
            self.halting = True
            self.vm.interrupt(ENTRY)
        return handler

    def page_written(self, page: int, address: int, length: int) -> None:
        for watch in self.interest.watches if self.live else ():
            if page == max(address, watch.start) >> 12 and watch.meets(address, length):
                if self.tell(watch.act, address, length):
                    self.vm.interrupt(WATCHPOINT)
        super().page_written(page, address, length)

    def written(self, address: int, data: bytes) -> None:
        """Bytes of memory have been written, observed or not."""
        for watch in self.interest.watches if self.live else ():
            if watch.told is not None and watch.meets(address, len(data)):
                self.tell(watch.told, address, data)

    def read(self, watch: Watch, address: int, data: bytes) -> None:
        """Bytes of memory have been loaded."""
        if watch.told is not None:
            self.tell(watch.told, address, data)
        if self.tell(watch.act, address, len(data)):
            self.vm.interrupt(WATCHPOINT)
