"""Readers of the items of a description that define registers, control registers and modes."""

from __future__ import annotations

from collections.abc import Iterable

from lark import Token, Tree

from ring1.isa import places
from ring1.isa import semantics as s
from ring1.isa.elaborate import Node, Unit, integer, literal
from ring1.isa.model import WORD, Bits, Control, Handler, Mode
from ring1.isa.names import Names
from ring1.isa.record import replace

NONE = frozenset[str]()


def registers(unit: Unit, item: Tree[Token]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], dict[int, int]]:
    """Read the register file: its names, all names of each register, and the hardwired registers -> their values."""
    called, count, *rows = item.children
    assert isinstance(called, Tree)
    files = tuple(str(name) for name in called.children)
    names: list[tuple[str, ...]] = []
    hardwired = {}
    for row in rows:
        assert isinstance(row, Tree)
        if row.children[-1] is not None:
            value = hardwired[len(names)] = integer(row.children[-1])
            if value >> WORD:
                unit.fault(row, f"a register has {WORD} bits")
        names.append(tuple(str(n) for n in row.children[:-1]))
    if len(names) != integer(count):
        unit.fault(count, f"{integer(count)} registers announced, {len(names)} named")
    if len(names) & (len(names) - 1):
        unit.fault(count, "the number of registers must be a power of two")
    # A register may be listed under its own number: the name is redundant but harmless.
    flat = [n for row_names in names for n in row_names]
    flat += [f"{file}{n}" for file in files for n, known in enumerate(names) if f"{file}{n}" not in known]
    for repeated in sorted({n for n in flat if flat.count(n) > 1}):
        unit.fault(item, f"two registers are called {repeated}")
    return files, tuple(names), hardwired


def declare_control(names: Names, unit: Unit, item: Tree[Token]) -> None:
    """Declare a control register by name."""
    name = str(item.children[0])
    fields = (Bits(name, WORD - 1, 0),)
    names.controls[name] = Control(name, None, fields, False, 0, "", unit.position(item))


def control(names: Names, unit: Unit, item: Tree[Token]) -> None:
    """Read a control register; all have been declared before."""
    name_token, number, readonly, resets, text, form, *_ = item.children
    name = str(name_token)
    fields: tuple[Bits, ...] = (Bits(name, WORD - 1, 0),)
    if isinstance(form, Tree) and form.data == "computed":
        source = names.scope(unit).expr(form.children[0], WORD)
        fields = (Bits(name, WORD - 1, 0, source),)
        computed(names, unit, form.children[0], source)
    elif isinstance(form, Tree) and form.data == "fields":
        fields = bits(names, unit, form.children, WORD)
    at = integer(number.children[0]) if isinstance(number, Tree) else None
    reset = integer(resets.children[0]) if isinstance(resets, Tree) else 0
    if name in names.registers:
        unit.fault(name_token, f"{name} is a register")
    has = sum(f.mask for f in fields if f.source is None)
    if reset & ~has:
        unit.fault(resets or item, f"{name} has no bits {reset & ~has:#x} to be set at reset")
    if at is not None and any(c.number == at for c in names.controls.values() if c.name != name):
        unit.fault(item, f"control register number {at} is taken")
    names.controls[name] = Control(name, at, fields, readonly is not None, reset, literal(text), unit.position(item))


def setter(names: Names, unit: Unit, item: Tree[Token]) -> None:
    """Read what a write to a control register does, if that is said; all control registers have been read."""
    control, given = names.controls[str(item.children[0])], next(item.find_data("set"), None)
    if given is None or control.position != unit.position(item):
        return
    parameter, block = given.children
    if control.number is None:
        unit.fault(given, f"{control.name} has no number by which it could be written")
    if control.readonly:
        unit.fault(given, f"{control.name} is read-only")
    body = names.scope(unit, (), {names.scope(unit).fresh(parameter): WORD}).body(block)
    places.refuse(unit, given, "a write to a control register cannot need", names.controls, places.WRITE, NONE, *body)
    names.controls[control.name] = replace(control, setter=Handler((str(parameter),), body))


def bits(names: Names, unit: Unit, rows: Iterable[Node], width: int) -> tuple[Bits, ...]:
    """Read the bit fields of a word of some width."""
    made: list[Bits] = []
    for row in rows:
        assert isinstance(row, Tree)
        name, hi_, lo_, source = row.children
        hi = integer(hi_)
        lo = integer(lo_) if lo_ is not None else hi
        if any(b.name == name for b in made):
            unit.fault(row, f"{name} is described twice")
        elif not width > hi >= lo:
            unit.fault(row, f"bits {hi}:{lo} of {width}")
        elif any(b.lo <= hi and lo <= b.hi for b in made):
            unit.fault(row, f"{name} overlaps another field")
        else:
            # The field is declared before its expression is read, which may name fields.
            value = names.scope(unit).expr(source, hi - lo + 1) if source is not None else None
            if source is not None and value is not None:
                computed(names, unit, source, value)
            made.append(Bits(str(name), hi, lo, value))
    return tuple(made)


def computed(names: Names, unit: Unit, at: Node, source: s.Expr) -> None:
    """Note a fault if bits of a control register cannot be computed by `source`."""
    places.refuse(
        unit,
        at,
        "the bits of a control register cannot be computed from",
        names.controls,
        places.COMPUTED,
        frozenset(("physical", "phys", "fetched")),
        source,
    )


def mode(names: Names, unit: Unit, item: Tree[Token]) -> Mode:
    """Read where the processor mode is kept."""
    control, name, supervisor, user = item.children
    if control not in names.controls:
        raise names.scope(unit).fail(control, f"{control} is not a control register")
    made = Mode(str(control), names.scope(unit).bits(str(control), name), integer(supervisor), integer(user))
    if made.bits.mask & ~names.controls[str(control)].stored:
        unit.fault(name, f"the processor mode must be stored, and {control}.{name} is computed")
    if integer(supervisor) == integer(user):
        unit.fault(user, "the supervisor's mode and the user's are different ones")
    for number in (supervisor, user):
        if integer(number) >= made.count:
            unit.fault(number, f"{control}.{name} has only {made.count} values")
    return made
