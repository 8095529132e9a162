"""The workloads of the benchmark: the smallest part of each prints the same natively, under engines and under QEMU."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench import workloads
from bench.programs import PG32, RV32, WORKLOADS, guest, native, one_of, run_guest, run_process, sources
from ring1.dbt.engines import table
from ring1.dbt.measure.peers.build import CROSS_COMPILER

FOLDER = Path(workloads.__file__).with_suffix("")
SMALLEST = 1 << 30
"""So many parts that one of them is one round."""
LONGEST = "compress"
"""It has 200 million instructions in a round: minutes for the interpreter."""
LONG = {"interp", "depthconv", "script_fib", "script_strings", "script_sort", "tcl", "forth"}
"""Those of millions of instructions in a round, which the interpreter takes seconds for."""
CASES = [
    pytest.param(engine, name, marks=[pytest.mark.soak] if engine == "interp" and name in LONG else [])
    for engine in ("bt", "interp")
    for name in WORKLOADS
    if (engine, name) != ("interp", LONGEST)
]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc for the native build")
@pytest.mark.parametrize(("engine", "name"), CASES)
def test_the_smallest_part_prints_what_the_native_build_does(engine: str, name: str, tmp_path: Path) -> None:
    reason = table.ENGINES[engine].why_not()
    if reason:
        pytest.skip(reason)
    expected = run_process(str(native(name, tmp_path, SMALLEST)))[1]
    assert expected.startswith(f"{name}: ".encode())
    assert run_guest(engine, one_of(SMALLEST, guest(name))).output == expected


def test_parts_are_parts() -> None:
    program = guest("states")
    outputs = {run_guest("interp", one_of(parts, program)).output for parts in (SMALLEST, 20000, 10000)}
    assert len(outputs) == 3 and all(output.startswith(b"states: ") for output in outputs)


@pytest.mark.parametrize(
    ("name", "isa", "peer"),
    [
        *((name, PG32, peer) for name in ("states", "mont64", "script_fib") for peer in workloads.PEERS[PG32]),
        *(("states", RV32, peer) for peer in workloads.PEERS[RV32]),
        ("script_fib", RV32, workloads.SYSTEM),
    ],
)
def test_a_peer_runs_the_same(name: str, isa: str, peer: str, tmp_path: Path) -> None:
    reason = workloads.why_not(workloads.ALL[peer], name, tmp_path) or table.ENGINES[workloads.ENGINE].why_not()
    if reason or (isa == RV32 and shutil.which(CROSS_COMPILER) is None):
        pytest.skip(f"{peer}: {reason or CROSS_COMPILER}")
    found = workloads.measure(isa, name, [peer], 1, SMALLEST, tmp_path)
    assert found.seconds.keys() == {workloads.ENGINE, peer} and min(found.seconds.values()) > 0


def test_what_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if reason := table.ENGINES[workloads.ENGINE].why_not():
        pytest.skip(reason)
    monkeypatch.setenv("PATH", str(tmp_path))
    workloads.report(PG32, ("states",), 1, SMALLEST, tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "native is absent: there is no gcc"
    assert sum("is absent" in line for line in lines) == len(workloads.PEERS[PG32])
    assert any(line.startswith("states ") for line in lines)
    workloads.report(RV32, ("states",), 1, SMALLEST, tmp_path)
    assert f"there is no {CROSS_COMPILER}: nothing to run as rv32" in capsys.readouterr().out


def test_every_program_of_the_folder_is_a_workload() -> None:
    files = {path for name in WORKLOADS for path in sources(name)}
    assert files == set(FOLDER.glob("*.c"))
    assert {path.with_suffix(".s") for path in files} == set(FOLDER.glob("*.s"))


@pytest.mark.soak
def test_the_committed_assembly_is_of_the_source(tmp_path: Path) -> None:
    """`regenerate` makes the very same, where the compiler is the one that made it."""
    compiler = shutil.which("riscv64-unknown-elf-gcc")
    if compiler is None:
        pytest.skip("needs riscv64-unknown-elf-gcc")
    if run_process(compiler, "-dumpfullversion")[1].strip() != b"12.2.0":
        pytest.skip("needs riscv64-unknown-elf-gcc 12.2.0")
    for name in ("kernels", "workloads"):
        shutil.copytree(FOLDER.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("*.s"))
    run_process(str(tmp_path / "kernels/regenerate"))
    made = sorted(tmp_path.glob("*/*.s"))
    assert len(made) > 25
    for path in made:
        assert path.read_text() == (FOLDER.parent / path.relative_to(tmp_path)).read_text(), path.name
