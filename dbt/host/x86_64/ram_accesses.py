"""What routines do with the guest's RAM by physical address: a frame that the VMM shares, and batches of pairs."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.host.values import ONES_32, Condition
from ring1.dbt.host.x86_64.access import ZERO
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    CMP,
    HOLE,
    MOV,
    MOVZX,
    OR,
    SHL,
    SHR,
    SUB,
    Address,
    Memory,
    state,
)
from ring1.dbt.host.x86_64.registers import (
    EAX,
    PROBING,
    R15,
    R15D,
    RAX,
    SCRATCH,
    WALKING,
    WINDOW,
    sized,
)
from ring1.dbt.host.x86_64.selection import Expressions
from ring1.dbt.machine.memory import GUARDED, PAGE
from ring1.dbt.machine.state import (
    BATCH,
    FRAME_AT,
    RAM,
    RAM_END,
    WALK_KEPT,
    WATCH,
)
from ring1.isa import semantics as s


class RamAccesses(Expressions):
    """Parts of an Assembler (see interface.Assembler)."""

    def reach_physical(self, address: s.Expr, stores: bool, missing: int | None) -> None:
        if missing is None:
            at = self.physical(address)
            self.emit(*((OR, at.of(4), ZERO) if stores else (MOV, EAX, at.of(4))), imm=at.offset)
            return
        self.into(address, SCRATCH)
        self.unless_in_ram(missing)
        if stores:
            self.unless_writable(missing)

    def find_frame(self, control: str, size: int, otherwise: int) -> None:
        at = self.slots[control]
        for mask, most in ((ONES_32, None), (3, 0), (PAGE - 1, PAGE - size)):
            self.emit(MOV, EAX, at)
            if mask != ONES_32:
                self.emit(AND, EAX, HOLE, imm=mask)
            self.emit(CMP, EAX, HOLE, imm=most or 0)
            self.jump(otherwise, Condition.EQUAL if most is None else Condition.ABOVE)
        self.emit(MOV, EAX, at)
        self.unless_in_ram(otherwise)
        self.unless_writable(otherwise)
        self.emit(MOV, EAX, at)
        self.emit(ADD, RAX, state(8, RAM))
        self.emit(MOV, state(8, FRAME_AT), RAX)

    def read_frame(self, offset: int, place: int) -> None:
        self.emit(MOV, RAX, state(8, FRAME_AT))
        self.emit(MOV, EAX, Address(SCRATCH, offset=offset).of(4), imm=offset)
        self.emit(MOV, state(4, place), EAX)

    def write_frame(self, place: int, offsets: Sequence[int]) -> None:
        self.emit(MOV, R15, state(8, FRAME_AT))
        for offset in offsets:
            self.emit(MOV, EAX, state(4, place + offset))
            self.emit(MOV, Address(WINDOW, offset=offset).of(4), EAX, imm=offset)

    def check_batch(self, otherwise: int) -> None:
        following, done, fail = self.label(), self.label(), self.label()
        pair = Memory(4, PROBING)
        self.keep_walking()
        self.emit(MOV, EAX, state(4, BATCH))
        self.emit(AND, EAX, HOLE, imm=3)
        self.jump(fail, Condition.NOT_EQUAL)
        self.emit(MOV, sized(WALKING, 32), state(4, BATCH + 4))
        self.emit(SHL, sized(WALKING, 64), HOLE, imm=3)
        self.emit(MOV, state(4, BATCH + 8), sized(WALKING, 32))
        self.emit(MOV, EAX, state(4, BATCH))
        self.emit(ADD, RAX, sized(WALKING, 64))
        self.emit(CMP, RAX, state(8, RAM_END))
        self.jump(fail, Condition.ABOVE)
        self.first_of_batch()
        self.place(following)
        self.emit(SUB, sized(WALKING, 64), HOLE, imm=1)
        self.jump(done, Condition.BELOW)
        self.emit(MOV, EAX, pair)
        self.emit(AND, EAX, HOLE, imm=3)
        self.jump(fail, Condition.NOT_EQUAL)
        self.emit(MOV, EAX, pair)
        self.unless_in_ram(fail)
        self.emit(SUB, EAX, state(4, BATCH))
        self.emit(CMP, EAX, state(4, BATCH + 8))
        self.jump(fail, Condition.BELOW)
        self.emit(MOV, EAX, pair)
        self.unless_writable(fail)
        self.emit(ADD, sized(PROBING, 64), HOLE, imm=8)
        self.jump(following)
        self.place(fail)
        self.put_back_walking()
        self.jump(otherwise)
        self.place(done)
        self.put_back_walking()

    def write_batch(self) -> None:
        following, done = self.label(), self.label()
        self.keep_walking()
        self.first_of_batch()
        self.place(following)
        self.emit(SUB, sized(WALKING, 64), HOLE, imm=1)
        self.jump(done, Condition.BELOW)
        self.emit(MOV, EAX, Memory(4, PROBING))
        self.emit(ADD, RAX, state(8, RAM))
        self.emit(MOV, R15D, Memory(4, PROBING, displacement=4))
        self.emit(MOV, Memory(4, SCRATCH), R15D)
        self.emit(ADD, sized(PROBING, 64), HOLE, imm=8)
        self.jump(following)
        self.place(done)
        self.put_back_walking()

    def first_of_batch(self) -> None:
        """Have one register point to the first pair of a batch, and another one hold the number of pairs."""
        self.emit(MOV, EAX, state(4, BATCH))
        self.emit(ADD, RAX, state(8, RAM))
        self.emit(MOV, sized(PROBING, 64), RAX)
        self.emit(MOV, sized(WALKING, 32), state(4, BATCH + 4))

    def keep_walking(self) -> None:
        """Save the registers that page walks use."""
        self.emit(MOV, state(8, WALK_KEPT), sized(PROBING, 64))
        self.emit(MOV, state(8, WALK_KEPT + 8), sized(WALKING, 64))

    def put_back_walking(self) -> None:
        self.emit(MOV, sized(PROBING, 64), state(8, WALK_KEPT))
        self.emit(MOV, sized(WALKING, 64), state(8, WALK_KEPT + 8))

    def unless_in_ram(self, label: int) -> None:
        """Jump unless the physical address in the scratch register, which has 32 bits, is in RAM."""
        self.emit(CMP, RAX, state(8, RAM_END))
        self.jump(label, Condition.NOT_BELOW)
        if self.isa.memory:
            self.emit(CMP, EAX, HOLE, imm=self.isa.memory)
            self.jump(label, Condition.BELOW)

    def unless_writable(self, label: int) -> None:
        """Jump unless generated code may write to the page of the physical address in the scratch register."""
        self.emit(SHR, RAX, HOLE, imm=12)
        self.emit(ADD, RAX, state(8, WATCH))
        self.emit(MOVZX, EAX, Memory(1, SCRATCH))
        self.emit(AND, EAX, HOLE, imm=GUARDED)
        self.jump(label, Condition.NOT_EQUAL)
