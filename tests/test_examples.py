"""Every example under every engine: output, exit code and disk as computed, whole states equal to interp's."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pytest

from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program as Image
from ring1.isa.load import load
from tests.engines.verdicts import EQUAL, verdict
from tests.programs import EXAMPLES, PROGRAMS, Program

ENGINES = [name for name, technique in table.ENGINES.items() if technique.unmodified and not technique.why_not()]
GROUPS = [
    [name for name in ENGINES if name != "hybrid"],
    pytest.param(["interp", "hybrid"], marks=pytest.mark.soak),
]
"""Of engines that must agree. Most examples have only supervisor's code, which hybrid interprets, as interp does."""
LARGE = ("crc32_4", "sha256_7")
"""Programs that take long."""
MEMORY = 4 << 20
MOST = 20_000_000
"""Instructions: far more than any example executes."""


@cache
def image(source: Path) -> Image:
    return assemble_files(load("pg32"), [str(source)])


def run(program: Program, engine: str, folder: Path) -> tuple[bytes, int | None, bytes | None, Snapshot]:
    """Console output, exit code, disk afterwards and final state."""
    disk = folder / "disk.img" if program.disk is not None else None
    if disk is not None and program.disk is not None:
        disk.write_bytes(program.disk)
    output, made = io.BytesIO(), image(program.source)
    with Vm(load("pg32"), MEMORY, source=program.stdin, output=output, disk=str(disk) if disk else None) as vm:
        vm.load(made.image, made.entry)
        vm.engine = table.make(engine, vm, made.image)
        stop = vm.run(MOST)
        assert stop.reason == "exit", stop
        return output.getvalue(), stop.code, disk.read_bytes() if disk else None, vm.state()


@pytest.mark.parametrize("engines", GROUPS, ids=lambda engines: engines[-1])
@pytest.mark.parametrize(
    "program",
    [pytest.param(p, id=p.name, marks=[pytest.mark.soak] if p.name in LARGE else []) for p in PROGRAMS],
)
def test_example(program: Program, engines: list[str], tmp_path: Path) -> None:
    expected: Snapshot | None = None
    for engine in engines:
        if verdict(program.name, engine, "pg32") != EQUAL:
            continue
        output, code, disk, state = run(program, engine, tmp_path)
        assert output == program.output, engine
        assert code == program.exit_code, engine
        assert disk == program.disk_after, engine
        expected = expected or state
        assert state == expected, engine


def test_every_example_has_a_row() -> None:
    assert {p.stem for p in EXAMPLES.glob("*.s")} == {program.name for program in PROGRAMS}
