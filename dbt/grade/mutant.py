"""A mutant: a reference with one thing wrong in it, which tests have to notice."""

from __future__ import annotations

import os

from ring1.isa.record import Record
from ring1.isa.source import Position

INTERCEPT, CHECK, RIGHTS, EFFECT = "dropped intercept", "weakened check", "wrong rights", "lost effect"
"""Kinds of mutants."""


class Edit(Record):
    """A change of a text: the characters from `start` to `end` become others."""

    start: int
    end: int
    text: str

    def applied(self, text: str) -> str:
        return text[: self.start] + self.text + text[self.end :]


class Patch(Record):
    """A change of a program: the n-th word that comes from a line is changed in a way (see program_mutants)."""

    line: int
    number: int
    way: str


class Mutant(Record):
    kind: str
    place: Position
    """In the reference."""
    what: str
    """What has become of what is there."""
    change: Edit | Patch

    @property
    def name(self) -> str:
        return f"{self.kind} at {os.path.basename(self.place.file)}:{self.place.line}: {self.what}"


def spread(mutants: list[Mutant], most: int) -> list[Mutant]:
    """Return so many mutants, spread evenly over all."""
    if not 0 < most < len(mutants):
        return mutants
    return [mutants[n * len(mutants) // most] for n in range(most)]
