"""What is translated depends on the guest alone, not on how long the VMM's slices of time happen to be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ring1.dbt.cache.block import Place
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.vmm import vm as module
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.paths import MOST_TRACE
from ring1.dbt.vmm.vm import LEAST_SLICE, Vm
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load

EXAMPLES = Path(__file__).parents[2] / "examples"


def placed(name: str) -> list[tuple[Place, int, bool]]:
    """The blocks of a run, in the order in which they were translated."""
    isa = load("pg32")
    program = assemble_files(isa, [str(EXAMPLES / f"{name}.s")])
    found = list[tuple[Place, int, bool]]()
    with Vm(isa, output=io.BytesIO()) as vm:
        vm.load(program.image, program.entry)
        engine = Executor(vm.cpu, ENGINES["bt"].over, program.image, Options())
        vm.engine = engine
        engine.on_place = lambda block: found.append((block.place, block.translation.count, block.traced))
        assert vm.run().reason == "exit"
    return found


@pytest.mark.parametrize("name", ["quicksort", "mandelbrot", "timer"])
def test_blocks_do_not_depend_on_slices(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLICE_SECONDS", 0.0)  # every slice is too long
    short = placed(name)
    monkeypatch.setattr(module, "SLICE_SECONDS", 1e9)
    monkeypatch.setattr(module, "FIRST_SLICE", 1 << 30)
    assert placed(name) == short


def test_a_slice_is_longer_than_any_block() -> None:
    assert LEAST_SLICE > 2 * MOST_TRACE
