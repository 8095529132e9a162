"""Instruction selection: bound expressions -> x86-64.

An accumulator code generator: every expression is computed in rax, or directly in the host register of the guest
register to which it is assigned. Invariants that the rest of ring1 relies on:

- A host register that holds a guest register has its upper 32 bits zero. Every computed value is a `Value`, with a
  bound, and addresses are made of Values alone; verify/ proves this from the bytes.
- Where an instruction may fault, every guest register and control register still has its value from before the
  instruction, except for registers whose values are deferred (deferred.py): the translation says how to repair those.
- A value is zero-extended to 64 bits; one of more than 64 is left to the interpreter.
- The flags and rax carry nothing from one guest instruction to the next.
"""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.values import NEGATED, ONES_32, SWAPPED, Condition, Value
from ring1.dbt.host.x86_64.arithmetic import ARITHMETIC, SHIFTS, Arithmetic
from ring1.dbt.host.x86_64.code import operand
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    CMP,
    HOLE,
    MOV,
    MOVSXD,
    MOVZX,
    NEG,
    NOT,
    OR,
    SAR,
    SET,
    SHL,
    SUB,
    TEST,
    XOR,
    Mark,
    Memory,
    Op,
    state,
)
from ring1.dbt.host.x86_64.registers import AL, EAX, R14, RAX, SCRATCH, Register, sized
from ring1.dbt.ir.fold import COMMUTATIVE
from ring1.dbt.machine.state import END, LINES, RAM_END
from ring1.isa import semantics as s
from ring1.isa.model import WORD

WIDEST = 64
FLAGGING = frozenset((ADD, SUB, AND, OR, XOR))
"""Operations after which the zero flag says whether the result is zero."""
CONDITIONS = {
    "==": Condition.EQUAL,
    "!=": Condition.NOT_EQUAL,
    "<u": Condition.BELOW,
    "<=u": Condition.NOT_ABOVE,
    "<s": Condition.LESS,
    "<=s": Condition.NOT_GREATER,
}


class Expressions(Arithmetic):
    """Emits host code that computes and assigns the values of expressions."""

    def into(self, e: s.Expr, host: str) -> Value:
        """Compute `e` in a host register: rax, or one whose guest register is about to be assigned.

        All bits of the register above the width of `e` are zero afterwards.
        """
        if e.width > WIDEST:
            raise Unsupported(f"{e.width} bits")
        return self.fit(self.computed(e, host), e.width, host)

    def computed(self, e: s.Expr, host: str) -> Value:
        """Compute `e` in a host register, in rax, or where it is already; its low `e.width` bits are significant."""
        match e:
            case s.Register() if (name := self.host_of(e)) is not None:
                return Value(name, ONES_32)
            case s.Register() | s.Control():
                return self.write(MOV, host, False, self.placed(e))
            case s.Local(_, name):
                place = self.locals[name]
                return Value(self.write(MOV, host, place.wide, place.at).register, place.most)
            case s.Binary(_, op, _, _):
                if (made := self.short(e, host)) is not None:
                    return made
                if op in ARITHMETIC:
                    return self.arithmetic(e, host)
                if op in SHIFTS:
                    return self.shift(e, host)
                if op in CONDITIONS:
                    return self.truth(e, host)
                return self.division(e, host)
            case s.Load():
                return self.load(e, host, False)
            case s.Const(_, value):
                return self.number(value, host)
            case s.Unary(_, "!", a):
                most = self.into(a, host).most
                self.write(XOR, host, False, HOLE, imm=1)
                return Value(host, most | 1)
            case s.Unary(width, op, a):
                self.into(a, host)
                return self.write(NOT if op == "~" else NEG, host, width > 32)
            case s.Slice():
                return self.slice(e, host)
            case s.Extend(_, a, False):
                return self.into(a, host)
            case s.Extend():
                return self.sign_extend(e, host)
            case s.Select(_, condition, a, b):
                other, end = self.label(), self.label()
                self.jump(other, NEGATED[self.compare(condition)])
                one = self.into(a, SCRATCH)
                self.jump(end)
                self.place(other)
                two = self.into(b, SCRATCH)
                self.place(end)
                return Value(SCRATCH, max(one.most, two.most))
            case s.Call(_, "time", ()):
                # END is the time at which the budget is used up; r14 is what is left after subtracting this block's
                # length.
                self.write(MOV, SCRATCH, True, state(8, END))
                self.write(SUB, SCRATCH, True, R14)
                return self.write(SUB, SCRATCH, True, HOLE, imm=self.count - self.index)
            case s.Call(_, "reached", (deadline,)) if self.target.looks:
                return self.truth(s.Binary(1, "<=u", deadline, s.Call(64, "time", ())), host)
            case s.Call(_, "line", (s.Const(_, line),)) if line in self.target.asserted:
                lines = self.write(MOV, host, False, state(4, LINES))
                return self.masked(self.down(lines, line) if line else lines, 1)
            case s.Call(_, "phys", (address,)) if self.target.whole_machine:
                return self.load_physical(address, host)
            case s.Call(_, "memory_size", ()) if self.target.whole_machine:
                made = self.write(MOV, host, False, state(4, RAM_END))
                return self.write(SUB, host, False, HOLE, imm=self.isa.memory) if self.isa.memory else made
            case s.Call(_, name, _):
                raise Unsupported(name)
        raise Unsupported(type(e).__name__)

    def placed(self, e: s.Expr) -> Register | Memory:
        """Return the operand of a guest register or a control register."""
        at = self.leaf(e)
        assert at is not None
        return at

    def number(self, value: int, host: str) -> Value:
        if value == 0:
            self.write(XOR, host, False, sized(host, 32))
        elif value <= ONES_32:
            self.write(MOV, host, False, HOLE, imm=value)
        else:
            number = self.scratch()
            for at in (0, 4):
                self.emit(MOV, self.scratch_at(number, 32, at), HOLE, imm=value >> 8 * at & ONES_32)
            self.write(MOV, host, True, self.scratch_at(number, 64))
            self.free.append(number)
        return Value(host, value)

    def truth(self, e: s.Expr, host: str) -> Value:
        """Compute a comparison as 0 or 1."""
        self.emit(SET[self.compare(e)], AL)
        self.emit(MOVZX, sized(host, 32), AL)
        return Value(host, 1)

    def slice(self, e: s.Slice, host: str) -> Value:
        name = self.host_of(e.a)
        if name and e.lo == 0 and e.width in (8, 16):
            self.emit(MOVZX, sized(host, 32), sized(name, e.width))
            return Value(host, (1 << e.width) - 1)
        value = self.product(e.a, host) or self.into(e.a, SCRATCH if e.a.width > 32 else host)
        return self.down(value, e.lo) if e.lo else value

    def sign_extend(self, e: s.Extend, host: str) -> Value:
        a, wide = e.a, e.width > 32
        if isinstance(a, s.Load) and e.width == 32:
            return self.load(a, host, True)
        if wide and a.width == 32:
            source = self.leaf(a) or operand(self.into(a, SCRATCH))
            return self.write(MOVSXD, host, True, source)
        spare = (64 if wide else 32) - a.width
        self.into(a, host)
        self.write(SHL, host, wide, HOLE, imm=spare)
        return self.write(SAR, host, wide, HOLE, imm=spare)

    def compare(self, e: s.Expr) -> Condition:
        """Emit a comparison; return the condition under which the one-bit `e` is 1."""
        if isinstance(e, s.Unary) and e.op == "!":
            return NEGATED[self.compare(e.a)]
        if not (isinstance(e, s.Binary) and e.op in CONDITIONS):
            value = self.into(e, SCRATCH)
            self.emit(TEST, operand(value), operand(value))
            return Condition.NOT_EQUAL
        if e.op in ("<s", "<=s") and e.a.width not in (32, 64):
            raise Unsupported("signed comparison of odd width")  # folding has widened it
        self.one_load(e.a, e.b)
        if e.a.width > 32:
            number = self.saved(self.into(e.b, SCRATCH), True)
            self.into(e.a, SCRATCH)
            self.free.append(number)
            self.emit(CMP, RAX, self.scratch_at(number, 64))
            return CONDITIONS[e.op]
        a, b, cc = e.a, e.b, CONDITIONS[e.op]
        tested = self.tested(e)
        if tested is not None:
            self.emit(TEST, sized(tested[0], 32), HOLE, imm=tested[1])
            return cc
        if isinstance(a, s.Const) or (self.leaf(a) is not None and self.leaf(b) is None and not isinstance(b, s.Const)):
            a, b, cc = b, a, SWAPPED[cc]
        left, right, constant = self.leaf(a), self.leaf(b), self.constant(b)
        held = []
        if right is None and constant is None:
            self.into(b, SCRATCH)
            held.append(self.scratch())
            right = self.scratch_at(held[0], 32)
            self.emit(MOV, right, EAX)
        if left is None or (constant is None and self.host_of(a) is None and self.host_of(b) is None):
            self.into(a, SCRATCH)
            left = EAX
        self.free += held
        if constant is None:
            assert right is not None
            self.emit(CMP, left, right)
        elif constant == 0 and cc in (Condition.EQUAL, Condition.NOT_EQUAL) and self.shows_zero(left):
            return cc
        elif constant == 0 and type(left) is Register:
            self.emit(TEST, left, left)
        else:
            self.emit(CMP, left, HOLE, imm=constant)
        return cc

    def shows_zero(self, place: Register | Memory) -> bool:
        """Do the flags say whether a place is zero, since the last instruction has set it?"""
        last = next((item for item in reversed(self.items) if type(item) is not Mark), None)
        return type(last) is Op and last.operation in FLAGGING and last.operands[0] == place

    # --- Assignments -----------------------------------------------------------------

    def assign(self, number: int, value: s.Expr) -> None:
        """Assign a value, an expression over places, to the place of a guest register."""
        host, place = self.pinned.get(number), self.register(number)
        if value == s.Register(WORD, number):
            return
        self.nonzero.discard(s.Register(WORD, number))
        if host:
            self.into(value, host)
        elif isinstance(value, s.Const):
            self.emit(MOV, place, HOLE, imm=value.value)
        elif self.in_place(number, value):
            return
        else:
            self.into(value, SCRATCH)
            self.emit(MOV, place, EAX)

    def in_place(self, number: int, value: s.Expr) -> bool:
        """Update a guest register in the state block in place, if `value` is an operation on it and a constant or
        pinned register. True if done."""
        place = s.Register(WORD, number)
        if isinstance(value, s.Binary) and value.op in COMMUTATIVE and value.b == place:
            value = s.Binary(value.width, value.op, value.b, value.a)
        if not (isinstance(value, s.Binary) and value.a == place):
            return False
        if value.op in SHIFTS and isinstance(value.b, s.Const):
            self.emit(SHIFTS[value.op], self.register(number), HOLE, imm=value.b.value)
            return True
        if value.op not in ARITHMETIC:
            return False
        constant, host = self.constant(value.b), self.host_of(value.b)
        if value.op == "*" or (constant is None and host is None):
            return False
        by = HOLE if host is None else sized(host, 32)
        self.emit(ARITHMETIC[value.op], self.register(number), by, imm=constant)
        return True

    def fused(self, number: int, value: s.Expr) -> bool:
        """See interface.Assembler."""
        host = self.pinned.get(number)
        made = self.short(value, host or SCRATCH) if isinstance(value, s.Binary) else None
        if made is None:
            return False
        self.nonzero.discard(s.Register(WORD, number))
        if host is None:
            self.emit(MOV, self.register(number), EAX)
        return True

    def comparable(self, e: s.Expr) -> bool:
        """See interface.Assembler."""
        match e:
            case s.Unary(_, "!", a):
                return self.comparable(a)
            case s.Binary(_, op, a, b) if op in CONDITIONS:
                return is_leaf(b) and (is_leaf(a) or (self.tested(e) is not None))
        return False

    def tested(self, e: s.Binary) -> tuple[str, int] | None:
        """Return the host register and the mask that `e` compares with 0, or None."""
        match e:
            case s.Binary(_, "==" | "!=", s.Binary(_, "&", a, s.Const() as mask), s.Const(_, 0)):
                name, bits = self.host_of(a), self.constant(mask)
                return (name, bits) if name is not None and bits is not None else None
        return None


def is_leaf(e: s.Expr) -> bool:
    return isinstance(e, s.Register | s.Const)
