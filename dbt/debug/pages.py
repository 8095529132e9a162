"""What page tables map, and how an address is translated: read from memory, with nothing marked."""

from __future__ import annotations

from collections.abc import Iterator

from ring1.dbt.machine.paging import FETCH, LOAD, POINTER, STORE, Walker
from ring1.dbt.machine.step import Cpu
from ring1.isa.model import WORD, Bits
from ring1.isa.python import Trap

KINDS = ((LOAD, "load"), (STORE, "store"), (FETCH, "fetch"))
MOST = 256
"""Most ranges that are shown."""
OFF = "paging is off: addresses are physical"
Leaf = tuple[int, int, int, int]
"""First address, bytes, physical address and entry of what a leaf entry maps."""


def leaves(walker: Walker, table: int, level: int, base: int, shift: int) -> Iterator[Leaf]:
    """Yield what the entries of a table map, in order."""
    paging, memory = walker.paging, walker.memory
    bits = paging.levels[level]
    shift -= bits
    for index in range(1 << bits):
        at = table + index * paging.entry
        if not memory.has(at, paging.entry):
            continue
        entry = memory.words[at >> 2]
        if not entry:
            continue
        verdict, frame = walker.judge(entry), entry >> paging.frame.lo & walker.most_frames
        first = base + (index << shift)
        if verdict == POINTER:
            if level + 1 < len(paging.levels):
                yield from leaves(walker, frame << paging.page, level + 1, first, shift)
        elif verdict and not frame & (1 << shift - paging.page) - 1:
            yield first, 1 << shift, frame << paging.page, entry


def joined(found: Iterator[Leaf], flags: int) -> Iterator[Leaf]:
    """Yield runs of leaves that map adjacent pages to adjacent frames with the same flags."""
    last: Leaf | None = None
    for leaf in found:
        first, size, physical, entry = leaf
        if last is not None and (last[0] + last[1], last[2] + last[1], last[3] & flags) == (
            first,
            physical,
            entry & flags,
        ):
            last = last[0], last[1] + size, last[2], last[3]
            continue
        if last is not None:
            yield last
        last = leaf
    if last is not None:
        yield last


def named(entry: int, fields: tuple[Bits, ...], frame: Bits) -> str:
    """Return the flags that an entry has set, by name."""
    return " ".join(field.name for field in fields if field is not frame and entry & field.mask)


def present(cpu: Cpu) -> Walker | None:
    """Return a walker of the guest's own tables, whatever the engine translates by; None if paging is off."""
    if cpu.isa.paging is None:
        return None
    walker = Walker(cpu.isa, cpu, cpu.memory)
    walker.table = walker.root(cpu) << walker.paging.page
    return walker if walker.translates() else None


def mapped(cpu: Cpu) -> Iterator[str]:
    """Yield a line for each range that the present tables map for the present mode."""
    walker = present(cpu)
    if walker is None:
        yield OFF
        return
    paging = walker.paging
    yield f"the root table is at {walker.table:08x}"
    found = joined(leaves(walker, walker.table, 0, 0, WORD), walker.flags)
    for number, (first, size, physical, entry) in enumerate(found):
        if number == MOST:
            yield "  ..."
            return
        yield f"  {first:08x}-{first + size - 1:08x} -> {physical:08x}  {named(entry, paging.fields, paging.frame)}"


def translated(cpu: Cpu, address: int) -> Iterator[str]:
    """Yield what each kind of access to an address comes to, and the entries that decide it."""
    walker = present(cpu)
    if walker is None:
        yield OFF
        return
    for kind, name in KINDS:
        try:
            walk = walker.walk(address, kind)
        except Trap as trap:
            yield f"{name}: traps, cause {trap.cause}"
            continue
        path = ", ".join(f"[{at:08x}] = {walker.memory.words[at >> 2]:08x}" for at in walk.path)
        yield f"{name}: {address:08x} -> {walk.physical:08x} by {path}"
