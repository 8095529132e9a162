"""What the files of a program make known to each other."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.isa.asm.expressions import evaluate
from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.asm.nodes import Assignment, Place
from ring1.isa.asm.scope import Common
from ring1.isa.asm.sections import Kind, Section
from ring1.isa.asm.unit import Unit

START = "_start"
"""Where the machine begins; global by itself."""

Meaning = Place | Assignment
Globals = dict[str, Meaning]


def meaning(unit: Unit, name: str) -> Meaning | None:
    """What a file itself defines a name to be."""
    return unit.scope.labels.get(name) or unit.scope.assigned.get(name)


def origin(unit: Unit, name: str) -> tuple[Piece, int | None]:
    """The statement that defines a name, and the offset at which it does."""
    known = unit.scope.assigned.get(name)
    return (known.piece, None) if known else unit.scope.origins[name]


def exports(units: Sequence[Unit]) -> Globals:
    """The globals of all files. A second definition is a fault, unless one is weak: the other counts."""
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
                    # It gives way in its own file, too.
                    unit.scope.labels.pop(name, None)
                    unit.scope.assigned.pop(name, None)
                else:
                    first = origin(owners[name], name)[0]
                    message = f"{name} is already defined at {first.file}:{first.line}, and both are global"
                    piece, at = origin(unit, name)
                    unit.report(piece, Mistake(message, at))
    return found


def allocate_commons(units: Sequence[Unit], found: Globals) -> None:
    """Give each symbol of .comm that nobody defines its place in .bss: one for all files, if not local."""
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
    """Room in a file's .bss."""
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
    """The value of a symbol once all is laid out; None if it has none, or is in no loaded section."""
    if isinstance(found, Place):
        assert isinstance(found.section, Section) and found.section.base is not None
        return None if found.section.kind == Kind.UNLOADED else found.section.base + found.offset
    try:
        value = evaluate(found.expr, unit.scope) if found.expr is not None else None
    except (Mistake, RecursionError):
        return None
    return value if isinstance(value, int) else None


def is_address(found: Meaning) -> bool:
    """Is this the name of a place, not of a mere number?"""
    return isinstance(found, Place) or isinstance(found.expr, Place)
