"""The views of the guest's address spaces: which exist, which one is in use, and what they show.

A view is made when generated code first runs in an address space with the rights of a processor mode, filled page by
page as accesses fault or miss, and kept when the guest switches to another. Invariants:

- A view shows a page only as far as the guest's tables allow, with accessed and dirty bits set as if each access had
  walked them: a page whose entry is not dirty is not writable.
- A guarded frame is writable in no view.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from ring1.dbt.machine.memory import GUARDED, PAGE, TRACED
from ring1.dbt.machine.paging import FETCH
from ring1.dbt.machine.state import SPACE, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.by_site import BySite
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.mmu.context_words import ContextWords, Key
from ring1.dbt.mmu.device_pages import show_device
from ring1.dbt.mmu.flat import FlatWindow
from ring1.dbt.mmu.neighbours import beside
from ring1.dbt.mmu.relied import Relied
from ring1.dbt.mmu.rights import MIXED, UNPAGED, Rights
from ring1.dbt.mmu.rows import Rows
from ring1.dbt.mmu.shadow_paging import ShadowPaging
from ring1.dbt.mmu.softtlb import SoftTlb
from ring1.dbt.mmu.tables import Tables, Use
from ring1.dbt.mmu.technique import MmuTechnique
from ring1.dbt.mmu.view import View
from ring1.dbt.native import slots
from ring1.dbt.native.mappings import Grant, Mappings
from ring1.isa.page_flush import leaves
from ring1.isa.python import Trap

UNLIMITED = 1 << 62
WINDOW_QUAD, SPACE_QUAD = State.quad(slots.WINDOW), State.quad(SPACE)


class Space:
    """An address space: the class of each processor mode, and the view, if any, of each class."""

    def __init__(self, classes: Sequence[int]) -> None:
        self.classes = classes
        self.views: dict[int, View] = {}


class Spaces:
    """The views of one virtual CPU."""

    def __init__(
        self,
        cpu: Cpu,
        flat: View,
        null: View,
        mmu: Mmu,
        real: Sequence[int],
        view: Callable[[Iterable[int]], View] = View,
        relied: Callable[[tuple[int, ...]], None] = lambda path: None,
    ) -> None:
        """`flat`: the view with paging off. `null`: the view with no pages and no code, which leads to the VMM. `real`:
        guest's processor mode -> the mode that generated code runs in. `view` makes a view for some of these modes.
        `relied` is called with the entries by which a page is shown. Raises OSError if the host refuses memory."""
        self.cpu, self.flat, self.null = cpu, flat, null
        self.traced, self.limits = mmu.traced, mmu.limits
        self.room = mmu.limits.neighbours + mmu.limits.beside
        """Pieces of mappings that showing one access's pages may take."""
        self.real, isa = real, cpu.isa
        self.modes = isa.mode.count if isa.mode else 1
        self.mode_slot, self.mode_shift, self.mode_mask = 0, 0, 0
        if isa.mode:
            self.mode_slot = isa.slots[isa.mode.control]
            self.mode_shift, self.mode_mask = isa.mode.bits.lo, self.modes - 1
        self.known: OrderedDict[Key, Space] = OrderedDict()
        self.rights = Rights(cpu)
        self.words = ContextWords(cpu, self.rights)
        self.rows = Rows(cpu.state)
        self.present: tuple[Key, int] = (None, 0)
        """The context word and mode that generated code is set up for."""
        self.space: Key = None
        """The address space that generated code is set up for."""
        self.look, self.seen = self.words.look, None
        """Returns the control registers that `present` is made of; what it has returned last."""
        self.views: set[View] = set()
        marks = isa.paging.marks if isa.paging else 0
        self.inside = Relied(cpu.state.quads, marks, leaves(isa))
        """What generated code needs to flush the TLB by itself."""
        self.tables = Tables(cpu.memory, marks, self.inside)
        self.guarded: dict[int, int] = {}
        """Frame -> flags that say why it must not be written."""
        self.grant = Grant(None if flat.window.granted else Mappings(UNLIMITED), mmu.limits.pieces)
        self.memory = FlatWindow(flat.window, cpu.memory.base, cpu.memory.size, self.guarded, self.grant)
        soft = SoftTlb(cpu, self.guarded, self.rely, flat.base, self.inside)
        self.shadow = ShadowPaging(cpu, self.guarded, self.rely, mmu.limits, self.grant)
        ways: dict[str, MmuTechnique] = {"softtlb": soft, "shadow": self.shadow, "adaptive": BySite(self.shadow, soft)}
        self.technique = ways[mmu.technique]
        self.view = flat
        self.make, self.relied = view, relied
        self.spare: dict[tuple[int, ...], list[View]] = {}
        """Modes -> views that are not in use."""
        self.miss = 0

    # --- Which view --------------------------------------------------------------------

    def mode(self) -> int:
        """Return the guest's processor mode."""
        return self.cpu.s[self.mode_slot] >> self.mode_shift & self.mode_mask

    def enter(self) -> View:
        """Return the view of the present address space and mode, and set up generated code to use it."""
        cpu = self.cpu
        quads, before, self.seen = cpu.state.quads, self.seen, self.look(cpu.s)
        if self.seen == before:
            return self.view
        raw = self.words.present()
        now = raw, self.mode()
        if now == self.present:
            return self.view
        cpu.refresh()
        key = self.words.space(raw)
        self.present, self.space, mode = now, key, now[1]
        space = self.known.get(key)
        if space is None:
            space = self.known[key] = Space(self.rights.classes(self.rights.sights()))
            space.views[UNPAGED] = self.flat
        self.known.move_to_end(key)
        if len(self.known) > self.limits.known:
            self.drop(next(iter(self.known)))
        which = space.classes[mode]
        view = self.null  # generated code leaves, and the code is interpreted
        if which != MIXED:
            view = space.views.get(which) or self.new(space, which)
        if view is not self.null:
            space.views[which] = view
            self.open(view, self.real[mode])
        self.view = view
        number, handle = self.rows.number(raw), view.window.handle
        if not self.rows.holds(number, raw, key, mode, handle):
            views = [space.views.get(other, self.null) for other in space.classes]
            able = [other if self.real[i] in other.opened else self.null for i, other in enumerate(views)]
            self.rows.fill(number, raw, key, [other.window.handle for other in able])
        quads[WINDOW_QUAD] = handle
        quads[SPACE_QUAD] = self.rows.address(number)
        return view

    def new(self, space: Space, which: int) -> View:
        """Make a view for the modes of a class. At the limit, the views of the least recently used address space are
        released."""
        while len(self.views) >= self.limits.views:
            self.drop(next(key for key in self.known if key != self.space))
        modes = tuple(sorted({self.real[mode] for mode, other in enumerate(space.classes) if other == which}))
        spare = self.spare.setdefault(modes, [])
        view = spare.pop() if spare else self.another(space, modes)
        if view is not self.null:
            self.technique.open(view)
            self.views.add(view)
        return view

    def another(self, space: Space, modes: tuple[int, ...]) -> View:
        """Make a view, in the place of one that is kept for other modes if there are as many as may be. If the host has
        no room for it, release all others and return one of them, or the null view."""
        idle = next((views for views in self.spare.values() if views), None)
        if idle and len(self.views) + sum(map(len, self.spare.values())) >= self.limits.views:
            self.discard(idle.pop())
        try:
            return self.make(modes)
        except OSError:
            for key in list(self.known):
                if self.known[key] is not space:
                    self.drop(key)
            self.rows.take(self.space)
            for view in space.views.values():
                if view is not self.flat:
                    self.retire(view)
            space.views = {UNPAGED: self.flat}
            return (self.spare[modes] or [self.null]).pop()

    def open(self, view: View, mode: int) -> None:
        """Have a view's jump cache for a real mode be used, as what there is in another view: blocks check that their
        pages are where they were."""
        if mode not in view.opened:
            others = () if view is self.flat else self.views
            view.open_jumps(mode, self.miss, next((other for other in others if mode in other.opened), None))

    def clear_jumps(self, miss: int) -> None:
        """Empty all jump caches; empty entries lead to the host address `miss`."""
        self.miss = miss
        for view in [self.flat, *self.views, self.null]:
            view.clear_jumps(miss)

    def set_jump(self, entry: int, flat: bool, address: int) -> None:
        """Have an entry of the jump caches lead to a host address, in the view with paging off or in all others."""
        for view in (self.flat,) if flat else self.views:
            view.set_jump(entry, address)

    def drop(self, key: Key) -> None:
        """Release the views of an address space."""
        self.rows.take(key)
        for view in self.known.pop(key).views.values():
            if view is not self.flat:
                self.retire(view)

    def retire(self, view: View) -> None:
        """Empty a view and keep it for reuse."""
        self.clear(view)
        view.opened.clear()
        self.views.discard(view)
        self.spare[view.modes].append(view)

    def discard(self, view: View) -> None:
        """Release the addresses of a view that is empty and not in use."""
        self.clear_inline()  # nobody may clear by address what has been filled there
        self.technique.close(view)
        view.close()

    def rest(self) -> None:
        """Release all views but the flat one, as generated code does not run for a while."""
        self.empty()
        for key in list(self.known):
            self.drop(key)
        for views in self.spare.values():
            while views:
                self.discard(views.pop())
        self.view, self.present, self.space, self.seen = self.null, (None, 0), None, None

    def clear_inline(self) -> None:
        """Clear the software TLBs, in which generated code has filled in entries itself."""
        if self.inside.filled():
            for view in self.views:
                self.technique.clear_inline(view)
            self.inside.emptied()

    # --- What it shows -------------------------------------------------------------------

    def locate(self, pc: int) -> int | None:
        """Return the frame of the instruction at pc, and enter its page in the code map; None if fetching it traps."""
        view, page = self.view, pc >> 12
        if view is self.flat:
            return page if self.cpu.memory.has(pc) else None
        if view is self.null:
            return None
        shown = view.code[page]
        if shown:
            return int(shown) - 1
        walker = self.cpu.walker
        assert walker is not None
        try:
            walk = walker.walk(pc, FETCH)
        except Trap:
            return None
        if not self.cpu.memory.has(walk.physical):
            return None
        walker.commit(pc, FETCH, walk)
        self.rely(walk.path, (view, page))
        view.show_code(page, walk.physical >> 12)
        for distance, path in beside(walker, walk) if self.tables.uses < self.limits.uses // 2 else ():
            if not view.code[page + distance]:
                self.rely(path, (view, page + distance))
                view.show_code(page + distance, (walk.physical >> 12) + distance)
        return walk.physical >> 12

    def fill(self, address: int, kind: int, code: int) -> bool:
        """Show the page of an access that generated code could not make. False if it must not make it. `code` is the
        slot FAULT_ERROR. Raises Trap."""
        if self.view is self.flat:
            return False
        if self.technique.full() or self.tables.uses >= self.limits.uses or not self.grant.room(self.room):
            self.empty()
            if not self.grant.room(self.room):
                return False
        try:
            return self.technique.fill(self.view, address, kind, code)
        except OSError:  # other code has used up the process's mappings, and Python needs some too
            self.grant.shrink()
            self.empty()
            return False

    def show_device(self, address: int) -> None:
        """Show the registers of a device that are in the page of a guest address, which the guest has just accessed."""
        if self.tables.uses >= self.limits.uses:
            self.empty()
        path = show_device(self.cpu, self.view, self.view is not self.flat, address)
        if path is not None and self.view is not self.flat:
            self.rely(path, (self.view, address // PAGE))

    def adopt(self, handle: int, page: int, frame: int, writable: bool, used: dict[int, int]) -> None:
        """Record a page that the monitor has shown in the view with this handle. `used`: physical address -> value of
        the guest's entries that it used. If the frame has been guarded since, the page is hidden again."""
        view = next(view for view in self.views if view.window.handle == handle)
        self.rely(tuple(used), (view, page), tuple(used.values()))
        self.shadow.adopt(view, page, frame, writable)
        if writable and frame in self.guarded:
            self.forget([(view, page)])
        if self.technique.full() or self.tables.uses >= self.limits.uses:
            self.empty()

    def rely(self, path: tuple[int, ...], use: Use, values: Sequence[int] | None = None) -> None:
        """Record the entries that the page shown next depends on (see Tables.rely), and hide what was shown by entries
        that no longer hold, the page itself included."""
        self.relied(path)
        self.inside.meet(use[1] * PAGE, len(path))
        self.forget(self.tables.rely(path, use, values))
        if self.traced:
            for at in path:
                self.trace(at // PAGE)

    def trace(self, page: int) -> None:
        """Guard a table, so that every write to it is seen."""
        self.cpu.memory.watch[page] |= TRACED
        self.guard(page, TRACED)

    def untrace(self, page: int) -> None:
        """Stop tracing a table."""
        self.cpu.memory.watch[page] &= ~TRACED
        self.release(page, TRACED)

    def forget(self, uses: Iterable[Use]) -> None:
        """Hide pages, and remove them from the code map."""
        pages: dict[View, list[int]] = {}
        for view, page in uses:
            pages.setdefault(view, []).append(page)
        for view in pages.keys() & self.views:
            try:
                self.technique.hide(view, pages[view])
            except OSError:  # other code has used up the process's mappings
                self.clear(view)
            for page in pages[view]:
                view.hide_device(page)
                view.hide_code(page)

    def clear(self, view: View) -> None:
        """Hide everything in a view."""
        self.technique.clear(view)
        view.hide_all_code()
        view.hide_devices()

    def hide(self) -> None:
        """Hide everything in all views but the flat one."""
        for view in self.views:
            self.clear(view)

    def empty(self) -> None:
        """Hide everything in all views but the flat one, and drop all recorded uses of tables."""
        self.hide()
        if self.traced:
            for page in self.tables.pages:
                self.untrace(page)
        self.tables.clear()

    def flush(self, address: int | None = None) -> None:
        """Hide what has changed, as the guest has flushed its TLB, or the page of an address."""
        if not self.traced:
            self.forget(self.tables.changed())
            if self.technique.inline:
                self.clear_inline()
            if address is not None and not any(self.shows(view, address // PAGE) for view in self.views):
                self.inside.unused(address)

    def shows(self, view: View, page: int) -> bool:
        """May a view show a page, look-aside buffers aside?"""
        return bool(view.code[page]) or page in self.shadow.shown.get(view, ()) or page in view.registers.values()

    def table_written(self, page: int, address: int, length: int) -> None:
        """Hide what comes from entries of a traced table whose bytes are about to be written."""
        if page in self.tables.pages:
            self.forget(self.tables.written(page, address, length))
        if self.technique.inline:
            self.clear_inline()
        if page not in self.tables.pages:
            self.untrace(page)

    # --- Frames that must not be written -----------------------------------------------------

    def guard(self, frame: int, why: int) -> None:
        """Guard a frame: no generated code writes to it unseen from now on."""
        before = self.guarded.get(frame, 0)
        self.guarded[frame] = before | why
        self.cpu.memory.watch[frame] |= GUARDED  # a frame that is guarded for views alone is not watched yet
        if not before:
            self.memory.forbid(frame)
            self.protect(frame, False)
            if self.technique.inline:
                self.clear_inline()

    def release(self, frame: int, why: int) -> None:
        """Remove a reason for guarding a frame."""
        left = self.guarded.get(frame, 0) & ~why
        if left:
            self.guarded[frame] = left
        elif self.guarded.pop(frame, 0):
            self.cpu.memory.watch[frame] &= ~GUARDED
            self.memory.allow(frame)
            self.protect(frame, True)

    def protect(self, frame: int, writable: bool) -> None:
        """Allow or forbid writes to a frame wherever it is shown; hide everything if the host refuses a mapping."""
        try:
            (self.technique.release if writable else self.technique.guard)(frame)
        except OSError:
            self.hide()

    def afford(self, frames: int) -> bool:
        """Are there mappings to guard so many more frames, and to show a page besides?"""
        if self.grant.room(frames + self.room):
            return True
        self.empty()
        return self.grant.room(frames + self.room)

    def close(self) -> None:
        """Release the address space of all views."""
        for view in {
            self.flat,
            *self.views,
            *(v for spare in self.spare.values() for v in spare),
            self.null,
        }:
            view.close()
        self.grant.close()
