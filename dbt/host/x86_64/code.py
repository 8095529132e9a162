"""Host code being written: items, labels, scratch memory, and where values are that are somewhere already."""

from __future__ import annotations

from abc import ABC, abstractmethod

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
from ring1.dbt.machine.state import SCRATCH, SCRATCHES
from ring1.dbt.native.window import GUARD, SPAN
from ring1.isa import semantics as s


class Code(ABC):
    """Host code being written for a block of `count` guest instructions."""

    scratches = SCRATCH
    """Where its scratch quadwords are in the state block."""

    def __init__(self, target: Target, places: Places, count: int, lookup: bool) -> None:
        """`lookup`: addresses are looked up in the software's look-aside buffer."""
        self.target = target
        self.places = places
        self.registers, self.slots, self.pinned = places.registers, places.slots, target.pinned
        self.lookup = lookup
        self.looks: list[tuple[int, int, int]] = []
        """Where the look-aside buffer does not have a page: label, where to look again, what access it is."""
        self.isa = target.isa
        self.bmi2 = places.bmi2
        self.vectors = True
        """There are vector registers."""
        self.count = count
        self.items: list[Item] = []
        self.labels = 0
        self.locals: dict[str, Local] = {}
        self.nonzero: set[s.Expr] = set()
        self.free = list(range(SCRATCHES))
        self.index = 0
        """The guest instruction being lowered."""

    # --- Pieces ------------------------------------------------------------------

    def emit(self, operation: Operation, *operands: Operand, imm: int | None = None) -> None:
        if imm is not None and not -(1 << 31) <= imm < 1 << 31:
            if not 0 <= imm < 1 << 32:
                raise AssertionError(f"constant {imm:#x} out of range in {operation} {operands}")
            imm -= 1 << 32
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
        """Where a guest register is: a 32-bit host register or a word of the state block."""
        return self.registers[number]

    def scratch(self) -> int:
        if not self.free:
            raise Unsupported("expression too deep")
        return self.free.pop()

    def scratch_at(self, number: int, width: int, offset: int = 0) -> Memory:
        return state(width // 8, self.scratches + 8 * number + offset)

    # --- Instructions that leave a value whose size is known ----------------------------

    def write(self, operation: Operation, host: str, wide: bool, *operands: Operand, imm: int | None = None) -> Value:
        """Emit `operation host, operands` on 32 or 64 bits of a host register. One of 32 bits clears the others."""
        self.emit(operation, sized(host, 64 if wide else 32), *operands, imm=imm)
        return Value(host, ONES_64 if wide else ONES_32)

    def masked(self, value: Value, mask: int) -> Value:
        """`value & mask`, in its register."""
        self.emit(AND, sized(value.register, 32), HOLE, imm=mask)
        return Value(value.register, min(value.most, mask))

    def down(self, value: Value, count: int) -> Value:
        """`value >> count`, in its register."""
        wide = value.most > ONES_32 or count >= 32
        self.emit(SHR, sized(value.register, 64 if wide else 32), HOLE, imm=count)
        return Value(value.register, value.most >> count)

    def times(self, value: Value, factor: int, host: str) -> Value:
        """`value * factor`, modulo 2**32."""
        self.emit(IMUL, sized(host, 32), sized(value.register, 32), HOLE, imm=factor)
        return Value(host, min(value.most * factor, ONES_32))

    def below(self, value: Value, bound: int, otherwise: int) -> Value:
        """The value, if it is less than a bound: else jump to a label."""
        self.emit(CMP, operand(value), HOLE, imm=bound)
        self.jump(otherwise, Condition.NOT_BELOW)
        return Value(value.register, min(value.most, bound - 1))

    def fit(self, value: Value, width: int, host: str) -> Value:
        """The low `width` bits of a value in a host register, all other bits of which are zero."""
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
        """The host's address of a guest address: nothing but the window and its guard zones is there, whatever the
        index is."""
        if index.most > SPAN - 1 or abs(offset) > GUARD - 8:
            raise AssertionError(f"{index} with {offset} is no guest address")
        return Address(WINDOW, index.register, offset=offset or None)

    def entry(self, base: str, index: Value, scale: int, displacement: int | None, length: int) -> Address:
        """The address of an entry of a table of `length` bytes that begins `displacement` bytes (None: 0) from
        `base`."""
        if index.most * scale >= length:
            raise AssertionError(f"{index} times {scale} is outside of a table of {length} bytes")
        return Address(base, index.register, scale, displacement)

    # --- Values -----------------------------------------------------------------------

    def leaf(self, e: s.Expr) -> Register | Memory | None:
        """The operand of a 32-bit value that is somewhere already; constants are `imm` of emit instead."""
        if isinstance(e, s.Register):
            assert isinstance(e.index, int)
            return self.registers[e.index]
        if isinstance(e, s.Control):
            return self.slots[e.name]
        if isinstance(e, s.Local) and e.width <= 32 and not self.locals[e.name].wide:
            return self.locals[e.name].at
        return None

    def most(self, e: s.Expr) -> int:
        """The most that a leaf may be."""
        return self.locals[e.name].most if isinstance(e, s.Local) else ONES_32

    @staticmethod
    def constant(e: s.Expr) -> int | None:
        """The value of a constant that fits an instruction's signed 32 bits, as the instruction holds it."""
        if not isinstance(e, s.Const):
            return None
        value = signed(e.value, e.width) if e.width in (32, 64) else e.value
        return value if -(1 << 31) <= value < 1 << 31 else None

    def host_of(self, e: s.Expr) -> str | None:
        """The host register that holds the guest register `e`, if one does."""
        return self.pinned.get(e.index) if isinstance(e, s.Register) and isinstance(e.index, int) else None

    @abstractmethod
    def into(self, e: s.Expr, host: str) -> Value:
        """Compute `e` in a host register: the scratch one, or one whose guest register is about to be assigned."""


def operand(value: Value) -> Register:
    """The register that a value is in, its low half if the other is zero."""
    return sized(value.register, 32 if value.narrow else 64)
