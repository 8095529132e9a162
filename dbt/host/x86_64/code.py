"""Host code being written: items, labels, scratch memory, and where values are that are somewhere already."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.host.x86_64.operations import ONES_32, ONES_64, Item, Jump, Label, Mark, Op, Place, Value, sized
from ring1.dbt.ir.fold import signed
from ring1.dbt.machine.state import SCRATCH, SCRATCHES
from ring1.dbt.native.window import GUARD, SPAN
from ring1.isa import semantics as s

SIZES = {1: "byte", 2: "word", 4: "dword", 8: "qword"}


class Code(ABC):
    """Host code being written for a block of `count` guest instructions."""

    scratches = SCRATCH
    """Where its scratch quadwords are, from rbp."""

    def __init__(self, target: Target, count: int, lookup: bool) -> None:
        self.target = target
        self.lookup = lookup
        self.looks: list[tuple[int, int, int]] = []
        """Where the look-aside buffer does not have a page: label, where to look again, what access it is."""
        self.isa = target.isa
        self.pinned = target.pinned
        self.bmi2 = target.bmi2
        self.vectors = True
        """There are vector registers."""
        self.count = count
        self.items: list[Item] = []
        self.labels = 0
        self.locals: dict[str, Place] = {}
        self.nonzero: set[s.Expr] = set()
        """Leaves that are known not to be 0."""
        self.free = list(range(SCRATCHES))
        self.index = 0
        """The guest instruction being lowered."""

    # --- Pieces ------------------------------------------------------------------

    def emit(self, text: str, imm: int | None = None) -> None:
        if imm is not None and not -(1 << 31) <= imm < 1 << 31:
            if not 0 <= imm < 1 << 32:
                raise AssertionError(f"constant {imm:#x} out of range in {text}")
            imm -= 1 << 32
        self.items.append(Op(text, imm))

    def label(self) -> int:
        self.labels += 1
        return self.labels

    def place(self, label: int) -> None:
        self.items.append(Label(label))

    def mark(self, index: int) -> None:
        """Guest instruction `index` begins here."""
        self.items.append(Mark(index))

    def jump(self, label: int, cc: str | None = None) -> None:
        self.items.append(Jump(label, cc))

    def slot(self, name: str) -> str:
        """The word of the state block that holds the pc or a control register."""
        return self.target.slots[name]

    def register(self, number: int) -> str:
        """Where a guest register is: a 32-bit host register or a word of memory."""
        return self.target.registers[number]

    def scratch(self) -> int:
        if not self.free:
            raise Unsupported("expression too deep")
        return self.free.pop()

    def scratch_text(self, number: int, width: int, offset: int = 0) -> str:
        return f"{SIZES[width // 8]} ptr [rbp+{self.scratches + 8 * number + offset}]"

    # --- Instructions that leave a value whose size is known ----------------------------

    def write(self, operation: str, host: str, wide: bool, operand: str = "", imm: int | None = None) -> Value:
        """Emit `operation host, operand` on 32 or 64 bits of a host register. One of 32 bits clears the others."""
        rest = f", {operand}" if operand else ""
        self.emit(f"{operation} {sized(host, 64 if wide else 32)}{rest}", imm)
        return Value(host, ONES_64 if wide else ONES_32)

    def masked(self, value: Value, mask: int) -> Value:
        """`value & mask`, in its register."""
        self.emit(f"and {sized(value.register, 32)}, {{}}", mask)
        return Value(value.register, min(value.most, mask))

    def down(self, value: Value, count: int) -> Value:
        """`value >> count`, in its register."""
        wide = value.most > ONES_32 or count >= 32
        self.emit(f"shr {sized(value.register, 64 if wide else 32)}, {{}}", count)
        return Value(value.register, value.most >> count)

    def times(self, value: Value, factor: int, host: str) -> Value:
        """`value * factor`, modulo 2**32."""
        self.emit(f"imul {sized(host, 32)}, {sized(value.register, 32)}, {{}}", factor)
        return Value(host, min(value.most * factor, ONES_32))

    def below(self, value: Value, bound: int, otherwise: int) -> Value:
        """The value, if it is less than a bound: else jump to a label."""
        self.emit(f"cmp {value.text}, {{}}", bound)
        self.jump(otherwise, "ae")
        return Value(value.register, min(value.most, bound - 1))

    def fit(self, value: Value, width: int, host: str) -> Value:
        """The low `width` bits of a value in a host register, all other bits of which are zero."""
        ones = (1 << width) - 1
        if value.most > ones and width > 32:
            moved = value if value.register == host else self.write("mov", host, True, value.register)
            self.write("shl", moved.register, True, "{}", 64 - width)
            self.write("shr", moved.register, True, "{}", 64 - width)
            return Value(host, ones)
        if value.register != host or (value.most > ones and width == 32):
            low = value.most <= ONES_32 or width <= 32
            self.emit(f"mov {sized(host, 32 if low else 64)}, {sized(value.register, 32 if low else 64)}")
            value = Value(host, min(value.most, ONES_32) if low else value.most)
        return value if value.most <= ones else self.masked(value, ones)

    # --- Addresses --------------------------------------------------------------------

    def window(self, index: Value, offset: int = 0) -> tuple[str, int | None]:
        """Text and displacement of the host's address of a guest address: nothing but the window and its guard zones
        is there, whatever the index is."""
        if index.most > SPAN - 1 or abs(offset) > GUARD - 8:
            raise AssertionError(f"{index} with {offset} is no guest address")
        return (f"[r15+{index.register}{{:+d}}]", offset) if offset else (f"[r15+{index.register}]", None)

    def entry(self, base: str, index: Value, scale: int, displacement: int, length: int) -> str:
        """Text of the address of an entry of a table of `length` bytes that begins `displacement` bytes from `base`."""
        if index.most * scale >= length:
            raise AssertionError(f"{index} times {scale} is outside of a table of {length} bytes")
        return f"[{base}+{index.register}{f'*{scale}' if scale > 1 else ''}{displacement:+d}]"

    # --- Values -----------------------------------------------------------------------

    def leaf(self, e: s.Expr) -> str | None:
        """The operand text of a 32-bit value that is somewhere already; constants are `imm` of emit instead."""
        if isinstance(e, s.Register):
            assert isinstance(e.index, int)
            return self.register(e.index)
        if isinstance(e, s.Control):
            return self.slot(e.name)
        if isinstance(e, s.Local) and e.width <= 32 and not self.locals[e.name].wide:
            return self.locals[e.name].text
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
        """The 64-bit name of the host register that holds the guest register `e`, if one does."""
        return self.pinned.get(e.index) if isinstance(e, s.Register) and isinstance(e.index, int) else None

    @abstractmethod
    def into(self, e: s.Expr, host: str) -> Value:
        """Compute `e` in a host register: rax, or one whose guest register is about to be assigned."""
