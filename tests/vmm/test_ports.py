"""Ports that generated code reads by itself: what devices have published is always what they would answer."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ring1.dbt.devices.board import devices
from ring1.dbt.devices.disk import LATENCY, READ
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.devices.sectors import SECTOR
from ring1.dbt.engines import table
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.machine.bus import ANSWERED, Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.state import ANSWERED as PORTS
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load

DISK = range(0x10, 0x15)
ENTROPY = 0x20
needs_native_code = pytest.mark.skipif(bool(table.ENGINES["bt"].why_not()), reason=table.ENGINES["bt"].why_not())

POLL = """\
        .equ    COMMAND, 0x13
_start: li      t0, 0x11
        li      t1, 0x8000
        out     t0, t1                  # to here
        li      t0, 0x12
        li      t1, 1
        out     t0, t1                  # a sector
        li      t0, COMMAND
        out     t0, t1                  # read it
        li      a1, 0
1:      in      a0, t0
        add     a1, a1, a0              # how often it was busy
        bnez    a0, 1b
        li      t0, 0x14
        in      a2, t0
        li      t0, 0x20
        in      a3, t0                  # entropy has no answer ahead
        in      zero, t0
        in      a4, t0
        li      t0, 0x10013
        in      t0, t0                  # a port has 16 bits
        li      a5, 0x7777
        in      a5, a5                  # nobody
        li      gp, 0xf0
        out     gp, zero
"""


@pytest.fixture
def disk(tmp_path: Path) -> str:
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(8 * SECTOR))
    return str(path)


def published(bus: Bus) -> list[int | None]:
    return [each & ~ANSWERED if each & ANSWERED else None for each in bus.answers]


def asked(bus: Bus, now: int) -> list[int]:
    return [bus.read(port, now) for port in DISK]


def test_answers_follow_the_device(disk: str) -> None:
    """After every write, at the completion, and after a machine was restored."""
    memory, answers = Memory(1 << 16), [0] * PORTS
    bus = devices(None, memory, b"abc", HostOutput(io.BytesIO()), disk, 0)
    bus.publish_to(answers)
    assert published(bus) == [None, 3] + [None] * 14 + [0, 0, 0, 0, 8] + [None] * 11
    for now, (port, value) in enumerate([(0x10, 3), (0x11, 0x2000), (0x12, 2), (0x13, READ), (0x12, 9)]):
        bus.write(port, value, now)
        assert published(bus)[0x10:0x15] == asked(bus, now)
    assert published(bus)[0x13] == 1
    saved = bus.save()
    for now in (LATENCY - 1, 3 + LATENCY):
        bus.advance(now)
        assert published(bus)[0x10:0x15] == asked(bus, now)
    assert published(bus)[0x13] == 0
    bus.restore(saved)
    assert published(bus)[0x10:0x15] == asked(bus, 4) == [3, 0x2000, 9, 1, 8]
    for byte in b"abcabc":  # the console's status is known while there is input; what was restored precedes it
        assert published(bus)[1] == bus.read(1, 5) == 3
        assert bus.read(0, 5) == byte
    assert published(bus)[1] is None and bus.read(0, 5) == 0xFFFFFFFF
    bus.restore(saved)
    assert published(bus)[1] == 3
    bus.close()
    memory.close()


def ran(engine: str, disk: str) -> tuple[list[int], dict[str, int]]:
    isa = load("pg32")
    program = assemble(isa, [("poll.s", POLL)])
    with Vm(isa, 1 << 20, disk=disk, output=io.BytesIO(), seed=5) as vm:
        vm.load(program.image, program.entry)
        vm.engine = table.make(engine, vm, program.image)
        assert vm.run().reason == "exit"
        return [vm.cpu.s[n] for n in range(len(isa.registers))], dict(vm.engine.exits())


@needs_native_code
def test_a_status_is_polled_without_the_vmm(disk: str) -> None:
    expected, _ = ran("interp", disk)
    registers, exits = ran("bt", disk)
    assert registers == expected and registers[11] > 300
    assert exits["callout in"] == 4  # entropy, three times, and the port that nobody has
    registers, exits = ran("bare", disk)
    assert registers == expected and sum(n for reason, n in exits.items() if reason.startswith("step in")) > 300


@needs_native_code
def test_the_checker_sees_what_is_published(disk: str) -> None:

    isa = load("pg32")
    program = assemble(isa, [("poll.s", POLL)])
    with Vm(isa, 1 << 20, disk=disk, output=io.BytesIO(), seed=5) as vm:
        vm.load(program.image, program.entry)
        vm.engine = ENGINES["bt"].checked(vm, program.image, Options())
        assert vm.run().reason == "exit"
