"""The command `ring1` for tests: in a process of its own, or in this one where only its output matters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ring1.dbt.cli.main import main
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.measure import nano, run
from ring1.dbt.measure.sampling import Rounds
from ring1.isa.codec import encode
from ring1.isa.load import load

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SECONDS = 60
"""More than any run takes; a process that is still there then hangs."""

OFF = "        li t0, 0xf0\n        out t0, zero\n"
"""Instructions that switch the machine off, exit code 0."""


@dataclass
class Outcome:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What ring1 said."""
        return self.err.splitlines()


@dataclass
class Command:
    """ring1 in processes of its own, in a directory, with a cache that no other test run knows."""

    folder: Path
    environment: dict[str, str]

    def argv(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "ring1", *map(str, arguments)]

    def __call__(self, *arguments: object, stdin: bytes = b"", status: int | None = None) -> Outcome:
        """Run it to its end. Neither a traceback nor death by a signal is ever right."""
        done = subprocess.run(
            self.argv(*arguments),
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            timeout=SECONDS,
        )
        outcome = Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
        assert "Traceback" not in outcome.err, outcome.err
        assert outcome.status >= 0, outcome
        assert status is None or outcome.status == status, outcome
        return outcome

    def start(self, *arguments: object, **options: object) -> subprocess.Popen[bytes]:
        """Start it with pipes for its standard streams."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        chosen = {**pipes, **options}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            self.argv(*arguments), cwd=self.folder, env=self.environment, **chosen
        )

    def write(self, name: str, text: str | bytes) -> Path:
        """A file in the directory."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of processes: caches of this session's own, compiled modules kept."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "RING1", "NO_COLOR", "FORCE_COLOR"))
    }
    folder = tmp_path_factory.mktemp("ring1")
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(folder / "pyc"),
        "RING1_CACHE": str(folder / "cache"),
    }


@pytest.fixture
def ring1(tmp_path: Path, environment: dict[str, str]) -> Command:
    return Command(tmp_path, environment)


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
) -> Callable[..., Outcome]:
    """A function that runs ring1 in this process, in an empty directory, with the techniques of a registry."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RING1_CACHE", environment["RING1_CACHE"])

    def called(*arguments: object, registry: Registry = ENGINES) -> Outcome:
        capsys.readouterr()
        status = main([str(a) for a in arguments], registry)
        said = capsys.readouterr()
        return Outcome(status, said.out, said.err)

    return called


@dataclass
class Here:
    """ring1 in this process, in an empty directory: used as Command is, where that there is a process is not the
    point."""

    folder: Path
    run: Callable[..., Outcome]

    def __call__(self, *arguments: object, status: int | None = None) -> Outcome:
        outcome = self.run(*arguments)
        assert "Traceback" not in outcome.err, outcome.err
        assert status is None or outcome.status == status, outcome
        return outcome

    def write(self, name: str, text: str | bytes) -> Path:
        """A file in the directory."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


@pytest.fixture
def here(tmp_path: Path, call: Callable[..., Outcome]) -> Here:
    return Here(tmp_path, call)


def words(*instructions: tuple[str, dict[str, int]]) -> bytes:
    """A raw image of instructions, given as (name, values of operands)."""
    isa = load("pg32")
    made = [encode(isa.instructions[name], values) for name, values in instructions]
    return b"".join(word.to_bytes(4, "little") for word in made)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three benchmarks, and three rounds of each."""
    plans = {quick: dict.fromkeys(run.SUITES, Rounds(3, 0.0005)) for quick in (False, True)}
    monkeypatch.setattr(run, "PLANS", plans)
    monkeypatch.setattr(
        nano, "BENCHMARKS", [each for each in nano.BENCHMARKS if each.name in ("syscall", "entropy", "cli")]
    )
