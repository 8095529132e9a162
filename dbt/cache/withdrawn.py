"""Blocks that were removed because the guest wrote to their code, and that lie in the code cache as before: they come
back once memory holds their words again, since programs that end and begin again come to the same pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ring1.dbt.cache.block import Block, Jump
from ring1.dbt.translate.policy import Sites

MOST = 256
"""Most blocks kept for a page: several programs may use it in turn."""


class Withdrawal(NamedTuple):
    block: Block
    exceptions: Sites
    """Those among its instructions."""
    incoming: list[Jump]
    """The jumps that led to it."""
    listed: bool
    """It was looked up by its place."""


class Withdrawn:
    """Withdrawn blocks by physical page."""

    def __init__(self) -> None:
        self.pages: dict[int, dict[Block, Withdrawal]] = {}
        self.due: set[int] = set()
        """The pages of which blocks have been withdrawn since somebody asked which ones come back."""

    def add(self, withdrawal: Withdrawal) -> None:
        for page in withdrawal.block.translation.pages:
            kept = self.pages.setdefault(page, {})
            if len(kept) >= MOST:
                self.discard(next(iter(kept)))
            kept[withdrawal.block] = withdrawal
            self.due.add(page)

    def discard(self, block: Block) -> None:
        """The block does not come back any more."""
        for page in block.translation.pages:
            self.pages.get(page, {}).pop(block, None)

    def take(self, page: int, valid: Callable[[Withdrawal], bool]) -> list[Withdrawal]:
        """Return the blocks of a page that come back, the last one withdrawn first. They are withdrawn no longer."""
        if page not in self.due:
            return []
        self.due.discard(page)
        found = [withdrawal for withdrawal in reversed(self.pages[page].values()) if valid(withdrawal)]
        for withdrawal in found:
            self.discard(withdrawal.block)
        return found

    def clear(self) -> None:
        self.pages.clear()
        self.due.clear()
