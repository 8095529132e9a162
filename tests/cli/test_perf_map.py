"""`ring1 run --perf-map`: names of translated code, in a file that nobody else has prepared."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.report import perf_map
from tests.cli.conftest import OFF, SECONDS, Command, Outcome

Call = Callable[..., Outcome]

LOOP = "_start: li a1, 50000\nagain:  addi a1, a1, -1\n        beqz a1, done\n        j again\ndone:\n" + OFF


def entries(path: Path) -> list[tuple[int, int, str]]:
    """The file's lines: address, size and name."""
    found = []
    for line in path.read_text().splitlines():
        match = re.fullmatch(r"([0-9a-f]+) ([0-9a-f]+) (\S.*)", line)
        assert match, line
        found.append((int(match[1], 16), int(match[2], 16), match[3]))
    return found


@pytest.fixture
def symbols(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a run in this process writes."""
    monkeypatch.setattr(perf_map, "FOLDER", str(tmp_path))
    return tmp_path / f"perf-{os.getpid()}.map"


@pytest.mark.parametrize("engine", ["bt", "bare"])
def test_every_block_and_trace_has_a_name(call: Call, symbols: Path, engine: str) -> None:
    Path("loop.s").write_text(LOOP)
    done = call("run", "loop.s", "--perf-map", "--engine", engine, "--stats")
    assert done.status == 0
    found = entries(symbols)
    names = [name for _, _, name in found]
    assert names[0] == f"{engine}:stubs"
    assert {f"{engine}:_start", f"{engine}:again", f"{engine}:done"} <= set(names)
    assert any(re.fullmatch(rf"{engine}:again(\+0x[0-9a-f]+)? \(trace\)", name) for name in names), names
    [placed] = [line.split()[-1] for line in done.lines if "blocks translated" in line]
    assert len(found) == 1 + int(placed)
    for (address, size, _), (following, _, _) in pairwise(found):
        assert size > 0 and address + size <= following


def test_the_file_is_where_perf_looks(ring1: Command) -> None:
    ring1.write("loop.s", LOOP)
    with ring1.start("run", "loop.s", "--perf-map") as process:
        out, err = process.communicate(timeout=SECONDS)
    path = Path(f"/tmp/perf-{process.pid}.map")
    try:
        assert (process.returncode, out, err) == (0, b"", b"")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "bt:again" in [name for _, _, name in entries(path)]
    finally:
        path.unlink(missing_ok=True)


def test_an_existing_file_is_left_alone(call: Call, symbols: Path, tmp_path: Path) -> None:
    Path("loop.s").write_text(LOOP)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    for prepare in (lambda: symbols.write_text("precious"), lambda: symbols.symlink_to(victim)):
        prepare()
        done = call("run", "loop.s", "--perf-map")
        assert done.status == 2
        assert done.err == f"ring1: {symbols} is there already; --perf-map writes no file that it has not made\n"
        assert symbols.read_text() == victim.read_text() == "precious"
        symbols.unlink()


def test_with_check_there_are_symbols_as_well(call: Call, symbols: Path) -> None:
    Path("off.s").write_text("_start:\n" + OFF)
    assert call("run", "off.s", "--perf-map", "--check").status == 0
    assert "bt:_start" in [name for _, _, name in entries(symbols)]


@pytest.mark.skipif(shutil.which("perf") is None, reason="perf is not installed")
def test_perf_knows_the_names(ring1: Command) -> None:
    """Perf looks into the map for memory that is nobody's file alone."""
    ring1.write("loop.s", LOOP.replace("50000", "60000000"))
    record = ["perf", "record", "-q", "-e", "cpu-clock", "-o", "perf.data", "--"]
    where: dict[str, Any] = {
        "cwd": ring1.folder,
        "env": ring1.environment,
        "capture_output": True,
        "text": True,
    }
    subprocess.run([*record, *ring1.argv("run", "loop.s", "--perf-map")], **where, check=True, timeout=SECONDS)
    report = subprocess.run(["perf", "report", "-i", "perf.data", "--stdio"], **where, check=True, timeout=SECONDS)
    for path in Path("/tmp").glob("perf-*.map"):
        if path.stat().st_uid == os.getuid() and f"tid {path.stem.removeprefix('perf-')} " in report.stdout:
            path.unlink()
    assert re.search(r"\[\.\] bt:again(\+0x[0-9a-f]+)? \(trace\)", report.stdout), report.stdout[:2000]
