"""The preprocessor: yields the statements of a file as they are assembled, with macros expanded, repetitions repeated,
files included and conditions evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, repeat
from pathlib import Path

from ring1.isa.asm import percent
from ring1.isa.asm.conditions import WORDS as CONDITIONS
from ring1.isa.asm.conditions import Conditions, Constant, Defined
from ring1.isa.asm.lines import NAME, Call, Head, Mistake, Piece, expanded, head, statements
from ring1.isa.asm.macros import MOST_LENGTH, Macro, argument, arguments, bindings, parameters, quoted, substitute
from ring1.isa.asm.sources import Reach
from ring1.isa.source import Fault

MOST_DEPTH = 100
"""The deepest nesting of macro calls, as in GNU as, and of included files."""
MOST_STATEMENTS = 250_000
"""The most statements that macros and repetitions may generate in one file."""
MOST_TEXT = 1 << 23
"""The most characters in those statements."""
MOST_HEADS = 100_000
"""The most statements whose parsed beginnings are memoized by text."""

REPEATS = (".rept", ".irp", ".irpc")
CLOSING = {".macro": ((".endm", percent.END), (".macro",)), **dict.fromkeys(REPEATS, ((".endr",), REPEATS))}


@dataclass(slots=True, eq=False)
class Frame:
    """A source of statements: a file, the body of a macro or a repetition."""

    pieces: Iterator[Piece]
    floor: int
    """Number of conditions that were open when this frame began."""
    path: Path | None = None
    macro: bool = False


class Expander:
    """Yields the statements of a file to the assembler, and asks it for the values of symbols on the way."""

    def __init__(
        self, constant: Constant, defined: Defined, report: Callable[[Piece, Mistake], None], reach: Reach
    ) -> None:
        self.constant = constant
        self.report = report
        self.reach = reach
        self.conditions = Conditions(constant, defined)
        self.frames: list[Frame] = []
        self.macros: dict[str, Macro] = {}
        """By lower-case name: as in GNU as, macros are called without regard to case."""
        self.texts: dict[str, str] = {}
        """What names stand for by .eqv."""
        self.calls = 0
        """Macro calls so far: the value of \\@."""
        self.made = self.length = 0
        """Statements that macros and repetitions have generated so far, and the number of characters in them."""
        self.faults: list[Fault] = []
        self.sources: list[tuple[str, str]] = []
        """Every file read, with its text."""
        self.reserved: Collection[str] = ()
        self.skipped: set[str] = set()
        """Symbols whose definitions were skipped because of a mistake; their uses are not reported."""
        self.heads: dict[str, Head] = {}
        self.words = {
            ".macro": self.define,
            ".rept": self.repetition,
            ".irp": self.repetition,
            ".irpc": self.repetition,
            ".include": self.include,
            ".exitm": self.leave,
            ".end": lambda piece, begin: self.stop(),
            ".purgem": self.purge,
            ".eqv": self.equate,
            ".endm": self.unopened,
            percent.END: self.unopened,
            ".endr": self.unopened,
        }

    def statements(self, file: str, text: str, reserved: Collection[str]) -> Iterator[tuple[Piece, Head]]:
        """Yield the statements of a file, each with its parsed beginning, and report mistakes on the way. No macro can
        have a reserved name."""
        self.reserved = reserved
        self.push_file(file, text)
        while self.frames:
            piece = next(self.frames[-1].pieces, None)
            if piece is None:
                self.pop()
                continue
            if self.texts:
                piece = self.equated(piece)
            try:
                begin = self.head(piece)
                if begin is None:
                    continue
                word = begin.word.lower()
                if word in CONDITIONS:
                    if begin.labels and self.conditions.active:
                        yield piece, labels_of(begin)
                    self.conditions.step(piece, begin, self.frames[-1].floor)
                    continue
                if not self.conditions.active:
                    continue
                macro = self.macros.get(word)
                special = self.words.get(word)
                if (macro is None and special is None) or begin.assigns:
                    yield piece, begin
                    continue
                if begin.labels:
                    yield piece, labels_of(begin)
                if macro is not None:
                    self.call(macro, piece, begin)
                elif special is not None:
                    special(piece, begin)
            except Mistake as mistake:
                self.report(piece, mistake)

    def head(self, piece: Piece) -> Head | None:
        """Parse the beginning of a statement. Returns None where the statement is skipped and so need not be
        well-formed."""
        known = self.heads.get(piece.text)
        if known is None:
            try:
                known = head(piece.text)
            except Mistake:
                if not self.conditions.active:
                    return None
                raise
            if len(self.heads) >= MOST_HEADS:
                self.heads.clear()
            self.heads[piece.text] = known
        return known

    # --- Frames --------------------------------------------------------------

    def push_file(self, file: str, text: str) -> None:
        self.sources.append((file, text))
        pieces = statements(file, text, self.faults)
        self.frames.append(Frame(iter(pieces), len(self.conditions.open), Path(file).resolve()))

    def push(self, pieces: Iterable[Piece], macro: bool = False) -> None:
        self.frames.append(Frame(self.counted(pieces), len(self.conditions.open), macro=macro))

    def counted(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            self.made += 1
            self.length += len(piece.text)
            if self.made > MOST_STATEMENTS or self.length > MOST_TEXT:
                most = f"{MOST_STATEMENTS} statements" if self.made > MOST_STATEMENTS else f"{MOST_TEXT} characters"
                self.report(piece, Mistake(f"macros make more than {most}", 0))
                self.frames.clear()
                self.conditions.open.clear()
                return
            yield piece

    def pop(self) -> None:
        """Leave the innermost frame. Conditions opened in it must be closed."""
        if not self.frames:
            return
        frame = self.frames.pop()
        for branch in self.conditions.open[frame.floor :]:
            self.report(branch.piece, Mistake("this .if has no .endif"))
        del self.conditions.open[frame.floor :]

    def collect(self, piece: Piece, word: str) -> tuple[list[Piece], str]:
        """Return the body that follows a .macro or a repetition, without its end, and the word that ends it. Raises
        Mistake if there is no end."""
        ends, nesting = CLOSING[word]
        body: list[Piece] = []
        depth = 1
        for inner in self.frames[-1].pieces:
            begin = None
            if "." in inner.text:
                with suppress(Mistake):  # it may be well-formed once parameters are substituted
                    begin = head(inner.text)
            inner_word = begin.word.lower() if begin else ""
            depth += (inner_word in nesting) - (inner_word in ends)
            if not depth:
                if begin and begin.labels:
                    body.append(replace(inner, text=inner.text[: begin.word_at]))
                return body, inner_word
            body.append(inner)
        for inner in body:
            with suppress(Mistake):
                begin = head(inner.text)
                self.skipped.update(name for name, _ in begin.labels)
                self.skipped.update([begin.word] if begin.assigns else [])
        raise Mistake(f"this {word} has no {ends[0]}")

    # --- Macros --------------------------------------------------------------

    def define(self, piece: Piece, begin: Head) -> None:
        match = re.compile(rf"({NAME})[\s,]*").match(begin.rest)
        body, end = self.collect(piece, ".macro")
        if not match:
            raise Mistake("a macro needs a name", begin.rest_at)
        name, key = match[1], match[1].lower()
        known = self.macros.get(key)
        if known is not None:
            start = known.piece.start()
            raise Mistake(f"macro {known.name} is already defined at {start.file}:{start.line}", begin.rest_at)
        if key in self.reserved or key in self.words:
            raise Mistake(f"{name} is a directive, and no macro can take its place", begin.rest_at)
        # A macro is defined even if it is faulty, so that its calls are not reported as well.
        self.macros[key] = Macro(name, (), body, piece)
        read = percent.parameters if end == percent.END else parameters
        found = read(begin.rest[match.end() :], begin.rest_at + match.end())
        self.macros[key] = Macro(name, found, body, piece, end == percent.END)

    def call(self, macro: Macro, piece: Piece, begin: Head) -> None:
        if sum(frame.macro for frame in self.frames) >= MOST_DEPTH:
            self.unwind()
            raise Mistake(f"macros within macros, more than {MOST_DEPTH} deep")
        call, count = Call(macro.name, piece), self.calls
        if macro.percent:
            named = percent.bindings(macro, begin.rest, begin.rest_at, count)
            self.push(self.body(macro.body, lambda text: percent.replaced(text, named), call), macro=True)
            return
        values = bindings(macro, begin.rest, begin.rest_at)
        self.push(self.body(macro.body, lambda text: substitute(text, values, count), call), macro=True)

    def body(self, body: Iterable[Piece], made: Callable[[str], str], call: Call | None) -> Iterator[Piece]:
        """Yield the statements of a macro for one call, each as what `made` makes of it."""
        self.calls += 1
        for piece in body:
            yield from self.substituted(piece, made, call)

    def substituted(self, piece: Piece, made: Callable[[str], str], call: Call | None) -> Iterator[Piece]:
        try:
            text = made(piece.text)
        except Mistake as mistake:
            self.report(replace(piece, call=call), mistake)
        else:
            yield from expanded(piece, text, call)

    def unwind(self) -> None:
        """Abandon all macros being expanded: their remaining statements would only repeat the mistake."""
        while self.frames and self.frames[-1].path is None:
            del self.conditions.open[self.frames.pop().floor :]

    def equate(self, piece: Piece, begin: Head) -> None:
        """.eqv name, text: the name stands for the text from there on, where it is a word of its own."""
        match = re.compile(rf"({NAME})[\s,]+(?=\S)").match(begin.rest)
        if not match:
            raise Mistake(".eqv is written .eqv name, text", begin.rest_at)
        self.texts[match[1]] = begin.rest[match.end() :]

    def equated(self, piece: Piece) -> Piece:
        """Return a statement with names replaced by what they stand for."""
        text = percent.replaced(piece.text, self.texts)
        if text == piece.text:
            return piece
        if len(text) > len(piece.text) + MOST_LENGTH:
            self.report(piece, Mistake(f"this becomes longer than {MOST_LENGTH} characters"))
            return replace(piece, text="")
        return replace(piece, text=text)

    def leave(self, piece: Piece, begin: Head) -> None:
        alone(begin)
        within = len(self.frames)
        while self.frames[within - 1].path is None:
            within -= 1
            if self.frames[within].macro:
                break
        if within == len(self.frames):
            raise Mistake(".exitm outside a macro")
        del self.conditions.open[self.frames[within].floor :]
        del self.frames[within:]

    def purge(self, piece: Piece, begin: Head) -> None:
        if self.macros.pop(begin.rest.lower(), None) is None:
            raise Mistake(f"there is no macro {begin.rest}" if begin.rest else ".purgem needs a macro", begin.rest_at)

    def stop(self) -> None:
        """Discard all frames: no statements follow."""
        self.conditions.open.clear()
        self.frames.clear()

    def unopened(self, piece: Piece, begin: Head) -> None:
        opening = ".rept" if begin.word.lower() == ".endr" else ".macro"
        raise Mistake(f"{begin.word} without {opening}")

    # --- Repetitions and files -----------------------------------------------

    def repetition(self, piece: Piece, begin: Head) -> None:
        word = begin.word.lower()
        body, _ = self.collect(piece, word)
        if len(self.frames) >= MOST_DEPTH * 2:
            self.unwind()
            raise Mistake("repetitions nested too deeply")
        if word == ".rept":
            count = self.constant(piece, begin.rest, begin.rest_at)
            if count < 0:
                raise Mistake(f"{count} repetitions", begin.rest_at)
            self.push(chain.from_iterable(repeat(body, min(count, MOST_STATEMENTS + 1) if body else 0)))
            return
        name, end = argument(begin.rest, 0)
        if not re.fullmatch(NAME, name):
            raise Mistake(f"{word} needs the name of a parameter", begin.rest_at)
        rest = begin.rest[end:].lstrip(" \t,")
        if word == ".irp":
            values = [value for value, _ in arguments(rest, -1)]
        else:
            values = list(quoted(rest, 0)[0] if rest.startswith('"') else rest)
        self.push(self.each(body, name, values or [""]))

    def each(self, body: list[Piece], name: str, values: list[str]) -> Iterator[Piece]:
        for value in values:
            for piece in body:
                yield from self.substituted(
                    piece, partial(substitute, values={name: value}, count=self.calls), piece.call
                )

    def include(self, piece: Piece, begin: Head) -> None:
        if not re.fullmatch(r'"[^"]+"', begin.rest):
            raise Mistake('.include needs the name of a file: "name"', begin.rest_at)
        name = begin.rest[1:-1]
        try:
            path = self.reach.find(Path(piece.file).parent, name)
            text = self.reach.text(path)
        except (OSError, ValueError) as error:
            raise Mistake(f"cannot read {name}: {getattr(error, 'strerror', error)}", begin.rest_at) from None
        if any(frame.path == path.resolve() for frame in self.frames):
            raise Mistake(f"{name} includes itself", begin.rest_at)
        self.push_file(str(path), text)


def alone(begin: Head) -> None:
    """Raise Mistake if a directive that takes no operands has some."""
    if begin.rest:
        raise Mistake(f"nothing can follow {begin.word}", begin.rest_at)


def labels_of(begin: Head) -> Head:
    """Return the beginning of a statement reduced to its labels."""
    return Head(begin.labels, "", begin.word_at, "", begin.word_at)
