"""The stencils of a machine under a policy: made when they are first wanted, and kept for other runs."""

from __future__ import annotations

import marshal
from collections import Counter
from functools import cached_property
from typing import Any, NamedTuple

from ring1.dbt.host.stencil import EncodedStencil
from ring1.dbt.stencils.formulas import Formulas
from ring1.dbt.stencils.pattern import ANY_MODE, Home, Key, Pattern
from ring1.dbt.stencils.stencil import Functions, PlainStencil, Stencil, plain
from ring1.isa import shipped, store
from ring1.isa.derived import derived
from ring1.isa.model import Isa

KIND = "stencils"
MOST, MOST_PATTERNS = 1 << 14, 64
"""Most stencils of a table, which then begins anew, and most patterns for one key: a guest that executes garbage shall
not exhaust the host's memory."""


class Where(NamedTuple):
    """What a stencil is for."""

    name: str
    mode: int
    lookup: bool
    paged: bool
    homes: tuple[Home, ...]
    """Of the registers that operands name, in their order, and then of those that are used implicitly."""
    controls: tuple[int, ...]


class Plain(NamedTuple):
    """A table as tuples, strings and numbers alone, which are read in a fraction of the time of records."""

    patterns: dict[tuple[Any, ...], bytes]
    """Of each key, the patterns as bytes, since a program needs a small part of them."""
    stencils: dict[tuple[Any, ...], list[tuple[Any, ...]]]
    formulas: tuple[bytes, bytes]


EMPTY = Plain({}, {}, (b"", b""))


def read(found: Any) -> Plain:
    """Return a table as it has been saved; an empty one if it is none."""
    try:
        return Plain(*marshal.loads(found)) if isinstance(found, bytes) else EMPTY
    except (EOFError, ValueError, TypeError):
        return EMPTY


class Table:
    """Patterns and stencils by what they are for."""

    def __init__(self, name: str = "", keep: bool = False) -> None:
        """`name`: the entry of the cache, a key; empty if there is none. New stencils are saved there if they are to be
        kept."""
        self.name = name
        self.keep = keep and bool(name)
        self.kept = read(name and store.saved(KIND, name))
        self.count = sum(map(len, self.kept.stencils.values()))
        self.formulas = Formulas((self.kept if self.kept.patterns else self.shipped).formulas)
        self.known: dict[Key, list[Functions]] = {}
        self.stencils: dict[Where, list[Stencil]] = {}
        self.refused: set[Key] = set()
        """What no stencil can serve."""
        self.changed = False

    @cached_property
    def shipped(self) -> Plain:
        """What comes with ring1, which is looked at where nothing is kept: a program needs a small part of it."""
        return read(self.name and shipped.find(KIND, store.content(self.name)))

    def patterns(self, key: Key) -> list[Functions]:
        """Return the patterns for a key."""
        known = self.known.get(key)
        if known is None:
            kept = self.kept.patterns.get(key) or self.shipped.patterns.get(key)
            patterns = map(Pattern.of, marshal.loads(kept)) if kept else ()
            known = self.known[key] = [Functions(pattern, self.formulas) for pattern in patterns]
        return known

    def get(self, where: Where) -> list[Stencil]:
        """Return the stencils for a place."""
        known = self.stencils.get(where)
        if known is None:
            kept = [PlainStencil(*one) for one in self.kept.stencils.get(where, ())]
            known = [Stencil(code, self.patterns(Key(*code.key))[code.number]) for code in kept]
            self.stencils[where] = known
        return known

    def refuses(self, key: Key) -> bool:
        """Is no pattern to be added for a key, since there are too many or there can be none?"""
        anywhere = key._replace(mode=ANY_MODE)
        return key in self.refused or MOST_PATTERNS in (len(self.patterns(key)), len(self.patterns(anywhere)))

    def add_pattern(self, key: Key, pattern: Pattern) -> None:
        """Add a pattern that was not there."""
        self.patterns(key).append(Functions(pattern, self.formulas))
        self.changed = True

    def add(self, where: Where, key: Key, number: int, code: EncodedStencil) -> Stencil:
        """Add a stencil of a pattern, by the pattern's number among those of its key."""
        if self.count == MOST:
            self.kept, self.count = EMPTY, 0
            self.known = {key: self.known[key]}
            self.stencils.clear()
        functions = self.patterns(key)[number]
        made = Stencil(plain(key, number, functions.pattern, code), functions)
        self.get(where).append(made)
        self.count += 1
        self.changed = True
        return made

    def counts(self) -> Counter[str]:
        """Return the number of patterns of each instruction."""
        found = Counter[str]()
        for key, made in (self.shipped.patterns | self.plain.patterns).items():
            found[key[0]] += len(marshal.loads(made))
        return found

    @property
    def plain(self) -> Plain:
        """What there is to keep."""
        known, stencils = list(self.known.items()), list(self.stencils.items())  # others may add to them meanwhile
        return Plain(
            self.kept.patterns
            | {tuple(key): marshal.dumps([one.pattern.plain for one in made]) for key, made in known if made},
            self.kept.stencils | {tuple(where): [tuple(one.code) for one in list(made)] for where, made in stencils},
            self.formulas.plain,
        )

    def save(self) -> None:
        """Save the table if there are new stencils."""
        if self.changed and self.keep:
            store.save(KIND, self.name, marshal.dumps(tuple(self.plain)))
        self.changed = False


@derived
def table_of(isa: Isa, how: str, keep: bool) -> Table:
    """Return the stencils of a machine whose code is generated in a certain way, as many machines as there are."""
    return Table(store.key(isa.digest, how) if isa.digest else "", keep)
