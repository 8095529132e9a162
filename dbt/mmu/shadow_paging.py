"""Shadow paging: guest pages are mapped in windows of host addresses, so that the host's page tables are shadow page
tables of the guest's. An access costs nothing extra; showing a page costs system calls. (Bugnion et al., "Disco",
1997.)
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.paging import LOAD, STORE, Walk
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.choice import Limits
from ring1.dbt.mmu.tables import Use
from ring1.dbt.mmu.view import PAGES, View
from ring1.dbt.native.mappings import Grant

LARGEST = 4
"""Bytes of the largest access. If the host faults in the second page of an access, its start is not known."""
WRITE = 2
"""Bit of the host's page-fault error code: the access was a write (Intel SDM vol. 3A, "Page-Fault Exceptions")."""


class FrameRun(NamedTuple):
    """Consecutive frames shown together: a single page, or those of a superpage."""

    frame: int
    pages: int
    writable: bool


class ShadowPaging:
    inline = False

    def __init__(
        self,
        cpu: Cpu,
        guarded: Container[int],
        rely: Callable[[tuple[int, ...], Use], None],
        limits: Limits,
        grant: Grant,
    ) -> None:
        """`guarded`: frames that must not be written. `rely` is called with the entries that a shown page comes from.
        `grant`: the mappings that may be used."""
        self.cpu = cpu
        self.guarded = guarded
        self.rely = rely
        self.limits = limits
        self.shown: dict[View, dict[int, FrameRun]] = {}
        """View -> first page -> what is shown there."""
        self.large: dict[View, dict[int, FrameRun]] = {}
        """The same for superpages alone, which are few."""
        self.writers: dict[int, set[Use]] = {}
        """Frame -> the single pages (not superpages) that show it writable."""
        self.pieces: dict[Use, int] = {}
        """Superpage -> pieces of the grant that it takes: one, and one for each guarded frame in it."""
        self.grant = grant
        self.count = 0
        """Pieces of the grant in use."""

    def open(self, view: View) -> None:
        self.shown[view], self.large[view] = {}, {}

    def close(self, view: View) -> None:
        del self.shown[view], self.large[view]

    def full(self) -> bool:
        return self.count >= self.limits.shown

    def fill(self, view: View, address: int, kind: int, code: int) -> bool:
        cpu, walker = self.cpu, self.cpu.walker
        assert walker is not None
        walk = walker.walk(address, kind)
        p, frame, page = walker.paging, walk.physical >> 12, address >> 12
        granted = walker.judge(walk.marked)
        if not cpu.memory.has(walk.physical) or not granted >> LOAD & 1 or (kind == STORE and frame in self.guarded):
            return False
        walker.commit(address, kind, walk)
        writable = walk.marked & p.dirty == p.dirty and bool(granted >> STORE & 1)
        pages = (1 << walk.span) // PAGE
        inside = page % pages
        first, begin = page - inside, frame - inside
        if pages > self.limits.neighbours:
            self.rely(walk.path, (view, first))
            self.show_large(view, first, FrameRun(begin, min(pages, cpu.memory.end // PAGE - begin), writable))
            return kind != STORE or frame not in self.guarded
        count = self.neighbours(view, walk, first, begin, pages)
        for i in range(count):
            self.rely((*walk.path[:-1], *(at + i // pages * p.entry for at in walk.path[-1:])), (view, first + i))
        # The page, or a neighbour, may be one of the tables that map it, which `rely` has only now guarded.
        if any(begin + i in self.guarded for i in range(count)):
            first, begin, count = page, frame, 1
        self.show(view, first, begin, count, writable and frame not in self.guarded)
        return kind != STORE or frame not in self.guarded

    def neighbours(self, view: View, walk: Walk, page: int, frame: int, pages: int) -> int:
        """Return how many pages, from this one on, consecutive entries map to consecutive frames with the same bits:
        those of this leaf, which maps `pages` pages, and of the next ones."""
        memory, shown, walker = self.cpu.memory, self.shown[view], self.cpu.walker
        assert walker is not None
        p, end = walker.paging, len(memory.watch)
        if len(walk.path) < len(p.levels) or walk.span != p.page or frame + pages > end:
            return min(pages, end - frame)  # no table has entries for the next pages
        at, step, size = walk.path[-1], 1 << p.frame.lo, 1 << p.levels[-1]
        most = min(self.limits.neighbours // pages, (PAGE - at % PAGE) // p.entry, size - page // pages % size)
        leaves = 1
        while leaves < most and memory.words[(at >> 2) + leaves] == walk.marked + leaves * step:
            next_ = range(leaves * pages, (leaves + 1) * pages)
            if frame + next_[-1] >= end or any(frame + i in self.guarded or page + i in shown for i in next_):
                break
            leaves += 1
        return leaves * pages

    def show(self, view: View, page: int, frame: int, count: int, writable: bool) -> None:
        """Map consecutive pages, each of which can be hidden by itself."""
        self.make_way(view, page, count)
        for i in range(count):
            self.drop(view, page + i)
        self.take(count)
        view.window.map(page * PAGE, self.cpu.memory.fd, frame * PAGE, count * PAGE, writable, True)
        self.map_shared(view, page, frame, count, writable)
        shown = self.shown[view]
        for i in range(count):
            shown[page + i] = FrameRun(frame + i, 1, writable)
            if writable:
                self.writers.setdefault(frame + i, set()).add((view, page + i))

    def take(self, count: int) -> None:
        """Change the number of pieces in use by `count`. Raises OSError if the grant is exhausted."""
        if count > 0:
            self.grant.take(count)
        else:
            self.grant.give(-count)
        self.count += count

    def adopt(self, view: View, page: int, frame: int, writable: bool) -> None:
        """Record a page that has been shown by other means."""
        self.drop(view, page)
        self.shown[view][page] = FrameRun(frame, 1, writable)
        if writable:
            self.writers.setdefault(frame, set()).add((view, page))
        self.take(1)

    def show_large(self, view: View, page: int, run: FrameRun) -> None:
        """Map a superpage, read-only for its guarded frames. Pages are populated when they are first touched."""
        self.make_way(view, page, run.pages)
        for inside in [other for other in self.shown[view] if page <= other < page + run.pages]:
            self.drop(view, inside)
        guarded = [i for i in range(run.pages) if run.frame + i in self.guarded] if run.writable else []
        self.take(1 + len(guarded))
        self.shown[view][page] = self.large[view][page] = run
        self.pieces[view, page] = 1 + len(guarded)
        view.window.map(page * PAGE, self.cpu.memory.fd, run.frame * PAGE, run.pages * PAGE, run.writable)
        self.map_shared(view, page, run.frame, run.pages, run.writable)
        for i in guarded:
            view.window.protect((page + i) * PAGE, PAGE, False)

    def map_shared(self, view: View, page: int, frame: int, count: int, writable: bool) -> None:
        """Map what of a run of frames is shared with other machines, over what has been mapped."""
        if not self.cpu.memory.shared:
            return
        for pages, begin, end in self.cpu.memory.within(frame * PAGE, count * PAGE):
            at, offset = page * PAGE + begin - frame * PAGE, begin - pages.address
            view.window.map_shared(at, pages.fd, offset, end - begin, writable and pages.writable)

    def make_way(self, view: View, page: int, count: int) -> None:
        """Hide every superpage that includes any of these pages."""
        for first, run in list(self.large[view].items()):
            if first < page + count and page < first + run.pages:
                self.hide(view, [first])

    def drop(self, view: View, page: int) -> FrameRun | None:
        """Remove the record of a shown page, and return it."""
        before = self.shown[view].pop(page, None)
        if before is not None:
            self.take(-self.pieces.pop((view, page), 1))
            self.large[view].pop(page, None)
            if before.pages == 1 and before.writable:
                self.writers.get(before.frame, set()).discard((view, page))
        return before

    def hide(self, view: View, pages: Sequence[int]) -> None:
        dropped = ((page, self.drop(view, page)) for page in sorted(pages))
        hidden = [range(page, page + run.pages) for page, run in dropped if run is not None]
        for pages in joined(hidden):
            view.window.unmap(pages.start * PAGE, len(pages) * PAGE)

    def clear(self, view: View) -> None:
        for page in list(self.shown[view]):
            self.drop(view, page)
        view.window.clear()

    def clear_inline(self, view: View) -> None:
        """Do nothing: generated code fills in nothing."""

    def guard(self, frame: int) -> None:
        for view, page in self.writers.pop(frame, ()):
            self.shown[view][page] = FrameRun(frame, 1, False)
            view.window.protect(page * PAGE, PAGE, False)
        self.protect_large(frame, False)

    def release(self, frame: int) -> None:
        self.protect_large(frame, True)  # single pages are shown anew when they are next written to

    def protect_large(self, frame: int, writable: bool) -> None:
        for view, runs in self.large.items():
            for page, run in runs.items():
                if run.writable and run.frame <= frame < run.frame + run.pages:
                    if not writable:
                        self.take(1)
                        self.pieces[view, page] += 1
                    view.window.protect((page + frame - run.frame) * PAGE, PAGE, writable)
                    if writable:
                        self.take(-1)
                        self.pieces[view, page] -= 1

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        guest = address - view.base
        within = 0 <= guest < PAGES * PAGE and guest % PAGE <= PAGE - LARGEST
        return guest, STORE if code & WRITE else LOAD, within


def joined(ranges: Iterable[range]) -> Iterator[range]:
    """Yield ascending ranges of pages, those that follow one another as one."""
    whole = range(0)
    for pages in ranges:
        if pages.start == whole.stop:
            whole = range(whole.start, pages.stop)
        else:
            if whole:
                yield whole
            whole = pages
    if whole:
        yield whole
