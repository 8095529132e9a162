"""Selection of instructions for binary operators."""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.values import ONES_32, Condition, Value
from ring1.dbt.host.x86_64.access import Accesses
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
from ring1.dbt.host.x86_64.registers import CL, EAX, ECX, EDX, RCX, RDX, SCRATCH, sized
from ring1.isa import semantics as s

LOADS = frozenset((s.Load,))
ARITHMETIC = {"+": ADD, "-": SUB, "&": AND, "|": OR, "^": XOR, "*": IMUL}
SHIFTS = {"<<": SHL, ">>u": SHR, ">>s": SAR}
BY_REGISTER = {"<<": SHLX, ">>u": SHRX, ">>s": SARX}


class Arithmetic(Accesses):
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
        if right is not None:  # b is in the destination register
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
            value = self.into(e.a, host)
            if e.op == ">>u":
                return self.down(value, count)
            if e.op == ">>s" and spare:  # move the sign to the host's sign bit
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
