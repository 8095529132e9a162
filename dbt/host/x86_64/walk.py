"""The page walk in generated code: on a miss of the software TLB it walks the guest's page tables.

Entered by `call` with the guest address in eax and the index of the TLB entry in INDEX; returns to repeat the look-up.
An access that traps, or that the VMM must see, is left to the VMM as if there were no walk: by the slot LOOK, with the
return address still on the stack.
"""

from __future__ import annotations

from ring1.dbt.host.target import Target
from ring1.dbt.host.values import NEGATED, ONES_32, Condition, Value
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    CMP,
    HOLE,
    JMP,
    LEA,
    MOV,
    MOVZX,
    OR,
    RET,
    SHL,
    SHR,
    SUB,
    TEST,
    Address,
    Memory,
    state,
)
from ring1.dbt.host.x86_64.places import Local, Places
from ring1.dbt.host.x86_64.registers import EAX, LOOKUP_SCRATCH, RAX, SCRATCH, WINDOW, sized
from ring1.dbt.host.x86_64.selection import Expressions
from ring1.dbt.ir.bind import rebuild_fields, written_out
from ring1.dbt.machine.memory import CODE, GUARDED, TRACED
from ring1.dbt.machine.memory import PAGE as HOST_PAGE
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.state import FLAT, RAM, RAM_SIZE, REFILL, WATCH
from ring1.dbt.mmu.softtlb import EMPTY
from ring1.dbt.mmu.view import TLB_ADDEND, TLB_ENTRIES, TLB_LOAD, TLB_STORE, WRITTEN
from ring1.dbt.native.slots import LOOK
from ring1.isa import semantics as s
from ring1.isa.model import WORD

ADDRESS, AT, ENTRY, PAGE = 0, 1, 2, 3
"""Numbers of its scratch quadwords: guest address, physical address of the entry, the entry, physical address of the
page."""
SPARE = [4, 5, 6, 7]
INDEX, OTHER = LOOKUP_SCRATCH
INDEX_64, OTHER_64 = sized(INDEX, 64), sized(OTHER, 64)
INDEX_32, OTHER_32 = sized(INDEX, 32), sized(OTHER, 32)
NUMBER = Value(INDEX, TLB_ENTRIES - 1)


class Refill(Expressions):
    """The walk for accesses of one kind, LOAD or STORE. Raises Unsupported if host code cannot evaluate the tables."""

    scratches = REFILL
    ram, watch = RAM, WATCH
    """Displacements of the slots with the addresses of RAM and of Memory.watch."""

    def __init__(self, target: Target, kind: int) -> None:
        super().__init__(target, Places(target), 0, False)
        self.kind = kind
        self.free = list(SPARE)
        self.found = self.scratch_at(ENTRY, 32)
        """The present entry of the guest's tables."""
        self.locals = {"entry": Local(self.found, ONES_32)}
        self.fail = self.label()
        self.lower()

    def of_entry(self, e: s.Expr) -> s.Expr:
        """Return an expression over the fields of the entry as one over its word."""
        assert self.isa.paging is not None
        return rebuild_fields(written_out(self.isa, e), self.isa.paging.fields, s.Local(WORD, "entry"))

    def demand(self, e: s.Expr, holds: bool = True) -> None:
        """Emit a jump to `fail` unless a condition on the entry holds; with `holds` false, unless it does not."""
        found = self.compare(self.of_entry(e))
        self.jump(self.fail, NEGATED[found] if holds else found)

    def frame(self) -> s.Expr:
        p = self.isa.paging
        assert p is not None
        return s.Slice(p.frame.hi - p.frame.lo + 1, s.Local(WORD, "entry"), p.frame.hi, p.frame.lo)

    def flagged(self, place: Memory, flags: int) -> None:
        """Emit a test of the watch flags of the page of the physical address in a scratch quadword."""
        self.emit(MOV, OTHER_64, place)
        self.emit(SHR, OTHER_64, HOLE, imm=12)
        self.emit(ADD, OTHER_64, state(8, self.watch))
        self.emit(MOVZX, OTHER_32, Memory(1, OTHER))
        self.emit(AND, OTHER_32, HOLE, imm=flags)

    def lower(self) -> None:
        p = self.isa.paging
        assert p is not None
        self.emit(MOV, self.scratch_at(ADDRESS, 64), RAX)
        self.begin()
        # An access may reach into the next page: no entry may be marked before both pages are known.
        self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
        self.emit(AND, EAX, HOLE, imm=HOST_PAGE - 1)
        self.emit(CMP, EAX, HOLE, imm=HOST_PAGE - WORD // 8)
        self.jump(self.fail, Condition.ABOVE)
        self.into(self.of_entry(p.root), SCRATCH)
        self.emit(SHL, RAX, HOLE, imm=p.page)
        shift, leaves = WORD, []
        for level, bits in enumerate(p.levels):
            shift -= bits
            leaf = self.label()
            leaves.append((leaf, shift, level))
            self.emit(MOV, OTHER_32, self.scratch_at(ADDRESS, 32))
            self.emit(SHR, OTHER_32, HOLE, imm=shift)
            self.emit(AND, OTHER_32, HOLE, imm=(1 << bits) - 1)
            self.emit(LEA, RAX, Memory(0, SCRATCH, OTHER, p.entry))
            self.emit(CMP, RAX, state(8, RAM_SIZE))
            self.jump(self.fail, Condition.NOT_BELOW)
            self.emit(MOV, self.scratch_at(AT, 64), RAX)
            if self.target.traced:
                self.flagged(self.scratch_at(AT, 64), TRACED)
                self.jump(self.fail, Condition.EQUAL)
                self.emit(MOV, RAX, self.scratch_at(AT, 64))
            self.emit(ADD, RAX, state(8, self.ram))
            self.emit(MOV, EAX, Memory(4, SCRATCH))
            self.emit(MOV, self.found, EAX)
            self.met(level)
            self.demand(p.invalid, False)
            self.jump(leaf, self.compare(self.of_entry(p.leaf)))
            self.into(self.frame(), SCRATCH)
            self.emit(SHL, RAX, HOLE, imm=p.page)
        self.jump(self.fail)
        for leaf, span, level in leaves:
            self.place(leaf)
            self.leaf_found(span, level)
        self.place(self.fail)
        self.emit(MOV, RAX, self.scratch_at(ADDRESS, 64))
        self.emit(JMP, state(8, LOOK))

    def begin(self) -> None:
        """Fail if the TLB has the page, in which case the access is misaligned."""
        self.emit(AND, EAX, HOLE, imm=-HOST_PAGE)
        self.emit(CMP, EAX, self.tag(TLB_LOAD if self.kind == LOAD else TLB_STORE).of(4))
        self.jump(self.fail, Condition.EQUAL)

    def tag(self, table: int, base: str = WINDOW) -> Address:
        """Return the address of the TLB entry's tag for one kind of access."""
        return self.entry(base, NUMBER, 4, table, 4 * TLB_ENTRIES)

    def met(self, level: int) -> None:
        """Called when the entry of a level has been read, also into eax; does nothing here."""

    def leaf_found(self, span: int, level: int) -> None:
        """Check a leaf entry that maps 2**span bytes, mark it, and put its page into the TLB."""
        p = self.isa.paging
        assert p is not None
        if span > p.page:
            self.into(self.frame(), SCRATCH)
            self.emit(AND, EAX, HOLE, imm=(1 << span - p.page) - 1)
            self.jump(self.fail, Condition.NOT_EQUAL)
        self.demand(p.denied, False)
        self.demand_access()
        self.into(self.frame(), SCRATCH)
        self.emit(SHL, RAX, HOLE, imm=p.page)
        self.emit(MOV, OTHER_32, self.scratch_at(ADDRESS, 32))
        self.emit(AND, OTHER_32, HOLE, imm=(1 << span) - HOST_PAGE)
        self.emit(ADD, RAX, OTHER_64)
        self.emit(CMP, RAX, state(8, RAM_SIZE))
        self.jump(self.fail, Condition.NOT_BELOW)
        self.emit(MOV, self.scratch_at(PAGE, 64), RAX)
        if self.kind == STORE:  # before any change: a half-updated TLB entry would mix two pages
            self.flagged(self.scratch_at(PAGE, 64), GUARDED)
            self.jump(self.fail, Condition.NOT_EQUAL)
        self.mark_entry(p.accessed | (p.dirty if self.kind == STORE else 0))
        self.settle(level)

    def demand_access(self) -> None:
        """Fail unless the leaf entry allows the access."""
        p = self.isa.paging
        assert p is not None
        self.demand((p.load if self.kind == LOAD else p.store).allowed)

    def settle(self, level: int) -> None:
        """Put the page into the TLB, and return."""
        p = self.isa.paging
        assert p is not None
        self.tags(p.load.allowed, p.store.allowed)
        self.emit(MOV, RAX, self.scratch_at(PAGE, 64))
        self.emit(ADD, RAX, state(8, FLAT))
        self.emit(MOV, OTHER_32, self.scratch_at(ADDRESS, 32))
        self.emit(AND, OTHER_32, HOLE, imm=-HOST_PAGE)
        self.emit(SUB, RAX, OTHER_64)
        self.emit(MOV, OTHER_64, Memory(8, WINDOW, displacement=WRITTEN))
        self.emit(MOV, self.entry(OTHER, NUMBER, 8, TLB_ADDEND, 8 * TLB_ENTRIES).of(8), RAX)
        self.emit(MOV, RAX, self.scratch_at(ADDRESS, 64))
        self.emit(RET)

    def mark_entry(self, bits: int) -> None:
        """Set accessed and dirty bits if they are not set; fail if the table's page holds translated code."""
        done = self.label()
        self.emit(MOV, EAX, self.found)
        self.emit(OR, EAX, HOLE, imm=bits)
        self.emit(CMP, EAX, self.found)
        self.jump(done, Condition.EQUAL)
        self.emit(MOV, self.found, EAX)
        self.flagged(self.scratch_at(AT, 64), CODE)
        self.jump(self.fail, Condition.NOT_EQUAL)
        self.emit(MOV, OTHER_64, self.scratch_at(AT, 64))
        self.emit(ADD, OTHER_64, state(8, self.ram))
        self.emit(MOV, Memory(4, OTHER), EAX)
        self.place(done)

    def tags(self, load: s.Expr, store: s.Expr) -> None:
        """Set the tags for loads and for stores, each to the page's address or EMPTY."""
        p = self.isa.paging
        assert p is not None
        for kind, table, allowed in ((LOAD, TLB_LOAD, load), (STORE, TLB_STORE, store)):
            never, end = self.label(), self.label()
            if kind == STORE and self.kind == LOAD:
                self.flagged(self.scratch_at(PAGE, 64), GUARDED)
                self.jump(never, Condition.NOT_EQUAL)
                if p.dirty:
                    self.emit(TEST, self.found, HOLE, imm=p.dirty)
                    self.jump(never, Condition.EQUAL)
            if kind != self.kind:
                self.jump(never, NEGATED[self.compare(self.of_entry(allowed))])
            self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
            self.emit(AND, EAX, HOLE, imm=-HOST_PAGE)
            self.jump(end)
            self.place(never)
            self.emit(MOV, EAX, HOLE, imm=EMPTY)
            self.place(end)
            self.emit(MOV, OTHER_64, Memory(8, WINDOW, displacement=WRITTEN))
            self.emit(MOV, self.tag(table, OTHER).of(4), EAX)
