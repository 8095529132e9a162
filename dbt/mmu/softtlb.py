"""The software TLB: generated code compares a tag before each access, and walks the guest's page tables itself on a
miss (dbt/host/x86_64/walk). An access costs some instructions; showing a page costs next to nothing. Like a hardware
TLB, it keeps its entries until it is flushed.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Sequence

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.relied import Relied
from ring1.dbt.mmu.tables import Use
from ring1.dbt.mmu.view import TLB_ENTRIES, TLB_FRAME, TLB_LOAD, TLB_STORE, WRITTEN, View


def nobody(entry: int) -> int:
    """Return the tag of an entry that holds no page: the address of one that would be in another entry."""
    return (entry ^ 1) * PAGE


EMPTY = array("I", map(nobody, range(TLB_ENTRIES)))
"""The tags of an empty TLB."""
LOOKED_UP = 1 << 30
"""Set in no page fault's error code (Intel SDM vol. 3A, "Page-Fault Exceptions"): generated code has stopped by
itself."""


def access(index: int, size: int, kind: int) -> int:
    """Return the code that describes an access that misses the TLB: index of the guest instruction, bytes, kind."""
    return LOOKED_UP | index << 8 | size << 4 | kind


def looked_up(code: int) -> bool:
    """Did the access miss the TLB? Otherwise it hit, and the host has faulted."""
    return bool(code & LOOKED_UP)


def kind_of(code: int) -> int:
    """Return the kind of access."""
    return code & 15


def instruction(code: int) -> int:
    """Return the index of the guest instruction."""
    return code >> 8 & 0xFFFF


class SoftTlb:
    inline = True

    def __init__(
        self,
        cpu: Cpu,
        guarded: Container[int],
        rely: Callable[[tuple[int, ...], Use], None],
        flat: int,
        relied: Relied,
    ) -> None:
        """`guarded`: frames that must not be written. `rely` is called with the entries that the VMM's own walks have
        used. `flat`: the host address of physical address 0. `relied` is told what is filled."""
        self.cpu = cpu
        self.rely = rely
        self.guarded = guarded
        self.flat = flat
        self.relied = relied
        self.tables: dict[View, tuple[memoryview, memoryview, memoryview]] = {}
        """View -> tags for loads, tags for stores, and host addresses of frames."""

    def open(self, view: View) -> None:
        if view not in self.tables:
            frames = view.words(TLB_FRAME, 2 * TLB_ENTRIES).cast("B").cast("Q")
            self.tables[view] = view.words(TLB_LOAD, TLB_ENTRIES), view.words(TLB_STORE, TLB_ENTRIES), frames
        self.clear(view)

    def close(self, view: View) -> None:
        for table in self.tables.pop(view):
            table.release()

    def full(self) -> bool:
        return False

    def fill(self, view: View, address: int, kind: int, code: int) -> bool:
        walker = self.cpu.walker
        assert walker is not None
        walk = walker.walk(address, kind)
        p, frame = walker.paging, walk.physical >> 12
        granted = walker.judge(walk.marked)
        if not self.cpu.memory.has(walk.physical) or (kind == STORE and frame in self.guarded):
            return False
        walker.commit(address, kind, walk)
        self.rely(walk.path, (view, address // PAGE))
        writable = walk.marked & p.dirty == p.dirty and granted >> STORE & 1 and frame not in self.guarded
        load, store, frames = self.tables[view]
        entry, page = address // PAGE & TLB_ENTRIES - 1, address & -PAGE
        load[entry] = page if granted >> LOAD & 1 else nobody(entry)
        store[entry] = page if writable else nobody(entry)
        frames[entry] = self.flat + frame * PAGE
        self.relied.fill(view.window.below + TLB_LOAD - WRITTEN + 4 * entry)
        return kind != STORE or frame not in self.guarded

    def hide(self, view: View, pages: Sequence[int]) -> None:
        load, store, _ = self.tables[view]
        for page in pages:
            entry = page & TLB_ENTRIES - 1
            load[entry] = store[entry] = nobody(entry)

    def clear(self, view: View) -> None:
        load, store, _ = self.tables[view]
        load[:] = store[:] = memoryview(EMPTY)

    def clear_inline(self, view: View) -> None:
        self.clear(view)

    def guard(self, frame: int) -> None:
        """Do nothing: Spaces clears the whole TLB then."""

    def release(self, frame: int) -> None:
        """Do nothing: the next store misses and is filled as writable."""

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        if not looked_up(code):  # the flat window is sealed: mappings were short
            return 0, STORE, False
        size = code >> 4 & 15
        return address, kind_of(code), not address & size - 1
