"""How a machine begins: at reset with a program, or in a state that there is already."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ring1.dbt.api.errors import EngineUnavailable, MachineError, ProgramError, SnapshotRefused
from ring1.dbt.devices.tohost import saved_at
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.loading import wanted
from ring1.dbt.travel.body import Body, Kind
from ring1.dbt.travel.checkpoint import Checkpoint, pages_of
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.timeline import Timeline
from ring1.dbt.travel.transcript import Transcript
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa


def contents(disk: str | os.PathLike[str] | bytes | None) -> bytes | None:
    """Return what is on a disk. Raises MachineError if its file cannot be read."""
    if disk is None or isinstance(disk, bytes):
        return disk
    try:
        with open(disk, "rb") as file:
            return file.read()
    except OSError as error:
        raise MachineError(f"{error.filename}: {error.strerror or error}") from None


def made(kind: Kind, technique: Technique, transcript: Transcript) -> Body:
    """Return a body. Raises EngineUnavailable, MachineError."""
    try:
        return Body(kind, technique, transcript)
    except ValueError as error:
        raise MachineError(str(error)) from None
    except OSError as error:
        raise EngineUnavailable(f"the host refuses the machine its memory: {error.strerror or error}") from None


def at_reset(
    kind: Kind, technique: Technique, transcript: Transcript, program: Program, arguments: Sequence[str], budget: int
) -> Timeline:
    """Return the timeline of a machine that is about to run a program. Raises MachineError."""
    if program.room > kind.ram:
        raise ProgramError(f"the program needs {program.room:,} bytes of RAM and has {kind.ram:,}")
    if arguments and wanted(program.image, program.entry) is None:
        raise ProgramError("the program takes no arguments: it does not begin with the C start-up")
    body = made(kind, technique, transcript)
    try:
        body.vm.load(program.image, program.entry, [os.fsencode(word) for word in arguments])
        body.touched()
        return Timeline(body, budget)
    except ValueError as error:
        body.close()
        raise ProgramError(str(error)) from None


def in_state(kind: Kind, technique: Technique, transcript: Transcript, state: Checkpoint, budget: int) -> Timeline:
    """Return the timeline of a machine whose run begins in a state. Raises MachineError."""
    body = made(kind, technique, transcript)
    body.restore(state)
    return Timeline(body, budget)


def resumed(path: str, isa: Isa | None, sectors: bytes | None) -> tuple[Kind, Checkpoint]:
    """Return what the machine of a snapshot is made of, and its state. Raises SnapshotRefused."""
    from ring1.dbt.travel.scratch_disk import ScratchDisk
    from ring1.dbt.vmm.snapshot import SnapshotError, load

    disk = ScratchDisk(sectors)
    try:
        with load(path, isa, b"", Transcript().stream, disk.path) as vm:
            state = state_of(vm, sectors)
            tohost = saved_at(state.bus["devices"], vm.memory)
            return Kind(vm.isa, vm.memory.size, b"", sectors=sectors, board=vm.board, tohost=tohost), state
    except SnapshotError as error:
        raise SnapshotRefused(str(error)) from None
    except OSError as error:
        raise SnapshotRefused(f"{error.filename or path}: {error.strerror or error}") from None
    finally:
        disk.close()


def state_of(vm: Vm, sectors: bytes | None) -> Checkpoint:
    """Return the state of a machine that has just been loaded, and has output nothing."""
    moment = Moment(vm.cpu.retired)
    return Checkpoint(moment, 0, vm.cpu.save(), vm.bus.save(), pages_of(vm.memory, {}), 0, False, sectors)
