"""The parser of a statement's operands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from ring1.isa.asm.lines import Mistake
from ring1.isa.asm.near import suggestion
from ring1.isa.asm.shapes import Token, parse, shapes
from ring1.isa.asm.trees import Gap, Operand, build

MOST_OPERANDS = 100_000
"""The most operands memoized by text."""

MOST_TOKENS = 200_000
"""The most tokens of an operand: each takes a kilobyte during parsing."""

CALLED = re.compile(r"\s*+\(")
"""Follows a name that is a modifier."""
BETWEEN = re.compile(r'"(?:[^"\\]|\\.)*"?|\'(?:[^\'\\]|\\.)\'?|(?<=[\w)"\'$.])[ \t](?=[ \t]*(?:[\w.$%("\']|-[\w.$]))')
"""Strings, characters, and blanks between two operands."""
OPEN = re.compile(r"[\w']")
"""Cannot follow a character literal without closing quote."""


class Syntax:
    """Parses operands, given the names of the modifiers. With `templates`, those of a description, which have holes."""

    def __init__(self, modifiers: Collection[str], templates: bool = False, loose: bool = False) -> None:
        """With `loose`, blanks separate operands, as commas do: then no blank is before an operator."""
        self.loose = loose
        self.modifiers = modifiers
        self.templates = templates
        self.shapes = shapes()
        self.finder = re.compile(self.shapes.kinds).finditer
        self.remembered: dict[tuple[str, int], Operand | Mistake] = {}

    def operands(self, text: str, at: int) -> list[Operand]:
        """Parse the operands in `text`, which begins at offset `at` of its statement; an omitted one is a Gap.

        Raises Mistake.
        """
        if not text:
            return []
        if self.loose:
            text = BETWEEN.sub(lambda match: "," if match[0].isspace() else match[0], text)
        parts = self.cut(text, at) if '"' in text or "'" in text else text.split(",")
        found: list[Operand] = []
        for part in parts:
            bare = part.lstrip()
            begin = at + len(part) - len(bare)
            found.append(self.operand(bare.rstrip(), begin) if bare else Operand(Gap(), begin))
            at += len(part) + 1
        return found

    def cut(self, text: str, at: int) -> list[str]:
        """Split the text at its commas, except those in strings and characters."""
        commas = [token.at - at for token in self.tokens(text, at) if token.kind == "COMMA"]
        begins, ends = [0, *(comma + 1 for comma in commas)], [*commas, len(text)]
        return [text[begin:end] for begin, end in zip(begins, ends, strict=True)]

    def operand(self, text: str, at: int) -> Operand:
        """Parse one operand. Raises Mistake."""
        known = self.remembered.get((text, at))
        if isinstance(known, Mistake):
            raise Mistake(known.message, known.at)
        if known is None:
            if len(self.remembered) >= MOST_OPERANDS:
                self.remembered.clear()
            try:
                known = self.made(text, at)
            except Mistake as mistake:
                self.remembered[text, at] = mistake
                raise
            self.remembered[text, at] = known
        return known

    def made(self, text: str, at: int) -> Operand:
        tokens = list(islice(self.tokens(text, at), MOST_TOKENS + 1))
        if len(tokens) > MOST_TOKENS:
            raise Mistake("this expression is too long", at)
        kinds = tuple([token.kind for token in tokens])
        shape = self.shapes.known.get(kinds)
        try:
            if shape is None:
                shape = self.shapes.known[kinds] = parse(tokens, at + len(text))
            return Operand(build(shape, tokens), at)
        except RecursionError:
            raise Mistake("this is nested too deeply", at) from None

    def tokens(self, text: str, at: int) -> Iterator[Token]:
        for match in self.finder(text):
            kind, value = match.lastgroup or "BAD", match[0]
            if kind == "NAME" and value in self.modifiers and CALLED.match(text, match.end()):
                kind = "MODIFIER"
            elif kind == "MODIFIER" and value[1:] not in self.modifiers:
                close = suggestion(value, (f"%{name}" for name in self.modifiers))
                raise Mistake(f"there is no modifier {value}{close}", at + match.start())
            elif (
                kind == "BAD"
                or (kind == "HOLE" and not self.templates)
                or (kind == "CHARACTER" and value[-1] != "'" and OPEN.match(text, match.end()))
            ):
                raise Mistake(misfit(text[match.start() :]), at + match.start())
            yield Token(kind, value, at + match.start())


def misfit(text: str) -> str:
    """Explain why no token begins like this text."""
    if text[0] == '"':
        return "this string is not closed"
    if text[0] == "'":
        return "a character stands between two quotes: 'x'"
    run = re.match(r"[\w.$]+", text)
    return f"{run[0]} is not a number" if run else f"{text[0]!r} does not fit here"
