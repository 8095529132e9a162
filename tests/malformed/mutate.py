"""Good input -> bad input: bytes, tokens, lines, numbers and nesting changed at random."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MOST = 1 << 14
"""Bytes of what is made."""

NUMBERS = (
    *("0", "1", "-1", "2", "3", "4", "7", "8", "31", "32", "33", "63", "64", "255", "256", "4095", "4096", "65535"),
    *("0x7fffffff", "0x80000000", "0xffffffff", "0x100000000", "-0x80000000", "-0x80000001", "0x10000000", "100000"),
    *("0xffffffffffffffff", "1000000000000", "99999999999999999999", "9" * 400, "9" * 5000, "0x" + "f" * 3000),
    *("1.5", "1e9", "08", "0x", "0b102", "0b" + "1" * 200, "1_0", "\u0663"),
)
ODD = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xa8", b"\xc2\x85"),
    *(b"\x1b[2J", b"\r", b"\r\n", b"\x0b", b"\x0c", b"\x7f", b"\t", b"\\", b'"', b"'", b"/*", b"*/", b"//", b"#", b";"),
)
NESTS = (("(", ")"), ("{", "}"), ("[", "]"), ("-", ""), ("~", ""), ("!(", ")"), ("1?", ":1"), ("1+", ""), ("%hi(", ")"))
COUNTS = (1, 2, 3, 8, 40, 70, 120, 300, 1100, 5000)
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
NUMBER = re.compile(r"\b(?:0[xX][0-9a-fA-F]+|\d+)\b")

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutated(r: Random, data: bytes, corpus: Sequence[bytes], changes: Sequence[Change]) -> bytes:
    """`data` with some changes; `corpus` is where foreign parts come from."""
    for _ in range(r.choice((1, 1, 1, 2, 3, 6, 12))):
        data = r.choice(changes)(r, data, corpus)[:MOST]
    return data


def span(r: Random, length: int, most: int = 64) -> tuple[int, int]:
    """Begin and end of a stretch of something."""
    begin = r.randrange(length + 1)
    return begin, min(length, begin + r.choice((1, 1, 2, 4, r.randint(1, most))))


# --- Bytes ---------------------------------------------------------------------------


def flip(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    made = bytearray(data)
    for _ in range(r.choice((1, 1, 2, 8)) if made else 0):
        made[r.randrange(len(made))] ^= 1 << r.randrange(8)
    return bytes(made)


def overwrite(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    begin, end = span(r, len(data))
    new = r.choice((bytes(end - begin), b"\xff" * (end - begin), r.randbytes(end - begin), r.choice(ODD)))
    return data[:begin] + new + data[end:]


def insert(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    at = r.randrange(len(data) + 1)
    return data[:at] + r.choice((r.choice(ODD) * r.choice(COUNTS), r.randbytes(r.randint(1, 20)))) + data[at:]


def delete(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    begin, end = span(r, len(data), 1 << 10)
    return data[:begin] + data[end:]


def cut_short(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    return data[: r.randrange(len(data) + 1)]


def repeat(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    begin, end = span(r, len(data))
    return data[:end] + data[begin:end] * r.choice(COUNTS) + data[end:]


def splice(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    other = r.choice(corpus)
    begin, end = span(r, len(other), 1 << 10)
    at = r.randrange(len(data) + 1)
    return data[:at] + other[begin:end] + data[at:]


BYTES: tuple[Change, ...] = (flip, overwrite, insert, delete, cut_short, repeat, splice)


# --- Text ----------------------------------------------------------------------------


def on_text(change: Callable[[Random, str, Sequence[str]], str]) -> Change:
    """A change of text as one of bytes."""

    def changed(r: Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
        other = r.choice(corpus).decode(errors="surrogateescape")
        made = change(r, data.decode(errors="surrogateescape"), TOKEN.findall(other) or [""])
        return made.encode(errors="surrogateescape")

    return changed


@on_text
def token(r: Random, text: str, words: Sequence[str]) -> str:
    """A token replaced, doubled, moved or dropped."""
    found = TOKEN.findall(text) or [""]
    at = r.randrange(len(found))
    found[at : at + 1] = r.choice(
        ([], [r.choice(words)], [r.choice(found)], [found[at]] * 2, [r.choice(words), found[at]])
    )
    return "".join(found)


@on_text
def number(r: Random, text: str, words: Sequence[str]) -> str:
    """A number replaced by one at an edge, or far beyond."""
    found = list(NUMBER.finditer(text))
    if not found:
        return text + r.choice(NUMBERS)
    where = r.choice(found)
    return text[: where.start()] + r.choice(NUMBERS) + text[where.end() :]


@on_text
def nest(r: Random, text: str, words: Sequence[str]) -> str:
    """A token within parentheses, or behind operators, to any depth."""
    found = TOKEN.findall(text) or [""]
    at, count = r.randrange(len(found)), r.choice(COUNTS)
    opening, closing = r.choice(NESTS)
    found[at] = opening * count + found[at] + closing * (count if r.random() < 0.9 else count - 1)
    return "".join(found)


@on_text
def line(r: Random, text: str, words: Sequence[str]) -> str:
    """Lines doubled, often even, dropped or exchanged."""
    lines = text.split("\n")
    begin, end = span(r, len(lines), 8)
    other = r.randrange(len(lines))
    new = r.choice(
        (lines[begin:end] * r.choice(COUNTS), [], [lines[other]], lines[begin:end][::-1], ["".join(lines[begin:end])])
    )
    return "\n".join([*lines[:begin], *new, *lines[end:]])


TEXT: tuple[Change, ...] = (token, token, token, number, number, nest, line, *BYTES)
