"""Which instructions stand where, as far as memory shows it: from an address on, or around one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ring1.isa.model import Words

Fetch = Callable[[int], int | None]
"""Returns the instruction at an address, or None if it cannot be read."""


def sweep(words: Words, fetch: Fetch, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield address and word of each instruction from `at` on that begins before `end`, up to one that cannot be
    read."""
    while at < end and (word := fetch(at)) is not None:
        yield at, word
        at += words.size(word)


def around(words: Words, fetch: Fetch, pc: int, before: int, after: int) -> list[tuple[int, int]]:
    """Return address and word of the instruction at pc, of at most `before` that lead to it, and of `after` behind it;
    nothing if that at pc cannot be read."""
    if fetch(pc) is None:
        return []
    longest = max(words.table.values())
    least = max(pc - longest * before, pc % words.least)
    first = next((at for at in range(least, pc, words.least) if leads(words, fetch, at, pc)), pc)
    reached = [*sweep(words, fetch, first, pc)][-before:] if before else []
    behind = sweep(words, fetch, pc, pc + longest * (after + 1))
    return reached + [found for found, _ in zip(behind, range(after + 1), strict=False)]


def leads(words: Words, fetch: Fetch, at: int, pc: int) -> bool:
    """Do the instructions from `at` on lead to one at `pc`?"""
    last = at
    for place, word in sweep(words, fetch, at, pc):
        last = place + words.size(word)
    return last == pc
