"""Selection of instructions for binary operators."""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.values import ONES_32, Condition, Value
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
    MOVSX,
    MOVZX,
    NEG,
    NOT,
    OR,
    SAR,
    SARX,
    SHL,
    SHLX,
    SHR,
    SHRX,
    SUB,
    XOR,
    Memory,
)
from ring1.dbt.host.x86_64.registers import CL, EAX, ECX, EDX, RCX, RDX, SCRATCH, Register, sized
from ring1.dbt.host.x86_64.sums import Sums
from ring1.dbt.ir.fold import extend, possible
from ring1.isa import semantics as s
from ring1.isa.model import WORD

LOADS = frozenset((s.Load,))
ARITHMETIC = {"+": ADD, "-": SUB, "&": AND, "|": OR, "^": XOR, "*": IMUL}
SHIFTS = {"<<": SHL, ">>u": SHR, ">>s": SAR}
BY_REGISTER = {"<<": SHLX, ">>u": SHRX, ">>s": SARX}


class Arithmetic(Sums):
    """Emits host code for binary operators (see selection)."""

    def saved(self, value: Value, wide: bool) -> int:
        """Save a value in a scratch quadword; return its number."""
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
            if e.op == "&" and constant in (0xFF, 0xFFFF) and base:
                self.emit(MOVZX, half, sized(base, 8 if constant == 0xFF else 16))
                return Value(host, constant)
            if e.op == "+" and (made := self.scaled_rest(a, constant, host)) is not None:
                return made
            left = self.into(a, host)
            if e.op == "&" and constant in (0xFF, 0xFFFF):
                self.emit(MOVZX, half, sized(left.register, 8 if constant == 0xFF else 16))
                return Value(host, constant)
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
        if right is not None:  # b is in the destination register
            left_at = self.leaf(a)
            if e.op == "-" and left_at not in (None, half) and host != SCRATCH:
                self.write(NEG, host, False)
                return self.write(ADD, host, False, left_at)
            left = self.into(a, SCRATCH)
            if commutes and host != SCRATCH:
                return self.bounded(e.op, self.write(op, host, False, EAX), left.most, self.most(b))
            return self.bounded(e.op, self.write(op, SCRATCH, False, right), left.most, self.most(b))
        self.one_load(a, b)
        if commutes and not self.direct(a) and self.direct(b):
            a, b = b, a
        other = self.into(b, SCRATCH)
        if host != SCRATCH and not wide and self.direct(a):
            left = self.into(a, host)
            return self.bounded(e.op, self.write(op, host, False, EAX), left.most, other.most)
        number = self.saved(other, wide)
        left = self.into(a, SCRATCH)
        made = self.write(op, SCRATCH, wide, self.scratch_at(number, 64 if wide else 32))
        self.free.append(number)
        return self.bounded(e.op, made, left.most, other.most)

    def direct(self, e: s.Expr) -> bool:
        """Can this value of 32 bits be computed in any register without another?"""
        if isinstance(e, s.Binary) and e.width == WORD and (e.op in SHIFTS or e.op in ARITHMETIC):
            return isinstance(e.b, s.Const) and self.direct(e.a)
        return self.leaf(e) is not None

    @staticmethod
    def bounded(op: str, made: Value, a: int, b: int) -> Value:
        """Bound the result of an operator on numbers that are at most `a` and `b`: results of bitwise operators do not
        grow."""
        if op == "&":
            return Value(made.register, min(made.most, a, b))
        if op in ("|", "^"):
            return Value(made.register, min(made.most, (1 << max(a, b).bit_length()) - 1))
        return made

    @staticmethod
    def one_load(*operands: s.Expr) -> None:
        """Raise Unsupported if more than one operand loads: operands are computed in any order, but faults must be in
        order."""
        if sum(s.has(LOADS, e) for e in operands) > 1:
            raise Unsupported("two loads")

    def shift(self, e: s.Binary, host: str) -> Value:
        wide = e.width > 32
        if isinstance(e.b, s.Const):
            count, spare = e.b.value, (64 if wide else 32) - e.width
            if count >= e.width:
                raise Unsupported("shift by the width or more")  # folded before it comes here
            low = self.low_part(e)
            if low is not None:
                return self.write(MOVSX, host, False, low)
            value = self.into(e.a, host)
            if e.op == ">>u":
                return self.down(value, count)
            if e.op == ">>s" and spare:  # move the sign to the host's sign bit
                self.write(SHL, host, wide, HOLE, imm=spare)
                count += spare
            return self.write(SHIFTS[e.op], host, wide, HOLE, imm=count)
        if e.width != WORD or possible(e.b) >= WORD:
            raise Unsupported("shift count")  # x86 takes the low five bits
        count_of = e.b.a if isinstance(e.b, s.Slice) and e.b.lo == 0 and e.b.hi == 4 else extend(e.b, WORD, False)
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

    def low_part(self, e: s.Binary) -> Register | None:
        """Return the part of a host register that `e`, a shift up and down, extends with its sign."""
        match e:
            case s.Binary(_, ">>s", s.Binary(_, "<<", a, s.Const(_, up)), s.Const(_, down)) if up == down:
                name = self.host_of(a)
                if name is not None and up in (16, 24):
                    return sized(name, WORD - up)
        return None

    def division(self, e: s.Binary, host: str) -> Value:
        """Emit a truncating division, wrapped to 32 bits. The host would trap on a divisor of 0, and on -2**31 by -1:
        where the divisor may be 0 or -1, these cases are handled apart."""
        if e.width != 32:
            raise Unsupported("division of other than 32 bits")
        is_signed, remainder = e.op[1] == "s", e.op[0] == "%"
        known = e.b.value if isinstance(e.b, s.Const) else None
        if known == 0:
            raise Unsupported("division by zero")  # folded before it comes here
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
