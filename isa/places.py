"""Restrictions on what may occur in which part of a description."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa import semantics as s
from ring1.isa.elaborate import Node, Unit
from ring1.isa.model import WORD, Control

INSTRUCTION = {s.Word: "the instruction word"}
"""Available only where an instruction is executed or is undefined."""
PLACE = INSTRUCTION | {s.Pc: "pc"}
ACCESS: dict[type[s.Node], str] = {s.Load: "memory", s.Store: "memory", s.Port: "a port"}
REGISTER: dict[type[s.Node], str] = {s.Register: "a register"}
TRAP: dict[type[s.Node], str] = {s.Raise: "a trap", s.Wait: "a wait"}

COMPUTED = PLACE | ACCESS
"""Banned in the expressions of computed bits of control registers."""
STEADY = COMPUTED | REGISTER
"""Banned in conditions that are not evaluated continuously: of interrupts, and of address translation."""
TAKEN = COMPUTED
"""Banned in the cause of an interrupt, which is taken between two instructions."""
ENTRY = INSTRUCTION | TRAP | {s.Load: "memory", s.Store: "memory"}
"""Banned in taking a trap, which would trap again."""
START = PLACE | TRAP | {s.Load: "memory", s.Store: "memory"}
"""Banned at reset."""
WRITE = (
    PLACE | ACCESS | REGISTER | TRAP | {s.SetRegister: "a register", s.SetPc: "pc", s.Out: "a port", s.Flush: "a flush"}
)
"""Banned in what a write to a control register does."""
MOMENTARY = frozenset(("time", "physical", "phys", "fetched"))
"""Primitives whose value changes without notification; for time, `reached` tells when."""
ADDRESSING = MOMENTARY | {"reached", "line"}
"""Primitives that address translation cannot depend on."""


ONES = (1 << WORD) - 1


def refuse(
    unit: Unit,
    at: Node,
    what: str,
    controls: Mapping[str, Control],
    banned: Mapping[type[s.Node], str],
    calls: frozenset[str],
    *nodes: s.Node,
) -> None:
    """Note a fault at `at` if the nodes contain something banned, directly or in the computed bits that they name."""
    queue, seen = list(nodes), dict[str, int]()
    while queue:
        node, mask = queue.pop(), ONES
        match node:
            case s.Slice(_, s.Control() as control, hi, lo):
                node, mask = control, (1 << hi + 1) - (1 << lo)
        name = banned.get(type(node)) or (f"{node.name}()" if isinstance(node, s.Call) and node.name in calls else None)
        if name is not None:
            unit.fault(at, f"{what} {name}")
            return
        if isinstance(node, s.Control):
            mask &= ~seen.get(node.name, 0)
            seen[node.name] = seen.get(node.name, 0) | mask
            queue += [f.source for f in controls[node.name].fields if f.source is not None and f.mask & mask]
        queue += s.children(node)
