"""Global symbols: what the files of a program make known to each other."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.isa.asm.expressions import evaluate
from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.asm.nodes import Assignment, Place
from ring1.isa.asm.scope import Common
from ring1.isa.asm.sections import Kind, Section
from ring1.isa.asm.unit import Unit

START = "_start"
"""The entry point; global without a declaration."""

Meaning = Place | Assignment
Globals = dict[str, Meaning]


def meaning(unit: Unit, name: str) -> Meaning | None:
    """Return what a file itself defines a name to be."""
    return unit.scope.labels.get(name) or unit.scope.assigned.get(name)


def origin(unit: Unit, name: str) -> tuple[Piece, int | None]:
    """Return the statement that defines a name, and the offset in it."""
    known = unit.scope.assigned.get(name)
    return (known.piece, None) if known else unit.scope.origins[name]


def exports(units: Sequence[Unit]) -> Globals:
    """Collect the globals of all files. A second definition is a fault unless one is weak, which gives way."""
    found: Globals = {}
    owners: dict[str, Unit] = {}
    for weak in (False, True):
        for unit in units:
            for name, binding in ({START: "global"} | unit.scope.bindings).items():
                value = meaning(unit, name)
                if value is None or binding == "local" or (binding == "weak") != weak:
                    continue
                if name not in found:
                    found[name], owners[name] = value, unit
                elif weak:
                    # The weak definition gives way in its own file as well.
                    unit.scope.labels.pop(name, None)
                    unit.scope.assigned.pop(name, None)
                else:
                    first = origin(owners[name], name)[0]
                    message = f"{name} is already defined at {first.file}:{first.line}, and both are global"
                    piece, at = origin(unit, name)
                    unit.report(piece, Mistake(message, at))
    return found


def allocate_commons(units: Sequence[Unit], found: Globals) -> None:
    """Place each common symbol that no file defines in .bss: once for all files, unless it is local."""
    shared: dict[str, tuple[Unit, Common]] = {}
    for unit in units:
        for name, common in unit.scope.commons.items():
            if meaning(unit, name) is not None:
                continue
            if unit.scope.bindings.get(name) == "local":
                unit.scope.labels[name] = allocate(unit, common)
                unit.scope.origins[name] = common.piece, 0
            elif name not in found:
                first, other = shared.get(name, (unit, common))
                size, alignment = max(common.size, other.size), max(common.alignment, other.alignment)
                shared[name] = first, Common(size, alignment, other.piece)
    for name, (unit, common) in shared.items():
        found[name] = unit.scope.labels[name] = allocate(unit, common)
        unit.scope.origins[name] = common.piece, 0


def allocate(unit: Unit, common: Common) -> Place:
    """Reserve room in a file's .bss."""
    section = unit.sections.setdefault("COMMON", Section("COMMON", Kind.BSS))
    section.alignment = max(section.alignment, common.alignment)
    section.offset += -section.offset % common.alignment
    place = Place(section, section.offset)
    try:
        section.skip(common.size, common.piece)
    except Mistake as mistake:
        unit.report(common.piece, mistake)
    return place


def value_of(unit: Unit, found: Meaning) -> int | None:
    """Return the value of a symbol after layout; None if it has none, or lies in no loaded section."""
    if isinstance(found, Place):
        assert isinstance(found.section, Section) and found.section.base is not None
        return None if found.section.kind == Kind.UNLOADED else found.section.base + found.offset
    try:
        value = evaluate(found.expr, unit.scope) if found.expr is not None else None
    except (Mistake, RecursionError):
        return None
    return value if isinstance(value, int) else None


def is_address(found: Meaning) -> bool:
    """Does this name stand for an address rather than a plain number?"""
    return isinstance(found, Place) or isinstance(found.expr, Place)
