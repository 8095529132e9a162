"""Checks of a description beyond its grammar, names and widths."""

from __future__ import annotations

import re
from itertools import combinations

from lark import Token, Tree

from ring1.isa import semantics as s
from ring1.isa.elaborate import Unit
from ring1.isa.model import Instruction, Isa, Operand, Part
from ring1.isa.names import Names
from ring1.isa.source import Fault
from ring1.isa.traps import effects_before_traps


def placeholders(syntax: str) -> list[str]:
    """Return the operands named in a syntax, in order."""
    return re.findall(r"\{(\w+)\}", syntax)


def operands(unit: Unit, item: Tree[Token], parts: tuple[Part, ...], syntax: str, names: Names) -> tuple[Operand, ...]:
    """Return the operands of a format in the order of its syntax. Faults are noted where encoding and syntax
    disagree."""
    width, known = sum(part.width for part in parts), names.operands
    lengths = [8 * size for size in sorted(set(names.words.table.values()))]
    if width not in lengths:
        wanted = " or ".join(map(str, lengths))
        unit.fault(item, f"the parts of this format have {width} bits together, not {wanted}")
    covered: dict[str, int] = {}
    for part in parts:
        if part.operand:
            bits = (1 << (part.hi + 1)) - (1 << part.lo)
            if covered.get(part.operand, 0) & bits:
                unit.fault(item, f"bits of {part.operand} are encoded twice")
            covered[part.operand] = covered.get(part.operand, 0) | bits
    named = placeholders(syntax)
    for name, bits in covered.items():
        operand = known[name]
        missing = ((1 << operand.width) - 1) & ~bits
        # A number may omit its low bits: they are 0, and the operand is aligned.
        if missing and (operand.kind in ("register", "control") or missing & (missing + 1)):
            unit.fault(item, f"not all bits of {name} are encoded")
        if name not in named:
            unit.fault(item, f"{name} is encoded, but not in the syntax")
    for name in named:
        if name not in covered:
            unit.fault(item, f"{name} is in the syntax, but not encoded")
        elif named.count(name) > 1:
            unit.fault(item, f"{name} is twice in the syntax")
    return tuple(known[name] for name in dict.fromkeys(named) if name in covered)


def faults(isa: Isa) -> list[Fault]:
    """Return the faults of a machine as a whole."""
    found: list[Fault] = []
    for a, b in combinations(isa.instructions.values(), 2):
        if a.overlaps(b) and not (a.refines(b) or b.refines(a)):
            late = max(a, b, key=lambda insn: insn.position.line)
            early = a if late is b else b
            found.append(Fault(late.position, f"the encodings of {early.name} and {late.name} overlap{same(a, b)}"))
    found += misfits(isa)
    for insn in isa.instructions.values():
        if effects_before_traps(insn.body):
            found.append(Fault(insn.position, f"{insn.name} can trap after it has changed something"))
        found += missing_handlers(isa, insn)
    for name in computed_from_themselves(isa):
        found.append(Fault(isa.controls[name].position, f"{name} is computed from itself"))
    for alias in isa.aliases:
        names = {a.name for a in isa.aliases} | set(isa.instructions)
        for line in alias.expansion:
            words = line.split()
            if not words or words[0] not in names:
                found.append(Fault(alias.position, f"there is no instruction in {line!r}"))
            for name in placeholders(line):
                if name not in placeholders(alias.syntax):
                    found.append(Fault(alias.position, f"{{{name}}} is not in the syntax {alias.syntax!r}"))
    return found


def misfits(isa: Isa) -> list[Fault]:
    """Return the faults of instructions whose words say another length than they have."""
    words, found = isa.words, []
    for insn in isa.instructions.values():
        if insn.size not in words.table.values():
            continue  # its format is at fault
        if words.asked & ~insn.mask:
            found.append(Fault(insn.position, f"not all bits that say how long {insn.name} is are constant"))
        elif words.size(insn.match) != insn.size:
            says = 8 * words.size(insn.match)
            found.append(Fault(insn.position, f"{insn.name} has {8 * insn.size} bits, and its word says {says}"))
    return found


def same(a: Instruction, b: Instruction) -> str:
    """Say what two overlapping encodings lack for one of them to win."""
    return "" if a.mask == b.mask else ", and neither is the more specific one"


def computed_from_themselves(isa: Isa) -> list[str]:
    """Return the control registers with bits that are computed from themselves."""
    named = {
        name: {n.name for f in c.fields if f.source is not None for n in s.walk(f.source) if isinstance(n, s.Control)}
        for name, c in isa.controls.items()
    }
    found = []
    for name in named:
        reached, queue = set[str](), list(named[name])
        while queue:
            other = queue.pop()
            if other not in reached:
                reached.add(other)
                queue += named[other]
        if name in reached:
            found.append(name)
    return found


def missing_handlers(isa: Isa, insn: Instruction) -> list[Fault]:
    if isa.trap is None and any(isinstance(n, s.Raise) for n in s.walk(*insn.body)):
        return [Fault(insn.position, f"{insn.name} traps, but there is no `on trap`")]
    return []
