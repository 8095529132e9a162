"""`tohost`, a word in RAM by which test programs for RISC-V end (riscv-isa-sim's host-target interface)."""

from __future__ import annotations

from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import GUARDED, PAGE, Memory
from ring1.dbt.machine.saved import Saved, integer
from ring1.dbt.machine.step import Cpu


class ToHost(Device):
    """A store of an odd word stops the machine: what is above the lowest bit is the exit code. All others are for a
    host that there is not."""

    name = "tohost"

    def __init__(self, cpu: Cpu, address: int) -> None:
        """`address`: where the word is in RAM. Made before the engine is, which leaves stores to the page to the
        interpreter."""
        self.cpu, self.address = cpu, address
        frame = address // PAGE
        cpu.bus.frames.add(frame)
        cpu.memory.watch[frame] |= GUARDED
        cpu.memory.followers.append(self.written)

    def save(self) -> Saved:
        return {"address": self.address}

    def restore(self, saved: Saved) -> None:
        if saved["address"] != self.address:
            raise ValueError("the word is elsewhere")

    def written(self, address: int, data: bytes) -> None:
        """See Memory.followers."""
        at = self.address - address
        if 0 <= at < len(data) and data[at] & 1:
            word = int.from_bytes(data[at : at + 4], "little")
            self.cpu.bus.power, self.cpu.until = word >> 1 & 0xFF, 0


def saved_at(devices: Saved, memory: Memory) -> int | None:
    """Return where the word is in a saved machine, if it has one. Raises KeyError, TypeError, ValueError if `devices`,
    the saved states of the devices, is malformed."""
    if ToHost.name not in devices:
        return None
    address = integer(devices[ToHost.name]["address"], memory.end - 1)
    if not memory.has(address):
        raise ValueError("the word is not in RAM")
    return address
