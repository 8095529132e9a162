"""Every command that README and docs print can be run as it stands. Those that take long are stopped when they are
under way; what tutorial, extending, teaching and results print is held to by tests of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ring1.examples.os import image
from tests.test_os import standard

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("examples/**/*.md"))
    if path.name not in ("tutorial.md", "extending.md", "log.md", "results.md", "teaching.md")
)
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOOLS = ("ring1 ", "python ", "make ", "echo ")
LONG = re.compile(r"ring1 (bench|fuzz|explore)|bench.inflation")
SECONDS = 3.0
"""For which these run before they are stopped."""
PATIENCE = 120.0
"""More than others take, or than it takes to stop one."""
OUTSIDE = ("make demo", "make test", "make soak", "make long", "make bench", "make setup", "make fuzz", "make lint")
"""What the tests are part of, or the machine's own business."""
MAKE = """case "$1" in
os) "{python}" -m ring1.examples.os.image build/os.img ;;
hypervisor)
    "{python}" -m ring1.examples.hypervisor.image hypervisor build/hypervisor.bin &&
    "{python}" -m ring1.examples.hypervisor.image hypervisor build/hypervisor-vt.bin vt &&
    unix=examples/os/kernel.s,build/os.img &&
    "{python}" -m ring1.examples.hypervisor.image disk build/hypervisor.img $unix $unix ;;
*) exit 2 ;;
esac"""
"""What `make` does of what the pages have it do."""
COMPILED = re.compile(r"\.c\b|hypervisor")
"""Commands that take GCC for RISC-V, or what others have made by it."""
DIFFERS = ("ring1 compare examples/holes.s",)
"""What is meant to have found something: status 1."""


def commands(page: str) -> Iterator[str]:
    """The command lines of a page, side by side ones apart, without their comments."""
    for block in BLOCK.findall((ROOT / page).read_text()):
        session = [line for line in block.splitlines() if line.startswith("$ ring1 ")]
        whole = [line for line in block.splitlines() if line.startswith(TOOLS)]
        lines = session or (whole if block.splitlines()[0].startswith(TOOLS) else [])
        for line in lines:
            for part in re.split(r"\s{2,}\$ ", line.removeprefix("$ ")):
                command = re.split(r"\s+# ", part)[0].strip()
                if not command.startswith(OUTSIDE):
                    yield command


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A directory that looks like a clone, and the tools of its environment."""
    for name in ("README.md", "docs", "examples", "bench", "isa", "dbt", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    if "RING1_LINUX" in os.environ:
        (tmp_path / "Image").symlink_to(os.environ["RING1_LINUX"])
    tools = tmp_path / "tools"
    tools.mkdir()
    python = f'exec "{sys.executable}"'
    (tmp_path / "build").mkdir()
    (tmp_path / "build/os.img").write_bytes(image.build(standard()))
    for name, script in {
        "ring1": f'{python} -m ring1 "$@"',
        "python": f'{python} "$@"',
        "make": MAKE.format(python=sys.executable),
    }.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RING1"))}
    path = f"{tools}:{os.environ['PATH']}"
    return {**kept, "PATH": path, "PYTHONPATH": str(ROOT), "RING1_CACHE": str(tmp_path / "cache")}


@pytest.mark.soak
@pytest.mark.parametrize("page", [page for page in PAGES if list(commands(page))])
def test_every_command_can_be_run(page: str, tmp_path: Path, environment: dict[str, str]) -> None:
    for command in commands(page):
        if COMPILED.search(command) and shutil.which("riscv64-unknown-elf-gcc") is None:
            continue
        if "--kernel Image" in command and not (tmp_path / "Image").exists():
            continue  # RING1_LINUX does not name one
        process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            _, said = process.communicate(timeout=SECONDS if LONG.search(command) else PATIENCE)
            expected = {1} if command in DIFFERS or " --costs " in command else {0}  # where engines differ, as they may
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE)
            expected = {0, 1, 130, -signal.SIGINT}
        assert process.returncode in expected, f"{page}: {command}\n{said}"
        assert "Traceback" not in said, f"{page}: {command}\n{said}"


def test_there_are_commands() -> None:
    assert len(list(commands("README.md"))) > 20
    assert {"docs/bench.md", "docs/c.md", "docs/fuzzing.md", "docs/para.md", "examples/os/README.md"} <= {
        page for page in PAGES if list(commands(page))
    }
