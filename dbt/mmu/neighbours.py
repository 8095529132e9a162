"""Pages beside one that has been walked to: what generated code will fetch from next."""

from __future__ import annotations

from collections.abc import Iterator

from ring1.dbt.machine.memory import CODE, PAGE
from ring1.dbt.machine.paging import Walk, Walker
from ring1.dbt.machine.state import ONES


def beside(walker: Walker, walk: Walk) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the distances, in pages, of other pages with translated code that the same table maps as it maps the page
    of a walk, with the same bits and to frames at the same distances; and the entries of each. A look-aside buffer may
    hold them as well."""
    p, memory = walker.paging, walker.memory
    if not walker.whole or len(walk.path) < len(p.levels) or 1 << p.page != PAGE:
        return
    watch, words, frame = memory.watch, memory.words, walk.physical // PAGE
    at, step = walk.path[-1], 1 << p.frame.lo
    number, entries = at % (p.entry << p.levels[-1]) // p.entry, 1 << p.levels[-1]
    for distances in (range(1, entries - number), range(-1, -number - 1, -1)):
        for distance in distances:
            if words[at + distance * p.entry >> 2] != walk.marked + distance * step & ONES:
                break
            if 0 <= frame + distance < len(watch) and watch[frame + distance] & CODE:
                yield distance, (*walk.path[:-1], at + distance * p.entry)
