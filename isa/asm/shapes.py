"""Operands are parsed by the kinds of their tokens.

The grammar (asm.lark) depends only on the kinds of an operand's tokens. So each sequence of kinds is parsed once, to a
shape, which is a tree whose leaves are token numbers, and shapes are kept on disk: Lark is loaded only for a sequence
that was never met before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ring1.isa import store
from ring1.isa.asm.lines import Mistake

if TYPE_CHECKING:
    from lark import Lark, Tree
    from lark import Token as LarkToken
    from lark.parsers.lalr_interactive_parser import InteractiveParser

MOST_SHAPES = 5000
"""The most shapes kept on disk."""
MOST_KINDS = 40
"""Longer sequences of kinds are not kept."""

Shape = tuple[Any, ...]
"""The name of a grammar rule, then token numbers and shapes: see isa/asm/trees.py."""


class Token(NamedTuple):
    kind: str
    text: str
    at: int
    """Offset in its statement."""


@cache
def grammar() -> Lark:
    """Return the grammar's parser, from the cache on disk if it is there."""
    import io

    from lark import Lark, __version__

    text = (Path(__file__).parent.parent / "asm.lark").read_text()
    entry = store.key("grammar", __version__, text)
    saved = store.load("asm", entry)
    if saved is not None:
        return Lark.load(io.BytesIO(saved))
    made = Lark(text, parser="lalr", lexer="basic", start=["operand", "statement"])
    data = io.BytesIO()
    made.save(data)
    store.save("asm", entry, data.getvalue())
    return made


@dataclass
class Shapes:
    """The token kinds and the shapes known so far. It is a memo: additions do not depend on who makes them or when."""

    kinds: str
    """A regular expression with a named group for each kind."""
    known: dict[tuple[str, ...], Shape] = field(default_factory=dict)
    saved: int = 0

    def save(self) -> None:
        """Keep new shapes on disk for later processes."""
        if len(self.known) > self.saved and self.saved < MOST_SHAPES:
            short = {k: v for k, v in self.known.items() if len(k) <= MOST_KINDS}
            self.saved = len(self.known)
            store.save("asm", store.key("shapes"), (self.kinds, dict(list(short.items())[:MOST_SHAPES])))


@cache
def shapes() -> Shapes:
    """Return the shapes of this process."""
    saved = store.load("asm", store.key("shapes"))
    if saved is not None:
        return Shapes(saved[0], saved[1], len(saved[1]))
    # The order in which Lark's basic lexer tries them.
    ordered = sorted(
        grammar().terminals,
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    groups = [f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in ordered if not t.name.startswith("__")]
    return Shapes("|".join([*groups, r"(?P<BAD>\S)"]))


BEGINNING = ("NAME", "NUMBER", "CHARACTER", "STRING", "NEAR", "MODIFIER")
"""Kinds that can begin an operand but cannot continue one."""
WANTED = {"RPAR": "')'", "COLON": "':'"}


def parse(tokens: Sequence[Token], end: int) -> Shape:
    """Parse tokens to a shape. Raises Mistake where they do not fit, at `end` if they end too early."""
    from lark import Token as LarkToken
    from lark.exceptions import UnexpectedToken

    parser = grammar().parse_interactive(start="operand")
    try:
        for number, token in enumerate(tokens):
            parser.feed_token(LarkToken(token.kind, str(number)))
        tree = parser.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedToken as error:
        wanted = [text for kind, text in WANTED.items() if fits(parser, kind)]
        hint = f"; {' or '.join(wanted)} would" if wanted else ""
        if error.token.type == "$END":
            raise Mistake(f"the end does not fit here{hint or ', something must follow'}", end) from None
        token = tokens[int(error.token)]
        if token.kind in BEGINNING and fits(parser, "$END"):
            raise Mistake(f"a comma is missing before {token.text}", token.at) from None
        raise Mistake(f"{token.text!r} does not fit here{hint}", token.at) from None
    return shape(tree)


def fits(parser: InteractiveParser, kind: str) -> bool:
    """Can a token of this kind come next? `parser.accepts` tries all kinds, which takes milliseconds."""
    from lark import Token as LarkToken
    from lark.exceptions import UnexpectedToken

    try:
        parser.copy(deepcopy_values=False).feed_token(LarkToken(kind, ""))  # type: ignore[no-untyped-call]
    except UnexpectedToken:
        return False
    return True


LEVELS = ("either", "both", "union", "exclusive", "common", "equal", "order", "shift", "sum", "product")
"""The rules of left-associative operators, all of which are "chain" to readers of shapes."""


def shape(tree: Tree[LarkToken]) -> Shape:
    rule = str(tree.data)
    kids = [int(kid) if isinstance(kid, str) else shape(kid) for kid in tree.children]
    return ("chain" if rule in LEVELS else rule, *kids)
