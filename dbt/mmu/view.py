"""A view: what generated code sees of one guest address space in processor modes that have the same rights.

A host register points to guest address 0 of the view's window. Below the window's guard zone are the tables that
generated code uses in this address space, so that one register switches all of them. They are read-only there; the VMM
and the page walk in generated code write to them through a second mapping:

    WRITTEN      a quadword: the base from which the displacements below reach the writable mapping
    DEVICES      registers of devices that the guest has accessed: see `device_entries`
    CODE_MAP     a word for each page of the guest: tag(frame) if code was found there and may be executed, or 0
    TLB_*        the software TLB (ring1.dbt.mmu.softtlb)
    JUMPS        a jump cache for each processor mode: host addresses of blocks, indexed by low bits of the pc

What a view holds agreed with the guest's page tables when it was put there; dbt/mmu/tables finds what no longer does.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import ONES
from ring1.dbt.native.window import GUARD, SPAN, Window
from ring1.isa.model import MOST_MODES, WORD

JUMP_ENTRIES = 4096
JUMP_CACHE = 8 * JUMP_ENTRIES
JUMPS = -GUARD - MOST_MODES * JUMP_CACHE
TLB_ENTRIES = 1024
TLB_FRAME = JUMPS - 8 * TLB_ENTRIES
TLB_STORE = TLB_FRAME - 4 * TLB_ENTRIES
TLB_LOAD = TLB_STORE - 4 * TLB_ENTRIES
PAGES = SPAN // PAGE
CODE_MAP = TLB_LOAD - 4 * PAGES
WRITTEN = CODE_MAP - PAGE
DEVICES = WRITTEN + 64
DEVICE_ENTRIES, DEVICE_ENTRY = 64, 32
"""Number of entries, and bytes of each. Its words, by their displacements:"""
DEVICE_FROM, DEVICE_TO, DEVICE_LOADS, DEVICE_STORES, DEVICE_MASK = range(0, 20, 4)
"""Guest address and physical address of a device's first byte in the page; the bytes from there on that may be loaded,
and that may be stored to, as whole registers; the bytes of a register less 1."""
DEVICE_HASH = 0x9E3779B1
"""2^32 by the golden ratio, rounded to a prime number."""
BELOW = -WRITTEN - GUARD
"""Bytes of the tables below the window's guard zone."""


def tag(frame: int) -> int:
    """Return the code map's word for a frame."""
    return frame + 1


def device_entries(page: int) -> tuple[int, int]:
    """Return the numbers of the two entries in one of which the registers of devices in a page are: the upper bits of
    its product with DEVICE_HASH say which (Knuth, TAOCP 3, 6.4), and the other one differs in the lowest bit."""
    first = (page * DEVICE_HASH & ONES) * DEVICE_ENTRIES >> WORD
    return first, first ^ 1


def jump_cache(mode: int) -> int:
    """Return the displacement of a mode's jump cache from guest address 0, in bytes."""
    return JUMPS + mode * JUMP_CACHE


class View:
    """A window and the tables for `modes`. A mode's jump cache takes memory from when it is opened."""

    def __init__(self, modes: Iterable[int], window: Window | None = None) -> None:
        """Raises OSError if the host refuses the addresses."""
        self.modes = tuple(modes)
        self.window = window or Window(BELOW)
        self.base = self.window.base
        below = (ctypes.c_ubyte * BELOW).from_address(self.window.below)
        self.tables = memoryview(below).cast("B")
        self.tables[:8] = (self.window.below - WRITTEN).to_bytes(8, "little")
        self.code = self.words(CODE_MAP, PAGES)
        self.jumps = self.tables[JUMPS - WRITTEN :].cast("Q")
        self.coded: set[int] = set()
        """Pages in the code map."""
        self.devices = self.words(DEVICES, DEVICE_ENTRIES * DEVICE_ENTRY // 4)
        self.registers: dict[int, int] = {}
        """Number of an entry of `devices` in use -> its page."""
        self.opened: set[int] = set()
        """The modes whose jump caches can be used."""

    def words(self, displacement: int, count: int) -> memoryview:
        """Return one of the tables, in its writable mapping, as 32-bit words."""
        return self.tables[displacement - WRITTEN :][: 4 * count].cast("I")

    def show_code(self, page: int, frame: int) -> None:
        """Enter a page in the code map: code was found in that frame and may be executed."""
        self.code[page] = tag(frame)
        self.coded.add(page)

    def hide_code(self, page: int) -> None:
        """Remove a page from the code map."""
        if page in self.coded:
            self.coded.discard(page)
            self.code[page] = 0

    def hide_all_code(self) -> None:
        for page in self.coded:
            self.code[page] = 0
        self.coded.clear()

    def show_device(self, address: int, physical: int, loads: int, stores: int, width: int) -> None:
        """Enter registers of `width` bytes of a device, which are at a guest address and at a physical address: so many
        bytes may be loaded, and be stored to, within the page."""
        page, size = address // PAGE, DEVICE_ENTRY // 4
        ways, shown = device_entries(page), self.registers.get
        fit = [way for way in ways if shown(way) == page] + [way for way in ways if shown(way) is None]
        entry = (*fit, ways[0])[0]
        self.registers[entry] = page
        for at, word in enumerate((address, physical, loads, stores, width - 1)):
            self.devices[entry * size + at] = word

    def hide_device(self, page: int) -> None:
        """Remove the registers in a page."""
        size = DEVICE_ENTRY // 4
        for entry in device_entries(page):
            if self.registers.get(entry) == page:
                del self.registers[entry]
                for at in range(entry * size, (entry + 1) * size):
                    self.devices[at] = 0

    def hide_devices(self) -> None:
        for page in list(self.registers.values()):
            self.hide_device(page)

    @staticmethod
    def jump_entry(mode: int, pc: int) -> int:
        """Return the index into `jumps` of the entry for a block."""
        return mode * JUMP_ENTRIES + (pc >> 2 & JUMP_ENTRIES - 1)

    def clear_jumps(self, miss: int) -> None:
        """Empty the jump caches that are open: every entry leads to the host address `miss`."""
        empty = memoryview(miss.to_bytes(8, "little") * JUMP_ENTRIES).cast("Q")
        for mode in self.opened:
            self.jumps[mode * JUMP_ENTRIES : (mode + 1) * JUMP_ENTRIES] = empty

    def open_jumps(self, mode: int, miss: int, other: View | None = None) -> None:
        """Have the jump cache of a mode be used from now on, as a copy of another view's, or empty."""
        part = slice(mode * JUMP_ENTRIES, (mode + 1) * JUMP_ENTRIES)
        empty = memoryview(miss.to_bytes(8, "little") * JUMP_ENTRIES).cast("Q") if other is None else other.jumps[part]
        self.jumps[part] = empty
        self.opened.add(mode)

    def set_jump(self, entry: int, address: int) -> None:
        """Have an entry of the jump caches lead to a host address, if its mode's is open."""
        if entry // JUMP_ENTRIES in self.opened:
            self.jumps[entry] = address

    def close(self) -> None:
        self.code.release()
        self.devices.release()
        self.jumps.release()
        self.window.close()
