"""Which pages with translated code are shared: stores to them are not seen, so their blocks check themselves."""

from __future__ import annotations

from collections import Counter

MOST_NEAR_MISSES = 8
"""Stores to a page with code that miss the code, after which it is shared: code and data lie side by side."""
MOST_HITS, RARE = 3, 1 << 16
"""Stores to one place that hit code, each at most so many instructions after the one before, after which the page is
shared as well: its code keeps changing. A page that is filled with other code has each place hit once."""
PATIENCE = 16
"""How many times longer stores are seen in a page whose blocks have had too many versions."""


class Sharing:
    """Decides which pages are shared."""

    def __init__(self) -> None:
        self.pages: set[int] = set()
        self.near_misses = Counter[int]()
        self.hits: dict[int, dict[int, tuple[int, int]]] = {}
        """Page -> address -> hits in a row, and the time of the last."""
        self.patience: dict[int, int] = {}
        """Page -> hits after which it is shared, if not MOST_HITS."""

    def stored(self, page: int, address: int, hit: bool, now: int) -> bool:
        """Count a store to a page with code, which has hit code or not. True if it is to be shared."""
        if hit:
            places = self.hits.setdefault(page, {})
            hits, last = places.get(address, (0, 0))
            hits = hits + 1 if now - last <= RARE else 1
            places[address] = hits, now
            return hits >= self.patience.get(page, MOST_HITS) and page not in self.pages
        self.near_misses[page] += 1
        return self.near_misses[page] == MOST_NEAR_MISSES and page not in self.pages

    def end(self, page: int) -> None:
        """Share a page no longer, as its code has changed too often."""
        self.pages.discard(page)
        self.hits.pop(page, None)
        self.near_misses[page] = 0
        self.patience[page] = PATIENCE * self.patience.get(page, MOST_HITS)
