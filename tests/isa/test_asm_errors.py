"""Bad programs: every fault at its place with its message.

In bad/*.s, a comment with a caret says what is expected of the statement above it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.isa.asm.assemble import MOST_FAULTS, assemble
from ring1.isa.source import AsmError
from tests.isa.assembly import faults, pg32, shown

BAD = sorted((Path(__file__).parent / "bad").glob("*.s"))
EXPECTED = re.compile(r"# *\^ (.*)")


def expected(path: Path) -> list[str]:
    """The faults that a file announces."""
    found, number = [], 0
    for n, line in enumerate(path.read_text().split("\n"), 1):
        match = EXPECTED.fullmatch(line)
        if match:
            found.append(f"{path.name}:{number}:{line.index('^') + 1}: {match[1]}")
        elif line.strip():
            number = n
    return found


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_program(path: Path) -> None:
    with pytest.raises(AsmError) as caught:
        assemble(pg32(), [(path.name, path.read_text())])
    assert [shown(path.name, fault) for fault in caught.value.faults] == expected(path)


def test_there_are_bad_programs() -> None:
    assert len(BAD) >= 6 and all(expected(path) for path in BAD)


def test_how_a_fault_is_shown() -> None:
    with pytest.raises(AsmError) as caught:
        assemble(pg32(), [("a.s", "\tnop\n\taddi\ta0, a1, 70000 # too much\n")])
    assert str(caught.value) == (
        "a.s:2:15: error: value 70000 is out of range -32768..32767\n"
        "    \taddi\ta0, a1, 70000 # too much\n"
        "    \t    \t        ^"
    )


def test_all_files_are_told_at_once_in_their_order() -> None:
    assert faults("j x\nfoo", "xyzzy\nj y", ".byte 300") == [
        "a.s:1:3: undefined symbol x",
        "a.s:2:1: unknown instruction foo; a label is written foo:",
        "b.s:1:1: unknown instruction xyzzy; a label is written xyzzy:",
        "b.s:2:3: undefined symbol y",
        "c.s:1:7: 300 does not fit in a byte",
    ]


def test_globals_that_clash() -> None:
    assert faults(".globl f\nf: nop", "nop\n.globl f\nf: nop", "_start:", "_start: nop") == [
        "b.s:3:1: f is already defined at a.s:2, and both are global",
        "d.s:1:1: _start is already defined at c.s:1, and both are global",
    ]


def test_start_must_be_aligned() -> None:
    assert faults(".byte 1; _start: .byte 2") == ["a.s:1:10: _start is at 0x1, not at a multiple of 4"]


def test_a_program_too_large() -> None:
    (fault,) = faults(".data; .byte 1\n.space 0x20000000")
    assert fault == f"a.s:2:1: the program's image has {0x20000001} bytes here; {1 << 28} are possible"
    (fault,) = faults(".bss; .space 0xf0000000", ".bss; .space 0xf0000000")
    assert fault == "b.s:1:7: the program needs more than 32 bits of address"


def test_many_faults_are_not_all_told() -> None:
    found = faults("foo\n" * 1000)
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == "a.s:0:0: and 800 more faults"


def test_deep_expressions_are_faults() -> None:
    for text in (
        ".word " + "(" * 50000 + "1" + ")" * 50000,
        ".word " + "-" * 50000 + "x\nx:",
        ".if " + "!" * 50000 + "1\n.endif",
        ".word x\n" + "".join(f".equ x{n}, x{n + 1} + 1\n" for n in range(5000)) + ".word x0\n.equ x5000, x",
    ):
        assert faults(text)[0].split(": ", 1)[1].startswith(("this is nested too deeply", "undefined symbol x"))


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "\x1b[0m",
        "a\0b",
        "\ud800",
        "li a0, \x7f",
        "“nop”",
        ".byte '\t",
        r'.ascii "\8"',
        '.ascii "\\²"',
        "1" * 5000 + ":",
        "j " + "1" * 5000 + "b",
        "\\",
        "'",
        '"',
    ],
)
def test_odd_characters_are_faults(text: str) -> None:
    assert faults(text)


WORDS = r"""
    add lw li beq j nop call a0 sp x y 1b 1f 1: x: y: 0 7 'a' , , , ( ) + - * / % << == ? : = ; \ \x .word
    .byte .asciz " "s" .equ .set .if .else .elseif .endif .ifdef .org . .macro .endm .rept .endr .irp .exitm
    .section .text .bss .data .align .space .globl .weak .comm .local .include .incbin .purgem .end
    m # // /* */ %hi( lo(
"""
SOUP = [*WORDS.split(), " ", "\n", "\n"]


@given(st.lists(st.one_of(st.sampled_from(SOUP), st.text(max_size=3)), max_size=60))
@settings(max_examples=400, deadline=None)
def test_anything_assembles_or_is_a_fault(parts: list[str]) -> None:
    try:
        assemble(pg32(), [("a.s", " ".join(parts)), ("b.s", "".join(parts))])
    except AsmError as error:
        assert str(error)
