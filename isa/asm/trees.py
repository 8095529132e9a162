"""The trees of operands, built from shapes and tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ring1.isa.asm.expressions import evaluate
from ring1.isa.asm.lines import Mistake
from ring1.isa.asm.nodes import (
    TLS_BASE,
    Chain,
    Expr,
    Function,
    Group,
    Here,
    Hole,
    Modified,
    Near,
    Place,
    Scope,
    Select,
    Symbol,
    Unary,
)
from ring1.isa.asm.shapes import Shape, Token
from ring1.isa.asm.strings import unescape

MOST_DIGITS = 1000
"""The most digits of a number."""


@dataclass(slots=True)
class Indexed:
    """An operand written offset(base)."""

    offset: Expr
    base: Expr


@dataclass(slots=True)
class Text:
    """Adjacent strings, as bytes."""

    data: bytes


@dataclass(slots=True)
class Tag:
    """An operand written @name."""

    name: str


@dataclass(slots=True)
class Gap:
    """An omitted operand, between two commas or behind the last one."""


Tree = Expr | Indexed | Text | Tag | Gap
NO_EXPR = (Indexed, Text, Tag, Gap)


@dataclass(slots=True)
class Operand:
    """An operand, and the offset in the statement at which it begins."""

    form: Tree
    at: int


def build(shape: Shape, tokens: Sequence[Token]) -> Any:
    """Build the tree of a shape with these tokens."""
    return BUILD[shape[0]](shape[1:], tokens)


Kids = tuple[Any, ...]
Tokens = Sequence[Token]


class Constants:
    """A scope without names, for constant folding."""

    modifiers: Mapping[str, Function] = {}
    linked = False

    def find(self, name: str) -> None:
        return None

    def modified(self, name: str, place: Place) -> None:
        return None


def folded(e: Expr, *parts: Expr) -> Expr:
    """Fold an expression whose parts are numbers. It is returned unchanged if they are not, or if it has no value."""
    if all(isinstance(part, int) for part in parts):
        try:
            value = evaluate(e, CONSTANTS)
        except Mistake:
            return e  # the mistake is reported where the value is used
        assert isinstance(value, int)
        return value
    return e


CONSTANTS: Scope = Constants()


def build_chain(kids: Kids, tokens: Tokens) -> Expr:
    first = build(kids[0], tokens)
    rest = []
    for op, kid in zip(kids[1::2], kids[2::2], strict=True):
        rest.append((tokens[op].text, build(kid, tokens), tokens[op].at))
    return folded(Chain(first, tuple(rest)), first, *(part for _, part, _ in rest))


def build_unary(kids: Kids, tokens: Tokens) -> Expr:
    a = build(kids[1], tokens)
    return folded(Unary(tokens[kids[0]].text, a), a)


def build_select(kids: Kids, tokens: Tokens) -> Expr:
    condition, a, b = (build(kid, tokens) for kid in kids)
    return folded(Select(condition, a, b), condition, a, b)


def build_name(kids: Kids, tokens: Tokens) -> Expr:
    token = tokens[kids[0]]
    return Here(token.at) if token.text == "." else Symbol(token.text, token.at)


def build_number(kids: Kids, tokens: Tokens) -> Expr:
    token = tokens[kids[0]]
    text = token.text
    if len(text) > MOST_DIGITS:
        raise Mistake("this number is too long", token.at)
    if text[0] == "0" and text.isdigit():
        return int(text, 8)
    return int(text, 0)


def build_character(kids: Kids, tokens: Tokens) -> Expr:
    token = tokens[kids[0]]
    data = unescape(token.text[1:2] + token.text[2:].removesuffix("'"), token.at + 1)
    if len(data) != 1:
        raise Mistake(f"{token.text} is more than one byte", token.at)
    return data[0]


def build_near(kids: Kids, tokens: Tokens) -> Expr:
    token = tokens[kids[0]]
    return Near(int(token.text[:-1]), token.text[-1] == "f", token.at)


def build_hole(kids: Kids, tokens: Tokens) -> Expr:
    token = tokens[kids[0]]
    return Hole(token.text[1:-1], token.at)


THREAD_LOCAL = "tprel_"
"""Prefix of the modifiers whose operand is converted to an offset from the thread pointer."""


def build_modified(kids: Kids, tokens: Tokens) -> Expr:
    token = tokens[kids[0]]
    name, a = token.text.removeprefix("%"), build(kids[1], tokens)
    if name.startswith(THREAD_LOCAL):
        a = Chain(a, (("-", Symbol(TLS_BASE, token.at), token.at),))
    return Modified(name, a, token.at)


def build_group(kids: Kids, tokens: Tokens) -> Expr:
    a = build(kids[0], tokens)
    return a if isinstance(a, int) else Group(a)


def build_indexed(kids: Kids, tokens: Tokens) -> Indexed:
    return Indexed(build(kids[0], tokens), build(kids[1], tokens))


def build_text(kids: Kids, tokens: Tokens) -> Text:
    return Text(b"".join(unescape(tokens[i].text[1:-1], tokens[i].at + 1) for i in kids))


def build_tag(kids: Kids, tokens: Tokens) -> Tag:
    return Tag(tokens[kids[0]].text)


BUILD: dict[str, Callable[[Kids, Tokens], Any]] = {
    "chain": build_chain,
    "unary": build_unary,
    "select": build_select,
    "name": build_name,
    "number": build_number,
    "character": build_character,
    "near": build_near,
    "hole": build_hole,
    "modified": build_modified,
    "group": build_group,
    "indexed": build_indexed,
    "text": build_text,
    "tag": build_tag,
}
