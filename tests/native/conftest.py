"""A rig for generated code: code memory with the stubs in it, and a state block."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ring1.dbt.host.present import present
from ring1.dbt.host.x86_64 import fault
from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.stubs import HALF, Stubs
from ring1.dbt.native import libc, slots
from ring1.dbt.native.code import CodeMemory

STALE = present().stale


ROOT = Path(__file__).resolve().parents[2]
PINNED = {register: -128 + 4 * index for index, register in enumerate(HALF)}


class Rig:
    """State block at -128..END from `state`; pinned registers by name, slots by displacement."""

    def __init__(self) -> None:
        self.code = CodeMemory(1 << 16, STALE)
        self.stubs = Stubs(self.code, PINNED)
        self._block = ctypes.create_string_buffer(128 + slots.SLOTS_END)
        self.state = ctypes.addressof(self._block) + 128
        self[slots.VMM] = self.stubs.leave
        self[slots.FAULT_EXIT] = self.stubs.fault_exit
        self[slots.MISS] = self.stubs.miss

    def place(self, text: str) -> int:
        """Address of freshly assembled code."""
        code = assemble(text)
        offset = self.code.allocate(len(code))
        self.code.write(offset, code)
        return self.code.address(offset)

    def run(self, target: int) -> int:
        return self.stubs.enter(self.state, target)

    def _cell(self, key: str | int) -> ctypes.c_uint32 | ctypes.c_uint64:
        if isinstance(key, str):
            return ctypes.c_uint32.from_address(self.state + PINNED[key])
        return ctypes.c_uint64.from_address(self.state + key)

    def __getitem__(self, key: str | int) -> int:
        return self._cell(key).value

    def __setitem__(self, key: str | int, value: int) -> None:
        self._cell(key).value = value


def plant(text: str) -> int:
    """Address of freshly assembled code outside of the arena, for good."""
    page = libc.mmap(0, libc.PAGE, libc.PROT_READ | libc.PROT_WRITE, libc.MAP_PRIVATE | libc.MAP_ANONYMOUS)
    code = assemble(text)
    ctypes.memmove(page, code, len(code))
    libc.mprotect(page, libc.PAGE, libc.PROT_READ | libc.PROT_EXEC)
    return page


@pytest.fixture
def make_rig() -> Iterator[Callable[[], Rig]]:
    """A function that makes rigs, with the SIGSEGV handler in place."""
    fault.install()
    rigs: list[Rig] = []

    def make() -> Rig:
        rigs.append(Rig())
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.code.close()


@pytest.fixture
def rig(make_rig: Callable[[], Rig]) -> Rig:
    return make_rig()


@pytest.fixture
def script() -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs a Python program in a process of its own, from the root of the sources."""

    def run(program: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *options, "-c", program]
        path = os.pathsep.join(str(folder) for folder in (ROOT, ROOT / "tests" / "native"))
        environment = os.environ | {"PYTHONPATH": path}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture
def host_state() -> Callable[[], tuple[set[tuple[str, ...]], set[str]]]:
    """A function that returns this process's (mappings as address, rights, name; open descriptors)."""

    def look() -> tuple[set[tuple[str, ...]], set[str]]:
        lines = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
        return {(line[0], line[1], *line[5:6]) for line in lines}, set(os.listdir("/proc/self/fd"))

    return look
