"""What generated code needs to flush the guest's TLB by itself: the entries of page tables that anything shown comes
from, and which entries of software TLBs have been filled.

The flush in generated code (dbt/host/x86_64/flush) compares the former with memory and empties the latter. Unless both
are known and every entry still holds, it is left to the VMM, which then does what it does in any case.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Mapping

from ring1.dbt.machine.state import FILLED, FILLS, MET, MOST_FILLS, RELIED, State
from ring1.isa.model import WORD

MOST_RELIED = 1 << 12
"""Most entries that are known: comparing them costs no more than a fraction of an exit."""
RECORD = 16
"""Bytes of an entry's record: physical address as a quadword, its value, and the bits that must not differ from it."""
UNKNOWN = (1 << 64) - 1
ONES = (1 << 32) - 1


class Relied:
    """The slots RELIED, FILLED, FILLS and MET of a state block."""

    def __init__(self, quads: memoryview, marks: int, leaves: Mapping[int, int], most: int = MOST_RELIED) -> None:
        """`quads`: of the state block. `marks`: the bits of an entry that the machine may set with nobody told.
        `leaves`: see ring1.isa.page_flush. `most`: entries that are written down, at most."""
        self.quads = quads
        self.places = list(leaves.items())
        """By level of a leaf: the log2 of the bytes that it maps, and where its bytes of `met` begin."""
        self.met = (ctypes.c_ubyte * sum(1 << WORD - shift for shift in leaves))()
        """A byte for each page of each size: not 0 if a leaf of that size has been used there since the last flush that
        the VMM has seen, or is still."""
        quads[State.quad(MET)] = ctypes.addressof(self.met)
        self.marks = marks
        records = (ctypes.c_ubyte * (RECORD * most))()
        self.most = most
        self.records = memoryview(records).cast("B")
        self.entries: list[int] = []
        """The physical addresses of the entries, in the order of their records."""
        self.numbers: dict[int, int] = {}
        """Physical address -> number of the record."""
        quads[State.quad(RELIED)] = ctypes.addressof(records)
        self.none()

    def none(self) -> None:
        """There are no entries."""
        self.entries.clear()
        self.numbers.clear()
        self.count(0)

    @property
    def known(self) -> bool:
        """Are all entries written down?"""
        return self.quads[State.quad(RELIED) + 1] != UNKNOWN

    def count(self, number: int) -> None:
        self.quads[State.quad(RELIED) + 1] = number

    def note(self, at: int, value: int) -> None:
        """Write an entry down, or its new value. If there are too many, none is known until `again`."""
        if not self.known:
            return
        n = self.numbers.get(at)
        if n is None:
            n = len(self.entries)
            if n == self.most:
                self.none()
                self.count(UNKNOWN)
                return
            self.numbers[at] = n
            self.entries.append(at)
        struct.pack_into("<QII", self.records, RECORD * n, at, value, ONES & ~self.marks | value & self.marks)
        self.count(len(self.entries))

    def drop(self, at: int) -> None:
        """Nothing depends on an entry any more. The last record takes the place of its record."""
        n = self.numbers.pop(at, None)
        if n is None:
            return
        last = self.entries.pop()
        if last != at:
            end = RECORD * len(self.entries)
            self.entries[n], self.numbers[last] = last, n
            self.records[RECORD * n : RECORD * (n + 1)] = self.records[end : end + RECORD]
        self.count(len(self.entries))

    def again(self, entries: Mapping[int, int]) -> None:
        """Write down all entries, physical address -> value, of which there are few enough again."""
        self.none()
        for at, value in entries.items():
            self.note(at, value)

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
