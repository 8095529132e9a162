"""What is coloured in a text: the assembly language of a machine, and the language of descriptions, as ordered rules.

Patterns are what Python's `re` and Oniguruma, which editors use, have in common.
"""

from __future__ import annotations

import re
from pathlib import Path

import ring1.isa as package
from ring1.isa.model import Isa
from ring1.isa.record import Record

NAME = r"(?:[^\W\d]|[.$])[\w.$]*"
END = r"(?![\w.$])"
BLOCK = (r"/\*", r"\*/")
"""How a comment over several lines begins and ends."""


class Rule(Record):
    pattern: str
    kind: str
    """What it is: a key of the tables of tokens and scopes."""


class Language(Record):
    """`comments`: rules that hold everywhere. `head`: at the beginning of a statement. `opening`: first words of a
    statement, behind which its operands are. `operands`: the rules there, up to the statement's end, `end`."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    comments: tuple[Rule, ...]
    blocks: bool
    """Are there comments over several lines?"""
    head: tuple[Rule, ...]
    opening: tuple[Rule, ...] = ()
    operands: tuple[Rule, ...] = ()
    end: str = ""


def words(names: list[str]) -> str:
    """Return a pattern of these words, longer ones before those that they begin with."""
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else "(?!)"


def assembly(isa: Isa) -> Language:
    """Return the assembly language of a machine."""
    mnemonics = [*isa.instructions, *(alias.name for alias in isa.aliases)]
    return Language(
        f"{isa.name}-asm",
        f"{isa.name} assembly",
        (".s", ".inc"),
        (Rule(r"#[^\n]*|//[^\n]*", "comment"),),
        True,
        (Rule(rf"(?:{NAME}|[0-9]+)(?=[ \t]*:)", "label"), Rule(r"[:;]", "punctuation")),
        (
            Rule(words(mnemonics) + END, "mnemonic"),
            Rule(r"\.[\w.$]+", "directive"),
            Rule(NAME, "name"),
            Rule(r"[^\s:;]", "punctuation"),
        ),
        (
            Rule(r'"(?:[^"\\\n]|\\.)*"?', "string"),
            Rule(r"'(?:[^'\\\n]|\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.))'", "string"),
            Rule(rf"%?{words([*isa.modifiers])}(?=\s*\()", "modifier"),
            Rule(words([*isa.register_numbers]) + END, "register"),
            Rule(words([*isa.controls]) + END, "control"),
            Rule(r"0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+(?:[bf](?![\w.$]))?", "number"),
            Rule(NAME, "name"),
            Rule(r"<<|>>|&&|\|\||[=!<>]=|[-+*/%&|^~!<>=?]", "operator"),
            Rule(r"[^\s;]", "punctuation"),
        ),
        r";",
    )


def description() -> Language:
    """Return the language of descriptions; its keywords are those of the grammar."""
    grammar = Path(package.__file__).with_name("isa.lark").read_text(encoding="utf-8")
    quoted = re.findall(r'"([a-z]+)"', re.sub(r"//.*", "", grammar))
    grouped = re.findall(r"/\(([a-z|]+)\)\\b/", grammar)
    keywords = [*quoted, *(word for group in grouped for word in group.split("|"))]
    return Language(
        "ring1-isa",
        "ring1 description",
        (".isa",),
        (Rule(r"//[^\n]*", "comment"),),
        False,
        (
            Rule(r'"[^"\n]*"', "string"),
            Rule(words(keywords) + r"(?![A-Za-z0-9_])", "keyword"),
            Rule(r"0x[0-9A-Fa-f]+|0b[01]+|[0-9]+", "number"),
            Rule(r"(?:<=?|>=?|>>|[/%])[su](?![A-Za-z0-9_])|<<|[=!]=|[-+*&|^~!?=]", "operator"),
            Rule(r"[A-Za-z_][A-Za-z0-9_]*", "name"),
            Rule(r"[^\s\w]", "punctuation"),
        ),
    )
