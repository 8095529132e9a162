"""A checkpoint: the whole state of a machine at a moment, in memory. Pages that did not change are shared."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.machine.memories import chunks
from ring1.dbt.machine.memory import PAGE, Memory
from ring1.dbt.machine.saved import Saved
from ring1.dbt.travel.moment import Moment
from ring1.isa.record import Record

ZEROS = bytes(PAGE)


class Checkpoint(Record):
    """All that a machine is made of at `moment`, when `done` entries of its journal had been carried out."""

    moment: Moment
    done: int
    cpu: Saved
    bus: Saved
    pages: Mapping[int, bytes]
    """Page number -> contents; all other pages are zero."""
    written: int
    """Bytes of console output so far."""
    closed: bool
    """Has the console's input been closed?"""
    disk: bytes | None


def pages_of(memory: Memory, before: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the pages of RAM that are not all zeros; those that are as `before` are the same objects."""
    found: dict[int, bytes] = {}
    view = memory.map
    for part in chunks(memory):
        for at in range(part.start, part.stop, PAGE):
            data = view[at : at + PAGE]
            if data != ZEROS:
                known = before.get(at >> 12)
                found[at >> 12] = known if known == data else data
    return found


def put_pages(memory: Memory, pages: Mapping[int, bytes]) -> None:
    """Make RAM hold these pages, and zeros elsewhere, by writes to those that differ."""
    view = memory.map
    for part in chunks(memory):
        for at in range(part.start, part.stop, PAGE):
            wanted = pages.get(at >> 12, ZEROS)
            if view[at : at + PAGE] != wanted:
                memory.write(at, wanted)
    for page, data in pages.items():
        if view[page << 12 : page + 1 << 12] != data:
            memory.write(page << 12, data)
