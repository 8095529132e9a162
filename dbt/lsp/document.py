"""A text that is open in an editor, and places in it as the Language Server Protocol counts them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from ring1.isa.source import Position

WORD = re.compile(r"[\w.$]+")
Place = dict[str, Any]


def path_of(uri: str) -> str:
    """Return the path that a URI names; what has none is called by its URI."""
    parts = urlsplit(uri)
    return unquote(parts.path) if parts.scheme == "file" else uri


def uri_of(path: str) -> str:
    return path if "://" in path else f"file://{quote(path)}"


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units, of which positions are counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Document:
    """An open text."""

    def __init__(self, uri: str, text: str, version: int | None = None) -> None:
        self.uri = uri
        self.version = version
        """The editor's number of the text."""
        self.path = path_of(uri)
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.lines = self.text.split("\n")

    def line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def column(self, line: int, character: int) -> int:
        """Return the column, from 0, of a position in code units."""
        text = self.line(line)
        return next((at for at in range(len(text) + 1) if units(text[:at]) >= character), len(text))

    def span(self, line: int, first: int, end: int) -> Place:
        """Return the range of columns from 0 in a line."""
        text = self.line(line)
        edges = ({"line": line, "character": units(text[:at])} for at in (first, end))
        return dict(zip(("start", "end"), edges, strict=True))

    def at(self, position: Position) -> Place:
        """Return the range of the word at a position of the assembler's or the reader's; the first line's beginning for
        one that is a whole file."""
        line, first = max(position.line - 1, 0), max(position.column - 1, 0)
        found = WORD.match(self.line(line), first)
        return self.span(line, first, found.end() if found and position.line else first + bool(position.line))

    def word(self, line: int, character: int) -> tuple[str, int]:
        """Return the word around a position, and its column; an empty one if there is none."""
        at, text = self.column(line, character), self.line(line)
        found = next((each for each in WORD.finditer(text) if each.start() <= at <= each.end()), None)
        return (found[0], found.start()) if found else ("", at)

    def before(self, line: int, character: int) -> str:
        """Return what stands in a line before a position."""
        return self.line(line)[: self.column(line, character)]
