"""Page faults, tables and flushes of a guest under a monitor, in generated code: at each count as it is interpreted."""

from __future__ import annotations

from functools import cache

import pytest

from ring1.dbt.measure.benchmark import assembled
from ring1.dbt.share import share
from ring1.dbt.vmm.execute import Executor
from tests.machine.builder import Outcome, machine, run, started
from tests.vmm.emulated import AT_ONCE

RAM = 8 << 20
GUESTS = "pgfault", "ptemod", "space", "switch"
REFERENCE = {"trap": "interp", "para": "para-interpreted"}
COUNTS = (*range(720, 726), 1500, *range(9000, 9006))


@cache
def guest(name: str, para: bool) -> tuple[bytes, int]:
    """A guest of bench/nano, and where it starts."""
    made = assembled(machine("pg32v"), [share("bench", "nano", f"{name}.s")], {"PARAVIRT": 1} if para else {})
    return made.image, made.entry


def ended(way: str, name: str, limit: int) -> Outcome:
    image, entry = guest(name, way.startswith("para"))
    return run(way, image, limit, isa=machine("pg32v"), memory=RAM, entry=entry, options=AT_ONCE)


@cache
def wanted(way: str, name: str, limit: int) -> Outcome:
    return ended(way, name, limit)


@pytest.mark.parametrize("name", GUESTS)
@pytest.mark.parametrize("way", ("trap", "trap/softtlb", "trap/traced", "para", "para/softtlb", "para/traced"))
def test_a_guest_stops_at_every_count_as_it_is_interpreted(way: str, name: str) -> None:
    for limit in COUNTS:
        assert ended(way, name, limit) == wanted(REFERENCE[way.partition("/")[0]], name, limit), limit


@pytest.mark.parametrize("name", ("pgfault", "ptemod"))
@pytest.mark.parametrize("way", ("trap", "para"))
def test_they_do_not_need_the_vmm(way: str, name: str) -> None:
    image, entry = guest(name, way == "para")
    with started(way, image, isa=machine("pg32v"), memory=RAM, entry=entry, options=AT_ONCE) as (vm, _):
        vm.run(100_000)
        engine = vm.engine
        assert isinstance(engine, Executor)
        before = engine.counts.total()
        vm.run(1_000_000)
        assert engine.counts.total() - before < 300, engine.counts
