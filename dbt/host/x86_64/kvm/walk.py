"""The page walk of the monitor: fills the real page tables from the guest's, without an exit to the VMM.

It begins as the walk for the software TLB does (dbt/host/x86_64/walk), and ends by writing an entry of the real tables
that was not present. The VMM learns of it at the next exit, from a record of quadwords:

    root (CR3), guest address, real entry; physical address and value of the guest's entry of each level; levels
"""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.values import NEGATED, Condition, Value
from ring1.dbt.host.x86_64.kvm.pages import ENTRIES, INDEX_BITS, PRESENT, USER_ENTRY, WRITE
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    CMP,
    HOLE,
    IMUL,
    LEA,
    MOV,
    OR,
    RET,
    TEST,
    XOR,
    Address,
    Memory,
    state,
)
from ring1.dbt.host.x86_64.registers import CR3, EAX, RAX, SCRATCH
from ring1.dbt.host.x86_64.walk import ADDRESS, AT, INDEX_32, INDEX_64, OTHER, OTHER_32, OTHER_64, PAGE, Refill
from ring1.dbt.machine.memory import GUARDED
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.native import slots
from ring1.dbt.native.libc import PAGE as PAGE_SIZE

RECORD, MOST_RECORDS = 64, 64
"""Bytes of a record, and most records."""
MOST_LEVELS = 2


class Fill(Refill):
    """The walk for accesses of one kind. It leaves to the VMM with paging off, and where a real table is missing."""

    ram, watch = slots.RAM_AGAIN, slots.WATCH_AGAIN

    def enter(self) -> None:
        """Do nothing: the monitor has saved the registers."""

    def back(self) -> None:
        self.emit(MOV, RAX, self.scratch_at(ADDRESS, 64))

    def faulted(self) -> None:
        """Leave the fault to the VMM: go on with what it must see."""

    def begin(self) -> None:
        p = self.isa.paging
        assert p is not None
        if len(p.levels) > MOST_LEVELS:
            raise Unsupported("levels")
        self.jump(self.fail, NEGATED[self.compare(self.of_entry(p.when))])
        self.emit(MOV, EAX, state(4, slots.FILLED))
        self.emit(CMP, EAX, HOLE, imm=MOST_RECORDS)
        self.jump(self.fail, Condition.NOT_BELOW)
        self.emit(IMUL, EAX, EAX, HOLE, imm=RECORD)
        self.emit(ADD, RAX, state(8, slots.RECORDS))
        self.emit(MOV, state(8, slots.RECORD), RAX)

    def note(self, place: int) -> None:
        """Emit a store of rax to the record."""
        self.emit(MOV, OTHER_64, state(8, slots.RECORD))
        self.emit(MOV, Memory(8, OTHER, displacement=place), RAX)

    def met(self, level: int) -> None:
        self.note(32 + 16 * level)
        self.emit(MOV, RAX, self.scratch_at(AT, 64))
        self.note(24 + 16 * level)

    def settle(self, span: int, level: int) -> None:
        self.emit(MOV, EAX, self.found)
        self.note(32 + 16 * level)
        self.emit(MOV, EAX, HOLE, imm=level + 1)
        self.note(56)
        self.writable()
        self.emit(MOV, INDEX_32, EAX)
        self.emit(MOV, RAX, CR3)
        self.note(0)
        self.emit(ADD, RAX, state(8, slots.POOL))
        self.emit(OR, INDEX_64, Memory(8, SCRATCH, displacement=8 * USER_ENTRY))
        for shift in (3 * INDEX_BITS, 2 * INDEX_BITS, INDEX_BITS):
            self.emit(MOV, RAX, self.entry_at(12 + shift).of(8))
            self.emit(TEST, EAX, HOLE, imm=PRESENT)
            self.jump(self.fail, Condition.EQUAL)
            self.emit(AND, RAX, HOLE, imm=-PAGE_SIZE)
            self.emit(ADD, RAX, state(8, slots.POOL))
        self.emit(LEA, RAX, self.entry_at(12).of(0))
        self.emit(TEST, Memory(4, SCRATCH), HOLE, imm=PRESENT)
        self.jump(self.fail, Condition.NOT_EQUAL)
        self.emit(MOV, OTHER_64, self.scratch_at(PAGE, 64))
        self.emit(ADD, OTHER_64, state(8, slots.RAM_ENTRY))
        self.emit(OR, OTHER_64, INDEX_64)
        self.emit(MOV, Memory(8, SCRATCH), OTHER_64)
        self.emit(MOV, RAX, OTHER_64)
        self.note(16)
        self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
        self.note(8)
        self.emit(ADD, state(4, slots.FILLED), HOLE, imm=1)
        self.emit(RET)

    def entry_at(self, shift: int) -> Address:
        """Return the address of the guest address's entry in the real table to which rax points."""
        address = self.write(MOV, OTHER, False, self.scratch_at(ADDRESS, 32))
        if shift < 32:
            index = self.masked(self.down(address, shift), ENTRIES - 1)
        else:
            self.emit(XOR, OTHER_32, OTHER_32)
            index = Value(OTHER, 0)
        return self.entry(SCRATCH, index, 8, None, PAGE_SIZE)

    def demand_access(self) -> None:
        """As above. A page of the host's that can be written to can be read: a store where loads are not allowed is
        left to the VMM."""
        super().demand_access()
        p = self.isa.paging
        assert p is not None
        if self.kind == STORE:
            self.demand(p.load.allowed)

    def writable(self) -> None:
        """Emit code that sets eax to WRITE if the page may be written to unseen, else to 0."""
        p = self.isa.paging
        assert p is not None
        never, end = self.label(), self.label()
        self.flagged(self.scratch_at(PAGE, 64), GUARDED)
        self.jump(self.fail if self.kind == STORE else never, Condition.NOT_EQUAL)
        if self.kind == LOAD:
            self.emit(MOV, EAX, self.found)
            self.emit(AND, EAX, HOLE, imm=p.dirty)
            self.emit(CMP, EAX, HOLE, imm=p.dirty)
            self.jump(never, Condition.NOT_EQUAL)
            self.jump(never, NEGATED[self.compare(self.of_entry(p.store.allowed))])
        self.emit(MOV, EAX, HOLE, imm=WRITE)
        self.jump(end)
        self.place(never)
        self.emit(XOR, EAX, EAX)
        self.place(end)
