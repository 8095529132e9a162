"""Open constants: numbers that lowering computes with although they are not known yet.

Lowering a body whose constants are open gives host code for all constants for which lowering would do the same. An
`Open` is a formula over unknowns, together with its value in the case at hand, which decides every comparison; what has
been decided is kept in a `Trail`, and that is the condition under which the code may be used for other constants.
(Godefroid, Klarlund and Sen, "DART: directed automated random testing", 2005, call such an execution concolic.)

Whatever needs a plain number, such as an index or a hash, binds the constant to its present value, which the trail says
as well: so no use of an open constant can go unnoticed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import NamedTuple, NoReturn

WORD_PARAMETERS, PARAMETERS = "c, word", "c, word, pc, index, count, frame"
"""The unknowns, by their names in formulas: the constants `c[0]` ... and the whole of an instruction word; pc of the
instruction, its index in the block, the number of instructions that the block executes, the frame of its page."""


class Formula(NamedTuple):
    """A Python expression over the unknowns."""

    text: str
    placed: bool
    """It depends on more than the instruction word."""


class Trail:
    """What has been decided about open constants, in order, without repetition."""

    def __init__(self) -> None:
        self.decided: dict[str, Formula] = {}
        self.bounds: dict[Formula, tuple[int, int]] = {}
        """Bounds of a formula that follow from what has been decided."""

    def decide(self, condition: Formula, holds: bool) -> bool:
        """Record whether a condition holds."""
        text = condition.text if holds else f"not {condition.text}"
        self.decided[text] = Formula(text, condition.placed)
        return holds

    def bound(self, number: Open, op: str, constant: int, holds: bool) -> None:
        """Note what the result of a comparison with a constant says about a number."""
        low, high = number.bounds
        match op, holds:
            case ("<", True) | (">=", False):
                high = min(high, constant - 1)
            case (">=", True) | ("<", False):
                low = max(low, constant)
            case ("<=", True) | (">", False):
                high = min(high, constant)
            case (">", True) | ("<=", False):
                low = max(low, constant + 1)
            case ("==", True) | ("!=", False):
                low = high = constant
            case _:  # another number, which may be an end of the range
                low, high = low + (constant == low), high - (constant == high)
        self.bounds[number.formula] = low, high


class Open:
    """A formula over unknowns, its present value, and bounds of its value whatever the unknowns are."""

    __slots__ = ("formula", "high", "low", "trail", "value", "wrapped")

    def __init__(self, trail: Trail, formula: Formula, value: int, low: int, high: int) -> None:
        self.trail, self.formula, self.value, self.low, self.high = trail, formula, value, low, high
        self.wrapped: tuple[Open, int, int] | None = None
        """A number of w bits, signed, of which this is the unsigned form: (number, w, 0), or that with its sign bit
        inverted: (number, w, 1)."""

    def __repr__(self) -> str:
        return f"<{self.formula.text} = {self.value}>"

    # --- Comparisons ---------------------------------------------------------------------

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the greatest value that it can have, after what has been decided."""
        return self.trail.bounds.get(self.formula, (self.low, self.high))

    def compare(self, op: str, other: object) -> bool:
        if not isinstance(other, Open | int):
            return op == "!="
        if self.wrapped and not self.wrapped[2] and op in ("==", "!=") and not isinstance(other, Open):
            number, width, _ = self.wrapped
            sign = 1 << width - 1
            return number.compare(op, (other ^ sign) - sign) if 0 <= other < 2 * sign else op == "!="
        if op == "!=":
            return not self.compare("==", other)
        if isinstance(other, Open) and other.formula == self.formula:
            return op in ("==", "<=", ">=")
        decided = KNOWN[op](*self.bounds, *bounds(other))
        if decided is not None:
            return decided
        placed = self.formula.placed or (isinstance(other, Open) and other.formula.placed)
        holds = bool(COMPARISONS[op](self.value, plain(other)))
        if not isinstance(other, Open):
            self.trail.bound(self, op, other, holds)
        return self.trail.decide(Formula(f"({self.formula.text} {op} {shown(other)})", placed), holds)

    def __eq__(self, other: object) -> bool:
        return self.compare("==", other)

    def __ne__(self, other: object) -> bool:
        return self.compare("!=", other)

    def __lt__(self, other: Open | int) -> bool:
        return self.compare("<", other)

    def __le__(self, other: Open | int) -> bool:
        return self.compare("<=", other)

    def __gt__(self, other: Open | int) -> bool:
        return self.compare(">", other)

    def __ge__(self, other: Open | int) -> bool:
        return self.compare(">=", other)

    def __bool__(self) -> bool:
        return self.compare("!=", 0)

    # --- Plain numbers -------------------------------------------------------------------

    def __index__(self) -> int:
        """Bind it to its present value."""
        self.compare("==", self.value)
        return self.value

    __int__ = __index__

    def __hash__(self) -> int:
        return hash(self.__index__())

    def __format__(self, how: str) -> str:
        return format(self.__index__(), how)

    def __str__(self) -> str:
        return str(self.__index__())

    def __reduce__(self) -> NoReturn:
        raise TypeError("an open constant cannot be kept")

    def bit_length(self) -> int:
        return self.__index__().bit_length()

    # --- Arithmetic ----------------------------------------------------------------------

    def made(self, text: str, value: int, low: int, high: int, *others: Open | int) -> Open:
        placed = self.formula.placed or any(isinstance(o, Open) and o.formula.placed for o in others)
        return Open(self.trail, Formula(text, placed), value, low, high)

    def binary(self, op: str, a: Open | int, b: Open | int, low: int, high: int) -> Open:
        value = ARITHMETIC[op](plain(a), plain(b))
        return self.made(f"({shown(a)} {op} {shown(b)})", value, low, high, a, b)

    def __add__(self, other: Open | int) -> Open:
        if other_is(other, 0):
            return self
        low, high = bounds(other)
        return self.binary("+", self, other, self.bounds[0] + low, self.bounds[1] + high)

    __radd__ = __add__

    def __sub__(self, other: Open | int) -> Open | int:
        if isinstance(other, Open) and other.formula == self.formula:
            return 0
        if other_is(other, 0):
            return self
        if self.wrapped and self.wrapped[2] and other_is(other, 1 << self.wrapped[1] - 1):
            return self.wrapped[0]
        low, high = bounds(other)
        return self.binary("-", self, other, self.bounds[0] - high, self.bounds[1] - low)

    def __rsub__(self, other: int) -> Open:
        return self.binary("-", other, self, other - self.bounds[1], other - self.bounds[0])

    def __neg__(self) -> Open:
        return self.made(f"(-{self.formula.text})", -self.value, -self.bounds[1], -self.bounds[0])

    def __invert__(self) -> Open:
        return self.made(f"(~{self.formula.text})", ~self.value, ~self.bounds[1], ~self.bounds[0])

    def __abs__(self) -> Open:
        low, high = self.bounds
        least = 0 if low <= 0 <= high else min(abs(low), abs(high))
        return self.made(f"abs({self.formula.text})", abs(self.value), least, max(abs(low), abs(high)))

    def __mul__(self, other: Open | int) -> Open:
        corners = [a * b for a in (self.bounds[0], self.bounds[1]) for b in bounds(other)]
        return self.binary("*", self, other, min(corners), max(corners))

    __rmul__ = __mul__

    def __and__(self, other: Open | int) -> Open | int:
        low, high = bounds(other)
        if low < 0 or (self.bounds[0] < 0 and isinstance(other, Open)):
            if self.bounds[0] < 0:
                raise TypeError("a conjunction of signed numbers")
            return self.binary("&", self, other, 0, self.bounds[1])
        if isinstance(other, Open):
            return self.binary("&", self, other, 0, min(self.bounds[1], high))
        width = other.bit_length()
        if other != (1 << width) - 1:
            return self.binary("&", self, other, 0, other if self.bounds[0] < 0 else min(self.bounds[1], other))
        if self.bounds[0] >= 0 and self.bounds[1] <= other:
            return self
        made = self.binary("&", self, other, 0, other)
        if width and -(1 << width - 1) <= self.bounds[0] and self.bounds[1] < 1 << width - 1:
            made.wrapped = self, width, 0
        return made

    __rand__ = __and__

    def __or__(self, other: Open | int) -> Open:
        return self.bitwise("|", other)

    __ror__ = __or__

    def __xor__(self, other: Open | int) -> Open:
        made = self.bitwise("^", other)
        low, high = self.bounds
        if self.wrapped and not self.wrapped[2] and other_is(other, 1 << self.wrapped[1] - 1):
            made.wrapped = *self.wrapped[:2], 1
        elif not isinstance(other, Open) and other and not other & other - 1 and 0 <= low <= high < other:
            made.wrapped = self, other.bit_length(), 1
        return made

    __rxor__ = __xor__

    def bitwise(self, op: str, other: Open | int) -> Open:
        low, high = bounds(other)
        if self.bounds[0] < 0 or low < 0:
            raise TypeError(f"{op} of signed numbers")
        return self.binary(op, self, other, 0, (1 << max(self.bounds[1], high).bit_length()) - 1)

    def __lshift__(self, count: Open | int) -> Open:
        count = operator.index(count)
        if not count:
            return self
        return self.binary("<<", self, count, self.bounds[0] << count, self.bounds[1] << count)

    def __rshift__(self, count: Open | int) -> Open:
        count = operator.index(count)
        if not count:
            return self
        return self.binary(">>", self, count, self.bounds[0] >> count, self.bounds[1] >> count)

    def __mod__(self, other: int) -> Open:
        return self.binary("%", self, other, 0, other - 1)

    def __rlshift__(self, other: int) -> int:
        return other << self.__index__()

    def __rrshift__(self, other: int) -> Open:
        low, high = self.bounds
        ends = other >> high, other >> low
        return self.binary(">>", other, self, min(ends), max(ends))

    def __floordiv__(self, other: Open | int) -> int:
        return self.__index__() // operator.index(other)

    def __rfloordiv__(self, other: int) -> int:
        return other // self.__index__()


def plain(number: Open | int) -> int:
    return number.value if isinstance(number, Open) else number


def shown(number: Open | int) -> str:
    return number.formula.text if isinstance(number, Open) else str(number)


def bounds(number: Open | int) -> tuple[int, int]:
    return number.bounds if isinstance(number, Open) else (number, number)


def other_is(number: Open | int, value: int) -> bool:
    """Is it this plain number?"""
    return not isinstance(number, Open) and number == value


def less(a: int, b: int, c: int, d: int) -> bool | None:
    """Decide whether a number in a..b is less than one in c..d; None: that depends."""
    return True if b < c else False if a >= d else None


def equal(a: int, b: int, c: int, d: int) -> bool | None:
    return True if a == b == c == d else False if b < c or d < a else None


def negated(known: bool | None) -> bool | None:
    return None if known is None else not known


KNOWN: dict[str, Callable[[int, int, int, int], bool | None]] = {
    "<": less,
    ">=": lambda a, b, c, d: negated(less(a, b, c, d)),
    ">": lambda a, b, c, d: less(c, d, a, b),
    "<=": lambda a, b, c, d: negated(less(c, d, a, b)),
    "==": equal,
    "!=": lambda a, b, c, d: negated(equal(a, b, c, d)),
}
COMPARISONS = {
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "%": operator.mod,
}
