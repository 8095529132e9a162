"""The guests of the benchmarks: each does its operation, the same under every engine, and so does its other build."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.measure import macro, nano
from ring1.dbt.measure.benchmark import Benchmark, assembled, defined
from ring1.dbt.measure.subject import Endless, Failed, MeasuredGuest, Tally
from ring1.dbt.measure.trial import TrialSetting
from ring1.dbt.vmm.vm import Vm
from ring1.isa.load import load

ISA = load("pg32v")
HERE = [name for name in ENGINES if not ENGINES[name].why_not()]
PLAIN = [name for name in HERE if ENGINES[name].unmodified]
INSTRUCTIONS = 6_000
OTHERS = [name for name in HERE if not ENGINES[name].unmodified]


def state(vm: Vm) -> list[int]:
    """The registers."""
    return [vm.cpu.s[n] for n in range(len(ISA.registers))]


def ran(benchmark: Benchmark, engine: str) -> tuple[list[int], int]:
    """The registers after some instructions, and the operations that there were."""
    program = assembled(ISA, [benchmark.file], {**benchmark.constants, **defined(ENGINES[engine].build)})
    with MeasuredGuest(ISA, program.image, program.entry).machine(ENGINES[engine], cast(BinaryIO, Tally())) as vm:
        stop = vm.run(INSTRUCTIONS)
        assert stop.reason == "limit", (engine, stop)
        return state(vm), vm.cpu.s[ISA.register_numbers["gp"]]


@pytest.mark.parametrize(
    "benchmark",
    [
        *nano.BENCHMARKS[::2],
        *(pytest.param(each, marks=pytest.mark.soak) for each in nano.BENCHMARKS[1::2]),
    ],
    ids=lambda each: each.name,
)
def test_all_engines_do_the_same_operations(benchmark: Benchmark) -> None:
    expected, operations = ran(benchmark, "interp")
    assert operations >= 50
    for engine in PLAIN:
        assert ran(benchmark, engine)[0] == expected, engine


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize(
    "benchmark", [each for each in nano.BENCHMARKS if each.paravirtual], ids=lambda each: each.name
)
def test_paravirtualized_builds_do_operations(benchmark: Benchmark, engine: str) -> None:
    assert ran(benchmark, engine)[1] >= 50


@pytest.mark.soak
@pytest.mark.parametrize("engine", [name for name in ("bare", "bt", *OTHERS) if name in HERE])
def test_the_operating_system_repeats_its_script(engine: str, tmp_path: Path) -> None:
    """What comes out of the console says how often; a sample is that many operations, boot aside."""
    setting = TrialSetting(ISA, [ENGINES[engine]], str(tmp_path), False)
    trials = {trial.name: trial for trial in macro.trials(setting)}
    assert list(trials) == [load.name for load in macro.LOADS]
    make = trials["forkwait"].subjects()[engine]
    assert not isinstance(make, str)
    subject = make()
    try:
        assert isinstance(subject, Endless) and subject.unit > 20_000
        subject.sample()
        subject.stretch = 2 * subject.unit
        found = subject.sample()
        assert found.operations == 2 and found.instructions == 2 * subject.unit
        for _ in range(3):
            subject.sample()
        subject.each += subject.each // 2
        with pytest.raises(Failed, match="does other work"):
            subject.sample()
    finally:
        subject.close()
