"""Plans are read as a whole, and all that is wrong with one is told, with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.hosting.plan import PlanError, keys, read

GOOD = """\
[host]
processors = 2
memory = "64M"
[machine.unix]
program = "a.s"
disk = "disk.img"
share = 200
input = "ls\\n"
[machine.worker]
program = ["a.s", "b.s"]
engine = "interp"
memory = "64K"
count = 3
limit = "10M"
closed = true
paused = true
seed = 7
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.s", "b.s", "disk.img"):
        (tmp_path / name).write_text("")
    return tmp_path


def test_a_plan(folder: Path) -> None:
    (folder / "plan.toml").write_text(GOOD)
    plan = read(str(folder / "plan.toml"), ENGINES)
    assert (plan.processors, plan.memory) == (2, 64 << 20)
    unix, *workers = plan.machines
    assert (unix.name, unix.program, unix.disk) == ("unix", (str(folder / "a.s"),), str(folder / "disk.img"))
    assert (unix.share, unix.input, unix.closed, unix.memory) == (200, b"ls\n", False, 16 << 20)
    assert [each.name for each in workers] == ["worker-1", "worker-2", "worker-3"]
    last = workers[-1]
    assert (last.engine, last.memory, last.limit, last.paused, last.seed) == ("interp", 1 << 16, 10**7, True, 7)


WRONG = {
    "": [(0, "there is no machine in it")],
    "[machine.a]\n": [(1, "a has no program")],
    "[machine]\n": [(0, "there is no machine in it")],
    "machine = 3\n": [(1, "machine is a table")],
    "[machine.a]\nprogram = 'a.s'\nshares = 3\n": [(3, "there is no key shares; did you mean share?")],
    "[machine.a]\nprogram = 'a.s'\nshare = 0\n": [(3, "share: this is a number from 1 to")],
    "[machine.a]\nprogram = 'nowhere.s'\n": [(2, "program: there is no file nowhere.s")],
    "[machine.a]\nprogram = 'a.s'\nengine = 'quick'\n": [(3, "engine: there is no 'quick' here; there are interp")],
    "[machine.a]\nprogram = 'a.s'\nmemory = '1'\n": [(3, "memory: RAM is at least 4,096 bytes")],
    "[machine.a]\nprogram = 'a.s'\ndisk = 'disk.img'\n[machine.b]\nprogram = 'a.s'\ndisk = './disk.img'\n": [
        (4, "b has the disk of a")
    ],
    "[machine.a]\nprogram = 'a.s'\ndisk = 'disk.img'\ncount = 2\n": [(3, "2 machines on one disk")],
    "[machine.a]\nprogram = 'a.s'\nmemory = '4G'\ncount = 9000\n": [(1, "the machines have 38,654,705,664,000 bytes")],
    "[host]\nmemory = '1M'\n[machine.a]\nprogram = 'a.s'\n": [(3, "of RAM together, and the plan allows 1,048,576")],
    "[machine.a-1]\nprogram = 'a.s'\n[machine.a]\nprogram = 'a.s'\ncount = 1\n": [(3, "a-1 is the name of another")],
    "[machine.'a b']\nprogram = 'a.s'\n": [(1, "'a b' is no name")],
    "[machine.a]\nprogram = 'a.s'\n[guest.b]\nprogram = 'a.s'\n": [(3, "there is no key guest here")],
    "[machine.a]\nprogram = 'a.s'\nlimit = -1\n[host]\nprocessors = 'two'\n": [
        (3, "limit: this is a number from"),
        (5, "processors: this is a whole number, not a text"),
    ],
    "[machine.a\n": [(1, "no TOML")],
    f"[machine.a]\nprogram = 'a.s'\nseed = {'9' * 5000}\n": [(0, "no number here has so many digits")],
    f"[machine.a]\nprogram = 'a.s'\nseed = 0x{'f' * 5000}\n": [(3, "from 0 to 4,294,967,295, not one of 20,000 bits")],
    f"[machine.a]\nprogram = 'a.s'\nmemory = '{'9' * 5000}M'\n": [(3, 'a text as "64K" or "16M"')],
    "[machine.a]\nprogram = 'a.s'\nmemory = '\u0663M'\n": [(3, 'a text as "64K" or "16M"')],
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_told(folder: Path, text: str) -> None:
    (folder / "plan.toml").write_text(text)
    with pytest.raises(PlanError) as caught:
        read(str(folder / "plan.toml"), ENGINES)
    told = [(fault.position.line, fault.message) for fault in caught.value.faults]
    assert len(told) == len(WRONG[text])
    for (line, message), (wanted, part) in zip(told, WRONG[text], strict=True):
        assert line == wanted and part in message


def test_the_manual_has_all_keys() -> None:
    manual = (Path(__file__).parents[2] / "docs/hosting.md").read_text()
    for name in keys(ENGINES):
        assert re.search(rf"^\| `{name}` ", manual, re.MULTILINE), name
