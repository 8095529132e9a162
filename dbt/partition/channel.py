"""Channels between partitions, each with a doorbell: words that one sends and another one receives, or pages of RAM
that both have. What a partition has of them is a device at ports 0x40 and following, which rings line 2, the disk's.

    port 0x40 + 2n   the n-th channel. Words: a sender's write appends one, a receiver's read takes one (all ones:
                     none). Pages: a read is the address at which the partition has them
    port 0x41 + 2n   read: how many words wait, or how many pages there are; a sender's write rings; a receiver's write
                     silences the doorbell

A sender's read of a word and a receiver's write of one do nothing, and a channel that is full loses what is written.
"""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence

from ring1.dbt.machine.bus import ALL_ONES, Device
from ring1.dbt.machine.memory import PAGE, Shared, anonymous_file
from ring1.isa.record import Record

FIRST = 0x40
LINE = 2


class Channel(ABC):
    """A way from one partition to another, and its doorbell."""

    kind: str

    def __init__(self, name: str, sender: str, receiver: str) -> None:
        self.name = name
        self.sender = sender
        self.receiver = receiver
        self.ringing = False
        self.rung: list[int] = []
        """When the doorbell began to ring, for each time that it has not been answered ..."""
        self.answered: list[tuple[int, int]] = []
        """... and for each that it has: when it began, and when the receiver silenced it."""
        self.took: list[int] = []
        """Nanoseconds of wall time that each of these took."""
        self.since = 0
        self.lost = 0
        """Words for which there was no room."""

    @abstractmethod
    def there(self) -> int:
        """Return what is read at the second port."""

    @abstractmethod
    def read(self, sends: bool) -> int:
        """Return what the sender, or the receiver, reads at the first port."""

    def write(self, sends: bool, value: int) -> None:  # noqa: B027 - not each kind has something to do
        """Do what a write at the first port does."""

    def bell(self, sends: bool, now: int) -> bool:
        """Ring, or silence the doorbell. True if that has answered it."""
        answered = self.ringing and not sends
        if sends and not self.ringing:
            self.rung.append(now)
            self.since = time.perf_counter_ns()
        elif answered:
            self.answered.append((self.rung.pop(), now))
            self.took.append(time.perf_counter_ns() - self.since)
        self.ringing = sends
        return answered

    def close(self) -> None:  # noqa: B027 - not each kind has something to do
        """Release the host's resources."""


class Words(Channel):
    """Words that are on their way."""

    kind = "words"

    def __init__(self, name: str, sender: str, receiver: str, most: int) -> None:
        super().__init__(name, sender, receiver)
        self.most = most
        """Words that it holds."""
        self.words = deque[int]()

    def there(self) -> int:
        return len(self.words)

    def read(self, sends: bool) -> int:
        return ALL_ONES if sends or not self.words else self.words.popleft()

    def write(self, sends: bool, value: int) -> None:
        if sends and len(self.words) < self.most:
            self.words.append(value)
        elif sends:
            self.lost += 1


class Pages(Channel):
    """Pages of RAM that both have."""

    kind = "pages"

    def __init__(self, name: str, sender: str, receiver: str, pages: int, places: tuple[int, int], both: bool) -> None:
        """`places`: the physical address at which the sender has them, and that of the receiver. `both`: may the
        receiver write to them? Raises OSError."""
        super().__init__(name, sender, receiver)
        self.pages = pages
        self.places = places
        self.both = both
        self.fd = anonymous_file(pages * PAGE)

    def there(self) -> int:
        return self.pages

    def read(self, sends: bool) -> int:
        return self.places[not sends]

    def of(self, sends: bool) -> Shared:
        """Return the pages as the sender, or the receiver, has them."""
        return Shared(self.read(sends), self.pages * PAGE, self.fd, sends or self.both)

    def close(self) -> None:
        os.close(self.fd)


class End(Record):
    """What a partition is to a channel."""

    channel: Channel
    sends: bool


class Ends(Device):
    """A partition's ends of channels, in the order in which the plan has them."""

    name = "channels"
    line = LINE
    shares = True
    remote = True

    def __init__(self, ends: Sequence[End]) -> None:
        self.ends = ends
        self.ports = range(FIRST, FIRST + 2 * len(ends))

    def read(self, port: int, now: int) -> int:
        end = self.ends[port >> 1]
        return end.channel.there() if port & 1 else end.channel.read(end.sends)

    def write(self, port: int, value: int, now: int) -> None:
        end = self.ends[port >> 1]
        if not port & 1:
            end.channel.write(end.sends, value)
        elif end.channel.bell(end.sends, now):
            self.attention = True

    def level(self) -> bool:
        return any(end.channel.ringing and not end.sends for end in self.ends)


class Watchdog(Device):
    """Port 0x3F: a write says that the partition is well."""

    name = "watchdog"
    ports = range(0x3F, 0x40)

    def __init__(self) -> None:
        self.heard = 0
        """When it last was."""

    def read(self, port: int, now: int) -> int:
        return ALL_ONES

    def write(self, port: int, value: int, now: int) -> None:
        self.heard = now
