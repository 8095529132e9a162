"""The page walk in generated code: what the look-aside buffer does not have is looked up in the guest's page tables.

Entered by `call` with the guest address in eax and the entry's number in INDEX; returns to look again. Whatever it does
not do, because it traps or the VMM must see it, is left to the VMM as if there were no refill: by the slot LOOK, with
the return address still on the stack.
"""

from __future__ import annotations

from ring1.dbt.host.target import Target
from ring1.dbt.host.x86_64.operations import LOOKUP_SCRATCH, ONES_32, Place, Value, sized
from ring1.dbt.host.x86_64.selection import NEGATED, Expressions
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
"""Scratch quadwords of its own: the guest address, where the entry is, the entry, the physical page."""
SPARE = [4, 5, 6, 7]
INDEX, OTHER = LOOKUP_SCRATCH
NUMBER = Value(INDEX, TLB_ENTRIES - 1)


class Refill(Expressions):
    """The walk for accesses of one kind, LOAD or STORE. Raises Unsupported if host code cannot evaluate the tables."""

    scratches = REFILL
    ram, watch = RAM, WATCH
    """The slots that say where RAM is, and what is watched of it."""

    def __init__(self, target: Target, kind: int) -> None:
        super().__init__(target, 0, False)
        self.kind = kind
        self.free = list(SPARE)
        self.locals = {"entry": Place(self.scratch_text(ENTRY, 32), ONES_32)}
        self.fail = self.label()
        self.lower()

    def of_entry(self, e: s.Expr) -> s.Expr:
        """An expression over the fields of the entry."""
        assert self.isa.paging is not None
        return rebuild_fields(written_out(self.isa, e), self.isa.paging.fields, s.Local(WORD, "entry"))

    def demand(self, e: s.Expr, holds: bool = True) -> None:
        """Give up unless a condition on the entry holds, or does not."""
        cc = self.flags(self.of_entry(e))
        self.jump(self.fail, NEGATED[cc] if holds else cc)

    def frame(self) -> s.Expr:
        p = self.isa.paging
        assert p is not None
        return s.Slice(p.frame.hi - p.frame.lo + 1, s.Local(WORD, "entry"), p.frame.hi, p.frame.lo)

    def flagged(self, place: str, flags: int) -> None:
        """Compare flags of the page that the physical address in a scratch quadword is in with 0."""
        self.emit(f"mov {OTHER}, {place}")
        self.emit(f"shr {OTHER}, {{}}", 12)
        self.emit(f"add {OTHER}, qword ptr [rbp+{self.watch}]")
        self.emit(f"movzx {sized(OTHER, 32)}, byte ptr [{OTHER}]")
        self.emit(f"and {sized(OTHER, 32)}, {{}}", flags)

    def lower(self) -> None:
        p = self.isa.paging
        assert p is not None
        self.emit(f"mov {self.scratch_text(ADDRESS, 64)}, rax")
        self.begin()
        # Of an access that reaches into the next page, nothing may be marked before both are known.
        self.emit(f"mov eax, {self.scratch_text(ADDRESS, 32)}")
        self.emit("and eax, {}", HOST_PAGE - 1)
        self.emit("cmp eax, {}", HOST_PAGE - WORD // 8)
        self.jump(self.fail, "a")
        self.into(self.of_entry(p.root), "rax")
        self.emit("shl rax, {}", p.page)
        shift, leaves = WORD, []
        for level, bits in enumerate(p.levels):
            shift -= bits
            leaf = self.label()
            leaves.append((leaf, shift, level))
            self.emit(f"mov {sized(OTHER, 32)}, {self.scratch_text(ADDRESS, 32)}")
            self.emit(f"shr {sized(OTHER, 32)}, {{}}", shift)
            self.emit(f"and {sized(OTHER, 32)}, {{}}", (1 << bits) - 1)
            self.emit(f"lea rax, [rax+{OTHER}*{p.entry}]")
            self.emit(f"cmp rax, qword ptr [rbp+{RAM_SIZE}]")
            self.jump(self.fail, "ae")
            self.emit(f"mov {self.scratch_text(AT, 64)}, rax")
            if self.target.traced:
                self.flagged(self.scratch_text(AT, 64), TRACED)
                self.jump(self.fail, "e")
                self.emit(f"mov rax, {self.scratch_text(AT, 64)}")
            self.emit(f"add rax, qword ptr [rbp+{self.ram}]")
            self.emit("mov eax, dword ptr [rax]")
            self.emit(f"mov {self.locals['entry'].text}, eax")
            self.met(level)
            self.demand(p.invalid, False)
            self.jump(leaf, self.flags(self.of_entry(p.leaf)))
            self.into(self.frame(), "rax")
            self.emit("shl rax, {}", p.page)
        self.jump(self.fail)
        for leaf, span, level in leaves:
            self.place(leaf)
            self.leaf_found(span, level)
        self.place(self.fail)
        self.emit(f"mov rax, {self.scratch_text(ADDRESS, 64)}")
        self.emit(f"jmp qword ptr [rbp+{LOOK}]")

    def begin(self) -> None:
        """The page may be there, and the access is not aligned."""
        self.emit("and eax, {}", -HOST_PAGE)
        self.emit(f"cmp eax, dword ptr {self.tag(TLB_LOAD if self.kind == LOAD else TLB_STORE)}")
        self.jump(self.fail, "e")

    def tag(self, table: int, base: str = "r15") -> str:
        """The entry's tag for one kind of access."""
        return self.entry(base, NUMBER, 4, table, 4 * TLB_ENTRIES)

    def met(self, level: int) -> None:
        """The entry of a level is in eax, too."""

    def leaf_found(self, span: int, level: int) -> None:
        """The entry maps 2**span bytes: check it, mark it, put it into the buffer."""
        p = self.isa.paging
        assert p is not None
        access = p.load if self.kind == LOAD else p.store
        if span > p.page:
            self.into(self.frame(), "rax")
            self.emit("and eax, {}", (1 << span - p.page) - 1)
            self.jump(self.fail, "ne")
        self.demand(p.denied, False)
        self.demand(access.allowed)
        self.into(self.frame(), "rax")
        self.emit("shl rax, {}", p.page)
        self.emit(f"mov {sized(OTHER, 32)}, {self.scratch_text(ADDRESS, 32)}")
        self.emit(f"and {sized(OTHER, 32)}, {{}}", (1 << span) - HOST_PAGE)
        self.emit(f"add rax, {OTHER}")
        self.emit(f"cmp rax, qword ptr [rbp+{RAM_SIZE}]")
        self.jump(self.fail, "ae")
        self.emit(f"mov {self.scratch_text(PAGE, 64)}, rax")
        if self.kind == STORE:  # before anything is changed: half an entry would be another page's
            self.flagged(self.scratch_text(PAGE, 64), GUARDED)
            self.jump(self.fail, "ne")
        self.mark_entry(p.accessed | (p.dirty if self.kind == STORE else 0))
        self.settle(level)

    def settle(self, level: int) -> None:
        """Put the page into the buffer, and return."""
        p = self.isa.paging
        assert p is not None
        self.tags(p.load.allowed, p.store.allowed)
        self.emit(f"mov rax, {self.scratch_text(PAGE, 64)}")
        self.emit(f"add rax, qword ptr [rbp+{FLAT}]")
        self.emit(f"mov {sized(OTHER, 32)}, {self.scratch_text(ADDRESS, 32)}")
        self.emit(f"and {sized(OTHER, 32)}, {{}}", -HOST_PAGE)
        self.emit(f"sub rax, {OTHER}")
        self.emit(f"mov {OTHER}, qword ptr [r15{WRITTEN:+d}]")
        self.emit(f"mov qword ptr {self.entry(OTHER, NUMBER, 8, TLB_ADDEND, 8 * TLB_ENTRIES)}, rax")
        self.emit(f"mov rax, {self.scratch_text(ADDRESS, 64)}")
        self.emit("ret")

    def mark_entry(self, bits: int) -> None:
        """Set accessed and dirty bits, if they are not set, unless the table's page holds translated code."""
        done = self.label()
        self.emit(f"mov eax, {self.locals['entry'].text}")
        self.emit("or eax, {}", bits)
        self.emit(f"cmp eax, {self.locals['entry'].text}")
        self.jump(done, "e")
        self.emit(f"mov {self.locals['entry'].text}, eax")
        self.flagged(self.scratch_text(AT, 64), CODE)
        self.jump(self.fail, "ne")
        self.emit(f"mov {OTHER}, {self.scratch_text(AT, 64)}")
        self.emit(f"add {OTHER}, qword ptr [rbp+{self.ram}]")
        self.emit(f"mov dword ptr [{OTHER}], eax")
        self.place(done)

    def tags(self, load: s.Expr, store: s.Expr) -> None:
        """Set the tags for loads and for stores, each to the page's address or EMPTY."""
        p = self.isa.paging
        assert p is not None
        for kind, table, allowed in ((LOAD, TLB_LOAD, load), (STORE, TLB_STORE, store)):
            never, end = self.label(), self.label()
            if kind == STORE and self.kind == LOAD:
                self.flagged(self.scratch_text(PAGE, 64), GUARDED)
                self.jump(never, "ne")
                if p.dirty:
                    self.emit(f"test {self.locals['entry'].text}, {{}}", p.dirty)
                    self.jump(never, "e")
            if kind != self.kind:
                self.jump(never, NEGATED[self.flags(self.of_entry(allowed))])
            self.emit(f"mov eax, {self.scratch_text(ADDRESS, 32)}")
            self.emit("and eax, {}", -HOST_PAGE)
            self.jump(end)
            self.place(never)
            self.emit("mov eax, {}", EMPTY)
            self.place(end)
            self.emit(f"mov {OTHER}, qword ptr [r15{WRITTEN:+d}]")
            self.emit(f"mov dword ptr {self.tag(table, OTHER)}, eax")
