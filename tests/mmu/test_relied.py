"""The records by which generated code flushes the TLB are those of the entries that are relied on, in any order."""

from __future__ import annotations

import ctypes
import struct

from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.machine.state import FILLED, MET, RELIED, State
from ring1.dbt.mmu.relied import ONES, RECORD, UNKNOWN, Relied

MARKS = 0xC0

EVENTS = st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, ONES)), max_size=60)
"""An entry, and its new value or None if it is dropped."""


def made(most: int = 16) -> tuple[Relied, memoryview]:
    quads = memoryview(bytearray(8 * (1 + max(map(State.quad, (RELIED, FILLED, MET)))))).cast("Q")
    return Relied(quads, MARKS, {}, most), quads


def written(quads: memoryview) -> dict[int, tuple[int, int]]:
    """Return what generated code sees: physical address -> value and mask."""
    first, count = quads[State.quad(RELIED)], quads[State.quad(RELIED) + 1]
    assert count != UNKNOWN
    records = struct.iter_unpack("<QII", ctypes.string_at(first, RECORD * count))
    found = {at: (value, mask) for at, value, mask in records}
    assert len(found) == count
    return found


def expected(entries: dict[int, int]) -> dict[int, tuple[int, int]]:
    """A mark may come; whatever else differs is a change, and a mark that goes."""
    return {at: (value, ONES & ~(MARKS & ~value)) for at, value in entries.items()}


@given(EVENTS)
def test_the_records_are_those_of_the_entries(events: list[tuple[int, int | None]]) -> None:
    it, quads = made()
    entries: dict[int, int] = {}
    for number, value in events:
        at = 0x8000_0000 + 4 * number
        if value is None:
            entries.pop(at, None)
            it.drop(at)
        else:
            entries[at] = value
            it.note(at, value)
        assert written(quads) == expected(entries)


@given(EVENTS)
def test_too_many_entries_are_not_known_until_they_are_fewer(events: list[tuple[int, int | None]]) -> None:
    it, quads = made(4)
    entries: dict[int, int] = {}
    for number, value in events:
        at = 4 * number
        if value is None:
            entries.pop(at, None)
            it.drop(at)
        else:
            entries[at] = value
            it.note(at, value)
        if it.known:
            assert written(quads) == expected(entries)
        else:
            assert quads[State.quad(RELIED) + 1] == UNKNOWN
            if len(entries) <= 2:
                it.again(entries)
                assert written(quads) == expected(entries)
