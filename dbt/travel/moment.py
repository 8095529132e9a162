"""Moments: the points between two events of a machine's run."""

from __future__ import annotations

from typing import NamedTuple


class Moment(NamedTuple):
    """So many instructions have retired since reset, and since the last of them `entries` traps and interrupts have
    been taken. Moments are ordered as the machine comes to them."""

    retired: int
    entries: int = 0

    def __str__(self) -> str:
        """Say what comes before it: "1,000 instructions", "11 instructions and 1 trap"."""
        retired = f"{self.retired:,} instruction{'s' * (self.retired != 1)}"
        return retired + (f" and {self.entries} trap{'s' * (self.entries > 1)}" if self.entries else "")
