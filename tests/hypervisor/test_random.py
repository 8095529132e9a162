"""Random kernels end under examples/hypervisor in the state in which they end on the bare machine: registers, control
registers, memory with its page tables, time, output and disk."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from ring1.examples.hypervisor.image import ISA, Guest
from ring1.isa.load import load
from tests.hypervisor.machines import KEY, host, inside, needs_gcc
from tests.machine.builder import RAM, Program, started
from tests.vmm import hostile

pytestmark = needs_gcc
SETUP = 0x7000
"""Where a kernel's registers are set, then it begins at 0."""
LIMIT = 3000
ROOM = 1 << 20
CODES = {"trap": 120, "double-fault": 120, "halt": 122}
"""The codes that the hypervisor has for a guest that does not switch itself off."""
RDTIME, NOP = 0x73, 0x28
"""Opcodes. The first shows the hypervisor's time."""
MARKS = 0xC0
"""A and D."""


def kernel(seed: int) -> tuple[Guest, bytes]:
    """A hostile kernel of tests/vmm, with what it needs to come from reset to its registers; its input."""
    with mock.patch.object(hostile, "ISAS", (ISA,)):
        made = hostile.Kernel(seed)
    image = bytearray(made.image.ljust(SETUP, b"\0"))
    for at in range(3, len(made.code), 4):
        if image[at] == RDTIME:
            image[at - 3 : at + 1] = (0, 0, 0, NOP)
    p, control = Program(load(ISA), at=SETUP), made.control
    for name in ("tvec", "ie", "timecmp", "timecmph"):
        p.control(name, control[name])
    p.control("epc", 0)
    p.li("t0", (control["psw"] & 3) << 3 | (control["psw"] & 4) << 3)
    p("setpsw", "t0")
    p.li("t0", control["ptb"])
    p("setptb", "t0")
    for name, value in made.registers.items():
        if name != "zero":
            p.li(name, value)
    p("rfe")
    disk = bytes(range(256)) * (hostile.SECTORS * 2)
    return Guest(bytes(image) + p.image()[SETUP:], SETUP, disk, RAM), made.source


def mapping(memory: bytes) -> bytes:
    """The page tables without A and D."""
    tables = memory[hostile.TABLES : hostile.TABLES + 0x2000]
    return bytes(b & ~MARKS if at % 4 == 0 else b for at, b in enumerate(tables))


@pytest.mark.parametrize("seeds", [range(n, n + 25) for n in range(0, 150, 25)], ids=str)
def test_kernels(seeds: range, tmp_path: Path) -> None:
    compared = sum(compare(seed, tmp_path) for seed in seeds)
    assert compared > len(seeds) // 3


@pytest.mark.long
def test_many_kernels(tmp_path: Path) -> None:
    assert sum(compare(seed, tmp_path) for seed in range(1000, 4000)) > 1500


def compare(seed: int, folder: Path) -> bool:
    """Compare a kernel's end; False if it has none, or has changed its page tables: it may see either then."""
    guest, stdin = kernel(seed)
    isa, file = load(ISA), folder / "disk"
    file.write_bytes(guest.disk)
    with started("interp", guest.kernel, isa=isa, memory=RAM, entry=guest.entry, source=stdin, disk=str(file)) as (
        vm,
        output,
    ):
        stop = vm.run(LIMIT)
        bare, memory, shown, skipped = vm.state(), bytes(vm.memory.bytes[:RAM]), output.getvalue(), vm.cpu.idle
    disk = file.read_bytes()
    if stop.reason == "limit" or mapping(memory) != mapping(guest.kernel):
        return False

    whole = host([guest], ROOM)
    file.write_bytes(whole.disk)
    typed = stdin.replace(KEY, KEY + KEY)
    with started("interp", whole.kernel, isa=isa, memory=ROOM, entry=whole.entry, source=typed, disk=str(file)) as (
        vm,
        output,
    ):
        end = vm.run(LIMIT * 1000)
        state = inside(vm)
        seen = bytes(vm.memory.bytes[state.ram : state.ram + state.size])
    assert (end.reason, end.code) == ("exit", CODES.get(stop.reason, stop.code)), seed
    assert (state.time - state.skipped, state.skipped) == (bare.instructions, skipped), seed
    assert list(state.reg) == list(bare.registers.values()), seed
    control = dict(zip((c.name for c in isa.control_numbers.values()), state.control, strict=True))
    control |= {"psw": state.psw, "ptb": state.ptb}
    kept = control.keys() - {"ip", "time", "timeh"}
    assert {name: control[name] for name in kept} == {name: bare.control[name] for name in kept}, seed
    assert state.pc == bare.pc and seen == memory, seed
    assert output.getvalue().startswith(shown) and file.read_bytes()[-len(disk) :] == disk, seed
    return True
