"""The flush of the guest's TLB in generated code, and of a single page (ring1.dbt.mmu.relied).

Entered by `call`; keeps all registers but rax and the flags. It returns with the carry flag clear if the TLB is
flushed: every entry of page tables that anything shown comes from still holds, and the software TLBs are empty. It
returns with carry, and nothing changed, if the VMM has to flush.
"""

from __future__ import annotations

from ring1.dbt.host.target import Target
from ring1.dbt.host.values import ONES_64, Condition, Value
from ring1.dbt.host.x86_64.code import Code
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    CMP,
    HOLE,
    JMP,
    MOV,
    MOVZX,
    RET,
    SHL,
    SHR,
    SUB,
    TEST,
    XOR,
    Memory,
    state,
)
from ring1.dbt.host.x86_64.places import Places
from ring1.dbt.host.x86_64.registers import EAX, PROBING, RAX, SCRATCH, STATE, WALKING, sized
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import FILLED, FILLS, FLUSH, MET, MOST_FILLS, RAM, RELIED, WALK_KEPT
from ring1.dbt.mmu.relied import MOST_RELIED, RECORD
from ring1.dbt.mmu.softtlb import nobody
from ring1.dbt.mmu.view import TLB_LOAD, TLB_STORE
from ring1.dbt.native.slots import VALUE
from ring1.isa import semantics as s
from ring1.isa.page_flush import leaves

COUNT, AT = sized(PROBING, 64), sized(WALKING, 64)


class Flush(Code):
    """Writes the flush."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, Places(target), 0, False)
        done, fail, back = self.label(), self.label(), self.label()
        self.emit(MOV, state(8, WALK_KEPT), COUNT)
        self.emit(MOV, state(8, WALK_KEPT + 8), AT)
        self.emit(CMP, state(8, FILLED), HOLE, imm=MOST_FILLS)
        self.jump(fail, Condition.NOT_BELOW)
        self.emit(MOV, COUNT, state(8, RELIED + 8))
        self.emit(CMP, COUNT, HOLE, imm=MOST_RELIED)
        self.jump(fail, Condition.ABOVE)
        self.compare(done, fail)
        self.place(done)
        self.empty()
        self.emit(TEST, EAX, EAX)  # no carry
        self.jump(back)
        self.place(fail)
        self.emit(XOR, EAX, EAX)
        self.emit(CMP, EAX, HOLE, imm=1)  # carry
        self.place(back)
        self.emit(MOV, COUNT, state(8, WALK_KEPT))
        self.emit(MOV, AT, state(8, WALK_KEPT + 8))
        self.emit(RET)

    def compare(self, done: int, fail: int) -> None:
        """Go through the records of entries; jump to `fail` at one that does not hold."""
        following = self.label()
        self.emit(MOV, AT, state(8, RELIED))
        self.place(following)
        self.emit(SUB, COUNT, HOLE, imm=1)
        self.jump(done, Condition.BELOW)
        self.emit(MOV, RAX, Memory(8, WALKING))
        self.emit(ADD, RAX, state(8, RAM))
        self.emit(MOV, EAX, Memory(4, SCRATCH))
        self.emit(XOR, EAX, Memory(4, WALKING, displacement=8))
        self.emit(AND, EAX, Memory(4, WALKING, displacement=12))
        self.jump(fail, Condition.NOT_EQUAL)
        self.emit(ADD, AT, HOLE, imm=RECORD)
        self.jump(following)

    def empty(self) -> None:
        """Empty all entries of software TLBs that have been filled."""
        following, end = self.label(), self.label()
        self.emit(MOV, COUNT, state(8, FILLED))
        self.place(following)
        self.emit(SUB, COUNT, HOLE, imm=1)
        self.jump(end, Condition.BELOW)
        self.emit(MOV, AT, self.entry(STATE, Value(PROBING, MOST_FILLS - 1), 8, FILLS, 8 * MOST_FILLS).of(8))
        self.emit(MOV, RAX, AT)  # the tables are whole pages, and so the address says which entry it is
        self.masked(Value(SCRATCH, ONES_64), PAGE - 4)
        self.emit(SHL, EAX, HOLE, imm=10)
        self.emit(XOR, EAX, HOLE, imm=nobody(0))
        self.emit(MOV, Memory(4, WALKING), EAX)
        self.emit(MOV, Memory(4, WALKING, displacement=TLB_STORE - TLB_LOAD), EAX)
        self.jump(following)
        self.place(end)
        self.emit(MOV, state(8, FILLED), HOLE, imm=0)

    def into(self, e: s.Expr, host: str) -> Value:
        """Not used: nothing of the guest's is computed."""
        raise AssertionError(e)


class FlushPage(Code):
    """Writes the flush of the page of the address in slots.VALUE. There is nothing to flush where no leaf has been used
    for the address; else the whole TLB is flushed."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, Places(target), 0, False)
        used = self.label()
        for shift, at in leaves(target.isa).items():
            self.emit(MOV, EAX, state(4, VALUE))
            self.emit(SHR, EAX, HOLE, imm=shift)
            self.emit(ADD, RAX, state(8, MET))
            if at:
                self.emit(ADD, RAX, HOLE, imm=at)
            self.emit(MOVZX, EAX, Memory(1, SCRATCH))
            self.emit(TEST, EAX, EAX)
            self.jump(used, Condition.NOT_EQUAL)
        self.emit(TEST, EAX, EAX)  # no carry
        self.emit(RET)
        self.place(used)
        self.emit(JMP, state(8, FLUSH))

    def into(self, e: s.Expr, host: str) -> Value:
        """Not used: nothing of the guest's is computed."""
        raise AssertionError(e)
