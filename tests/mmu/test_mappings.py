"""Several machines in a process, which has so many mappings: what must be hidden can be, and nothing is wrong."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
from functools import cache
from pathlib import Path
from unittest import mock

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Limits
from ring1.dbt.native import mappings
from ring1.dbt.native.mappings import Grant, Mappings
from ring1.dbt.native.window import GUARD, SPAN, Window
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.vm import Vm
from tests.machine.builder import Program, started
from tests.machine.tables import R, U, V, W, X

LEAST = Limits().pieces
ROOT, TABLES, FRAMES, RAM = 0x100000, 0x101000, 0x200000, 0x400000
CODE = 0x10000
PAGES = 1024
PLACE = 0x40000000
WAYS = ("bare", "bt", "bt/traced", "bt/softtlb", "hw", "trap")


@cache
def restless() -> bytes:
    """Two rounds over pages whose frames do not follow each other: a store and a load in each, and a call of a routine
    in every 16th of another lot, so that frames are guarded. a0 is the sum of what was found."""
    p = Program()
    p.li("t0", ROOT | 1)
    p("setptb", "t0")
    for register in ("a0", "s0"):
        p.li(register, 0)
    p.label("again")
    p.li("a1", PLACE)
    p.li("s1", PLACE + PAGES * 0x1000)
    p.li("a3", CODE)
    p.label("touch")
    p("lw", "t0", 0, "a1")
    p("add", "a0", "a0", "t0")
    p("addi", "t0", "t0", 1)
    p("sw", "t0", 0, "a1")
    p("andi", "t1", "a1", 0)
    p("srli", "t1", "a1", 12)
    p("andi", "t1", "t1", 15)
    p("bne", "t1", "zero", "next")
    p("jalr", "ra", 0, "a3")
    p.li("t0", 0x2000)
    p("add", "a3", "a3", "t0")
    p.label("next")
    p.li("t0", 0x1000)
    p("add", "a1", "a1", "t0")
    p("bne", "a1", "s1", "touch")
    p("addi", "s0", "s0", 1)
    p("slti", "t0", "s0", 2)
    p("bne", "t0", "zero", "again")
    p.off(3)
    for n in range(PAGES // 16):
        p.org(CODE + 0x2000 * n)
        p("addi", "a0", "a0", 7)
        p("jalr", "zero", 0, "ra")
    p.org(ROOT)
    p.word(V | R | W | X | U)
    p.org(ROOT + 4 * (PLACE >> 22))
    p.word(TABLES | V)
    frames = (RAM - FRAMES) >> 12
    p.org(TABLES)
    for n in range(PAGES):
        p.word(FRAMES + (n * 7 % frames << 12) | V | R | W | U)
    return p.image()


def result() -> int:
    """Each frame is found as often as pages have it, one more each time."""
    frames = (RAM - FRAMES) >> 12
    words, total = [0] * frames, 0
    for n in (*range(PAGES), *range(PAGES)):
        total += words[n * 7 % frames] + (7 if n % 16 == 0 else 0)
        words[n * 7 % frames] += 1
    return total


def mapped(window: Window) -> int:
    """The mappings of the process in a window."""
    first, end = window.base - GUARD, window.base + SPAN + GUARD
    lines = Path("/proc/self/maps").read_text().splitlines()
    spans = [tuple(int(part, 16) for part in line.split()[0].split("-")) for line in lines]
    return sum(first < b and a < end for a, b in spans)


def taken(vm: Vm) -> int:
    """The mappings in a machine's windows, beyond one for each."""
    assert isinstance(vm.engine, Executor)
    spaces = vm.engine.spaces
    views = [spaces.flat, *spaces.views]
    return sum(mapped(view.window) - 1 for view in views)


@pytest.mark.soak
@pytest.mark.parametrize("pieces", [6 * LEAST, 6 * LEAST + 300, 1200])
def test_many_machines(pieces: int) -> None:
    """Six take turns with few mappings for all of them, and each ends right; all of them are given back."""
    few = Mappings(pieces)
    gc.collect()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(mappings, "of_process", lambda: few))
        machines = [
            stack.enter_context(started(way, restless(), memory=RAM, registers={"a0": 0, "a1": 0}))[0] for way in WAYS
        ]
        with pytest.raises(OSError, match="mappings") if pieces < 7 * LEAST else contextlib.nullcontext():
            Grant(None, LEAST)
        gc.collect()
        going, limit = list(machines), 0
        while going:
            limit += 2500
            for vm in list(going):
                stop = vm.run(limit)
                assert few.granted <= pieces
                assert isinstance(vm.engine, Executor)
                grant = vm.engine.spaces.grant
                assert taken(vm) <= 2 * grant.used + 2 * len(vm.engine.spaces.views) + 2
                if stop != Stop("limit"):
                    assert stop == Stop("exit", 3)
                    assert vm.state().registers["a0"] == result()
                    going.remove(vm)
    assert few.granted == 0


def test_frames_with_code_are_bounded() -> None:
    """More pages hold code than there are pieces for: the code cache begins anew."""
    few = Mappings(LEAST)
    with mock.patch.object(mappings, "of_process", lambda: few), started("bt", restless(), memory=RAM) as (vm, _):
        assert vm.run(1_000_000) == Stop("exit", 3)
        assert vm.state().registers["a0"] == result()
        assert isinstance(vm.engine, Executor)
        assert vm.engine.flushes > 0
        assert len(vm.engine.spaces.guarded) <= LEAST


def test_a_grant() -> None:
    some = Mappings(2 * LEAST + 10)
    one, other = Grant(some, LEAST), Grant(some, LEAST)
    assert one.room(LEAST)
    one.take(LEAST + 10)
    assert not other.room(LEAST + 1)
    assert other.room(LEAST)
    with pytest.raises(OSError, match="mappings"):
        other.take(LEAST + 1)
    one.give(10)
    other.take(LEAST + 1)
    one.close()
    one.close()
    assert some.granted == LEAST + 1
    del other
    gc.collect()
    assert some.granted == 0
    assert Limits().beside + 2 * Limits().neighbours <= Limits().pieces


def test_a_process_that_was_full_for_a_while() -> None:
    """A machine is refused only if there are too few mappings now."""
    with mock.patch.object(mappings, "present", return_value=mappings.limit()):
        some = Mappings()
        some.survey()
    Grant(some, LEAST).close()
    assert some.granted == 0


FULL = """
import os
from ring1.dbt.machine.stop import Stop
from ring1.dbt.native import libc
from tests.machine.builder import started
from tests.mmu.test_mappings import RAM, restless, result
ways = "bare", "bt", "bt/traced", "hw"
for way in ways:  # whatever has to be loaded is loaded before
    with started(way, restless(), memory=RAM) as (vm, _):
        assert vm.run() == Stop("exit", 3)
fd = os.memfd_create("full")
os.ftruncate(fd, 4096)
where, count = libc.reserve(1 << 33), 0
try:
    while True:
        libc.mmap(where + 8192 * count, 4096, libc.PROT_READ, libc.MAP_SHARED | libc.MAP_FIXED, fd)
        count += 1
except OSError:
    libc.munmap(where, 8192 * 1500)
machines = [started(way, restless(), memory=RAM) for way in ways]
vms = [machine.__enter__()[0] for machine in machines]
ends = []
for vm in vms:
    ends.append((vm.run(), vm.cpu.s[vm.isa.register_numbers["a0"]]))
libc.munmap(where, 1 << 33)
print(ends == [(Stop("exit", 3), result())] * len(ways), ends)
"""


@pytest.mark.skipif(mappings.limit() > 1 << 20, reason="more mappings than the test makes")
def test_a_process_that_somebody_else_has_filled() -> None:
    """Near the limit, with 3000 mappings left, fewer than the machines would like to have."""
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, timeout=300, check=False)
    assert done.stderr == ""
    assert done.stdout.startswith("True"), done.stdout
