"""The real page tables, which the KVM virtual CPU walks, and the guest-physical memory that they map.

Linear addresses of the virtual CPU:

    0 .. 4 GiB        the window of the present view: the guest's pages, as far as they are shown
    below 0           the tables of that view, below a guard zone (ring1.dbt.mmu.view)
    anywhere else     the process's memory at the same address: state block, code memory, RAM, monitor, these tables

Each view has a root table, and so a value of CR3; all roots share everything but the view's window and tables.

Invariant: an entry that the virtual CPU may have used is lowered (made to point elsewhere or to allow less) only by the
monitor inside the virtual machine (`lowered`). A KVM that uses shadow page tables of these notices no other change:
under one that emulates CPL 0, a page that the process had made read-only stayed writable through any number of CR3
loads. An entry that was not present, or that allows more now, is noticed by the fault that it causes.
(AMD64 Architecture Programmer's Manual, volume 2, 5.3 "Long-Mode Page Translation".)
"""

from __future__ import annotations

import ctypes
import errno
import weakref
from array import array

from ring1.dbt.host.x86_64.kvm.ioctl import Machine
from ring1.dbt.mmu.view import BELOW
from ring1.dbt.native import libc
from ring1.dbt.native.libc import PAGE
from ring1.dbt.native.window import GUARD, SPAN, Window

PRESENT, WRITE, USER, LARGE, NO_EXECUTE = 1, 2, 4, 1 << 7, 1 << 63
USED = 1 << 5 | 1 << 6
"""Accessed and dirty, set beforehand, so that the processor need not set them."""
DATA = PRESENT | USED | NO_EXECUTE
TABLE = PRESENT | WRITE | USER | USED
ENTRIES, INDEX_BITS = 512, 9
SPREAD = PAGE * ENTRIES
"""Bytes that one table of the last level maps."""
FRAME = (1 << 52) - PAGE
RAM_AT = 1 << 32
"""Guest-physical address of the guest's RAM; lower addresses are for KVM itself (KVM_SET_TSS_ADDR, APIC)."""
OTHERS_AT = RAM_AT + SPAN
POOL = 128 << 20
"""Bytes for page tables: more than Limits.shown pages need (ring1.dbt.mmu.choice)."""
USER_ENTRY = 3
"""Index of an unused entry of a root, which holds USER if programs at CPL 3 may use the view, and else 0."""
RAM_AGAIN_AT = 1 << 41
"""Linear address at which the monitor may write to RAM."""
WATCH_AGAIN_AT = RAM_AGAIN_AT + SPAN
"""Linear address at which the monitor finds the pages of Memory.watch, wherever Python has allocated it."""
TABLES_AT = (1 << 64) - GUARD - BELOW
"""Linear address of a view's tables."""


class Mapped:
    """Anonymous memory of the process: whole pages that begin as zeros; `quads` are its 64-bit words."""

    def __init__(self, size: int, align: int = PAGE) -> None:
        """Raises OSError."""
        length = size + align - PAGE
        flags = libc.MAP_SHARED | libc.MAP_ANONYMOUS | libc.MAP_NORESERVE
        start = libc.mmap(0, length, libc.PROT_READ | libc.PROT_WRITE, flags)
        self.close = weakref.finalize(self, libc.munmap, start, length)
        """Release it; nobody may use it any more. Can be called twice."""
        self.close.atexit = False  # a daemon thread may still be running the guest
        self.size = size
        self.address = -(-start // align) * align
        self.bytes = memoryview((ctypes.c_ubyte * size).from_address(self.address)).cast("B")
        self.quads = self.bytes.cast("Q")


class Pages:
    """All page tables of one virtual CPU. An entry is identified by its index in the pool of tables."""

    def __init__(self, machine: Machine) -> None:
        """Raises OSError."""
        self.machine = machine
        self.next = OTHERS_AT
        self.pool = Mapped(POOL, SPREAD)
        self.quads = self.pool.quads
        self.physical = self.give(self.pool.address, POOL)
        self.tables = 0
        """Number of tables taken from the pool."""
        self.free: list[int] = []
        self.freed: list[int] = []
        """Tables that will be zero, and free, once the monitor has written the lowered entries."""
        self.lowered: dict[int, int] = {}
        """Entry -> the value that the monitor has to write there."""
        self.common = self.table()
        """The root with only what all views share."""
        self.roots: list[int] = []
        for at in range(0, POOL, SPREAD):
            directory = self.reach(self.common, self.pool.address + at, levels=2)
            self.quads[directory] = self.physical + at | DATA | WRITE | LARGE

    def give(self, address: int, size: int, writable: bool = True) -> int:
        """Give the machine memory of the process; return its guest-physical address."""
        at = self.next
        self.machine.memory(at, address, size, writable)
        self.next += -(-size // SPREAD) * SPREAD
        return at

    def table(self) -> int:
        """Allocate a table of zeros; return the index of its first entry. Raises OSError when there is no room."""
        if self.free:
            return self.free.pop()
        if self.tables >= POOL // PAGE:
            raise OSError(errno.ENOMEM, "no room for page tables")
        self.tables += 1
        return (self.tables - 1) * ENTRIES

    def entry_of(self, table: int, flags: int = TABLE) -> int:
        """Return an entry that points to a table."""
        return self.physical + table * 8 | flags

    def reach(self, table: int, linear: int, levels: int = 3, make: bool = True) -> int:
        """Return the index of the entry for a linear address, `levels` below a root; -1 if a table is missing and not
        to be made."""
        for level in range(3, 3 - levels, -1):
            at = table + (linear >> 12 + INDEX_BITS * level & ENTRIES - 1)
            entry = self.lowered.get(at, self.quads[at])
            if not entry & PRESENT:
                if not make:
                    return -1
                entry = self.entry_of(self.table())
                self.put(at, entry)
            table = ((entry & FRAME) - self.physical) // 8
        return table + (linear >> 12 + INDEX_BITS * (3 - levels) & ENTRIES - 1)

    def put(self, at: int, value: int) -> None:
        """Set an entry, directly or, if that lowers it, by the monitor."""
        before = self.quads[at]
        raised = (before ^ value) & ~(WRITE | USER) == 0 == before & ~value
        if at in self.lowered or (before & PRESENT and not raised):
            self.lowered[at] = value
        else:
            self.quads[at] = value

    def map(self, root: int, linear: int, physical: int, length: int, flags: int) -> None:
        """Map memory at a linear address. Raises OSError."""
        while length:
            at = self.reach(root, linear)
            count = min(length // PAGE, ENTRIES - at % ENTRIES)
            end = physical + count * PAGE
            fresh = not self.lowered and not any(self.quads[at : at + count])
            if fresh:
                high = flags & NO_EXECUTE  # does not fit the range below
                entries = array("Q", range(physical | flags ^ high, end, PAGE))
                self.quads[at : at + count] = memoryview(entries)
                if high:
                    for i in range(at, at + count):
                        self.quads[i] |= high
            else:
                for i in range(count):
                    self.put(at + i, physical + i * PAGE | flags)
            linear, physical, length = linear + count * PAGE, end, length - count * PAGE

    def share(self, linear: int, physical: int, length: int, flags: int) -> None:
        """Map memory in all views."""
        assert linear >> 12 + 3 * INDEX_BITS & ENTRIES - 1 > USER_ENTRY, "that is the window's"
        self.map(self.common, linear, physical, length, flags)
        for root in self.roots:
            first, end = USER_ENTRY + 1, ENTRIES - 1
            self.quads[root + first : root + end] = self.quads[self.common + first : self.common + end]

    def root(self) -> int:
        """Make a root, with everything that all views share."""
        root = self.table()
        self.quads[root : root + ENTRIES] = self.quads[self.common : self.common + ENTRIES]
        self.roots.append(root)
        return root

    def written(self) -> None:
        """Record that the monitor has written all lowered entries."""
        self.lowered.clear()
        self.free += self.freed
        self.freed.clear()


class GuestWindow(Window):
    """A window of 4 GiB at linear address 0 of page tables of its own; used in place of Window on a KVM virtual CPU."""

    granted = False

    def __init__(self, pages: Pages, user: bool) -> None:
        """`user`: programs at CPL 3 may use it. Raises OSError."""
        self.pages = pages
        self.flags = DATA | (USER if user else 0)
        self.root = pages.root()
        pages.quads[self.root + USER_ENTRY] = self.flags & USER
        self.base = 0
        self.handle = pages.entry_of(self.root, 0)
        """The value of CR3 while the view is in use."""
        self.tables = Mapped(BELOW)
        self.below = self.tables.address
        at = pages.give(self.below, BELOW)
        pages.map(self.root, TABLES_AT, at, BELOW, self.flags)

    def map(
        self, guest_address: int, fd: int, offset: int, length: int, writable: bool, populate: bool = False
    ) -> None:
        """Map RAM from `offset` on at a guest address."""
        self.pages.map(self.root, guest_address, RAM_AT + offset, length, self.flags | (WRITE if writable else 0))

    def map_shared(self, guest_address: int, fd: int, offset: int, length: int, writable: bool) -> None:
        """Do nothing but protect them: the host has them in RAM where they are."""
        if not writable:
            self.protect(guest_address, length, False)

    def protect(self, guest_address: int, length: int, writable: bool) -> None:
        """Allow or forbid writes to mapped pages."""
        pages = self.pages
        for address in range(guest_address, guest_address + length, PAGE):
            at = pages.reach(self.root, address)
            entry = pages.lowered.get(at, pages.quads[at])
            pages.put(at, entry | WRITE if writable else entry & ~WRITE)

    def unmap(self, guest_address: int, length: int) -> None:
        """Unmap a range of guest addresses."""
        pages = self.pages
        for address in range(guest_address, guest_address + length, PAGE):
            at = pages.reach(self.root, address, make=False)
            if at >= 0:
                pages.put(at, 0)

    def clear(self) -> None:
        """Unmap everything, and free the tables."""
        pages = self.pages
        quads, empty = pages.quads, bytes(PAGE)
        for gigabyte in range(0, SPAN, SPREAD * ENTRIES):
            first = pages.reach(self.root, gigabyte, 2, make=False)
            if first < 0:
                continue
            for directory in range(first, first + ENTRIES):
                entry = pages.lowered.get(directory, quads[directory])
                if not entry & PRESENT:
                    continue
                table = ((entry & FRAME) - pages.physical) // 8
                if quads[table : table + ENTRIES].tobytes() != empty:
                    for at in range(table, table + ENTRIES):
                        if quads[at]:
                            pages.put(at, 0)
                pages.put(directory, 0)
                pages.freed.append(table)

    def close(self) -> None:
        """Release the view's tables; the machine is about to be closed."""
        self.tables.close()
