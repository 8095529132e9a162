"""What the campaign has found, and reading by hand beside it: each was a traceback, a hang, or a wrong message."""

from __future__ import annotations

import io
import json
import pickle
from pathlib import Path

import pytest

from ring1.dbt.report.bench import baseline
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm import expander, sections, unit
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from ring1.isa.read import read
from ring1.isa.source import AsmError, IsaError
from tests.malformed.baselines import Baselines
from tests.malformed.description import SMALL
from tests.malformed.quiet import ring1


def assembled(text: str) -> str:
    """The first fault of a program, without its place; empty if there is none."""
    try:
        assemble(load("pg32"), [("a.s", text)])
    except AsmError as error:
        return error.faults[0].message
    return ""


def described(text: str, folder: Path) -> str:
    """The first fault of the small machine with some more lines."""
    path = folder / "m.isa"
    path.write_text(SMALL + text)
    try:
        read(str(path))
    except IsaError as error:
        return error.faults[0].message
    return ""


# --- Assembler -----------------------------------------------------------------------


def test_nothing_repeated_without_end() -> None:
    """Took minutes: nothing was counted, as nothing was made."""
    assert assembled(".rept 100000000000\n.endr\nnop") == ""


@pytest.mark.parametrize("count", ["1 << 64", "99999999999999999999"])
def test_a_count_beyond_the_hosts(count: str) -> None:
    """OverflowError."""
    assert assembled(f".rept {count}\nnop\n.endr") == f"macros make more than {expander.MOST_STATEMENTS} statements"


def test_statements_of_macros_are_not_long_without_end() -> None:
    """A hang: a hundred thousand statements of a hundred thousand characters."""
    text = f'.macro m x\n.ascii "\\x\\x\\x"\n.endm\n.rept 1000000\nm "{"a" * 30000}"\n.endr'
    assert assembled(text) == f"macros make more than {expander.MOST_TEXT} characters (in macro m at a.s:5:1)"


def test_what_one_file_holds_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's memory was full before the linker had a look."""
    monkeypatch.setattr(sections, "MOST_BYTES", 1 << 20)
    monkeypatch.setattr(unit, "Room", lambda: sections.Room(1 << 20))
    assert (
        assembled(".rept 3\n.fill 1 << 19, 1, 1\n.section .more\n.endr") == f"this file has more than {1 << 20} bytes"
    )
    assert assembled(".rept 3\nnop\n.align 19\n.endr") == f"this file has more than {1 << 20} bytes"


def test_repetitions_nested_too_deeply_are_left() -> None:
    """Each level that was too deep was tried as often as those around it repeat it."""
    text = ".rept 2\n" * 210 + ".endr\n" * 210
    with pytest.raises(AsmError) as caught:
        assemble(load("pg32"), [("a.s", text)])
    assert [fault.message for fault in caught.value.faults] == ["repetitions nested too deeply"]


def test_a_file_of_faults_is_given_up() -> None:
    """A repeated mistake was looked at a hundred thousand times."""
    with pytest.raises(AsmError) as caught:
        assemble(load("pg32"), [("a.s", ".rept 50000\n.word (((((1\n.endr")])
    assert caught.value.faults[0].message == "the end does not fit here; ')' would"
    assert caught.value.faults[-1].message == "too many faults: what follows is not looked at"


def test_numbers_without_bytes() -> None:
    """OverflowError."""
    assert assembled(".fill 99999999999999999999, 0") == ""


def test_a_symbol_that_is_nested_too_deeply_is_looked_at_once() -> None:
    """A hang: every use went down to where Python gives up."""
    chain = "".join(f".equ x{n}, x{n + 1} + 1\n" for n in range(2000))
    made = assemble(load("pg32"), [("a.s", chain + ".word x0\n" * 3000 + ".equ x2000, y\ny:")])
    assert made.image == (3000 * 4 + 2000).to_bytes(4, "little") * 3000
    deep = [f".equ x0, {'-' * depth}y\n" for depth in (200, 300, 400, 20_000)]
    for text in deep:
        try:
            assemble(load("pg32"), [("a.s", text + ".word x0\n" * 3000 + "y = 1")])
        except AsmError as error:
            assert len(error.faults) < 20 and "nested too deeply" in error.faults[0].message
        else:
            assert text is not deep[-1]


def test_a_mistake_met_again_is_told_again() -> None:
    with pytest.raises(AsmError) as caught:
        assemble(load("pg32"), [("a.s", ".word 1 +\n.word 1 +\n .word 1 +")])
    assert [(f.position.line, f.position.column, f.message) for f in caught.value.faults] == [
        (line, column, "the end does not fit here, something must follow")
        for line, column in ((1, 10), (2, 10), (3, 11))
    ]


def test_faults_survive_a_pickle() -> None:
    """Came back as a fault for each letter."""
    with pytest.raises(AsmError) as caught:
        assemble(load("pg32"), [("a.s", "frob\nli a0")])
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is AsmError and copy.faults == caught.value.faults and str(copy) == str(caught.value)


# --- Descriptions --------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 1000 + "a" + ")" * 1000,
        "-" * 1000 + "a",
        "a <u a ? a : " * 1000 + "a",
        "a" + "[31:0]" * 1000,
        "{a, " * 1000 + "a" + "}" * 1000,
        "a" + " + a" * 1000,
        "a" + " ^ a" * 1000,
    ],
)
def test_expressions_nested_too_deeply(expression: str, tmp_path: Path) -> None:
    """RecursionError, or later a SyntaxError of Python's."""
    assert described(f"insn deep : R(9) {{ rd = {expression}; }}", tmp_path) == "this is nested too deeply"


def test_statements_nested_too_deeply(tmp_path: Path) -> None:
    text = "if rd == 0 { } else " * 1000
    assert described(f"insn deep : R(9) {{ {text} {{ }} }}", tmp_path) == "this is nested too deeply"


@pytest.mark.parametrize(
    "expression",
    [
        "-" * 55 + "a",
        "(a + " * 14 + "a" + ")" * 14,
        "a" + " /s a" * 25,
        "a <s a ? a : " * 55 + "a",
        "(" * 55 + "a" + ")" * 55,
    ],
)
def test_what_is_not_too_deep_gets_through_python(expression: str, tmp_path: Path) -> None:
    path = tmp_path / "m.isa"
    path.write_text(f"{SMALL}\ninsn deep : R(9) {{ rd = {expression}; }}")
    with Vm(read(str(path)), 4096, output=io.BytesIO()) as vm:
        assert vm.cpu.s[0] == 0


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000, "0b" + "1" * 5000])
def test_numbers_too_long(number: str, tmp_path: Path) -> None:
    """ValueError: Exceeds the limit (4300 digits) for integer string conversion."""
    assert described(f"cause x = {number};", tmp_path) == f"no word of the language begins with {number[0]!r}"


def test_a_word_of_many_bits(tmp_path: Path) -> None:
    """MemoryError, or a hang."""
    for width in ("0xffffffff", "99999999999999999"):
        text = f'format W(op) : op:8 rd rs 0:{width} "{{rd}}, {{rs}}"; insn wide : W(9) {{ rd = rs; }}'
        assert described(text, tmp_path) == f"{int(width, 0)} bits of a word of 32"


def test_an_operand_of_many_bits(tmp_path: Path) -> None:
    """MemoryError."""
    text = 'operand big : signed 0xffffffffff; format W(op) : op:8 big "{big}"; insn wide : W(9) { a = 1; }'
    assert described(text, tmp_path) == f"an operand of {0xFFFFFFFFFF} bits"


def test_a_register_that_is_always_too_much(tmp_path: Path) -> None:
    path = tmp_path / "m.isa"
    path.write_text('isa m "m"; registers r[2] { a = 0x100000000; b; }')
    with pytest.raises(IsaError, match="a register has 32 bits"):
        read(str(path))


def test_the_name_of_a_parent_too_long(tmp_path: Path) -> None:
    """OSError: File name too long."""
    path = tmp_path / "m.isa"
    path.write_text(f'isa m extends {"q" * 5000} "m";')
    with pytest.raises(IsaError, match="beside this file"):
        read(str(path))


NEVER = "on absent(address) { trap illegal(address); }"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("{ R 1:0; IE 2; }", "{ R 31:3; IE 2; }", "it has more than 8 processor modes"),
        (NEVER, "", "it does not say that it traps on absent"),
        (NEVER, "on absent(x) { if x == 0 { trap illegal(x); } }", "it does not say that it traps on absent"),
        ("on undefined() { trap illegal(word); }", "on undefined() { }", "it does not say that it traps on undefined"),
    ],
)
def test_machines_that_cannot_run(before: str, after: str, why: str, tmp_path: Path) -> None:
    """IndexError in the midst of the run, or a complaint about --mem."""
    path = tmp_path / "m.isa"
    path.write_text(SMALL.replace(before, after))
    assert path.read_text() != SMALL
    (tmp_path / "a.bin").write_bytes(bytes(64))
    status, said = ring1(["run", "--isa", str(path), "--engine", "interp", str(tmp_path / "a.bin")])
    assert (status, said) == (2, f"ring1: {path}: m cannot run: {why}\n")


# --- Baselines -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"host": {', '"host": [{}], "guest": {'),
        ('"quartile": 100', '"quartile": 0'),
        ('"quartile": 100', '"quartile": NaN'),
        ('"quartile": 100', '"quartile": 1' + "0" * 400),
        ('"quartile": 100', '"quartile": "x"'),
        ("{", "[" * 100_000),
    ],
)
def test_baselines_that_make_no_sense(before: str, after: str, tmp_path: Path) -> None:
    """RecursionError, ZeroDivisionError, OverflowError, AttributeError."""
    path, good = tmp_path / "old.json", json.dumps(Baselines(tmp_path).good)
    assert before in good
    path.write_text(good.replace(before, after, 1))
    with pytest.raises(ValueError, match="result of ring1 bench"):
        baseline.read(str(path))
