"""What the translator makes of a block: host code, and what must be known of it to run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ring1.dbt.host.block import HostBlock
from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.translate.policy import Decision
    from ring1.isa import semantics as s


Frames = tuple[tuple[int, int], ...]
"""The pages that code is in, in the order in which it comes to them, and where in RAM they are; none: paging is off."""

NO_FRAME = -1
"""In the place of a physical page: paging is off."""

Repair = tuple[int, int, str, int]
"""Register number, the register (-1: none, 0) that its value comes from, operator, constant."""


class GuestInsn(NamedTuple):
    """A guest instruction of a block, and what is done with it."""

    pc: int
    word: int
    name: str
    body: s.Body
    jumps: bool
    moves: bool
    """It goes to another address space."""
    stores: bool
    decision: Decision


class Translation(Record):
    """The host code of a block, to be placed anywhere.

    The first `count` guest instructions are executed by it. An instruction after them is left to the interpreter, for
    the reason that its decision gives.
    """

    mode: int
    pcs: tuple[int, ...]
    words: tuple[int, ...]
    """The guest instructions: where they are, and what they were."""
    count: int
    host: HostBlock
    checked: bool
    """It compares the guest's words with what it translates whenever it is entered."""
    body: int
    """Offset at which a block that is known to be the right one is entered; at 0, one that must check its pc."""
    page: int
    """Offset at which a block is entered whose page may be another one by now."""
    miss: int
    """Offset of the jump by which it leaves when it is not the block that is wanted."""
    frames: Frames
    repairs: dict[int, tuple[Repair, ...]]
    """Guest instruction that faults -> registers whose values were put off, as they must be then."""
    guests: tuple[GuestInsn, ...] = ()
    """What was decided about each instruction; not kept in caches."""

    @property
    def pc(self) -> int:
        """Where it begins."""
        return self.pcs[0]

    @property
    def place(self) -> tuple[int, int, int]:
        """Mode, pc, and the physical page that it begins in, or NO_FRAME."""
        return self.mode, self.pcs[0], self.frames[0][1] if self.frames else NO_FRAME

    def physical(self, pc: int) -> int:
        """Where in RAM the instruction at `pc` is."""
        return dict(self.frames)[pc >> 12] << 12 | pc & 0xFFF if self.frames else pc

    @property
    def pages(self) -> set[int]:
        """Numbers of the physical pages that its guest instructions are in."""
        return {frame for _, frame in self.frames} or {pc >> 12 for pc in self.pcs}

    def covers(self, address: int, length: int) -> bool:
        """Is one of these bytes of RAM part of a guest instruction of the block?"""
        if not self.frames:
            return any(address - 4 < pc < address + length for pc in self.pcs)
        physical = dict(self.frames)
        places = (physical[pc >> 12] << 12 | pc & 0xFFF for pc in self.pcs)
        return any(address - 4 < place < address + length for place in places)

    def repaired(self, index: int, words: memoryview) -> dict[int, int]:
        """Registers to set when instruction `index` has faulted, from the registers as generated code left them."""
        made = {}
        for number, source, op, constant in self.repairs.get(index, ()):
            value = words[source] if source >= 0 else 0
            shifted = value << constant if op == "<<" else value >> constant if op == ">>u" else value + constant
            made[number] = shifted & 0xFFFFFFFF
        return made
