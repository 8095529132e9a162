"""What many machines leave behind in the process that made them: nothing."""

from __future__ import annotations

import gc
import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.stop import Stop
from tests.machine.builder import Program, started
from tests.machine.tables import ONE, RAM, ROOT, R, Space, V, W, image
from tests.ways import PAGED

WARM = 40
"""Machines until what a process keeps for good is there."""
MORE_MAPPINGS, MORE_BYTES = 20, 32 << 20
"""By which the process may seem to grow, for Python's own sake. The jump caches of 300 machines would be 38 MiB."""


def program() -> bytes:
    """Turns paging on, uses a page, visits ring 3, and switches the power off."""
    p = Program()
    p.control("tvec", "back")
    p("setptb", "a1")
    p("sw", "a5", 0, "a5")
    p("lw", "a0", 0, "a5")
    p.li("t0", "user")
    p("jru", "t0")
    p.label("user")
    p("syscall", 0)
    p.label("back")
    p.off(7)
    return image(Space({5: ONE | V | R | W}), p)


def host() -> tuple[int, int, int]:
    """Mappings, file descriptors and threads of this process."""
    threads = len(os.listdir("/proc/self/task"))
    return Path("/proc/self/maps").read_text().count("\n"), len(os.listdir("/proc/self/fd")), threads


def resident() -> int:
    """Bytes of memory of this process that are in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@pytest.mark.soak
@pytest.mark.parametrize("machines", [300, pytest.param(1000, marks=pytest.mark.long)])
def test_many_machines(machines: int) -> None:
    """Made, run and closed, with every engine and each way to translate addresses in turns."""
    memory, registers, objects = program(), {"a1": ROOT | 1, "a5": 0x5000}, list[int]()
    for number in range(machines):
        with started(PAGED[number % len(PAGED)], memory, memory=RAM, registers=registers) as (vm, _):
            assert vm.run() == Stop("exit", 7)
            assert vm.cpu.s[vm.isa.register_numbers["a0"]] == 0x5000
        if number == WARM:
            gc.collect()
            before, bytes_before = host(), resident()
        if number % (machines // 4) == machines // 4 - 1:
            gc.collect()
            objects.append(sys.getallocatedblocks())
    maps, *others = (now - then for now, then in zip(host(), before, strict=True))
    assert others == [0, 0]
    assert maps < MORE_MAPPINGS
    assert resident() - bytes_before < MORE_BYTES
    # Not one for each machine: what is made once, whenever that is, is no leak.
    assert min(later - earlier for earlier, later in pairwise(objects)) < machines // 4
