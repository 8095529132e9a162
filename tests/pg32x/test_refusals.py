"""Who keeps root operation for a VMM of its own refuses pg32x, and says so; the theorems say nothing of it."""

from __future__ import annotations

import io

import pytest

from ring1.dbt.cli.main import main
from ring1.dbt.engines import table
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.manual import manual
from tests.machine.builder import machine
from tests.pg32x.machines import ISA, WAYS

RUN_IT = {way.split("/")[0] for way in WAYS}
OTHERS = [name for name in table.ENGINES if name not in RUN_IT]


def test_who_runs_it() -> None:
    assert {name for name, technique in table.ENGINES.items() if not technique.keeps_root(ISA)} == RUN_IT
    assert not any(technique.keeps_root(machine()) for technique in table.ENGINES.values())


@pytest.mark.parametrize("name", OTHERS)
def test_refusal(name: str) -> None:
    technique = table.ENGINES[name]
    with Vm(ISA, 1 << 16, b"", io.BytesIO()) as vm:
        for make in (technique.make, technique.checked):
            with pytest.raises(ValueError, match=f"{name} cannot give a guest pg32x's root operation"):
                make(vm, b"", Options())


def test_classes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "--isa", "pg32x"]) == 2
    assert "a second kind of operation" in capsys.readouterr().err


def test_manual() -> None:
    """All of it is in the manual, and reads as it was written."""
    text = manual(ISA)
    for line in (
        "Nested paging",
        "    misconfigured         W & !R | RESERVED != 0  exit_misconfiguration",
        "    reference to a table  W                       allows it; otherwise exit_table",
        "    phys[at + 0x580] = psw;",
        "    0x41040030  exit_fetch",
        "An exit, which is a trap for which number[30] | vm.NONROOT & ",
    ):
        assert line in text, line
