"""Listings: a program beside its source with addresses and bytes, macros expanded, and the symbols at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ring1.isa.asm.program import Program

BYTES = 8
"""Bytes shown on one line of the listing."""
MOST_ROWS = 4
"""The most rows of bytes for one statement; further bytes are only counted."""
INDENT = " " * 8 + "  " + " " * (3 * BYTES - 1) + "  "


class Entry(NamedTuple):
    """The bytes that a statement put into the program."""

    address: int
    length: int
    text: str
    """The statement's line after substitution, if it came from a macro."""


def listing(program: Program) -> str:
    """Return the listing of a program, file by file.

    A statement that puts bytes in several places (in a repetition, in a file included twice) is shown with each; `+`
    marks statements that came from a macro.
    """
    own: dict[tuple[str, int], list[Entry]] = {}
    for address, length, position in program.lines:
        calls = program.calls.get(address, ())
        # A macro's statements are shown where the outermost call stands.
        place = calls[-1][1] if calls else position
        entry = Entry(address, length, position.text.strip() if calls else "")
        own.setdefault((place.file, place.line), []).append(entry)
    rows: list[str] = []
    for file, text in program.sources:
        if not text:
            continue
        rows += [f"# {file}", ""]
        for number, line in enumerate(text.split("\n")[: -1 if text.endswith("\n") else None], 1):
            rows += shown(program, own.get((file, number), []), f"{number:5}  {line.rstrip()}")
        rows.append("")
    rows += ["# Symbols", ""]
    for name, value in sorted(program.symbols.items(), key=by_value):
        rows.append(f"{value & 0xFFFFFFFF:08x}  {name}")
    return "\n".join(row.rstrip() for row in rows) + "\n"


def by_value(symbol: tuple[str, int]) -> tuple[int, str]:
    return symbol[1], symbol[0]


def shown(program: Program, entries: list[Entry], line: str) -> Iterator[str]:
    """Yield the rows of one source line."""
    first = next((n for n, entry in enumerate(entries) if not entry.text), None)
    if first is None:
        yield INDENT + line
    for n, entry in enumerate(entries):
        text = line if n == first else f"    + {entry.text}" if entry.text else "    +"
        yield from data_rows(program, entry, text)


def data_rows(program: Program, entry: Entry, text: str) -> Iterator[str]:
    """Yield the rows of one statement's bytes, with its text beside the first of them."""
    for n, at in enumerate(range(entry.address, entry.address + entry.length, BYTES)):
        if n == MOST_ROWS:
            yield f"{at:08x}  ... {entry.address + entry.length - at} more bytes"
            return
        length = min(BYTES, entry.address + entry.length - at)
        data = program.bytes(at, length)
        yield f"{at:08x}  {data.hex(' '):{3 * BYTES - 1}}  {text if not n else ''}"
