"""The guest's address spaces as views: which there are, which one is in use, and what they show.

Views are made when generated code first runs in an address space with the rights of a processor mode, are filled page
by page as it misses them, and are kept when the guest goes elsewhere. Invariants:

- A view shows a page only as far as the guest's tables allow, with accessed and dirty bits set as if each access had
  walked them: a page whose entry is not dirty is not writable.
- A frame that is guarded is writable nowhere.
- A row of the state block names only views of its address space; generated code switches to what it finds there.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property

from dbt.machine.memory import PAGE, TRACED
from dbt.machine.paging import FETCH, LOAD, STORE
from dbt.machine.state import ORIGIN, SPACE, SPACE_ROW, SPACE_ROWS, SPACES, State
from dbt.machine.step import Cpu
from dbt.mmu.tables import Tables, Use
from dbt.mmu.technique import Technique
from dbt.mmu.view import View
from dbt.native import slots
from isa.model import Isa
from isa.python import Trap, control_bits, controls_read

MOST_VIEWS = 32
MOST_USES = 1 << 16
"""Uses of table entries noted before everything is forgotten: they are never taken back one by one."""
MOST_SHOWN = 1 << 13
"""Pages shown before everything is forgotten: each may be a mapping of the host, which has 65,530 for the process."""
NEIGHBOURS = 16
"""Pages mapped at once at most, where the tables say the same of them."""
HASH = 0x9E3779B1
"""Knuth's multiplicative hash: 2**32 over the golden ratio."""
WINDOW_QUAD, SPACE_QUAD = State.quad(slots.WINDOW), State.quad(SPACE)
SPACE_SHIFT = 32 - SPACE_ROWS.bit_length() + 1
NOBODY = (1 << 64) - 1
"""Identifies no address space."""


def space_control(isa: Isa) -> str | None:
    """The one control register that says which address space there is, if it is one.

    Its name; None if several have a say, or there is no paging.
    """
    p = isa.paging
    if p is None or isa.mode is None:
        return None
    named = controls_read(isa, p.when, p.root)
    rest = control_bits(p.denied, p.invalid, p.leaf, p.fetch.allowed, p.load.allowed, p.store.allowed)
    mode = isa.mode.control
    others = {n for n, mask in rest.items() if n != mode or mask & ~isa.mode.bits.mask}
    return named.pop() if len(named) == 1 and not others else None


def classes(cpu: Cpu) -> list[int]:
    """For each processor mode a number: modes with the same number may do the same with every page."""
    isa, walker = cpu.isa, cpu.walker
    if isa.mode is None or walker is None:
        return [0]
    p, slot, bits = walker.paging, isa.slots[isa.mode.control], isa.mode.bits
    flags = [1 << n for field in p.fields if field is not p.frame for n in range(field.lo, field.hi + 1)]
    entries = [0]
    for flag in flags:
        entries += [entry | flag for entry in entries]
    questions = [walker.denied, walker.invalid, walker.leaf, *(allowed for allowed, _ in walker.rights[:3])]
    kept, seen, made = cpu.s[slot], list[tuple[bool, ...]](), list[int]()
    try:
        for mode in range(isa.mode.count):
            cpu.s[slot] = kept & ~bits.mask | mode << bits.lo
            answers = tuple(bool(question(cpu, entry)) for entry in entries for question in questions)
            if answers not in seen:
                seen.append(answers)
            made.append(seen.index(answers))
    finally:
        cpu.s[slot] = kept
    return made


class Spaces:
    """The views of one virtual CPU."""

    def __init__(self, cpu: Cpu, flat: View, technique: Technique, traced: bool) -> None:
        """`flat`: the view with paging off. `traced`: page tables are watched; else the guest's flush tells of changes.

        Raises OSError if the host refuses the addresses.
        """
        self.cpu = cpu
        self.flat = flat
        self.technique = technique
        self.traced = traced
        isa = cpu.isa
        self.modes = isa.mode.count if isa.mode else 1
        self.mode_slot, self.mode_shift, self.mode_mask = 0, 0, 0
        if isa.mode:
            self.mode_slot = isa.slots[isa.mode.control]
            self.mode_shift, self.mode_mask = isa.mode.bits.lo, self.modes - 1
        self.control = space_control(isa)
        named = controls_read(isa, isa.paging.when, isa.paging.root) if isa.paging else set()
        self.key_slots = [isa.slots[name] for name in sorted(named)]
        self.known: OrderedDict[tuple[int, ...], dict[int, View]] = OrderedDict()
        """Values of the control registers that say where the tables are -> class of modes -> view."""
        self.present: tuple[tuple[int, ...], int] = ((-1,), 0)
        """The address space, by these values, and the mode that generated code is set up for."""
        self.views = 0
        self.tables = Tables(cpu.memory)
        self.shown: dict[View, dict[int, tuple[int, int, bool]]] = {flat: {0: (0, cpu.memory.size // PAGE, True)}}
        """First page -> frame, number of pages, writable."""
        self.runs: dict[View, dict[int, tuple[int, int, bool]]] = {flat: self.shown[flat]}
        """Those of them that are more than one page, apart: there are few."""
        self.writers: dict[int, set[Use]] = {}
        """Frame -> single pages that are shown writable."""
        self.guarded: dict[int, int] = {}
        """Frame -> why it must not be written: flags."""
        self.count = 0
        self.view = flat
        self.null = View(range(self.modes))
        """No pages, no code: leads back to the VMM, which finds or makes the view that is wanted."""
        self.spare: dict[int, list[View]] = {}
        """Class of modes -> views that are not in use."""
        self.miss = 0
        quads = cpu.state.quads
        for row in range(SPACE_ROWS):
            quads[State.quad(SPACES + row * SPACE_ROW)] = NOBODY
        if cpu.walker is not None:
            cpu.walker.marked = self.tables.marked  # type: ignore[assignment,method-assign]

    @cached_property
    def classes(self) -> list[int]:
        """Modes -> which of them share views."""
        return classes(self.cpu)

    # --- Which view --------------------------------------------------------------------

    def mode(self) -> int:
        """The processor mode."""
        return self.cpu.s[self.mode_slot] >> self.mode_shift & self.mode_mask

    def enter(self) -> View:
        """The view of the present address space and mode; generated code that is entered now will use it."""
        cpu = self.cpu
        words, quads = cpu.s, cpu.state.quads
        now = tuple([words[slot] for slot in self.key_slots]), self.mode()
        if now == self.present:
            return self.view
        cpu.refresh()
        key, mode = self.present = now
        space = self.known.setdefault(key, {})
        self.known.move_to_end(key)
        which = 0 if cpu.flat else self.classes[mode]
        known = space.get(which)
        self.view = view = known or (self.flat if cpu.flat else self.new(which))
        space[which] = view
        place = self.row(key)
        row = (place + ORIGIN) // 8
        name = key[0] if self.control is not None else NOBODY
        if known is None or quads[row] != name or self.control is None:
            views = [space.get(0 if cpu.flat else self.classes[mode], self.null).base for mode in range(self.modes)]
            for i, value in enumerate([name, *views]):
                quads[row + i] = value
        quads[WINDOW_QUAD] = view.base
        quads[SPACE_QUAD] = cpu.state.pointer + place
        return view

    def row(self, key: tuple[int, ...]) -> int:
        """Displacement of the row of the state block for an address space, as generated code finds it."""
        number = (key[0] * HASH & 0xFFFFFFFF) >> SPACE_SHIFT if self.control is not None else 0
        return SPACES + number * SPACE_ROW

    def new(self, which: int) -> View:
        """A view for the modes of a class. Too many: those of the address space go that has not been used longest."""
        while self.views >= MOST_VIEWS:
            self.drop(next(key for key in self.known if key != self.present[0]))
        self.views += 1
        spare = self.spare.setdefault(which, [])
        view = spare.pop() if spare else View(mode for mode in range(self.modes) if self.classes[mode] == which)
        view.clear_jumps(self.miss)
        self.technique.clear(view)
        self.shown[view], self.runs[view] = {}, {}
        return view

    def clear_jumps(self, miss: int) -> None:
        """No block is where it was."""
        self.miss = miss
        for view in [*self.shown, self.null]:
            view.clear_jumps(miss)

    def drop(self, key: tuple[int, ...]) -> None:
        """Give the views of an address space back."""
        space = self.known.pop(key)
        if self.control is not None:
            quads, row = self.cpu.state.quads, State.quad(self.row(key))
            if quads[row] == key[0]:
                quads[row] = NOBODY
        for which, view in space.items():
            if view is not self.flat:
                self.clear(view)
                del self.shown[view], self.runs[view]
                self.views -= 1
                self.spare[which].append(view)

    # --- What it shows -------------------------------------------------------------------

    def locate(self, pc: int) -> int | None:
        """The frame that the instruction at pc is in, None if fetching it traps. Its page is shown as code."""
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
        """Show the page of an access that generated code could not make, if it may make it. Raises Trap."""
        view, cpu = self.view, self.cpu
        walker, memory = cpu.walker, cpu.memory
        if view is self.flat or walker is None:
            return False
        before = self.shown[view].get(address >> 12) if self.technique.forgets else None
        if before is not None and (before[2] or kind != STORE):
            self.technique.show(view, address >> 12, *before)
            return True
        walk = walker.walk(address, kind)
        p, frame = walker.paging, walk.physical >> 12
        if walk.physical >= memory.size or (kind == STORE and frame in self.guarded):
            return False
        granted = walker.judge(walk.marked)
        if not granted >> LOAD & 1:
            return False
        walker.commit(address, kind, walk)
        writable = walk.marked & p.dirty == p.dirty and bool(granted >> STORE & 1)
        page, count = address >> 12, 1
        if self.count >= MOST_SHOWN or self.tables.uses >= MOST_USES:
            self.empty()
        run = self.technique.superpages and walk.span > p.page
        if run:
            inside = page & (1 << walk.span - p.page) - 1
            page, frame = page - inside, frame - inside
            count = min(1 << walk.span - p.page, memory.size // PAGE - frame)
        elif self.technique.superpages:
            count = self.neighbours(walk.path[-1], walk.marked, page, frame)
        try:
            self.show(view, page, frame, count, writable, run)
        except OSError:  # the process has no more mappings
            self.empty()
            return False
        for i in range(1 if run else count):
            self.rely((*walk.path[:-1], walk.path[-1] + i * p.entry), (view, page + i))
        return True

    def neighbours(self, at: int, entry: int, page: int, frame: int) -> int:
        """How many pages, from this one on, the table says the same of, in frames that follow each other."""
        walker, memory, shown = self.cpu.walker, self.cpu.memory, self.shown[self.view]
        assert walker is not None
        step, most = 1 << walker.paging.frame.lo, min(NEIGHBOURS, (PAGE - at % PAGE) // walker.paging.entry)
        count = 1
        while count < most and memory.words[(at >> 2) + count] == entry + count * step:
            if frame + count >= len(memory.watch) or frame + count in self.guarded or page + count in shown:
                break
            count += 1
        return count

    def show(self, view: View, page: int, frame: int, count: int, writable: bool, run: bool) -> None:
        """Show pages, but for writing to frames that are guarded."""
        shown, runs = self.shown[view], self.runs[view]
        for first, (_, length, _) in list(runs.items()):
            if first < page + count and page < first + length:
                self.forget((view, first))
        if run:
            for inside in [other for other in shown if page <= other < page + count]:
                self.unnote(view, inside)
            self.technique.show(view, page, frame, count, writable)
            shown[page] = runs[page] = frame, count, writable
            self.count += 1
            for guarded in self.guarded if writable else ():
                if frame <= guarded < frame + count:
                    self.technique.restrict(view, page + guarded - frame, False)
            return
        writable = writable and frame not in self.guarded
        self.technique.show(view, page, frame, count, writable)
        for i in range(count):
            self.unnote(view, page + i)
            shown[page + i] = frame + i, 1, writable
            if writable:
                self.writers.setdefault(frame + i, set()).add((view, page + i))
        self.count += count

    def unnote(self, view: View, page: int) -> tuple[int, int, bool] | None:
        """Forget that a page is shown; what it showed."""
        before = self.shown[view].pop(page, None)
        if before is not None:
            self.count -= 1
            self.runs[view].pop(page, None)
            if before[1] == 1 and before[2]:
                self.writers[before[0]].discard((view, page))
        return before

    def rely(self, path: tuple[int, ...], use: Use) -> None:
        """Note what a page that is shown depends on."""
        for other in self.tables.rely(path, use):
            if other != use:
                self.forget(other)
        if self.traced:
            for at in path:
                self.cpu.memory.watch[at // PAGE] |= TRACED
                self.guard(at // PAGE, TRACED)

    def forget(self, use: Use) -> None:
        """Show a page, or a run that begins with it, no more."""
        view, page = use
        if view not in self.shown:
            return
        before = self.unnote(view, page)
        if before is not None:
            self.technique.hide(view, page, before[1])
        view.hide_code(page)

    def clear(self, view: View) -> None:
        """Show nothing in a view."""
        for page in list(self.shown[view]):
            self.unnote(view, page)
        self.technique.clear(view)
        view.hide_all_code()

    def empty(self) -> None:
        """Show nothing anywhere with paging on."""
        for view in self.shown:
            if view is not self.flat:
                self.clear(view)
        for page in self.tables.pages:
            self.release(page, TRACED)
        self.tables.clear()

    def flush(self) -> None:
        """The guest says that it has changed its tables."""
        if not self.traced:
            for use in self.tables.changed():
                self.forget(use)

    def table_written(self, page: int, address: int, length: int) -> None:
        """Bytes of a traced table are about to be written."""
        for use in self.tables.written(page, address, length) if page in self.tables.pages else ():
            self.forget(use)
        if page not in self.tables.pages:
            self.cpu.memory.watch[page] &= ~TRACED
            self.release(page, TRACED)

    # --- Frames that must not be written -----------------------------------------------------

    def guard(self, frame: int, why: int) -> None:
        """From now on no generated code writes to a frame without a fault."""
        before = self.guarded.get(frame, 0)
        self.guarded[frame] = before | why
        if before:
            return
        for view, page in self.writers.pop(frame, ()):
            self.shown[view][page] = frame, 1, False
            self.technique.restrict(view, page, False)
        self.restrict_runs(frame, False)

    def release(self, frame: int, why: int) -> None:
        """This is no reason any more."""
        left = self.guarded.get(frame, 0) & ~why
        if left:
            self.guarded[frame] = left
        elif self.guarded.pop(frame, 0):
            self.restrict_runs(frame, True)

    def restrict_runs(self, frame: int, writable: bool) -> None:
        for view, runs in self.runs.items():
            for page, (first, count, may) in runs.items():
                if may and first <= frame < first + count:
                    if view is self.flat:
                        view.window.protect(page + frame - first << 12, PAGE, writable)
                    else:
                        self.technique.restrict(view, page + frame - first, writable)

    def close(self) -> None:
        for view in [*self.shown, *(view for spare in self.spare.values() for view in spare), self.null]:
            view.close()
        self.shown.clear()
