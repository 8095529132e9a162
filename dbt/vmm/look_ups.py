"""The MMU technique by instruction: one that keeps missing what shadow paging shows is translated to look its addresses
up in the software TLB, and back again when its look-ups have hit for long.

A miss under shadow paging costs what a hundred thousand look-ups do. All is decided by the guest's time and nothing
else, so that what is translated depends on the guest alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from ring1.isa.record import Record

MOST_PATIENCE = 1 << 40
MOST_SITES = 1 << 12


class Pressing(Record):
    """When an instruction begins to look its addresses up, and when it goes back; in guest instructions."""

    misses: int = 3
    """Misses in a row after which one looks up."""
    together: int = 1 << 20
    """Most instructions between two misses in a row."""
    patience: int = 1 << 22
    """Instructions without a miss after which it goes back, the first time. They double each time, as going back was
    wrong then."""
    every: int = 1 << 20
    """Least instructions between two reviews."""


class LookUps:
    """The guest instructions that look addresses up, by their physical addresses."""

    def __init__(self, pressing: Pressing) -> None:
        self.pressing = pressing
        self.misses: dict[int, tuple[int, int]] = {}
        """Site -> misses in a row under shadow paging, and the time of the last one."""
        self.sites: dict[int, int] = {}
        """Site that looks up -> when it last missed, as far as is known."""
        self.patience: dict[int, int] = {}
        self.due = 0
        """When to review next."""
        self.adapted, self.returned = 0, 0
        """How often an instruction began to look up, and how often one went back."""

    def missed(self, site: int, now: int) -> bool:
        """Count a miss under shadow paging. True if the instruction looks up from now on."""
        if len(self.misses) >= MOST_SITES or len(self.sites) >= MOST_SITES or len(self.patience) >= MOST_SITES:
            self.misses.clear()
            self.patience.clear()
            return False
        count, last = self.misses.get(site, (0, 0))
        count = count + 1 if now - last <= self.pressing.together else 1
        self.misses[site] = count, now
        if count < self.pressing.misses or site in self.sites:
            return False
        del self.misses[site]
        self.sites[site] = now
        self.patience[site] = min(2 * self.patience.get(site, self.pressing.patience // 2), MOST_PATIENCE)
        self.adapted += 1
        return True

    def review(self, missing: Iterable[int], now: int) -> list[int]:
        """Return the sites that go back. `missing`: those whose look-ups have missed since the last review."""
        self.due = now + self.pressing.every
        for site in missing:
            if site in self.sites:
                self.sites[site] = now
        usual = self.pressing.patience
        gone = [site for site, last in self.sites.items() if now - last > self.patience.get(site, usual)]
        for site in gone:
            del self.sites[site]
        self.returned += len(gone)
        return gone
