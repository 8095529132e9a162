"""Host code being written: items, labels, scratch memory, and the operands of values that need no computation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.host.values import ONES_32, ONES_64, Condition, Value
from ring1.dbt.host.x86_64.operations import (
    AND,
    CMP,
    HOLE,
    IMUL,
    MOV,
    SHL,
    SHR,
    Address,
    Item,
    Jump,
    Label,
    Mark,
    Memory,
    Op,
    Operand,
    Operation,
    state,
)
from ring1.dbt.host.x86_64.places import Local, Places
from ring1.dbt.host.x86_64.registers import WINDOW, Register, sized
from ring1.dbt.ir.fold import signed
from ring1.dbt.machine.state import SCRATCH, SCRATCHES, WORK, WORKS
from ring1.dbt.native.window import GUARD, SPAN
from ring1.isa import semantics as s


class Look(NamedTuple):
    """A miss of the software TLB that is to be handled."""

    label: int
    again: int
    """Label of the look-up to repeat."""
    tag: Memory
    code: int
    """What describes the access (softtlb.access)."""
    pad: int | None
    """Label of the way out if it faults; None: that is left to the VMM."""


EVERY: tuple[int, ...] = (*range(SCRATCHES, SCRATCHES + WORKS), *range(SCRATCHES))
"""Numbers of scratch quadwords, of which the last are used first: behind those of its own a block has those of
routines, none of which runs meanwhile."""


class Code(ABC):
    """The host code of a block of `count` guest instructions, being written."""

    scratches = SCRATCH
    """Displacement of its scratch quadwords in the state block."""

    def __init__(self, target: Target, places: Places, count: int, lookup: bool) -> None:
        """`lookup`: addresses are looked up in the software TLB."""
        self.target = target
        self.places = places
        self.registers, self.slots, self.pinned = places.registers, places.slots, target.pinned
        self.lookup = lookup
        self.looks: list[Look] = []
        """Software TLB misses to handle."""
        self.pad: int | None = None
        """See interface.Assembler."""
        self.isa = target.isa
        self.bmi2 = places.bmi2
        self.vectors = True
        """Can vector registers be used?"""
        self.count = count
        self.items: list[Item] = []
        self.labels = 0
        self.locals: dict[str, Local] = {}
        self.nonzero: set[s.Expr] = set()
        self.free: list[int] = list(EVERY)
        self.index = 0
        """The guest instruction being lowered."""

    # --- Pieces ------------------------------------------------------------------

    def emit(self, operation: Operation, *operands: Operand, imm: int | None = None) -> None:
        if imm is not None:
            if not -(1 << 31) <= imm <= ONES_32:
                raise AssertionError(f"constant {imm:#x} out of range in {operation} {operands}")
            imm = signed(imm & ONES_32, 32)
        self.items.append(Op(operation, operands, imm))

    def label(self) -> int:
        self.labels += 1
        return self.labels

    def place(self, label: int) -> None:
        self.items.append(Label(label))

    def mark(self, index: int) -> None:
        self.items.append(Mark(index))

    def jump(self, label: int, condition: Condition | None = None) -> None:
        self.items.append(Jump(label, condition))

    def register(self, number: int) -> Register | Memory:
        """Return the place of a guest register: a 32-bit host register or a word of the state block."""
        return self.registers[number]

    def scratch(self) -> int:
        if not self.free:
            raise Unsupported("expression too deep")
        return self.free.pop()

    def scratch_at(self, number: int, width: int, offset: int = 0) -> Memory:
        at = self.scratches + 8 * number if number < SCRATCHES else WORK + 8 * (number - SCRATCHES)
        return state(width // 8, at + offset)

    # --- Instructions that leave a value with a known bound ----------------------------

    def write(self, operation: Operation, host: str, wide: bool, *operands: Operand, imm: int | None = None) -> Value:
        """Emit `operation host, operands` on 32 or 64 bits of a host register. A 32-bit operation clears the upper
        half."""
        self.emit(operation, sized(host, 64 if wide else 32), *operands, imm=imm)
        return Value(host, ONES_64 if wide else ONES_32)

    def masked(self, value: Value, mask: int) -> Value:
        """Emit `value & mask`, in its register."""
        self.emit(AND, sized(value.register, 32), HOLE, imm=mask)
        return Value(value.register, min(value.most, mask))

    def down(self, value: Value, count: int) -> Value:
        """Emit `value >> count`, in its register."""
        wide = value.most > ONES_32 or count >= 32
        self.emit(SHR, sized(value.register, 64 if wide else 32), HOLE, imm=count)
        return Value(value.register, value.most >> count)

    def times(self, value: Value, factor: int, host: str) -> Value:
        """Emit `value * factor`, modulo 2**32, into a host register."""
        self.emit(IMUL, sized(host, 32), sized(value.register, 32), HOLE, imm=factor)
        return Value(host, min(value.most * factor, ONES_32))

    def below(self, value: Value, bound: int, otherwise: int) -> Value:
        """Emit a jump to `otherwise` unless the value is less than a bound; return the value, bounded."""
        self.emit(CMP, operand(value), HOLE, imm=bound)
        self.jump(otherwise, Condition.NOT_BELOW)
        return Value(value.register, min(value.most, bound - 1))

    def fit(self, value: Value, width: int, host: str) -> Value:
        """Emit a move of the low `width` bits of a value to a host register, with all other bits zero."""
        ones = (1 << width) - 1
        if value.most > ones and width > 32:
            moved = value if value.register == host else self.write(MOV, host, True, sized(value.register, 64))
            self.write(SHL, moved.register, True, HOLE, imm=64 - width)
            self.write(SHR, moved.register, True, HOLE, imm=64 - width)
            return Value(host, ones)
        if value.register != host or (value.most > ones and width == 32):
            low = value.most <= ONES_32 or width <= 32
            self.emit(MOV, sized(host, 32 if low else 64), sized(value.register, 32 if low else 64))
            value = Value(host, min(value.most, ONES_32) if low else value.most)
        return value if value.most <= ones else self.masked(value, ones)

    # --- Addresses --------------------------------------------------------------------

    def window(self, index: Value, offset: int = 0) -> Address:
        """Return the host address of a guest address, which lies within the window and its guard zones whatever the
        index is."""
        if index.most > SPAN - 1 or abs(offset) > GUARD - 8:
            raise AssertionError(f"{index} with {offset} is no guest address")
        return Address(WINDOW, index.register, offset=offset or None)

    def entry(self, base: str, index: Value, scale: int, displacement: int | None, length: int) -> Address:
        """Return the address of an entry of a table of `length` bytes that begins `displacement` bytes (None: 0) from
        `base`."""
        if index.most * scale >= length:
            raise AssertionError(f"{index} times {scale} is outside of a table of {length} bytes")
        return Address(base, index.register, scale, displacement)

    # --- Values -----------------------------------------------------------------------

    def leaf(self, e: s.Expr) -> Register | Memory | None:
        """Return the operand of a 32-bit value that needs no computation, else None. Constants are `imm` of `emit`
        instead."""
        if isinstance(e, s.Register):
            assert isinstance(e.index, int)
            return self.registers[e.index]
        if isinstance(e, s.Control):
            return self.slots[e.name]
        if isinstance(e, s.Local) and e.width <= 32 and not self.locals[e.name].wide:
            return self.locals[e.name].at
        return None

    def most(self, e: s.Expr) -> int:
        """Return the bound of a leaf's value."""
        return self.locals[e.name].most if isinstance(e, s.Local) else ONES_32

    @staticmethod
    def constant(e: s.Expr) -> int | None:
        """Return the value of a constant as an instruction's signed 32-bit immediate; None if `e` is none or does not
        fit."""
        if not isinstance(e, s.Const):
            return None
        value = signed(e.value, e.width) if e.width in (32, 64) else e.value
        return value if -(1 << 31) <= value < 1 << 31 else None

    def host_of(self, e: s.Expr) -> str | None:
        """Return the host register to which the guest register `e` is pinned, or None."""
        return self.pinned.get(e.index) if isinstance(e, s.Register) and isinstance(e.index, int) else None

    @abstractmethod
    def into(self, e: s.Expr, host: str) -> Value:
        """Compute `e` in a host register: the scratch register, or one whose guest register is about to be assigned."""


def operand(value: Value) -> Register:
    """Return the register of a value, its low half if the upper half is zero."""
    return sized(value.register, 32 if value.narrow else 64)
