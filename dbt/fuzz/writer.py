"""Writes random programs line by line: every choice is drawn from a random.Random.

hypothesis has such a source as well (strategies.py), and shrinks what was drawn from it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.listing import CONSTANT, DATA, LABEL, ORG, Line
from ring1.dbt.fuzz.moves import Allowance
from ring1.dbt.fuzz.shapes import Move, Shape, operators, span
from ring1.dbt.machine.state import ONES
from ring1.isa.codec import alignment
from ring1.isa.model import Operand

T = TypeVar("T")

EDGES = (0, 1, 2, 3, 4, 5, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
         0x7FFFFFFF, 0x80000000, 0xFFFF8000, 0xFFFFFF80, 0xFFFFFFFE, 0xFFFFFFFF)  # fmt: skip
"""Edge values, at which some instruction behaves differently ..."""
EXTREMES = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""... and those at which most do."""


class Writer:
    """A program being written for a machine."""

    def __init__(self, facts: Facts, random: Random, avoid: frozenset[str] = frozenset(), time: int = 0) -> None:
        """`avoid` are instructions that the program is to do without, if possible; `time` is when it begins."""
        self.facts = facts
        self.random = random
        self.avoid = avoid
        self.time = time
        self.pages_of = facts.isa.mode.user if facts.isa.mode else 0
        """The processor mode for which page tables grant most."""
        self.lines: list[Line] = []
        self.labels = 0
        self.recent = deque[int](maxlen=3)
        """General registers that were drawn recently."""

    # --- Chance ------------------------------------------------------------------------------------

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, least: int, most: int) -> range:
        """Draw a number of repetitions."""
        return range(self.random.randint(least, most))

    def one(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def edge(self) -> int:
        """Draw a word, mostly an edge value."""
        r = self.random
        kind = r.randrange(8)
        if kind < 3:
            return r.choice(EXTREMES)
        if kind < 6:
            return r.choice(EDGES)
        if kind < 7:
            return 1 << r.randrange(32)
        return r.getrandbits(32)

    # --- Lines -------------------------------------------------------------------------------------

    def label(self) -> str:
        """Return a new label."""
        self.labels += 1
        return f"l{self.labels}"

    def place(self, label: str) -> None:
        self.lines.append(Line(LABEL, (label,)))

    def at(self, offset: int) -> int:
        """Return the address of an offset in RAM."""
        return self.facts.base + offset & ONES

    def org(self, offset: int) -> None:
        self.lines.append(Line(ORG, (offset,)))

    def word(self, *words: int | str) -> None:
        self.lines.append(Line(DATA, words))

    def constant(self, register: int, value: int | str) -> None:
        """Load any constant, or the address of a label, into a register."""
        self.lines.append(Line(CONSTANT, (register, value)))

    def put(self, form: Shape, given: Mapping[str, int | str]) -> None:
        """Write an instruction with some operands given, the others drawn."""
        operands = tuple(
            given[operand.name] if operand.name in given else self.operand(form, operand)
            for operand in form.insn.operands
        )
        self.lines.append(Line(form.insn.name, operands))
        if form.relative and form.relative not in given:
            self.place(f"l{self.labels}")

    def operand(self, form: Shape, operand: Operand) -> int | str:
        """Draw a value; a distance leads to the next instruction (see `put`)."""
        r = self.random
        if operand.kind == "register":
            return self.register(self.facts.targets if operand.name in form.writes else self.facts.registers)
        if operand.kind == "control":
            return r.choice(self.facts.numbers)
        if operand.relative:
            return self.label()
        low, high = span(operand)
        near = [n for n in (0, 1, -1, low, high, 0, 1, -1, low, high, 2, 31, low + 1, high - 1) if low <= n <= high]
        value = r.choice(near) if r.random() < 0.7 else r.randint(low, high)
        return value - value % alignment(form.insn, operand)

    def register(self, choices: Sequence[int]) -> int:
        """Draw a general register: often a recent one, so that instructions depend on one another."""
        again = [number for number in self.recent if number in choices] if self.chance(0.4) else ()
        found = self.one(again or choices)
        self.recent.append(found)
        return found

    def pair(self) -> Sequence[int]:
        """Draw two registers, which are the same on a machine that has no other."""
        spare = self.facts.spare
        return self.random.sample(spare, 2) if len(spare) > 1 else spare * 2

    def move(self, move: Move, register: int) -> None:
        """Write a move between a general register and a control register."""
        spare = dict.fromkeys(move.form.reads + move.form.writes, register)
        self.put(move.form, {**spare, **move.fixed, move.register: register})

    def control(self, name: str, value: int | str, by: int) -> None:
        """Write a word to a control register, by way of a general register."""
        self.constant(by, value)
        self.move(self.facts.control_writes[name], by)

    def add(self, register: int, number: int, other: int | None = None) -> None:
        """Add a number to a register, if it is small enough or another register may be used."""
        for add in self.facts.adds:
            immediate = add.solve(number & ONES)
            if immediate is not None:
                assert add.source is not None
                self.put(add.form, {add.target: register, add.source: register, add.immediate.name: immediate})
                return
        found = operators(tuple(self.facts.kinds.get("compute", ()))).get(("+", False))
        if found is not None and other is not None:
            self.constant(other, number)
            self.put(found.form, {found.form.writes[0]: register, found.a: register, found.b: other})

    def allow(self, allowance: Allowance) -> None:
        """Allow interrupts, or forbid them."""
        idle = self.facts.zero
        given = {} if idle is None else dict.fromkeys(allowance.form.writes, idle)
        self.put(allowance.form, {**given, **allowance.given})

    def usable(self, kind: str) -> list[Shape]:
        """Return the instructions of a kind."""
        forms = self.facts.kinds.get(kind, [])
        return [form for form in forms if form.insn.name not in self.avoid] if self.avoid else forms
