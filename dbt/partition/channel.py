"""Channels between partitions: words that one sends and another one receives, with a doorbell; and what a partition has
of them, a device at ports 0x40 and following, which rings line 2, the disk's.

    port 0x40 + 2n   the n-th channel: a sender's write appends a word, a receiver's read takes one (all ones: none)
    port 0x41 + 2n   read: how many words wait; a sender's write rings; a receiver's write silences the doorbell

A sender's read of a word and a receiver's write of one do nothing, and a channel that is full loses what is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from ring1.dbt.machine.bus import ALL_ONES, Device
from ring1.isa.record import Record

FIRST = 0x40
LINE = 2


class Channel:
    """The words that are on their way from one partition to another."""

    def __init__(self, name: str, sender: str, receiver: str, most: int) -> None:
        self.name = name
        self.sender = sender
        self.receiver = receiver
        self.most = most
        """Words that it holds."""
        self.words = deque[int]()
        self.ringing = False
        self.rung: list[int] = []
        """When the doorbell began to ring, for each time that it has not been answered ..."""
        self.answered: list[tuple[int, int]] = []
        """... and for each that it has: when it began, and when the receiver silenced it."""
        self.lost = 0
        """Words for which there was no room."""


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
        channel, sends = self.ends[port >> 1].channel, self.ends[port >> 1].sends
        if port & 1:
            return len(channel.words)
        return ALL_ONES if sends or not channel.words else channel.words.popleft()

    def write(self, port: int, value: int, now: int) -> None:
        channel, sends = self.ends[port >> 1].channel, self.ends[port >> 1].sends
        if port & 1:
            if sends and not channel.ringing:
                channel.rung.append(now)
            elif not sends and channel.ringing:
                channel.answered.append((channel.rung.pop(), now))
                self.attention = True
            channel.ringing = sends
        elif sends and len(channel.words) < channel.most:
            channel.words.append(value)
        elif sends:
            channel.lost += 1

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
