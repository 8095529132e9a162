"""Readers of the items of a description that define causes, handlers and interrupts."""

from __future__ import annotations

from collections.abc import Iterable

from lark import Token, Tree

from ring1.isa import places
from ring1.isa.elaborate import Node, Unit, flexible, integer, literal, parameter_names
from ring1.isa.model import WORD, Cause, Handler, Interrupts
from ring1.isa.names import Names
from ring1.isa.traps import effects_before_traps

NONE = frozenset[str]()
RAM = frozenset(("phys", "fetched"))
BETWEEN = places.INSTRUCTION | places.ACCESS
HANDLERS = {
    "trap": ("to take a trap cannot need", places.ENTRY, NONE),
    "exit": ("to exit cannot need", places.ENTRY, NONE),
    "absent": ("on absent cannot need", BETWEEN, NONE),
    "reset": ("what happens at reset cannot need", places.START, places.MOMENTARY),
}
"""What handlers of events must not do."""


def cause(names: Names, unit: Unit, item: Tree[Token]) -> None:
    """Read a cause of traps."""
    name, number, text = item.children
    if any(c.number == integer(number) and c.name != name for c in names.causes.values()):
        unit.fault(item, f"cause {integer(number)} is taken")
    if integer(number) >> WORD:
        unit.fault(item, f"a cause has {WORD} bits")
    names.causes[str(name)] = Cause(str(name), integer(number), literal(text))


def handler(names: Names, unit: Unit, item: Tree[Token]) -> tuple[str, Handler]:
    """Read an event and the body that the machine executes for it."""
    event_tree, kind, listed, unless, when, block = item.children
    assert isinstance(event_tree, Tree)
    event = str(event_tree.children[0])
    parameters = tuple(parameter_names(unit, listed))
    if kind is not None and event != "absent":
        unit.fault(kind, f"on {event} has no kinds of access")
    wanted = {"trap": 2, "exit": 2, "absent": 1}.get(event, 0)
    if len(parameters) != wanted:
        raise names.scope(unit).fail(item, f"on {event} takes {wanted} parameters")
    for parameter in listed.children if isinstance(listed, Tree) else ():
        names.scope(unit).fresh(parameter)
    scope = names.scope(unit, (), dict.fromkeys(parameters, WORD))
    condition = scope.expr(unless, 1) if unless is not None else None
    exits = scope.expr(when, 1) if when is not None else None
    made = Handler(parameters, scope.body(block), condition, exits)
    if (event == "exit") != (exits is not None):
        unit.fault(item, f"on {event} has {'a' if event == 'exit' else 'no'} condition `when`")
    if unless is not None and condition is not None:
        if event != "trap":
            unit.fault(unless, f"on {event} always happens: only a trap can go unhandled")
        places.refuse(
            unit, unless, "whether a trap is handled cannot depend on", names.controls, BETWEEN, NONE, condition
        )
    if when is not None and exits is not None:
        places.refuse(unit, when, "whether a trap is an exit cannot depend on", names.controls, BETWEEN, RAM, exits)
    if event in HANDLERS:
        what, banned, calls = HANDLERS[event]
        places.refuse(unit, item, what, names.controls, banned, calls, *made.body)
    if effects_before_traps(made.body):
        unit.fault(item, f"on {event} can trap after it has changed something")
    return event if kind is None else f"{event} {kind}", made


def settings(names: Names, unit: Unit, item: Tree[Token], rows: Iterable[Node], *keys: str) -> dict[str, Node]:
    """Read the expressions of `KEY expr;` rows; each of `keys` must occur exactly once."""
    found: dict[str, Node] = {}
    for row in rows:
        if isinstance(row, Tree) and row.data == "setting":
            key = str(row.children[0])
            if key in found or key not in keys:
                unit.fault(row, f"{key} is given twice" if key in found else f"{key} is nothing here")
            found[key] = row.children[1]
    missing = [key for key in keys if key not in found and key not in ("accessed", "dirty")]
    if missing:
        raise names.scope(unit).fail(item, f"missing: {', '.join(missing)}")
    return found


def order(unit: Unit, item: Tree[Token]) -> tuple[int, ...]:
    """Read the lines that come first."""
    rows = [row for row in item.children if isinstance(row, Tree) and row.data == "priority"]
    for row in rows[1:]:
        unit.fault(row, "order is given twice")
    lines = rows[0].children if rows else []
    for n, line in enumerate(lines):
        if integer(line) >= WORD:
            unit.fault(line, f"lines are numbered 0 to {WORD - 1}")
        elif any(integer(line) == integer(other) for other in lines[:n]):
            unit.fault(line, f"line {integer(line)} is there already")
    return tuple(map(integer, lines))


def interrupts(names: Names, unit: Unit, item: Tree[Token]) -> Interrupts:
    """Read when interrupts are taken, and which."""
    found = settings(names, unit, item, item.children, "enable", "pending", "cause", "value")
    scope, taken = names.scope(unit), names.scope(unit, (), {"line": WORD})
    enable = scope.expr(found["enable"], 1 if flexible(found["enable"]) else None)
    if enable.width not in (1, WORD):
        unit.fault(
            found["enable"], f"this is {enable.width} bits wide, 1 is wanted here, or {WORD} for a mask of lines"
        )
    made = Interrupts(
        enable,
        scope.expr(found["pending"], WORD),
        taken.expr(found["cause"], WORD),
        taken.expr(found["value"], WORD),
        order(unit, item),
    )
    watched = "interrupts cannot depend on"
    for key, e in (("enable", made.enable), ("pending", made.pending)):
        places.refuse(unit, found[key], watched, names.controls, places.STEADY, places.MOMENTARY, e)
    for key, e in (("cause", made.cause), ("value", made.value)):
        places.refuse(
            unit, found[key], "what an interrupt reports cannot depend on", names.controls, places.TAKEN, NONE, e
        )
    return made
