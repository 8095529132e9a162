"""PG32's board: the devices of a machine."""

from __future__ import annotations

from ring1.dbt.devices.console import Console
from ring1.dbt.devices.disk import Disk
from ring1.dbt.devices.entropy import Entropy
from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.devices.power import Power
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory


def board(memory: Memory, source: int | bytes | HostInput, output: HostOutput, disk: str | None, seed: int) -> Bus:
    """Return a bus with console, disk, entropy source and power switch. Raises OSError if the disk's file cannot be
    used."""
    bus = Bus()
    keyboard = source if isinstance(source, HostInput) else HostInput(source, bus.interrupted)
    bus.extend(
        (
            Console(keyboard, output),
            Disk(memory, disk),
            Entropy(seed),
            Power(bus),
        )
    )
    return bus
