"""A description may let pc have low bits, which do not count when a word is fetched."""

from __future__ import annotations

import pytest

from ring1.dbt.fuzz.ways import engines
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.isa.load import load
from tests.machine.builder import started

VAX = "examples/machines/vax.isa"


@pytest.mark.parametrize("low", [0, 1, 3])
def test_a_shared_page_is_executed_wherever_pc_points_in_a_word(low: int) -> None:
    """Its blocks compare the words that they were made of. They looked at the bytes that pc points to, found others,
    and were made again for ever."""
    isa = load(VAX)
    image = bytes(0x100) + (0xD0000000).to_bytes(4, "little") * 4
    outcomes = []
    for engine in ("interp", "bt"):
        with started(engine, image, isa=isa, entry=0x100 + low, options=Options(code_size=1 << 16)) as (vm, _):
            if engine == "bt":
                assert isinstance(vm.engine, Executor)
                vm.engine.share(0)
            stop = vm.run(3)
            outcomes.append((stop, vm.state()))
            if engine == "bt":
                assert isinstance(vm.engine, Executor)
                assert vm.engine.counts["stale"] == 0
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("low", range(4))
@pytest.mark.parametrize("engine", [each.name for each in engines() if not each.cannot(load(VAX))])
def test_every_engine_goes_on_where_pc_has_low_bits(engine: str, low: int) -> None:
    """`hw` wants a pc to be a multiple of 4 where the machine keeps it so, and only there."""
    isa = load(VAX)
    image = bytes(0x100) + (0xD0000000).to_bytes(4, "little") * 8
    outcomes = []
    for name in ("interp", engine):
        with started(name, image, isa=isa, entry=0x100 + low) as (vm, _):
            outcomes.append([(vm.run(n), vm.state()) for n in (1, 4, 100)])
    assert outcomes[0] == outcomes[1]
