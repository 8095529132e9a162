"""Hints: values that an instruction is likely to treat specially, from the constants of its body."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from ring1.isa import semantics as s
from ring1.isa.codec import OperandError, encode
from ring1.isa.model import WORD, Instruction, Isa
from ring1.isa.simplify import Facts, implied
from ring1.isa.specialize import Specialization

ONES = (1 << WORD) - 1
COMPARED = ("==", "!=", "<u", "<s", "<=u", "<=s")


class Hints(NamedTuple):
    registers: tuple[int, ...]
    """Values for general registers."""
    memory: tuple[int, ...]
    """Values for words of memory."""
    fields: tuple[tuple[int, int], ...]
    """Masks of Situation.words, and values for these bits."""
    operands: tuple[int, ...]
    """Values for immediates, as signed words."""


def hints(isa: Isa, insn: Instruction) -> Hints:
    """Collect the hints of one instruction."""
    # Without a known mode, computed bits of control registers are expanded.
    body = Specialization(isa, None).body(insn.body)
    registers: set[int] = set()
    fields: set[tuple[int, int]] = set()
    operands: set[int] = set()
    memory: set[int] = set()
    exact: list[int] = []
    """Values that registers are compared with, which become half of those tried."""
    nodes = s.walk(*body)
    lets = {node.name: node.value for node in nodes if isinstance(node, s.Let)}
    for node in nodes:
        if isinstance(node, s.Expr) and node.width == 1:
            fields |= {together(isa, implied(node, holds)) for holds in (True, False)}
        if isinstance(node, s.Const) and 1 < node.width <= WORD:
            registers |= {node.value, ONES & -node.value, node.value + 1 & ONES}
        if not isinstance(node, s.Binary) or node.op not in COMPARED:
            continue
        for value, other in ((node.a, node.b), (node.b, node.a)):
            if not isinstance(other, s.Const):
                continue
            near = {other.value + step & (1 << other.width) - 1 for step in (-1, 0, 1)}
            for part in s.walk(lets.get(value.name, value) if isinstance(value, s.Local) else value):
                match part:
                    case s.Load(width, _, _, _):
                        memory |= {n << shift & ONES for n in near for shift in range(0, WORD, width)}
                    case s.Slice(_, s.Control(_, name), hi, lo) if name in isa.slots:
                        at, ones = WORD * isa.slots[name] + lo, (1 << hi - lo + 1) - 1
                        fields |= {(ones << at, 0), (ones << at, ones << at)}
            exact += [other.value] if s.has(frozenset((s.Register,)), value) else []
            match value:
                case s.Slice(_, s.Control(_, name), hi, lo) if name in isa.slots:
                    at = WORD * isa.slots[name] + lo
                    fields |= {((1 << hi - lo + 1) - 1 << at, n << at) for n in near}
                case s.Slice(_, _, _, lo):
                    registers |= {n << lo & ONES for n in near}
                case s.Operand() | s.Extend(_, s.Operand(), _):
                    operands |= near
    values = sorted(registers) + exact * (len(registers) // max(1, len(exact)))
    return Hints(tuple(values), tuple(sorted(memory)), tuple(sorted(fields - {(0, 0)})), tuple(sorted(operands)))


def together(isa: Isa, facts: Facts) -> tuple[int, int]:
    """Return the mask of Situation.words, and the values there that satisfy all that a test requires of control
    registers."""
    mask = words = 0
    for known, value in facts.items():
        assert isinstance(known, s.Slice) and isinstance(known.a, s.Control)
        at = WORD * isa.slots[known.a.name] + known.lo
        mask |= (1 << known.width) - 1 << at
        words |= value.value << at
    return mask, words


def word_with(rng: Random, insn: Instruction, word: int, values: dict[str, int], hinted: tuple[int, ...]) -> int:
    """Return the word with one immediate replaced by one of these values, if that can be encoded."""
    names = [operand.name for operand in insn.operands if operand.kind in ("signed", "unsigned")]
    if not names or not hinted:
        return word
    name, value = rng.choice(names), rng.choice(hinted)
    width = next(operand.width for operand in insn.operands if operand.name == name)
    for same in (value, value - (1 << width)):
        try:
            return encode(insn, {**values, name: same})
        except OperandError:
            continue
    return word
