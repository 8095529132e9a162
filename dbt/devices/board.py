"""The devices of a machine: those of its board, or of PG32's, which are behind ports."""

from __future__ import annotations

from ring1.dbt.devices.console import Console
from ring1.dbt.devices.disk import Disk
from ring1.dbt.devices.entropy import Entropy
from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.devices.power import Power
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.isa.board import Board


def devices(
    board: Board | None,
    memory: Memory,
    source: int | bytes | HostInput,
    output: HostOutput,
    disk: str | None,
    seed: int,
) -> Bus:
    """Return a bus with the devices of a board; without one, with console, disk, entropy source and power switch.
    Raises OSError if the disk's file cannot be used; ValueError, IsaError for a board that cannot be."""

    def keyboard(bus: Bus) -> HostInput:
        return source if isinstance(source, HostInput) else HostInput(source, bus.interrupted)

    if board is not None:
        from ring1.dbt.devices.mapped import mapped  # PG32 needs none of its devices

        return mapped(board, memory, keyboard, output, disk)
    bus = Bus()
    bus.extend(
        (
            Console(keyboard(bus), output),
            Disk(memory, disk),
            Entropy(seed),
            Power(bus),
        )
    )
    return bus
