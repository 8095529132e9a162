"""The reference's CPU, as the peer has what no description says: how devices are reached."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.lookaside import OpenCpu
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.paging import LOAD
from ring1.dbt.machine.supervisor import Instruction
from ring1.isa.codec import Decoded
from ring1.isa.model import Isa
from ring1.isa.python import Trap

ROM = range(0x1000, 0x10000)
"""Where the peer has what it resets by."""
WORD = 4
"""Bytes of a register of the CLINT."""
COUNTERS = tuple(f"{name}{half}" for name in ("mcycle", "minstret", "cycle", "time", "instret") for half in ("", "h"))
UNLIKE = ("pmpcfg0", "pmpaddr0", *COUNTERS)
"""Control registers that the peer has otherwise: physical memory protection, and counters, which show its time."""
FOREIGN = frozenset((*range(0x323, 0x340), *range(0x3A1, 0x3A4), *range(0x3B1, 0x3BE)))
"""Numbers of those that it has and the reference has not: mhpmevent3 to 31, and the rest of memory protection."""
SYSTEM, CSR_AT = 0x73, 20
"""The opcode of instructions on control registers, and where they have the number."""


class PeerCpu(OpenCpu):
    """An interpreter that tells of accesses to data that are translated while code is not, and of words that name a
    control register which the peer has otherwise.

    QEMU 7.2 keeps both in one look-aside buffer: what has been fetched in machine mode it also loads and stores there,
    whatever MPRV says, and MPP changes without a flush at traps and returns.
    """

    def __init__(self, isa: Isa, memory: Memory, bus: Bus) -> None:
        super().__init__(isa, memory, bus)
        self.on_split: Callable[[], object] = lambda: None
        """Called at such accesses, and at those to the peer's ROM ..."""
        self.on_unlike: Callable[[int], object] = lambda pc: None
        """... and at such words."""
        fetch, load, store, _ = self.absent
        self.absent = fetch, load, store, load  # an atomic to where nothing is fails by its load

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        made, file = super().bind(word, decoded), self.isa.control_numbers
        number = word >> CSR_AT
        if word & 0x7F != SYSTEM or not word >> 12 & 3:
            return made
        if number not in FOREIGN and not (number in file and file[number].name in UNLIKE):
            return made

        def run(pc: int) -> int:
            self.on_unlike(pc)
            return made(pc)

        return run

    def found(self, address: int, size: int, kind: int) -> int:
        if self.walker is not None and self.walker.straight:
            self.on_split()
        return super().found(address, size, kind)

    def pieces(self, address: int, size: int, kind: int) -> list[tuple[int, int]]:
        """See Addressing.pieces. A misaligned load from where nothing is fails at the aligned address below."""
        try:
            return super().pieces(address, size, kind)
        except Trap as trap:
            if (kind, trap.cause, trap.value) == (LOAD, self.isa.causes["load_access"].number, address):
                raise Trap(trap.cause, address & -size) from None
            raise

    def reaches(self, physical: int, size: int, kind: int) -> bool:
        """See Addressing.reaches. Devices take whole registers, from atomics as well."""
        if physical in ROM:
            self.on_split()
        device = self.bus.device_at(physical)
        whole = device is not None and size == WORD and physical % WORD == 0
        return self.memory.has(physical) or (whole and self.bus.serves(physical, size, False))
