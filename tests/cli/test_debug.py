"""The command `ring1 debug`: scripts, stdin, terminals, and every way out."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import EXAMPLES, OFF, Command

LOOP = "_start: li a0, 0\nloop: addi a0, a0, 1\n j loop\n"
SOON = 60
COUNT = "_start: li a0, 0\n li a1, 50\nloop: addi a0, a0, 1\n bne a0, a1, loop\n" + OFF


def test_commands_from_stdin(ring1: Command) -> None:
    ring1.write("count.s", COUNT)
    done = ring1(
        "debug", "count.s", stdin=b"break loop\nc\n# no command\n\nc 3\nprint a0\nrc\nquit\nnonsense\n", status=0
    )
    assert done.out.splitlines() == [
        "after 0 instructions",
        "=> 0x00000000 (_start, count.s:1): addi a0, zero, 0",
        "breakpoint 1: at 0x00000008 (loop, count.s:3)",
        "breakpoint 1, after 2 instructions",
        "=> 0x00000008 (loop, count.s:3): addi a0, a0, 1",
        "breakpoint 1, after 8 instructions",
        "=> 0x00000008 (loop, count.s:3): addi a0, a0, 1",
        "$1 = 3",
        "breakpoint 1, after 6 instructions",
        "=> 0x00000008 (loop, count.s:3): addi a0, a0, 1",
    ]


def test_a_command_that_fails_is_told_by_the_status(ring1: Command) -> None:
    ring1.write("count.s", COUNT)
    ring1.write("good.gdb", "break loop\ncontinue\n")
    ring1.write("bad.gdb", "break loop\nbreak nowhere\ncontinue\n")
    assert "after 2 instructions" in ring1("debug", "-x", "good.gdb", "--batch", "count.s", status=0).out
    done = ring1("debug", "-x", "bad.gdb", "count.s", status=1)
    assert "bad.gdb:2: the script ends here: break nowhere" in done.out and "after 2" not in done.out
    assert ring1("debug", "count.s", stdin=b"nonsense\nc\n", status=1).out.count("exit code 0") == 1
    ring1("debug", status=2)
    ring1("debug", "missing.s", status=2)
    ring1("debug", "--engine", "jit", "count.s", status=2)
    ring1("debug", "-x", "missing.gdb", "count.s", status=1)


def test_console_of_the_guest(ring1: Command) -> None:
    ring1.write("text", b"abc\n")
    done = ring1("debug", "--quiet", EXAMPLES / "echo.s", "--input", "text", stdin=b"c\nreverse-stepi\nc\n", status=0)
    assert done.out.startswith("abc\nthe guest has switched the machine off")
    assert done.out.count("abc") == 1
    done = ring1("debug", "--quiet", EXAMPLES / "echo.s", stdin=b"input hello\nc\n", status=0)
    assert done.out.startswith("hello\n")


def test_output_and_debugger_do_not_share_a_line(ring1: Command) -> None:
    done = ring1("debug", "--quiet", EXAMPLES / "fib.s", stdin=b"break fib\nc\n", status=0)
    assert "fib(20) = \nbreakpoint 1, after" in done.out


def test_snapshots_and_disks(ring1: Command) -> None:
    ring1.write("count.s", COUNT)
    ring1("run", "count.s", "--max-insns", "40", "--snapshot", "half.snap", "--quiet", status=121)
    done = ring1("debug", "half.snap", "count.s", stdin=b"p a0\nbreak loop\nc\ngo -1\ngo to 39\n", status=1)
    assert "after 40 instructions" in done.out and "$1 = 0x13 (19)" in done.out and "(loop, count.s:3)" in done.out
    assert "the run begins after 40 instructions" in done.out
    ring1.write("bad.snap", b"nothing")
    ring1("debug", "bad.snap", status=2)
    ring1("debug", "half.snap", "half.snap", status=2)
    ring1("debug", "--isa", "pg32v", "half.snap", status=2)
    before = bytes(range(256)) * 8
    disk = ring1.write("disk", before)
    ring1("debug", EXAMPLES / "disk.s", "--disk", "disk", stdin=b"c\n", status=0)
    assert disk.read_bytes() == before


@pytest.mark.skipif(shutil.which("riscv64-unknown-elf-gcc") is None, reason="no riscv64-unknown-elf-gcc")
def test_c(ring1: Command) -> None:
    ring1.write("add.c", "int add(int a, int b) { return a + b; }\nint main(void) { return add(40, 2); }\n")
    done = ring1("debug", "-O0", "add.c", stdin=b"break add\nc\np a0\nfinish\np a0\nreverse-finish\n", status=0)
    assert "$1 = 0x28 (40)" in done.out and "$2 = 0x2a (42)" in done.out


def read_until(stream: int, text: bytes, before: bytes = b"") -> bytes:
    """What comes from a descriptor until it has, with what came before, a text."""
    found, end = b"", time.monotonic() + SOON
    while text not in before + found:
        assert time.monotonic() < end, found
        if select.select([stream], [], [], 0.1)[0]:
            data = os.read(stream, 4096)
            assert data, found
            found += data
    return found


def test_ctrl_c_stops_the_guest_and_not_the_debugger(ring1: Command) -> None:
    ring1.write("loop.s", LOOP)
    process = ring1.start("debug", "loop.s")
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"continue\n")
    process.stdin.flush()
    read_until(process.stdout.fileno(), b"=> 0x00000000")
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(b"print a0 > 1000\nstepi\nreverse-stepi\n", timeout=SOON)
    assert b"stopped by Ctrl-C" in out and b"$1 = 1" in out and process.returncode == 1, (out, err)


class Terminal:
    """ring1 debug on a terminal of its own."""

    def __init__(self, command: Command, *arguments: object) -> None:
        self.rest = b""
        self.master, slave = pty.openpty()
        environment = {**command.environment, "TERM": "dumb"}
        self.process = subprocess.Popen(
            command.argv("debug", *arguments),
            cwd=command.folder,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def send(self, text: str) -> None:
        os.write(self.master, text.encode())

    def wait(self, text: str) -> None:
        """Read up to a text; what comes behind it is kept for the next time."""
        wanted = text.encode()
        if wanted not in self.rest:
            self.rest += read_until(self.master, wanted, self.rest)
        self.rest = self.rest.partition(wanted)[2]

    def close(self) -> int:
        try:
            return self.process.wait(SOON)
        finally:
            self.process.kill()
            os.close(self.master)


def test_a_terminal(ring1: Command) -> None:
    """Prompt, input for a guest that waits, Ctrl-C, and the end."""
    terminal = Terminal(ring1, EXAMPLES / "echo.s")
    try:
        terminal.wait("(ring1) ")
        terminal.send("continue\n")
        time.sleep(1)
        terminal.send("hello\n")
        terminal.wait("hello\r\nhello\r\n")
        terminal.process.send_signal(signal.SIGINT)
        terminal.wait("stopped by Ctrl-C")
        terminal.wait("(ring1) ")
        terminal.send("info console\n")
        terminal.wait("hello\r\n")
        terminal.wait("(ring1) ")
        terminal.send("quit\n")
    finally:
        assert terminal.close() == 0
    assert Path(ring1.environment["RING1_CACHE"]).exists()
