"""The control registers that parts of a description depend on, directly or through computed bits."""

from __future__ import annotations

from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.model import WORD, Isa


def watched_bits(isa: Isa) -> dict[str, int]:
    """Return the control bits that interrupts, the processor mode and paging depend on: register -> mask."""
    roots: list[s.Expr] = []
    if isa.interrupts:
        roots += [isa.interrupts.enable, isa.interrupts.pending]
    for p in (isa.paging, isa.nested):
        roots += [p.when, p.root, *p.rights] if p else []
    masks = control_bits(isa, *roots)
    if isa.mode:
        masks[isa.mode.control] = masks.get(isa.mode.control, 0) | isa.mode.bits.mask
    return masks


def control_bits(isa: Isa, *nodes: s.Node) -> dict[str, int]:
    """Return control registers -> mask of the stored bits that the nodes depend on, for a computed bit those that it is
    computed from."""
    masks: dict[str, int] = {}
    queue, computed = list(nodes), set[tuple[str, str]]()
    while queue:
        node = queue.pop()
        match node:
            case s.Slice(_, s.Control(_, name), hi, lo):
                mask = (1 << hi + 1) - (1 << lo)
            case s.Control(_, name):
                mask = ones(WORD)
            case _:
                queue += s.children(node)
                continue
        control = isa.controls[name]
        if control.stored & mask:
            masks[name] = masks.get(name, 0) | control.stored & mask
        for f in control.fields:
            if f.source is not None and f.mask & mask and (name, f.name) not in computed:
                computed.add((name, f.name))
                queue.append(f.source)
    return masks


def controls_read(isa: Isa, *nodes: s.Node) -> set[str]:
    """Return the names of the control registers that the nodes read, directly or through computed bits."""
    found: set[str] = set()
    queue = list(nodes)
    while queue:
        for node in s.walk(queue.pop()):
            if isinstance(node, s.Control) and node.name not in found:
                found.add(node.name)
                queue += [f.source for f in isa.controls[node.name].fields if f.source is not None]
    return found
