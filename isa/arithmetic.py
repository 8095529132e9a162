"""Arithmetic on values of a given width: the operators of the description language for which Python's own would fail,
or would cost more than the width suggests."""

from __future__ import annotations


def ones(width: int) -> int:
    """The greatest value of `width` bits."""
    return (1 << width) - 1


def quotient(a: int, b: int) -> int:
    """Divide a by b, rounding toward zero. Division by zero gives -1, all ones in any width, as in RISC-V (unprivileged
    specification, "M")."""
    if not b:
        return -1
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


def remainder(a: int, b: int) -> int:
    """a - b * quotient(a, b): it has the sign of a, and is a itself where b is 0."""
    return a - b * quotient(a, b)


def left(a: int, count: int, width: int) -> int:
    """Shift a left by `count` in a register of `width` bits: 0 once all bits have been shifted out."""
    return a << count if count < width else 0
