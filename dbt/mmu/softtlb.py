"""A look-aside buffer in software: generated code compares a tag before each access, as emulators do that cannot have
the host's MMU to themselves. An access costs some instructions; a page costs next to nothing.
"""

from __future__ import annotations

from dbt.machine.memory import PAGE
from dbt.mmu.view import TLB_ADDEND, TLB_ENTRIES, TLB_LOAD, TLB_STORE, View

EMPTY = 0xFFFFFFFF
"""A tag that no address has: tags are page addresses, and what is compared has no bits but these and the lowest."""


def access(index: int, size: int, kind: int) -> int:
    """What generated code says of an access that the buffer has no page for: the guest instruction, bytes, kind."""
    return index << 8 | size << 4 | kind


def instruction(code: int) -> int:
    """The index of the guest instruction."""
    return code >> 8 & 0xFFFF


class SoftTlb:
    name = "softtlb"
    inline = True
    superpages = False
    forgets = True

    def __init__(self, flat: int) -> None:
        """`flat`: the host address of physical address 0."""
        self.flat = flat
        self.tables: dict[View, tuple[memoryview, memoryview, memoryview]] = {}

    def of(self, view: View) -> tuple[memoryview, memoryview, memoryview]:
        """The tags for loads and for stores, and the distances to the host's addresses."""
        found = self.tables.get(view)
        if found is None:
            load, store = view.words(TLB_LOAD, TLB_ENTRIES), view.words(TLB_STORE, TLB_ENTRIES)
            found = self.tables[view] = load, store, view.words(TLB_ADDEND, 2 * TLB_ENTRIES).cast("B").cast("q")
        return found

    def show(self, view: View, page: int, frame: int, count: int, writable: bool) -> None:
        load, store, addend = self.of(view)
        for i in range(count):
            entry, address = page + i & TLB_ENTRIES - 1, (page + i) * PAGE
            load[entry], store[entry] = address, address if writable else EMPTY
            addend[entry] = self.flat + (frame + i) * PAGE - address

    def restrict(self, view: View, page: int, writable: bool) -> None:
        load, store, _ = self.of(view)
        entry, address = page & TLB_ENTRIES - 1, page * PAGE
        if load[entry] == address:
            store[entry] = address if writable else EMPTY

    def hide(self, view: View, page: int, count: int) -> None:
        load, store, _ = self.of(view)
        for i in range(count):
            entry = page + i & TLB_ENTRIES - 1
            if load[entry] == (page + i) * PAGE:
                load[entry] = store[entry] = EMPTY

    def clear(self, view: View) -> None:
        empty = memoryview(b"\xff" * 4 * TLB_ENTRIES).cast("I")
        load, store, _ = self.of(view)
        load[:], store[:] = empty, empty

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        size = code >> 4 & 15
        return address, code & 15, not address & size - 1
