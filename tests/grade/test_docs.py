"""docs/teaching.md: every key of a case, in the words of its reader, and what its commands print."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ring1.dbt.grade.fields import KEYS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "teaching.md").read_text()
FILE = re.compile(r"^`([\w/.]+)`:\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^```\n\$ (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_keys() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", TEXT, re.MULTILINE)
    assert rows[: len(KEYS)] == [(name, key.text) for name, key in KEYS.items()]


@pytest.mark.soak
def test_commands(tmp_path: Path) -> None:
    for name, text in FILE.findall(TEXT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    commands = COMMAND.findall(TEXT)
    assert commands
    for command, shown in commands:
        words = command.split()
        assert words[0] == "ring1"
        done = subprocess.run(
            [sys.executable, "-m", "ring1", *words[1:]], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
        pattern = ".*".join(map(re.escape, shown.split("...\n")))
        assert re.fullmatch(pattern, done.stdout, re.DOTALL), done.stdout + done.stderr
