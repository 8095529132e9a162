"""The frame that a paravirtualized guest shares with its VMM: a few words of memory that the guest has registered.

Addresses that the guest passes are physical, and checked before anything is done.
"""

from __future__ import annotations

from ring1.dbt.machine.step import Cpu

MASKED, PENDING, PC, CAUSE, VALUE, STATUS = range(0, 24, 4)
"""Byte offsets of the words of the frame."""
SIZE = 24
"""Bytes of the frame."""


class SharedFrame:
    """The shared frame of a CPU's guest. Its address is in the control register `scratch`, so that snapshots include
    it."""

    def __init__(self, cpu: Cpu) -> None:
        self.cpu = cpu
        self.slot = cpu.isa.slots["scratch"]

    @property
    def address(self) -> int:
        """Its physical address; 0 if the guest has registered none, or if the register, restored from a snapshot, is
        invalid."""
        at = self.cpu.s[self.slot]
        return at if not at % 4 and self.within(at, SIZE) else 0

    def get(self, offset: int) -> int:
        return self.cpu.ram[self.address + offset >> 2]

    def put(self, offset: int, value: int) -> None:
        self.cpu.memory.write(self.address + offset, value.to_bytes(4, "little"))

    def masked(self) -> bool:
        """Does the guest mask interrupts? Without a frame they count as masked."""
        return not self.address or bool(self.get(MASKED))

    def within(self, address: int, length: int) -> bool:
        """Does a range of physical addresses lie within RAM?"""
        return self.cpu.memory.has(address, length)
