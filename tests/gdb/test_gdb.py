"""The real gdb: breakpoints, watchpoints, steps, each also backwards, on user and kernel code."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command, environment, ring1  # noqa: F401
from tests.cli.test_debug import read_until
from tests.debug.sessions import recorded

GDB = shutil.which("gdb-multiarch")
SECONDS = 120


def version() -> int:
    assert GDB is not None
    text = subprocess.run([GDB, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    found = re.search(r"(\d+)\.\d+", text)
    return int(found[1]) if found else 0


pytestmark = pytest.mark.skipif(GDB is None, reason="no gdb-multiarch")

FACT = """
_start: li sp, 0x8000
        li a0, 5
        call fact
        la t0, result
        sw a0, 0(t0)
        li t0, 0
        li t1, 'x'
        out t0, t1
        li t0, 0xf0
        out t0, zero
fact:   li t0, 2
        bgeu a0, t0, 1f
        li a0, 1
        ret
1:      addi sp, sp, -8
        sw ra, 4(sp)
        sw a0, 0(sp)
        addi a0, a0, -1
        call fact
        lw t0, 0(sp)
        lw ra, 4(sp)
        addi sp, sp, 8
        mul a0, a0, t0
        ret
        .data
result: .word 0
"""


def gdb(command: Command, *lines: str, target: str = "", status: int = 0) -> list[str]:
    """Run gdb with these commands; what it says, line by line."""
    program = " ".join(command.argv("debug", "--mem", "1M", "--gdb", "-", "prog.s"))
    script = command.folder / "session.gdb"
    begin = ["set pagination off", "set confirm off", "set width 0", f"target remote {target or '| ' + program}"]
    script.write_text("\n".join([*begin, *lines]) + "\n")
    assert GDB is not None
    done = subprocess.run(
        [GDB, "-nx", "-batch", "-x", script],
        cwd=command.folder,
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == status, done.stdout
    return [line for line in done.stdout.splitlines() if line.strip()]


def values(lines: list[str]) -> list[int]:
    """What `print` has said."""
    return [int(found[1], 0) for line in lines if (found := re.match(r"\$\d+ = (-?\w+)$", line))]


def test_forward_and_back(ring1: Command) -> None:  # noqa: F811
    ring1.write("prog.s", FACT)
    lines = gdb(
        ring1,
        "break *0x2c",
        "continue",
        "print $a0",
        "continue",
        "print $a0",
        "stepi",
        "print/x $pc",
        "reverse-stepi",
        "print/x $pc",
        "reverse-continue",
        "print $a0",
        "delete",
        "watch *(int*)0x1000",
        "continue",
        "print *(int*)0x1000",
        "reverse-continue",
        "print *(int*)0x1000",
        "print/x $pc",
        "delete",
        "continue",
        "reverse-stepi",
        "print/x $pc",
        "kill",
    )
    # fact(5), fact(4); a step behind its first instruction and back; fact(5) again; 5! stored and not yet
    assert values(lines) == [5, 4, 0x30, 0x2C, 5, 120, 0, 0x14, 0x28]
    said = "\n".join(lines)
    assert "Old value = 0\nNew value = 120" in said and "Old value = 120\nNew value = 0" in said
    assert "exit code 0" in said and "No more reverse-execution history" in said


def test_registers_memory_and_monitor(ring1: Command) -> None:  # noqa: F811
    ring1.write("prog.s", FACT)
    lines = gdb(
        ring1,
        "info registers",
        "info registers psw tvec",
        "set var $a0 = 7",
        "print $a0",
        "set var *(int*)0x1000 = 99",
        "print *(int*)0x1000",
        "print $timecmp == 0xffffffff",
        "monitor info symbol fact+4",
        "monitor nonsense",
        "x/2xw 0",
        "detach",
    )
    assert values(lines) == [7, 99, 1]
    said = "\n".join(lines)
    assert "0x00000030 is fact+0x4, prog.s:13" in said and "there is no command nonsense" in said
    for name in ("ra", "sp", "a5", "pc", "psw", "timecmph"):
        assert re.search(rf"^{name}\s+0x", said, re.MULTILINE), name


@pytest.mark.skipif(GDB is not None and version() < 13, reason="gdb 13 lets Python disassemble")
def test_mnemonics_are_the_machines(ring1: Command) -> None:  # noqa: F811
    ring1.write("prog.s", FACT)
    script = ring1("debug", "--gdb-script", status=0).out
    ring1.write("ring1.gdb", script)
    said = "\n".join(gdb(ring1, "source ring1.gdb", "x/3i 0x2c", "kill"))
    if "Python" in said:
        pytest.skip("this gdb has no Python")
    assert "addi t0, zero, 2" in said and "bgeu a0, t0, 0x3c" in said


PAGED = """
        .equ LEAF, 0xdf                 # V R W X U A D: user code may execute and write
_start: la t0, root
        la t1, low + 1
        sw t1, 0(t0)
        la t0, low
        li t1, 0xcf                     # the kernel's page 0
        sw t1, 0(t0)
        la t1, user + LEAF
        sw t1, 20(t0)                   # user code at 0x5000
        la t0, handler
        wrcr tvec, t0
        la t1, root + 1
        setptb t1
        li t0, 0x5000
        wrcr epc, t0
        li t0, 0x18                     # PRING = 3
        setpsw t0
        rfe
handler: li t0, 0xf0
        out t0, a0
        .org 0x1000
root:   .zero 4096
low:    .zero 4096
user:   li a0, 3
        addi a0, a0, 4
        syscall 1
"""


def test_user_and_kernel_code(ring1: Command) -> None:  # noqa: F811
    """A breakpoint at a user's address, a step into the kernel by a system call, and back."""
    ring1.write("prog.s", PAGED)
    lines = gdb(
        ring1,
        "break *0x5004",
        "continue",
        "print/x $pc",
        "print $psw & 3",
        "stepi",
        "print $a0",
        "stepi",
        "print $psw & 3",
        "print $cause",
        "reverse-stepi",
        "print/x $pc",
        "print $psw & 3",
        "kill",
    )
    assert values(lines) == [0x5004, 3, 7, 0, 3, 0x5008, 3]


def test_a_port_with_one_client_after_another(ring1: Command) -> None:  # noqa: F811
    """The second goes on where the first has left; a kill ends ring1. In between comes somebody who is no gdb."""
    import socket

    ring1.write("prog.s", FACT)
    process = ring1.start("debug", "--gdb", ":0", "prog.s")
    try:
        assert process.stderr is not None
        said = read_until(process.stderr.fileno(), b"\n").decode()
        target = said.split("target remote ")[1].strip()
        assert target.startswith("127.0.0.1:")
        assert values(gdb(ring1, "break *0x2c", "continue", "print $a0", "detach", target=target)) == [5]
        with socket.create_connection(("127.0.0.1", int(target.split(":")[1]))) as stranger:
            stranger.sendall(b"GET / HTTP/1.0\r\n\r\n")
        lines = gdb(ring1, "print/x $pc", "stepi", "print/x $pc", "kill", target=target)
        assert values(lines) == [0x2C, 0x30]
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.communicate()


COMMANDS = ("stepi", "stepi 3", "reverse-stepi", "reverse-stepi 2", "continue", "reverse-continue", "info registers")
CHANGING = ("break *0x2c", "break *0x3c", "tbreak *0x54", "watch *(int*)0x1000", "delete", "x/4xw 0x7fe0", "p $a0")


@pytest.mark.parametrize("count", [150, pytest.param(2000, marks=pytest.mark.soak)])
def test_a_long_session_does_not_lose_the_machine(ring1: Command, count: int) -> None:  # noqa: F811
    """Commands by chance; where the machine is in the end, it is as a run of the interpreter was there."""
    ring1.write("prog.s", FACT)
    chosen = random.Random(count)
    commands = [chosen.choice(COMMANDS if chosen.random() < 0.7 else CHANGING) for _ in range(count)]
    lines = gdb(ring1, *commands, "print/x $pc", "print $a0", "monitor where", "kill")
    pc, a0 = values(lines)[-2:]
    told = int(next(line for line in reversed(lines) if line.startswith("after ")).split()[1].replace(",", ""))
    there = [step for step in recorded(FACT) if step.moment.retired == told]
    assert (pc, a0) in [(step.pc, step.words[10]) for step in there]


def test_what_cannot_be_served(ring1: Command) -> None:  # noqa: F811
    ring1.write("prog.s", FACT)
    ring1("debug", "--gdb", "nonsense", "prog.s", status=2)
    ring1("debug", "--gdb", ":99999", "prog.s", status=2)
    assert sys.executable and Path(ring1.folder).exists()
