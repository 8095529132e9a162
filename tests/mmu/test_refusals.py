"""The host refuses a mapping, whichever it is: every machine goes on, and does what it would have done."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Container
from functools import cache
from itertools import count
from typing import Any
from unittest import mock

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Limits, Mmu
from ring1.dbt.native.mappings import Short, demand
from ring1.dbt.native.tools import MAPPINGS, tool
from ring1.dbt.translate.translation import Translation
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.vm import Snapshot
from ring1.isa.codec import encode
from ring1.isa.record import replace
from tests.machine.builder import HERE, machine, started
from tests.mmu import events
from tests.mmu.events import ALL, FLUSH, FRAMES, FUNCTION, OTHER_ROOT, RAM, ROOT, Event, change, image, read, space, use
from tests.mmu.refusals import From, refusing
from tests.mmu.rounds import BESIDE, LEAF, SUPER
from tests.ways import present

ONE, TWO, PAGE, BEHIND = 0x400000, 0x800000, 0xC00000, 0x401000
STOPS = (300, 701, 1000, 1600, 5000)
"""Instructions after which registers are compared, and memory in the end."""
WAYS = present(
    ("bare", "bt", "bt/traced", "bt/softtlb", "bare/softtlb/traced", "hw", "trap", "trap/softtlb/traced", "kvm")
)
FEW = replace(HERE, mmu=Mmu(limits=Limits(views=4, known=2)))


@cache
def guest() -> bytes:
    """Pages used from both rings, in two address spaces; their entries changed; their code written, and executed."""
    isa = machine("pg32v")
    addi, zero, a0 = isa.instructions["addi"], isa.register_numbers["zero"], isa.register_numbers["a0"]
    made: list[Event] = []
    for n in range(3):
        for ring in (0, 3):
            made += [use(kind, at, ring, n + 1) for kind in ("store", "load", "swap") for at in (ONE, TWO, PAGE)]
            made += [use("fetch", at, ring) for at in (TWO, PAGE, BEHIND)]
            operands = {addi.operands[0].name: a0, addi.operands[1].name: zero, addi.operands[2].name: 0x77 + n}
            made += [Event("store", TWO + FUNCTION, encode(addi, operands), ring), use("fetch", TWO, ring)]
        for entry, frame in ((LEAF, FRAMES[n & 1]), (BESIDE, FRAMES[2 - n]), (SUPER, FRAMES[4 + (n & 1)])):
            made += [change(entry, frame | ALL, ("halves", "swap", "store")[n]), FLUSH, read(entry)]
        made += [space((OTHER_ROOT, ROOT)[n & 1]), use("store", ONE, 0, 9), use("load", BEHIND, 3)]
    return image(made, events.start(), isa)


Looks = list[tuple[Stop, int, list[int]]]


def seen(way: str, refused: Container[int] = ()) -> tuple[Looks, Snapshot, int]:
    """What there is at each of the STOPS and in the end, and how many mappings the machine has asked for on the way."""
    with started(way, guest(), isa=machine("pg32v"), memory=RAM, options=FEW) as (vm, _):
        with refusing(refused) as host:
            size = len(vm.isa.slots)
            looks = [(vm.run(stop), vm.cpu.retired, list(vm.cpu.s[:size])) for stop in STOPS]
        return looks, vm.state(), host.asked


@cache
def right() -> tuple[Looks, Snapshot]:
    looks, state, _ = seen("interp")
    assert looks[-1][0].reason == "exit"
    return looks, state


@pytest.mark.parametrize("most", [6, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.parametrize("way", WAYS)
def test_one_is_refused(way: str, most: int) -> None:
    """And those that follow are not."""
    looks, state, asked = seen(way)
    assert (looks, state) == right()
    assert asked > 1
    for number in range(0, asked, 1 + asked // most):
        assert seen(way, (number,))[:2] == right(), number


@pytest.mark.parametrize("most", [1, pytest.param(5, marks=pytest.mark.long)])
@pytest.mark.parametrize("way", WAYS)
def test_one_and_those_that_follow_are_refused(way: str, most: int) -> None:
    """All of them, or all but one in three."""
    asked = seen(way)[2]
    for number in range(0, asked, 1 + asked // most):
        assert seen(way, From(number))[:2] == right(), number
        assert seen(way, From(number, 3))[:2] == right(), number


FIRST = """
from tests.mmu.refusals import From
from tests.mmu.test_refusals import right, seen
print(seen("bt", From(0))[:2] == right())
"""


def test_the_first_machine_of_a_process_has_what_it_needs_when_it_is_made() -> None:
    """The handler of signals, too."""
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("kvm", "hw")])
def test_a_machine_is_between_two_instructions_after_an_error(way: str) -> None:
    """There is no memory even for a look at the page that generated code has missed."""
    with started(way, guest(), isa=machine("pg32v"), memory=RAM, options=FEW) as (vm, _):
        assert isinstance(vm.engine, Executor)
        spaces, errors = vm.engine.spaces, 0
        while True:
            with mock.patch.object(spaces, "fill", side_effect=MemoryError):
                try:
                    stop = vm.run(STOPS[-1])
                    break
                except MemoryError:
                    errors += 1
            vm.run(vm.cpu.retired + 1)
        assert errors > 3
        assert (stop, vm.state()) == (right()[0][-1][0], right()[1])


def test_a_library_is_loaded_only_with_mappings_to_spare() -> None:
    """Loaded at the limit, it may kill the process."""
    with mock.patch.dict(sys.modules):
        sys.modules.pop("keystone", None)
        with refusing(From(20)), pytest.raises(Short):
            tool("keystone")
        assert "keystone" not in sys.modules
    with refusing() as host:
        demand(MAPPINGS)
    assert host.asked >= MAPPINGS // 2


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_translated_now_is_interpreted(way: str) -> None:
    with started(way, guest(), isa=machine("pg32v"), memory=RAM, options=FEW) as (vm, _):
        assert isinstance(vm.engine, Executor)
        supply, block, number = vm.engine.supply, vm.engine.supply.block, count()

        def sometimes(*arguments: Any) -> Translation:
            if next(number) % 2:
                raise Short
            return block(*arguments)

        with mock.patch.object(supply, "block", sometimes), mock.patch.object(supply, "walks", side_effect=Short):
            assert (vm.run(STOPS[-1]), vm.state()) == (right()[0][-1][0], right()[1])
