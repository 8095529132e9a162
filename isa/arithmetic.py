"""Values of a width, and what operators of the description language give where Python's own would fail, or cost more
than their widths say."""

from __future__ import annotations


def ones(width: int) -> int:
    """The greatest value of `width` bits."""
    return (1 << width) - 1


def quotient(a: int, b: int) -> int:
    """a / b toward zero. By zero it is -1: all ones in any width, as in RISC-V (unprivileged specification, "M")."""
    if not b:
        return -1
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


def remainder(a: int, b: int) -> int:
    """a - b * quotient(a, b): it has the sign of a, and is a itself where b is 0."""
    return a - b * quotient(a, b)


def left(a: int, count: int, width: int) -> int:
    """a << count in a register of `width` bits, but for the bits that leave it: 0 if all do."""
    return a << count if count < width else 0
