"""Guests on the bare machine and under examples/hypervisor, with all that the guest could have seen."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.examples.hypervisor.image import ISA, Guest, disk, hypervisor
from ring1.examples.os.image import build, contents, sources
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.load import load
from tests.machine.builder import started

needs_gcc = pytest.mark.skipif(shutil.which("riscv64-unknown-elf-gcc") is None, reason="no riscv64-unknown-elf-gcc")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HOST = 16 << 20
"""Bytes of the machine that the hypervisor runs on."""
MEMORY = 4 << 20
"""Bytes of a guest."""
KEY = b"\x14"
"""Ctrl-T, which the hypervisor's console takes for itself."""
REPORT = re.compile(rb"\[guest (\d): (.*), code (\d+), (\d+) instructions, (\d+) exits, pc ([0-9a-f]{8})\]\n")


@dataclass(frozen=True)
class Ended:
    """How a guest has ended."""

    output: bytes
    """Without a newline at its end, which the hypervisor's report adds where there is none."""
    code: int
    instructions: int


@dataclass(frozen=True)
class Ran:
    """A run of a whole machine."""

    stop: Stop
    output: bytes
    state: Snapshot
    disk: bytes

    @property
    def ended(self) -> Ended:
        assert self.stop.reason == "exit", self.stop
        assert self.stop.code is not None
        return Ended(self.output.rstrip(b"\n"), self.stop.code, self.state.instructions)


@cache
def program(build: str = "trap") -> Program:
    """The hypervisor, in one of its builds."""
    return hypervisor(build)


@cache
def unix(memory: int = MEMORY) -> Guest:
    """The small Unix, as it is on its disk."""
    kernel = assemble_files(load(ISA), [str(EXAMPLES / "os" / "kernel.s")])
    return Guest(kernel.image, kernel.entry, build(contents(sources())), memory)


def assembled(path: Path, memory: int = MEMORY, contents: bytes = b"") -> Guest:
    made = assemble_files(load(ISA), [str(path)])
    return Guest(made.image, made.entry, contents, memory)


def run(guest: Guest, stdin: bytes, folder: Path, engine: str = "bt", isa: str = ISA, limit: int | None = None) -> Ran:
    """Run a guest on the bare machine of its memory."""
    file = folder / f"disk{len(os.listdir(folder))}"
    file.write_bytes(guest.disk)
    path = str(file) if guest.disk else None
    with started(
        engine, guest.kernel, isa=load(isa), memory=guest.memory, source=stdin, disk=path, entry=guest.entry
    ) as (vm, output):
        stop = vm.run(limit)
        return Ran(stop, output.getvalue(), vm.state(), file.read_bytes())


def host(guests: Sequence[Guest], memory: int = HOST, build: str = "trap") -> Guest:
    """The hypervisor with guests, for a machine of so much memory."""
    return Guest(program(build).image, program(build).entry, disk(guests), memory)


def single(ran: Ran) -> Ended:
    """How the one guest of a hypervisor has ended."""
    *_, report = REPORT.finditer(ran.output)
    assert report.end() == len(ran.output) and report[1] == b"0"
    return Ended(ran.output[: report.start()].rstrip(b"\n"), int(report[3]), int(report[4]))


def apart(output: bytes) -> dict[int, Ended]:
    """What the hypervisor has shown of several guests: each one's output, and its end."""
    shown: dict[int, bytes] = {}
    ends: dict[int, Ended] = {}
    for line in output.splitlines(keepends=True):
        if report := REPORT.fullmatch(line):
            number = int(report[1])
            ends[number] = Ended(shown.get(number, b"").rstrip(b"\n"), int(report[3]), int(report[4]))
        elif not line.startswith(b"["):
            number, mark, text = int(line[:1]), line[1:3], line[3:]
            before = shown.get(number, b"")
            assert mark in (b"| ", b"+ ")
            if mark == b"+ ":
                before = before.removesuffix(b"\n")
            shown[number] = before + text
    return ends


class State(ctypes.LittleEndianStructure):
    """The beginning of `struct vm` (hypervisor.h)."""

    _fields_ = (
        ("reg", ctypes.c_uint32 * 16),
        ("pc", ctypes.c_uint32),
        ("run", ctypes.c_uint32 * 8),
        ("psw", ctypes.c_uint32),
        ("ptb", ctypes.c_uint32),
        ("control", ctypes.c_uint32 * 12),
        ("time", ctypes.c_uint64),
        ("skipped", ctypes.c_uint64),
        ("armed", ctypes.c_uint64),
        ("ram", ctypes.c_uint32),
        ("size", ctypes.c_uint32),
    )


def inside(vm: Vm, build: str = "trap") -> Any:
    """The virtual CPU of guest 0, out of the memory of the machine that the hypervisor runs on."""
    at = program(build).symbols["vms"]
    return State.from_buffer_copy(vm.memory.bytes[at : at + ctypes.sizeof(State)])
