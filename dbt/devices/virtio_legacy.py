"""The transport of virtio devices as it was before the standard (OASIS, Virtual I/O Device 1.1, 4.2.4)."""

from __future__ import annotations

from ring1.dbt.devices.virtio_device import VirtioDevice
from ring1.dbt.devices.virtio_mmio import QUEUE_READY, QUEUE_SIZE, WORD, VirtioMmio
from ring1.dbt.devices.virtio_slot import LEGACY
from ring1.dbt.devices.virtqueue import Queue
from ring1.dbt.machine.saved import Saved, integer, integers

PAGE_SIZE, QUEUE_ALIGN, QUEUE_PAGE = 0x28 // 4, 0x3C // 4, 0x40 // 4
ALIGNED = 4096
"""What a driver gets that does not say it, as QEMU has it: drivers of kernels for courses do not."""


class LegacyMmio(VirtioMmio):
    """A device in a slot whose queues are each in one piece: a queue is ready as soon as the driver has said in which
    page it begins."""

    version = LEGACY
    offered = 0

    def __init__(self, name: str, window: range, device: VirtioDevice) -> None:
        self.page_size = 0
        self.aligned: list[int] = []
        """Of each queue, what the address of the third ring is a multiple of."""
        self.pages: list[int] = []
        """The page in which each begins; 0 for one that is not set up."""
        super().__init__(name, window, device)

    def reset(self) -> None:
        super().reset()
        self.page_size = 0
        self.aligned = [ALIGNED] * len(self.device.queues)
        self.pages = [0] * len(self.device.queues)

    def of_queue(self, port: int, queue: Queue, now: int) -> int:
        if port == QUEUE_PAGE:
            return self.pages[self.chosen]
        return 0 if port == QUEUE_READY else super().of_queue(port, queue, now)

    def write(self, port: int, value: int, now: int) -> None:
        if port == PAGE_SIZE:
            self.page_size = value
        else:
            super().write(port, value, now)

    def arrange(self, port: int, value: int, queue: Queue) -> None:
        if port == QUEUE_SIZE:
            queue.resize(value)
        elif port == QUEUE_ALIGN:
            self.aligned[self.chosen] = value
        elif port == QUEUE_PAGE:
            self.pages[self.chosen] = value
            queue.place(value * self.page_size, self.aligned[self.chosen])

    def save(self) -> Saved:
        return {**super().save(), "page size": self.page_size, "aligned": list(self.aligned), "pages": list(self.pages)}

    def restore(self, saved: Saved) -> None:
        super().restore(saved)
        if saved:
            self.page_size = integer(saved["page size"], WORD)
            self.aligned = integers(saved["aligned"], len(self.aligned), WORD)
            self.pages = integers(saved["pages"], len(self.pages), WORD)
