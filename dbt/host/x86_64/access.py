"""Selection of instructions for the guest's loads and stores."""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.values import ONES_32, Condition, Value
from ring1.dbt.host.x86_64.code import Code, Look
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    HOLE,
    MOV,
    MOVD,
    MOVSX,
    MOVZX,
    OR,
    PEXTRB,
    PEXTRW,
    TEST,
    XOR,
    Address,
    Immediate,
    state,
)
from ring1.dbt.host.x86_64.registers import EAX, PROBING, R15D, RAX, SCRATCH, WINDOW, XMM0, sized
from ring1.dbt.ir.fold import part, possible, signed
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.paging import LOAD, STORE, UPDATE
from ring1.dbt.machine.state import FLAT, PROBE
from ring1.dbt.mmu.softtlb import access
from ring1.dbt.mmu.view import TLB_ENTRIES, TLB_FRAME, TLB_LOAD, TLB_STORE
from ring1.dbt.native.window import GUARD
from ring1.isa import semantics as s

ZERO = Immediate(0)


class Accesses(Code):
    """Emits host code that accesses the guest's memory."""

    body: s.Body = ()
    """The body of the present guest instruction."""
    ram = FLAT
    """Displacement of the slot with the host address of physical address 0: in blocks the guest's RAM, in which guarded
    frames are read-only, and what is no RAM faults."""

    def looked_up(self, e: s.Expr, size: int, kind: int) -> Address:
        """Emit a look-up in the software TLB; return the host address of a guest address.

        Tags are compared with the page address and the low bits that are 0 in an aligned access: one that may straddle
        two pages always misses. What is left of an address that does not differ from its tag is the offset in the page.
        """
        wanted = self.into(e, SCRATCH)
        if not wanted.narrow:
            raise AssertionError(f"{wanted} is no guest address")
        again, look = self.label(), self.label()
        missed = UPDATE if kind == STORE and s.atomic(self.body) else kind  # left to the interpreter as a whole then
        self.place(again)
        self.emit(MOV, state(4, PROBE), sized(PROBING, 32))
        index = self.masked(self.down(self.write(MOV, PROBING, False, EAX), 12), TLB_ENTRIES - 1)
        tag = self.entry(WINDOW, index, 4, TLB_LOAD if kind == LOAD else TLB_STORE, 4 * TLB_ENTRIES).of(4)
        self.looks.append(Look(look, again, tag, access(self.index, size, missed), self.pad))
        self.emit(XOR, EAX, tag)
        self.emit(TEST, EAX, HOLE, imm=0xFFFFF000 | size - 1)
        self.jump(look, Condition.NOT_EQUAL)
        self.emit(ADD, RAX, self.entry(WINDOW, index, 8, TLB_FRAME, 8 * TLB_ENTRIES).of(8))
        self.emit(MOV, sized(PROBING, 32), state(4, PROBE))
        return Address(SCRATCH)

    def address(self, e: s.Expr, size: int, kind: int) -> Address:
        """Return the host address of an access, computed in rax if necessary.

        A register plus a small constant is left to the addressing mode: an address that would wrap lands in a guard
        zone.
        """
        if self.lookup:
            return self.looked_up(e, size, kind)
        base, offset = (e.a, self.constant(e.b)) if isinstance(e, s.Binary) and e.op == "+" else (e, 0)
        if isinstance(e, s.Const) and e.value < 1 << 31:
            return Address(WINDOW, offset=e.value)
        if offset is not None and abs(offset) < GUARD - 8 and (self.leaf(base) is not None):
            host = self.host_of(base)
            return self.window(self.into(base, SCRATCH) if host is None else Value(host, ONES_32), offset)
        return self.window(self.into(e, SCRATCH))

    def load(self, e: s.Load, host: str, is_signed: bool) -> Value:
        at = self.address(e.address, e.size, UPDATE if e.write else LOAD)
        if e.write and not self.lookup:
            self.emit(OR, at.of(e.size), ZERO, imm=at.offset)  # faults where a store would, and changes nothing
        operation = MOV if e.size == 4 else MOVSX if is_signed else MOVZX
        self.emit(operation, sized(host, 32), at.of(e.size), imm=at.offset)
        return Value(host, ONES_32 if is_signed else (1 << 8 * e.size) - 1)

    def store(self, t: s.Store) -> None:
        value, width = t.value, 8 * t.size
        if isinstance(value, s.Slice) and value.lo == 0:
            value = value.a  # the store uses only the low bits
        constant = self.constant(part(t.value, width - 1, 0))
        if constant is not None and t.size != 2:  # a constant of 16 bits has a length-changing prefix
            at = self.address(t.address, t.size, STORE)
            if at.offset is None:
                self.emit(MOV, at.of(t.size), HOLE, imm=signed(constant & (1 << width) - 1, width))
                return
            if constant & (1 << width) - 1 == 0:
                self.emit(MOV, at.of(t.size), ZERO, imm=at.offset)
                return
        host = self.host_of(value)
        if host:
            at = self.address(t.address, t.size, STORE)
            self.emit(MOV, at.of(t.size), sized(host, width), imm=at.offset)
            return
        plain = t.address.a if isinstance(t.address, s.Binary) and t.address.op == "+" else t.address
        if not self.lookup and (self.host_of(plain) or isinstance(t.address, s.Const)):
            before = len(self.items)
            at = self.address(t.address, t.size, STORE)
            if len(self.items) == before:  # the address does not use rax
                self.into(value, SCRATCH)
                self.emit(MOV, at.of(t.size), sized(SCRATCH, width), imm=at.offset)
                return
            del self.items[before:]
        self.into(value, SCRATCH)
        number = self.scratch()
        self.emit(MOV, self.scratch_at(number, 32), EAX)
        at = self.address(t.address, t.size, STORE)
        if not self.vectors:  # r15 is 0 then, and can be used as scratch
            self.emit(MOV, R15D, self.scratch_at(number, 32))
            bare = at._replace(base=at.added, added="") if at.added else at
            self.emit(MOV, bare.of(t.size), sized(WINDOW, width), imm=at.offset)
            self.emit(XOR, R15D, R15D)
            self.free.append(number)
            return
        # rax holds the address, so the value goes through a vector register, which never holds guest state.
        self.emit(MOVD, XMM0, self.scratch_at(number, 32))
        if t.size == 4:
            self.emit(MOVD, at.of(4), XMM0, imm=at.offset)
        else:
            self.emit(PEXTRB if t.size == 1 else PEXTRW, at.of(t.size), XMM0, ZERO, imm=at.offset)
        self.free.append(number)

    # --- Physical memory ---------------------------------------------------------------

    def physical(self, e: s.Expr) -> Address:
        """Return the host address, computed in rax, of the word of RAM at a physical address, whatever its low two
        bits."""
        match e:
            case s.Binary(_, "+", base, s.Const(_, offset)) if type(offset) is int and offset < PAGE and not offset & 3:
                pass
            case _:
                base, offset = e, 0
        self.into(base, SCRATCH)
        if possible(base) & 3:
            self.emit(AND, EAX, HOLE, imm=-4)
        self.emit(ADD, RAX, state(8, self.ram))
        return Address(SCRATCH, offset=offset)

    def load_physical(self, e: s.Expr, host: str) -> Value:
        """Load a word by physical address."""
        at = self.physical(e)
        self.emit(MOV, sized(host, 32), at.of(4), imm=at.offset)
        return Value(host, ONES_32)

    def store_physical(self, t: s.StorePhysical) -> None:
        """See interface.Assembler."""
        if not self.vectors:
            raise Unsupported("physical memory")
        host, number = self.host_of(t.value), None
        if host is None:  # rax will hold the address, so the value goes through a vector register
            place = self.leaf(t.value)
            if place is None:
                self.into(t.value, SCRATCH)
                number = self.scratch()
                place = self.scratch_at(number, 32)
                self.emit(MOV, place, EAX)
            self.emit(MOVD, XMM0, place)
        at = self.physical(t.address)
        self.emit(*((MOVD, at.of(4), XMM0) if host is None else (MOV, at.of(4), sized(host, 32))), imm=at.offset)
        if number is not None:
            self.free.append(number)
