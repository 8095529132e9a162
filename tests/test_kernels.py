"""The benchmark's kernels and workloads, from their committed assembly: the checksums of the native builds."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from bench import kernels
from bench.programs import KERNELS, RV32, WORKLOADS, guest, lacking, native
from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Vm
from ring1.isa.load import load


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc for the native build")
def test_the_table_for_rv32(capsys: pytest.CaptureFixture[str]) -> None:
    """It stops where two print other than each other."""
    if reason := lacking(RV32):
        pytest.skip(reason)
    kernels.report(RV32, ("fib",), ["bt"], 1)
    lines = capsys.readouterr().out.splitlines()
    head = next(line for line in lines if line.startswith("kernel "))
    row = next(line for line in lines if line.startswith("fib "))
    assert head.split()[1:5] == ["native", "s", "bt", "s"] and "bt/native" in head
    assert all(float(figure) > 0 for figure in row.split()[1:])
    assert lines[-len(kernels.present(RV32))].startswith("target for bt/native: 1.35")


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc for the native build")
@pytest.mark.parametrize("name", [*KERNELS, *(pytest.param(name, marks=pytest.mark.soak) for name in WORKLOADS)])
def test_checksum(name: str, tmp_path: Path) -> None:
    output, program = io.BytesIO(), guest(name)
    with Vm(load("pg32"), output=output) as vm:
        vm.load(program.image, program.entry)
        vm.engine = table.make("bt", vm, program.image)
        stop = vm.run()
    assert (stop.reason, stop.code) == ("exit", 0)
    assert output.getvalue() == subprocess.run([str(native(name, tmp_path))], capture_output=True, check=True).stdout
