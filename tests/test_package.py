"""What is distributed: a wheel and a source distribution have what git tracks and ring1 uses, and installed in an
environment of its own, beside others' modules that are called as its folders are, ring1 works."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 120
STRANGER = "raise SystemExit('this is no part of ring1')\n"


def without() -> str:
    """Why nothing can be built here; empty if it can."""
    if importlib.util.find_spec("hatchling") is None:
        return "no hatchling: it comes with the extra `dev`"
    if shutil.which("git") is None or not ROOT.joinpath(".git").exists():
        return "not a clone"
    return ""


pytestmark = pytest.mark.skipif(bool(without()), reason=f"packages cannot be built: {without()}")


def run(*command: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RING1", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def built(kind: str, source: Path, folder: Path) -> Path:
    """A distribution of what is in a folder."""
    done = run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=source)
    assert done.returncode == 0, done.stderr
    [made] = folder.iterdir()
    return made


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked files as they are now, in a repository of their own, with others that lie about."""
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [os.fsdecode(name) for name in listed.split(b"\0") if name]
    for name in names:
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    for command in ("init -q", "add ."):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    for stray in ("stray.py", "dbt/stray.py", "isa/stray.isa", "examples/hello.bin", "bench/costs/stray.toml"):
        (folder / stray).write_text(STRANGER)
    return folder


@pytest.fixture(scope="session")
def sdist(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", clone, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", clone, tmp_path_factory.mktemp("wheel"))


def needed(wheel: Path) -> set[str]:
    """The modules that a wheel depends on, and those that these need in turn: this environment's."""
    with zipfile.ZipFile(wheel) as archive:
        said = archive.read("ring1-0.1.0.dist-info/METADATA").decode()
    queue = re.findall(r"^Requires-Dist: (.*)", said, re.MULTILINE)
    found: set[str] = set()
    while queue:
        requirement = queue.pop()
        name = re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()
        if "extra ==" not in requirement and name not in found:
            found.add(name)
            with contextlib.suppress(metadata.PackageNotFoundError):
                queue += metadata.requires(name) or []
    here = metadata.packages_distributions().items()
    return {module for module, names in here if found & {re.sub(r"[-_.]+", "-", name).lower() for name in names}}


Installed = Callable[..., subprocess.CompletedProcess[str]]
SHARED = "ring1-0.1.0.data/data/"
"""Where a wheel has files for the folders of the environment."""


def contents(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel, but for what is said of it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}


def test_a_wheel_has_one_package_and_all_that_it_uses(wheel: Path) -> None:
    names = {name for name in contents(wheel) if not name.startswith(SHARED)}
    assert {name.split("/")[0] for name in names} == {"ring1"}
    binary = {name for name in names if name.endswith((".bin", ".pyc"))}
    assert binary == {"ring1/dbt/host/x86_64/templates.bin", "ring1/isa/shipped.bin"}
    assert not [name for name in names if "stray" in name]
    for folder in ("isa", "dbt", "examples", "bench/costs", "bench/nano", "bench/kernels"):
        listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True, check=True)
        assert {f"ring1/{name}" for name in listed.stdout.splitlines() if (ROOT / name).exists()} <= names, folder
    assert "ring1/docs/pg32.md" in names


def test_a_wheel_has_what_shells_and_man_look_for(wheel: Path, installed: Installed) -> None:
    found = {name.removeprefix(SHARED): data for name, data in contents(wheel).items() if name.startswith(SHARED)}
    assert found["share/man/man1/ring1.1"].startswith(b".TH RING1 1")
    assert b"examples/hello.s" in found["share/man/man1/ring1.1"] and str(ROOT).encode() not in b"".join(found.values())
    for shell, place in (
        ("bash", "share/bash-completion/completions/ring1"),
        ("zsh", "share/zsh/site-functions/_ring1"),
        ("fish", "share/fish/vendor_completions.d/ring1.fish"),
    ):
        assert found[place].decode() == installed("completion", shell).stdout
    assert len(found) == 4


def test_a_source_distribution_has_what_the_wheel_is_made_of(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
        archive.extractall(tmp_path, filter="data")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert names - set(listed.stdout.splitlines()) == {"PKG-INFO"}
    [folder] = tmp_path.iterdir()
    assert contents(built("wheel", folder, tmp_path / "again")) == contents(wheel)


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script of an environment that has ring1, and others' packages `dbt` and `isa`; in a directory with modules
    that are called so as well."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    [packages] = (folder / "env/lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        assert "ring1 = ring1.__main__:main" in archive.read("ring1-0.1.0.dist-info/entry_points.txt").decode()
        archive.extractall(packages)
    for name in needed(wheel):
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            origin = Path(found.origin).parent if found.submodule_search_locations else Path(found.origin)
            (packages / origin.name).symlink_to(origin)
    here = folder / "here"
    here.mkdir()
    for place in (packages, here):
        for name in ("dbt", "isa", "examples", "bench"):
            (place / name).mkdir()
            (place / name / "__init__.py").write_text(STRANGER)
            (place / name / "__main__.py").write_text(STRANGER)
    for name in ("isa.py", "dbt.py"):
        (here / name).write_text(STRANGER)

    def call(*arguments: object, status: int = 0) -> subprocess.CompletedProcess[str]:
        python = folder / "env/bin/python"
        done = run(python, "-m", "ring1", *arguments, cwd=here, RING1_CACHE=str(folder / "cache"))
        assert done.returncode == status, done
        return done

    return call


def example(installed: Installed) -> str:
    """The example that --help begins with, called as it is there."""
    words = installed("--help").stdout.split()
    return next(word for word in words if word.endswith("examples/hello.s"))


def test_programs_run(installed: Installed) -> None:
    hello = example(installed)
    assert Path(hello).is_absolute()
    for engine in ("interp", "bt"):
        assert installed("run", "--engine", engine, hello).stdout == "Hello, world!\n"
    assert installed("isa", "list").stdout.startswith("pg32")
    assert installed("--version").stdout == "ring1 0.1.0\n"


@pytest.mark.skipif(shutil.which("riscv64-unknown-elf-gcc") is None, reason="no riscv64-unknown-elf-gcc")
def test_c_programs_run(installed: Installed) -> None:
    queens = Path(example(installed)).with_name("c") / "queens.c"
    assert installed("run", queens).stdout == run(sys.executable, "-m", "ring1", "run", queens, cwd=ROOT).stdout != ""


def test_costs_are_there(installed: Installed) -> None:
    made = installed("compare", "--engines", "interp,bt", "--costs", "nehalem", "--json", example(installed))
    assert json.loads(made.stdout)["equivalent"]


@pytest.mark.soak
def test_benchmarks_are_there(installed: Installed) -> None:
    made = json.loads(installed("bench", "--quick", "--suite", "nano", "--engines", "bare", "--json", "-").stdout)
    assert not made["partial"]
    assert {row["name"] for row in made["suites"]["nano"]} >= {"syscall", "in"}
    macro = installed("bench", "--quick", "--suite", "macro,kernels", "--engines", "bare", "--json", "-")
    assert json.loads(macro.stdout)["suites"]["macro"]
