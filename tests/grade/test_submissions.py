"""Submissions: nobody vouches for them. They read no files but their own, and nothing that they do hangs the grader."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.grade.case_file import read
from ring1.dbt.grade.session import grade
from ring1.dbt.grade.submission import MOST_BYTES, named
from ring1.dbt.grade.verdict import BROKEN, FAILED, Graded
from ring1.dbt.grade.workers import Died, Workers
from tests.grade.folders import folder, told

SECRET = "4711"
CASES = """
submitted = ["own.s"]
[[case]]
name = "it"
program = ["start.s", "own.s"]
exit = 3
max_insns = "1M"
timeout = 2
"""
START = """
        .globl entry
_start: call entry
        li t0, 0xf0
        out t0, a0
        .include "more.s"
"""
RIGHT = "        .globl entry\nentry:  li a0, 3\n        ret\n"


def assignment(path: Path) -> Path:
    files = {
        "cases.toml": CASES,
        "start.s": START,
        "more.s": f"        .word {SECRET}\n",
        "secret.s": f" .word {SECRET}\n",
    }
    return folder(path, files)


def graded(cases: Path, *paths: Path) -> dict[str, Graded]:
    return {each.name: each for each in grade(read(cases), named(list(paths)), ENGINES, 2)}


def test_folders_and_files(tmp_path: Path) -> None:
    cases = assignment(tmp_path / "cases")
    folder(tmp_path, {"ada/own.s": RIGHT, "bob.s": RIGHT, "eve/other.s": RIGHT, "cleo/own.s": RIGHT.replace("3", "4")})
    found = graded(cases, *(tmp_path / name for name in ("ada", "bob.s", "eve", "cleo", "none")))
    assert [found[name].passed for name in ("ada", "bob.s", "cleo")] == [True, True, False]
    assert found["eve"].refused == "there is no own.s in it"
    assert found["none"].refused == "there is no such file or folder"
    assert [each.name for each in named([tmp_path / "ada", tmp_path / "x" / "ada"])][1].endswith("x/ada")


def test_no_file_of_the_host_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor of the assignment, of other submissions, or of the directory that the grader is run in."""
    cases = assignment(tmp_path / "cases")
    monkeypatch.chdir(cases)
    (tmp_path / "secret.s").write_text(f" .word {SECRET}\n")
    folder(tmp_path, {"in/ada/mine.s": " .word 5\n"})
    names = (
        "secret.s",
        "more.s",
        "../secret.s",
        "../cases/secret.s",
        str(cases / "secret.s"),
        "/etc/passwd",
        "/dev/zero",
    )
    paths = []
    for n, name in enumerate(names):
        for directive in ("include", "incbin"):
            text = f'{RIGHT}        .{directive} "{name}"\n'
            paths.append(folder(tmp_path / "in" / f"{directive}-{n}", {"own.s": text}))
            folder(tmp_path / "in", {f"{directive}-{n}.s": text})
            paths.append(tmp_path / "in" / f"{directive}-{n}.s")
    found = graded(cases, *paths)
    assert len(found) == 4 * len(names)
    for each in found.values():
        assert each.verdicts[0].state == BROKEN and "own.s:4:" in told(each.verdicts[0]), each
        assert SECRET not in told(each.verdicts[0]) and "root" not in told(each.verdicts[0])
    (tmp_path / "in/bob.s").write_text(f'{RIGHT}        .include "ada/mine.s"\n')
    (tmp_path / "in/ada/own.s").write_text(f'{RIGHT}        .include "mine.s"\n')
    found = graded(cases, tmp_path / "in/ada", tmp_path / "in/bob.s")
    assert found["ada"].passed and not found["bob.s"].passed


def linked(path: Path) -> None:
    (path / "own.s").symlink_to("/etc/passwd")


def linked_folder(path: Path) -> None:
    (path / "own.s").write_text(RIGHT)
    (path / "etc").symlink_to("/etc")


def piped(path: Path) -> None:
    (path / "own.s").write_text(RIGHT)
    os.mkfifo(path / "pipe.s")


def large(path: Path) -> None:
    (path / "own.s").write_text(RIGHT)
    with open(path / "large", "wb") as file:
        file.truncate(MOST_BYTES + 1)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (linked, "own.s is a link"),
        (linked_folder, "etc is a link"),
        (piped, "pipe.s is no file"),
        (large, "more than 2,000 files, or 64 MiB"),
    ],
)
def test_what_is_no_submission(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    cases = assignment(tmp_path / "cases")
    (tmp_path / "ada").mkdir()
    make(tmp_path / "ada")
    assert said in graded(cases, tmp_path / "ada")["ada"].refused


HOSTILE = {
    "loops": f"{RIGHT.replace('li a0, 3', 'j entry')}",
    "prints": ".globl entry\nentry: li a0, 65\nmore: out zero, a0\n j more\n",
    "syntax": "entry: li a0\n)(\n" + "\0" * 50,
    "repeats": ".rept 1000000000\n.word 1\n.endr\n",
    "nests": ".macro m\nm\n.endm\nm\n" + RIGHT,
    "includes itself": f'{RIGHT}\n.include "own.s"\n',
    "large": f"{RIGHT}\n.space 0x7fffffff\n",
    "faults": ".globl entry\nentry: lw a0, 0(zero)\n jr a0\n",
    "storm": ".globl entry\nentry: la a0, entry\n wrcr tvec, a0\n brk\n",
    "rewrites": ".globl entry\nentry: la a0, entry\nmore: sw a0, 0(a0)\n addi a0, a0, 4\n j more\n",
    "binary": "\x7fELF" + "\x01" * 100,
    "empty": "",
}


def test_nothing_hangs_or_ends_the_grader(tmp_path: Path) -> None:
    cases = assignment(tmp_path / "cases")
    paths = [folder(tmp_path / "in" / name, {"own.s": text}) for name, text in HOSTILE.items()]
    began = time.process_time()
    found = graded(cases, *paths, folder(tmp_path / "in" / "right", {"own.s": RIGHT}))
    assert time.process_time() - began < 20  # of this process, which only waits
    assert found.pop("right").passed
    assert found.keys() == HOSTILE.keys()
    for name, each in found.items():
        assert not each.passed and not each.refused, name
        assert told(each.verdicts[0])
    assert found["loops"].verdicts[0].state == found["prints"].verdicts[0].state == FAILED
    assert found["syntax"].verdicts[0].state == found["repeats"].verdicts[0].state == BROKEN
    assert "within 1,000,000 instructions" in told(found["loops"].verdicts[0])


def square(number: int) -> int:
    if number == 3:
        while True:
            pass
    if number == 5:
        os._exit(7)
    if number == 6:
        os.kill(os.getpid(), 9)
    return number * number


def squaring() -> Callable[[int], int]:
    return square


def half(number: int) -> float:
    return 0.5


def test_a_job_that_does_not_end_ends_alone() -> None:
    crew: Workers[int, int] = Workers(squaring, half, 2)
    try:
        found = dict(crew.results(range(8)))
    finally:
        crew.close()
    died = {number: str(each) for number, each in found.items() if isinstance(each, Died)}
    assert died == {
        3: "it takes too long, and was stopped",
        5: "the process that looked at it has ended with status 7",
        6: "it was stopped: it hangs, or takes too much memory",
    }
    assert [found[number] for number in (0, 1, 2, 4, 7)] == [0, 1, 4, 16, 49]
