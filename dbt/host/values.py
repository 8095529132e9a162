"""Numbers in host registers, and what a comparison of two has found."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

ONES_32, ONES_64 = (1 << 32) - 1, (1 << 64) - 1


class Condition(StrEnum):
    """What a comparison of a with b may have found. ABOVE and BELOW are of unsigned numbers."""

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
    """Of the budget, once it has been paid from."""


def both_ways(*pairs: tuple[Condition, Condition]) -> dict[Condition, Condition]:
    return {a: b for pair in pairs for a, b in (pair, pair[::-1])}


NEGATED = both_ways(
    (Condition.EQUAL, Condition.NOT_EQUAL),
    (Condition.BELOW, Condition.NOT_BELOW),
    (Condition.NOT_ABOVE, Condition.ABOVE),
    (Condition.LESS, Condition.NOT_LESS),
    (Condition.NOT_GREATER, Condition.GREATER),
)
"""What holds where a condition does not."""
SWAPPED = both_ways(
    (Condition.EQUAL, Condition.EQUAL),
    (Condition.NOT_EQUAL, Condition.NOT_EQUAL),
    (Condition.BELOW, Condition.ABOVE),
    (Condition.NOT_ABOVE, Condition.NOT_BELOW),
    (Condition.LESS, Condition.GREATER),
    (Condition.NOT_GREATER, Condition.NOT_LESS),
)
"""What holds of b and a where a condition holds of a and b."""


class Value(NamedTuple):
    """An unsigned number in a host register, of which all 64 bits are known to be at most `most`.

    Only what emits an instruction makes one, and says what that instruction leaves in the register, not what it was
    meant to leave: so a value is never believed to be smaller than it may be. The index of an address is one of these:
    an address cannot be written whose index nobody has bounded.
    """

    register: str
    most: int = ONES_64

    @property
    def narrow(self) -> bool:
        """Its upper half is zero."""
        return self.most <= ONES_32
