"""Adaptive binary translation: an instruction that keeps faulting because the VMM must see what it stores is translated
into a call of the VMM, which costs less than a fault, and goes back when there is nothing to see any more.
(Adams and Agesen, "A comparison of software and hardware techniques for x86 virtualization", 2006, 3.3.)
"""

from __future__ import annotations

from collections import Counter

PRESSED = 6
"""Faults after which an instruction is adapted."""
PATIENCE = 16
"""Calls one after the other that the VMM had nothing to see in, after which it goes back."""
MOST_SITES = 1 << 12


class Adaptation:
    """Which instructions are calls of the VMM, by the physical address at which they stand."""

    def __init__(self) -> None:
        self.faults = Counter[int]()
        self.idle: dict[int, int] = {}
        """The adapted ones -> calls since the last that was needed."""
        self.adapted, self.returned = 0, 0
        """How often an instruction was adapted, and went back."""

    def fault(self, site: int) -> bool:
        """An instruction has faulted on what must be seen. True if it is adapted from now on."""
        if len(self.faults) >= MOST_SITES or len(self.idle) >= MOST_SITES:
            self.faults.clear()
            return False
        self.faults[site] += 1
        if self.faults[site] < PRESSED:
            return False
        del self.faults[site]
        self.idle[site] = 0
        self.adapted += 1
        return True

    def call(self, site: int, needed: bool) -> bool:
        """An adapted instruction has called the VMM. True if it goes back to what it was."""
        if site not in self.idle:
            return False
        self.idle[site] = 0 if needed else self.idle[site] + 1
        if self.idle[site] < PATIENCE:
            return False
        del self.idle[site]
        self.returned += 1
        return True
