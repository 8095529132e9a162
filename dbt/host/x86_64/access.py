"""Loads and stores of the guest -> host code."""

from __future__ import annotations

from ring1.dbt.host.x86_64.code import SIZES, Code
from ring1.dbt.host.x86_64.operations import LOOKUP_SCRATCH, ONES_32, Value, sized
from ring1.dbt.ir.fold import part, signed
from ring1.dbt.machine.paging import LOAD, STORE, UPDATE
from ring1.dbt.mmu.softtlb import access
from ring1.dbt.mmu.view import TLB_ADDEND, TLB_ENTRIES, TLB_LOAD, TLB_STORE
from ring1.dbt.native.window import GUARD
from ring1.isa import semantics as s


class Accesses(Code):
    """Host code that reaches the guest's memory."""

    body: s.Body = ()
    """Of the present instruction."""

    def looked_up(self, e: s.Expr, size: int, kind: int) -> str:
        """Text of the host's address of a guest address, found by the look-aside buffer of the view.

        Tags are compared with the page's address and the low bits that an aligned access has not: what may straddle
        two pages is never found.
        """
        register, masked = LOOKUP_SCRATCH
        wanted = self.into(e, "rax")
        if wanted.most > ONES_32:
            raise AssertionError(f"{wanted} is no guest address")
        again, look = self.label(), self.label()
        missed = UPDATE if kind == STORE and s.atomic(self.body) else kind  # all of it is for the interpreter then
        self.looks.append((look, again, access(self.index, size, missed)))
        self.place(again)
        index = self.masked(self.down(self.write("mov", register, False, "eax"), 12), TLB_ENTRIES - 1)
        self.masked(self.write("mov", masked, False, "eax"), 0xFFFFF000 | size - 1)
        tag = self.entry("r15", index, 4, TLB_LOAD if kind == LOAD else TLB_STORE, 4 * TLB_ENTRIES)
        self.emit(f"cmp {sized(masked, 32)}, dword ptr {tag}")
        self.jump(look, "ne")
        self.emit(f"add rax, qword ptr {self.entry('r15', index, 8, TLB_ADDEND, 8 * TLB_ENTRIES)}")
        return "[rax]"

    def address(self, e: s.Expr, size: int, kind: int) -> tuple[str, int | None]:
        """Text and displacement of the host's address for an access, computed in rax if it must be.

        A register plus a small constant is left to the addressing mode: what wraps lands in a guard zone.
        """
        if self.lookup:
            return self.looked_up(e, size, kind), None
        base, offset = (e.a, self.constant(e.b)) if isinstance(e, s.Binary) and e.op == "+" else (e, 0)
        if isinstance(e, s.Const) and e.value < 1 << 31:
            return "[r15{:+d}]", e.value
        if offset is not None and abs(offset) < GUARD - 8 and (self.leaf(base) is not None):
            host = self.host_of(base)
            return self.window(self.into(base, "rax") if host is None else Value(host, ONES_32), offset)
        return self.window(self.into(e, "rax"))

    def load(self, e: s.Load, host: str, is_signed: bool) -> Value:
        text, offset = self.address(e.address, e.size, UPDATE if e.write else LOAD)
        if e.write and not self.lookup:
            self.emit(f"or {SIZES[e.size]} ptr {text}, 0", offset)  # faults where a store would, changes nothing
        operation = "mov" if e.size == 4 else "movsx" if is_signed else "movzx"
        self.emit(f"{operation} {sized(host, 32)}, {SIZES[e.size]} ptr {text}", offset)
        return Value(host, ONES_32 if is_signed else (1 << 8 * e.size) - 1)

    def store(self, t: s.Store) -> None:
        value, width = t.value, 8 * t.size
        if isinstance(value, s.Slice) and value.lo == 0:
            value = value.a  # the store takes the low bits by itself
        constant = self.constant(part(t.value, width - 1, 0))
        if constant is not None and t.size != 2:  # a constant of 16 bits has a length-changing prefix
            text, offset = self.address(t.address, t.size, STORE)
            if offset is None:
                self.emit(f"mov {SIZES[t.size]} ptr {text}, {{}}", signed(constant & (1 << width) - 1, width))
                return
        host = self.host_of(value)
        if host:
            text, offset = self.address(t.address, t.size, STORE)
            self.emit(f"mov {SIZES[t.size]} ptr {text}, {sized(host, width)}", offset)
            return
        plain = t.address.a if isinstance(t.address, s.Binary) and t.address.op == "+" else t.address
        if not self.lookup and (self.host_of(plain) or isinstance(t.address, s.Const)):
            before = len(self.items)
            text, offset = self.address(t.address, t.size, STORE)
            if len(self.items) == before:  # the address does without rax
                self.into(value, "rax")
                self.emit(f"mov {SIZES[t.size]} ptr {text}, {sized('rax', width)}", offset)
                return
            del self.items[before:]
        self.into(value, "rax")
        number = self.scratch()
        self.emit(f"mov {self.scratch_text(number, 32)}, eax")
        text, offset = self.address(t.address, t.size, STORE)
        if not self.vectors:  # r15 is 0 then, and free
            self.emit(f"mov r15d, {self.scratch_text(number, 32)}")
            self.emit(f"mov {SIZES[t.size]} ptr {text.replace('r15+', '')}, {sized('r15', width)}", offset)
            self.emit("xor r15d, r15d")
            self.free.append(number)
            return
        # rax holds the address; the value goes through a vector register, which no guest state lives in.
        self.emit(f"movd xmm0, {self.scratch_text(number, 32)}")
        move = {1: "pextrb byte ptr {}, xmm0, 0", 2: "pextrw word ptr {}, xmm0, 0", 4: "movd dword ptr {}, xmm0"}
        self.emit(move[t.size].format(text), offset)
        self.free.append(number)
