"""The entropy source: port 0x20 of PG32's board."""

from __future__ import annotations

import random

from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.saved import Saved, integers


class Entropy(Device):
    """A stream of random words that is a function of its seed."""

    name = "entropy"
    ports = range(0x20, 0x21)

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def read(self, port: int, now: int) -> int:
        return self.random.getrandbits(32)

    def save(self) -> Saved:
        return {"twister": list(self.random.getstate()[1])}

    def restore(self, saved: Saved) -> None:
        version, state, gauss = self.random.getstate()
        self.random.setstate((version, tuple(integers(saved["twister"], len(state), 0xFFFFFFFF)), gauss))
