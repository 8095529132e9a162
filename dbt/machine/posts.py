"""Posted writes: writes to ports, or to registers of devices in memory, that generated code has made, and that devices
have not seen yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from ring1.dbt.machine.state import (
    GRANTED,
    GRANTS,
    MOST_POSTED,
    POSTED,
    POSTED_PORTS,
    POSTED_TIMES,
    POSTED_VALUES,
    SEATS,
    State,
)
from ring1.dbt.machine.traps import TIME_ONES

LOW = 0 if sys.byteorder == "little" else 3
"""Where the low byte of a word is."""


def low_bytes(values: memoryview) -> bytes:
    """Return the low bytes of words."""
    return values.tobytes()[LOW::4]


class Run(NamedTuple):
    """Posted writes to one port, one after the other."""

    port: int
    values: memoryview
    """Words."""
    times: memoryview
    """Quadwords: the times at which they were made, modulo 2^64."""

    def moments(self, now: int) -> Iterator[int]:
        """Yield the times, none of which is after `now`."""
        return (now - (now - time & TIME_ONES) for time in self.times)


class Posts:
    """The queue of posted writes in a state block. Generated code appends to it, as long as the port has a grant: so
    many more writes may be posted to it. A register's port is its physical address. All grants together are no more
    than the queue holds."""

    def __init__(self, state: State) -> None:
        words, at = state.words, State.word
        self.words = words
        self.count = at(POSTED)
        """Index into `words` of the number of posted writes."""
        self.grants = words[at(GRANTS) : at(GRANTS) + GRANTED + SEATS]
        """Port, or behind the ports seat of a register -> how many more writes may be posted to it."""
        self.ports = words[at(POSTED_PORTS) : at(POSTED_PORTS) + MOST_POSTED]
        self.values = words[at(POSTED_VALUES) : at(POSTED_VALUES) + MOST_POSTED]
        first = State.quad(POSTED_TIMES)
        self.times = state.quads[first : first + MOST_POSTED]

    def runs(self) -> list[Run]:
        """Return the posted writes in their order, as far as they go to one port in one piece; they stay posted."""
        count, begin, found = self.words[self.count], 0, []
        ports = self.ports[:count]
        if count and ports.tobytes() == ports[:1].tobytes() * count:
            return [Run(ports[0], self.values[:count], self.times[:count])]
        for port, some in groupby(ports):
            end = begin + len(list(some))
            found.append(Run(port, self.values[begin:end], self.times[begin:end]))
            begin = end
        return found

    def each(self, now: int) -> Iterator[tuple[int, int, int]]:
        """Yield port, value and time of the posted writes, in order; none of them is after `now`."""
        for run in self.runs():
            for value, time in zip(run.values, run.moments(now), strict=True):
                yield run.port, value, time

    def clear(self) -> None:
        """Forget the posted writes, as they have been made."""
        self.words[self.count] = 0
