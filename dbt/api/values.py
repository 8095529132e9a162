"""Values that are put into a machine: nothing of them is cut off."""

from __future__ import annotations

from ring1.dbt.api.errors import BadValue

WORD = 32


def fitting(value: int, bits: int = WORD) -> int:
    """Return a number as it stands in so many bits, negative ones as two's complement. Raises BadValue if it is no
    number, or needs more bits."""
    if not isinstance(value, int):
        raise BadValue(f"{value!r} is no whole number")
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise BadValue(f"{value:#x} does not fit into {bits} bits")
    return value & (1 << bits) - 1


def counted(value: object, what: str) -> int:
    """Return a count, which is not negative. Raises BadValue."""
    if not isinstance(value, int) or value < 0:
        raise BadValue(f"{value!r} is no {what}")
    return value
