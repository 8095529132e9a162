"""Values in host registers, and the conditions that comparisons find."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

ONES_32, ONES_64 = (1 << 32) - 1, (1 << 64) - 1


class Condition(StrEnum):
    """The result of a comparison of a with b. ABOVE and BELOW are for unsigned numbers, GREATER and LESS for signed
    ones."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    BELOW = "<u"
    NOT_BELOW = ">=u"
    NOT_ABOVE = "<=u"
    ABOVE = ">u"
    LESS = "<s"
    NOT_LESS = ">=s"
    NOT_GREATER = "<=s"
    GREATER = ">s"
    NEGATIVE = "<0"
    """The sign of a difference: of the budget after a subtraction."""


def both_ways(*pairs: tuple[Condition, Condition]) -> dict[Condition, Condition]:
    return {a: b for pair in pairs for a, b in (pair, pair[::-1])}


NEGATED = both_ways(
    (Condition.EQUAL, Condition.NOT_EQUAL),
    (Condition.BELOW, Condition.NOT_BELOW),
    (Condition.NOT_ABOVE, Condition.ABOVE),
    (Condition.LESS, Condition.NOT_LESS),
    (Condition.NOT_GREATER, Condition.GREATER),
)
"""Condition -> its negation."""
SWAPPED = both_ways(
    (Condition.EQUAL, Condition.EQUAL),
    (Condition.NOT_EQUAL, Condition.NOT_EQUAL),
    (Condition.BELOW, Condition.ABOVE),
    (Condition.NOT_ABOVE, Condition.NOT_BELOW),
    (Condition.LESS, Condition.GREATER),
    (Condition.NOT_GREATER, Condition.NOT_LESS),
)
"""Condition on a and b -> the same condition on b and a."""


class Value(NamedTuple):
    """An unsigned number in a host register, of which all 64 bits are known to be at most `most`.

    Only code that emits an instruction makes a Value, with a bound on what that instruction leaves in the register, not
    on what it is meant to leave: so the bound is always sound. The index of an address must be a Value, so no address
    can have an unbounded index.
    """

    register: str
    most: int = ONES_64

    @property
    def narrow(self) -> bool:
        """Is its upper half known to be zero?"""
        return self.most <= ONES_32
