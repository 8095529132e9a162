"""Macros: parameters, the arguments of a call, and textual substitution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ring1.isa.asm.lines import NAME, Mistake, Piece

PARAMETER = re.compile(rf"[\s,]*({NAME})(?:\s*:\s*(\w+))?")
EQUALS, END = re.compile(r"\s*+=\s*+"), re.compile(r"[ \t,]*+\Z")
REFERENCE = re.compile(rf"\\(\(\)|@|{NAME})")
KEYWORD = re.compile(rf"({NAME})\s*=(?!=)\s*")
WORD = re.compile(r"[\w.$\\@%?\"']")
"""Blanks between two of these characters end an argument; other blanks are dropped, as by GNU as."""
MOST_LENGTH = 100_000
"""The most characters that substitution may put into one statement."""


@dataclass(slots=True)
class Parameter:
    name: str
    default: str | None = None
    required: bool = False
    rest: bool = False
    """Does the parameter take the rest of the line?"""


@dataclass(slots=True, eq=False)
class Macro:
    name: str
    parameters: tuple[Parameter, ...]
    body: Sequence[Piece]
    piece: Piece
    percent: bool = False
    """Is it one of RARS's: see isa/asm/percent.py."""


def parameters(text: str, at: int) -> tuple[Parameter, ...]:
    """Parse the parameters listed in `text`, which begins at offset `at` of a .macro statement. Raises Mistake."""
    if text.startswith("(") and text.endswith(")"):
        text, at = text[1:-1], at + 1
    found: dict[str, Parameter] = {}
    done = 0
    while not END.match(text, done):
        match = PARAMETER.match(text, done)
        if not match:
            raise Mistake("the name of a parameter must stand here", at + done)
        name, qualifier = match[1], match[2]
        if name in found:
            raise Mistake(f"two parameters are called {name}", at + match.start(1))
        if qualifier not in (None, "req", "vararg"):
            raise Mistake(f"a parameter is :req or :vararg, not :{qualifier}", at + match.start(2))
        done = match.end()
        default = None
        equals = EQUALS.match(text, done)
        if equals:
            default, done = argument(text, equals.end())
        found[name] = Parameter(name, default, qualifier == "req", qualifier == "vararg")
        if qualifier == "vararg" and not END.match(text, done):
            raise Mistake("a :vararg parameter is the last one", at + done)
    return tuple(found.values())


def argument(text: str, begin: int) -> tuple[str, int]:
    """Return the argument at `begin` and the offset of its end: a comma, blanks between two words, or the end of the
    text. Enclosing quotes are removed; what is in quotes or parentheses stays together."""
    if text[begin : begin + 1] == '"':
        return quoted(text, begin)
    made: list[str] = []
    at, depth = begin, 0
    while at < len(text) and text[at] != ",":
        c = text[at]
        if c in "\"'":
            close = text.find(c, at + 1)
            close = len(text) if close < 0 else close + 1
            made.append(text[at:close])
            at = close
        elif c.isspace():
            bare = at + 1
            while bare < len(text) and text[bare].isspace():
                bare += 1
            words = bool(made) and WORD.match(made[-1][-1]) and WORD.match(text[bare : bare + 1])
            if words and not depth:
                return "".join(made), bare
            if words:
                made.append(" ")
            at = bare
        else:
            depth += (c == "(") - (c == ")")
            made.append(c)
            at += 1
    return "".join(made), at


def quoted(text: str, begin: int) -> tuple[str, int]:
    """Return the inside of the string at `begin`, escapes unchanged, and the offset of its end."""
    made: list[str] = []
    at = begin
    while text[at : at + 1] == '"':
        at += 1
        while at < len(text) and text[at] != '"':
            step = 2 if text[at] == "\\" else 1
            made.append(text[at : at + step])
            at += step
        at += 1
    while text[at : at + 1].isspace():
        at += 1
    return "".join(made), min(at, len(text))


def arguments(text: str, limit: int) -> Iterator[tuple[str, int]]:
    """Yield the arguments in `text` with their offsets; argument number `limit`, if there is one, extends to the
    end."""
    at, count = 0, 0
    while at < len(text):
        if count == limit:
            yield text[at:].strip(), at
            return
        value, end = argument(text, at)
        yield value, at
        count += 1
        if text[end : end + 1] == ",":
            end += 1
            while text[end : end + 1].isspace():
                end += 1
            if end == len(text):
                return
        at = end


def bindings(macro: Macro, text: str, at: int) -> dict[str, str]:
    """Bind the parameters to the arguments of a call, whose text begins at offset `at`. Raises Mistake."""
    names = {p.name for p in macro.parameters}
    last = len(macro.parameters) - 1
    rest = last if macro.parameters and macro.parameters[-1].rest else -1
    given: dict[str, str] = {}
    named = False
    for n, (value, begin) in enumerate(arguments(text, rest)):
        key = KEYWORD.match(text, begin)
        if key and n != rest:
            if key[1] not in names:
                raise Mistake(f"macro {macro.name} has no parameter {key[1]}", at + begin)
            if key[1] in given:
                raise Mistake(f"{key[1]} is given twice", at + begin)
            given[key[1]] = argument(text, key.end())[0]
            named = True
        elif named:
            raise Mistake("an argument without a name cannot follow one with a name", at + begin)
        elif n > last:
            wanted = f"{last + 1} argument{'s' if last else ''}" if names else "no arguments"
            raise Mistake(f"macro {macro.name} takes {wanted}", at + begin)
        else:
            given[macro.parameters[n].name] = value
    for p in macro.parameters:
        if not given.get(p.name):
            if p.required:
                raise Mistake(f"macro {macro.name} needs its argument {p.name}")
            given[p.name] = p.default or ""
    return given


def substitute(text: str, values: Mapping[str, str], count: int) -> str:
    r"""`text` with \name replaced by its value, \@ by the count of calls, and \() by nothing."""
    if "\\" not in text:
        return text
    length = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal length
        value = meaning(match)
        length += len(value)
        if length > MOST_LENGTH:
            raise Mistake(f"this becomes longer than {MOST_LENGTH} characters")
        return value

    def meaning(match: re.Match[str]) -> str:
        name = match[1]
        if name == "()":
            return ""
        if name == "@":
            return str(count)
        if name in values:
            return values[name]
        # As for \x.y: parameter x, although a dot can be part of a name.
        first = re.split(r"[.$]", name, maxsplit=1)[0]
        return values[first] + name[len(first) :] if first in values else match[0]

    return REFERENCE.sub(replace, text)
