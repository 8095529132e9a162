"""Directives about sections and symbols."""

from __future__ import annotations

import re

from ring1.isa.asm.expander import alone
from ring1.isa.asm.lines import NAME, Head, Mistake, Piece
from ring1.isa.asm.scope import Common
from ring1.isa.asm.unit import Unit

SECTION = re.compile(
    r'\s*+("[^"]+"|[^\s,"]++)'  # name
    r'(?:\s*+,\s*+(?:"([^"]*)"|([A-Za-z]*+))?'  # flags
    r"(?:\s*+,\s*+[@%]?(\w*+)(?:\s*+,.*)?)?)?\s*+"  # type; an entry size or a group is ignored
)
FLAGS = set("adewxoMSGTRE?")
RUN_ON = re.compile(rf"\s*+{NAME}\s++({NAME})")
LIST = re.compile(rf"\s*({NAME})\s*(?:,|$)")


def section(unit: Unit, piece: Piece, begin: Head) -> None:
    """.section name[, "flags"[, @type]]: switch to a section."""
    match = SECTION.fullmatch(begin.rest)
    if not match:
        raise Mistake('.section is written .section name, "flags", @type', begin.rest_at)
    group = 2 if match[2] is not None else 3
    flags = match[2] if match[2] is not None else match[3] or None
    for n, flag in enumerate(flags or ""):
        if flag not in FLAGS:
            raise Mistake(f"there is no section flag {flag}", begin.rest_at + match.start(group) + n)
    unit.enter(unit.named_section(match[1].strip('"'), flags, match[4] == "nobits"))


def known_section(unit: Unit, piece: Piece, begin: Head) -> None:
    """.text, .data ...: switch to the section with the directive's name."""
    if begin.rest not in ("", "0"):
        raise Mistake("subsections are not supported", begin.rest_at)
    unit.enter(unit.named_section(begin.word.lower(), None))


def push(unit: Unit, piece: Piece, begin: Head) -> None:
    """.pushsection: as .section, until .popsection returns to the current one."""
    unit.stack.append((unit.section, unit.previous))
    section(unit, piece, begin)


def pop(unit: Unit, piece: Piece, begin: Head) -> None:
    alone(begin)
    if not unit.stack:
        raise Mistake(".popsection without .pushsection")
    unit.section, unit.previous = unit.stack.pop()


def previous(unit: Unit, piece: Piece, begin: Head) -> None:
    """.previous: return to the section before the current one."""
    alone(begin)
    unit.enter(unit.previous)


def names(begin: Head) -> list[tuple[str, int]]:
    """Return the names that a directive lists, with their offsets. Raises Mistake."""
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(begin.rest):
        match = LIST.match(begin.rest, at)
        if not match:
            run_on = RUN_ON.match(begin.rest, at)
            if run_on:
                raise Mistake(f"a comma is missing before {run_on[1]}", begin.rest_at + run_on.start(1))
            raise Mistake("the name of a symbol is wanted here", begin.rest_at + at)
        found.append((match[1], begin.rest_at + match.start(1)))
        at = match.end()
    if not found:
        raise Mistake("the name of a symbol is wanted here", begin.rest_at)
    return found


def bind(unit: Unit, piece: Piece, begin: Head) -> None:
    """.globl, .weak, .local: set the binding of symbols."""
    binding = {".weak": "weak", ".local": "local"}.get(begin.word.lower(), "global")
    for name, _ in names(begin):
        unit.scope.bindings[name] = binding


def equ(unit: Unit, piece: Piece, begin: Head) -> None:
    """.equ name, value: assign a symbol."""
    match = LIST.match(begin.rest)
    if not match or not match[0].endswith(","):
        raise Mistake(f"{begin.word} is written {begin.word} name, value", begin.rest_at)
    name, end = match[1], match.end()
    if begin.word.lower() == ".equiv" and unit.scope.defines(name):
        raise Mistake(f"{name} is already defined", begin.rest_at)
    at = begin.rest_at
    unit.assign(piece, name, at + match.start(1), begin.rest[end:], at + end)


def common(unit: Unit, piece: Piece, begin: Head) -> None:
    """.comm name, size[, alignment]: declare a common symbol; .lcomm declares one that is local to the file."""
    match = LIST.match(begin.rest)
    if not match or not match[0].endswith(","):
        raise Mistake(f"{begin.word} is written {begin.word} name, size, alignment", begin.rest_at)
    name = match[1]
    values = []
    for operand in unit.language.syntax.operands(begin.rest[match.end() :], begin.rest_at + match.end()):
        value = unit.constant(operand, "a number of bytes")
        if value < 0:
            raise Mistake(f"{value} bytes", operand.at if operand else None)
        values.append(value)
    if not 1 <= len(values) <= 2:
        raise Mistake(f"{begin.word} is written {begin.word} name, size, alignment", begin.rest_at)
    size, alignment = values[0], values[1] if len(values) > 1 else 1
    if alignment & (alignment - 1):
        raise Mistake(f"{alignment} is not a power of two")
    if begin.word.lower() == ".lcomm":
        unit.scope.bindings[name] = "local"
    old = unit.scope.commons.get(name)
    if old is not None:
        size, alignment = max(size, old.size), max(alignment, old.alignment)
    unit.scope.commons[name] = Common(size, max(alignment, 1), piece)
