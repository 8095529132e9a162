"""Mutants of a description, made in its text: guards that miss an instruction, checks that are not made, rights that
are not asked for, effects that are lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lark import Token, Tree

from ring1.dbt.grade.mutant import CHECK, EFFECT, INTERCEPT, RIGHTS, Edit, Mutant
from ring1.isa.asm.sources import text as text_of
from ring1.isa.elaborate import Unit
from ring1.isa.parse import parse
from ring1.isa.source import Position

SETTINGS = {"invalid": "what is invalid is taken for valid", "denied": "nothing is denied"}
EVENTS = ("insn", "on")
EFFECTS = ("assign_field", "assign_csr", "flush", "trap")
"""Statements that may be lost; of what is done for a trap, all assignments may."""


class DescriptionMutants:
    """Makes the mutants of one description."""

    def __init__(self, path: Path) -> None:
        """Raises IsaError, OSError."""
        self.path = path
        self.text = text_of(path)
        self.unit: Unit
        self.unit, self.tree = parse(str(path), self.text)

    def made(self) -> list[Mutant]:
        """Return all mutants, in the order of the text. Some may be no description."""
        return sorted(self.each(), key=lambda mutant: (mutant.place.line, mutant.place.column))

    def each(self) -> Iterator[Mutant]:
        for item in self.tree.children:
            if not isinstance(item, Token):
                kind = str(item.data)
                if kind == "guard":
                    yield from self.guard(item)
                elif kind in EVENTS:
                    yield from self.body(item)
                elif kind == "paging":
                    yield from self.paging(item)

    def mutant(self, kind: str, node: Tree[Token] | Token, what: str, edit: Edit) -> Mutant:
        at = self.unit.position(node)
        return Mutant(kind, Position(self.path.name, at.line, at.column, at.text), what, edit)

    def guard(self, item: Tree[Token]) -> Iterator[Mutant]:
        """Leave each instruction out of a guard."""
        *names, _ = item.children
        for name in names:
            start, end = span(name)
            edit = Edit(*span(item), "") if len(names) == 1 else Edit(start, end, "")
            yield self.mutant(INTERCEPT, name, f"{name} is not guarded", edit)

    def body(self, item: Tree[Token]) -> Iterator[Mutant]:
        """Change the statements of an instruction, or of what is done for a trap."""
        first = item.children[0]
        name = str(first) if isinstance(first, Token) else f"on {first.children[0]}"
        for node in item.iter_subtrees():
            words = " ".join(self.text[slice(*span(node))].split())
            if node.data == "require":
                yield self.mutant(CHECK, node, f"{name}: `{words}` is left out", Edit(*span(node), ""))
            elif node.data == "if_":
                start, end = span(node.children[0])
                condition = self.text[start:end]
                for mark, said in (("&", "never"), ("|", "always")):
                    edit = Edit(start, end, f"({condition}) {mark} !({condition})")
                    yield self.mutant(CHECK, node.children[0], f"{name}: `{condition}` {said} holds", edit)
            elif node.data in EFFECTS or (node.data == "assign" and item.data == "on"):
                yield self.mutant(EFFECT, node, f"{name}: `{words}` is left out", Edit(*span(node), ""))

    def paging(self, item: Tree[Token]) -> Iterator[Mutant]:
        """Have page tables grant more than they say, or tell less."""
        for node in item.children:
            if not isinstance(node, Tree):
                continue
            if node.data == "access":
                start, end = span(node.children[1])
                right = self.text[start:end]
                kind = node.children[0]
                edit = Edit(start, end, f"({right}) | !({right})")
                yield self.mutant(RIGHTS, node, f"a {kind} asks for no right", edit)
            elif node.data == "setting":
                key = str(node.children[0])
                if key in SETTINGS:
                    start, end = span(node.children[1])
                    words = self.text[start:end]
                    edit = Edit(start, end, f"({words}) & !({words})")
                    yield self.mutant(RIGHTS, node, SETTINGS[key], edit)
                elif key in ("accessed", "dirty"):
                    yield self.mutant(EFFECT, node, f"entries are not marked {key}", Edit(*span(node), ""))


def span(node: Tree[Token] | Token) -> tuple[int, int]:
    """Return where a node begins and ends in the text."""
    if isinstance(node, Tree):
        return node.meta.start_pos, node.meta.end_pos
    assert node.start_pos is not None and node.end_pos is not None
    return node.start_pos, node.end_pos
