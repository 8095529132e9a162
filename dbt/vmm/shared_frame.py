"""What a paravirtualized guest and its VMM share: a frame in the guest's memory, where the guest has registered it.

Addresses that the guest gives are physical, and checked before anything is done.
"""

from __future__ import annotations

from ring1.dbt.machine.step import Cpu

MASKED, PENDING, PC, CAUSE, VALUE, STATUS = range(0, 24, 4)
"""Words of the frame."""
SIZE = 24
"""In bytes."""


class SharedFrame:
    """The frame of a CPU's guest, and all else of its memory that it may name. Its address is in `scratch`, so that a
    snapshot has it too."""

    def __init__(self, cpu: Cpu) -> None:
        self.cpu = cpu
        self.slot = cpu.isa.slots["scratch"]

    @property
    def address(self) -> int:
        """Where it is; 0 before the guest has registered one. A snapshot may say anything."""
        at = self.cpu.s[self.slot]
        return at if not at % 4 and self.within(at, SIZE) else 0

    def get(self, offset: int) -> int:
        return self.cpu.ram[self.address + offset >> 2]

    def put(self, offset: int, value: int) -> None:
        self.cpu.memory.write(self.address + offset, value.to_bytes(4, "little"))

    def masked(self) -> bool:
        """Does the guest want no interrupts? It has to have a frame to say so."""
        return not self.address or bool(self.get(MASKED))

    def within(self, address: int, length: int) -> bool:
        """Does the guest have this memory?"""
        return address + length <= self.cpu.memory.size
