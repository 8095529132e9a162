"""--environment: programs of courses, in the memory of RARS and Venus and with their environment calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command

MORE = ("bt --mmu softtlb", "bare", "trap", "hybrid", "hw", "bt --check", "bt --board least")
WAYS = ["interp", "bt", *(pytest.param(way, marks=pytest.mark.soak) for way in MORE)]
CALLS = """
        .macro call(%number, %argument)
        li a7, %number
        li a0, %argument
        ecall
        .end_macro
        .macro line
        call(11, '\\n')
        .end_macro
        .eqv counter s11
"""
COURSE = (
    CALLS
    + """
        .eqv TIMES 3
        .macro print(%text)
        .data
text:   .asciz %text
        .text
        la a0, text
        li a7, 4
        ecall
        .end_macro

        .data
odd:    .byte 1
words:  .word 10, 20 30         # blanks will do
name:   .space 8
        .text
        .globl main
helper: add a0 a0 a1            # and so they will here
        ret
main:   print("a (text), 50% \\"of\\" it\\n")
        print("twice: TIMES\\n")
        call(1, -2147483648)
        line
        call(36, -1)
        line
        call(34, 0xbeef)
        line
        call(35, 5)
        line
        li a7, 5                # read an integer
        ecall
        mv s0, a0
        li a7, 5
        ecall
        mv a1, s0
        jal helper
        li a7, 1
        ecall
        line
        la a0, name             # read a line, of which there is too much
        li a1, 6
        li a7, 8
        ecall
        li a7, 4
        ecall
        la a0, name             # and one that fits, with its end
        li a1, 8
        li a7, 8
        ecall
        li a7, 4
        ecall
        li a7, 12
        ecall
        li a7, 1                # the number of a character
        ecall
        line
        li counter, TIMES
loop:   call(11, '*')
        addi counter, counter, -1
        bnez counter, loop
        line
        la t0, words
        lw a0, words + 8
        li a7, 1
        ecall
        andi a0, t0, 3          # as RARS aligns words
        ecall
        line
        li a0, 7
        li a7, 93
        ecall
"""
)
INPUT = b" +17 \n-40\nabcdefghij\nklm\nA"
OUTPUT = """a (text), 50% "of" it
twice: TIMES
-2147483648
4294967295
0x0000beef
00000000000000000000000000000101
-23
abcdeklm
65
***
300
"""


@pytest.mark.parametrize("how", WAYS)
def test_a_course_s_program(ring1: Command, how: str) -> None:
    ring1.write("course.s", COURSE)
    done = ring1("run", "--environment", "rars", "--engine", *how.split(), "course.s", stdin=INPUT, status=7)
    assert (done.out, done.err) == (OUTPUT, "")


def state(ring1: Command, text: str, *options: str, stdin: bytes = b"", status: int = 0) -> str:
    ring1.write("prog.s", text)
    return ring1("run", *(options or ("--environment", "rars")), "prog.s", stdin=stdin, status=status).out


def shown(*values: str) -> str:
    """A program that prints in hexadecimal what instructions leave in t0."""
    return CALLS + "".join(f"{value}\n mv a0, t0\n li a7, 34\n ecall\n line\n" for value in values) + " call(10, 0)\n"


def test_memory_is_as_rars_has_it(ring1: Command) -> None:
    program = ".data\nx: .word 5\n.text\nfirst: " + shown(
        "mv t0, sp", "mv t0, gp", "la t0, first", "la t0, x", "mv t0, ra", "li a7, 9\n li a0, 5\n ecall\n mv t0, a0",
        "li a7, 9\n li a0, 1\n ecall\n mv t0, a0", "lw t0, -2048(sp)", "li t1, 0x10000000\n lw t0, 0(t1)",
        "sw sp, -4(sp)\n lw t0, -4(sp)", "lw t0, x",
    )  # fmt: skip
    begins = ["7fffeffc", "10008000", "00400000", "10010000", "00000000", "10040000", "10040008"]
    values = ["00000000", "00000000", "7fffeffc", "00000005"]
    assert state(ring1, program).split() == [f"0x{value}" for value in (*begins, *values)]


def test_memory_is_as_venus_has_it(ring1: Command) -> None:
    text = """
        .data
x:      .word 7
s:      .string "text\\n"
        .text
        addi a0 x0 34
        la a1 x
        ecall
        addi a0 x0 11
        addi a1 x0 10
        ecall
        li a0 34
        mv a1 sp
        ecall
        li a0 4
        la a1 s
        ecall
        li a0 9
        li a1 12
        ecall
        mv a1 a0
        li a0 34
        ecall
        li a0 17
        lw a1 x
        ecall
"""
    out = state(ring1, text, "--environment", "venus", status=7)
    assert out == "0x10000000\n0x7ffffff0text\n0x10008000"
    main = ".globl main\nother: nop\nmain: li a0 9\n ret\n"
    assert state(ring1, main, "--environment", "venus", status=9) == ""


def test_where_a_program_begins_and_ends(ring1: Command) -> None:
    at = " auipc s0, 0\n mv a0, s0\n li a7, 34\n ecall\n"
    assert state(ring1, f"nop\n.globl main\nmain:{at}") == "0x00400004"
    assert state(ring1, f"nop\nmain:{at}") == "0x00400004", "the first instruction does nothing"
    assert state(ring1, f"one: j two\n nop\n two: {at}") == "0x00400008"
    assert state(ring1, f"nop\n.globl main\nmain: nop\n_start: {at}") == "0x00400008"
    ring1.write("prog.s", " li a0, 300\n li a7, 93\n ecall\n")
    ring1("run", "--environment", "rars", "prog.s", status=300 & 255)


def java(seed: int) -> Iterator[int]:
    """java.util.Random's next(32), as its documentation has it."""
    x = (seed ^ 0x5DEECE66D) & (1 << 48) - 1
    while True:
        x = (x * 0x5DEECE66D + 0xB) & (1 << 48) - 1
        yield x >> 16


def below(bound: int, numbers: Iterator[int]) -> int:
    """nextInt(bound)."""
    while True:
        bits = next(numbers) >> 1
        if bound & -bound == bound:
            return bound * bits >> 31
        if bits - bits % bound + bound - 1 < 1 << 31:
            return bits % bound


@pytest.mark.parametrize("seed", [0, 42, -7])
def test_numbers_are_java_s(ring1: Command, seed: int) -> None:
    """42 gives -1170105035, as everybody's first Java program says."""
    text = CALLS + f" li a0, 3\n li a1, {seed}\n li a7, 40\n ecall\n"
    text += " li a0, 3\n li a7, 41\n ecall\n li a7, 1\n ecall\n line\n" * 3
    bounds = (8, 100, 1 << 30, (1 << 30) + 1, 1)
    text += "".join(f" li a0, 3\n li a1, {b}\n li a7, 42\n ecall\n li a7, 1\n ecall\n line\n" for b in bounds)
    numbers = java(seed)
    wanted = [n - (n >> 31 << 32) for n in (next(numbers) for _ in range(3))] + [below(b, numbers) for b in bounds]
    assert [int(word) for word in state(ring1, text + " call(10, 0)\n").split()] == wanted
    if seed == 42:
        assert wanted[0] == -1170105035


def test_time_passes_in_sleep(ring1: Command) -> None:
    took = " li a7, 30\n ecall\n mv s0, a0\n li a0, 2500\n li a7, 32\n ecall\n li a7, 30\n ecall\n sub a0, a0, s0\n"
    assert state(ring1, f"{took} li a7, 1\n ecall\n") == "2500"
    late = " li a0, 2147483647\n li a7, 32\n ecall\n ecall\n ecall\n li a7, 30\n ecall\n mv a0, a1\n li a7, 1\n ecall\n"
    assert state(ring1, late) == "1", "three times 2^31 milliseconds are 1.5 times 2^32"


def test_files_are_the_console(ring1: Command) -> None:
    text = (
        CALLS
        + """
        .data
name:   .asciz "file.txt"
buffer: .space 16
        .text
again:  li a0, 0
        la a1, buffer
        li a2, 4
        li a7, 63
        ecall
        beqz a0, opened
        mv a2, a0
        li a0, 1
        li a7, 64
        ecall
        j again
opened: la a0, name
        li a1, 0
        li a7, 1024
        ecall
        li a7, 1
        ecall
        li a0, 5
        li a7, 64
        ecall
        li a7, 1
        ecall
"""
    )
    assert state(ring1, text, stdin=b"some words\nand\nmore") == "some words\nand\nmore-1-1"


def test_arguments(ring1: Command) -> None:
    ring1.write(
        "prog.s",
        CALLS + " mv s0, a0\n mv s1, a1\n mv a0, s0\n li a7, 1\n ecall\nnext: beqz s0, end\n lw a0, 0(s1)\n"
        " li a7, 4\n ecall\n"
        " line\n addi s1, s1, 4\n addi s0, s0, -1\n j next\nend: andi a0, sp, 15\n li a7, 1\n ecall\n",
    )
    run = ("run", "--environment", "rars", "prog.s", "--")
    assert ring1(*run, "one", "two words", status=0).out == "2one\ntwo words\n0"
    long = ["x" * 3000, "y" * 5000]
    assert ring1(*run, *long, status=0).out == f"2{long[0]}\n{long[1]}\n0"


MISTAKES = (
    (" li a7, 77\n ecall\n", "environment call 77 at 0x00400004 is unknown", "ecall_u", 0x400004),
    (" li a7, 4\n li a0, 16\n ecall\n", "at 0x00400008: there is no memory at the address", "ecall_u", 0x400008),
    (" li a7, 5\n ecall\n", "call 5 at 0x00400004: this is no number that it takes", "ecall_u", 0x400004),
    (" li a7, 9\n li a0, -5\n ecall\n", "call 9 at 0x00400008: there is no memory left", "ecall_u", 0x400008),
    (" nop\n lw a0, 4(zero)\n", "", "load_page (cause 13, value 0x4)", 0x400004),
    (" sw a0, here, t0\nhere: nop\n", "", "store_page", 0x400004),
    (" li t0, 0x80000000\n lw a0, 0(t0)\n", "", "load_page (cause 13, value 0x80000000)", 0x400004),
    (" li t0, 1\n jr t0\n", "", "fetch_page", 0),
    (" ebreak\n", "", "breakpoint", 0x400000),
    (" .word 0\n", "", "illegal", 0x400000),
)


@pytest.mark.soak
@pytest.mark.parametrize("engine", ["interp", "bt"])
def test_mistakes_end_a_program_where_it_made_them(ring1: Command, engine: str) -> None:
    for text, said, cause, at in MISTAKES:
        ring1.write("prog.s", f"main:{text}\n nop\n")
        done = ring1("run", "--environment", "rars", "--engine", engine, "prog.s", stdin=b"12x\n", status=120)
        assert said in done.out and (said or not done.out), text
        assert f"unhandled trap: {cause}" in done.err and f"at {at:#010x}" in done.err, (text, done.err)
        if at:
            assert "(main" in done.err and "prog.s:" in done.err


@pytest.mark.parametrize("number", ["2147483648", "-2147483649", "99999999999", "", "-", "1 2", "0x10", "+-3"])
def test_what_is_no_number(ring1: Command, number: str) -> None:
    text = " li a7, 5\n ecall\n li a7, 1\n ecall\n"
    assert "this is no number that it takes" in state(ring1, text, stdin=number.encode() + b"\n", status=120)


@pytest.mark.parametrize("number", ["2147483647", "-2147483648", "0", "-0", "007", "+5"])
def test_what_is_a_number(ring1: Command, number: str) -> None:
    text = " li a7, 5\n ecall\n li a7, 1\n ecall\n"
    assert state(ring1, text, stdin=f"\t{number} \r\n".encode()) == str(int(number))


def test_memory_comes_to_its_end(ring1: Command) -> None:
    text = " li t0, 0x10040000\n li t1, 4096\nloop: sw t0, 0(t0)\n add t0, t0, t1\n j loop\n"
    ring1.write("prog.s", text)
    run = ("run", "--environment", "rars", "--mem", "1M", "prog.s")
    done = ring1(*run, status=120)
    assert "store_page" in done.err and "there is no memory left" in done.out
    done = ring1("run", "--environment", "rars", "--mem", "68K", "prog.s", status=2)
    assert "--mem gives more" in done.err


def test_options_that_do_not_go_together(ring1: Command) -> None:
    ring1.write("prog.s", " nop\n")
    ring1.write("prog.c", "int main(void) { return 0; }\n")
    for options, said in (
        (("--isa", "pg32", "prog.s"), "it is for the machine rv32, not for pg32"),
        (("prog.c",), "its programs are assembly (.s)"),
        (("--kernel", "prog.s"), "it has a firmware of its own"),
    ):
        assert said in ring1("run", "--environment", "rars", *options, status=2).err
    assert "unknown instruction mret" in state_error(ring1, " mret\n")
    assert "a parameter is written %name" in state_error(ring1, ".macro m(x)\n.end_macro\n")
    assert "macro m takes 1 argument" in state_error(ring1, ".macro m(%x)\n.end_macro\n m(1, 2)\n")
    assert "this .macro has no .endm" in state_error(ring1, ".macro m(%x)\n")
    assert ".end_macro without .macro" in state_error(ring1, ".end_macro\n")
    assert ".eqv is written .eqv name, text" in state_error(ring1, ".eqv x\n")


def state_error(ring1: Command, text: str) -> str:
    ring1.write("prog.s", text)
    return ring1("run", "--environment", "rars", "prog.s", status=2).err


def test_compare_and_debug_know_it(ring1: Command, tmp_path: Path) -> None:
    ring1.write("course.s", COURSE)
    compared = ring1("compare", "--environment", "rars", "--engines", "interp,bt,hw", "course.s", stdin=INPUT, status=0)
    assert "equivalent" in compared.out
    ring1.write("script", "break helper\ncontinue\n")
    debugged = ring1("debug", "--environment", "rars", "--command", "script", "course.s", stdin=INPUT)
    assert "0x00400000 (helper, course.s" in debugged.out
