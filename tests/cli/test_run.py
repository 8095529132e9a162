"""`ring1 run`: what a program does and what is reported of it."""

from __future__ import annotations

import hashlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EXAMPLES, OFF, SECONDS, Command, Outcome
from tests.ways import UNMODIFIED as ENGINES

Call = Callable[..., Outcome]

# Three instructions; the last one, which switches the machine off, is retired as well.
SEVEN = "_start: li a1, 7\n        li t0, 0xf0\n        out t0, a1\n"
LOOP = "_start: li a1, 'x'\n        out zero, a1\nforever: j forever\n"
ENDLESS_OUTPUT = "_start: li a1, 'x'\nagain:  out zero, a1\n        j again\n"
DEEP = "_start: jal ra, deep\ndeep:   lui a1, 0xf0000\n        nop\n        lw a2, 4(a1)\n"


def result(text: str) -> dict[str, Any]:
    made = json.loads(text)
    assert isinstance(made, dict)
    return made


# --- Console and exit status -----------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_hello(ring1: Command, engine: str) -> None:
    done = ring1("run", EXAMPLES / "hello.s", "--engine", engine)
    assert (done.status, done.out, done.err) == (0, "Hello, world!\n", "")


def test_the_exit_code_is_the_exit_status(ring1: Command) -> None:
    ring1.write("seven.s", SEVEN)
    assert ring1("run", "seven.s") == Outcome(7, "", "")


def test_stdin_is_the_console_and_bytes_stay_bytes(ring1: Command) -> None:
    data = bytes(range(256)) * 3
    process = ring1.start("run", EXAMPLES / "echo.s")
    assert process.communicate(data, timeout=SECONDS) == (data, b"")
    assert process.returncode == 0


def test_a_closed_stdin_is_the_end_of_input_and_no_other_file(ring1: Command) -> None:
    # With descriptor 0 closed, the guest's RAM would be opened as 0: it must not be read as the console's input.
    command = " ".join([*ring1.argv("run", str(EXAMPLES / "echo.s")), "<&-"])
    done = subprocess.run(
        command, shell=True, cwd=ring1.folder, env=ring1.environment, capture_output=True, timeout=SECONDS
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("command", ["run", "run --engine interp", "compare --engines interp,bt"])
def test_a_stdin_that_cannot_be_read_is_the_end_of_input(ring1: Command, command: str) -> None:
    """As nohup makes it: /dev/null, opened for writing."""
    for target in ("/dev/null", "file"):
        words = [*ring1.argv(*command.split(), str(EXAMPLES / "echo.s")), f"0>{target}"]
        done = subprocess.run(
            " ".join(words), shell=True, cwd=ring1.folder, env=ring1.environment, capture_output=True, timeout=SECONDS
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_files_are_linked_in_order(ring1: Command) -> None:
    ring1.write("first.s", "_start: .globl _start, value\n        la a1, value\n        lw a1, 0(a1)\n")
    ring1.write("second.s", "        li t0, 0xf0\n        out t0, a1\nvalue:  .word 42\n        .globl value\n")
    assert ring1("run", "first.s", "second.s").status == 42


def test_a_raw_image_does_what_its_source_does(call: Call) -> None:
    Path("seven.s").write_text(SEVEN)
    assert call("asm", "seven.s").status == 0
    assert call("run", "seven.bin").status == 7


def test_the_machine_is_an_option(call: Call) -> None:
    # In ring 3 getpsw runs on pg32 and traps on pg32v.
    Path("hole.s").write_text("_start: la a1, user\n        jru a1\nuser:   getpsw a2\n        syscall 5\n")
    assert "syscall (cause 3, value 0x5)" in call("run", "hole.s").err
    assert "privileged (cause 1" in call("run", "hole.s", "--isa", "pg32v").err


def test_memory_is_as_large_as_asked_for(call: Call) -> None:
    Path("off.s").write_text("_start:\n" + OFF)
    for text, size in (("64K", 65536), ("16M", 16 << 20), ("0x2000", 8192), ("32m", 32 << 20)):
        made = result(call("run", "off.s", "--mem", text, "--engine", "interp", "--json").out)
        assert made["state"]["regs"]["a0"] == size  # the machine's reset puts it there


def test_entropy_is_a_function_of_the_seed(call: Call) -> None:
    Path("random.s").write_text("_start: li a1, 0x20\n        in a2, a1\n" + OFF)

    def drawn(seed: int) -> int:
        return int(result(call("run", "random.s", "--seed", seed, "--json").out)["state"]["regs"]["a2"])

    assert drawn(1) == drawn(1)
    assert len({drawn(1), drawn(2), drawn(3)}) == 3


def test_the_disk_is_a_file(call: Call) -> None:
    # Writes the sector at physical address 0, which begins with the program itself, to sector 1.
    steps = [(0x10, "1"), (0x11, "0"), (0x12, "1"), (0x13, "2")]
    text = "".join(f"        li a1, {port:#x}\n        li a2, {value}\n        out a1, a2\n" for port, value in steps)
    text += "busy:   li a1, 0x13\n        in a2, a1\n        li a3, 1\n        beq a2, a3, busy\n" + OFF
    Path("disk.s").write_text("_start:\n" + text)
    Path("disk.img").write_bytes(b"." * 1024)
    assert call("asm", "disk.s").status == 0
    assert call("run", "disk.s", "--disk", "disk.img").status == 0
    image = Path("disk.bin").read_bytes().ljust(512, b"\0")
    assert Path("disk.img").read_bytes() == b"." * 512 + image


# --- Results and figures -----------------------------------------------------------


def test_the_json_object(call: Call) -> None:
    Path("seven.s").write_text(SEVEN)
    call("asm", "seven.s")
    made = result(call("run", "seven.s", "--mem", "8K", "--engine", "bt", "--json").out)
    assert set(made) == {"isa", "engine", "stop", "instructions", "wall_s", "state", "exits", "translation", "host"}
    assert (made["isa"], made["engine"]) == ("pg32", "bt")
    assert made["stop"] == {"reason": "exit", "exit_code": 7, "trap": None}
    assert made["instructions"] == 3
    assert 0 < made["wall_s"] < SECONDS
    state = made["state"]
    assert state["pc"] == 12
    assert {name: value for name, value in state["regs"].items() if value} == {"a0": 8192, "a1": 7, "t0": 0xF0}
    assert len(state["regs"]) == 16
    control = {"timecmp": 0xFFFFFFFF, "timecmph": 0xFFFFFFFF, "time": 3}
    assert {name: value for name, value in state["control"].items() if value} == control
    assert state["memory_sha256"] == hashlib.sha256(Path("seven.bin").read_bytes().ljust(8192, b"\0")).hexdigest()
    assert made["exits"] == {"callout out": 1}
    translation = made["translation"]
    assert translation["blocks"] >= 1
    assert translation["guest_insns"] >= 3
    assert translation["host_bytes"] > 3
    assert translation["seconds"] > 0


def test_equivalent_engines_agree_on_state_and_instructions(call: Call) -> None:
    for engine in ENGINES:
        assert call("run", EXAMPLES / "fib.s", "--engine", engine, f"--json={engine}.json").status == 0
    made = [result(Path(f"{engine}.json").read_text()) for engine in ENGINES]
    assert [m["engine"] for m in made] == list(ENGINES)
    assert all((m["state"], m["instructions"]) == (made[0]["state"], made[0]["instructions"]) for m in made)
    assert made[0]["translation"] == {"blocks": 0, "guest_insns": 0, "host_bytes": 0, "seconds": 0.0}


def test_json_follows_the_console_or_goes_to_a_file(call: Call) -> None:
    console, _, text = call("run", EXAMPLES / "hello.s", "--json").out.partition("{")
    assert console == "Hello, world!\n"
    there = result("{" + text)
    assert call("run", EXAMPLES / "hello.s", "--json=out.json").out == "Hello, world!\n"
    assert result(Path("out.json").read_text())["state"] == there["state"]
    assert call("run", EXAMPLES / "hello.s", "--json", "second.json").out == "Hello, world!\n"
    assert result(Path("second.json").read_text())["state"] == there["state"]


def test_a_trap_in_the_json_object(call: Call) -> None:
    Path("deep.s").write_text(DEEP)
    done = call("run", "deep.s", "--json", "--quiet")
    trap = {"cause": 9, "name": "bus_error", "value": 0xF0000004, "pc": 12}
    assert (done.status, done.err) == (120, "")
    assert result(done.out)["stop"] == {"reason": "trap", "exit_code": None, "trap": trap}


def test_statistics(call: Call) -> None:
    Path("seven.s").write_text(SEVEN)
    done = call("run", "seven.s", "--stats")
    assert done.out == ""
    figures = dict(line.removeprefix("ring1: ").rsplit("  ", 1) for line in done.lines)
    named = {name.strip(): text.strip() for name, text in figures.items()}
    assert named["instructions"] == "3"
    assert named["exits to the VMM"] == named["callout out"] == "1"
    assert int(named["host bytes"]) > 0
    assert "M instructions/s" in named["speed"]


def test_a_trace_is_a_line_for_every_instruction(call: Call) -> None:
    Path("traced.s").write_text(
        "_start: la t0, trap\n        wrcr tvec, t0\n        li a1, -1\nhere:   brk\ntrap:\n" + OFF
    )
    assert call("run", "traced.s", "--trace", "out.txt").status == 0
    head, *lines = Path("out.txt").read_text().splitlines()
    assert head.startswith("#")
    assert [line.split() for line in lines] == [
        ["0", "0", "00000000", "_start", "lui", "t0,", "0"],
        ["1", "0", "00000004", "_start+0x4", "addi", "t0,", "t0,", "20", "t0=0x14"],
        ["2", "0", "00000008", "_start+0x8", "wrcr", "tvec,", "t0", "tvec=0x14"],
        ["3", "0", "0000000c", "_start+0xc", "addi", "a1,", "zero,", "-1", "a1=0xffffffff"],
        ["4", "0", "00000010", "here", "brk", "epc=0x10", "cause=0x2", "!", "breakpoint", "0x0"],
        ["4", "0", "00000014", "trap", "addi", "t0,", "zero,", "240", "t0=0xf0"],
        ["5", "0", "00000018", "trap+0x4", "out", "t0,", "zero"],
    ]


def test_a_trace_is_of_the_machine_that_an_engine_shows(call: Call) -> None:
    """Under `trap` a kernel reads the ring that it really runs in; under `para` its hypercalls are none on the bare
    machine."""
    Path("where.s").write_text("_start: getpsw a0\n" + OFF)
    psw = {}
    for engine in ("interp", "bt", "trap", "hybrid", "hw"):
        assert call("run", "where.s", "--engine", engine, "--trace", "out.txt").status == 0
        psw[engine] = [line.split()[6:] for line in Path("out.txt").read_text().splitlines()[1:2]]
    rings = {engine: int(row[0][0].removeprefix("a0="), 0) & 3 for engine, row in psw.items()}
    assert rings == {"interp": 0, "bt": 0, "trap": 1, "hybrid": 0, "hw": 0}
    Path("hyper.s").write_text("_start: li a4, 5\n        hcall 13\n")
    assert call("run", "hyper.s", "--engine", "para", "--trace", "out.txt").status == 5
    assert "hcall" in Path("out.txt").read_text().splitlines()[-1]


def test_a_trace_shows_interrupts(call: Call) -> None:
    setup = "_start: la a1, trap\n        wrcr tvec, a1\n        li a1, 1\n        wrcr ie, a1\n"
    setup += "        wrcr timecmph, zero\n        li a1, 12\n        wrcr timecmp, a1\n        sti\nwait:   j wait\n"
    Path("tick.s").write_text(setup + "trap:\n" + OFF)
    assert call("run", "tick.s", "--trace", "out.txt").status == 0
    lines = [line.split() for line in Path("out.txt").read_text().splitlines()]
    taken = lines.index(["12", "0", "00000028", "--", "taken:", "interrupt", "0"])
    assert lines[taken - 1][:4] == ["11", "0", "00000024", "wait"]
    assert lines[taken + 1][:4] == ["12", "0", "00000028", "trap"]


# --- Why and where a guest stopped ---------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_an_unhandled_trap_says_what_and_where(call: Call, engine: str) -> None:
    Path("deep.s").write_text(DEEP)
    done = call("run", "deep.s", "--engine", engine)
    assert (done.status, done.out) == (120, "")
    expected = "ring1: the guest stopped on an unhandled trap: bus_error (cause 9, value 0xf0000004)"
    assert done.err == f"{expected} at 0x0000000c (deep+0x8, deep.s:4): lw a2, 4(a1)\n"


def test_a_double_fault_says_both(call: Call) -> None:
    Path("double.s").write_text("_start: lui a1, 0xf0000\n        wrcr tvec, a1\nhere:   brk\n")
    done = call("run", "double.s", "--json")
    assert done.status == 120
    [line] = done.lines
    assert "double fault: bus_error (cause 9, value 0xf0000000) at 0xf0000000" in line
    assert line.endswith("before it, breakpoint (cause 2, value 0x0) at 0x00000008 (here, double.s:3): brk")
    stop = result(done.out)["stop"]
    assert stop["reason"] == "double-fault"
    assert (stop["trap"]["name"], stop["trap"]["first"]["name"]) == ("bus_error", "breakpoint")


def test_the_limit_is_exact(call: Call) -> None:
    Path("loop.s").write_text("_start: addi a1, a1, 1\n        j _start\n")
    for engine in ENGINES:
        for limit in (1, 2, 999, 30_001):
            done = call("run", "loop.s", "--max-insns", limit, "--engine", engine, "--json")
            assert done.status == 121
            assert f"the limit stopped the guest after {limit:,} instructions, at " in done.err
            made = result(done.out)
            assert made["instructions"] == limit
            assert made["state"]["regs"]["a1"] == (limit + 1) // 2
            assert made["state"]["pc"] == 4 * (limit % 2)


def test_a_source_line_that_memory_no_longer_holds_is_called_so(call: Call) -> None:
    # Stores an illegal word over its last instruction.
    Path("over.s").write_text("_start: la a1, last\n        li a2, -1\n        sw a2, 0(a1)\nlast:   nop\n")
    done = call("run", "over.s")
    assert done.status == 120
    assert done.err.endswith("at 0x00000010 (last, over.s:4, overwritten since): .word 0xffffffff\n")


# --- Ctrl-C ----------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_stops_a_tight_loop(ring1: Command, engine: str) -> None:
    ring1.write("loop.s", LOOP)
    with ring1.start("run", "loop.s", "--engine", engine) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"x"  # it is in the loop, or about to be
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out) == (130, b"")
    [line] = err.decode().splitlines()
    assert line.startswith("ring1: Ctrl-C stopped the guest after ")
    assert line.endswith(" instructions, at 0x00000008 (forever, loop.s:3): jal zero, 0x8")


def test_ctrl_c_stops_a_guest_that_waits_for_input(ring1: Command) -> None:
    ring1.write("wait.s", "_start: li a1, 'x'\n        out zero, a1\nwait:   in a1, zero\n")
    with ring1.start("run", "wait.s") as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"x"
        process.send_signal(signal.SIGINT)
        process.wait(5)  # its input is still open
        assert process.stderr is not None
        assert b"at 0x00000008 (wait, wait.s:3): in a1, zero" in process.stderr.read()
    assert process.returncode == 130


def test_ctrl_c_is_not_lost_among_slow_exits(ring1: Command) -> None:
    # At the loop's speed a burst would be 100 million instructions long; at that of the callouts that takes minutes.
    fast = "_start: li a2, 200000000\nfast:   addi a2, a2, -1\n        bnez a2, fast\n"
    ring1.write("slow.s", fast + "again:  lra a4, a3\n        j again\n")
    ring1("asm", "slow.s")  # so that nothing but the run takes time
    with ring1.start("run", "slow.bin") as process:
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(5) == 130
        finally:
            process.kill()


def test_a_second_ctrl_c_ends_even_what_cannot_stop(ring1: Command) -> None:
    ring1.write("spam.s", ENDLESS_OUTPUT)
    with ring1.start("run", "spam.s") as process:
        assert process.stdout is not None
        select.select([process.stdout], [], [], SECONDS)
        filled = -1
        while filled != (filled := waiting(process.stdout.fileno())):
            time.sleep(0.1)  # until the pipe is full, so that ring1 is held in a write that nobody reads
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 130


def waiting(descriptor: int) -> int:
    """Bytes in a pipe."""
    import array
    import fcntl
    import termios

    count = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, count)
    return count[0]


# --- The cache of programs -----------------------------------------------------------


def test_a_changed_source_is_assembled_again(ring1: Command) -> None:
    ring1.write(
        "main.s", '        .include "value.inc"\n_start: li a1, VALUE\n        li t0, 0xf0\n        out t0, a1\n'
    )
    ring1.write("value.inc", "        .equ VALUE, 3\n")
    assert [ring1("run", "main.s").status for _ in range(2)] == [3, 3]
    ring1.write("value.inc", "        .equ VALUE, 4\n")
    assert ring1("run", "main.s").status == 4


def test_a_damaged_cache_is_not_believed(ring1: Command, tmp_path: Path) -> None:
    ring1.environment = ring1.environment | {"RING1_CACHE": str(tmp_path / "cache")}
    assert ring1("run", EXAMPLES / "hello.s").out == "Hello, world!\n"
    entries = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert entries
    for path in entries:
        path.write_bytes(path.read_bytes()[:-10] + b"0123456789")
    assert ring1("run", EXAMPLES / "hello.s").out == "Hello, world!\n"


def test_without_a_cache_directory_it_runs_all_the_same(ring1: Command) -> None:
    ring1.write("file", "")
    ring1.environment = ring1.environment | {"RING1_CACHE": str(ring1.folder / "file" / "cache")}
    assert ring1("run", EXAMPLES / "hello.s").out == "Hello, world!\n"


def test_a_second_run_loads_no_grammar_no_assembler_and_no_disassembler(ring1: Command) -> None:
    ring1("run", EXAMPLES / "hello.s", status=0)
    command = ring1.argv("run", EXAMPLES / "hello.s")
    script = [command[0], "-X", "importtime", *command[1:]]
    done = subprocess.run(script, cwd=ring1.folder, env=ring1.environment, capture_output=True, timeout=SECONDS)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert "ring1.dbt.vmm.execute" in loaded
    assert not loaded & {"lark", "keystone", "capstone", "ring1.isa.asm.assemble", "ring1.isa.read", "json"}


def test_output_appears_while_the_guest_runs(ring1: Command) -> None:
    ring1.write("loop.s", LOOP)
    with ring1.start("run", "loop.s") as process:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], SECONDS)[0]
        assert os.read(process.stdout.fileno(), 10) == b"x"
        process.kill()


def test_json_before_the_program_means_stdout(ring1: Command) -> None:
    ring1.write("seven.s", "_start: li t0, 0xf0\n        li a0, 7\n        out t0, a0\n")
    done = ring1("run", "--json", "seven.s", status=7)
    assert json.loads(done.out)["stop"]["exit_code"] == 7


def test_a_warm_run_imports_only_what_it_needs(ring1: Command) -> None:
    """Start-up is imports: what compiles, assembles, translates or is slow to import has no part in a warm run."""
    ring1("run", EXAMPLES / "hello.s")
    command = [ring1.argv()[0], "-X", "importtime", *ring1.argv("run", EXAMPLES / "hello.s")[1:]]
    done = subprocess.run(command, env=ring1.environment, capture_output=True, timeout=SECONDS, check=True, text=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert done.stdout == "Hello, world!\n" and {"ring1.isa.model", "ring1.dbt.vmm.execute"} <= imported
    slow = {"dataclasses", "inspect", "json", "subprocess", "tempfile", "lark", "keystone", "capstone"}
    unneeded = {
        "ring1.isa.read",
        "ring1.isa.asm",
        "ring1.dbt.translate.block",
        "ring1.dbt.cli.compiler",
        "ring1.dbt.report",
    }
    assert not imported & (slow | unneeded)
