"""Nested paging: guest-physical -> host-physical addresses, by tables in the VMM's memory.

Four levels of 512 entries of 8 bytes; a guest-physical address has 32 bits, so only entry 0 of the root is used:

    R 0   W 1   X 2   A 8   D 9   PPN 51:12        all other bits are reserved

An entry with none of R W X is not present; W without R is a misconfiguration. An access needs its right at every level.
A is set in every entry used, D in the leaf entry of a write. An access to a guest's page table counts as a write, as it
may set the guest's accessed and dirty bits there. (Intel SDM vol. 3C, 28.2.)
"""

from __future__ import annotations

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import MAY_LOAD, MAY_STORE
from ring1.dbt.vt import exits
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.tlb import Tlb

READ, WRITE, FETCH = MAY_LOAD, MAY_STORE, 4
RIGHTS = READ | WRITE | FETCH
ACCESSED, DIRTY = 1 << 8, 1 << 9
FRAME = (1 << 52) - PAGE
RESERVED = (1 << 64) - 1 & ~(RIGHTS | ACCESSED | DIRTY | FRAME)
LEVELS, BITS = 4, 9
NOWHERE = -1
"""The value of `root` while nested paging is off."""


class Nested:
    """The processor's walker of the nested tables below `root`.

    It keeps what it has found and marked, until it is told that the tables have changed.
    """

    def __init__(self, host: HostMemory, tlb: Tlb) -> None:
        self.host = host
        self.tlb = tlb
        self.root = NOWHERE
        self.known = bytearray(host.size - host.base >> PAGE.bit_length() - 1)
        """By guest-physical page, the rights for which no walk is needed, as all bits that it would set are set; all of
        them while nested paging is off. The page walk in generated code goes by it, too."""
        self.flush()

    def flush(self) -> None:
        """Drop what is kept (INVEPT)."""
        self.known[:] = bytes((RIGHTS if self.root == NOWHERE else 0,)) * len(self.known)

    def access(self, physical: int, access: int, linear: int, final: bool, mark: bool = True) -> None:
        """Check an access to a guest-physical address; `final` is false for one to a guest's page table. Raises VmExit.

        Without `mark` no accessed or dirty bit is set.
        """
        page = physical // PAGE
        if page < len(self.known) and self.known[page] & access:
            return
        rights, table, path = RIGHTS, self.root, list[int]()
        for level in reversed(range(LEVELS)):
            at = table + 8 * (page >> BITS * level & (1 << BITS) - 1)
            entry = self.host.quads[at >> 3]
            rights &= entry
            if not entry & RIGHTS:
                break
            table = entry & FRAME
            if level:
                right_place = self.host.own(table)
            else:
                right_place = table == self.host.base + page * PAGE and table < self.host.size
            if entry & RESERVED or entry & (READ | WRITE) == WRITE or not right_place:
                raise exits.VmExit(exits.MISCONFIGURATION, physical=physical, linear=linear)
            path.append(at)
        if not rights & access:
            asked = access | exits.FINAL if final else READ | WRITE
            why = asked | rights << exits.ALLOWED_SHIFT | exits.HAS_LINEAR
            raise exits.VmExit(exits.VIOLATION, why, physical=physical, linear=linear)
        if mark:
            self.mark(page, path, rights, access)

    def mark(self, page: int, path: list[int], rights: int, access: int) -> None:
        """Set the accessed and dirty bits of an access that goes ahead."""
        quads = self.host.quads
        for at in path:
            quads[at >> 3] |= ACCESSED
        if access == WRITE:
            quads[path[-1] >> 3] |= DIRTY
        dirty = quads[path[-1] >> 3] & DIRTY
        self.known[page] = rights if dirty else rights & ~WRITE
        if dirty and rights & WRITE:
            self.tlb.dirtied(page)
