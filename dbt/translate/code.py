"""Host code being written: items, labels, scratch memory, and where values are that are somewhere already."""

from __future__ import annotations

from abc import ABC, abstractmethod

from dbt.machine.state import SCRATCH, SCRATCHES
from dbt.translate.fold import signed
from dbt.translate.host import Item, Jump, Label, Mark, Op
from dbt.translate.target import Target, Unsupported
from isa import semantics as s

SIZES = {1: "byte", 2: "word", 4: "dword", 8: "qword"}


class Code(ABC):
    """Host code being written for a block of `count` guest instructions."""

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
        self.locals: dict[str, str] = {}
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

    @staticmethod
    def scratch_text(number: int, width: int) -> str:
        return f"{SIZES[width // 8]} ptr [rbp+{SCRATCH + 8 * number}]"

    # --- Values -----------------------------------------------------------------------

    def leaf(self, e: s.Expr) -> str | None:
        """The operand text of a 32-bit value that is somewhere already; constants are `imm` of emit instead."""
        if isinstance(e, s.Register):
            assert isinstance(e.index, int)
            return self.register(e.index)
        if isinstance(e, s.Control):
            return self.slot(e.name)
        if isinstance(e, s.Local) and e.width <= 32:
            return self.locals[e.name]
        return None

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
    def into(self, e: s.Expr, host: str) -> None:
        """Compute `e` in a host register: rax, or one whose guest register is about to be assigned."""
