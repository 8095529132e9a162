"""Facts about values on one path through a body: known bits and bounds, learnt from the tests decided so far, by which
later tests are decided. All values are over one state, the one before the instruction, so that facts never become
stale."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.record import replace
from ring1.isa.simplify import folded, possible, pure, rebuilt

FALSE, TRUE = s.Const(1, 0), s.Const(1, 1)
NARROW = 3
"""Values of at most this many bits are analysed by enumeration."""
OPPOSITE = {"<u": "<=u", "<=u": "<u", "<s": "<=s", "<=s": "<s"}
"""a OP b is false exactly where b OPPOSITE a is true."""


class Range(NamedTuple):
    """A set of values of `width` bits: known bits, unsigned and signed bounds, and single values excluded."""

    width: int
    mask: int
    """Mask of the known bits."""
    bits: int
    least: int
    most: int
    least_signed: int
    most_signed: int
    never: frozenset[int] = frozenset()

    @property
    def possible(self) -> bool:
        """Is the set non-empty, as far as can be seen?"""
        if self.least > self.most or self.least_signed > self.most_signed:
            return False
        return self.width > NARROW or any(map(self.has, range(1 << self.width)))

    @property
    def exact(self) -> int | None:
        """The value, if there is only one."""
        if self.least == self.most:
            return self.least
        if self.width <= NARROW:
            values = [value for value in range(1 << self.width) if self.has(value)]
            return values[0] if len(values) == 1 else None
        return None

    def has(self, value: int) -> bool:
        return (
            value & self.mask == self.bits
            and self.least <= value <= self.most
            and self.least_signed <= signed(value, self.width) <= self.most_signed
            and value not in self.never
        )

    def both(self, other: Range) -> Range:
        """Return the intersection, which is impossible if known bits differ."""
        clash = (self.bits ^ other.bits) & self.mask & other.mask
        made = Range(
            self.width,
            self.mask | other.mask,
            self.bits | other.bits,
            max(self.least, other.least),
            min(self.most, other.most),
            max(self.least_signed, other.least_signed),
            min(self.most_signed, other.most_signed),
            self.never | other.never,
        )
        return made._replace(least=1, most=0) if clash else made.settled()

    def either(self, other: Range) -> Range:
        """Return a range that contains both."""
        mask = self.mask & other.mask & ~(self.bits ^ other.bits)
        return Range(
            self.width,
            mask,
            self.bits & mask,
            min(self.least, other.least),
            max(self.most, other.most),
            min(self.least_signed, other.least_signed),
            max(self.most_signed, other.most_signed),
            self.never & other.never,
        )

    def settled(self) -> Range:
        """Return the same set with bits and bounds tightened by each other."""
        sign, top = 1 << self.width - 1, ones(self.width)
        mask, bits = self.mask, self.bits
        least, most = max(self.least, bits), min(self.most, bits | top & ~mask)
        low, high = self.least_signed, self.most_signed
        if low >= 0 or most < sign:
            low, high = max(low, least), min(high, most)
            least, most = max(least, low), min(most, high)
        elif high < 0 or least >= sign:
            low, high = max(low, least - top - 1), min(high, most - top - 1)
            least, most = max(least, low + top + 1), min(most, high + top + 1)
        while least in self.never and least <= most:
            least += 1
        while most in self.never and least <= most:
            most -= 1
        if least <= most:  # the bits above the first one in which the bounds differ
            same = top & ~ones((least ^ most).bit_length())
            if (bits ^ least) & mask & same:
                least, most = 1, 0
            else:
                mask, bits = mask | same, bits | least & same
        return Range(self.width, mask, bits, least, most, low, high, self.never)


def signed(value: int, width: int) -> int:
    return value - (value >> width - 1 << width)


def any_of(width: int, could: int = -1) -> Range:
    """Return the range of a value of which only the bits `could` may be set."""
    sign, never_set = 1 << width - 1, ones(width) & ~could
    made = Range(width, never_set, 0, 0, ones(width), -sign, sign - 1)
    return made.settled() if never_set else made


def only(width: int, value: int) -> Range:
    return Range(width, ones(width), value, value, value, signed(value, width), signed(value, width))


FALSEHOOD = only(1, 0)


class Known:
    """The facts on one path through a body. Once made, they do not change: learning a fact makes a new object."""

    def __init__(self, ranges: Mapping[s.Expr, Range] | None = None, possible: bool = True) -> None:
        self.ranges = dict(ranges or {})
        self.found: dict[s.Expr, Range] = {}
        """Memo of the ranges derived from the facts."""
        self.possible = possible
        """Can any state satisfy all facts, as far as can be seen?"""

    def where(self, test: s.Expr, holds: bool = True) -> Known:
        """Return the facts and that a test holds, or does not."""
        more = Known(self.ranges, self.possible)
        more.learn(test, holds)
        return more

    # --- Values -------------------------------------------------------------------------

    def simplified(self, e: s.Expr) -> s.Expr:
        """Simplify an expression under these facts."""
        match e:
            case s.Const():
                return e
            case s.Select(width, condition, a, b):
                condition = self.decided(condition)
                if isinstance(condition, s.Const):
                    return self.simplified(a if condition.value else b)
                a, b = self.where(condition).simplified(a), self.where(condition, False).simplified(b)
                made = a if self.where(condition, False).same(a, b) else chosen(width, condition, a, b)
            case s.Binary(1, "&" | "|" as op, a, b):
                a = self.simplified(a)
                b = self.where(a, op == "&").simplified(b)
                a = self.where(b, op == "&").simplified(a)
                made = folded(s.Binary(1, op, a, b))
            case _:
                made = folded(rebuilt(e, self.simplified))
        if isinstance(made, s.Const) or not pure(made):
            return made
        exact = self.range(made).exact
        return made if exact is None else s.Const(made.width, exact)

    def same(self, a: s.Expr, b: s.Expr, depth: int = 4) -> bool:
        """Are two values equal under these facts, as far as the conditions of one decide the other?"""
        if isinstance(b, s.Select) and a != b and depth and pure(b):
            ways = (self.where(b.condition), b.a), (self.where(b.condition, False), b.b)
            return all(known.same(known.simplified(a), known.simplified(way), depth - 1) for known, way in ways)
        return a == b and pure(a)

    def decided(self, test: s.Expr) -> s.Expr:
        """Simplify a test under these facts: to a constant also if one of its outcomes would contradict them."""
        test = self.simplified(test)
        if not isinstance(test, s.Const) and pure(test):
            if not self.where(test).possible:
                return FALSE
            if not self.where(test, False).possible:
                return TRUE
        return test

    def range(self, e: s.Expr) -> Range:
        """Return the range of a value."""
        found = self.found.get(e)
        if found is None:
            found, known = self.by_parts(e), self.ranges.get(e)
            found = self.found[e] = found if known is None else found.both(known)
        return found

    def by_parts(self, e: s.Expr) -> Range:
        """Return the range of a value from the ranges of its parts."""
        width = e.width
        match e:
            case s.Const(_, value):
                return only(width, value)
            case s.Extend(_, a, False):
                part = self.range(a)
                mask = part.mask | ones(width) & ~ones(a.width)
                return Range(width, mask, part.bits, part.least, part.most, part.least, part.most, part.never)
            case s.Extend(_, a, True):
                part = self.range(a)
                copies = ones(width) & ~ones(a.width - 1) if part.mask >> a.width - 1 else 0
                mask, bits = part.mask & ones(a.width - 1) | copies, part.bits | copies * (part.bits >> a.width - 1)
                return any_of(width)._replace(mask=mask, bits=bits & mask).settled()
            case s.Concat(_, parts):
                mask = bits = 0
                for each in map(self.range, parts):
                    mask, bits = mask << each.width | each.mask, bits << each.width | each.bits
                return any_of(width)._replace(mask=mask, bits=bits).settled()
            case s.Slice(_, a, _, lo):
                whole = self.range(a)
                mask, bits = whole.mask >> lo & ones(width), whole.bits >> lo & ones(width)
                return any_of(width)._replace(mask=mask, bits=bits).settled() if mask else any_of(width)
            case s.Unary(1, "!" | "~", a):
                truth = self.range(a).exact
                return any_of(1) if truth is None else only(1, 1 - truth)
            case s.Unary(_, "~", a):
                inner = self.range(a)
                return any_of(width)._replace(mask=inner.mask, bits=~inner.bits & inner.mask).settled()
            case s.Binary(_, "&" | "|" | "^" as op, a, b):
                one, other = self.range(a), self.range(b)
                return bitwise(width, op, one, other)
            case s.Select(_, _, a, b):
                return self.range(a).either(self.range(b))
            case s.Binary(_, "+" | "-" | "*" as op, a, b):
                return arithmetic(width, op, self.range(a), self.range(b))
            case s.Binary(1, op, a, b) if op in COMPARISONS:
                holds = compared(op, self.range(a), self.range(b))
                return any_of(1) if holds is None else only(1, holds)
        return any_of(width, possible(e))

    # --- Tests --------------------------------------------------------------------------

    def learn(self, test: s.Expr, holds: bool) -> None:
        """Note that a test holds, or that it does not."""
        match test:
            case s.Const(_, value):
                self.possible &= value == holds
                return
            case s.Unary(1, "!" | "~", a):
                self.learn(a, not holds)
                return
            case s.Binary(1, "&" | "|" as op, a, b) if (op == "&") == holds:
                self.learn(a, holds)
                self.learn(b, holds)
                return
            case s.Binary(_, "!=", a, b):
                self.learn(s.Binary(1, "==", a, b), not holds)
                return
            case s.Binary(_, op, a, b) if op in OPPOSITE and not holds:
                self.learn(s.Binary(1, OPPOSITE[op], b, a), True)
                self.note(test, FALSEHOOD)
                return
            case s.Binary(_, op, a, b) if op in COMPARISONS:
                for this, other, turned in ((a, b, False), (b, a, True)):
                    told = self.range(other)
                    self.note(this, bound(op, told, turned, holds))
        self.note(test, only(1, holds))

    def note(self, e: s.Expr, told: Range) -> None:
        """Note that a value is in a range."""
        if not pure(e):
            return
        made = self.range(e).both(told)
        self.possible &= made.possible
        if isinstance(e, s.Const) or not made.possible:
            return
        self.ranges[e] = made
        self.found.clear()
        if e.width == 1 and isinstance(e, s.Binary) and e.op == "==":
            self.ranges[replace(e, op="!=")] = only(1, 1 - exact) if (exact := made.exact) is not None else any_of(1)
        match e:
            case s.Extend(_, a, False) if made.most <= ones(a.width):
                self.note(a, narrowed(a.width, made))
            case s.Slice(_, a, _, lo):
                self.note(a, any_of(a.width)._replace(mask=made.mask << lo, bits=made.bits << lo).settled())
            case s.Unary(_, "~", a):
                self.note(a, any_of(a.width)._replace(mask=made.mask, bits=~made.bits & made.mask).settled())
            case s.Binary(_, "&", a, s.Const(_, wanted)) | s.Binary(_, "&", s.Const(_, wanted), a):
                mask = made.mask & wanted
                self.note(a, any_of(a.width)._replace(mask=mask, bits=made.bits & mask).settled())
            case s.Binary(_, "+", a, s.Const(_, n)) if (exact := made.exact) is not None:
                self.note(a, only(a.width, exact - n & ones(a.width)))


CALCULATED: dict[str, Callable[[int, int], int]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
COMPARISONS = ("==", "!=", "<u", "<=u", "<s", "<=s")


def chosen(width: int, condition: s.Expr, a: s.Expr, b: s.Expr) -> s.Expr:
    """Return `a` or `b` by a condition, as simply as possible."""
    if width == 1 and isinstance(a, s.Const) and isinstance(b, s.Const) and a != b:
        return condition if a.value else folded(s.Unary(1, "!", condition))
    if isinstance(condition, s.Unary) and condition.op == "!":
        return chosen(width, condition.a, b, a)
    return folded(s.Select(width, condition, a, b))


def bitwise(width: int, op: str, a: Range, b: Range) -> Range:
    if op == "^":
        mask = a.mask & b.mask
        bits = (a.bits ^ b.bits) & mask
    elif op == "&":
        mask = a.mask & b.mask | a.mask & ~a.bits | b.mask & ~b.bits
        bits = a.bits & b.bits
    else:
        mask = a.mask & b.mask | a.bits | b.bits
        bits = a.bits | b.bits
    return any_of(width)._replace(mask=mask, bits=bits & mask).settled() if mask else any_of(width)


def arithmetic(width: int, op: str, a: Range, b: Range) -> Range:
    """Return the range of a sum, difference or product: low bits that are known of both sides, and bounds where it
    cannot wrap."""
    low = a.mask & b.mask
    low &= (low ^ low + 1) >> 1  # only those below the lowest unknown bit
    made = any_of(width)._replace(mask=low, bits=CALCULATED[op](a.bits, b.bits) & low)
    if op != "-" and (most := CALCULATED[op](a.most, b.most)) <= ones(width):
        made = made._replace(least=CALCULATED[op](a.least, b.least), most=most)
    return made.settled()


def compared(op: str, a: Range, b: Range) -> int | None:
    """Evaluate a comparison; None if the ranges do not decide it."""
    if op in ("==", "!="):
        equal = a.exact is not None and a.exact == b.exact
        if equal:
            return int(op == "==")
        return None if a.both(b).possible else int(op == "!=")
    if op[-1] == "u":
        bounds = (a.least, a.most), (b.least, b.most)
    else:
        bounds = (a.least_signed, a.most_signed), (b.least_signed, b.most_signed)
    strict = len(op) == 2
    (least, most), (low, high) = bounds
    if most < low or (not strict and most == low):
        return 1
    return 0 if least > high or (strict and least == high) else None


def bound(op: str, told: Range, turned: bool, holds: bool) -> Range:
    """Return what a comparison says of one side, given the range of the other, which is the left one if `turned`."""
    free = any_of(told.width)
    if op == "==":
        if holds:
            return told
        return free if told.exact is None else free._replace(never=frozenset((told.exact,))).settled()
    step = int(len(op) == 2)
    if op[-1] == "u":
        return free._replace(least=told.least + step) if turned else free._replace(most=told.most - step)
    if turned:
        return free._replace(least_signed=told.least_signed + step)
    return free._replace(most_signed=told.most_signed - step)


def narrowed(width: int, r: Range) -> Range:
    """Return the range of a value that was zero-extended, before its extension."""
    sign = 1 << width - 1
    mask = r.mask & ones(width)
    return Range(width, mask, r.bits & mask, r.least, min(r.most, ones(width)), -sign, sign - 1, r.never).settled()
