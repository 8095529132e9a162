"""What can be written for each mnemonic, from the description: the instruction itself, then its aliases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from isa import semantics
from isa.expressions import Expr, Group, Hole, Symbol, Unsettled, substitute, word
from isa.lines import Mistake, head
from isa.model import Alias, Instruction, Isa
from isa.python import pure_function
from isa.syntax import Syntax
from isa.trees import Indexed, Operand, Tag, Text, Tree

MOST_DEPTH = 8
"""Aliases may expand to aliases, this deep."""
MOST_FORMS = 4
"""Named in a message."""


@dataclass(slots=True)
class Slot:
    """A place for an operand. kind: "register", "control", "value", or "literal" for a word that stands there itself."""

    name: str
    kind: str


@dataclass(slots=True)
class IndexedSlot:
    offset: Slot
    base: Slot


@dataclass(slots=True)
class GroupSlot:
    base: Slot


Pattern = Slot | IndexedSlot | GroupSlot


@dataclass(slots=True)
class Condition:
    """Holds of operands' values as words."""

    names: tuple[str, ...]
    used: frozenset[str]
    holds: Callable[..., int]


@dataclass(slots=True)
class Form:
    """One way to write a mnemonic: an instruction, or the lines that it stands for."""

    patterns: tuple[Pattern, ...]
    syntax: str
    instruction: Instruction | None = None
    condition: Condition | None = None
    expansion: tuple[tuple[str, tuple[Operand, ...]], ...] = ()


@dataclass(slots=True)
class Choice:
    """An instruction with its operands by name: numbers of registers and control registers, expressions."""

    instruction: Instruction
    operands: dict[str, Operand]


Known = Callable[[Expr], int]
"""The value of an expression; raises Mistake if it is not known yet."""


class Forms:
    """The forms of a machine's mnemonics, read when they are first used."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.registers = isa.register_numbers
        self.controls = {c.name: n for n, c in isa.control_numbers.items()}
        self.templates = Syntax(isa.modifiers, templates=True)
        self.aliases: dict[str, list[Alias]] = {}
        for alias in isa.aliases:
            self.aliases.setdefault(alias.name, []).append(alias)
        self.read: dict[str, list[Form]] = {}

    def names(self) -> set[str]:
        """Every mnemonic."""
        return {*self.isa.instructions, *self.aliases}

    def of(self, mnemonic: str) -> list[Form]:
        """The forms of a mnemonic in the order in which they are tried; none if there is no such mnemonic."""
        known = self.read.get(mnemonic)
        if known is None:
            insn = self.isa.instructions.get(mnemonic)
            known = [self.instruction(insn)] if insn else []
            known += [self.alias(alias) for alias in self.aliases.get(mnemonic, ())]
            self.read[mnemonic] = known
        return known

    def instruction(self, insn: Instruction) -> Form:
        return Form(self.patterns(insn.syntax), written(f"{insn.name} {insn.syntax}"), insn)

    def alias(self, alias: Alias) -> Form:
        _, _, syntax = alias.syntax.partition(" ")
        condition = None
        if alias.condition is not None:
            names = [s.name for s in self.slots(syntax)]
            used = {n.name for n in semantics.walk(alias.condition) if isinstance(n, semantics.Local)}
            made = pure_function(names, alias.condition)
            condition = Condition(tuple(names), frozenset(used), made)
        lines = []
        for line in alias.expansion:
            begin = head(line)
            lines.append((begin.word, tuple(self.template(begin.rest))))
        return Form(self.patterns(syntax), written(alias.syntax), None, condition, tuple(lines))

    def template(self, syntax: str) -> list[Operand]:
        return [operand for operand in self.templates.operands(syntax.strip(), 0) if operand is not None]

    def slots(self, syntax: str) -> list[Slot]:
        found: list[Slot] = []
        for pattern in self.patterns(syntax):
            if isinstance(pattern, IndexedSlot):
                found += [pattern.offset, pattern.base]
            else:
                found.append(pattern.base if isinstance(pattern, GroupSlot) else pattern)
        return [slot for slot in found if slot.kind != "literal"]

    def patterns(self, syntax: str) -> tuple[Pattern, ...]:
        made: list[Pattern] = []
        for operand in self.template(syntax):
            form = operand.form
            if isinstance(form, Indexed):
                made.append(IndexedSlot(self.slot(form.offset), self.slot(form.base)))
            elif isinstance(form, Group):
                made.append(GroupSlot(self.slot(form.a)))
            else:
                made.append(self.slot(form))
        return tuple(made)

    def slot(self, form: Tree) -> Slot:
        if isinstance(form, Hole):
            operand = self.isa.operands.get(form.name)
            kind = operand.kind if operand else "value"
            return Slot(form.name, kind if kind in ("register", "control") else "value")
        assert isinstance(form, Symbol), form
        return Slot(form.name, "literal")

    # --- Matching ------------------------------------------------------------

    def select(self, mnemonic: str, operands: Sequence[Operand | None], known: Known, depth: int = 0) -> list[Choice]:
        """The instructions that a statement stands for. Raises Mistake if no form of the mnemonic fits."""
        forms = self.of(mnemonic)
        for form in forms:
            if len(form.patterns) != len(operands):
                continue
            bound: dict[str, Operand] = {}
            for pattern, operand in zip(form.patterns, operands, strict=True):
                if operand is None or not self.match(pattern, operand, bound):
                    break
            else:
                if form.condition is not None and not self.applies(form.condition, bound, known):
                    continue
                if form.instruction is not None:
                    return [Choice(form.instruction, bound)]
                if depth == MOST_DEPTH:
                    raise Mistake(f"the description expands {mnemonic} without end")
                found: list[Choice] = []
                for name, template in form.expansion:
                    found += self.select(name, [fill(t, bound) for t in template], known, depth + 1)
                return found
        raise self.misfit(mnemonic, operands, forms)

    def match(self, pattern: Pattern, operand: Operand, bound: dict[str, Operand]) -> bool:
        """Does the operand fit? Its parts are then in `bound`."""
        form, at = operand.form, operand.at
        if isinstance(pattern, Slot):
            return self.capture(pattern, form, at, bound)
        if isinstance(pattern, IndexedSlot):
            if isinstance(form, Indexed):
                return self.capture(pattern.offset, form.offset, at, bound) and self.capture(
                    pattern.base, form.base, at, bound
                )
            # As in GNU's: an offset of zero may be left out.
            bound[pattern.offset.name] = Operand(0, at)
            return isinstance(form, Group) and self.capture(pattern.base, form.a, at, bound)
        if isinstance(form, Indexed) and form.offset == 0:
            return self.capture(pattern.base, form.base, at, bound)
        return isinstance(form, Group) and self.capture(pattern.base, form.a, at, bound)

    def capture(self, slot: Slot, form: Tree, at: int, bound: dict[str, Operand]) -> bool:
        if slot.kind == "value":
            if isinstance(form, Indexed | Text | Tag):
                return False
            bound[slot.name] = Operand(form, at)
            return True
        if not isinstance(form, Symbol):
            return False
        if slot.kind == "literal":
            return form.name == slot.name
        if form.name not in (self.registers if slot.kind == "register" else self.controls):
            return False
        bound[slot.name] = Operand(form, form.at)
        return True

    def applies(self, condition: Condition, bound: dict[str, Operand], known: Known) -> bool:
        """Does an alias's condition hold? Not if a value that it needs is unknown, or no word."""
        values = []
        for name in condition.names:
            form = bound[name].form
            if name not in condition.used:
                values.append(0)
                continue
            try:
                values.append(self.number(form) if is_name(form, self) else word(known(form), None))  # type: ignore
            except Mistake:
                return False
        return bool(condition.holds(*values))
