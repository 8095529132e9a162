"""What is known of a description: its faults, what its words mean, where they are defined, what may follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ring1.dbt.highlight.language import description
from ring1.dbt.lsp.document import Document
from ring1.isa.read import read
from ring1.isa.source import Fault, IsaError

DEFINED = re.compile(r"\b(?:isa|control|operand|format|insn|modifier|cause)\s+(?P<name>[A-Za-z_]\w*)")
KEYWORDS = tuple(
    sorted(set(re.findall(r"[a-z]+", next(rule.pattern for rule in description().head if rule.kind == "keyword"))))
)
KEYWORD, VARIABLE = 14, 6


def faults(document: Document, open_: Mapping[str, Document]) -> list[tuple[Fault, bool]]:
    """Return the faults of a description, with those of what it extends."""
    try:
        read(document.path, open_={path: each.text for path, each in open_.items()})
    except IsaError as error:
        return [(fault, False) for fault in error.faults]
    return []


def definitions(document: Document) -> Iterator[tuple[str, str, int, int]]:
    """Yield each name that is described, with path, line and column from 0."""
    for number, line in enumerate(document.lines):
        for found in DEFINED.finditer(line.partition("//")[0]):
            yield found["name"], document.path, number, found.start("name")


def candidates(document: Document) -> Iterator[tuple[str, int]]:
    yield from ((word, KEYWORD) for word in KEYWORDS)
    yield from ((name, VARIABLE) for name, *_ in definitions(document))
