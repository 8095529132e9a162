"""A slot for a virtio device, with none in it (OASIS, Virtual I/O Device 1.1, 4.2.2)."""

from __future__ import annotations

from ring1.dbt.machine.bus import Device

MAGIC = 0x74726976
LEGACY, MODERN = 1, 2
"""Versions of the registers: as they were before the standard, and as it has them."""
VENDOR = 0x554D4551
"""QEMU's: there are kernels that use no other device, as xv6."""
MAGIC_AT, VERSION_AT, KIND_AT, VENDOR_AT = range(4)
SIZE = 0x200
"""Bytes of addresses, configuration space included."""


class Slot(Device):
    """A place where a device could be: it says that there is none."""

    version = MODERN

    def __init__(self, name: str, window: range) -> None:
        self.name, self.window = name, window

    def read(self, port: int, now: int) -> int:
        return {MAGIC_AT: MAGIC, VERSION_AT: self.version, VENDOR_AT: VENDOR}.get(port, 0)


class LegacySlot(Slot):
    version = LEGACY
