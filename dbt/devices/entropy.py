"""The entropy source: port 0x20 of PG32's board."""

from __future__ import annotations

import random

from dbt.devices.bus import Device


class Entropy(Device):
    """Random words from a seed: the same seed gives the same words."""

    ports = range(0x20, 0x21)

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def read(self, port: int, now: int) -> int:
        return self.random.getrandbits(32)
