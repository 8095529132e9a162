"""docs/tutorial.md: every command of it is run, and its output compared with what is shown there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ring1.examples.os import image
from tests.test_os import standard

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```\n\$ (.+)\n((?:.*\n)*?)```$", re.MULTILINE)
SECONDS = 120


def matches(shown: list[str], printed: list[str]) -> bool:
    """Is this the output, with any lines where `...` stands?"""
    if not shown:
        return not printed
    if shown[0] == "...":
        return any(matches(shown[1:], printed[n:]) for n in range(1, len(printed) + 1))
    return printed[:1] == shown[:1] and matches(shown[1:], printed[1:])


def test_what_is_left_out_is_told() -> None:
    assert matches(["a", "...", "d"], ["a", "b", "c", "d"])
    assert not matches(["a", "d"], ["a", "b", "d"])
    assert not matches(["a"], ["a", "b"])
    assert not matches(["...", "b"], ["a", "c"])
    assert not matches(["a", "..."], ["a"])


@pytest.mark.soak
def test_every_command_prints_what_is_shown(tmp_path: Path) -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "tutorial.md").read_text())
    assert len(blocks) > 15
    for name in ("examples", "isa"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "os.img").write_bytes(image.build(standard()))
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "ring1").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ring1 "$@"\n')
    (tools / "ring1").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RING1"))}
    path = f"{tools}:{os.environ['PATH']}"
    environment = {**kept, "PATH": path, "PYTHONPATH": str(ROOT), "RING1_CACHE": str(tmp_path / "cache")}
    for command, output in blocks:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        assert matches(output.splitlines(), done.stdout.splitlines()), f"{command}\n{done.stdout}"
