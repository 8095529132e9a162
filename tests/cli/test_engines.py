"""`ring1 engines`, the table behind it, and engines that cannot run here."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import ENGINES, make
from ring1.dbt.engines.technique import HARDWARE, MODEL, NATIVE, SOFTWARE
from ring1.dbt.measure import run
from ring1.dbt.native import cpu
from ring1.dbt.vmm.vm import Vm
from ring1.isa.load import load
from ring1.isa.record import replace
from tests.cli.conftest import EXAMPLES, Outcome, words
from tests.ways import UNMODIFIED

Call = Callable[..., Outcome]

WHY = "needs an x86-64 processor, this is a loom"


def test_the_table_names_each_engine_and_what_it_does(call: Call) -> None:
    done = call("engines")
    assert (done.status, done.err) == (0, "")
    rows = [line.split(maxsplit=2) for line in done.out.splitlines() if not line.startswith(" ")]
    assert [row[0] for row in rows] == list(ENGINES)
    assert [row[2] for row in rows] == [technique.text for technique in ENGINES.values()]
    assert {"interp", "bare", "bt"} <= set(ENGINES)
    assert (ENGINES.default.name, ENGINES.reference.name) == ("bt", "interp")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that cannot run generated code."""
    monkeypatch.setattr(cpu, "why_not", lambda: WHY)


@pytest.mark.usefixtures("elsewhere")
def test_an_engine_that_cannot_run_here_is_listed_with_the_reason(call: Call) -> None:
    lines = call("engines").out.splitlines()
    assert lines[0].split()[:2] == ["interp", "yes"]
    place = next(n for n, line in enumerate(lines) if line.startswith("bt "))
    assert lines[place].split()[1] == "no"
    assert lines[place + 1].strip() == f"cannot run here: {WHY}"


@pytest.mark.usefixtures("elsewhere")
def test_run_and_translate_refuse_it_with_their_own_status(call: Call) -> None:
    for command in ("run", "translate"):
        done = call(command, EXAMPLES / "hello.s", "--engine", "bt")
        assert (done.status, done.out) == (123, "")
        assert done.err == f"ring1: the engine bt cannot run here: {WHY}\n"
    assert call("run", EXAMPLES / "hello.s", "--engine", "interp").out == "Hello, world!\n"


@pytest.mark.parametrize("name", UNMODIFIED)
def test_the_table_makes_engines_that_know_their_names(name: str) -> None:
    image = words(("addi", {"rd": 5, "rs1": 0, "imm": 0xF0}), ("out", {"rs1": 5, "rs2": 0}))
    with Vm(load("pg32"), 1 << 16, b"", io.BytesIO()) as vm:
        vm.load(image)
        vm.engine = make(name, vm, image)
        assert vm.engine.name == name
        stop = vm.run()
        assert (stop.reason, stop.code, vm.cpu.retired) == ("exit", 0, 2)
    assert (ENGINES[name].policy is None) == (name == "interp")


def test_what_rows_say_of_benchmarks() -> None:
    """Suites that there are; one technique plays a part."""
    suites = {left.suite for technique in ENGINES.values() for left in technique.left_out}
    assert suites <= run.SUITES.keys()
    parts = [technique.part for technique in ENGINES.values() if technique.part]
    assert sorted(parts) == sorted({NATIVE, SOFTWARE, HARDWARE, MODEL})
    assert len({technique.colour for technique in ENGINES.values()}) == len(ENGINES)


def test_a_registry_is_a_value() -> None:
    """With a row more, or with another row of a name, it is another one."""
    other = replace(ENGINES["bt"], text="another")
    made = ENGINES.with_rows(other, replace(other, name="more"))
    assert list(made) == [*ENGINES, "more"] and made["bt"] is made.default is other
    assert "more" not in ENGINES and ENGINES["bt"] is ENGINES.default and ENGINES["bt"] != other
    with pytest.raises(KeyError):
        Registry((other,), reference="interp", default="bt")
