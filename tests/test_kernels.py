"""The benchmark's kernels and workloads, from their committed assembly: the checksums of the native builds."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.programs import KERNELS, WORKLOADS, guest, native
from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Vm
from ring1.isa.load import load


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
