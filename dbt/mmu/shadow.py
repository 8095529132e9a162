"""Shadow paging: guest pages are mapped in windows of host addresses, so that the host's MMU walks a shadow of the
guest's page tables. An access costs nothing; a page costs system calls. (Bugnion et al., "Disco", 1997.)
"""

from __future__ import annotations

from dbt.machine.memory import PAGE, Memory
from dbt.machine.paging import LOAD, STORE
from dbt.mmu.view import PAGES, View

LARGEST = 4
"""Bytes of the largest access: where it begins is not told if the host faults in its second page."""
WRITE = 2
"""Bit of the host's page-fault error code: the access was a write."""
MOST_POPULATED = 64
"""Pages that are given host page-table entries at once; of larger runs the host does that as they are touched."""


class Shadow:
    name = "shadow"
    inline = False
    superpages = True
    forgets = False

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def show(self, view: View, page: int, frame: int, count: int, writable: bool) -> None:
        populate = count <= MOST_POPULATED
        view.window.map(page * PAGE, self.memory.fd, frame * PAGE, count * PAGE, writable, populate)

    def restrict(self, view: View, page: int, writable: bool) -> None:
        view.window.protect(page * PAGE, PAGE, writable)

    def hide(self, view: View, page: int, count: int) -> None:
        view.window.unmap(page * PAGE, count * PAGE)

    def clear(self, view: View) -> None:
        view.window.unmap(0, PAGES * PAGE)

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        guest = address - view.base
        within = 0 <= guest < PAGES * PAGE and guest % PAGE <= PAGE - LARGEST
        return guest, STORE if code & WRITE else LOAD, within
