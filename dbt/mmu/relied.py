"""What generated code needs to flush the guest's TLB by itself: the entries of page tables that anything shown comes
from, and which entries of software TLBs have been filled.

The flush in generated code (dbt/host/x86_64/flush) compares the former with memory and empties the latter. Unless both
are known and every entry still holds, it is left to the VMM, which then does what it does in any case.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Mapping

from ring1.dbt.machine.state import FILLED, FILLS, MET, MOST_FILLS, RELIED, State
from ring1.isa.model import WORD

MOST_RELIED = 1 << 10
"""Most entries that are known: comparing them costs no more than a fraction of an exit."""
RECORD = 16
"""Bytes of an entry's record: physical address as a quadword, its value, and the bits that must not differ from it."""
UNKNOWN = (1 << 64) - 1
ONES = (1 << 32) - 1


class Relied:
    """The slots RELIED, FILLED, FILLS and MET of a state block."""

    def __init__(self, quads: memoryview, marks: int, leaves: Mapping[int, int]) -> None:
        """`quads`: of the state block. `marks`: the bits of an entry that the machine may set with nobody told.
        `leaves`: see ring1.isa.page_flush."""
        self.quads = quads
        self.places = list(leaves.items())
        """By level of a leaf: the log2 of the bytes that it maps, and where its bytes of `met` begin."""
        self.met = (ctypes.c_ubyte * sum(1 << WORD - shift for shift in leaves))()
        """A byte for each page of each size: not 0 if a leaf of that size has been used there since the last flush that
        the VMM has seen, or is still."""
        quads[State.quad(MET)] = ctypes.addressof(self.met)
        self.marks = marks
        self.records = (ctypes.c_ubyte * (RECORD * MOST_RELIED))()
        self.quiet = False
        """Nothing was added between the last two flushes that the VMM has seen."""
        quads[State.quad(RELIED)] = ctypes.addressof(self.records)
        self.unknown()

    def unknown(self) -> None:
        """Entries have been added, or have other values."""
        self.quads[State.quad(RELIED) + 1] = UNKNOWN
        self.quiet = False

    @property
    def known(self) -> bool:
        """Are the entries written down?"""
        return self.quads[State.quad(RELIED) + 1] != UNKNOWN

    def flushed(self, entries: Callable[[], dict[int, int]]) -> None:
        """Told at a flush that the VMM has made. The entries, physical address -> value, are written down if there was
        no new one since the last flush, as there may be none again."""
        if not self.quiet:
            self.quiet = True
            return
        known = entries()
        if len(known) > MOST_RELIED:
            self.unknown()
            return
        for n, (at, value) in enumerate(known.items()):
            struct.pack_into("<QII", self.records, RECORD * n, at, value, ONES & ~self.marks | value & self.marks)
        self.quads[State.quad(RELIED) + 1] = len(known)

    def meet(self, address: int, depth: int) -> None:
        """A leaf is about to be used for an address, after so many entries."""
        if self.places and depth:
            shift, at = self.places[depth - 1]
            self.met[at + (address >> shift)] = 1

    def unused(self, address: int) -> None:
        """No leaf of the smallest size is used for an address."""
        if self.places:
            shift, at = self.places[-1]
            self.met[at + (address >> shift)] = 0

    def fill(self, tag: int) -> None:
        """The VMM has filled an entry of a software TLB whose tag for loads is at this host address."""
        filled = State.quad(FILLED)
        n = self.quads[filled]
        if n < MOST_FILLS:
            self.quads[State.quad(FILLS) + n] = tag
            self.quads[filled] = n + 1

    def filled(self) -> bool:
        """Has anything been filled since `emptied`?"""
        return bool(self.quads[State.quad(FILLED)])

    def emptied(self) -> None:
        """All software TLBs are empty."""
        self.quads[State.quad(FILLED)] = 0
