"""The views of the guest's address spaces: which exist, which one is in use, and what they show.

A view is made when generated code first runs in an address space with the rights of a processor mode, filled page by
page as accesses fault or miss, and kept when the guest switches to another. Invariants:

- A view shows a page only as far as the guest's tables allow, with accessed and dirty bits set as if each access had
  walked them: a page whose entry is not dirty is not writable.
- A guarded frame is writable in no view.
- A row of the state block has only views of its address space, or the null view; generated code switches to what it
  finds there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from ring1.dbt.machine.memory import GUARDED, PAGE, TRACED
from ring1.dbt.machine.paging import FETCH
from ring1.dbt.machine.state import ORIGIN, SPACE, SPACE_ROW, SPACE_ROWS, SPACES, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.mmu.flat import FlatWindow
from ring1.dbt.mmu.rights import UNPAGED, Rights
from ring1.dbt.mmu.shadow_paging import ShadowPaging
from ring1.dbt.mmu.softtlb import SoftTlb
from ring1.dbt.mmu.tables import Tables, Use
from ring1.dbt.mmu.technique import MmuTechnique
from ring1.dbt.mmu.view import View
from ring1.dbt.native import slots
from ring1.dbt.native.mappings import Grant, Mappings
from ring1.isa.context import space_bits, space_control
from ring1.isa.python import Trap

BESIDE = 24
"""Pieces of mappings that showing a page may take besides the pages shown: for tables that become guarded."""
UNLIMITED = 1 << 62
HASH = 0x9E3779B1
"""Knuth's multiplicative hash: 2**32 over the golden ratio."""
WINDOW_QUAD, SPACE_QUAD = State.quad(slots.WINDOW), State.quad(SPACE)
SPACE_SHIFT = 32 - SPACE_ROWS.bit_length() + 1
Key = tuple[int, ...]
"""An address space: the values of the control bits, other than the mode, that locate its tables and decide what they
grant."""

NOBODY = (1 << 64) - 1
"""Marks an unused row."""


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
        mmu: Mmu,
        real: Sequence[int],
        view: Callable[[Iterable[int]], View] = View,
        relied: Callable[[tuple[int, ...]], None] = lambda path: None,
    ) -> None:
        """`flat`: the view with paging off. `real`: guest's processor mode -> the mode that generated code runs in.
        `view` makes a view for some of these modes. `relied` is called with the entries by which a page is shown.
        Raises OSError if the host refuses the addresses."""
        self.cpu = cpu
        self.flat = flat
        self.traced = mmu.traced
        self.limits = mmu.limits
        self.room = mmu.limits.neighbours + BESIDE
        """Pieces of mappings that showing one access's pages may take."""
        self.real = real
        isa = cpu.isa
        self.modes = isa.mode.count if isa.mode else 1
        self.mode_slot, self.mode_shift, self.mode_mask = 0, 0, 0
        if isa.mode:
            self.mode_slot = isa.slots[isa.mode.control]
            self.mode_shift, self.mode_mask = isa.mode.bits.lo, self.modes - 1
        self.control = space_control(isa)
        self.key = [(isa.slots[name], mask) for name, mask in sorted(space_bits(isa).items())]
        self.known: OrderedDict[Key, Space] = OrderedDict()
        self.rights = Rights(cpu)
        self.present: tuple[Key, int] = ((-1,), 0)
        """The address space and mode that generated code is set up for."""
        self.reached: set[Key] = set()
        """Address spaces that generated code may have entered since software TLBs were last cleared."""
        self.views: set[View] = set()
        self.tables = Tables(cpu.memory, isa.paging.marks if isa.paging else 0)
        self.guarded: dict[int, int] = {}
        """Frame -> flags that say why it must not be written."""
        self.grant = Grant(None if flat.window.granted else Mappings(UNLIMITED))
        self.memory = FlatWindow(flat.window, cpu.memory.size, self.guarded, self.grant)
        self.technique: MmuTechnique
        if mmu.technique == "softtlb":
            self.technique = SoftTlb(cpu, self.guarded, self.rely, flat.base)
        else:
            self.technique = ShadowPaging(cpu, self.guarded, self.rely, mmu.limits, self.grant)
        self.view = flat
        self.make = view
        self.relied = relied
        self.null = view(range(self.modes))
        """The null view, with no pages and no code: it leads to the VMM, which finds or makes the right view."""
        self.last = view(sorted({*real}))
        """The view of last resort, used when the host has no room for another."""
        self.spare: dict[tuple[int, ...], list[View]] = {}
        """Modes -> views that are not in use."""
        self.miss = 0
        quads = cpu.state.quads
        for row in range(SPACE_ROWS):
            quads[State.quad(SPACES + row * SPACE_ROW)] = NOBODY

    # --- Which view --------------------------------------------------------------------

    def mode(self) -> int:
        """Return the guest's processor mode."""
        return self.cpu.s[self.mode_slot] >> self.mode_shift & self.mode_mask

    def enter(self) -> View:
        """Return the view of the present address space and mode, and set up generated code to use it."""
        cpu = self.cpu
        words, quads = cpu.s, cpu.state.quads
        now = tuple([words[slot] & mask for slot, mask in self.key]), self.mode()
        if now == self.present:
            return self.view
        cpu.refresh()
        key, mode = self.present = now
        space = self.known.get(key)
        if space is None:
            space = self.known[key] = Space(self.rights.classes())
            space.views[UNPAGED] = self.flat
        self.known.move_to_end(key)
        if len(self.known) > self.limits.known:
            self.drop(next(iter(self.known)))
        which = space.classes[mode]
        known = space.views.get(which)
        self.view = view = known or self.new(space, which)
        space.views[which] = view
        place = self.row(key)
        row = (place + ORIGIN) // 8
        name = key[0] if self.control is not None else NOBODY
        if known is None or quads[row] != name or self.control is None:
            views = [space.views.get(other, self.null) for other in space.classes]
            for i, value in enumerate([name, *(view.window.handle for view in views)]):
                quads[row + i] = value
            self.reached.add(key)
        quads[WINDOW_QUAD] = view.window.handle
        quads[SPACE_QUAD] = cpu.state.pointer + place
        return view

    def row(self, key: Key) -> int:
        """Return the displacement, from the state pointer, of the row for an address space, found as generated code
        does."""
        number = (key[0] * HASH & 0xFFFFFFFF) >> SPACE_SHIFT if self.control is not None else 0
        return SPACES + number * SPACE_ROW

    def new(self, space: Space, which: int) -> View:
        """Make a view for the modes of a class. At the limit, the views of the least recently used address space are
        released."""
        while len(self.views) >= self.limits.views:
            self.drop(next(key for key in self.known if key != self.present[0]))
        modes = tuple(sorted({self.real[mode] for mode, other in enumerate(space.classes) if other == which}))
        spare = self.spare.setdefault(modes, [])
        view = spare.pop() if spare else self.another(space, modes)
        alike = next((other for other in self.views if other.modes == modes), None)
        if alike is None:
            view.clear_jumps(self.miss)
        else:  # blocks check that their pages are where they were
            view.copy_jumps(alike)
        self.technique.open(view)
        self.views.add(view)
        return view

    def another(self, space: Space, modes: tuple[int, ...]) -> View:
        """Make a view. If the host has no room for it, release all others and return the view of last resort."""
        try:
            return self.make(modes)
        except OSError:
            for key in list(self.known):
                if self.known[key] is not space:
                    self.drop(key)
            self.take_row(self.present[0])
            for view in space.views.values():
                if view is not self.flat:
                    self.retire(view)
            space.views = {UNPAGED: self.flat}
            return (self.spare[modes] or [self.last]).pop()

    def clear_jumps(self, miss: int) -> None:
        """Empty all jump caches; empty entries lead to the host address `miss`."""
        self.miss = miss
        for view in [self.flat, *self.views, self.null]:
            view.clear_jumps(miss)

    def clear_jump(self, entry: int, flat: bool) -> None:
        """Empty an entry of the jump caches, in the view with paging off or in all others."""
        for view in (self.flat,) if flat else self.views:
            view.jumps[entry] = self.miss

    def drop(self, key: Key) -> None:
        """Release the views of an address space."""
        self.take_row(key)
        for view in self.known.pop(key).views.values():
            if view is not self.flat:
                self.retire(view)

    def retire(self, view: View) -> None:
        """Empty a view and keep it for reuse."""
        self.clear(view)
        self.views.discard(view)
        if view is not self.last:
            self.spare[view.modes].append(view)

    def take_row(self, key: Key) -> None:
        """Remove the row of an address space, so that generated code cannot switch to it by itself."""
        quads, row = self.cpu.state.quads, State.quad(self.row(key))
        if self.control is not None and quads[row] == key[0]:
            quads[row] = NOBODY
        self.reached.discard(key)

    def clear_inline(self) -> None:
        """Clear the software TLBs, in which generated code has filled in entries itself."""
        here = self.present[0]
        for key in list(self.reached):
            for view in self.known[key].views.values():
                if view is not self.flat:
                    self.technique.clear(view)
            if key != here:
                self.take_row(key)

    # --- What it shows -------------------------------------------------------------------

    def locate(self, pc: int) -> int | None:
        """Return the frame of the instruction at pc, and enter its page in the code map; None if fetching it traps."""
        view, page = self.view, pc >> 12
        if view is self.flat:
            return page if pc < self.cpu.memory.size else None
        shown = view.code[page]
        if shown:
            return int(shown) - 1
        walker = self.cpu.walker
        assert walker is not None
        try:
            walk = walker.walk(pc, FETCH)
        except Trap:
            return None
        if walk.physical >= self.cpu.memory.size:
            return None
        walker.commit(pc, FETCH, walk)
        self.rely(walk.path, (view, page))
        view.show_code(page, walk.physical >> 12)
        return walk.physical >> 12

    def fill(self, address: int, kind: int) -> bool:
        """Show the page of an access that generated code could not make. False if it must not make it. Raises Trap."""
        if self.view is self.flat:
            return False
        if self.technique.full() or self.tables.uses >= self.limits.uses or not self.grant.room(self.room):
            self.empty()
            if not self.grant.room(self.room):
                return False
        try:
            return self.technique.fill(self.view, address, kind)
        except OSError:  # other code has used up the process's mappings, and Python needs some too
            self.grant.shrink()
            self.empty()
            return False

    def adopt(self, handle: int, page: int, frame: int, writable: bool, used: dict[int, int]) -> None:
        """Record a page that the monitor has shown in the view with this handle. `used`: physical address -> value of
        the guest's entries that it used. If the frame has been guarded since, the page is hidden again."""
        view = next(view for view in self.views if view.window.handle == handle)
        assert isinstance(self.technique, ShadowPaging)
        self.rely(tuple(used), (view, page), tuple(used.values()))
        self.technique.adopt(view, page, frame, writable)
        if writable and frame in self.guarded:
            self.forget((view, page))
        if self.technique.full() or self.tables.uses >= self.limits.uses:
            self.empty()

    def rely(self, path: tuple[int, ...], use: Use, values: Sequence[int] | None = None) -> None:
        """Record the entries that the page shown next depends on (see Tables.rely), and hide what was shown by entries
        that no longer hold, the page itself included."""
        self.relied(path)
        for other in self.tables.rely(path, use, values):
            self.forget(other)
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

    def forget(self, use: Use) -> None:
        """Hide a page, and remove it from the code map."""
        view, page = use
        if view in self.views:
            try:
                self.technique.hide(view, page)
            except OSError:  # other code has used up the process's mappings
                self.clear(view)
            view.hide_code(page)

    def clear(self, view: View) -> None:
        """Hide everything in a view."""
        self.technique.clear(view)
        view.hide_all_code()

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

    def flush(self) -> None:
        """Hide what has changed, as the guest has flushed its TLB."""
        if not self.traced:
            for use in self.tables.changed():
                self.forget(use)
            if self.technique.inline:
                self.clear_inline()

    def table_written(self, page: int, address: int, length: int) -> None:
        """Hide what comes from entries of a traced table whose bytes are about to be written."""
        for use in self.tables.written(page, address, length) if page in self.tables.pages else ():
            self.forget(use)
        if self.technique.inline:
            self.clear_inline()
        if page not in self.tables.pages:
            self.untrace(page)

    # --- Frames that must not be written -----------------------------------------------------

    def guard(self, frame: int, why: int) -> None:
        """Guard a frame: no generated code writes to it unseen from now on."""
        before = self.guarded.get(frame, 0)
        self.guarded[frame] = before | why
        if not before:
            self.cpu.memory.watch[frame] |= GUARDED
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
            self.last,
        }:
            view.close()
        self.grant.close()
