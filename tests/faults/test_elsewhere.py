"""Hosts on which nothing can be translated, or on which keystone and capstone are not installed (see elsewhere/)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.faults.host import ROOT

HERE = Path(__file__).parent / "elsewhere"
OTHERS = ("macos-arm64", "linux-aarch64", "windows")
ONE = ["macos-arm64", *(pytest.param(host, marks=pytest.mark.soak) for host in OTHERS[1:])]
"""For what is alike on all of them: always on one."""
SECONDS = 120
ECHOED = "one line\n"
UPPER = "_start: in a1, zero\n        li a2, -1\n        beq a1, a2, end\n        out zero, a1\n        j _start\n"
UPPER += "end:    li t0, 0xf0\n        out t0, zero\n"

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def on(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Call:
    """Runs ring1 on such a host, in an empty directory."""
    cache = tmp_path_factory.getbasetemp() / "elsewhere"

    def run(
        host: str,
        *arguments: object,
        stdin: str = "",
        status: int = 0,
        program: Sequence[str] = ("-m", "ring1"),
        **more: str,
    ) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RING1", "PYTHON"))}
        path = f"{HERE}{os.pathsep}{ROOT}"
        environment = {**kept, "PYTHONPATH": path, "RING1_ELSEWHERE": host, "RING1_CACHE": str(cache / host)} | more
        command = [sys.executable, *program, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, input=stdin, capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == status, done
        return done

    return run


@pytest.mark.parametrize("host", OTHERS)
def test_without_an_engine_named_the_guest_is_interpreted(on: Call, host: str) -> None:
    hello = ROOT / "examples/hello.s"
    done = on(host, "run", hello)
    assert done.stdout == "Hello, world!\n"
    [line] = done.stderr.splitlines()
    assert line.startswith("ring1: the guest is interpreted, slowly: the engine bt cannot run here: needs ")
    assert on(host, "run", hello, "--quiet").stderr == ""
    assert on(host, "run", hello, "--engine", "interp").stderr == ""
    assert "the engine bt cannot run here" in on(host, "run", hello, "--engine", "bt", status=123).stderr
    assert "the engine bt cannot run here" in on(host, "run", hello, "--check", status=123).stderr


@pytest.mark.parametrize("host", ONE)
def test_the_whole_machine_is_there(on: Call, host: str, tmp_path: Path) -> None:
    """Console, disk, snapshots."""
    (tmp_path / "upper.s").write_text(UPPER)
    assert on(host, "run", "--quiet", "upper.s", stdin=ECHOED).stdout == ECHOED
    (tmp_path / "disk.img").write_bytes(bytes(65536))
    copied = on(host, "run", "--quiet", "--disk", "disk.img", ROOT / "examples/disk.s").stdout
    assert copied == "64 sectors copied, 17 interrupts\n"
    half = on(host, "run", "--quiet", "upper.s", "--max-output", 4, "--snapshot", "half", stdin=ECHOED, status=121)
    rest = on(host, "resume", "--quiet", "half")
    assert (half.stdout, rest.stdout) == (ECHOED[:4], ECHOED[4:])


@pytest.mark.soak
@pytest.mark.parametrize("host", ONE)
def test_commands_that_need_no_host_code(on: Call, host: str, tmp_path: Path) -> None:
    hello = ROOT / "examples/hello.s"
    assert "interp  yes" in on(host, "engines").stdout
    assert on(host, "isa", "check", ROOT / "isa/pg32.isa").returncode == 0
    on(host, "asm", hello, "-o", "hello.bin")
    assert "out a2, a3" in on(host, "disasm", "hello.bin").stdout
    assert "analysis and experiment agree" in on(host, "classify", "--pairs", 10).stdout
    assert "instructions" in on(host, "run", hello, "--stats").stderr
    assert on(host, "run", hello, "--trace", "trace.txt").stdout == "Hello, world!\n"


@pytest.mark.parametrize("host", ONE)
def test_commands_that_do(on: Call, host: str) -> None:
    hello = ROOT / "examples/hello.s"
    for command in (("translate", hello), ("compare", hello)):
        done = on(host, *command, status=123)
        [line] = done.stderr.splitlines()
        assert "cannot run here: needs " in line
    if host != "linux-aarch64":
        assert "fuzzing needs Linux" in on(host, "fuzz", "--programs", 1, "--dir", "found", status=123).stderr


@pytest.mark.parametrize("host", ["linux-aarch64", "no-keystone"])
def test_fuzzing_without_keystone(on: Call, host: str) -> None:
    done = on(host, "fuzz", "--programs", 3, "--seed", 1, "--isa", "pg32", "--dir", "found")
    assert "3 programs" in done.stdout
    assert "engines interp, machines pg32" in done.stderr
    if host == "no-keystone":
        assert "engines that translate are left out; to fuzz them: pip install keystone-engine" in done.stderr
        named = on(host, "fuzz", "--engines", "bt", "--programs", 1, "--dir", "found", status=123)
        assert "to fuzz bt: pip install keystone-engine capstone" in named.stderr


def test_what_comes_with_ring1_is_translated_without_keystone(on: Call) -> None:
    for engine in ("bt", "bare", "hw"):
        assert on("no-keystone", "run", "--engine", engine, ROOT / "examples/hello.s").stdout == "Hello, world!\n"


WITHOUT_ENCODINGS = """
import pathlib, sys
from ring1.dbt.host.x86_64 import templates
templates.FILE = pathlib.Path("missing")
from ring1.dbt.cli.main import main
sys.exit(main())
"""


def test_what_does_not_is_refused_in_a_line(on: Call, tmp_path: Path) -> None:
    hello = ROOT / "examples/hello.s"
    done = on("no-keystone", "translate", hello, status=123)
    assert done.stderr == "ring1: host code is shown as text by capstone, which is not here: pip install capstone\n"
    done = on(
        "no-keystone", "run", hello, status=123, program=("-c", WITHOUT_ENCODINGS), RING1_CACHE=str(tmp_path / "cache")
    )
    [line] = done.stderr.splitlines()
    assert "assembled by keystone, which is not here: pip install keystone-engine" in line
