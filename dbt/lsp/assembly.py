"""What is known of an assembly text: its faults, what its words mean, where they are defined, what may follow."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from ring1.dbt.highlight.language import NAME
from ring1.dbt.lsp.document import Document
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.directives import WORDS
from ring1.isa.manual import control_lines, expansion, instruction
from ring1.isa.model import Isa
from ring1.isa.source import AsmError, Fault

OUTSIDE = "undefined symbol"
"""How a fault begins that another file of the program may mend."""
DEFINED = re.compile(
    rf"^\s*(?:(?P<label>{NAME}):|\.(?:equ|set|equiv|macro|comm|lcomm)\s+(?P<symbol>{NAME}))", re.MULTILINE
)
INCLUDED = re.compile(r'^\s*\.include\s+"([^"\n]+)"', re.MULTILINE)
MOST_FILES = 100
HEAD = re.compile(rf"\s*(?:{NAME}\s*:\s*)*[\w.$]*")
"""The beginning of a statement, up to its first word."""
KEYWORD, VARIABLE, CONSTANT, FUNCTION = 14, 6, 21, 3
"""Kinds of completions (CompletionItemKind)."""


def faults(isa: Isa, document: Document) -> list[tuple[Fault, bool]]:
    """Return the faults of a text, and of each whether another file of the program may mend it."""
    try:
        assemble(isa, [(document.path, document.text)])
    except AsmError as error:
        return [(fault, fault.message.startswith(OUTSIDE)) for fault in error.faults]
    return []


def texts(document: Document, open_: Mapping[str, Document]) -> Iterator[tuple[str, str]]:
    """Yield path and text of a document and of all that it includes."""
    waiting = [document.path]
    seen: set[str] = set()
    while waiting and len(seen) < MOST_FILES:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if path in open_:
            text = open_[path].text
        else:
            try:
                with open(path, encoding="utf-8") as file:
                    text = file.read()
            except (OSError, ValueError):
                continue
        yield path, text
        folder = os.path.dirname(path)
        waiting += [os.path.normpath(os.path.join(folder, name)) for name in INCLUDED.findall(text)]


def definitions(document: Document, open_: Mapping[str, Document]) -> Iterator[tuple[str, str, int, int]]:
    """Yield each name that is defined, with path, line and column from 0."""
    for path, text in texts(document, open_):
        for found in DEFINED.finditer(text):
            kind = "label" if found["label"] else "symbol"
            line = text.count("\n", 0, found.start(kind))
            yield found[kind], path, line, found.start(kind) - (text.rfind("\n", 0, found.start(kind)) + 1)


def explained(isa: Isa, word: str) -> str:
    """Return what the manual says of a word; empty if it says nothing."""
    found: list[str] = []
    if word in isa.instructions:
        found += instruction(isa, isa.instructions[word])
    found += ["    ".join(expansion(isa, alias)) for alias in isa.aliases if alias.name == word]
    if word in isa.controls:
        found += control_lines(isa, isa.controls[word])
    if word in isa.register_numbers:
        number = isa.register_numbers[word]
        found.append(f"{word} is register {number}, {', '.join(isa.registers[number])}")
    return "\n".join(found)


def candidates(isa: Isa, document: Document, open_: Mapping[str, Document], before: str) -> Iterator[tuple[str, int]]:
    """Yield the words that may follow, with their kinds: at the beginning of a statement, or among its operands."""
    statement = before.rpartition(";")[2]
    if re.fullmatch(HEAD, statement):
        yield from ((name, KEYWORD) for name in {*isa.instructions, *(alias.name for alias in isa.aliases)})
        yield from ((name, FUNCTION) for name in WORDS)
        return
    yield from ((name, VARIABLE) for name in isa.register_numbers)
    yield from ((name, CONSTANT) for name in isa.controls)
    yield from ((name, FUNCTION) for name, *_ in definitions(document, open_))
