"""Macros and names for text as MARS, and RARS after it, have them.

A macro is closed by .end_macro. Its parameters are written %name, wherever they stand, the arguments of a call between
parentheses or behind the name, with commas or blanks between them, and a label that its body defines is each call's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from ring1.isa.asm.lines import NAME, Mistake, Piece, head
from ring1.isa.asm.macros import Macro, Parameter

END = ".end_macro"
QUOTED = r'"(?:[^"\\]|\\.)*"?|\'(?:[^\'\\]|\\.)\'?'
ARGUMENT = re.compile(rf"(?:{QUOTED}|[^\s,\"'])+")
PARAMETER = re.compile(rf"%{NAME}")
WORD = re.compile(rf"{QUOTED}|(?<![\w.$%])%?{NAME}")


def inside(text: str, at: int) -> tuple[str, int]:
    """Return what is between the parentheses that a text is in, if it is, and its offset."""
    return (text[1:-1], at + 1) if text[:1] == "(" and text[-1:] == ")" else (text, at)


def parameters(text: str, at: int) -> tuple[Parameter, ...]:
    """Parse the parameters listed in `text`, which begins at offset `at` of a .macro statement. Raises Mistake."""
    text, at = inside(text, at)
    found: dict[str, Parameter] = {}
    for match in ARGUMENT.finditer(text):
        if not PARAMETER.fullmatch(match[0]):
            raise Mistake(f"a parameter is written %name, and not {match[0]}", at + match.start())
        if match[0] in found:
            raise Mistake(f"two parameters are called {match[0]}", at + match.start())
        found[match[0]] = Parameter(match[0])
    return tuple(found.values())


def bindings(macro: Macro, text: str, at: int, count: int) -> dict[str, str]:
    """Return what parameters and labels become in call number `count`, whose arguments begin at offset `at`. Raises
    Mistake."""
    text, at = inside(text, at)
    given, wanted = ARGUMENT.findall(text), macro.parameters
    if len(given) != len(wanted):
        plural = "" if len(wanted) == 1 else "s"
        raise Mistake(f"macro {macro.name} takes {len(wanted) or 'no'} argument{plural}", at)
    made = {parameter.name: argument for parameter, argument in zip(wanted, given, strict=True)}
    return made | {label: f"{label}_M{count}" for label in labels(macro.body)}


def labels(body: Sequence[Piece]) -> list[str]:
    """Return the labels that a body defines."""
    found: list[str] = []
    for piece in body:
        with suppress(Mistake):  # it may be well-formed once parameters are substituted
            found += [name for name, _ in head(piece.text).labels if not name.isdigit()]
    return found


def replaced(text: str, values: Mapping[str, str]) -> str:
    """Return a statement with names replaced, but for what is in quotes."""
    return WORD.sub(lambda match: values.get(match[0], match[0]), text)
