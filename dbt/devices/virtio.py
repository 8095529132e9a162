"""The transport of virtio devices over registers in memory (OASIS, Virtual I/O Device 1.1, 4.2), for devices with one
queue; and a slot with no device in it."""

from __future__ import annotations

from ring1.dbt.devices.virtqueue import MOST, Malformed, Queue
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.saved import Saved, integer, integers

MAGIC, VERSION = 0x74726976, 2
VENDOR = 0x554D4551
"""QEMU's: there are kernels that use no other device, as xv6."""
VERSION_1 = 1 << 32
"""The feature that every device of this transport has."""
(
    MAGIC_AT,
    VERSION_AT,
    DEVICE_AT,
    VENDOR_AT,
    FEATURES,
    FEATURES_OF,
) = range(6)
DRIVER_FEATURES, DRIVER_FEATURES_OF = 0x20 // 4, 0x24 // 4
QUEUE, QUEUE_MOST, QUEUE_SIZE, QUEUE_READY, NOTIFY = 0x30 // 4, 0x34 // 4, 0x38 // 4, 0x44 // 4, 0x50 // 4
INTERRUPT, ACKNOWLEDGE, STATUS = 0x60 // 4, 0x64 // 4, 0x70 // 4
RINGS_AT = {0x80 // 4: 0, 0x90 // 4: 1, 0xA0 // 4: 2}
"""Registers with the lower halves of the rings' addresses; the upper ones are behind them."""
CONFIGURATION = 0x100 // 4
SIZE = 0x200
"""Bytes of addresses, configuration space included."""
QUEUE_USED, CONFIGURATION_CHANGED = 1, 2
"""Bits of INTERRUPT."""
DRIVER_READY, NEEDS_RESET = 4, 0x40
"""Bits of STATUS."""
LATENCY = 1000
"""Instructions from a notification to what comes of it: in virtual time, so that a run depends on its inputs only."""
MOST_TIME = 1 << 128
"""Larger than any time."""
WORD = 0xFFFFFFFF


class Slot(Device):
    """A place where a device could be: it says that there is none."""

    def __init__(self, name: str, window: range) -> None:
        self.name, self.window = name, window

    def read(self, port: int, now: int) -> int:
        return {MAGIC_AT: MAGIC, VERSION_AT: VERSION, VENDOR_AT: VENDOR}.get(port, 0)


class Virtio(Slot):
    """A device. What it is, and how it serves its queue, its class says."""

    kind = 0
    features = 0

    def __init__(self, name: str, window: range, memory: Memory) -> None:
        super().__init__(name, window)
        self.queue = Queue(memory)
        self.reset()

    def reset(self) -> None:
        self.queue.reset()
        self.status = self.interrupt = self.chosen = self.features_of = self.driver_features_of = 0
        self.accepted = 0
        self.due: int | None = None

    def configuration(self) -> bytes:
        """Return the device's configuration space."""
        return b""

    def serve(self) -> None:
        """Serve what is in the queue. Raises Malformed."""

    def read(self, port: int, now: int) -> int:
        if port >= CONFIGURATION:
            at = 4 * (port - CONFIGURATION)
            return int.from_bytes(self.configuration()[at : at + 4], "little")
        queue = self.queue if self.chosen == 0 else None
        found = {
            DEVICE_AT: self.kind,
            FEATURES: (self.features | VERSION_1) >> 32 * self.features_of if self.features_of < 2 else 0,
            QUEUE_MOST: MOST if queue else 0,
            QUEUE_READY: int(queue is not None and queue.ready),
            INTERRUPT: self.interrupt,
            STATUS: self.status,
        }
        return found[port] & WORD if port in found else super().read(port, now)

    def write(self, port: int, value: int, now: int) -> None:
        if port == STATUS:
            self.attention = True
            if value:
                self.status = value & 0xFF | self.status & NEEDS_RESET
            else:
                self.reset()
        elif port == ACKNOWLEDGE:
            self.interrupt, self.attention = self.interrupt & ~value, True
        elif port == NOTIFY:
            if value == 0 and self.queue.ready and self.status & DRIVER_READY and self.due is None:
                self.due, self.attention = now + LATENCY, True
        elif port == FEATURES_OF:
            self.features_of = value
        elif port == DRIVER_FEATURES_OF:
            self.driver_features_of = value
        elif port == DRIVER_FEATURES and self.driver_features_of < 2:
            shift = 32 * self.driver_features_of
            self.accepted = self.accepted & ~(WORD << shift) | value << shift
        elif port == QUEUE:
            self.chosen = value
        elif self.chosen == 0:
            self.arrange(port, value)

    def arrange(self, port: int, value: int) -> None:
        """Write a register of the queue."""
        queue = self.queue
        if port == QUEUE_SIZE and 0 < value <= MOST and not value & value - 1:
            queue.size = value
        elif port == QUEUE_READY:
            queue.ready = bool(value & 1)
        elif port in RINGS_AT:
            queue.rings[RINGS_AT[port]] = queue.rings[RINGS_AT[port]] & ~WORD | value
        elif port - 1 in RINGS_AT:
            queue.rings[RINGS_AT[port - 1]] = queue.rings[RINGS_AT[port - 1]] & WORD | value << 32

    def level(self) -> bool:
        return self.interrupt != 0

    def deadline(self) -> int | None:
        return self.due

    def advance(self, now: int) -> None:
        if self.due is None or now < self.due:
            return
        self.due = None
        try:
            self.serve()
            self.interrupt |= QUEUE_USED
        except Malformed:
            self.status |= NEEDS_RESET
            self.interrupt |= CONFIGURATION_CHANGED

    def save(self) -> Saved:
        return {
            "status": self.status,
            "interrupt": self.interrupt,
            "selectors": [self.chosen, self.features_of, self.driver_features_of],
            "accepted": self.accepted,
            "due": self.due,
            "queue": self.queue.save(),
        }

    def restore(self, saved: Saved) -> None:
        self.status, self.interrupt = integer(saved["status"], 0xFF), integer(saved["interrupt"], 3)
        self.chosen, self.features_of, self.driver_features_of = integers(saved["selectors"], 3, WORD)
        self.accepted = integer(saved["accepted"], (1 << 64) - 1)
        self.due = None if saved["due"] is None else integer(saved["due"], MOST_TIME)
        self.queue.restore(saved["queue"])
