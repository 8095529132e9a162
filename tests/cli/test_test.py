"""The command `ring1 test`."""

from __future__ import annotations

import signal
import time
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import OFF, Command
from tests.grade.folders import HI

CASES = """
title = "Two cases"
[[case]]
name = "right"
program = "a.s"
output = "hi\\n"
engines = ["interp", "bt"]
[[case]]
name = "wrong"
program = "a.s"
exit = 4
"""


@pytest.fixture
def cases(ring1: Command) -> Command:
    (ring1.folder / "cases").mkdir()
    ring1.write("cases/cases.toml", CASES)
    ring1.write("cases/a.s", HI)
    return ring1


@pytest.mark.soak
def test_a_folder(cases: Command) -> None:
    done = cases("test", "cases", status=1)
    assert done.out.startswith("ok    right  (13 instructions)\nFAIL  wrong\n")
    assert done.out.endswith("Two cases: 1 of 2 cases passed\n") and done.err == ""
    done = cases("test", "cases", "--case", "righ", status=0)
    assert done.out.endswith("Two cases: 1 of 1 cases passed\n")
    assert "no case has nothing in its name" in cases("test", "cases", "--case", "nothing", status=2).err
    assert cases("test", "cases/cases.toml", "--quiet", status=1).lines == ["Two cases: 1 of 2 cases passed"]


@pytest.mark.soak
def test_reports(cases: Command) -> None:
    cases("test", "cases", "--junit=out.xml", "--tap=out.tap", "--reports", "told", "--quiet", status=1)
    root = ElementTree.parse(cases.folder / "out.xml").getroot()
    assert [suite.get("failures") for suite in root] == ["1"] and root.get("name") == "Two cases"
    assert (cases.folder / "out.tap").read_text().startswith("TAP version 13\n1..2\nok 1 - Two cases: right\n")
    assert "the exit code is 3, and should be 4" in (cases.folder / "told" / "Two cases.txt").read_text()
    done = cases("test", "cases", "--tap", "-", status=1)
    assert done.out.startswith("TAP version 13\n") and "of 2 cases" in done.err
    assert "No such file" in cases("test", "cases", "--junit=no/such.xml", status=2).err


def test_faults_are_told_before_anything_runs(cases: Command) -> None:
    cases.write("cases/cases.toml", CASES.replace("exit = 4", "exti = 4").replace('"bt"', '"bx"'))
    done = cases("test", "cases", status=2)
    assert "cases/cases.toml:11:1: error: there is no key exti; did you mean exit?" in done.err
    assert "    exti = 4\n    ^\n" in done.err and done.out == ""
    assert done.lines[-1] == "ring1: 1 error"
    cases.write("cases/cases.toml", CASES.replace('"bt"', '"bx"'))
    assert "cases/cases.toml:7:22: error: there is no engine 'bx'" in cases("test", "cases", status=2).err
    assert "No such file" in cases("test", "nothing", status=2).err
    assert "which" in cases("test", status=2).err or "required" in cases("test", status=2).err


def test_submissions(cases: Command) -> None:
    text = CASES.replace('title = "Two cases"', 'submitted = "a.s"')
    cases.write("cases/cases.toml", text)
    for name, code in (("ada.s", 3), ("bob.s", 4)):
        cases.write(name, HI.replace("li a0, 3", f"li a0, {code}"))
    done = cases("test", "cases", "ada.s", "bob.s", "cases", "eve.s", "--quiet", status=1)
    assert sorted(done.lines) == [
        "ada.s: 1 of 2 cases passed",
        "bob.s: 2 of 2 cases passed",
        "cases: 1 of 2 cases passed",
        "eve.s: not graded: there is no such file or folder",
    ]


def test_control_c(cases: Command) -> None:
    cases.write("cases/a.s", "_start: j _start\n" + OFF)
    cases.write("cases/cases.toml", '[[case]]\nprogram = "a.s"\nmax_insns = "1000G"\ntimeout = 500\n')
    running = cases.start("test", "cases")
    time.sleep(3)
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=30)
    assert running.returncode == 130 and b"stopped by Ctrl-C" in error and b"Traceback" not in error, error
