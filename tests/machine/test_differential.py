"""Whole programs, generated, under interp, bare, bt and the independent model: registers, control registers, memory,
output, disk, instruction count and stop are the same, wherever a run is looked at.

The programs (ring1.dbt.fuzz) compute, loop, call, jump indirectly, trap, change rings, overwrite their own
code, switch paging on and off, are interrupted by timer, console, disk and software, use devices and go astray. Engines
keep their code in caches of one block and of many, chained or not, traced early or not, remembered or not.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.machine.stop import Stop
from ring1.isa.asm.assemble import assemble_files
from tests.machine.builder import ENGINES, machine, run
from tests.machine.compare import apart, by_engine, by_model, difference, shrunk
from tests.machine.generator import KINDS, Plan, case, plan
from tests.machine.model import Model
from tests.programs import PROGRAMS

ISAS = ("pg32", "pg32v", "pg32h")
words = st.integers(0, 2**32 - 1)
pieces = st.lists(st.tuples(st.sampled_from(KINDS), words), min_size=1, max_size=12).map(tuple)
plans = st.builds(Plan, words, pieces, st.sampled_from((*ISAS, "pg32", "pg32")))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Translations of these programs are nobody else's business."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))


@settings(max_examples=30)
@given(plans)
def test_generated_programs(given: Plan) -> None:
    """hypothesis chooses the pieces, and drops those that a difference does not need."""
    assert difference(case(given)) == ""


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(n, marks=pytest.mark.soak) for n in range(6, 18))])
def test_long_programs(seed: int) -> None:
    """Programs of up to 25 pieces."""
    made = plan(Random(seed), ISAS[seed % 3])
    found = difference(case(made))
    assert found == "", shrunk(made)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_piece(kind: str) -> None:
    """Each by itself, so that a failure names what is wrong."""
    for isa in ("pg32", "pg32v"):
        assert difference(case(Plan(7, ((kind, 1), (kind, 2), (kind, 3)), isa))) == ""


@pytest.mark.parametrize("name", ["hello", "echo", "timer", "traps", "holes", "smc", "disk"])
def test_examples(name: str, tmp_path: Path) -> None:
    """The example programs, whose outputs are known, end in the model's state, all 16 MiB of memory."""
    program = next(program for program in PROGRAMS if program.name == name)
    made = assemble_files(machine(), [str(program.source)])
    disk = None if program.disk is None else bytearray(program.disk)
    model = Model(machine(), 16 << 20, program.stdin, disk)
    model.load(made.image, made.entry)
    stop = model.run(1_000_000)
    assert stop == Stop("exit", program.exit_code) and model.board.output == program.output
    file = tmp_path / "disk"
    for engine in ENGINES:
        file.write_bytes(program.disk or b"")
        path = None if program.disk is None else str(file)
        settings = {"memory": 16 << 20, "source": program.stdin, "disk": path, "entry": made.entry}
        got = run(engine, made.image, 1_000_000, **settings)
        assert (got.stop, got.output, got.state) == (stop, program.output, model.state()), engine
        assert file.read_bytes() == (disk or b"")


def test_the_model_can_differ() -> None:
    """The comparison sees a difference if there is one: a program against another."""
    one, two = (case(Plan(3, (("edges", seed), ("alu", seed)))) for seed in (1, 2))
    assert apart(by_model(one)[-1], by_engine("interp", two)[-1]) != ""
    assert apart(by_model(one)[-1], by_engine("interp", one)[-1]) == ""
