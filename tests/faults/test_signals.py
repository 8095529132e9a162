"""SIGTERM ends a run as Ctrl-C does; a process that was stopped goes on."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import EXAMPLES, ROOT, SECONDS, Command

LOOP = "_start: li a1, 'x'\n        out zero, a1\nforever: addi a2, a2, 1\n        j forever\n"


def begun(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The process once its guest runs."""
    assert process.stdout is not None
    assert process.stdout.read(1) == b"x"
    return process


@pytest.fixture
def command(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RING1"))}
    return Command(tmp_path, {**kept, "PYTHONPATH": str(ROOT), "RING1_CACHE": str(tmp_path_factory.mktemp("cache"))})


@pytest.mark.parametrize("engine", ["interp", "bt"])
@pytest.mark.parametrize(
    ("number", "status", "name"), [(signal.SIGINT, 130, b"Ctrl-C"), (signal.SIGTERM, 143, b"SIGTERM")]
)
def test_a_run_is_stopped(command: Command, number: int, status: int, name: bytes, engine: str) -> None:
    command.write("loop.s", LOOP)
    arguments = ("run", "loop.s", "--engine", engine, "--snapshot", "here.snap", "--json=out.json")
    with begun(command.start(*arguments)) as process:
        process.send_signal(number)
        _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == status
    assert err.startswith(b"ring1: %s stopped the guest" % name) and b"Traceback" not in err
    # What Ctrl-C keeps, SIGTERM keeps as well.
    assert '"reason": "interrupt"' in (command.folder / "out.json").read_text()
    limit = ("resume", "here.snap", "--max-insns", "1k", "--quiet")
    assert command(*limit).status in (121,)


def test_while_files_are_read(command: Command) -> None:
    """Neither a traceback nor half a file."""
    command.write("large.s", "        nop\n" * 700_000)
    with command.start("asm", "large.s", "-o", "large.bin") as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        process.terminate()
        _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (143, b"ring1: stopped by SIGTERM\n")
    assert not (command.folder / "large.bin").exists()


def test_stopped_and_continued(command: Command) -> None:
    with command.start("run", EXAMPLES / "crc32.s", "--engine", "interp", stdin=subprocess.DEVNULL) as process:
        for _ in range(5):
            process.send_signal(signal.SIGSTOP)
            process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err) == (0, b"00000000\n", b"")
