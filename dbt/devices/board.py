"""PG32's board: which devices a machine has."""

from __future__ import annotations

from dbt.devices.bus import Bus
from dbt.devices.console import Console
from dbt.devices.disk import Disk
from dbt.devices.entropy import Entropy
from dbt.devices.host_input import HostInput
from dbt.devices.host_output import HostOutput
from dbt.devices.power import Power
from dbt.machine.memory import Memory


def board(memory: Memory, source: int | bytes, output: HostOutput, disk: str | None, seed: int) -> Bus:
    """A bus with console, disk, entropy and power. Raises OSError if the disk's file cannot be used."""
    bus = Bus()
    bus.extend(
        (
            Console(HostInput(source, bus.interrupted), output),
            Disk(memory, disk),
            Entropy(seed),
            Power(bus),
        )
    )
    return bus
