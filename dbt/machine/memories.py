"""Whole memories, compared and copied in the parts that the host has pages for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ring1.dbt.machine.memory import Memory

CHUNK = 1 << 16
"""Bytes of RAM that are compared or copied at once."""


def chunks(*memories: Memory) -> Iterator[slice]:
    """Parts of RAM outside of which there is nothing but zeros in any of these memories of one size."""
    size, at = memories[0].size, 0
    while (at := min(memory.begin(at) for memory in memories)) < size:
        yield slice(at, min(at + CHUNK, size))
        at += CHUNK


def apart(one: Memory, other: Memory, pages: Iterable[int]) -> list[int]:
    """Those of these pages that two memories do not agree on."""
    a, b = one.map, other.map
    return sorted(n for n in pages if a[n << 12 : n + 1 << 12] != b[n << 12 : n + 1 << 12])


def differing(one: Memory, other: Memory) -> list[int]:
    """The pages that two memories do not agree on."""
    a, b = one.map, other.map
    parts = [part for part in chunks(one, other) if a[part] != b[part]]
    return apart(one, other, {page for part in parts for page in range(part.start >> 12, part.stop >> 12)})
