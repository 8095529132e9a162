"""The core-local interruptor of a single hart: a software interrupt and a timer (SiFive's CLINT, RISC-V's ACLINT).

    0x0000 msip    0x4000 mtimecmp    0xbff8 mtime

`mtime` is virtual time, and cannot be written.
"""

from __future__ import annotations

from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.saved import Saved, boolean, integer
from ring1.dbt.machine.traps import TIME_ONES

TIMER = 0x4000
"""Where the timer's registers begin."""
SIZE = 0xC000
MTIME = (0xBFF8 - TIMER) // 4
MOST_TIME = 1 << 128
"""Larger than any time."""


class Software(Device):
    """The software interrupt, which is asserted by writing a bit."""

    def __init__(self, name: str, begin: int, line: int) -> None:
        self.name, self.window, self.line = name, range(begin, begin + TIMER), line
        self.up = False

    def read(self, port: int, now: int) -> int:
        return int(self.up) if port == 0 else 0

    def write(self, port: int, value: int, now: int) -> None:
        if port == 0:
            self.up, self.attention = bool(value & 1), True

    def level(self) -> bool:
        return self.up

    def save(self) -> Saved:
        return {"up": self.up}

    def restore(self, saved: Saved) -> None:
        self.up = boolean(saved["up"])


class Timer(Device):
    """The timer, whose interrupt is asserted as long as `mtime` is at least `mtimecmp`."""

    def __init__(self, name: str, begin: int, line: int) -> None:
        self.name, self.window, self.line = name, range(begin + TIMER, begin + SIZE), line
        self.compare = TIME_ONES
        self.due: int | None = None
        """When the line will be asserted; None if it is, or never will be."""
        self.up = False

    def read(self, port: int, now: int) -> int:
        found = {0: self.compare, 1: self.compare >> 32, MTIME: now, MTIME + 1: now >> 32}.get(port, 0)
        return found & 0xFFFFFFFF

    def write(self, port: int, value: int, now: int) -> None:
        if port == 0:
            self.compare = self.compare & ~0xFFFFFFFF | value
        elif port == 1:
            self.compare = self.compare & 0xFFFFFFFF | value << 32
        else:
            return
        passed = now & TIME_ONES
        self.up, self.attention = passed >= self.compare, True
        self.due = None if self.up or self.compare == TIME_ONES else now - passed + self.compare

    def level(self) -> bool:
        return self.up

    def deadline(self) -> int | None:
        return self.due

    def advance(self, now: int) -> None:
        if self.due is not None and now >= self.due:
            self.due, self.up = None, True

    def save(self) -> Saved:
        return {"compare": self.compare, "due": self.due, "up": self.up}

    def restore(self, saved: Saved) -> None:
        self.compare, self.up = integer(saved["compare"], TIME_ONES), boolean(saved["up"])
        self.due = None if saved["due"] is None else integer(saved["due"], MOST_TIME)
