"""docs/extending.md: what it says is done to a copy of the tree, and what the commands print is compared with what is
shown there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_tutorial import matches

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 120
SECTION = re.compile(r"^## (.+)\n((?:(?!## ).*\n)+)", re.MULTILINE)
STEP = re.compile(r"(?:^(In )?`(\S+)`:\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = dict(SECTION.findall((ROOT / "docs" / "extending.md").read_text()))


class Page:
    """A section's steps, on a copy of the tree."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.edited = ""
        """The file that the last edit was made to."""

    def follow(self, text: str) -> int:
        """Do all steps in turn; how many commands there were."""
        count = 0
        for inside, name, kind, body in STEP.findall(text):
            if kind == "diff":
                self.edited = name or self.edited
                self.edit(self.tree / self.edited, body)
            elif name:
                assert not inside
                with open(self.tree / name, "x") as file:
                    file.write(body)
            else:
                command, _, shown = body.removeprefix("$ ").partition("\n")
                assert body.startswith("$ ")
                self.run(command, shown)
                count += 1
        return count

    def edit(self, path: Path, body: str) -> None:
        """Add the lines with + where the lines without are."""
        lines = body.splitlines(keepends=True)
        assert all(line[0] in " +" for line in lines)
        before, after = "".join(line[1:] for line in lines if line[0] == " "), "".join(line[1:] for line in lines)
        text = path.read_text()
        assert text.count(before) == 1, (path, before)
        path.write_text(text.replace(before, after))

    def run(self, command: str, shown: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RING1"))}
        path = f"{self.tree / 'bin'}:{os.environ['PATH']}"
        where = {"PYTHONPATH": str(self.tree), "RING1_CACHE": str(self.tree / "cache")}
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.tree,
            env={**kept, "PATH": path, **where},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert matches(shown.splitlines(), done.stdout.splitlines()), f"{command}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree, with a command `ring1` that is this copy's."""
    tree = tmp_path_factory.mktemp("extending") / "tree"
    for name in ("dbt", "isa", "ring1", "bench/costs", "bench/nano", "bench/kernels"):
        shutil.copytree(ROOT / name, tree / name, symlinks=True)
    (tree / "examples").symlink_to(ROOT / "examples")
    (tree / "bin").mkdir()
    (tree / "bin" / "ring1").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ring1 "$@"\n')
    (tree / "bin" / "ring1").chmod(0o755)
    return tree


@pytest.fixture
def tree(copy: Path) -> Iterator[Path]:
    """The copy as it was, whoever had it before."""
    here = copy.with_name("here")
    shutil.copytree(copy, here, symlinks=True)
    yield here
    shutil.rmtree(here)


@pytest.mark.soak
@pytest.mark.parametrize("section", SECTIONS)
def test_a_walk_through(tree: Path, section: str) -> None:
    assert Page(tree).follow(SECTIONS[section]) >= 2


def test_there_are_walk_throughs() -> None:
    """And an edit that does not fit is noticed."""
    assert [name.partition(":")[0] for name in SECTIONS] == [
        "An engine",
        "A device",
        "An instruction",
        "A command",
        "A machine",
    ]
    with pytest.raises(AssertionError):
        Page(ROOT).edit(ROOT / "docs" / "extending.md", " no such line\n+another\n")
