"""A translation: the host code of a block, and what is needed to run it."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, NamedTuple

from ring1.dbt.host.block import HostBlock
from ring1.dbt.machine.state import ONES
from ring1.dbt.translate.repair import Repair, evaluate
from ring1.dbt.translate.trace import Trace
from ring1.isa.model import WORD
from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.translate.policy import Decision
    from ring1.isa import semantics as s


Frames = tuple[tuple[int, int], ...]
"""(page, frame) of each page that code lies in, in the order in which it is reached; empty with paging off."""

NO_FRAME = -1
"""Stands for the frame where paging is off."""


class GuestInsn(NamedTuple):
    """A guest instruction of a block, and the decision on it."""

    pc: int
    word: int
    name: str
    body: s.Body
    jumps: bool
    moves: bool
    """It may switch the address space, or change which interrupt lines are pending: nothing is lowered behind it."""
    stores: bool
    decision: Decision
    probed: bool = False
    """Its addresses are looked up (see Site)."""
    mapped: bool = False
    """It accesses devices (see Site)."""
    varies: int = 0
    """The bits of the word that it takes from memory whenever it executes ..."""
    kept: int = 0
    """... and the slot that has that word then."""
    size: int = WORD // 8
    """In bytes."""

    @property
    def after(self) -> int:
        """The address behind it."""
        return self.pc + self.size & ONES

    @property
    def last_page(self) -> int:
        """The page in which it ends."""
        return (self.pc + self.size - 1 & ONES) >> 12


def by_page(begin: int, end: int) -> list[tuple[int, int]]:
    """Return a range of less than a page in as many pieces as it has pages. The first page follows the last one."""
    border = (end - 1) & ~0xFFF
    return [(begin, end)] if border <= begin else [(begin, border), (border & ONES, (end - 1 & ONES) + 1)]


class Translation(Record):
    """The position-independent host code of a block or trace.

    It executes the first `count` guest instructions. A further one, if any, is left to the interpreter, for the reason
    in its decision; or, in a trace of several ways, `count` are those of the first way, and all are executed.
    """

    mode: int
    pcs: tuple[int, ...]
    words: tuple[int, ...]
    """`pcs` and `words`: the guest instructions, as they were when they were translated."""
    count: int
    host: HostBlock
    checked: bool
    """It compares the guest's words with what it translates each time it is entered."""
    body: int
    """Offset of the entry for jumps that are known to want this block; the entry at offset 0 checks pc and page."""
    page: int
    """Offset of the entry for jumps that want this pc, which checks the page."""
    miss: int
    """Offset of the jump taken when another block is wanted."""
    frames: Frames
    repairs: dict[int, tuple[Repair, ...]]
    """Index of a guest instruction that faults -> repairs of the registers whose values are deferred there."""
    guests: tuple[GuestInsn, ...] = ()
    """The guest instructions with the decisions on them; not saved in caches."""
    branches: tuple[tuple[int, int], ...] = ()
    """See Trace."""
    sizes: bytes = b""
    """Bytes of each guest instruction; empty if all have those of a word."""
    stepping: bool = False
    """It is a stepping twin, which pays for each instruction when that is executed."""

    @property
    def pc(self) -> int:
        """The pc at which it begins."""
        return self.pcs[0]

    @property
    def trace(self) -> Trace:
        """The ways that it follows."""
        return Trace(self.pcs, (), self.branches)

    def unexecuted(self, index: int) -> int:
        """Return how many of the instructions that were paid for are not executed if it stops before `index`."""
        if self.stepping:
            return 1
        return next((begin for _, begin in self.branches if begin > index), self.end) - index

    @property
    def end(self) -> int:
        """The number behind the last instruction that it executes."""
        return len(self.pcs) if self.branches else self.count

    @property
    def place(self) -> tuple[int, int, int]:
        """Mode, pc, and the frame that it begins in, or NO_FRAME."""
        return self.mode, self.pcs[0], self.frames[0][1] if self.frames else NO_FRAME

    def physical(self, pc: int) -> int:
        """Return the physical address of the instruction at `pc`."""
        return dict(self.frames)[pc >> 12] << 12 | pc & 0xFFF if self.frames else pc

    @property
    def pages(self) -> set[int]:
        """The frames that its guest instructions lie in."""
        if self.frames:
            return {frame for _, frame in self.frames}
        ends = (pc + size - 1 & ONES for pc, size in zip(self.pcs, self.sizes, strict=False))
        return {at >> 12 for at in (*self.pcs, *ends)}

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """The physical addresses at which its guest instructions begin and end, of one in two pages both parts."""
        if self.sizes:
            both = zip(self.pcs, self.sizes, strict=True)
            pieces = [piece for pc, size in both for piece in by_page(pc, pc + size)]
        else:
            pieces = [(pc, pc + WORD // 8) for pc in self.pcs]
        if not self.frames:
            return pieces
        moved = {page: frame - page << 12 for page, frame in self.frames}
        return [(begin + moved[begin >> 12], end + moved[begin >> 12]) for begin, end in pieces]

    @property
    def text(self) -> bytes | None:
        """The bytes of its guest instructions; None if these do not follow one another, or lie between words."""
        count = len(self.words)
        if self.sizes:
            both = zip(self.words, self.sizes, strict=True)
            text = b"".join(word.to_bytes(size, "little") for word, size in both)
            return text if self.pcs[-1] + self.sizes[-1] == self.pc + len(text) else None
        if self.pc % 4 or self.pcs[-1] != self.pc + 4 * (count - 1):
            return None
        return pack(f"<{count}I", *self.words)

    def repaired(self, index: int, words: memoryview) -> dict[int, int]:
        """Return number -> value of the registers to set when instruction `index` has faulted, given the registers as
        generated code left them."""
        return {number: evaluate(value, words) for number, value in self.repairs.get(index, ())}
