"""Lexers for Pygments, which finds them by their entry points: `ring1-asm`, with the option `isa`, and `ring1-isa`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pygments.lexer import Lexer, RegexLexer
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
    _TokenType,
)

from ring1.dbt.highlight.language import BLOCK, Language, Rule, assembly, description

TOKENS: dict[str, _TokenType] = {
    "comment": Comment,
    "string": String,
    "number": Number,
    "label": Name.Label,
    "mnemonic": Keyword,
    "directive": Keyword.Pseudo,
    "keyword": Keyword,
    "register": Name.Variable,
    "control": Name.Constant,
    "modifier": Name.Function,
    "name": Name,
    "operator": Operator,
    "punctuation": Punctuation,
}


def made(language: Language, options: dict[str, Any]) -> RegexLexer:
    """Return a lexer of a language."""

    def rules(found: tuple[Rule, ...], *then: str) -> list[Any]:
        return [(rule.pattern, TOKENS[rule.kind], *then) for rule in found]

    common: list[Any] = [(r"[^\S\n]+", Whitespace), *rules(language.comments)]
    if language.blocks:
        common.append((rf"{BLOCK[0]}(?s:.)*?(?:{BLOCK[1]}|\Z)", Comment.Multiline))
    states = {"root": [(r"\n", Whitespace), *common, *rules(language.head), *rules(language.opening, "operands")]}
    if language.opening:
        states["operands"] = [
            (r"\n", Whitespace, "#pop"),
            (language.end, Punctuation, "#pop"),
            *common,
            *rules(language.operands),
        ]
    lexer: type[RegexLexer] = type("Made", (RegexLexer,), {"name": language.title, "tokens": states, "flags": 0})
    return lexer(**options)


class AsmLexer(Lexer):
    """Assembly of a machine: the option `isa` is its name or its description's file."""

    name: ClassVar[str] = "ring1 assembly"
    aliases = ["ring1-asm", "pg32"]  # noqa: RUF012
    filenames: ClassVar[list[str]] = []

    def __init__(self, **options: Any) -> None:
        from ring1.isa.load import load

        super().__init__(**options)
        self.made = made(assembly(load(options.get("isa", "pg32"))), options)

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """See `Lexer.get_tokens_unprocessed`."""
        return self.made.get_tokens_unprocessed(text)


class IsaLexer(Lexer):
    """Descriptions of machines."""

    name: ClassVar[str] = "ring1 description"
    aliases = ["ring1-isa"]  # noqa: RUF012
    filenames = ["*.isa"]  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.made = made(description(), options)

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """See `Lexer.get_tokens_unprocessed`."""
        return self.made.get_tokens_unprocessed(text)
