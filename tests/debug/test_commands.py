"""Each command of the debugger: what it says, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.debug import table
from ring1.dbt.debug.info import PARTS
from tests.debug.sessions import HERE, debugging

COUNTER = """
_start: li a0, 0
        li a1, 100
        la a2, counter
loop:   addi a0, a0, 1
        sw a0, 0(a2)
        lw a3, 4(a2)
        bne a0, a1, loop
        li t0, 0xf0
        out t0, zero
        .data
counter: .word 0
other:  .word 0x11223344
text:   .asciz "ring1"
"""
BEFORE, ROUND = 4, 4
"""Instructions before the loop, and in it."""
STORE = BEFORE + 1
"""Count at which the first store retires as the next instruction."""


@pytest.mark.parametrize("engine", HERE)
def test_break(engine: str) -> None:
    with debugging(COUNTER, engine) as bench:
        assert "breakpoint 1: at 0x00000010 (loop, <text>:5)" in bench.do("break loop")
        assert bench.do("c").startswith("breakpoint 1, after 4 instructions\n=> 0x00000010 (loop")
        bench.do("c 3")
        assert bench.machine.reg["a0"] == 3
        bench.do("condition 1 a0 == 50", "c")
        assert bench.machine.reg["a0"] == 50
        bench.do("condition 1", "rc")
        assert bench.machine.reg["a0"] == 49
        bench.do("ignore 1 5", "c")
        assert bench.machine.reg["a0"] == 55
        bench.do("delete 1", "break loop if a0 % 10 == 9", "c", "c")
        assert bench.machine.reg["a0"] == 69
        bench.do("rc")
        assert bench.machine.reg["a0"] == 59
        bench.do("disable", "tbreak *loop+4", "c")
        assert bench.pc == bench.machine.labels["loop"] + 4
        assert "breakpoint 3" not in bench.do("info breakpoints")
        bench.do("enable 2", "c")
        assert bench.machine.reg["a0"] == 69
        assert "if a0 % 10 == 9" in bench.do("info b")
        assert "deleted: breakpoint 2" in bench.do("clear loop")
        assert "exit code 0" in bench.do("c")
        assert "at 0x00000014 (loop+0x4, <text>:6)" in bench.do("break 6")


@pytest.mark.parametrize("engine", HERE)
def test_watch(engine: str) -> None:
    with debugging(COUNTER, engine) as bench:
        bench.do("watch counter if a0 > 41")
        text = bench.do("c")
        assert "watchpoint 1: counter was 0x29, is 0x2a" in text
        assert bench.now.retired == STORE + 41 * ROUND + 1
        bench.do("rc")
        assert bench.now.retired == STORE + 41 * ROUND
        bench.do("delete", "rwatch other")
        text = bench.do("c")
        assert "watchpoint 2: other is 0x11223344" in text
        assert bench.now.retired == STORE + 41 * ROUND + 2
        bench.do("rc")
        assert bench.now.retired == STORE + 41 * ROUND + 1
        bench.do("delete", "awatch counter, 8", "si")
        assert "watchpoint 3" in bench.said[0]
        bench.do("c")
        assert bench.now.retired == STORE + 42 * ROUND + 1
        bench.do("d", "set *counter = 7", "wwatch text,1")
        assert "exit code 0" in bench.do("c")


def test_a_watchpoint_for_changes_passes_stores_that_change_nothing() -> None:
    source = COUNTER.replace("sw a0, 0(a2)", "sw a1, 0(a2)")
    with debugging(source) as bench:
        bench.do("watch counter", "c")
        assert bench.now.retired == STORE + 1
        assert "exit code 0" in bench.do("c")
        bench.do("rc")
        assert bench.now.retired == STORE
        bench.do("d", "wwatch counter", "c", "c")
        assert bench.now.retired == STORE + ROUND + 1


@pytest.mark.parametrize("engine", HERE)
def test_who_wrote(engine: str) -> None:
    with debugging(COUNTER, engine) as bench:
        bench.do(f"go to {BEFORE + 10 * ROUND}")
        text = bench.do("who wrote counter")
        assert (
            f"counter was 0x9, and became 0xa after {STORE + 9 * ROUND} instructions, by" in text
            and "sw a0, 0(a2)" in text
        )
        assert bench.now.retired == BEFORE + 10 * ROUND
        assert "nobody has written other" in bench.do("who wrote other, 4")
        assert "became 0xa" in bench.do("who counter")


def test_the_disk_writes_too() -> None:
    """A sector read into memory: who wrote it is the instruction at which the transfer was done."""
    source = """
_start: li t0, 0x11
        li t1, 0x2000
        out t0, t1
        li t0, 0x12
        li t1, 1
        out t0, t1
        li t0, 0x13
        out t0, t1
        li a0, 0
wait:   in a1, t0
        addi a0, a0, 1
        beq a1, t1, wait
        li t0, 0xf0
        out t0, zero
"""
    for engine in HERE:
        with debugging(source, engine, disk=bytes([1, 2, 3, 4]) * 128) as bench:
            bench.do("watch *0x2000")
            text = bench.do("c")
            assert "was 0x0, is 0x4030201" in text
            count = bench.now.retired
            assert 1000 < count < 1020
            bench.do("rc")
            assert bench.machine.mem.word(0x2000) == 0 and bench.now.retired == count - 1
            bench.do("delete", "c")
            assert "became 0x4030201" in bench.do("who wrote *0x2000")


def test_print_and_examine() -> None:
    with debugging(COUNTER) as bench:
        bench.do("break loop", "c", "c")
        for text, shown in (
            ("p a0", "$1 = 1"),
            ("p $a0 + 41", "$2 = 0x2a (42)"),
            ("print/x 255", "$3 = 0x000000ff"),
            ("p/d -1", "$4 = -1"),
            ("p/u 0 - 1", "$5 = 4294967295"),
            ("p/t 5", f"$6 = {5:032b}"),
            ("p/c 'A'", "$7 = 65 'A'"),
            ("p/a loop+4", "$8 = 0x14 <loop+0x4>"),
            ("p *counter", "$9 = 1"),
            ("p *(counter + 4) >> 8 & 0xff", "$10 = 0x33 (51)"),
            ("p byte(other) == 0x44 && half(other+2) == 0x1122", "$11 = 1"),
            ("p psw", "$12 = 0"),
            ("p pc == loop", "$13 = 1"),
            ("p 1 + 2 * 3 << 1", "$14 = 0xe (14)"),
            ("p !(1 || 0) | ~0 & 6 ^ 2", "$15 = 4"),
            ("p count", f"$16 = {BEFORE + ROUND}"),
        ):
            assert bench.do(text) == shown, text
        assert bench.do("x/2xw counter") == "0x00001000 <counter>: 0x00000001  0x11223344"
        assert bench.do("x/4xb other") == "0x00001004 <other>: 0x44  0x33  0x22  0x11"
        assert bench.do("x") == "0x00001008 <text>: 0x72  0x69  0x6e  0x67"
        assert bench.do("x/s text") == "0x00001008: b'ring1'"
        assert bench.do("x/2i loop").splitlines()[0] == "=> 0x00000010 loop                 addi a0, a0, 1"
        assert bench.do("x/1dh other") == "0x00001004 <other>: 13124"


def test_set() -> None:
    with debugging(COUNTER) as bench:
        bench.do("break loop", "c", "set $a0 = 98", "set var a1 = a0 + 1", "set *other = 7", "set byte(text) = 'R'")
        assert bench.machine.reg["a1"] == 99 and bench.machine.mem.word("other") == 7
        assert bench.do("x/s text").endswith("b'Ring1'")
        bench.do("set byte(text) = -1", "p byte(text)")
        assert bench.said == ["$1 = 0xff (255)"]
        bench.do("set tvec = 0x40", "set half(other) = 0x1234")
        assert bench.machine.control["tvec"] == 0x40 and bench.machine.mem.word("other") == 0x1234
        bench.do("delete", "c")
        assert bench.machine.mem.word("counter") == 99
        bench.do("rsi 3", "set pc = loop", "rc")
        assert bench.now == (0, 0)
        for wrong in (
            "set counter = 1",
            "set a9 = 1",
            "set pc = 2",
            "set",
            "set a0",
            "set *0xfffffff0 = 1",
            "set 5 = 6",
        ):
            bench.fails(wrong)


def test_moments_are_told_in_words() -> None:
    with debugging("_start: la t0, 8\n wrcr tvec, t0\n syscall 1\n") as bench:
        assert bench.do("stepi").startswith("after 1 instruction\n")
        assert bench.do("stepi 2").startswith("after 3 instructions\n")
        assert bench.do("stepi").startswith("after 3 instructions and 1 trap\n")
        assert "after 3 instructions and 1 trap;" in bench.do("info timeline")
        assert "the guest stops after" not in bench.do("go to 0")


def test_sources_and_instructions() -> None:
    with debugging(COUNTER) as bench:
        text = bench.do("list")
        assert "=>    2  _start: li a0, 0" in text and "    7          lw a3, 4(a2)" in text
        assert "   11" in bench.do("list")
        assert "counter: .word 0" in bench.do("list counter")
        assert bench.do("disassemble").startswith("=> 0x00000000 _start ")
        assert bench.do("disas loop, +8").count("\n") == 1
        assert bench.do("disas loop, loop+12").count("\n") == 2
        assert "0x00000014 is loop+0x4, <text>:6" in bench.do("info symbol loop+4")
        bench.do("display a0 * 2")
        assert "1: a0 * 2 = 0x0" in bench.do("si")
        bench.do("undisplay 1")
        assert "a0 * 2" not in bench.do("si")


def test_info() -> None:
    for engine in HERE:
        with debugging(COUNTER, engine) as bench:
            bench.do("break loop", "c", "c")
            for part in PARTS:
                if part in ("vmcs", "symbol"):
                    continue
                bench.do(f"info {part}")
            assert "a0       00000001 1" in bench.do("info registers a0")
            assert "RING=0x0" in bench.do("info control psw")
            assert "console: ports 0x0 to 0x1, line 1" in bench.do("info devices")
            assert engine in bench.do("info engine")
            assert "1 checkpoints" in bench.do("info timeline")
            if engine == "hw":
                assert "guest" in bench.do("info vmcs")
            else:
                assert f"the engine {engine} has no VMCS" in bench.fails("info vmcs")


PAGED = """
_start: la t0, root
        la t1, low + 1
        sw t1, 0(t0)
        la t0, low
        li t1, 0xf
        sw t1, 0(t0)
        li t1, 0x300f
        sw t1, 20(t0)
        la t1, root + 1
        setptb t1
        li t0, 0x5010
        li t1, 77
        sw t1, 0(t0)
here:   j here
        .org 0x1000
root:   .zero 4096
low:    .zero 4096
"""


def test_page_tables() -> None:
    for engine in HERE:
        with debugging(PAGED, engine) as bench:
            assert "paging is off" in bench.do("info pages")
            bench.do("advance here")
            text = bench.do("info page tables")
            assert "the root table is at 00001000" in text
            assert "00000000-00000fff -> 00000000  V R W X" in text and "00005000-00005fff -> 00003000" in text
            assert "load: 00005010 -> 00003010 by [00001000] = " in bench.do("info pages 0x5010")
            assert "load: traps, cause 6" in bench.do("info pages 0x6000")
            assert "became 0x4d" in bench.do("who wrote *0x5010")
            assert bench.do("p *0x5010") == "$1 = 0x4d (77)"
            assert "no memory" in bench.fails("x 0x6000")
            assert "no memory" in bench.fails("watch *0x6000")
            bench.do("break *0x6000", "info b")


@pytest.mark.parametrize("engine", [name for name in HERE if name != "interp"])
def test_translate(engine: str) -> None:
    with debugging(COUNTER, engine) as bench:
        text = bench.do("translate loop")
        assert "addi a0, a0, 1" in text and "block 00000010 loop" in text
        assert "no memory" in bench.fails("translate 0xf0000000")
        bench.do("switch to interp")
        assert "translates nothing" in bench.fails("translate")


@pytest.mark.parametrize("engine", HERE)
def test_engines(engine: str) -> None:
    with debugging(COUNTER) as bench:
        bench.do("go 50", f"switch to {engine}")
        assert bench.machine.engine == engine and bench.now.retired == 50
        assert "equal for 100 instructions" in bench.do("compare with interp 100")
        assert f"{engine} and interp are equal" in bench.do("compare interp")
        assert bench.now.retired == 50


def test_the_first_difference_of_engines_is_found() -> None:
    """Under trap-and-emulate a hole tells the guest its ring (docs/pg32.md): getpsw, the fourth instruction."""
    source = "_start: li a0, 1\n li a1, 2\n li a2, 3\n getpsw a3\n li t0, 0xf0\n out t0, zero\n"
    with debugging(source) as bench:
        text = bench.do("compare with trap")
        assert "interp and trap differ after 4 instructions, at" in text and "getpsw a3" in text
        assert "a3" in text.splitlines()[3]


def test_console_and_scripts(tmp_path: Path) -> None:
    echo = """
_start: li a1, 0
        li a2, -1
loop:   in a0, a1
        beq a0, a2, done
        out a1, a0
        j loop
done:   li a1, 0xf0
        out a1, zero
"""
    with debugging(echo) as bench:
        bench.typed += [b"ab", None]
        bench.do('input "x\\ty"')
        assert "exit code 0" in bench.do("continue")
        assert bench.machine.console.output == b"x\tyab"
        bench.do("go 0", "info console")
        bench.do("run")
        assert bench.machine.console.output == b"x\tyab"
        bench.do("go to 3", "input second", "input end", "go end")
        assert bench.machine.console.output == b"x\tysecond\n"
    script, nested = tmp_path / "a.gdb", tmp_path / "b.gdb"
    nested.write_text("# a comment\nbreak loop\n\ncontinue\n")
    script.write_text(f"source {nested}\nnonsense\nset a0 = 5\n")
    with debugging(COUNTER) as bench:
        text = bench.fails(f"source {script}")
        assert f"{script}:2: the script ends here: nonsense" in text
        assert bench.at("loop") and bench.machine.reg["a0"] == 0
        script.write_text(f"source {script}\n")
        bench.fails(f"source {script}")
        bench.fails(f"source {tmp_path / 'missing'}")


def test_snapshots(tmp_path: Path) -> None:
    with debugging(COUNTER) as bench:
        bench.do("go 50", f"save {tmp_path / 'half.snap'}")
        assert (tmp_path / "half.snap").stat().st_size > 100
        bench.fails(f"save {tmp_path / 'no' / 'such'}")


@pytest.mark.parametrize("engine", HERE)
def test_breakpoints_where_code_changes_itself(engine: str) -> None:
    """The instruction at a breakpoint is overwritten, read, and run anew: the guest sees its own bytes alone."""
    source = """
_start: la a0, patch
        la a1, new
        lw a2, 0(a1)
        lw a4, 0(a0)
again:  nop
patch:  li a3, 1
        sw a2, 0(a0)
        lw a5, 0(a0)
        bne a3, zero, again
        li t0, 0xf0
        out t0, a3
new:    li a3, 0
"""
    with debugging(source, engine) as bench:
        bench.do("break patch", "c")
        word = bench.machine.mem.word("patch")
        assert bench.machine.reg["a4"] == word
        bench.do("c")
        assert bench.machine.reg["a5"] == bench.machine.mem.word("patch") != word
        assert "exit code 0" in bench.do("c")
        bench.do("rc", "rc")
        assert bench.now.retired < 10 and bench.machine.mem.word("patch") == word


@pytest.mark.parametrize("engine", HERE)
def test_traps_that_nobody_handles(engine: str) -> None:
    with debugging("_start: li a0, 1\n lw a1, -4(zero)\n nop\n", engine) as bench:
        text = bench.do("c")
        assert "unhandled trap: bus_error" in text or "unhandled trap: bus" in text
        assert bench.now.retired == 1 and bench.pc == 4
        bench.do("rsi", "set tvec = 8", "si", "si")
        assert bench.pc == 8 and bench.now == (1, 1)
        bench.do("rc")
        assert bench.now == (0, 0)


def test_what_is_wrong_is_said() -> None:
    with debugging(COUNTER) as bench:
        for line, said in (
            ("nonsense", "there is no command nonsense"),
            ("brek loop", "did you mean break"),
            ("re", "re may be reverse-"),
            ("break nowhere", "neither a label nor a register"),
            ("break lop", "did you mean loop"),
            ("break *2", "no multiple of 4"),
            ("break loop if a0 ==", "ends too early"),
            ("watch", "which bytes?"),
            ("watch counter, 0", "0 bytes are not watched"),
            ("delete 7", "there is no breakpoint or watchpoint 7"),
            ("ignore 1", "ignore NUMBER COUNT"),
            ("clear loop", "there is no breakpoint"),
            ("go", "go where?"),
            ("go to x", "no count of instructions"),
            ("p", "an expression is missing"),
            ("p 1 +", "ends too early"),
            ("p (1", "parenthesis"),
            ("p 1 2", "not expected"),
            ("p 1 / 0", "division by zero"),
            ("p @", "no part of an expression"),
            ("x/9z 0", "x takes"),
            ("x 0xfffffff0", "no memory at 0xfffffff0"),
            ("x 0xffffffff", "no 4 bytes of memory from 0xffffffff on"),
            ("x/99999x 0", "x shows 1 to 65,536 units at a time, not 99,999"),
            ("x/0x 0", "x shows 1 to 65,536 units at a time, not 0"),
            ("watch a4", "a4 is a value and no place: *a4 is the place to which it points"),
            ("who wrote $a5", "$a5 is a value and no place: *$a5 is"),
            ("break a0 + 4", "a0 + 4 is a value and no place: *(a0 + 4) is"),
            ("until ra", "ra is a value and no place"),
            ("watch byte(counter)", "byte(counter) is a value and no place"),
            ("set a0 = 0x1ffffffff", "0x1ffffffff does not fit into a word of 32 bits"),
            ("print 4294967296", "4294967296 does not fit into a word of 32 bits"),
            (f"print {'9' * 5000}", "9 does not fit into a word of 32 bits"),
            (f"x/{'9' * 5000} counter", "does not fit into a word"),
            (f"stepi {'9' * 5000}", "is no count"),
            (f"stepi 0x{'f' * 5000}", "is no count"),
            (f"break count.s:{'9' * 5000}", "no part of an expression"),
            ("break count.s:\u00b2", "no part of an expression"),
            (f"watch counter+{'9' * 5000}", "does not fit into a word"),
            ("break *0x100000002", "0x100000002 does not fit into a word of 32 bits"),
            ("set zero = 4", "zero is always 0"),
            ("set byte(counter) = 256", "0x100 does not fit into 8 bits"),
            ("set half(counter) = 0 - 32769", "-0x8001 does not fit into 16 bits"),
            ("set pc = 3", "no instruction is at 0x3"),
            ("info", "info registers |"),
            ("info nonsense", "info registers |"),
            ("switch", "switch to ENGINE"),
            ("switch to jit", "there is no engine"),
            ("compare", "compare with ENGINE"),
            ("compare with jit", "there is no engine"),
            ("who", "who wrote PLACE"),
            ("stepi x", "no count"),
            ("finish 3", "one word too many"),
            ("help nonsense", "there is no command"),
            ("source", "source FILE"),
            ("source a\0b", "no file's name"),
            ("save", "save FILE"),
            ("input", "input TEXT"),
            ("list nowhere", "neither a label"),
            ("undisplay 4", "there is no display"),
        ):
            assert said in bench.fails(line), (line, bench.said)
        assert bench.now == (0, 0)


def test_help_is_about_every_command() -> None:
    with debugging(COUNTER) as bench:
        text = bench.do("help")
        for name, command in table.BY_NAME.items():
            assert command.names[0] in text
            assert command.text in bench.do(f"help {name}")
        complete = bench.debugger.completions
        assert complete("rev", "rev") == sorted(name for name in table.BY_NAME if name.startswith("rev"))
        assert complete("break lo", "lo") == ["loop"] and "registers" in complete("info ", "")
        assert "interp" in complete("switch to ", "")


def test_an_empty_line_goes_on() -> None:
    with debugging(COUNTER) as bench:
        bench.do("stepi 2", "")
        assert bench.now.retired == 4
        bench.do("reverse-stepi", "")
        assert bench.now.retired == 2
        bench.do("print 1", "")
        assert bench.now.retired == 2
        bench.do("x/2xw counter")
        assert bench.do("") == "0x00001008 <text>: 0x676e6972  0x00000031"


WORDS = st.sampled_from([*table.BY_NAME, "source", "help", ""])
REST = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["loop", "*counter", "a0", "1", "-1", "to 5", "with bt 50", "wrote counter", "1 if a0", "/4xw 0", "99"]
    ),
)


@pytest.mark.soak
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(WORDS, REST), max_size=6))
def test_no_line_hurts(lines: list[tuple[str, str]]) -> None:
    """Whatever is typed: something is said, nothing is raised, and the machine can be used."""
    with debugging(COUNTER) as bench:
        for word, rest in lines:
            if word in ("save", "quit", "q", "exit"):
                continue
            bench(f"{word} {rest}")
        bench.do("go to 0")
        assert bench.now == (0, 0)


def test_quit() -> None:
    with debugging(COUNTER) as bench:
        bench.do("quit")
        assert bench.debugger.session.over
