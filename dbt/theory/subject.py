"""The reference interpreter as the subject of experiments: it executes one instruction from any state, and returns the
outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import CODE, MOST, PAGE, Memory
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.isa.model import WORD, Isa
from ring1.isa.python import Trap
from ring1.isa.simplify import assuming
from ring1.isa.virtual import kept, read


class Situation(NamedTuple):
    """A state of the machine, without its memory."""

    words: int
    """All registers as one number, 32 bits for each of Isa.slots."""
    time: int
    ram: int
    """Bytes of RAM."""
    port: int
    """The value that every I/O port reads as."""
    lines: int
    """The interrupt lines that devices assert."""


class Outcome(NamedTuple):
    words: int
    cause: int | None
    """Cause of the trap that the instruction took, in which case it has changed nothing."""
    memory_trap: bool
    """The trap is a memory trap, which Popek and Goldberg leave aside."""
    accesses: tuple[tuple[int, int], ...]
    """Addresses and sizes in bytes of the memory accesses."""
    writes: tuple[tuple[int, int], ...]
    """Address, as the program sees it, and new value of each byte of memory that changed."""
    effects: tuple[str, ...]
    """Effects other than on registers: "devices", "processor" (it waited), "TLB"."""
    completes: bool
    """The instruction neither traps nor waits for ever."""


class Ports(Bus):
    """A bus on which every port reads the same, and accesses are recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.value = 0
        self.lines = 0
        self.used = False

    def read(self, port: int, now: int) -> int:
        self.used = True
        return self.value

    def write(self, port: int, value: int, now: int) -> None:
        self.used = True

    def level(self, line: int) -> bool:
        return bool(self.lines >> line & 1)


class Subject(Cpu):
    """A CPU with 4 GiB of RAM, which is made to see more or less of it, and which does not enter trap handlers.

    `seen` maps physical page numbers to those that the program sees. What an instruction writes to RAM is undone.
    """

    def __init__(self, isa: Isa) -> None:
        self.ports = Ports()
        super().__init__(isa, Memory(MOST), self.ports)
        self.memory.watch[:] = bytes((CODE,)) * len(self.watch)  # every write calls page_written
        self.size = 4 * len(isa.slots)
        self.seen: Mapping[int, int] = {}
        self.cause: int | None = None
        self.flushes = False
        self.beside = False
        """It has stored at a physical address."""
        self.memory_trap = False
        self.accesses: list[tuple[int, int]] = []
        self.journal: list[tuple[int, bytes]] = []
        mode, slots = isa.mode, isa.slots

        def masked(masks: Mapping[str, int]) -> int:
            return sum(
                (masks[name] & isa.controls[name].stored) << WORD * slots[name] for name in masks if name in slots
            )

        self.machine = masked(kept(isa))
        """M and R as a mask of Situation.words."""
        self.mode_shift = WORD * slots[mode.control] + mode.bits.lo if mode else 0
        self.mode_mask = masked({mode.control: mode.bits.mask}) if mode else 0
        self.hardwired = {WORD * number: value for number, value in isa.hardwired.items()}
        self.stored = masked({name: control.stored for name, control in isa.controls.items()})
        for slot in range(len(isa.registers)):
            self.stored |= 0 if slot in isa.hardwired else 0xFFFFFFFF << WORD * slot
        self.fixed = sum(value << at for at, value in self.hardwired.items())
        self.context_mask = masked(location_bits(isa)) & ~self.mode_mask
        """Mask of the bits that address translation depends on, without the mode."""

    def run(self, state: Situation) -> Outcome:
        """Execute the instruction at pc. RAM is then restored."""
        ports = self.ports
        if self.walker is not None:
            self.walker.flush()  # memory is restored behind the walker's back
        self.enter(state)
        self.cause, self.flushes, self.beside, self.memory_trap, ports.used = None, False, False, False, False
        self.accesses = []
        stopped = False
        try:
            self.burst(state.time + 1)
        except Stopped:
            stopped = True
        writes = self.undone() if self.journal else ()
        effects: tuple[str, ...] = ()
        if ports.used or self.flushes or self.beside or stopped or self.idle:
            waits = stopped or self.idle
            found = (ports.used, "devices"), (waits, "processor"), (self.flushes, "TLB"), (self.beside, "memory")
            effects = tuple(name for happened, name in found if happened)
        words = int.from_bytes(self.state.bytes[: self.size], "little")
        completes = self.cause is None and not stopped
        return Outcome(words, self.cause, self.memory_trap, tuple(self.accesses), writes, effects, completes)

    def undone(self) -> tuple[tuple[int, int], ...]:
        """Undo all writes to memory. Returns the bytes that had changed."""
        memory, seen, journal = self.memory, self.seen, self.journal
        now = {at + n: memory.bytes[at + n] for at, old in journal for n in range(len(old))}
        self.journal = []
        for at, old in reversed(journal):
            memory.bytes[at : at + len(old)] = old
        changed = ((at, byte) for at, byte in now.items() if memory.bytes[at] != byte)
        return tuple(sorted((seen.get(at >> 12, at >> 12) << 12 | at & PAGE - 1, byte) for at, byte in changed))

    def load(self, address: int, size: int, write: bool = False) -> int:
        self.accesses.append((address, size))
        return super().load(address, size, write)

    def store(self, address: int, size: int, value: int) -> None:
        self.accesses.append((address, size))
        super().store(address, size, value)

    def store_physical(self, address: int, value: int) -> None:
        self.beside = True
        super().store_physical(address, value)

    def pieces(self, address: int, size: int, kind: int) -> list[tuple[int, int]]:
        try:
            return super().pieces(address, size, kind)
        except Trap:
            self.memory_trap = True
            raise

    def physical_of(self, address: int, kind: int) -> int:
        try:
            return super().physical_of(address, kind)
        except Trap:
            self.memory_trap = True
            raise

    def enter(self, state: Situation) -> None:
        """Enter a state."""
        self.state.bytes[: self.size] = state.words.to_bytes(self.size, "little")
        self.time, self.idle = state.time, 0
        self.memory.size = self.memory.end = state.ram
        self.ports.value, self.ports.lines = state.port, state.lines
        self.seen_context = ()  # the amount of RAM may differ
        self.refresh()

    def take(self, cause: int, value: int) -> None:
        self.cause = cause

    def flushed(self, address: int | None = None) -> None:
        self.flushes = True

    def page_written(self, page: int, address: int, length: int) -> None:
        self.journal.append((address, self.memory.read(address, length)))

    def mode_of(self, words: int) -> int:
        return (words & self.mode_mask) >> self.mode_shift

    def in_mode(self, words: int, mode: int) -> int:
        """Return the same state in another mode."""
        return words & ~self.mode_mask | mode << self.mode_shift if self.mode_mask else words

    def close(self) -> None:
        self.memory.size = self.memory.end = MOST
        self.ram = self.memory.words
        self.memory.close()


def location_bits(isa: Isa) -> dict[str, int]:
    """Return the control bits that address translation depends on, without an address-space identifier."""
    p = isa.paging
    if p is None:
        return {}
    return read(isa, [assuming(e, {}) for e in (p.when, p.root, *p.rights)])
