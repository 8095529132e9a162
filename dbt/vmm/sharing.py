"""Which pages with translated code are shared: stores to them are not seen, so their blocks check themselves."""

from __future__ import annotations

from collections.abc import Iterable

RARE = 1 << 16
"""The most instructions between two stores that are counted together. A page that is filled with code again and again
is stored to as well, and is not to be shared for that: a kernel may keep a list of its free pages in them."""
MOST_NEAR_MISSES = 8
"""Stores to a page with code that miss the code, after which it is shared: code and data lie side by side."""
MOST_HITS = 3
"""Stores to one place that hit code, after which the page is shared as well: its code keeps changing. A page that is
filled with other code has each place hit once."""
Run = tuple[int, int]
"""The number of stores in a row, and the time of the last."""
NONE = 0, 0


def longer(run: Run, now: int) -> Run:
    """Return a run of stores with one more, or another run that begins with this one."""
    count, last = run
    return count + 1 if now - last <= RARE else 1, now


PATIENCE = 16
"""How many times longer stores are seen in a page whose blocks have had too many versions."""


class Sharing:
    """Decides which pages are shared."""

    def __init__(self) -> None:
        self.pages: set[int] = set()
        self.kept: set[int] = set()
        """Those that another machine may write to: they are always shared."""
        self.near_misses: dict[int, Run] = {}
        """Page -> stores that missed its code."""
        self.hits: dict[int, dict[int, Run]] = {}
        """Page -> address -> stores that hit its code."""
        self.patience: dict[int, int] = {}
        """Page -> hits after which it is shared, if not MOST_HITS."""

    def keep(self, pages: Iterable[int]) -> None:
        """Share pages for good."""
        self.kept.update(pages)
        self.pages |= self.kept

    def stored(self, page: int, address: int, hit: bool, now: int) -> bool:
        """Count a store to a page with code, which has hit code or not. True if it is to be shared."""
        if hit:
            places = self.hits.setdefault(page, {})
            run = places[address] = longer(places.get(address, NONE), now)
            return run[0] >= self.patience.get(page, MOST_HITS) and page not in self.pages
        run = self.near_misses[page] = longer(self.near_misses.get(page, NONE), now)
        return run[0] == MOST_NEAR_MISSES and page not in self.pages

    def end(self, page: int) -> None:
        """Share a page no longer, as its code has changed too often."""
        if page not in self.kept:
            self.pages.discard(page)
        self.hits.pop(page, None)
        self.near_misses.pop(page, None)
        self.patience[page] = PATIENCE * self.patience.get(page, MOST_HITS)
