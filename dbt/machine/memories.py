"""Comparing whole memories, only in the parts that the host has allocated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ring1.dbt.machine.memory import Memory

CHUNK = 1 << 16
"""Bytes of RAM compared or copied at a time."""


def chunks(*memories: Memory) -> Iterator[slice]:
    """Yield the parts of RAM outside of which all of these memories, which are at the same addresses, hold zeros."""
    at, end = memories[0].base, memories[0].end
    while (at := min(memory.begin(at) for memory in memories)) < end:
        yield slice(at, min(at + CHUNK, end))
        at += CHUNK


def apart(one: Memory, other: Memory, pages: Iterable[int]) -> list[int]:
    """Return those of the given pages in which two memories differ, in order."""
    a, b = one.map, other.map
    return sorted(n for n in pages if a[n << 12 : n + 1 << 12] != b[n << 12 : n + 1 << 12])


def differing(one: Memory, other: Memory) -> list[int]:
    """Return the pages in which two memories differ, in order."""
    a, b = one.map, other.map
    parts = [part for part in chunks(one, other) if a[part] != b[part]]
    return apart(one, other, {page for part in parts for page in range(part.start >> 12, part.stop >> 12)})
