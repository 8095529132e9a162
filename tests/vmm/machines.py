"""Machines that are stopped, written to a file, and go on under any engine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ring1.dbt.engines.interp import Interp
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.vm import Vm
from ring1.isa.model import Isa
from tests.machine.builder import Program, executor, machine, started


def saved(engine: str, program: Program | bytes, at: int, path: Path, **options: Any) -> tuple[Stop, bytes]:
    """A program runs for `at` instructions and is written to a file: how it stopped, and its output so far."""
    with started(engine, program, **options) as (vm, output):
        stop = vm.run(at)
        snapshot.save(vm, str(path))
        return stop, output.getvalue()


@contextmanager
def resumed(
    engine: str, path: Path, *, isa: Isa | None = None, source: bytes = b"", disk: Path | None = None
) -> Iterator[tuple[Vm, io.BytesIO]]:
    """The machine of a snapshot under an engine, and what it prints from there on."""
    output = io.BytesIO()
    isa = isa or machine()
    with snapshot.load(str(path), isa, source, output, None if disk is None else str(disk)) as vm:
        if engine == "interp":
            vm.engine = Interp(vm.cpu)
        else:
            vm.engine = executor(engine, vm, vm.memory.read(0, 4096))
        yield vm, output
