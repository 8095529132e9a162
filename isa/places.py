"""What may stand in which part of a description: not everything that can be said means something everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa import semantics as s
from ring1.isa.elaborate import Node, Unit
from ring1.isa.model import WORD, Control

INSTRUCTION = {s.Word: "the instruction word"}
"""What there is only where an instruction is executed, or is undefined."""
PLACE = INSTRUCTION | {s.Pc: "pc"}
ACCESS: dict[type[s.Node], str] = {s.Load: "memory", s.Store: "memory", s.Port: "a port"}
REGISTER: dict[type[s.Node], str] = {s.Register: "a register"}
TRAP: dict[type[s.Node], str] = {s.Raise: "a trap", s.Wait: "a wait"}

COMPUTED = PLACE | ACCESS
"""What the bits of a control register cannot be computed from."""
STEADY = COMPUTED | REGISTER
"""What nobody watches who waits for interrupts, or has translated an address."""
TAKEN = COMPUTED
"""What the cause of an interrupt cannot be made of: it comes between two instructions."""
ENTRY = INSTRUCTION | TRAP | {s.Load: "memory", s.Store: "memory"}
"""What taking a trap cannot do: it would trap again."""
START = PLACE | TRAP | {s.Load: "memory", s.Store: "memory"}
"""What there is not at reset."""
MOMENTARY = frozenset(("time", "physical"))
"""Primitives whose value changes while nobody looks; `reached` says when it will."""
ADDRESSING = MOMENTARY | {"reached", "line"}
"""Those that the meaning of an address cannot depend on."""


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
    """Note a fault at `at` if the nodes have something that is banned there, in the computed bits that they name as
    well."""
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
