"""Ways through an instruction: for each combination of results of the tests in its body, what the word, the registers
and the control bits have to be, and what the addresses of its accesses are computed from. States that chance alone
would take too long to find are drawn from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from ring1.isa import semantics as s
from ring1.isa.codec import OperandError, encode
from ring1.isa.derived import derived
from ring1.isa.known import Known, Range, signed
from ring1.isa.model import WORD, Instruction, Isa
from ring1.isa.outcome import Outcome, Same, beginning, outcomes
from ring1.isa.simplify import folded, rebuilt

ONES = (1 << WORD) - 1
MOST = 24
"""The number of ways of an instruction that are tried at first."""
TRIES = 8
"""The number of values drawn before bounds are given up."""
SLOPES = (1, 2, 4, ONES)
"""By how much an address may change with a register to be solved for: the change for an increment of 1."""


class Access(NamedTuple):
    address: s.Expr
    value: Range | None
    """What has to be read there."""


class Way(NamedTuple):
    word: int
    values: Mapping[str, int]
    """Of its operands."""
    registers: tuple[tuple[int, Range], ...]
    fields: tuple[int, int]
    """A mask of Situation.words, and the values of these bits."""
    accesses: tuple[Access, ...]


class Ways:
    """Enumerates the ways through an instruction: each control register and each pair of operands that it may name, and
    each combination of results of its tests."""

    def __init__(self, isa: Isa, insn: Instruction) -> None:
        self.isa, self.insn = isa, insn
        self.rng = Random(f"ways {insn.name}")
        self.outcomes = [(same, outcome, tests(outcome)) for same, outcome in outcomes(isa, insn, None)]
        self.start = beginning(isa, insn)
        self.tried = 0
        self.found: list[Way] = []

    def first(self, count: int) -> list[Way]:
        """Return the ways among the first `count` combinations; with more combinations tried before, those as well."""
        if any(outcome.events or asked for _, outcome, asked in self.outcomes):
            while self.tried < count:
                way = self.way(self.tried)
                self.found += [way] if way is not None else []
                self.tried += 1
        return self.found

    def way(self, number: int) -> Way | None:
        same, outcome, asked = self.outcomes[number % len(self.outcomes)]
        ends, known = number // len(self.outcomes), self.start
        for test in asked:
            left = known.simplified(test)
            if not isinstance(left, s.Const):
                first, second = known.where(left, bool(holds := ends & 1)), known.where(left, not holds)
                known, ends = first if first.possible else second, ends >> 1
        return taken(self.isa, self.insn, self.rng, same, outcome, known)


def ways(isa: Isa, insn: Instruction, count: int = MOST) -> list[Way]:
    """Return the ways among the first `count` combinations; none for an instruction without tests and accesses."""
    return through(isa, insn.name).first(count)


@derived
def through(isa: Isa, name: str) -> Ways:
    """Return the ways through an instruction, shared by the experiment and the search for programs."""
    return Ways(isa, isa.instructions[name])


def tests(outcome: Outcome) -> list[s.Expr]:
    """Return the conditions that an outcome depends on."""
    values = [value for event in outcome.events for value in (event.guard, *event.values)]
    nodes = s.walk(outcome.trap, *values, *(value for _, value in outcome.finals))
    return list(dict.fromkeys(n for n in nodes if isinstance(n, s.Expr) and atom(n)))


def atom(e: s.Expr) -> bool:
    if isinstance(e, s.Binary):
        return e.width == 1 and e.op not in ("&", "|", "^")
    return e.width == 1 and isinstance(e, s.Slice | s.Control)


def taken(isa: Isa, insn: Instruction, rng: Random, same: Same, outcome: Outcome, known: Known) -> Way | None:
    """Draw a way under these facts; None if no word is found."""
    operands = {o.name: o for o in insn.operands}
    values: dict[str, int] = {}
    for name, operand in operands.items():
        if operand.kind == "register":
            number = known.ranges.get(s.Operand(operand.width, name))
            values[name] = rng.randrange(len(isa.registers)) if number is None else drawn(rng, number)
        elif operand.kind == "control":
            values[name] = rng.choice(list(isa.control_numbers))
        else:
            asked = known.range(s.Operand(operand.width, name))
            low = min(part.lo for part in insn.parts if part.operand == name)
            value = drawn(rng, asked) >> low << low
            values[name] = signed(value, operand.width) if operand.kind == "signed" else value
    for name in values:
        first = same.get(name, name)
        if isinstance(first, str) and first in values:
            values[name] = values[first]
        elif isinstance(first, int):
            values[name] = first
    numbers = {name: values[name] for name, operand in operands.items() if operand.kind == "register"}
    registers = list[tuple[int, Range]]()
    mask = words = 0
    for e, told in known.ranges.items():
        match e:
            case s.Register(_, index):
                registers.append((numbers[index] if isinstance(index, str) else index, told))
            case s.Control(_, name) if name in isa.slots:
                at = WORD * isa.slots[name]
                mask |= told.mask << at
                words |= told.bits << at
    accesses = list[Access]()
    for event in outcome.events:
        if event.kind in (s.Load, s.Store):
            wanted = known.ranges.get(s.Local(8 * event.size, event.result))
            accesses.append(Access(event.values[0], wanted))
    try:
        word = encode(insn, values)
    except OperandError:
        return None
    return Way(word, values, tuple(registers), (mask, words), tuple(accesses))


def drawn(rng: Random, asked: Range) -> int:
    """Draw a value in a range, if one is found soon."""
    ones = (1 << asked.width) - 1
    ends = asked.least, asked.most, asked.least_signed & ones, asked.most_signed & ones
    value = asked.bits
    for _ in range(TRIES):
        value = rng.choice((*ends, *(rng.getrandbits(asked.width) for _ in range(4)))) & ~asked.mask | asked.bits
        if asked.has(value):
            break
    return value


# --- Addresses -----------------------------------------------------------------------------------


def computed(e: s.Expr, way: Way, isa: Isa, registers: Sequence[int], words: int, pc: int) -> int | None:
    """Compute an address in a state; None if it depends on memory."""

    def present(e: s.Expr) -> s.Expr:
        match e:
            case s.Register(_, index):
                return s.Const(WORD, registers[way.values[index] if isinstance(index, str) else index])
            case s.Operand(width, name):
                return s.Const(width, way.values[name] & (1 << width) - 1)
            case s.Control(_, name) if name in isa.slots:
                return s.Const(WORD, words >> WORD * isa.slots[name] & ONES)
            case s.Pc():
                return s.Const(WORD, pc)
        return folded(rebuilt(e, present))

    found = present(e)
    return found.value if isinstance(found, s.Const) else None


def solved(
    made: Callable[[Sequence[int]], int | None], registers: list[int], number: int, target: int
) -> list[int] | None:
    """Return the registers with one of them changed so that an address computed from them becomes `target`; None if no
    change does."""

    def at(value: int) -> int | None:
        return made([*registers[:number], value, *registers[number + 1 :]])

    base, next_ = at(0), at(1)
    if base is None or next_ is None:
        return None
    slope, distance = next_ - base & ONES, target - base & ONES
    guess = target
    if slope in SLOPES:
        guess = -distance & ONES if slope == ONES else distance // slope
    return [*registers[:number], guess, *registers[number + 1 :]] if at(guess) == target else None
