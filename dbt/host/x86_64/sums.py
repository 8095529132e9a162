"""Selection of few instructions for what guests need several for: scaled sums, rotations, carries, products."""

from __future__ import annotations

from ring1.dbt.host.values import ONES_32, ONES_64, Value
from ring1.dbt.host.x86_64.access import Accesses
from ring1.dbt.host.x86_64.operations import ADC, CMP, HOLE, IMUL, LEA, MOV, MOVSXD, RORX, SBB, Memory
from ring1.dbt.host.x86_64.registers import SCRATCH, sized
from ring1.isa import semantics as s
from ring1.isa.model import WORD

MOST_SCALE = 3
"""The greatest shift of an index in an address."""


class Sums(Accesses):
    """Emits host code for expressions of 32 bits over places that one or two instructions compute."""

    def short(self, e: s.Binary, host: str) -> Value | None:
        """Compute `e` in a host register, if it is one of these. It may be a register that `e` is over."""
        if e.width != WORD:
            return None
        if e.op in ("|", "^", "+"):
            made = self.rotation(e, host)
            if made is not None or e.op != "+":
                return made
        if e.op in ("+", "-") and (made := self.with_carry(e, host)) is not None:
            return made
        return self.scaled_sum(e, host) if e.op in ("+", "<<") else None

    def rotation(self, e: s.Binary, host: str) -> Value | None:
        """Compute the combination of a value shifted up and the same value shifted down, which together are all of
        it."""
        up, down = (e.a, e.b) if isinstance(e.a, s.Binary) and e.a.op == "<<" else (e.b, e.a)
        match up, down:
            case s.Binary(_, "<<", a, s.Const(_, left)), s.Binary(_, ">>u", b, s.Const(_, right)):
                at = self.leaf(a)
                if self.bmi2 and a == b and left + right == WORD and at is not None:
                    return self.write(RORX, host, False, at, HOLE, imm=right)
        return None

    def scaled(self, e: s.Expr) -> tuple[str, int] | None:
        """Return the host register and the scale of an index of an address, or None if `e` is none."""
        name = self.host_of(e)
        if name is not None:
            return name, 1
        match e:
            case s.Binary(_, "<<", a, s.Const(_, count)) if count <= MOST_SCALE:
                name = self.host_of(a)
                return (name, 1 << count) if name is not None else None
        return None

    def unscaled(self, e: s.Expr) -> s.Expr | None:
        """See interface.Assembler."""
        below = e.a if isinstance(e, s.Binary) and e.op == "+" and isinstance(e.b, s.Const) else e
        match below:
            case s.Binary(_, "<<", a, s.Const(_, count)) if count <= MOST_SCALE:
                below = a
        return below if below is not e else None

    def scaled_sum(self, e: s.Binary, host: str) -> Value | None:
        """Compute a sum of two host registers, one of them scaled, or of one that is scaled, and a constant."""
        whole: s.Expr = e
        constant = self.constant(e.b) if e.op == "+" else None
        if constant is not None:
            whole = e.a
        if isinstance(whole, s.Binary) and whole.op == "+":
            a, b = self.scaled(whole.a), self.scaled(whole.b)
            if a is None or b is None:
                return None
            if b[1] == 1:
                a, b = b, a
            if a[1] != 1 or (b[1] == 1 and constant is None):
                return None
            return self.lea(host, a[0], *b, constant)
        index = self.scaled(whole)
        if index is None or index[1] == 1 or (constant is None and index[0] == host):
            return None
        name, scale = index
        return self.lea(host, name, name, 1, constant) if scale == 2 else self.lea(host, "", name, scale, constant)

    def scaled_rest(self, e: s.Expr, constant: int, host: str) -> Value | None:
        """Compute the sum of a scaled value, which has to be computed itself, and a constant."""
        match e:
            case s.Binary(_, "<<", a, s.Const(_, count)) if count <= MOST_SCALE and e.width == WORD:
                name = self.into(a, host).register
                if count == 1:
                    return self.lea(host, name, name, 1, constant)
                return self.lea(host, "", name, 1 << count, constant)
        return None

    def lea(self, host: str, base: str, index: str, scale: int, constant: int | None) -> Value:
        at = Memory(0, base, index, scale, None if constant is None else HOLE)
        self.emit(LEA, sized(host, 32), at, imm=constant)
        return Value(host, ONES_32)

    def with_carry(self, e: s.Binary, host: str) -> Value | None:
        """Compute the sum or difference of a leaf and an unsigned comparison, which is the host's carry."""
        kept, test = (e.b, e.a) if e.op == "+" and isinstance(e.a, s.Extend) else (e.a, e.b)
        at, known = self.leaf(kept), self.constant(kept)
        if at is None and known is None:
            return None
        match test:
            case s.Extend(_, s.Binary(_, "<u" | "<=u" as op, a, b), False):
                # a <= b is not b < a.
                first, second = (a, b) if op == "<u" else (b, a)
                left, right, imm = self.leaf(first), self.leaf(second), self.constant(second)
                if left is None or (right is None and imm is None) or first.width != WORD:
                    return None
                if imm is None and not (self.host_of(first) or self.host_of(second)):
                    return None
            case _:
                return None
        self.emit(CMP, left, HOLE if right is None else right, imm=imm)
        borrowed, half = op == "<u", sized(host, 32)
        if known == 0 and e.op == "-" and borrowed:
            return self.write(SBB, host, False, half)
        if known is not None:
            self.write(MOV, host, False, HOLE, imm=known)  # leaves the flags as they are, unlike xor
        elif at != half:
            assert at is not None
            self.write(MOV, host, False, at)
        if borrowed:
            return self.write(ADC if e.op == "+" else SBB, host, False, HOLE, imm=0)
        # Plus 1 and minus the carry, or the other way round.
        return self.write(SBB if e.op == "+" else ADC, host, False, HOLE, imm=-1)

    def product(self, e: s.Expr, host: str) -> Value | None:
        """Compute the product of two host registers extended to 64 bits, in a host register or in rax."""
        match e:
            case s.Binary(64, "*", s.Extend(_, a, a_signed), s.Extend(_, b, b_signed)) if a.width == b.width == WORD:
                one, two = self.host_of(a), self.host_of(b)
            case _:
                return None
        if one is None or two is None or (a_signed and b_signed and host == SCRATCH):
            return None
        if b_signed and not a_signed:
            one, two, a_signed, b_signed = two, one, True, False
        if b_signed:
            self.write(MOVSXD, SCRATCH, True, sized(two, 32))
            two = SCRATCH
        elif two == host:
            if a_signed:
                host = SCRATCH
            else:
                one, two = two, one
        if a_signed:
            self.write(MOVSXD, host, True, sized(one, 32))
        elif one != host:
            self.write(MOV, host, False, sized(one, 32))
        self.emit(IMUL, sized(host, 64), sized(two, 64))
        return Value(host, ONES_64)
