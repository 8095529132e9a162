"""Shapes of instructions: what writers of programs need to know of each, namely its kind, the operands that it reads
and writes, and what can be made with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ring1.dbt.machine.state import ONES
from ring1.isa import semantics as s
from ring1.isa.codec import alignment
from ring1.isa.effects import Effects, effects
from ring1.isa.model import WORD, Instruction, Isa, Operand
from ring1.isa.record import Record


class Shape(Record):
    """An instruction with the roles of its operands. kind: "compute", "access", "branch", "jump" (by a distance),
    "indirect" (to a register), "trap" (always), "port", or "system", which is every other sensitive one."""

    insn: Instruction
    kind: str
    effects: Effects
    reads: tuple[str, ...]
    """Register operands that are read ..."""
    writes: tuple[str, ...]
    """... and written."""
    base: str | None
    """The register operand of a memory address, of a port or of a jump's target ..."""
    offset: str | None
    """... and the immediate operand that is added to it."""
    size: int
    """Bytes of the access."""
    control: str | None
    """The operand that names a control register to be written."""

    def filled(self, values: Mapping[str, int]) -> Mapping[str, int]:
        """Return values of all operands, 0 for those not given: a body need not read every operand that is encoded."""
        return {operand.name: 0 for operand in self.insn.operands} | dict(values)

    @property
    def relative(self) -> str | None:
        """The operand that is a distance, written as a target address."""
        return next((o.name for o in self.insn.operands if o.relative), None)


class Affine(Record):
    """An instruction that computes base + (immediate << shift) or, if it has a `source`, adds that to it."""

    form: Shape
    immediate: Operand
    target: str
    source: str | None
    fixed: Mapping[str, int]
    """Operands with fixed values."""
    base: int
    shift: int

    def solve(self, value: int) -> int | None:
        """Return the immediate that gives a value; None if there is none."""
        distance = value - self.base & ONES
        if distance & (1 << self.shift) - 1:
            return None
        for found in (distance >> self.shift, (distance - (1 << WORD)) >> self.shift):
            if fits(self.form.insn, self.immediate, found):
                return found
        return None


class Move(Record):
    """An instruction that moves between a general register, its operand `register`, and a certain control register."""

    form: Shape
    register: str
    fixed: Mapping[str, int]


def fits(insn: Instruction, operand: Operand, value: int) -> bool:
    """Can the encoding hold the value?"""
    low, high = span(operand)
    return low <= value <= high and not value % alignment(insn, operand)


def span(operand: Operand) -> tuple[int, int]:
    """Return the least and the greatest value of an operand."""
    if operand.kind == "signed":
        return -1 << operand.width - 1, (1 << operand.width - 1) - 1
    return 0, (1 << operand.width) - 1


def classified(isa: Isa, insn: Instruction) -> Shape:
    """Return the shape of an instruction."""
    found, nodes = effects(isa, insn.body), s.walk(*insn.body)
    addresses: list[s.Node] = [n.address for n in nodes if isinstance(n, s.Load | s.Store)]
    addresses += [n.port for n in nodes if isinstance(n, s.Port | s.Out)]
    lets = {n.name: n.value for n in nodes if isinstance(n, s.Let)}
    targets = [lets.get(n.value.name, n.value) if isinstance(n.value, s.Local) else n.value
               for n in nodes if isinstance(n, s.SetPc)]  # fmt: skip
    within = s.walk(*(addresses or targets))
    names = [n.index for n in within if isinstance(n, s.Register) and isinstance(n.index, str)]
    offsets = [n.name for n in within if isinstance(n, s.Operand)]
    sizes = [n.size for n in nodes if isinstance(n, s.Load | s.Store)]
    return Shape(
        insn,
        kind(found, insn),
        found,
        tuple(dict.fromkeys(n.index for n in nodes if isinstance(n, s.Register) and isinstance(n.index, str))),
        tuple(dict.fromkeys(n.index for n in nodes if isinstance(n, s.SetRegister) and isinstance(n.index, str))),
        names[0] if names else None,
        offsets[0] if offsets and names else None,
        max(sizes, default=0),
        next(
            (n.control.operand for n in nodes if isinstance(n, s.SetControl) and isinstance(n.control, s.ControlFile)),
            None,
        ),
    )


def always_traps(body: s.Body) -> bool:
    """Do all ways through a body end in a trap?"""
    match body[-1] if body else None:
        case s.Raise():
            return True
        case s.If(_, then, otherwise):
            return always_traps(then) and always_traps(otherwise)
    return False


def kind(found: Effects, insn: Instruction) -> str:
    if found.ports:
        return "port"
    if always_traps(insn.body):
        return "trap"
    only_accesses = not (found.files or found.jumps or found.waits or found.flushes or found.calls)
    if (found.loads or found.stores) and only_accesses:
        return "access"
    if found.sensitive:
        return "system"
    if found.jumps:
        if not any(isinstance(stmt, s.SetPc) for stmt in insn.body):
            return "branch"
        return "jump" if any(o.relative for o in insn.operands) else "indirect"
    return "access" if found.loads or found.stores else "compute"


class Operator(NamedTuple):
    """An instruction that is one operator, and the names of its operands."""

    form: Shape
    a: str
    b: str


@lru_cache(16)
def operators(forms: tuple[Shape, ...]) -> dict[tuple[str, bool], Operator]:
    """Return (operator, whether its second operand is an immediate) -> the instruction that is no more than that."""
    found = {}
    for form in forms:
        match form.insn.body:
            case (s.SetRegister(str(), s.Binary() as binary),) | (
                s.SetRegister(str(), s.Extend(_, s.Binary() as binary)),
            ):
                match binary:
                    case s.Binary(_, op, s.Register(_, str(a)), s.Operand(_, b)):
                        found[op, True] = Operator(form, a, b)
                    case s.Binary(_, op, s.Register(_, str(a)), s.Register(_, str(b))):
                        found[op, False] = Operator(form, a, b)
    return found
