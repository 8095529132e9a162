"""What a virtio device is, whatever transport it is reached by (OASIS, Virtual I/O Device 1.1, 2)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from ring1.dbt.devices.virtqueue import Buffer, Queue
from ring1.dbt.machine.saved import Saved


class VirtioDevice:
    """A device with queues of requests. Its transport takes them out of the queues, and gives them back."""

    kind = 0
    """The device's number in the standard; 0 for a slot without one."""
    features = 0
    """What it offers, without what is the transport's to offer."""
    queues: Sequence[Queue]

    def reset(self) -> None:
        """Forget what has been begun. The queues are reset by the transport."""

    def configuration(self) -> bytes:
        """Return the device's configuration space."""
        return b""

    @abstractmethod
    def request(self, number: int, buffers: Sequence[Buffer]) -> int | None:
        """Carry out a request of a queue, the whole of its buffers; return how many bytes have been written to the
        guest's memory. None if it has to wait for the host (see `arrived`). Raises Malformed; Stopped, to be asked
        again."""

    def arrived(self) -> int | None:
        """Return the number of a queue whose request had to wait for the host, and need not any more."""
        return None

    def live(self) -> bool:
        """See Device.live."""
        return False

    def wait(self) -> bool:
        """See Device.wait."""
        return False

    def flush(self) -> None:
        """See Device.flush."""

    def save(self) -> Saved:
        """Return the device's state, without its queues. Raises OSError."""
        return {}

    def restore(self, saved: Saved) -> None:
        """Restore what has been saved. Raises KeyError, TypeError, ValueError; Misfit."""

    def close(self) -> None:
        """Release the host's resources."""
