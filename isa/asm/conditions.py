"""Conditional assembly: .if and its relatives, nested."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ring1.isa.asm.lines import NAME, Head, Mistake, Piece
from ring1.isa.asm.macros import quoted

Constant = Callable[[Piece, str, int], int]
"""Evaluates the expression in a text that begins at an offset of a statement. Raises Mistake."""
Defined = Callable[[str], bool]

COMPARISONS: dict[str, Callable[[int], bool]] = {
    ".if": lambda n: n != 0,
    ".ifne": lambda n: n != 0,
    ".ifeq": lambda n: n == 0,
    ".ifgt": lambda n: n > 0,
    ".ifge": lambda n: n >= 0,
    ".iflt": lambda n: n < 0,
    ".ifle": lambda n: n <= 0,
}
NAMES = {".ifdef": True, ".ifndef": False, ".ifnotdef": False}
BLANKS = {".ifb": True, ".ifnb": False}
TEXTS = {".ifc": True, ".ifnc": False, ".ifeqs": True, ".ifnes": False}
OPENING = {*COMPARISONS, *NAMES, *BLANKS, *TEXTS}
WORDS = {*OPENING, ".elseif", ".else", ".endif"}


@dataclass(slots=True)
class Branch:
    """An open .if: whether the current branch is assembled, whether any was, and whether .else has been seen."""

    piece: Piece
    active: bool
    taken: bool
    last: bool = False


class Conditions:
    """The stack of open conditions, the outermost first."""

    def __init__(self, constant: Constant, defined: Defined) -> None:
        self.constant = constant
        self.defined = defined
        self.open: list[Branch] = []

    @property
    def active(self) -> bool:
        """Is the current statement assembled?"""
        return not self.open or self.open[-1].active

    def step(self, piece: Piece, head: Head, floor: int) -> None:
        """Process one of the directives in WORDS. Conditions below `floor` belong to another file or macro. Raises
        Mistake."""
        word = head.word.lower()
        if word in OPENING:
            outer = self.active
            # The condition is opened even if its expression is faulty, since its .endif will follow.
            branch = Branch(piece, False, not outer)
            self.open.append(branch)
            if outer:
                branch.taken = True
                branch.active = branch.taken = self.holds(word, piece, head)
            return
        if len(self.open) <= floor:
            raise Mistake(f"{word} without .if")
        branch = self.open[-1]
        if word == ".endif":
            self.open.pop()
        if word != ".elseif" and head.rest:
            raise Mistake(f"nothing can follow {word}", head.rest_at)
        if word == ".endif":
            return
        if branch.last:
            raise Mistake(f"{word} after .else")
        branch.last = word == ".else"
        # Once a branch has been taken, the conditions of later ones are not evaluated.
        branch.active = False
        if not branch.taken:
            branch.taken = True
            branch.active = branch.taken = branch.last or self.holds(".if", piece, head)

    def holds(self, word: str, piece: Piece, head: Head) -> bool:
        if word in COMPARISONS:
            if not head.rest:
                raise Mistake(f"{head.word} needs an expression", head.rest_at)
            return COMPARISONS[word](self.constant(piece, head.rest, head.rest_at))
        if word in NAMES:
            if not re.fullmatch(NAME, head.rest):
                raise Mistake(f"{head.word} needs a symbol", head.rest_at)
            return self.defined(head.rest) == NAMES[word]
        if word in BLANKS:
            return (not head.rest) == BLANKS[word]
        first, rest = text(head.rest)
        second, end = text(rest.removeprefix(",").strip())
        if not rest.startswith(",") or end:
            raise Mistake(f"{head.word} compares two texts", head.rest_at)
        return (first == second) == TEXTS[word]


def text(line: str) -> tuple[str, str]:
    """Return the text at the beginning of a line, in quotes or up to a comma, and what follows it."""
    if line.startswith('"'):
        value, end = quoted(line, 0)
        return value, line[end:]
    value, comma, rest = line.partition(",")
    return value.strip(), comma + rest
