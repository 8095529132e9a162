"""The page walk in generated code: on a miss of the software TLB it walks the guest's page tables.

Entered by `call` with the guest address in eax, which it keeps like all other registers but the flags. It returns with
the carry flag clear if the look-up is to be repeated, and set if the access is a page fault: then it has changed
nothing, and the words CAUSE and VALUE say which trap. An access that the VMM must see is left to the VMM as if there
were no walk: by the slot LOOK, with the return address still on the stack.
"""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.host.interface import NOWHERE
from ring1.dbt.host.target import Target
from ring1.dbt.host.values import NEGATED, ONES_32, ONES_64, Condition, Value
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
    TEST,
    XOR,
    Address,
    Memory,
    state,
)
from ring1.dbt.host.x86_64.places import Local, Places
from ring1.dbt.host.x86_64.registers import EAX, PROBING, RAX, SCRATCH, STATE, WALKING, WINDOW, sized
from ring1.dbt.host.x86_64.selection import Expressions
from ring1.dbt.ir.bind import rebuild_fields, written_out
from ring1.dbt.machine.memory import CODE, GUARDED, SEALED, TRACED
from ring1.dbt.machine.memory import PAGE as HOST_PAGE
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.state import (
    CAUSE,
    FILLED,
    FILLS,
    FLAT,
    MET,
    MISSES,
    MOST_FILLS,
    MOST_MISSES,
    RAM,
    RAM_END,
    REFILL,
    VALUE,
    WALK_KEPT,
    WATCH,
)
from ring1.dbt.mmu.softtlb import nobody
from ring1.dbt.mmu.view import TLB_ENTRIES, TLB_FRAME, TLB_LOAD, TLB_STORE, WRITTEN
from ring1.dbt.native.slots import FAULT_ERROR, LOOK
from ring1.isa import semantics as s
from ring1.isa.model import WORD, Access
from ring1.isa.page_flush import leaves

ADDRESS, AT, ENTRY, PAGE = 0, 1, 2, 3
"""Numbers of its scratch quadwords: guest address, physical address of the entry, the entry, physical address of the
page."""
SPARE = [4, 5, 6, 7]
LARGEST_NOTED = 16
"""log2 of the most bytes that a leaf maps whose misses are noted: what is larger would be shown as a whole if addresses
were not looked up, and not be missed again."""
INDEX, OTHER = PROBING, WALKING
INDEX_64, OTHER_64 = sized(INDEX, 64), sized(OTHER, 64)
INDEX_32, OTHER_32 = sized(INDEX, 32), sized(OTHER, 32)
NUMBER = Value(INDEX, TLB_ENTRIES - 1)


class Refill(Expressions):
    """The walk for accesses of one kind, LOAD or STORE. Raises Unsupported if host code cannot evaluate the tables."""

    scratches = REFILL
    ram, watch = RAM, WATCH
    """Displacements of the slots with the addresses of RAM and of Memory.watch."""

    def __init__(self, target: Target, kind: int, elsewhere: Mapping[str, int] = NOWHERE) -> None:
        super().__init__(target, Places(target, elsewhere), 0, False)
        self.kind = kind
        self.free = list(SPARE)
        self.found = self.scratch_at(ENTRY, 32)
        """The present entry of the guest's tables."""
        self.locals = {"entry": Local(self.found, ONES_32)}
        self.fail = self.label()
        """What the VMM must see."""
        self.fault = self.label()
        """What is a page fault."""
        self.lower()

    def of_entry(self, e: s.Expr) -> s.Expr:
        """Return an expression over the fields of the entry as one over its word."""
        assert self.isa.paging is not None
        return rebuild_fields(written_out(self.isa, e), self.isa.paging.fields, s.Local(WORD, "entry"))

    def demand(self, e: s.Expr, holds: bool = True) -> None:
        """Emit a jump to `fault` unless a condition on the entry holds; with `holds` false, unless it does not."""
        found = self.compare(self.of_entry(e))
        self.jump(self.fault, NEGATED[found] if holds else found)

    @property
    def access(self) -> Access:
        """What an access of this kind requires."""
        assert self.isa.paging is not None
        return self.isa.paging.load if self.kind == LOAD else self.isa.paging.store

    def frame(self) -> s.Expr:
        p = self.isa.paging
        assert p is not None
        return s.Slice(p.frame.hi - p.frame.lo + 1, s.Local(WORD, "entry"), p.frame.hi, p.frame.lo)

    def flagged(self, place: Memory, flags: int, table: int | None = None) -> None:
        """Emit a test of the watch flags of the page of the physical address in a scratch quadword; or of its byte in
        another table, whose address is in a slot."""
        self.emit(MOV, OTHER_64, place)
        self.emit(SHR, OTHER_64, HOLE, imm=12)
        self.emit(ADD, OTHER_64, state(8, self.watch if table is None else table))
        self.emit(MOVZX, OTHER_32, Memory(1, OTHER))
        self.emit(AND, OTHER_32, HOLE, imm=flags)

    def lower(self) -> None:
        p = self.isa.paging
        assert p is not None
        self.emit(MOV, self.scratch_at(ADDRESS, 64), RAX)
        self.enter()
        self.begin()
        # An access may reach into the next page: no entry may be marked before both pages are known.
        self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
        self.emit(AND, EAX, HOLE, imm=HOST_PAGE - 1)
        self.emit(CMP, EAX, HOLE, imm=HOST_PAGE - WORD // 8)
        self.jump(self.fail, Condition.ABOVE)
        self.unpaged()
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
            self.within_ram(self.fault)
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
        self.jump(self.fault)
        for leaf, span, level in leaves:
            self.place(leaf)
            self.leaf_found(span, level)
        self.place(self.fault)
        self.faulted()
        self.place(self.fail)
        self.back()
        self.emit(JMP, state(8, LOOK))

    def within_ram(self, label: int) -> None:
        """Emit a jump unless the physical address in rax is in RAM."""
        self.emit(CMP, RAX, state(8, RAM_END))
        self.jump(label, Condition.NOT_BELOW)
        if self.isa.memory:
            self.emit(MOV, OTHER_32, HOLE, imm=self.isa.memory)
            self.emit(CMP, RAX, OTHER_64)
            self.jump(label, Condition.BELOW)

    def enter(self) -> None:
        """Save registers, and find the index of the TLB entry."""
        self.emit(MOV, state(8, WALK_KEPT), INDEX_64)
        self.emit(MOV, state(8, WALK_KEPT + 8), OTHER_64)
        self.masked(self.down(self.write(MOV, INDEX, False, EAX), 12), TLB_ENTRIES - 1)

    def back(self) -> None:
        """Restore all registers."""
        self.emit(MOV, INDEX_64, state(8, WALK_KEPT))
        self.emit(MOV, OTHER_64, state(8, WALK_KEPT + 8))
        self.emit(MOV, RAX, self.scratch_at(ADDRESS, 64))

    def note_miss(self) -> None:
        """Note who has called."""
        self.emit(MOV, RAX, Memory(8, "rsp"))  # the return address
        self.emit(MOV, OTHER_64, state(8, MISSES))
        self.emit(ADD, state(8, MISSES), HOLE, imm=1)
        self.masked(Value(OTHER, ONES_64), MOST_MISSES - 1)
        self.emit(SHL, OTHER_32, HOLE, imm=1)
        record = self.entry(STATE, Value(OTHER, 2 * MOST_MISSES - 2), 8, MISSES + 8, 16 * MOST_MISSES)
        self.emit(MOV, record.of(8), RAX)
        self.emit(MOV, RAX, state(8, FAULT_ERROR))
        self.emit(MOV, record._replace(displacement=MISSES + 16).of(8), RAX)

    def faulted(self) -> None:
        """Return, as the access is a page fault."""
        p = self.isa.paging
        assert p is not None
        self.note_miss()
        self.emit(MOV, state(4, CAUSE), HOLE, imm=self.access.cause)
        self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
        self.emit(MOV, state(4, VALUE), EAX)
        self.emit(XOR, EAX, EAX)
        self.emit(CMP, EAX, HOLE, imm=1)  # carry
        self.back()
        self.emit(RET)

    def begin(self) -> None:
        """Fail if the TLB has the page, in which case the access is misaligned."""
        self.emit(AND, EAX, HOLE, imm=-HOST_PAGE)
        self.emit(CMP, EAX, self.tag(TLB_LOAD if self.kind == LOAD else TLB_STORE).of(4))
        self.jump(self.fail, Condition.EQUAL)

    def tag(self, table: int, base: str = WINDOW) -> Address:
        """Return the address of the TLB entry's tag for one kind of access."""
        return self.entry(base, NUMBER, 4, table, 4 * TLB_ENTRIES)

    def unpaged(self) -> None:
        """Called before the first table is walked; does nothing here, as nobody looks up addresses with paging off."""

    def met(self, level: int) -> None:
        """Called when the entry of a level has been read, also into eax; does nothing here."""

    def leaf_found(self, span: int, level: int) -> None:
        """Check a leaf entry that maps 2**span bytes, mark it, and put its page into the TLB."""
        p = self.isa.paging
        assert p is not None
        if span > p.page:
            self.into(self.frame(), SCRATCH)
            self.emit(AND, EAX, HOLE, imm=(1 << span - p.page) - 1)
            self.jump(self.fault, Condition.NOT_EQUAL)
        self.demand(self.access.denied, False)
        self.demand_access()
        self.into(self.frame(), SCRATCH)
        self.emit(SHL, RAX, HOLE, imm=p.page)
        self.emit(MOV, OTHER_32, self.scratch_at(ADDRESS, 32))
        self.emit(AND, OTHER_32, HOLE, imm=(1 << span) - HOST_PAGE)
        self.emit(ADD, RAX, OTHER_64)
        self.within_ram(self.fail)
        self.emit(MOV, self.scratch_at(PAGE, 64), RAX)
        self.demand_page()  # before any change: a half-updated TLB entry would mix two pages
        self.mark_entry(p.accessed | (p.dirty if self.kind == STORE else 0))
        if self.target.hardware is None:
            self.note_leaf(span)
        self.settle(span, level)

    def note_leaf(self, span: int) -> None:
        """Say that a leaf that maps 2**span bytes has been used for the address (see Relied.met)."""
        part = leaves(self.isa).get(span)
        if part is not None:
            self.emit(MOV, OTHER_32, self.scratch_at(ADDRESS, 32))
            self.emit(SHR, OTHER_32, HOLE, imm=span)
            self.emit(ADD, OTHER_64, state(8, MET))
            if part:
                self.emit(ADD, OTHER_64, HOLE, imm=part)
            self.emit(MOV, Memory(1, OTHER), HOLE, imm=1)

    def demand_access(self) -> None:
        """Fault unless the leaf entry allows the access."""
        p = self.isa.paging
        assert p is not None
        self.demand(self.access.allowed)

    def demand_page(self) -> None:
        """Fail unless generated code may access the page."""
        if self.kind == STORE:
            self.unless_storable(self.fail)

    def unless_storable(self, label: int) -> None:
        """Emit a jump unless generated code may write to the page."""
        self.flagged(self.scratch_at(PAGE, 64), GUARDED)
        self.jump(label, Condition.NOT_EQUAL)

    def settle(self, span: int, level: int) -> None:
        """Put the page of a leaf into the TLB, and return."""
        p = self.isa.paging
        assert p is not None
        self.tags(p.load.allowed, p.store.allowed)
        self.fill(span <= LARGEST_NOTED)

    def fill(self, noted: bool) -> None:
        """Put the page into the TLB, whose tags are set, and return; the miss is `noted`."""
        self.emit(MOV, RAX, self.scratch_at(PAGE, 64))
        self.emit(ADD, RAX, state(8, FLAT))
        self.emit(MOV, OTHER_64, Memory(8, WINDOW, displacement=WRITTEN))
        self.emit(MOV, self.entry(OTHER, NUMBER, 8, TLB_FRAME, 8 * TLB_ENTRIES).of(8), RAX)
        full = self.label()
        self.emit(MOV, RAX, state(8, FILLED))
        self.emit(CMP, RAX, HOLE, imm=MOST_FILLS)
        self.jump(full, Condition.NOT_BELOW)
        self.emit(LEA, OTHER_64, self.tag(TLB_LOAD, OTHER).of(0))
        self.emit(MOV, self.entry(STATE, Value(SCRATCH, MOST_FILLS - 1), 8, FILLS, 8 * MOST_FILLS).of(8), OTHER_64)
        self.emit(ADD, state(8, FILLED), HOLE, imm=1)
        self.place(full)
        if noted:
            self.note_miss()
        self.emit(TEST, EAX, EAX)  # no carry
        self.back()
        self.emit(RET)

    def mark_entry(self, bits: int) -> None:
        """Set accessed and dirty bits if they are not set; fail if the table's page holds translated code, or may not
        be written."""
        done = self.label()
        self.emit(MOV, EAX, self.found)
        self.emit(OR, EAX, HOLE, imm=bits)
        self.emit(CMP, EAX, self.found)
        self.jump(done, Condition.EQUAL)
        self.emit(MOV, self.found, EAX)
        self.flagged(self.scratch_at(AT, 64), CODE | SEALED)
        self.jump(self.fail, Condition.NOT_EQUAL)
        self.emit(MOV, OTHER_64, self.scratch_at(AT, 64))
        self.emit(ADD, OTHER_64, state(8, self.ram))
        self.emit(MOV, Memory(4, OTHER), EAX)
        self.place(done)

    def tags(self, load: s.Expr | None, store: s.Expr | None) -> None:
        """Set the tags for loads and for stores, each to the page's address or that of no page. None: the entry allows
        the access."""
        p = self.isa.paging
        assert p is not None
        for kind, table, allowed in ((LOAD, TLB_LOAD, load), (STORE, TLB_STORE, store)):
            never, end = self.label(), self.label()
            if kind == STORE and self.kind == LOAD:
                self.unless_storable(never)
                if p.dirty and allowed is not None:
                    self.emit(TEST, self.found, HOLE, imm=p.dirty)
                    self.jump(never, Condition.EQUAL)
            if kind != self.kind and allowed is not None:
                self.jump(never, NEGATED[self.compare(self.of_entry(allowed))])
            self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
            self.emit(AND, EAX, HOLE, imm=-HOST_PAGE)
            self.jump(end)
            self.place(never)
            self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
            self.emit(AND, EAX, HOLE, imm=-HOST_PAGE)
            self.emit(XOR, EAX, HOLE, imm=nobody(0))  # what the tag of no page differs in
            self.place(end)
            self.emit(MOV, OTHER_64, Memory(8, WINDOW, displacement=WRITTEN))
            self.emit(MOV, self.tag(table, OTHER).of(4), EAX)
