"""The reference's CPU, as the peer has what no description says: how devices are reached."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ring1.dbt.fuzz.peer import doubts, layout
from ring1.dbt.fuzz.peer.buffer import Buffer
from ring1.dbt.machine.addressing import HALF, NOWHERE
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.paging import FETCH, LOAD
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.supervisor import Instruction
from ring1.isa.codec import Decoded
from ring1.isa.model import Isa
from ring1.isa.python import Trap

ROM = range(0x1000, 0x10000)
"""Where the peer has what it resets by."""
HTIF = range(0x1000000, 0x1000010)
"""Where it has the interface to a host that simulates it, which ends it."""
WORD = 4
"""Bytes of a register of the CLINT."""
COUNTERS = tuple(f"{name}{half}" for name in ("mcycle", "minstret", "cycle", "time", "instret") for half in ("", "h"))
UNLIKE = ("pmpcfg0", "pmpaddr0", *COUNTERS)
"""Control registers that the peer has otherwise: physical memory protection, and counters, which show its time."""
FOREIGN = frozenset((*range(0x323, 0x340), *range(0x3A1, 0x3A4), *range(0x3B1, 0x3BD)))
"""Numbers of those that it has and the reference has not: mhpmevent3 to 31, and the rest of memory protection."""
SYSTEM, CSR_AT = 0x73, 20
"""The opcode of instructions on control registers, and where they have the number."""


MSTATUS = ("mstatus", "sstatus", "mstatush", "satp")
"""Control registers whose writes make the peer flush, if these bits change: MXR, SUM, MPRV, MPP, all of satp."""
FLUSHING = 0xE1800
MACHINE = 3


class InRom(Exception):
    """An instruction is fetched from the peer's ROM."""

    def __init__(self, physical: int) -> None:
        super().__init__(physical)
        self.physical = physical


class PeerCpu(Cpu):
    """An interpreter that has what the peer has besides what a description says, and tells of what cannot be judged."""

    walker: Buffer

    def __init__(self, isa: Isa, memory: Memory, bus: Bus) -> None:
        super().__init__(isa, memory, bus)
        self.on_doubt: Callable[[str], object] = lambda why: None
        """Called at what cannot be judged, with the reason (doubts.py)."""
        self.begins_at = -1
        self.on_begin: Callable[[], object] = lambda: None
        """The address of an instruction with a system's opcode, and what is called before it is executed."""
        self.status, self.root, self.mode_slot = (isa.slots[name] for name in ("mstatus", "satp", "priv"))
        fetch, load, store, _ = self.absent
        self.absent = fetch, load, store, load  # an atomic to where nothing is fails by its load
        self.bottom = memory.base
        self.rom = bytes(len(ROM))
        self.walk_by(Buffer(isa, self, memory))

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        made, file = super().bind(word, decoded), self.isa.control_numbers
        number = word >> CSR_AT
        if word & 0x7F != SYSTEM:
            return made
        if not word >> 12 & 3:
            return partial(self.system, made)
        name = file[number].name if number in file else ""
        if number in FOREIGN or name in UNLIKE:
            return partial(self.unlike, made)
        return partial(self.flushing, made) if name in MSTATUS else made

    def system(self, made: Instruction, pc: int) -> int:
        if pc == self.begins_at:
            self.on_begin()
        return made(pc)

    def unlike(self, made: Instruction, pc: int) -> int:
        if pc - layout.BASE not in layout.HARNESS:
            self.on_doubt(doubts.UNLIKE)
        return made(pc)

    def flushing(self, made: Instruction, pc: int) -> int:
        """Execute a write, at which the peer may flush."""
        s = self.s
        status, root = s[self.status], s[self.root]
        pc = made(pc)
        if (s[self.status] ^ status) & FLUSHING or s[self.root] != root:
            self.walker.forget()
        return pc

    def flush(self, address: int | None = None) -> None:
        """See Addressing.flush. The peer flushes everything."""
        super().flush(address)
        self.walker.forget()

    def refresh(self) -> None:
        """See Cpu.refresh. In machine mode, what other modes translate may be found in the buffer."""
        super().refresh()
        if self.s[self.mode_slot] & MACHINE == MACHINE and self.s[self.root] >> 31:
            self.flat = 0

    def fetch_parts(self, pc: int) -> int:
        if self.bottom <= pc <= self.flat - WORD:
            at = pc
        else:
            entry = self.walker.held.get(self.walker.index | pc >> 12)
            splits = pc & 0xFFF > 0x1000 - WORD
            if splits or entry is None or not entry[1] & 1 << FETCH or not self.memory.has(entry[0]):
                return super().fetch_parts(pc)
            at = entry[0] | pc & 0xFFF
        halves, at = self.halves, at >> 1
        first = halves[at]
        return first if self.lengths.size(first) == HALF else first | halves[at + 1] << 16

    def found(self, address: int, size: int, kind: int) -> int:
        if self.flat or (address & 0xFFF) + size > 0x1000:
            return NOWHERE
        at = self.walker.holds(address, kind)
        return at if at is not None and self.memory.has(at) else NOWHERE

    def pieces(self, address: int, size: int, kind: int) -> list[tuple[int, int]]:
        """See Addressing.pieces. A misaligned load from where nothing is fails at the aligned address below. Where an
        access lies in two pages and fails in both, the first one counts, and the other is not translated."""
        try:
            first = 0x1000 - (address & 0xFFF)
            if first < size:
                super().pieces(address, first, kind)
            return super().pieces(address, size, kind)
        except Trap as trap:
            if (kind, trap.cause, trap.value) == (LOAD, self.isa.causes["load_access"].number, address):
                raise Trap(trap.cause, address & -size) from None
            raise

    def reaches(self, physical: int, size: int, kind: int) -> bool:
        """See Addressing.reaches. Devices take whole registers, from atomics as well."""
        if physical in ROM:
            return True
        if physical in HTIF:
            self.on_doubt(doubts.HTIF)
        device = self.bus.device_at(physical)
        whole = device is not None and size == WORD and physical % WORD == 0
        return self.memory.has(physical) or (whole and self.bus.serves(physical, size, False))

    def got(self, at: int, size: int) -> bytes:
        return self.rom[at - ROM.start :][:size] if at in ROM else super().got(at, size)

    def put(self, at: int, data: bytes) -> None:
        """See Addressing.put. What is stored to ROM is lost."""
        if at not in ROM:
            super().put(at, data)

    def physical_of(self, address: int, kind: int) -> int:
        if self.flat and address in ROM:
            raise InRom(address)
        try:
            return super().physical_of(address, kind)
        except Trap:
            if not self.flat:
                physical = self.walker.translate(address, kind)
                if physical in ROM:
                    raise InRom(physical) from None
            raise

    def fetch_half(self, pc: int) -> int:
        try:
            return super().fetch_half(pc)
        except InRom as found:
            return int.from_bytes(self.rom[found.physical - ROM.start :][:2], "little")
