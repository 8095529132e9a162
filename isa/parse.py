"""The parser of descriptions: text becomes a syntax tree, or all of its syntax errors are reported."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ring1.isa.elaborate import Unit
from ring1.isa.source import Fault, IsaError, Position

MOST_SYNTAX_ERRORS = 20
MOST_DEPTH = 64
"""The deepest syntax tree: what is generated from it must get through Python's own parser, which has limits as well."""
CHAINS = ("either", "xor", "both", "sum", "product", "concat", "call")
"""Rules whose nodes are as many levels deep as they have children, since they are folded from the left."""

EXPECTED = {"SEMICOLON": "';'", "LBRACE": "'{'", "RBRACE": "'}'", "COLON": "':'", "LPAR": "'('", "RPAR": "')'"}


@cache
def grammar() -> Lark:
    return Lark((Path(__file__).parent / "isa.lark").read_text(), parser="lalr", propagate_positions=True)


def parse(file: str, text: str) -> tuple[Unit, Tree[Token]]:
    """Parse a file. Returns the unit that collects its faults, and the tree. Raises IsaError with all syntax errors."""
    unit = Unit(file, text.split("\n"), [])
    while True:
        try:
            tree = grammar().parse(text)
            if unit.faults:  # faults in the rest may only follow from what could not be parsed
                raise IsaError(unit.faults)
            for item in tree.children:
                if isinstance(item, Tree) and depth(item) > MOST_DEPTH:
                    unit.fault(item, "this is nested too deeply")
            if unit.faults:
                raise IsaError(unit.faults)
            return unit, tree
        except UnexpectedInput as error:
            at = min(error.pos_in_stream if error.pos_in_stream is not None else len(text), len(text))
            ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
            if ended:
                at = len(text.rstrip())
            line, start = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at) + 1
            where = Position(file, line, at - start + 1, unit.lines[line - 1])
            unit.faults.append(Fault(where, describe(error)))
            begin, end = item_around(text, at)
            # No file parses without its first item, the header, and at the end of the file nothing is left to blank
            # out.
            if not begin or ended or len(unit.faults) == MOST_SYNTAX_ERRORS:
                raise IsaError(unit.faults) from None
            # Blank out the faulty item, keep the line breaks, and parse again.
            text = text[:begin] + "".join(c if c == "\n" else " " for c in text[begin:end]) + text[end:]


def depth(tree: Tree[Token]) -> int:
    """Return the depth of a tree. Operator rules without an operator do not count."""
    depths: dict[int, int] = {}
    for node in tree.iter_subtrees():  # children first
        kids = node.children
        here = len(kids) if node.data in CHAINS else int(node.data == "select" or kids[1:2] != [None])
        depths[id(node)] = here + max((depths[id(kid)] for kid in kids if isinstance(kid, Tree)), default=0)
    return depths[id(tree)]


def describe(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedCharacters):
        return f"no word of the language begins with {error.char!r}"
    assert isinstance(error, UnexpectedToken)
    wanted = sorted(EXPECTED[name] for name in error.accepts or error.expected if name in EXPECTED)
    found = "the end of the file" if error.token.type == "$END" else repr(str(error.token))
    return f"{found} does not fit here" + (f"; {' or '.join(wanted)} would" if wanted else "")


def item_around(text: str, at: int) -> tuple[int, int]:
    """Return the begin and end of the item around position `at`: items end at ';' or '}' outside of braces."""
    begin = depth = i = 0
    while i < len(text):
        c = text[i]
        if text.startswith("//", i):
            i = line_end(text, i)
            continue
        if c == '"':
            close = text.find('"', i + 1, line_end(text, i))
            i = close if close >= 0 else i
        depth += (c == "{") - (c == "}")
        if (c == ";" and depth <= 0) or (c == "}" and depth <= 0):
            if i >= at:
                return begin, i + 1
            begin, depth = i + 1, 0
        i += 1
    return begin, len(text)


def line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)
