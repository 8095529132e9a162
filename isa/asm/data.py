"""Directives that emit bytes or move the location counter."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ring1.isa.asm.fixups import DataFixup, LebFixup, Spot, integer, leb128
from ring1.isa.asm.lines import Head, Mistake, Piece
from ring1.isa.asm.nodes import Expr, Place
from ring1.isa.asm.sections import Kind
from ring1.isa.asm.trees import Gap, Operand, Text
from ring1.isa.asm.unit import Unit, expression

MOST_ALIGNMENT = 24
"""log2 of the largest alignment in bytes."""
MOST_FILL = 1 << 28
"""The most bytes that one directive may emit."""
MOST_FILL_SIZE = 8
"""The largest size in bytes of a number of .fill."""
LEB_BYTES = 5
"""Bytes reserved for a LEB128 number whose value is not known yet."""

Directive = Callable[[Unit, Piece, Head], None]


def numbers(size: int) -> Directive:
    """The directive that emits numbers of `size` bytes each."""

    def obey(unit: Unit, piece: Piece, begin: Head) -> None:
        if unit.language.loose:
            unit.align(size, piece)
        data = bytearray()
        waiting: list[tuple[int, Expr, int]] = []
        section, start = unit.section, unit.section.offset
        for operand in unit.operands(begin):
            e = expression(operand, "a number")
            if not isinstance(e, int):
                e = unit.settled(unit.scope.bind(e, section, start + len(data)))
            if isinstance(e, int):
                data += integer(e, size, operand.at)
            else:
                waiting.append((len(data), e, operand.at))
                data += bytes(size)
        chunk, at = section.put(bytes(data), piece)
        for n, e, place in waiting:
            spot = Spot(chunk, at + n, section, start + n, piece)
            unit.fixups.append(DataFixup(spot, e, size, place))

    return obey


def strings(end: bytes) -> Directive:
    """The directive that emits strings, with `end` after each."""

    def obey(unit: Unit, piece: Piece, begin: Head) -> None:
        data = bytearray()
        for operand in unit.operands(begin):
            if not isinstance(operand.form, Text):
                raise Mistake("a string is wanted here", operand.at)
            data += operand.form.data + end
        unit.section.put(bytes(data), piece)

    return obey


def leb(signed: bool) -> Directive:
    """The directive that emits LEB128 numbers, as in DWARF sections."""

    def obey(unit: Unit, piece: Piece, begin: Head) -> None:
        for operand in unit.operands(begin):
            e = expression(operand, "a number")
            section, offset = unit.section, unit.section.offset
            e = unit.settled(unit.scope.bind(e, section, offset))
            if isinstance(e, int):
                section.put(leb128(e, signed, operand.at), piece)
            else:
                chunk, at = section.put(bytes(LEB_BYTES), piece)
                spot = Spot(chunk, at, section, offset, piece)
                unit.fixups.append(LebFixup(spot, e, LEB_BYTES, operand.at, signed))

    return obey


def count(unit: Unit, operand: Operand | None) -> int:
    """Evaluate an operand that is a number of bytes. Raises Mistake."""
    value = unit.constant(operand, "a number of bytes")
    if value < 0:
        raise Mistake(f"{value} bytes", operand.at if operand else None)
    return value


def byte(unit: Unit, operand: Operand | None) -> int:
    """Evaluate an operand that is a byte. Raises Mistake."""
    at = operand.at if operand else None
    return integer(unit.constant(operand, "a byte"), 1, at)[0]


def blank(operand: Operand) -> bool:
    """Has this operand been left empty?"""
    return isinstance(operand.form, Gap)


def at_most(operands: list[Operand], most: int) -> None:
    if len(operands) > most:
        raise Mistake(f"{most} operand{'s are' if most > 1 else ' is'} enough", operands[most].at)


def padding(unit: Unit, piece: Piece, length: int, fill: int, at: int | None) -> None:
    """Emit the byte `fill` `length` times."""
    if not fill:
        unit.section.skip(length, piece)
    elif length > MOST_FILL:
        raise Mistake(f"{length} bytes are more than {MOST_FILL}", at)
    else:
        unit.section.put(bytes([fill]) * length, piece)


def space(unit: Unit, piece: Piece, begin: Head) -> None:
    """.space n[, fill]: emit n bytes."""
    operands = unit.operands(begin)
    at_most(operands, 2)
    length = count(unit, operands[0] if operands else None)
    fill = byte(unit, operands[1]) if len(operands) > 1 else 0
    padding(unit, piece, length, fill, begin.rest_at)


def fill(unit: Unit, piece: Piece, begin: Head) -> None:
    """.fill count[, size[, value]]: numbers of `size` bytes."""
    operands = unit.operands(begin)
    at_most(operands, 3)
    times = count(unit, operands[0] if operands else None)
    size = count(unit, operands[1]) if len(operands) > 1 else 1
    if size > MOST_FILL_SIZE:
        raise Mistake(f"{size} bytes for one number", operands[1].at)
    value = unit.constant(operands[2], "a number") if len(operands) > 2 else 0
    if times * size > MOST_FILL:
        raise Mistake(f"{times * size} bytes are more than {MOST_FILL}", begin.rest_at)
    unit.section.put(integer(value, size, operands[-1].at) * times if size else b"", piece)


def align(power: bool) -> Directive:
    """.align n[, fill[, most]]: pad to a multiple of n bytes or of 2^n, unless that takes more than `most` bytes."""

    def obey(unit: Unit, piece: Piece, begin: Head) -> None:
        operands = unit.operands(begin)
        at_most(operands, 3)
        if not operands:
            example = f"{begin.word} {2 if power else 4}"
            raise Mistake(f"{begin.word} needs a number: {example} goes on at a multiple of 4 bytes")
        value = count(unit, operands[0])
        if power and value > MOST_ALIGNMENT:
            raise Mistake(f"2^{value} bytes are more than 2^{MOST_ALIGNMENT}", begin.rest_at)
        size = 1 << value if power else value or 1
        if size & (size - 1) or size > 1 << MOST_ALIGNMENT:
            raise Mistake(f"{size} is not a power of two up to 2^{MOST_ALIGNMENT}", begin.rest_at)
        chosen = byte(unit, operands[1]) if len(operands) > 1 and not blank(operands[1]) else None
        section = unit.section
        needed = -section.offset % size
        if len(operands) > 2 and needed > count(unit, operands[2]):
            return
        section.alignment = max(section.alignment, size)
        if not needed:
            return
        nops = unit.language.nops(needed) if section.kind == Kind.TEXT and chosen is None else b""
        if not nops:
            padding(unit, piece, needed, chosen or 0, begin.rest_at)
            return
        # Code that runs into the padding must get through it, so it is made of nops; nothing can run before the first
        # whole word.
        section.put(bytes(needed - len(nops)) + nops, piece)

    return obey


def org(unit: Unit, piece: Piece, begin: Head) -> None:
    """.org where[, fill]: move to an offset in the section or, in a file without sections, to an address."""
    operands = unit.operands(begin)
    at_most(operands, 2)
    operand = operands[0] if operands else None
    where = unit.value(operand, "an address")
    at = operand.at if operand else 0
    if isinstance(where, Place):
        if where.section is not unit.section:
            raise Mistake("this is in another section", at)
        where = where.offset
    chosen = byte(unit, operands[1]) if len(operands) > 1 else 0
    if chosen and where > unit.section.offset:
        padding(unit, piece, where - unit.section.offset, chosen, at)
    unit.section.move(where, piece, at)


def incbin(unit: Unit, piece: Piece, begin: Head) -> None:
    """.incbin "file"[, skip[, count]]: include `count` bytes of a file, which must have them."""
    operands = unit.operands(begin)
    at_most(operands, 3)
    first = operands[0] if operands else None
    if first is None or not isinstance(first.form, Text) or not first.form.data:
        raise Mistake("the name of a file is wanted here", begin.rest_at)
    name = first.form.data.decode(errors="replace")
    skipped = 0 if len(operands) < 2 or blank(operands[1]) else count(unit, operands[1])
    try:
        path = unit.expander.reach.find(Path(piece.file).parent, name)
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if skipped > size:
                raise Mistake(f"{name} has only {size} bytes", operands[1].at)
            length = count(unit, operands[2]) if len(operands) > 2 else size - skipped
            if skipped + length > size:
                behind = f", {size - skipped} of them behind {skipped}" if skipped else ""
                raise Mistake(f"{name} has only {size} bytes{behind}", operands[2].at)
            if length > MOST_FILL:
                raise Mistake(f"{length} bytes are more than {MOST_FILL}", first.at)
            file.seek(skipped)
            data = file.read(length)
    except (OSError, ValueError) as error:
        raise Mistake(f"cannot read {name}: {getattr(error, 'strerror', error)}", first.at) from None
    unit.expander.sources.append((str(path), ""))
    unit.section.put(data, piece)
