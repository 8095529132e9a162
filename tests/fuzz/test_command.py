"""`ring1 fuzz` as its users see it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FUZZ = [sys.executable, "-m", "ring1", "fuzz"]


def fuzz(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*FUZZ, *arguments], capture_output=True, text=True, timeout=600)


def test_a_campaign_and_the_next(tmp_path: Path) -> None:
    """Seed and figures are told; the second campaign begins with what the first one has kept."""
    common = ("--isa", "tests/theory/riscish.isa", "--engines", "interp,bt", "--dir", str(tmp_path))
    done = fuzz(*common, "--programs", "12", "--seed", "7", "--coverage")
    assert done.returncode == 0, done.stderr
    assert "seed 7" in done.stderr and re.search(r"^seed 7: 12 programs .* 0 findings$", done.stdout, re.MULTILINE)
    [share] = re.findall(r"^coverage of \S+: [\d,]+ of [\d,]+ reachable cells, ([\d.]+) %", done.stdout, re.MULTILINE)
    assert 1 < float(share) < 100
    again = fuzz(*common, "--programs", "2")
    assert again.returncode == 0 and re.search(r"\d+ cases of earlier campaigns", again.stderr)


def test_replay() -> None:
    """Any assembly file can be run again in all ways; one whose difference a theorem explains is no finding."""
    done = fuzz("--replay", "tests/regressions/saved-disk.s")
    assert (done.returncode, done.stdout) == (0, "as interp: interp/then=bt\n")
    done = fuzz("--replay", "tests/fuzz/hole.s")
    assert done.returncode == 0
    assert done.stdout == "trap differs, as it may: the program executes getpsw\n"


def test_wrong_usage() -> None:
    for arguments, message in (
        (("--engines", "vax"), "there is no 'vax'"),
        (("--isa", "vax"), "no such machine"),
        (("--replay", "tests/regressions/none.s"), "No such file"),
        (("--minutes", "0"), "'0' is no time"),
    ):
        done = fuzz(*arguments)
        assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_a_package_is_missing() -> None:
    """It says which, whatever else needs it (without keystone: tests/faults/test_elsewhere.py)."""
    code = "import sys; sys.modules['hypothesis'] = None\nfrom ring1.dbt.cli.main import main\nsys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code, "fuzz", "--programs", "1"], capture_output=True, text=True)
    assert done.returncode not in (0, 1) and done.stderr.count("\n") == 1, done.stderr
    assert "fuzzing needs hypothesis" in done.stderr


ENDS = [
    (signal.SIGINT, 0, "Ctrl-C"),
    pytest.param(signal.SIGTERM, 143, "SIGTERM", marks=pytest.mark.soak),
]


@pytest.mark.parametrize(("number", "status", "said"), ENDS)
def test_signals(tmp_path: Path, number: int, status: int, said: str) -> None:
    """It ends cleanly, at a Ctrl-C with what it has, and leaves no process."""
    running = subprocess.Popen(
        [*FUZZ, "--dir", str(tmp_path), "--isa", "pg32v", "--jobs", "2", "--minutes", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 300
    while not list(tmp_path.glob("corpus/*/*")) and time.monotonic() < deadline:
        time.sleep(0.2)
    running.send_signal(number)
    out, error = running.communicate(timeout=300)
    assert running.returncode == status and "Traceback" not in error, error
    assert f"stopped by {said}" in error and (status or re.search(r"^seed \d+: [1-9]", out))


EARLY = """
import os, signal, sys
if "from multiprocessing.spawn import" in " ".join(sys.orig_argv):
    os.kill(os.getpid(), signal.SIGINT)
"""


def test_control_c_while_processes_begin(tmp_path: Path) -> None:
    """It comes to all of a terminal's processes, and is their parent's."""
    (tmp_path / "sitecustomize.py").write_text(EARLY)
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [*FUZZ, "--dir", str(tmp_path / "found"), "--jobs", "2", "--programs", "2"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "2 programs" in done.stdout


def test_a_machine_whose_ram_is_elsewhere(tmp_path: Path) -> None:
    done = fuzz("--isa", "rv32", "--engines", "interp,bt", "--programs", "2", "--seed", "3", "--dir", str(tmp_path))
    assert done.returncode == 0 and "0 findings" in done.stdout, done.stderr


def test_a_peer_is_of_one_machine() -> None:
    done = fuzz("--peer", "qemu", "--isa", "pg32v", "--programs", "1")
    assert done.returncode == 2 and "a peer of rv32 alone" in done.stderr


def test_a_peer_is_missing(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path)}
    argv = [*FUZZ, "--peer", "qemu", "--programs", "1", "--dir", str(tmp_path)]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 123 and "there is no qemu-system-riscv32" in done.stderr
