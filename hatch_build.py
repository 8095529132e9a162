"""What is in a wheel and in a source distribution: what git tracks, so that nothing that lies about gets in.

In a wheel everything is in the package `ring1`: the folders isa and dbt, and beside them the files that they use and
name (dbt/share.py). Where shells and man look there is what ring1 prints for them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "ring1"
SHIPPED = ("isa", "dbt", "examples", "docs", "bench/costs", "bench/nano", "bench/kernels", "bench/partitions")
LEFT_OUT = ("docs/results",)
"""Of these: a megabyte of figures."""
SOURCES = ("ring1", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
"""What a wheel is made from beside what it has."""
MADE = {"__pycache__", ".git"}
PRINTED = {
    "share/man/man1/ring1.1": ["man"],
    "share/bash-completion/completions/ring1": ["completion", "bash"],
    "share/zsh/site-functions/_ring1": ["completion", "zsh"],
    "share/fish/vendor_completions.d/ring1.fish": ["completion", "fish"],
}
"""Where a file goes -> the command of ring1 that prints it."""


class Tracked(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See `BuildHookInterface.initialize`."""
        if version == "editable":
            return
        root = Path(self.root)
        own = {name: name for name in tracked(root) if within(name, SOURCES)}
        shipped = [name for name in tracked(root) if within(name, SHIPPED) and not within(name, LEFT_OUT)]
        if self.target_name == "wheel":
            chosen = {name: name for name in own if within(name, (PACKAGE,))}
            chosen |= {name: f"{PACKAGE}/{name}" for name in shipped}
            self.made = tempfile.TemporaryDirectory()
            build_data["shared_data"] = printed(root, chosen, Path(self.made.name))
        else:
            chosen = own | {name: name for name in shipped}
        build_data["force_include"] |= {str(root / name): target for name, target in chosen.items()}


def printed(root: Path, chosen: dict[str, str], folder: Path) -> dict[str, str]:
    """Have the package print its files into a folder, where it is laid as in the wheel; return where they go."""
    for name, target in chosen.items():
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, folder / target)
    found = {}
    for number, (place, words) in enumerate(PRINTED.items()):
        command = [sys.executable, "-B", "-P", "-m", PACKAGE, *words]
        environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "80", "RING1_CACHE": str(folder / "cache")}
        made = folder / str(number)
        made.write_bytes(subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.PIPE).stdout)
        found[str(made)] = place
    return found


def within(name: str, places: tuple[str, ...]) -> bool:
    """Is a file one of these, or in one of these folders?"""
    path = PurePosixPath(name)
    return any(path.is_relative_to(place) for place in places)


def tracked(root: Path) -> list[str]:
    """The files of a clone that git knows, links left out; all that there is where git is not, as in an unpacked
    source distribution."""
    names = known(root) if (root / ".git").exists() else None
    if names is None:
        names = [str(path.relative_to(root).as_posix()) for path in root.rglob("*") if not MADE & set(path.parts)]
    return sorted(name for name in names if (root / name).is_file() and not linked(root, name))


def known(root: Path) -> list[str] | None:
    """What git says that it tracks; None if it says nothing."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def linked(root: Path, name: str) -> bool:
    """Does a link lead to a file, or is it one?"""
    return any((root / part).is_symlink() for part in (name, *map(str, PurePosixPath(name).parents)) if part != ".")
