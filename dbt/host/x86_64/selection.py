"""Bound semantics -> x86-64.

An accumulator code generator: every expression is computed in rax, or straight in the host register of the guest
register it is assigned to. Invariants that the rest of ring1 relies on:

- A host register that holds a guest register has its upper 32 bits zero. What is computed is a `Value`, which says how
  large it may be, and an address is made of nothing else (Value); verify/ proves it of the bytes.
- Where an instruction may fault, every guest register and control register still has its value from before, but for
  registers whose values were put off (deferred.py): the block says how to repair those.
- A value is zero-extended to 64 bits; one of more than 64 is left to the interpreter.
- The flags and rax carry nothing from one guest instruction to the next.
"""

from __future__ import annotations

from ring1.dbt.host.interface import NEGATED, ONES_32, SWAPPED, Condition, Value
from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.x86_64.access import Accesses
from ring1.dbt.host.x86_64.code import operand
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    CDQ,
    CMP,
    DIV,
    HOLE,
    IDIV,
    IMUL,
    LEA,
    MOV,
    MOVSXD,
    MOVZX,
    NEG,
    NOT,
    OR,
    RORX,
    SAR,
    SARX,
    SET,
    SHL,
    SHLX,
    SHR,
    SHRX,
    SUB,
    TEST,
    XOR,
    Memory,
    state,
)
from ring1.dbt.host.x86_64.registers import AL, CL, EAX, ECX, EDX, R14, RAX, RCX, RDX, SCRATCH, Register, sized
from ring1.dbt.machine.state import END
from ring1.isa import semantics as s
from ring1.isa.model import WORD

WIDEST = 64
LOADS = frozenset((s.Load,))
ARITHMETIC = {"+": ADD, "-": SUB, "&": AND, "|": OR, "^": XOR, "*": IMUL}
SHIFTS = {"<<": SHL, ">>u": SHR, ">>s": SAR}
BY_REGISTER = {"<<": SHLX, ">>u": SHRX, ">>s": SARX}
CONDITIONS = {
    "==": Condition.EQUAL,
    "!=": Condition.NOT_EQUAL,
    "<u": Condition.BELOW,
    "<=u": Condition.NOT_ABOVE,
    "<s": Condition.LESS,
    "<=s": Condition.NOT_GREATER,
}


class Expressions(Accesses):
    """Host code that computes the values of expressions, and assigns them."""

    def into(self, e: s.Expr, host: str) -> Value:
        """Compute `e` in a host register: rax, or one whose guest register is about to be assigned.

        All bits of the register above the width of `e` are zero then, whatever computed it left there.
        """
        if e.width > WIDEST:
            raise Unsupported(f"{e.width} bits")
        return self.fit(self.computed(e, host), e.width, host)

    def computed(self, e: s.Expr, host: str) -> Value:
        """Compute `e` in a host register, in rax, or where it is already; its low `e.width` bits are what counts."""
        match e:
            case s.Register() if (name := self.host_of(e)) is not None:
                return Value(name, ONES_32)
            case s.Register() | s.Control():
                return self.write(MOV, host, False, self.placed(e))
            case s.Local(_, name):
                place = self.locals[name]
                return Value(self.write(MOV, host, place.wide, place.at).register, place.most)
            case s.Binary(_, op, _, _):
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
                # END is when the whole budget is used up, r14 is what is left after paying for this block.
                self.write(MOV, SCRATCH, True, state(8, END))
                self.write(SUB, SCRATCH, True, R14)
                return self.write(SUB, SCRATCH, True, HOLE, imm=self.count - self.index)
            case s.Call(_, name, _):
                raise Unsupported(name)
        raise Unsupported(type(e).__name__)

    def placed(self, e: s.Expr) -> Register | Memory:
        """The operand of a register or a control register."""
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
        """A comparison as a number."""
        self.emit(SET[self.compare(e)], AL)
        self.emit(MOVZX, sized(host, 32), AL)
        return Value(host, 1)

    def saved(self, value: Value, wide: bool) -> int:
        """Put a value into scratch memory: which."""
        number, width = self.scratch(), 64 if wide else 32
        self.emit(MOV, self.scratch_at(number, width), sized(value.register, width))
        return number

    def arithmetic(self, e: s.Binary, host: str) -> Value:
        a, b, op = e.a, e.b, ARITHMETIC[e.op]
        wide = e.width > 32
        half = sized(host, 32)
        commutes = e.op != "-"
        if commutes and self.leaf(a) is not None and self.leaf(b) is None and self.constant(b) is None:
            a, b = b, a
        if commutes and self.leaf(b) == half and self.leaf(a) is not None:
            a, b = b, a
        constant, right = self.constant(b), None if wide else self.leaf(b)
        base = self.host_of(a)
        if constant is not None and e.op == "+" and not wide and base and base != host:
            self.emit(LEA, half, Memory(0, base, displacement=HOLE), imm=constant)
            return Value(host, ONES_32)
        if constant is not None:
            left = self.into(a, host)
            if e.op == "*":
                return self.write(IMUL, host, wide, sized(host, 64 if wide else 32), HOLE, imm=constant)
            if constant == -1 and op is XOR:
                return self.write(NOT, host, wide)
            made = self.write(op, host, wide, HOLE, imm=constant)
            return self.bounded(e.op, made, left.most, constant if constant >= 0 else made.most)
        if right is not None and right != half:
            index = self.host_of(b)
            if e.op == "+" and base and index and host not in (base, index):
                self.emit(LEA, half, Memory(0, base, index))
                return Value(host, ONES_32)
            left = self.into(a, host)
            return self.bounded(e.op, self.write(op, host, False, right), left.most, self.most(b))
        if right is not None:  # b is where the result goes
            left = self.into(a, SCRATCH)
            return self.bounded(e.op, self.write(op, SCRATCH, False, right), left.most, self.most(b))
        self.one_load(a, b)
        other = self.into(b, SCRATCH)
        number = self.saved(other, wide)
        left = self.into(a, SCRATCH)
        made = self.write(op, SCRATCH, wide, self.scratch_at(number, 64 if wide else 32))
        self.free.append(number)
        return self.bounded(e.op, made, left.most, other.most)

    @staticmethod
    def bounded(op: str, made: Value, a: int, b: int) -> Value:
        """The result of an operator on numbers that are at most `a` and `b`: bitwise ones do not grow."""
        if op == "&":
            return Value(made.register, min(made.most, a, b))
        if op in ("|", "^"):
            return Value(made.register, min(made.most, (1 << max(a, b).bit_length()) - 1))
        return made

    @staticmethod
    def one_load(*operands: s.Expr) -> None:
        """Operands are computed in any order: it must not matter which of them faults first."""
        if sum(s.has(LOADS, e) for e in operands) > 1:
            raise Unsupported("two loads")

    def shift(self, e: s.Binary, host: str) -> Value:
        wide = e.width > 32
        if isinstance(e.b, s.Const):
            count, spare = e.b.value, (64 if wide else 32) - e.width
            if count >= e.width:
                raise Unsupported("shift by the width or more")  # simplified away before it comes here
            value = self.into(e.a, host)
            if e.op == ">>u":
                return self.down(value, count)
            if e.op == ">>s" and spare:  # the sign has to be where the host expects it
                self.write(SHL, host, wide, HOLE, imm=spare)
                count += spare
            return self.write(SHIFTS[e.op], host, wide, HOLE, imm=count)
        count_of = e.b.a if isinstance(e.b, s.Slice) and e.b.lo == 0 and e.b.hi == 4 else None
        if count_of is None or e.width != 32:
            raise Unsupported("shift count")  # x86 takes the low five bits, as Slice 4:0 does
        by, value_at = self.host_of(count_of), self.leaf(e.a)
        self.one_load(e.a, count_of)
        operation, target = BY_REGISTER[e.op], sized(host, 32)
        if not self.bmi2:
            number = self.saved(self.into(count_of, SCRATCH), False)
            self.into(e.a, SCRATCH)
            kept = self.scratch()
            self.emit(MOV, self.scratch_at(kept, 64), RCX)
            self.emit(MOV, ECX, self.scratch_at(number, 32))
            made = self.write(SHIFTS[e.op], SCRATCH, False, CL)
            self.emit(MOV, RCX, self.scratch_at(kept, 64))
            self.free += [number, kept]
            return made
        if by and value_at is None:
            self.into(e.a, SCRATCH)
            self.emit(operation, target, EAX, sized(by, 32))
        elif by and value_at is not None:
            self.emit(operation, target, value_at, sized(by, 32))
        elif value_at is not None:
            self.into(count_of, SCRATCH)
            self.emit(operation, target, value_at, EAX)
        else:
            number = self.saved(self.into(e.a, SCRATCH), False)
            self.into(count_of, SCRATCH)
            self.emit(operation, target, self.scratch_at(number, 32), EAX)
            self.free.append(number)
        return Value(host, ONES_32)

    def division(self, e: s.Binary, host: str) -> Value:
        """Truncating division, wrapped. By 0, and of -2**31 by -1, the host would trap: where the divisor may be that,
        it is taken apart."""
        if e.width != 32:
            raise Unsupported("division of other than 32 bits")
        is_signed, remainder = e.op[1] == "s", e.op[0] == "%"
        known = e.b.value if isinstance(e.b, s.Const) else None
        if known == 0:
            raise Unsupported("division by zero")  # simplified away before it comes here
        self.one_load(e.a, e.b)
        divisor = self.saved(self.into(e.b, SCRATCH), False)
        by = self.scratch_at(divisor, 32)
        self.into(e.a, SCRATCH)
        end = self.label()
        if known is None and e.b not in self.nonzero:
            self.emit(CMP, by, HOLE, imm=0)
            if remainder:
                self.jump(end, Condition.EQUAL)
            else:
                usual = self.label()
                self.jump(usual, Condition.NOT_EQUAL)
                self.write(MOV, SCRATCH, False, HOLE, imm=-1)
                self.jump(end)
                self.place(usual)
        if is_signed and known in (None, ONES_32):
            usual = self.label()
            self.emit(CMP, by, HOLE, imm=-1)
            self.jump(usual, Condition.NOT_EQUAL)
            self.emit(*((XOR, EAX, EAX) if remainder else (NEG, EAX)))
            self.jump(end)
            self.place(usual)
        kept = self.scratch()
        self.emit(MOV, self.scratch_at(kept, 64), RDX)
        self.emit(*((CDQ,) if is_signed else (XOR, EDX, EDX)))
        self.emit(IDIV if is_signed else DIV, by)
        if remainder:
            self.emit(MOV, EAX, EDX)
        self.emit(MOV, RDX, self.scratch_at(kept, 64))
        self.place(end)
        self.free += [divisor, kept]
        return Value(SCRATCH, ONES_32)

    def slice(self, e: s.Slice, host: str) -> Value:
        name = self.host_of(e.a)
        if name and e.lo == 0 and e.width in (8, 16):
            self.emit(MOVZX, sized(host, 32), sized(name, e.width))
            return Value(host, (1 << e.width) - 1)
        value = self.into(e.a, SCRATCH if e.a.width > 32 else host)
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
        """Emit a comparison; the condition under which the one-bit `e` holds."""
        if isinstance(e, s.Unary) and e.op == "!":
            return NEGATED[self.compare(e.a)]
        if not (isinstance(e, s.Binary) and e.op in CONDITIONS):
            value = self.into(e, SCRATCH)
            self.emit(TEST, operand(value), operand(value))
            return Condition.NOT_EQUAL
        if e.op in ("<s", "<=s") and e.a.width not in (32, 64):
            raise Unsupported("signed comparison of odd width")  # widened before it comes here
        self.one_load(e.a, e.b)
        if e.a.width > 32:
            number = self.saved(self.into(e.b, SCRATCH), True)
            self.into(e.a, SCRATCH)
            self.free.append(number)
            self.emit(CMP, RAX, self.scratch_at(number, 64))
            return CONDITIONS[e.op]
        a, b, cc = e.a, e.b, CONDITIONS[e.op]
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
        elif constant == 0 and type(left) is Register:
            self.emit(TEST, left, left)
        else:
            self.emit(CMP, left, HOLE, imm=constant)
        return cc

    # --- Assignments -----------------------------------------------------------------

    def assign(self, number: int, value: s.Expr) -> None:
        """Give the place of a guest register a value, computed from the places of guest registers."""
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
        """Change a register that is in memory where it is, if `value` is itself and an operand that allows it."""
        if not (isinstance(value, s.Binary) and value.a == s.Register(WORD, number) and value.op in ARITHMETIC):
            return False
        constant, host = self.constant(value.b), self.host_of(value.b)
        if value.op == "*" or (constant is None and host is None):
            return False
        by = HOLE if host is None else sized(host, 32)
        self.emit(ARITHMETIC[value.op], self.register(number), by, imm=constant)
        return True

    def fused(self, number: int, value: s.Expr) -> bool:
        """Assign a sum with a scaled register, or a rotation, by one instruction, if that is what `value` is."""
        host = self.pinned.get(number)
        if host is None or not isinstance(value, s.Binary):
            return False
        a, b = value.a, value.b
        if value.op == "+":
            for base, scaled in ((a, b), (b, a)):
                by, start = shift_of(scaled, "<<"), self.host_of(base)
                index = self.host_of(by[0]) if by is not None else None
                if by is not None and by[1] <= 3 and start and index:
                    self.emit(LEA, sized(host, 32), Memory(0, start, index, 1 << by[1]))
                    return True
        if value.op in ("|", "^", "+") and self.bmi2:
            for up, down in ((a, b), (b, a)):
                left, right = shift_of(up, "<<"), shift_of(down, ">>u")
                if left and right and left[0] == right[0] and left[1] + right[1] == WORD:
                    self.emit(RORX, sized(host, 32), self.placed(left[0]), HOLE, imm=right[1])
                    return True
        return False


def shift_of(e: s.Expr, op: str) -> tuple[s.Register, int] | None:
    """The register and count of a shift by a constant."""
    if isinstance(e, s.Binary) and e.op == op and isinstance(e.a, s.Register) and isinstance(e.b, s.Const):
        return e.a, e.b.value
    return None
