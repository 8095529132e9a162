"""Instruction selection: the instructions that a mnemonic with its operands stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ring1.isa.asm.expressions import word
from ring1.isa.asm.forms import Condition, Form, Forms, IndexedSlot, Pattern, Slot
from ring1.isa.asm.lines import Mistake
from ring1.isa.asm.nodes import Expr, Group, Here, Hole, Modified, Near, Symbol, substitute
from ring1.isa.asm.trees import NO_EXPR, Gap, Indexed, Operand, Tag, Text, Tree
from ring1.isa.model import Instruction

MOST_DEPTH = 8
"""The deepest nesting of aliases that expand to aliases."""

Known = Callable[[Expr], int]
"""Evaluates an expression at this place in the source. Raises Mistake if it has no value yet."""


class Misfit(Mistake):
    """Operands fit no form of their mnemonic; isa/asm/misfit.py explains why."""

    def __init__(self, mnemonic: str, operands: Sequence[Operand]) -> None:
        self.mnemonic, self.operands = mnemonic, operands
        super().__init__(f"{mnemonic} has no such operands")


@dataclass(slots=True)
class Choice:
    """An instruction and its operands: numbers of registers and control registers, expressions."""

    instruction: Instruction
    values: dict[str, Expr]
    places: dict[str, int]
    """Offset in the statement at which each operand begins."""


def choose(forms: Forms, mnemonic: str, operands: Sequence[Operand], known: Known, depth: int = 0) -> list[Choice]:
    """Return the instructions of a statement, by the first form that its operands fit and whose condition holds.

    Raises Misfit if there is none, and Mistake for errors in the description itself.
    """
    for form in forms.of(mnemonic):
        found = Match(forms)
        if found.all(form, operands) is not None:
            continue
        if form.condition is not None and not applies(form.condition, found, known):
            continue
        if form.instruction is not None:
            return [Choice(form.instruction, found.values | found.numbers, found.places)]
        if depth == MOST_DEPTH:
            raise Mistake(f"the description expands {mnemonic} without end")
        made: list[Choice] = []
        for name, template in form.expansion:
            made += choose(forms, name, [fill(t, found) for t in template], known, depth + 1)
        return made
    raise Misfit(mnemonic, operands)


@dataclass(slots=True)
class Match:
    """What has been matched to the slots of a form, and where it stands in the statement."""

    forms: Forms
    values: dict[str, Expr] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Numbers of the registers and control registers among the values."""
    places: dict[str, int] = field(default_factory=dict)

    def all(self, form: Form, operands: Sequence[Operand]) -> int | None:
        """Fill the slots of a form. Returns None, or the index of the first operand that does not fit."""
        if len(form.patterns) != len(operands):
            return min(len(form.patterns), len(operands))
        for n, operand in enumerate(operands):
            if not self.one(form.patterns[n], operand):
                return n
        return None

    def one(self, pattern: Pattern, operand: Operand) -> bool:
        form, at = operand.form, operand.at
        if isinstance(pattern, Slot):
            return self.slot(pattern, form, at)
        if isinstance(pattern, IndexedSlot):
            if isinstance(form, Indexed):
                return self.slot(pattern.offset, form.offset, at) and self.slot(pattern.base, form.base, at)
            # As in GNU as, an offset of zero may be omitted.
            return isinstance(form, Group) and self.slot(pattern.offset, 0, at) and self.slot(pattern.base, form.a, at)
        if isinstance(form, Indexed) and form.offset == 0:
            return self.slot(pattern.base, form.base, at)
        return isinstance(form, Group) and self.slot(pattern.base, form.a, at)

    def slot(self, slot: Slot, form: Tree, at: int) -> bool:
        if slot.kind == "value":
            if isinstance(form, NO_EXPR):
                return False
            letters = slot.operand.letters if slot.operand else ""
            if letters and isinstance(form, Symbol) and (bits := bits_of(form.name, letters)):
                form = bits
            self.values[slot.name] = form
            self.places[slot.name] = at
            return True
        if isinstance(form, int) and slot.kind == "control" and slot.operand and 0 <= form < 1 << slot.operand.width:
            self.values[slot.name] = self.numbers[slot.name] = form
            self.places[slot.name] = at
            return True
        if not isinstance(form, Symbol):
            return False
        if slot.kind == "literal":
            return form.name == slot.name
        number = (self.forms.registers if slot.kind == "register" else self.forms.controls).get(form.name)
        if number is None:
            return False
        self.values[slot.name] = form
        self.numbers[slot.name] = number
        self.places[slot.name] = form.at
        return True


def bits_of(name: str, letters: str) -> int:
    """Return the bits that a name's letters stand for, of which the first letter is the highest; 0 if it is no such
    name."""
    bits = [1 << len(letters) - 1 - letters.find(letter) for letter in name if letter in letters]
    return sum(bits) if len(bits) == len(name) and bits == sorted({*bits}, reverse=True) else 0


def applies(condition: Condition, found: Match, known: Known) -> bool:
    """Does an alias's condition hold? It does not if a value that it needs is not yet known or does not fit in a
    word."""
    words = []
    for slot in condition.slots:
        try:
            number = found.numbers.get(slot.name)
            needed = number is None and slot.name in condition.used
            words.append(word(known(found.values[slot.name]), None) if needed else number or 0)
        except Mistake:
            return False
    return bool(condition.holds(*words))


def fill(template: Operand, found: Match) -> Operand:
    """Fill the holes in an operand of an alias's expansion. The result has the position of the first operand filled
    in."""
    places: list[int] = []

    def leaf(e: Symbol | Here | Near | Hole | Modified) -> Expr:
        if not isinstance(e, Hole):
            return e
        places.append(found.places[e.name])
        return found.values[e.name]

    def filled(e: Expr) -> Expr:
        made = substitute(e, leaf)
        if isinstance(e, Modified) and isinstance(made, Modified) and places:
            made.at = places[0]  # the template's own offset means nothing here
        return made

    form = template.form
    if isinstance(form, Indexed):
        made: Tree = Indexed(filled(form.offset), filled(form.base))
    else:
        assert not isinstance(form, Text | Tag | Gap)
        made = filled(form)
    return Operand(made, places[0] if places else template.at)
