"""The software TLB: generated code compares a tag before each access, and walks the guest's page tables itself on a
miss (dbt/host/x86_64/walk). An access costs some instructions; showing a page costs next to nothing. Like a hardware
TLB, it keeps its entries until it is flushed.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.tables import Use
from ring1.dbt.mmu.view import TLB_ADDEND, TLB_ENTRIES, TLB_LOAD, TLB_STORE, View

EMPTY = 0xFFFFFFFF
"""A tag that matches no address: tags are page addresses, and what is compared with them has only these bits and the
lowest ones."""


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
        self, cpu: Cpu, guarded: Container[int], rely: Callable[[tuple[int, ...], Use], None], flat: int
    ) -> None:
        """`guarded`: frames that must not be written. `rely` is called with the entries that the VMM's own walks have
        used. `flat`: the host address of physical address 0."""
        self.cpu = cpu
        self.rely = rely
        self.guarded = guarded
        self.flat = flat
        self.tables: dict[View, tuple[memoryview, memoryview, memoryview]] = {}
        """View -> tags for loads, tags for stores, and addends from guest to host addresses."""
        self.empty = memoryview(b"\xff" * 4 * TLB_ENTRIES).cast("I")

    def open(self, view: View) -> None:
        if view not in self.tables:
            addends = view.words(TLB_ADDEND, 2 * TLB_ENTRIES).cast("B").cast("q")
            self.tables[view] = view.words(TLB_LOAD, TLB_ENTRIES), view.words(TLB_STORE, TLB_ENTRIES), addends
        self.clear(view)

    def full(self) -> bool:
        return False

    def fill(self, view: View, address: int, kind: int) -> bool:
        walker = self.cpu.walker
        assert walker is not None
        walk = walker.walk(address, kind)
        p, frame = walker.paging, walk.physical >> 12
        granted = walker.judge(walk.marked)
        if walk.physical >= self.cpu.memory.size or (kind == STORE and frame in self.guarded):
            return False
        walker.commit(address, kind, walk)
        self.rely(walk.path, (view, address // PAGE))
        writable = walk.marked & p.dirty == p.dirty and granted >> STORE & 1 and frame not in self.guarded
        load, store, addend = self.tables[view]
        entry, page = address // PAGE & TLB_ENTRIES - 1, address & -PAGE
        load[entry] = page if granted >> LOAD & 1 else EMPTY
        store[entry] = page if writable else EMPTY
        addend[entry] = self.flat + frame * PAGE - page
        return kind != STORE or frame not in self.guarded

    def hide(self, view: View, page: int) -> None:
        load, store, _ = self.tables[view]
        entry = page & TLB_ENTRIES - 1
        load[entry] = store[entry] = EMPTY

    def clear(self, view: View) -> None:
        load, store, _ = self.tables[view]
        load[:], store[:] = self.empty, self.empty

    def guard(self, frame: int) -> None:
        """Do nothing: Spaces clears the whole TLB then."""

    def release(self, frame: int) -> None:
        """Do nothing: the next store misses and is filled as writable."""

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        if not looked_up(code):  # the flat window is sealed: mappings were short
            return 0, STORE, False
        size = code >> 4 & 15
        return address, kind_of(code), not address & size - 1
