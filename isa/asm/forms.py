"""Forms: the ways in which each mnemonic can be written, from the description, first the instruction itself, then its
aliases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ring1.isa import model as description
from ring1.isa import semantics
from ring1.isa.asm.lines import head
from ring1.isa.asm.nodes import Group, Hole, Symbol
from ring1.isa.asm.syntax import Syntax
from ring1.isa.asm.trees import Indexed, Operand, Tree
from ring1.isa.model import Alias, Instruction, Isa
from ring1.isa.python import pure_function


@dataclass(slots=True)
class Slot:
    """A place for an operand in a form."""

    name: str
    kind: str
    """ "register", "control", "value", or "literal" for a name that stands for itself."""
    operand: description.Operand | None = None
    """What the description says of it, if it is an operand of instructions."""


@dataclass(slots=True)
class IndexedSlot:
    """A slot written offset(base)."""

    offset: Slot
    base: Slot


@dataclass(slots=True)
class GroupSlot:
    """A slot written (base)."""

    base: Slot


Pattern = Slot | IndexedSlot | GroupSlot


@dataclass(slots=True)
class Condition:
    """When an alias applies: a function of the operands as words, and the operands that it reads."""

    slots: tuple[Slot, ...]
    used: frozenset[str]
    holds: Callable[..., int]


@dataclass(slots=True)
class Form:
    """One way to write a mnemonic: an instruction, or else the lines that it stands for."""

    patterns: tuple[Pattern, ...]
    syntax: str
    """The syntax as messages show it."""
    instruction: Instruction | None = None
    condition: Condition | None = None
    expansion: tuple[tuple[str, tuple[Operand, ...]], ...] = ()


class Forms:
    """The forms of a machine's mnemonics, parsed when they are first used."""

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
        """Return every mnemonic."""
        return {*self.isa.instructions, *self.aliases}

    def of(self, mnemonic: str) -> list[Form]:
        """Return the forms of a mnemonic in the order in which they are tried; empty if there is no such mnemonic."""
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
        patterns = self.patterns(alias.syntax.partition(" ")[2])
        condition = None
        if alias.condition is not None:
            found = [slot for pattern in patterns for slot in slots(pattern)]
            used = {n.name for n in semantics.walk(alias.condition) if isinstance(n, semantics.Local)}
            holds = pure_function([slot.name for slot in found], alias.condition)
            condition = Condition(tuple(found), frozenset(used), holds)
        heads = [head(line) for line in alias.expansion]
        lines = tuple((h.word, self.template(h.rest)) for h in heads)
        return Form(patterns, written(alias.syntax), None, condition, lines)

    def template(self, syntax: str) -> tuple[Operand, ...]:
        return tuple(o for o in self.templates.operands(syntax.strip(), 0) if o is not None)

    def patterns(self, syntax: str) -> tuple[Pattern, ...]:
        return tuple(self.pattern(operand.form) for operand in self.template(syntax))

    def pattern(self, form: Tree) -> Pattern:
        if isinstance(form, Indexed):
            return IndexedSlot(self.slot(form.offset), self.slot(form.base))
        return GroupSlot(self.slot(form.a)) if isinstance(form, Group) else self.slot(form)

    def slot(self, form: Tree) -> Slot:
        if isinstance(form, Hole):
            operand = self.isa.operands.get(form.name)
            kind = operand.kind if operand else ""
            return Slot(form.name, kind if kind in ("register", "control") else "value", operand)
        assert isinstance(form, Symbol), form
        return Slot(form.name, "literal")


def slots(pattern: Pattern) -> list[Slot]:
    """Return the slots of a pattern that are filled by an operand."""
    if isinstance(pattern, IndexedSlot):
        return [pattern.offset, pattern.base]
    slot = pattern.base if isinstance(pattern, GroupSlot) else pattern
    return [slot] if slot.kind != "literal" else []


def written(syntax: str) -> str:
    """Return a description's syntax as messages show it."""
    return syntax.replace("{", "").replace("}", "").strip()
