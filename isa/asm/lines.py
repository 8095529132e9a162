"""The scanner: assembly text is cut into statements, without comments, at ends of lines and semicolons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ring1.isa.source import Fault, Position

SHOWN_CALLS = 4
"""The most macro calls that the message of a fault in nested macros shows."""

NAME = r"(?:[^\W\d]|[.$])[\w.$]*"
SPECIAL = re.compile(r'["\'#;]|//|/\*')
STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+'
"""A string without its closing quote. Possessive, so that no memory is spent on backtracking."""
CUT = re.compile(STRING + r'(?:"|\\?$)|\'(?:[^\'\\]|\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.))\'|\'|#|//|/\*|;')
HALF, ESCAPED = re.compile(r"[\ud800-\udfff]"), 0xDC00
"""A byte that is not UTF-8 is decoded to the lone surrogate ESCAPED + the byte."""
LABEL = re.compile(rf"\s*({NAME}|[0-9]{{1,18}})\s*:")
WORD = re.compile(rf"\s*({NAME})[ \t]*")


class Mistake(Exception):
    """A mistake in a statement: `at` is the offset in its text, None for its first word.

    A mistake that belongs to a statement other than the one being assembled carries that statement's piece.
    """

    def __init__(self, message: str, at: int | None = None, piece: Piece | None = None) -> None:
        self.message = message
        self.at = at
        self.piece = piece
        super().__init__(message)


@dataclass(slots=True, eq=False)
class Call:
    """The macro call that a statement came from."""

    name: str
    piece: Piece


@dataclass(slots=True, eq=False)
class Piece:
    """The text of one statement, and its place in the source."""

    text: str
    file: str
    line: int
    column: int
    """Column of the text's first character, counted from 1."""
    source: str
    """The whole source line; for a macro's statement, the line after substitution."""
    call: Call | None = None

    def position(self, at: int = 0) -> Position:
        """Return the position of the text's character number `at`."""
        return Position(self.file, self.line, self.column + at, self.source)

    def start(self) -> Position:
        """Return the position of the text's first character that is not blank."""
        return self.position(len(self.text) - len(self.text.lstrip()))

    def calls(self) -> Iterator[Call]:
        """Yield the macro calls that led here, the innermost first."""
        call = self.call
        while call is not None:
            yield call
            call = call.piece.call

    def fault(self, message: str, at: int) -> Fault:
        calls = list(self.calls())
        if calls:
            places = [f"in macro {c.name} at {c.piece.file}:{place(c.piece)}" for c in calls[:SHOWN_CALLS]]
            more = [f"and {len(calls) - SHOWN_CALLS} more"] if len(calls) > SHOWN_CALLS else []
            message = f"{message} ({', '.join(places + more)})"
        return Fault(self.position(at), message)


def place(piece: Piece) -> str:
    start = piece.start()
    return f"{start.line}:{start.column}"


@dataclass(slots=True)
class Head:
    """The beginning of a statement: its labels with their offsets, and its first word; `rest` is what follows."""

    labels: tuple[tuple[str, int], ...]
    word: str
    word_at: int
    rest: str
    rest_at: int
    assigns: bool = False
    """Is the statement of the form `name = expression`?"""


def head(text: str) -> Head:
    """Parse the beginning of a statement. Raises Mistake where no statement can begin like this."""
    labels: list[tuple[str, int]] = []
    at = 0
    while match := LABEL.match(text, at):
        labels.append((match[1], match.start(1)))
        at = match.end()
    word = WORD.match(text, at)
    if word:
        rest = text[word.end() :].rstrip()
        assigns = rest[:1] == "=" != rest[1:2]
        return Head(tuple(labels), word[1], word.start(1), rest, word.end(), assigns)
    rest = text[at:].lstrip()
    if rest:
        raise Mistake("a label, an instruction or a directive begins with a letter", len(text) - len(rest))
    return Head(tuple(labels), "", at, "", at)


def cut(line: str) -> tuple[list[tuple[int, str]], int]:
    """Cut a line into statements with their offsets. Also returns the offset of a block comment left open, or -1."""
    found: list[tuple[int, str]] = []
    parts: list[str] = []
    begin = copied = at = 0
    end, comment = len(line), -1
    while match := CUT.search(line, at):
        mark, at = match[0], match.end()
        if mark == ";":
            found.append((begin, "".join([*parts, line[copied : match.start()]])))
            parts, begin, copied = [], at, at
        elif mark == "#" or mark == "//":
            end = match.start()
            break
        elif mark == "/*":
            close = line.find("*/", at)
            if close < 0:
                end = comment = match.start()
                break
            at = close + 2
            # A comment is replaced by blanks, so that what follows keeps its column.
            parts += [line[copied : match.start()], " " * (at - match.start())]
            copied = at
    found.append((begin, "".join([*parts, line[copied:end]])))
    return found, comment


def statements(file: str, text: str, faults: list[Fault]) -> list[Piece]:
    """Return the statements of a file in order. Lines that are not UTF-8 and an unclosed comment are added to
    `faults`."""
    pieces: list[Piece] = []
    opened: Position | None = None
    whole = HALF.search(text) is None
    for number, raw in enumerate(text.split("\n"), 1):
        line = source = raw.removesuffix("\r")
        if not whole:
            source = HALF.sub("\N{REPLACEMENT CHARACTER}", line)
        if opened is not None:
            end = line.find("*/")
            if end < 0:
                continue
            line = " " * (end + 2) + line[end + 2 :]
            opened = None
        if SPECIAL.search(line):
            found, comment = cut(line)
            if comment >= 0:
                opened = Position(file, number, comment + 1, source)
            pieces += [Piece(t, file, number, at + 1, source) for at, t in found if t and not t.isspace()]
        elif line and not line.isspace():
            pieces.append(Piece(line, file, number, 1, source))
    if opened is not None:
        faults.append(Fault(opened, "this comment is not closed"))
    if whole:
        return pieces
    for piece in pieces:
        half = HALF.search(piece.text)
        if half:
            faults.append(piece.fault(not_utf_8(half[0]), half.start()))
    return [piece for piece in pieces if not HALF.search(piece.text)]


def not_utf_8(half: str) -> str:
    """Describe the byte of the file that a lone surrogate stands for."""
    byte = ord(half) - ESCAPED
    return f"byte {byte:#04x} is not UTF-8" if 0 <= byte < 256 else "half a character"


def expanded(piece: Piece, text: str, call: Call | None) -> Iterator[Piece]:
    """Yield the statements that a macro's statement becomes after substitution gave it the text `text`."""
    if not SPECIAL.search(text):
        yield Piece(text, piece.file, piece.line, 1, text, call)
        return
    for at, part in cut(text)[0]:
        if part and not part.isspace():
            yield Piece(part, piece.file, piece.line, at + 1, text, call)
