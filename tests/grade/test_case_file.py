"""Case files: what they say, and every fault of them with line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.grade.case import Limits
from ring1.dbt.grade.case_file import CaseError, read
from tests.grade.folders import HI, faults, folder

TABLE = """
title = "Two"
[defaults]
engines = ["interp", "bt"]
max_insns = "2M"
output = "usual"

[[case]]
name = "one"
program = "a.s"
exit = 3
registers = { a0 = -1, pc = "_start" }
memory = { counter = 3, text = "abc", "text+4" = [1, 0xffffffff] }

[[case]]
program = ["a.s", "b.s"]
output_file = "out.txt"
timeout = 0.5
max_output = "64K"
"""


def test_a_table_of_cases(tmp_path: Path) -> None:
    made = read(folder(tmp_path, {"cases.toml": TABLE, "notes.txt": "no case"}))
    one, two = made.cases
    assert (made.title, one.name, two.name) == ("Two", "one", "case 2")
    assert one.engines == ("interp", "bt") and one.limits == Limits(insns=2_000_000)
    assert one.output == b"usual" and one.exit == 3 and one.program == ("a.s",)
    assert one.registers == (("a0", 0xFFFFFFFF), ("pc", "_start"))
    assert one.memory == (("counter", 3), ("text", b"abc"), ("text+4", (1, 0xFFFFFFFF)))
    assert two.limits == Limits(2_000_000, 0.5, 65536) and two.program == ("a.s", "b.s")
    assert two.output is None and two.output_file == "out.txt"
    assert one.value("memory", "text+4", 1).line == 13 and two.place.line == 15
    assert one.value("engines", 1).line == 4  # where the default is


def test_a_case_in_each_file(tmp_path: Path) -> None:
    files = {"b.toml": 'program = "b.s"', "a.toml": 'program = "a.s"', "all.toml": "[defaults]\nexit = 7\n"}
    made = read(folder(tmp_path, files))
    assert [(case.name, case.program, case.exit) for case in made.cases] == [("a", ("a.s",), 7), ("b", ("b.s",), 7)]
    assert len(read(tmp_path / "b.toml").cases) == 1


TYPOS = """titel = "Two"
[defaults]
engines = ["interp", "tb", 5]

[[case]]
name = "one"
progam = "a.s"
exit = "3"
stop = "ext"

[[case]]
name = "one"
program = "a.s"
exit = 300
max_insns = "many"
memory = { counter = [1, "x"], text = true }
output = "x"
output_file = "y"
theorems = { 4 = true }
"""


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        read(folder(tmp_path, {"cases.toml": TYPOS}))
    found = {(fault.position.line, fault.position.column): fault.message for fault in caught.value.faults}
    for place, said in {
        (1, 1): "there is no key titel outside of cases; did you mean title?",
        (3, 28): "engines: this is a text in quotes, not a number",
        (7, 1): "there is no key progam; did you mean program?",
        (8, 8): "exit: this is a whole number, not a text",
        (9, 8): "stop: there is no 'ext' here; there are exit, trap",
        (11, 3): "one is the name of another case, in line 5",
        (14, 8): "exit: this is a number from 0 to 255, not 300",
        (15, 13): "max_insns: this is a number, or a text as",
        (16, 26): "memory: this is a whole number, not a text",
        (18, 1): "output_file says what output says",
        (19, 18): "theorems: there are theorems 1, 2, 3",
    }.items():
        assert said in found.pop(place), (place, found)
    assert not found
    assert "cases.toml:7:1: error: there is no key progam; did you mean program?\n    progam = " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a = \n", (1, 5), "no TOML: Invalid value"),
        ("a = 1\na = 2\n", (2, 6), "no TOML: Cannot overwrite a value"),
        ("[[case]\n", (1, 7), "no TOML: "),
        ("case = 5\n", (1, 1), "each written [[case]]"),
        ("[[case]]\nname = 'x'\n", (1, 3), "this case has no program"),
        ('[[case]]\nprogram = "a.s"\nstop = "halt"\nexit = 1\n', (4, 1), "stops for halt has no exit code"),
        ('submitted = "../a.s"\n', (1, 13), "no name of a file below a folder"),
        ("[mutants]\nshare = 2\n", (1, 2), "mutants of what?"),
        ("[mutants]\nof = 'a.s'\nshare = 2\n", (3, 9), "a number from 0 to 1"),
        ("x = " + "[" * 2000 + "]" * 2000, (0, 0), "nested too deeply"),
        ("", (0, 0), "there is no case in it"),
    ],
)
def test_what_is_no_case_file(tmp_path: Path, text: str, place: tuple[int, int], said: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(folder(tmp_path, {"cases.toml": text}))
    first = caught.value.faults[0]
    assert (first.position.line, first.position.column) == place and said in first.message, first


def test_a_folder_without_cases(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no case file"):
        read(tmp_path)
    (tmp_path / "cases.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CaseError, match="not UTF-8"):
        read(tmp_path)
    with pytest.raises(OSError, match="No such file"):
        read(tmp_path / "nothing")


NAMED = """
[[case]]
name = "one"
program = "hello.s"
engines = ["interp", "bares", "para"]
stdin_file = "in.txt"
isa = "pg32w"
"""
LABELS = """
[[case]]
program = "a.s"
registers = { a9 = 5, a0 = "_strat" }
memory = { countr = 3, "text+1" = 0, "0x1000" = 3 }
"""


def test_what_a_case_names_is_there(tmp_path: Path) -> None:
    """Engines, files, machines, registers, labels: before anything runs."""
    path = folder(tmp_path / "named", {"cases.toml": NAMED, "a.s": HI})
    assert [
        fault.split(": error: ")[0].rpartition("/")[2] + " " + fault.split("\n")[0].split("error: ")[1]
        for fault in faults(path)
    ] == [
        "cases.toml:4:11 there is no file hello.s",
        "cases.toml:5:22 there is no engine 'bares'; did you mean bare?",
        "cases.toml:5:31 para runs a build of its own, which agrees with no other",
        "cases.toml:6:14 there is no file in.txt",
        "cases.toml:7:7 there is no machine pg32w; did you mean pg32 or pg32h or pg32v?",
    ]
    path = folder(tmp_path / "labels", {"cases.toml": LABELS, "a.s": HI})
    said = faults(path)
    assert [fault.partition(": error: ")[0].rpartition("toml:")[2] for fault in said] == ["4:15", "4:28", "5:12"]
    assert "pg32 has no register a9" in said[0]
    assert "no label '_strat'; did you mean _start?" in said[1]
    assert "no label 'countr'; did you mean counter?" in said[2]
    assert not faults(
        folder(path, {"cases.toml": LABELS.replace("a9", "a5").replace("_strat", "text").replace("countr", "counter")})
    )
    said = faults(folder(path, {"a.s": "_start: foo\n"}))
    assert len(said) == 1 and "a.s:1:9: error: unknown instruction foo" in said[0]
