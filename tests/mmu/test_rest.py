"""A machine that rests has no views, and goes on as if it had kept them."""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.null_view import null_view
from tests.machine.builder import started
from tests.mmu.test_mappings import RAM, mapped, restless, result
from tests.ways import present

WAYS = present(("bare", "bt", "bt/traced", "bt/softtlb", "bare/softtlb/traced", "hw", "trap", "kvm"))


@pytest.mark.parametrize("way", WAYS)
def test_it_goes_on(way: str) -> None:
    with started(way, restless(), memory=RAM) as (vm, _):
        assert isinstance(vm.engine, Executor)
        spaces, step = vm.engine.spaces, 8000 if way == "kvm" else 1700
        stop, had = vm.run(step), 0
        while stop == Stop("limit"):
            had += bool(spaces.views)
            vm.engine.rest()
            assert not spaces.views and not any(spaces.spare.values()) and not spaces.inside.filled()
            if spaces.flat.window.granted:
                assert spaces.grant.used == len(spaces.memory.apart)
            vm.engine.rest()  # twice is as good as once
            stop = vm.run(vm.cpu.retired + step)
        assert stop == Stop("exit", 3) and vm.state().registers["a0"] == result()
        assert had > 1


def test_machines_have_the_null_view_in_common() -> None:
    """Nobody changes it, and it outlives them."""
    with started("bt", restless(), memory=RAM) as (one, _), started("bare", restless(), memory=RAM) as (other, _):
        assert isinstance(one.engine, Executor) and isinstance(other.engine, Executor)
        null = one.engine.spaces.null
        assert null is other.engine.spaces.null is null_view(one.engine.supply.assemble)
        before, where = bytes(null.tables), mapped(null.window)
        assert one.run() == other.run() == Stop("exit", 3)
        one.close()
        assert bytes(null.tables) == before and mapped(null.window) == where
    with started("bt", restless(), memory=RAM) as (vm, _):
        assert vm.run() == Stop("exit", 3) and vm.state().registers["a0"] == result()


def test_a_mode_takes_memory_when_it_is_used() -> None:
    """The program runs in ring 0 with paging off, then with paging on, and in no other mode."""
    with started("bt", restless(), memory=RAM) as (vm, _):
        assert vm.run() == Stop("exit", 3)
        assert isinstance(vm.engine, Executor)
        assert [view.opened for view in (vm.engine.spaces.flat, *vm.engine.spaces.views)] == [{0}, {0}]
