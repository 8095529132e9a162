"""Host code before it is bytes: instructions as text, jumps to labels, marks and ways out."""

from __future__ import annotations

from typing import NamedTuple

WIDE = ("rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13")
"""Host registers that can hold guest registers. rax is scratch, rbp the state block, r14 the budget, r15 the window."""

LOOKUP_SCRATCH = WIDE[-2:]
"""Scratch registers where addresses are looked up in a software look-aside buffer: no guest registers then."""

NAMES = {
    **{r: (r, "e" + r[1:], r[1:], r[1] + "l") for r in ("rax", "rbx", "rcx", "rdx")},
    **{r: (r, "e" + r[1:], r[1:], r[1:] + "l") for r in ("rsi", "rdi")},
    **{f"r{n}": (f"r{n}", f"r{n}d", f"r{n}w", f"r{n}b") for n in range(8, 16)},
}


NAMES_BY_WIDTH = {(name, width): NAMES[name][n] for name in NAMES for n, width in enumerate((64, 32, 16, 8))}


def sized(register: str, width: int) -> str:
    """The name of the low 64, 32, 16 or 8 bits of a host register."""
    return NAMES_BY_WIDTH[register, width]


ONES_32, ONES_64 = (1 << 32) - 1, (1 << 64) - 1


class Value(NamedTuple):
    """An unsigned number in a host register, of which all 64 bits are known to be at most `most`.

    Only what emits an instruction makes one, and says what that instruction leaves in the register, not what it was
    meant to leave: so a value is never believed to be smaller than it may be. What is put into an address is one of
    these (Code.window, Code.entry): an address cannot be written whose index nobody has bounded.
    """

    register: str
    most: int = ONES_64

    @property
    def text(self) -> str:
        """The register's name, of its low half if the other is zero."""
        return sized(self.register, 32 if self.most <= ONES_32 else 64)


class Place(NamedTuple):
    """A value of the block's own in memory: its operand, and the most that it may be."""

    text: str
    most: int
    wide: bool = False
    """It has 64 bits."""


class Op(NamedTuple):
    """One instruction; `{}` in its text stands for the constant `imm`, which fits in 32 signed bits."""

    text: str
    imm: int | None = None


class Jump(NamedTuple):
    """A jump to a label: always, or if `cc` holds. Its 32-bit distance can be patched later."""

    label: int
    cc: str | None = None


class Label(NamedTuple):
    label: int


class Mark(NamedTuple):
    """Guest instruction `number` of the block begins here."""

    number: int


Item = Op | Jump | Label | Mark
