"""What an earlier run has known to come behind a block is placed with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.vmm.execute import Executor
from ring1.isa.record import replace
from tests.machine.builder import HERE, Program, started

BRANCHES = 30


def branching() -> Program:
    """Blocks that jump over nothing, in one page."""
    p = Program()
    p.li("a1", 3)
    p.label("again")
    for n in range(BRANCHES):
        p("addi", "a2", "a2", n)
        p("beq", "a2", "zero", f"on{n}")
        p("addi", "a3", "a3", 1)
        p.label(f"on{n}")
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p.off()
    return p


@pytest.mark.parametrize("most", [None, 1, 2, 5])
def test_a_second_run_leaves_seldom(most: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there is no room: a cache that is flushed by what is placed ahead begins anew."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))
    p, options = branching(), replace(HERE, remember=True, trace=False, most_blocks=most)
    jumps = []
    for _ in range(2):
        with started("bt", p, options=options) as (vm, _output):
            assert vm.run(10_000).reason == "exit"
            registers = vm.state().registers
            assert registers["a2"] == 3 * sum(range(BRANCHES)) and registers["a3"] == 3 * BRANCHES - 1
            assert isinstance(vm.engine, Executor)
            jumps.append(vm.engine.counts["jump"])
    if most is None:
        assert jumps[0] >= BRANCHES and jumps[1] <= 2
