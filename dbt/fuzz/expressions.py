"""Random expressions of the description language: odd widths, slices of products, every operator."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

ARITHMETIC = ("+", "-", "*", "*", "&", "|", "^")
DIVISIONS = ("/u", "/s", "%u", "%s")
SHIFTS = ("<<", ">>u", ">>s")
ORDER = ("==", "!=", "<s", "<u", "<=s", "<=u", ">s", ">u", ">=s", ">=u")
NARROW, WIDE = (1, 3, 5, 7, 8, 15, 16, 24, 31), (33, 40, 47, 48, 63, 64, 64, 64)
WORD = 32


def value(r: Random, width: int, depth: int, leaves: Sequence[str]) -> str:
    """Draw an expression of `width` bits. `leaves` are words."""
    if depth == 0:
        return leaf(r, width, leaves)
    below = depth - 1
    kind = r.randrange(10)
    if width == 1 and kind < 6:
        bits = r.choice((WORD, WORD, 8, 64))
        return f"({value(r, bits, below, leaves)} {r.choice(ORDER)} {value(r, bits, below, leaves)})"
    if kind < 3:
        return f"({value(r, width, below, leaves)} {r.choice(ARITHMETIC)} {value(r, width, below, leaves)})"
    if kind == 3:
        return f"({value(r, width, below, leaves)} {r.choice(DIVISIONS)} {value(r, width, below, leaves)})"
    if kind == 4:
        count = max(1, (width - 1).bit_length())
        return f"({value(r, width, below, leaves)} {r.choice(SHIFTS)} {value(r, count, below, leaves)})"
    if kind == 5:
        condition = value(r, 1, below, leaves)
        return f"({condition} ? {value(r, width, below, leaves)} : {value(r, width, below, leaves)})"
    if kind == 6 and width > 1:
        high = r.choice([n for n in (*NARROW, WORD) if n < width])
        return f"{{{value(r, high, below, leaves)}, {value(r, width - high, below, leaves)}}}"
    if kind == 7:
        return f"(~{value(r, width, below, leaves)})"
    if width < WORD or (kind == 8 and width < 64):
        return sliced(r, width, below, leaves)
    narrower = r.choice([n for n in (*NARROW, WORD, WORD) if n < width])
    return f"{r.choice(('zx', 'sx'))}({value(r, narrower, below, leaves)}, {width})"


def leaf(r: Random, width: int, leaves: Sequence[str]) -> str:
    word = r.choice(leaves)
    if width == WORD:
        return word
    if width > WORD:
        return f"{r.choice(('zx', 'sx'))}({word}, {width})"
    low = r.randrange(WORD - width + 1)
    return f"{word}[{low + width - 1}:{low}]"


def sliced(r: Random, width: int, depth: int, leaves: Sequence[str]) -> str:
    """Draw a slice of something wider, at any position."""
    wider = r.choice([n for n in (WORD, *WIDE) if n > width])
    low = r.randrange(wider - width + 1)
    return f"({value(r, wider, depth, leaves)})[{low + width - 1}:{low}]"


def word(r: Random, leaves: Sequence[str]) -> str:
    """Draw a 32-bit expression: half of the time a slice of a wide product or concatenation."""
    if r.random() < 0.5:
        return value(r, WORD, r.randint(1, 3), leaves)
    wide = r.choice((48, 63, 64, 64, 64))
    low = r.randrange(1, wide - WORD + 1)
    kind = r.choice(("*", "*", "+", "-", "{"))
    one, two = value(r, WORD, r.randrange(2), leaves), value(r, WORD, r.randrange(2), leaves)
    if kind == "{":
        return f"{{{one}, {two}}}[{low % WORD + 31}:{low % WORD}]"
    extended = [f"{r.choice(('zx', 'sx'))}({each}, {wide})" for each in (one, two)]
    return f"({extended[0]} {kind} {extended[1]})[{low + 31}:{low}]"
