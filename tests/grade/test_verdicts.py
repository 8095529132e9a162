"""Verdicts: what is told of programs that do not do what a case expects, and where it came about."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.grade.verdict import BROKEN, FAILED, PASSED
from tests.grade.folders import ECHO, HI, folder, told, verdicts

HERE = [name for name in ("interp", "bare", "bt", "trap", "hybrid", "hw", "kvm") if not ENGINES[name].why_not()]


def one(path: Path, case: str, program: str = HI) -> tuple[str, str]:
    """The state of a program under one case, and what is told of it."""
    files = {"cases.toml": f'[[case]]\nname = "it"\nprogram = "a.s"\n{case}\n', "a.s": program}
    verdict = verdicts(folder(path, files))["it"]
    return verdict.state, told(verdict)


@pytest.mark.parametrize("engine", HERE)
def test_it_passes(tmp_path: Path, engine: str) -> None:
    case = f"""
engines = ["{engine}"]
output = "hi\\n"
contains = ["h", "i"]
exit = 3
registers = {{ a0 = 3, a1 = "counter", pc = "_start+52", psw = 0 }}
memory = {{ counter = 3, text = "abc", "text+1" = "bc" }}
"""
    assert one(tmp_path, case) == (PASSED, "")


def test_engines_agree(tmp_path: Path) -> None:
    case = f"engines = {[name for name in HERE if name != 'kvm']!r}\nexit = 3".replace("'", '"')
    assert one(tmp_path, case)[0] == PASSED
    hole = "_start: getpsw a0\n li t0, 0xf0\n out t0, zero\n"
    assert one(tmp_path, 'engines = ["interp", "bt"]', hole)[0] == PASSED
    state, said = one(tmp_path, 'engines = ["interp", "bt", "trap"]', hole)
    assert state == FAILED and "trap and interp do not agree" in said
    assert "after 0 instructions, at" in said and "(_start, a.s:1): getpsw a0" in said
    assert one(tmp_path, 'engines = ["trap", "interp"]\nhidden = true', hole) == (FAILED, "this case is hidden")


WRONG = [
    ("exit = 4", ["the exit code is 3, and should be 4"]),
    ('stop = "halt"', ["switched the machine off, with exit code 3; it should stop for halt"]),
    (
        'output = "ho\\n"',
        [
            "the output differs from byte 1, line 1, column 2",
            "expected  ho\\n",
            "got       hi\\n",
            "           ^",
            "it was output after 8 instructions, at 0x00000020 (_start+0x20, a.s:9): out t0, a2",
        ],
    ),
    ('output = "hi\\nthere"', ["the output ends too early, behind byte 3 (line 2)", "expected  there(end)"]),
    (
        'output = "hi"',
        ["more output than expected, from byte 2, line 1, column 3", "at 0x00000028 (_start+0x28, a.s:11)"],
    ),
    ('contains = ["i", "h"]', ["the output does not contain 'h'"]),
    (
        "registers = { a2 = 5 }",
        ["a2 is 0xa (10), and should be 5", "set after 9 instructions, at 0x00000024 (_start+0x24, a.s:10): addi a2"],
    ),
    (
        "memory = { counter = 4 }",
        [
            "the word at counter (0x1000) is 3, and should be 4",
            "it was written after 3 instructions, at 0x0000000c (_start+0xc, a.s:4): sw a0, 0(a1)",
        ],
    ),
    ('memory = { text = "abd" }', ["at text+0x2 (0x1006) is b'c', and should be b'd'", "it was never written"]),
    ('memory = { "0x2000000" = 0 }', ["there is no memory at 0x2000000 (0x2000000)"]),
]


@pytest.mark.parametrize("engine", ["interp", "bt"])
@pytest.mark.parametrize(("case", "wanted"), WRONG)
def test_what_is_wrong_is_told_and_where_it_came_about(
    tmp_path: Path, engine: str, case: str, wanted: list[str]
) -> None:
    state, said = one(tmp_path, f'engines = ["{engine}"]\n{case}')
    assert state == FAILED
    for text in wanted:
        assert text in said, said


@pytest.mark.parametrize("engine", ["interp", "bt"])
def test_limits(tmp_path: Path, engine: str) -> None:
    spin, noisy = "_start: j _start\n", "_start: li a0, 'x'\nloop: out zero, a0\n j loop\n"
    state, said = one(tmp_path, f'engines = ["{engine}"]\nmax_insns = "20k"', spin)
    assert state == FAILED and "did not come to an end within 20,000 instructions" in said
    assert "it does nothing but 0x00000000 (_start, a.s:1): jal zero, 0x0" in said
    state, said = one(tmp_path, f'engines = ["{engine}"]\nmax_output = 100', noisy)
    assert state == FAILED and "outputs more than 100 bytes" in said
    assert "only 2 different ones" in said or "only 3 different ones" in said
    state, said = one(tmp_path, f'engines = ["{engine}"]\nmax_insns = "1000G"\ntimeout = 0.2', spin)
    assert state == FAILED and "within 0.2 s of processor time" in said


def test_a_program_that_ends_early(tmp_path: Path) -> None:
    state, said = one(tmp_path, "exit = 0\nregisters = { a0 = 1 }", "_start: lw a0, -4(zero)\n")
    assert state == FAILED and "unhandled trap: bus_error" in said and "a.s:1): lw a0" in said
    assert "a0 is" not in said  # what follows from it is not told
    state, said = one(tmp_path, "exit = 0", "_start: li a0, 1\n")
    assert state == FAILED and "the program ran past its end" in said
    assert one(tmp_path, 'stop = "trap"', "_start: brk\n")[0] == PASSED
    assert one(tmp_path, 'stop = "halt"', "_start: hlt\n")[0] == PASSED
    state, said = one(tmp_path, "", "_start: hlt\n")
    assert state == FAILED and "halted with nothing to wait for" in said


def test_input_and_files(tmp_path: Path) -> None:
    folder(tmp_path, {"in.txt": "hello", "out.txt": "hello"})
    assert one(tmp_path, 'stdin_file = "in.txt"\noutput_file = "out.txt"', ECHO)[0] == PASSED
    assert one(tmp_path, 'stdin = "abc"\noutput = "abc"', ECHO)[0] == PASSED
    state, said = one(tmp_path, 'stdin = "abc"\noutput = ""', ECHO)
    assert state == FAILED and "more output than expected" in said


def test_programs_with_errors_are_broken(tmp_path: Path) -> None:
    state, said = one(tmp_path, "", "_start: addi a0, 3\n        foo\n")
    assert state == BROKEN and "it has 2 errors" in said
    assert "a.s:1:9: error: addi with 2 operands" in said and "a.s:2:9: error: unknown instruction foo" in said
    assert str(tmp_path) not in said
    state, said = one(tmp_path, "ram = 4096", "_start: nop\n        .space 5000\n")
    assert state == BROKEN and "needs 5,004 bytes of RAM" in said
    state, said = one(tmp_path, "memory = { nothing = 1 }")
    assert state == FAILED and "the program has no label 'nothing'" in said


def test_theorems_and_holes(tmp_path: Path) -> None:
    cases = """
[[case]]
name = "right"
isa = "mine.isa"
theorems = { 1 = false, 3 = true }
holes = ["jru"]
[[case]]
name = "wrong"
isa = "pg32h"
theorems = { 1 = true, 3 = true }
holes = ["lra"]
[[case]]
name = "faulty"
isa = "faulty.isa"
theorems = { 1 = true }
"""
    guard = "{ require psw.RING == 0 else privileged(word); }"
    mine = f'isa mine extends pg32 "mine";\nguard getpsw setpsw getptb lra {guard}\n'
    files = {"cases.toml": cases, "mine.isa": mine, "faulty.isa": 'isa faulty extends pg32 "x";\nguard nothing {}\n'}
    found = verdicts(folder(tmp_path, files))
    assert found["right"].state == PASSED
    said = told(found["wrong"])
    assert "theorem 1 fails of pg32h, and should hold" in said and "not privileged: jru" in said
    assert "jru is sensitive and not privileged, and should not be\nchanges psw.RING" in said
    assert "lra is privileged; it should be sensitive and not privileged" in said
    assert found["faulty"].state == BROKEN and "no instruction nothing to guard" in told(found["faulty"])
