"""The plugin pytest-ring1: fixtures, once for each engine. pytest runs in a process of its own, as users have it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from ring1.dbt.engines.table import ENGINES

ROOT = Path(__file__).parents[2]
PLUGIN = "ring1.dbt.grade.pytest_plugin"
INSTALLED = [each.value for each in entry_points(group="pytest11") if each.name == "pytest-ring1"]
# Where ring1 was installed before it had the plugin, there is no entry point yet.
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *([] if INSTALLED else ["-p", PLUGIN])]
TEST = '''
import pytest

PROGRAM = """
_start: li a0, 3
        li t0, 0xf0
        out t0, a0
"""

def test_text(ring1_machine):
    m = ring1_machine("pg32", text=PROGRAM)
    assert m.run().code == 3 and m.reg["a0"] == 3

def test_file(ring1_machine, ring1_engine):
    m = ring1_machine("pg32", "beside.s")
    assert m.engine == ring1_engine and m.run().code == 4

@pytest.mark.ring1_engines("hw")
def test_one(ring1_machine):
    assert ring1_machine("pg32", text=PROGRAM).engine == "hw"

def test_none():
    pass
'''


def run(folder: Path, *options: str) -> str:
    """What pytest says of the test above."""
    (folder / "test_it.py").write_text(TEST)
    (folder / "beside.s").write_text("_start: li a0, 4\n        li t0, 0xf0\n        out t0, a0\n")
    words = [*PYTEST, "-v", "test_it.py", *options]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


def test_engines(tmp_path: Path) -> None:
    here = [name for name in ("interp", "bt") if not ENGINES[name].why_not()]
    said = run(tmp_path)
    for name in here:
        assert f"test_text[{name}] PASSED" in said and f"test_file[{name}] PASSED" in said, said
    assert "test_one[hw]" in said and "test_none PASSED" in said and "failed" not in said
    said = run(tmp_path, "--ring1-engines", "interp")
    assert "test_text[interp] PASSED" in said and "[bt]" not in said
    said = run(tmp_path, "--ring1-engines", "all", "-k", "test_text", "--collect-only", "-qq")
    assert [line for line in said.splitlines() if "::" in line] == [
        f"test_it.py::test_text[{name}]" for name, each in ENGINES.items() if each.unmodified
    ]
    assert "there is no engine 'jit'; there are interp" in run(tmp_path, "--ring1-engines", "jit")
    (tmp_path / "pytest.ini").write_text("[pytest]\nring1_engines = interp\n")
    assert "[bt]" not in run(tmp_path)


def test_the_entry_point_names_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"pytest-ring1": PLUGIN}
    assert import_module(PLUGIN).ring1_machine


def test_nothing_of_ring1_is_imported_before_it_is_used(tmp_path: Path) -> None:
    test = "import sys\ndef test_it():\n    assert 'ring1.dbt.engines.table' not in sys.modules\n"
    (tmp_path / "test_it.py").write_text(test)
    done = subprocess.run([*PYTEST, "-q", "test_it.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "1 passed" in done.stdout, done.stdout
