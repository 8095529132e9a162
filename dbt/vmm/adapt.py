"""Adaptive binary translation: an instruction that keeps faulting because the VMM must see its stores is translated
into a call to the VMM, which costs less than a fault, and back again when its stores need not be seen any more. So is
one that keeps accessing a device in memory.
(Adams and Agesen, "A comparison of software and hardware techniques for x86 virtualization", 2006, 3.3.)
"""

from __future__ import annotations

from collections import Counter

PRESSED, PRESSED_BY_DEVICES = 6, 2
"""Number of faults after which an instruction is adapted: one that accesses devices will go on to do so."""
PATIENCE = 16
"""Number of consecutive calls without need after which an instruction is translated as before."""
MOST_SITES = 1 << 12


class Adaptation:
    """The guest instructions that are translated as calls to the VMM, by their physical addresses."""

    def __init__(self) -> None:
        self.faults = Counter[int]()
        self.idle: dict[int, int] = {}
        """Physical address of an adapted instruction -> calls since the last one that was needed."""
        self.devices: set[int] = set()
        """Those of them that have accessed devices."""
        self.adapted, self.returned = 0, 0
        """How often an instruction was adapted, and how often one was translated as before again."""

    def fault(self, site: int, device: bool = False) -> bool:
        """Count a fault of an instruction on an access that must be seen, or is to a device. True if it is adapted from
        now on."""
        if len(self.faults) >= MOST_SITES or len(self.idle) >= MOST_SITES:
            self.faults.clear()
            return False
        self.faults[site] += 1
        if self.faults[site] < (PRESSED_BY_DEVICES if device else PRESSED):
            return False
        del self.faults[site]
        self.idle[site] = 0
        if device:
            self.devices.add(site)
        self.adapted += 1
        return True

    def call(self, site: int, needed: bool) -> bool:
        """Count a call of an adapted instruction. True if it is to be translated as before."""
        if site not in self.idle:
            return False
        self.idle[site] = 0 if needed else self.idle[site] + 1
        if self.idle[site] < PATIENCE:
            return False
        del self.idle[site]
        self.devices.discard(site)
        self.returned += 1
        return True
