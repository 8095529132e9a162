"""The transport of virtio devices over registers in memory (OASIS, Virtual I/O Device 1.1, 4.2.2)."""

from __future__ import annotations

from ring1.dbt.devices.virtio_device import VirtioDevice
from ring1.dbt.devices.virtio_slot import KIND_AT, Slot
from ring1.dbt.devices.virtqueue import MOST, Malformed, Queue
from ring1.dbt.machine.saved import Saved, integer, integers

VERSION_1 = 1 << 32
"""The feature that every device of this transport has."""
FEATURES, FEATURES_OF, DRIVER_FEATURES, DRIVER_FEATURES_OF = 0x10 // 4, 0x14 // 4, 0x20 // 4, 0x24 // 4
QUEUE, QUEUE_MOST, QUEUE_SIZE, QUEUE_READY, NOTIFY = 0x30 // 4, 0x34 // 4, 0x38 // 4, 0x44 // 4, 0x50 // 4
INTERRUPT, ACKNOWLEDGE, STATUS = 0x60 // 4, 0x64 // 4, 0x70 // 4
RINGS_AT = {0x80 // 4: 0, 0x90 // 4: 1, 0xA0 // 4: 2}
"""Registers with the lower halves of the rings' addresses; the upper ones are behind them."""
CONFIGURATION = 0x100 // 4
QUEUE_USED, CONFIGURATION_CHANGED = 1, 2
"""Bits of INTERRUPT."""
DRIVER_READY, NEEDS_RESET = 4, 0x40
"""Bits of STATUS."""
LATENCY = 1000
"""Instructions from a notification to what comes of it: in virtual time, so that a run depends on its inputs only."""
MOST_MOVED = 1 << 20
"""Bytes of requests that are carried out at once, the last one as a whole; the others come LATENCY later, so that
nobody has the host serve a queue for long without looking up."""
MOST_TIME = 1 << 128
"""Larger than any time."""
WORD = 0xFFFFFFFF


class VirtioMmio(Slot):
    """A device in its slot: registers by which a driver sets up its queues, and tells that there is something in them.
    What goes wrong in a queue makes the device need a reset; it serves nothing until then."""

    offered = VERSION_1

    def __init__(self, name: str, window: range, device: VirtioDevice) -> None:
        super().__init__(name, window)
        self.device = device
        self.reset()

    def reset(self) -> None:
        self.device.reset()
        for queue in self.device.queues:
            queue.reset()
        self.status = self.interrupt = self.chosen = self.features_of = self.driver_features_of = 0
        self.accepted = 0
        self.notified = 0
        """A bit for each queue of which the driver has told since it was served."""
        self.due: int | None = None

    @property
    def queue(self) -> Queue | None:
        """The queue that the driver has chosen."""
        return self.device.queues[self.chosen] if self.chosen < len(self.device.queues) else None

    def read(self, port: int, now: int) -> int:
        if port >= CONFIGURATION:
            at = 4 * (port - CONFIGURATION)
            return int.from_bytes(self.device.configuration()[at : at + 4], "little")
        features = self.device.features | self.offered
        found = {
            KIND_AT: self.device.kind,
            FEATURES: features >> 32 * self.features_of if self.features_of < 2 else 0,
            INTERRUPT: self.interrupt,
            STATUS: self.status,
        }
        if port in found:
            return found[port] & WORD
        return super().read(port, now) if self.queue is None else self.of_queue(port, self.queue, now)

    def of_queue(self, port: int, queue: Queue, now: int) -> int:
        """Read a register of the chosen queue, or one that is the slot's."""
        if port == QUEUE_MOST:
            return MOST
        return int(queue.ready) if port == QUEUE_READY else super().read(port, now)

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
            if value < len(self.device.queues):
                self.notify(value, now)
        elif port == FEATURES_OF:
            self.features_of = value
        elif port == DRIVER_FEATURES_OF:
            self.driver_features_of = value
        elif port == DRIVER_FEATURES and self.driver_features_of < 2:
            shift = 32 * self.driver_features_of
            self.accepted = self.accepted & ~(WORD << shift) | value << shift
        elif port == QUEUE:
            self.chosen = value
        elif self.queue is not None:
            self.arrange(port, value, self.queue)

    def arrange(self, port: int, value: int, queue: Queue) -> None:
        """Write a register of the chosen queue."""
        if port == QUEUE_SIZE:
            queue.resize(value)
        elif port == QUEUE_READY:
            queue.ready = bool(value & 1)
        elif port in RINGS_AT:
            queue.rings[RINGS_AT[port]] = queue.rings[RINGS_AT[port]] & ~WORD | value
        elif port - 1 in RINGS_AT:
            queue.rings[RINGS_AT[port - 1]] = queue.rings[RINGS_AT[port - 1]] & WORD | value << 32

    # --- Queues ------------------------------------------------------------------------

    def working(self, number: int) -> bool:
        """May a queue be served?"""
        return self.device.queues[number].ready and self.status & (DRIVER_READY | NEEDS_RESET) == DRIVER_READY

    def notify(self, number: int, now: int) -> None:
        """Have a queue served a little later."""
        if self.working(number):
            self.notified |= 1 << number
            if self.due is None:
                self.due, self.attention = now + LATENCY, True

    def serve(self, number: int) -> bool:
        """Serve a queue; False if there is more in it than is moved at once. Raises Malformed, Stopped."""
        queue, moved = self.device.queues[number], 0
        for head, buffers in queue.chains():
            if moved >= MOST_MOVED:
                return False
            written = self.device.request(number, buffers)
            if written is None:
                return True
            queue.used(head, written)
            self.interrupt |= QUEUE_USED
            moved += sum(buffer.length for buffer in buffers)
        return True

    def serve_notified(self) -> None:
        """Serve the queues of which the driver has told. Raises Malformed; Stopped, to be called again."""
        for number in range(len(self.device.queues)):
            if self.notified >> number & 1 and (not self.working(number) or self.serve(number)):
                self.notified &= ~(1 << number)

    # --- As a device of the machine ----------------------------------------------------

    def level(self) -> bool:
        return self.interrupt != 0

    def deadline(self) -> int | None:
        return self.due

    def advance(self, now: int) -> None:
        if self.due is not None and now >= self.due:
            try:
                self.serve_notified()
            except Malformed:
                self.status |= NEEDS_RESET
                self.interrupt |= CONFIGURATION_CHANGED
                self.notified = 0
            self.due = now + LATENCY if self.notified else None
        arrived = self.device.arrived()
        if arrived is not None:
            self.notify(arrived, now)

    def live(self) -> bool:
        return self.device.live()

    def wait(self) -> bool:
        return self.device.wait()

    def flush(self) -> None:
        self.device.flush()

    def save(self) -> Saved:
        """Save the registers, the queues, and what the device saves. Raises OSError."""
        return {
            "status": self.status,
            "interrupt": self.interrupt,
            "selectors": [self.chosen, self.features_of, self.driver_features_of],
            "accepted": self.accepted,
            "notified": self.notified,
            "due": self.due,
            "queues": [queue.save() for queue in self.device.queues],
            **self.device.save(),
        }

    def restore(self, saved: Saved) -> None:
        """Restore what has been saved; what a slot without a device has saved leaves the device as it is. Raises what
        the device raises as well."""
        if not saved:
            return
        self.device.restore(saved)
        self.status, self.interrupt = integer(saved["status"], 0xFF), integer(saved["interrupt"], 3)
        self.chosen, self.features_of, self.driver_features_of = integers(saved["selectors"], 3, WORD)
        self.accepted = integer(saved["accepted"], (1 << 64) - 1)
        self.due = None if saved["due"] is None else integer(saved["due"], MOST_TIME)
        queues = self.device.queues
        # A device had one queue before it could have several.
        kept = saved["queues"] if "queues" in saved else [saved["queue"]]
        self.notified = integer(saved.get("notified", int(self.due is not None)), (1 << len(queues)) - 1)
        if (self.due is None) != (not self.notified):
            raise ValueError("something is due of which nobody has told, or the other way round")
        for queue, state in zip(queues, kept, strict=True):
            queue.restore(state)

    def close(self) -> None:
        self.device.close()
