"""The linker, pass two: with the sections in their places, symbols get their values and fixups their bytes."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.isa.asm.expressions import Undefined, evaluate
from ring1.isa.asm.fixups import CodeFixup, Fixup
from ring1.isa.asm.gather import Groups
from ring1.isa.asm.globals import START, Globals, allocate_commons, exports, is_address, meaning, origin, value_of
from ring1.isa.asm.layout import lay_out, loaded
from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.asm.nodes import Expr, Symbol, Use, leaves
from ring1.isa.asm.program import Line, Program
from ring1.isa.asm.sections import MOST_BYTES, Kind, Section
from ring1.isa.asm.undefined import Missing
from ring1.isa.asm.unit import Unit
from ring1.isa.source import Position


def link(units: Sequence[Unit], begin: int = 0, data: int | None = None) -> Program | None:
    """Link files into a program from address `begin` on, its writable sections from `data` on if that is given. Returns
    None if there are faults, which the units hold."""
    shared = exports(units)
    allocate_commons(units, shared)
    groups = Groups(units)
    size = lay_out(units, groups, begin, data)
    for name, place in groups.symbols():
        shared.setdefault(name, place)
    missing = Missing(units, shared)
    for unit in units:
        unit.scope.others = shared
    for unit in units:
        written = {id(a.piece): a.expr for a in unit.scope.assigned.values() if a.expr is not None}
        for assignment in unit.scope.assigned.values():
            try:
                evaluate(Use(assignment, 0), unit.scope)
            except Mistake as mistake:
                piece = mistake.piece or assignment.piece
                report(unit, piece, mistake, [e] if (e := written.get(id(piece))) is not None else [], missing)
            except RecursionError:
                unit.report(assignment.piece, Mistake("this is nested too deeply"))
        for fixup in unit.fixups:
            if loaded(fixup.spot.section):
                mend(unit, fixup, missing)
    missing.report()
    unreachable(units)
    entry = start(units, shared, begin)
    parts = [(begin, tuple(Kind))] if data is None else [(begin, FIXED), (data, (Kind.DATA, Kind.BSS))]
    filled = [(at, measure(units, at, kinds), kinds) for at, kinds in parts]
    if any(unit.faults for unit in units):
        return None
    image, *more = [fill(units, at, length, kinds) for at, length, kinds in filled]
    symbols, labels = names(units, shared)
    lines, calls = positions(units)
    sources = dict(pair for unit in units for pair in unit.expander.sources)
    return Program(
        image,
        entry,
        size,
        symbols,
        labels,
        lines,
        calls,
        tuple(sources.items()),
        base=begin,
        data=more[0] if more else b"",
    )


# --- Bytes -------------------------------------------------------------------


def mend(unit: Unit, fixup: Fixup, missing: Missing) -> None:
    """Write the bytes of a fixup. Mistakes are reported."""
    spot = fixup.spot
    try:
        data = fixup.data(unit.scope)
        if spot.section.kind == Kind.BSS and any(data):
            raise Mistake(f"only zeros can be put into {spot.section.name}")
        spot.chunk.data[spot.at : spot.at + len(data)] = data
    except Mistake as mistake:
        report(unit, spot.piece, mistake, fixup.exprs(), missing, isinstance(fixup, CodeFixup))
    except RecursionError:
        unit.report(spot.piece, Mistake("this is nested too deeply"))


def report(
    unit: Unit, piece: Piece, mistake: Mistake, exprs: Sequence[Expr], missing: Missing, code: bool = False
) -> None:
    """Report a mistake in expressions; for undefined symbols, report each one in them."""
    if not isinstance(mistake, Undefined):
        unit.report(piece, mistake)
    elif mistake.piece is not None and (mistake.piece is not piece or not exprs):
        missing.add(unit, mistake.piece, mistake.name, mistake.at)
    else:
        found = [leaf for e in exprs for leaf in leaves(e) if isinstance(leaf, Symbol)]
        for symbol in found:
            if unit.scope.find(symbol.name) is None:
                missing.add(unit, piece, symbol.name, symbol.at, code)


def unreachable(units: Sequence[Unit]) -> None:
    """Report uses in loaded sections of labels in sections that are not loaded."""
    for unit in units:
        absent = {id(s) for s in unit.sections.values() if not loaded(s)}
        names = {name for name, place in unit.scope.labels.items() if id(place.section) in absent} if absent else set()
        if not names:
            continue
        for fixup in unit.fixups:
            if loaded(fixup.spot.section):
                for leaf in (leaf for e in fixup.exprs() for leaf in leaves(e)):
                    if isinstance(leaf, Symbol) and leaf.name in names:
                        section = unit.scope.labels[leaf.name].section
                        assert isinstance(section, Section)
                        message = f'{leaf.name} is in {section.name}, which is not loaded: it has no flag "a"'
                        unit.report(fixup.spot.piece, Mistake(message, leaf.at))


FIXED = (Kind.TEXT, Kind.RODATA, Kind.READONLY)
"""Kinds of sections that are not writable."""


def measure(units: Sequence[Unit], begin: int, kinds: Sequence[Kind]) -> int:
    """Return the size in bytes of the image of sections of these kinds, which begins at `begin`. Reports one that is
    too large, and bytes outside it."""
    size = 0
    for unit in units:
        for section in unit.sections.values():
            if section.kind not in kinds or section.kind == Kind.BSS or not loaded(section) or not section.end:
                continue
            end = base(section) + section.end - begin
            if end > MOST_BYTES >= size and section.lines:
                message = f"the program's image has {end} bytes here; {MOST_BYTES} are possible"
                last = max(section.lines, key=lambda line: line[0] + line[1])
                unit.report(last[2], Mistake(message))
            size = max(size, end)
            for chunk in section.chunks:
                if base(section) + chunk.start < begin:
                    unit.report(chunk.piece, Mistake(f"this lies below {begin:#x}, where the program begins"))
                    break
    return size


def fill(units: Sequence[Unit], begin: int, size: int, kinds: Sequence[Kind]) -> bytes:
    """Return the image of sections of these kinds: the contents of all but .bss."""
    image = bytearray(size)
    for unit in units:
        for section in unit.sections.values():
            if section.kind in kinds and section.kind != Kind.BSS and loaded(section):
                for chunk in section.chunks:
                    at = base(section) + chunk.start - begin
                    image[at : at + len(chunk.data)] = chunk.data
    return bytes(image)


def base(section: Section) -> int:
    assert section.base is not None
    return section.base


def start(units: Sequence[Unit], shared: Globals, begin: int) -> int:
    """Return the entry point, which is `begin` unless the program says where."""
    if START not in shared:
        return begin
    unit = next(unit for unit in units if meaning(unit, START) is shared[START])
    entry = value_of(unit, shared[START]) or 0
    least = unit.language.isa.words.least
    if entry % least:
        piece, at = origin(unit, START)
        unit.report(piece, Mistake(f"{START} is at {entry:#x}, not at a multiple of {least}", at))
    return entry


# --- What addresses mean -----------------------------------------------------


def names(units: Sequence[Unit], shared: Globals) -> tuple[dict[str, int], tuple[tuple[int, str], ...]]:
    """Return every symbol with its value, and the best name of each address that has one."""
    values: dict[str, int] = {}
    best: dict[int, tuple[int, str]] = {}
    for unit in units:
        scope = unit.scope
        for name in (*scope.labels, *scope.assigned):
            found = meaning(unit, name)
            exported = found is not None and shared.get(name) is found
            if found is None or "\0" in name or not (exported or is_address(found)):
                continue
            value = value_of(unit, found)
            if value is None:
                continue
            if exported or name not in values:
                values[name] = value
            # The compiler's own labels are the least informative.
            rank = 0 if exported else 2 if name.startswith((".", "$")) else 1
            if is_address(found) and (value not in best or rank < best[value][0]):
                best[value] = rank, name
    return values, tuple(sorted((value, name) for value, (_, name) in best.items()))


def positions(units: Sequence[Unit]) -> tuple[tuple[Line, ...], dict[int, tuple[tuple[str, Position], ...]]]:
    """Return Program.lines and Program.calls."""
    lines: list[Line] = []
    calls: dict[int, tuple[tuple[str, Position], ...]] = {}
    for unit in units:
        for section in unit.sections.values():
            if not loaded(section):
                continue
            for offset, length, piece in section.lines:
                if not length:
                    continue
                address = base(section) + offset
                lines.append((address, length, piece.start()))
                if piece.call is not None:
                    calls[address] = tuple((call.name, call.piece.start()) for call in piece.calls())
    lines.sort(key=lambda line: line[0])
    return tuple(lines), calls
