"""Whatever the user or the guest does wrong: a message that says so, the right exit status, and no traceback."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from ring1.dbt.cli.complaint import complaint
from ring1.dbt.cli.outcome import Terminated
from tests.cli.conftest import EXAMPLES, OFF, SECONDS, Command, Here, words
from tests.ways import UNMODIFIED as ENGINES

HELLO = EXAMPLES / "hello.s"


def refused(ring1: Command | Here, *arguments: object, status: int = 2) -> str:
    """The one line that ring1 says before it ends with `status`, having run nothing."""
    done = ring1(*arguments, status=status)
    assert done.out == ""
    [line] = done.lines
    assert line.startswith("ring1: ")
    return line


# --- The command line ------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (),
            "which command? There are run, resume, debug, explore, dap, lsp, test, host, compare, cc,",
        ),
        (
            ("frobnicate",),
            "there is no command frobnicate; there are run, resume, debug, explore, dap, lsp, test, host, compare,",
        ),
        ((HELLO,), f"there is no command {HELLO}; did you mean ring1 run {HELLO}?"),
        (("--frobnicate",), "unrecognized arguments: --frobnicate"),
        (("run",), "which program?"),
        (("run", HELLO, "--frobnicate"), "unrecognized arguments: --frobnicate"),
        (("run", HELLO, "--engine", "vmware"), "argument --engine: invalid choice: 'vmware' (choose from 'interp', "),
        (("run", HELLO, "--isa", "vax"), "vax: no such machine; there are pg32, "),
        (("run", HELLO, "--mem", "abc"), "argument --mem: 'abc' is no size; write 65536, 64K, 16M or 1G"),
        (("run", HELLO, "--mem", "-1"), "argument --mem: "),
        (("run", HELLO, "--mem", "0"), "--mem: RAM must be more than 0 bytes and at most 4 GiB"),
        (("run", HELLO, "--mem", "5G"), "--mem: RAM must be more than 0 bytes and at most 4 GiB"),
        (("run", HELLO, "--mem", "5000"), "--mem: RAM must be a multiple of 4096 bytes"),
        (("run", HELLO, "--seed", "x"), "argument --seed: 'x' is no whole number"),
        (("run", HELLO, "--max-insns", "1.5"), "argument --max-insns: '1.5' is no count; write 5000, 500k or 20M"),
        (("run", HELLO, "--max-insns", "9" * 5000), "argument --max-insns: '999"),
        (("debug", HELLO, "--gdb", ":\u00b2"), "write :PORT, HOST:PORT, or -"),
        (("debug", HELLO, "--gdb", ":" + "9" * 5000), "write :PORT, HOST:PORT, or -"),
        (("dap", "--port", "\u00b2"), "write PORT or HOST:PORT"),
        (("dap", "--port", "65536"), "write PORT or HOST:PORT"),
        (("run", "--json"), "which program?"),
        (("run", HELLO, "--trace", ""), ": No such file or directory"),
        (("translate", HELLO, "--ring", "4"), "--ring 4: pg32 has the modes 0 to 3"),
        (("translate", HELLO, "--engine", "interp"), "argument --engine: invalid choice: 'interp'"),
        (("isa",), "the following arguments are required: ACTION"),
        (("isa", "show", "vax"), "vax: no such machine"),
        (("disasm", HELLO, "--base", "2"), "cannot stand at 0x2"),
    ],
)
def test_the_command_line(here: Here, arguments: tuple[object, ...], message: str) -> None:
    assert message in refused(here, *arguments)


def test_help_and_version_are_no_mistakes(here: Here) -> None:
    assert here("--version", status=0).out.startswith("ring1 ")
    for command in ("run", "resume", "asm", "disasm", "translate", "engines", "isa"):
        assert command in here("--help", status=0).out
        assert f"usage: ring1 {command}" in here(command, "--help", status=0).out


# --- Files ------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "asm", "translate"])
def test_a_program_that_cannot_be_read(here: Here, command: str) -> None:
    (here.folder / "folder.s").mkdir()
    assert refused(here, command, "missing.s") == "ring1: missing.s: No such file or directory"
    assert refused(here, command, "folder.s") == "ring1: folder.s: Is a directory"


def test_an_image_that_cannot_be_read(here: Here) -> None:
    assert refused(here, "run", "missing.bin") == "ring1: missing.bin: No such file or directory"
    assert refused(here, "disasm", ".") == "ring1: .: Is a directory"


def test_a_program_that_may_not_be_read(here: Here) -> None:
    path = here.write("secret.s", "nop\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert refused(here, "run", path) == f"ring1: {path}: Permission denied"


def test_files_that_are_no_programs(here: Here) -> None:
    here.write("notes.txt", "hello\n")
    here.write("one.bin", b"")
    assert "notes.txt: neither C (.c) nor assembly (.s) nor a raw image (.bin)" in refused(here, "run", "notes.txt")
    assert "give one .bin and nothing else" in refused(here, "run", "one.bin", HELLO)
    here.write("latin.isa", b'isa latin "";\n// caf\xe9\n')
    done = here("isa", "check", "latin.isa", status=2)
    assert done.lines[0] == "latin.isa:2:7: error: not UTF-8 text: byte 0xe9"
    assert done.lines[2] == "          ^"


def test_names_that_are_no_text(ring1: Command) -> None:
    name = os.fsdecode(b"\xff\n.s")
    ring1.write(name, "_start:\n" + OFF)
    assert ring1("run", name, status=0).err == ""


@pytest.mark.parametrize("command", ["run", "asm", "translate"])
def test_a_program_that_does_not_assemble(here: Here, command: str) -> None:
    here.write("bad.s", "_start: frob a1\n        li a1, 5\n        lw a1, a2, a3\n")
    done = here(command, "bad.s", status=2)
    assert done.out == ""
    assert "bad.s:1:9: error: unknown instruction frob" in done.lines[0]
    assert done.lines[1:3] == ["    _start: frob a1", "            ^"]
    assert any(line.startswith("bad.s:3:") for line in done.lines)
    assert done.lines[-1] == "ring1: 2 errors"
    assert not (here.folder / "bad.bin").exists()


def test_a_bad_description_of_a_machine(ring1: Command) -> None:
    ring1.write("bad.isa", 'isa bad "bad";\nregisters r[2] { zero = 0; ra; }\ninsn nop : Q(1) { }\n')
    done = ring1("run", HELLO, "--isa", "bad.isa", status=2)
    assert done.lines == [
        "bad.isa:3:12: error: unknown format Q",
        "    insn nop : Q(1) { }",
        "               ^",
        "ring1: 1 error",
    ]


def test_an_image_larger_than_ram(ring1: Command) -> None:
    ring1.write("big.bin", bytes(8193))
    assert "needs 8,193 bytes of RAM and has 8,192; --mem gives more" in refused(ring1, "run", "big.bin", "--mem", "8K")
    ring1.write("bss.s", "_start: nop\n        .bss\n        .space 100000\n")
    assert "bytes of RAM and has 65,536" in refused(ring1, "run", "bss.s", "--mem", "64K")
    with open(ring1.folder / "huge.bin", "wb") as file:
        file.truncate(1 << 33)  # it takes no room on the disk
    assert "huge.bin: larger than any RAM" in refused(ring1, "run", "huge.bin")


def test_a_disk_that_cannot_be_one(ring1: Command) -> None:
    assert "--disk: .: Is a directory" in refused(ring1, "run", HELLO, "--disk", ".")
    assert "--disk: disk.img: No such file" in refused(ring1, "run", HELLO, "--disk", "disk.img")
    assert "--disk: /dev/null: not a file that can be a disk" in refused(ring1, "run", HELLO, "--disk", "/dev/null")


def test_a_disk_that_may_not_be_written(ring1: Command) -> None:
    path = ring1.write("disk.img", bytes(512))
    path.chmod(0o444)
    if not os.access(path, os.W_OK):
        assert "disk.img: Permission denied" in refused(ring1, "run", HELLO, "--disk", "disk.img")
        return
    # This user may write everything, but nobody the file of a program that is running.
    program = shutil.copy(shutil.which("sleep") or "", ring1.folder / "busy")
    with subprocess.Popen([program, str(SECONDS)]) as running:
        try:
            assert "busy: Text file busy" in refused(ring1, "run", HELLO, "--disk", "busy")
        finally:
            running.kill()


@pytest.mark.parametrize("option", ["--json", "--trace"])
def test_results_that_cannot_be_written_are_refused_before_the_run(ring1: Command, option: str) -> None:
    assert "missing/out: No such file or directory" in refused(ring1, "run", HELLO, f"{option}=missing/out")
    assert "ring1: .: Is a directory" in refused(ring1, "run", HELLO, f"{option}=.")


@pytest.mark.parametrize("option", ["--json", "--trace"])
def test_results_that_can_no_longer_be_written(ring1: Command, option: str) -> None:
    done = ring1("run", HELLO, f"{option}=/dev/full", status=124)
    assert done.lines == ["ring1: /dev/full: No space left on device"]


@pytest.mark.parametrize("option", ["--json", "--trace"])
def test_a_program_is_not_overwritten_by_a_result(ring1: Command, option: str) -> None:
    ring1.write("off.s", "_start:\n" + OFF)
    ring1.write("off.bin", words(("brk", {})))
    other = ring1.write("other.s", "nop\n")
    assert "other.s looks like a source file" in refused(ring1, "run", "off.s", f"{option}=other.s")
    assert "off.bin is the input" in refused(ring1, "run", "off.bin", f"{option}=./off.bin")
    assert other.read_text() == "nop\n"


# --- Output that nobody takes ---------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_closed_pipe_ends_the_guest(ring1: Command, engine: str) -> None:
    ring1.write("spam.s", "_start: li a1, 'x'\nagain:  out zero, a1\n        j again\n")
    with ring1.start("run", "spam.s", "--engine", engine) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"x"
        process.stdout.close()
        assert process.wait(SECONDS) == 124
        assert process.stderr.read() == b"ring1: the output could not be written: Broken pipe\n"


@pytest.mark.parametrize(
    "arguments", [("run", HELLO), ("isa", "show", "pg32"), ("asm", HELLO, "-o", "-"), ("--help",), ("engines",)]
)
def test_a_full_disk_behind_stdout(ring1: Command, arguments: tuple[object, ...]) -> None:
    with open("/dev/full", "wb") as full, ring1.start(*arguments, stdout=full) as process:
        _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 124
    assert err == b"ring1: the output could not be written: No space left on device\n"


@pytest.mark.parametrize(
    ("closed", "status", "err"),
    [(">&-", 124, b"ring1: the output could not be written: stdout is closed\n"), ("2>&-", 2, b"")],
)
def test_streams_that_are_closed(ring1: Command, closed: str, status: int, err: bytes) -> None:
    # The descriptor must not go to another file of ring1's: the guest's RAM would be written to.
    program = HELLO if status == 124 else "missing.s"
    command = " ".join([*ring1.argv("run", str(program)), closed])
    done = subprocess.run(
        command, shell=True, cwd=ring1.folder, env=ring1.environment, capture_output=True, timeout=SECONDS
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, b"", err)


# --- Guests that go wrong ---------------------------------------------------------------

GUESTS = {
    "jumps to nowhere": (
        "_start: lui a1, 0xf0000\n        jr a1\n",
        120,
        "unhandled trap: bus_error (cause 9, value 0xf0000000) at 0xf0000000, from where nothing can be fetched",
    ),
    "runs off the end of RAM": (
        "_start: lui a1, 0x2\n        jr -4(a1)\n",
        120,
        "unhandled trap: illegal (cause 0, value 0x0) at 0x00001ffc: .word 0x00000000",
    ),
    "does not end": (
        "_start: li a0, 1\n        nop\n        .data\n        .word 1\n",
        120,
        "illegal (cause 0, value 0x0) at 0x00000008 (_start+0x8): .word 0x00000000; the program ran past its end at 0x8"
        f" ({HELLO} shows how to switch the machine off)",
    ),
    "goes on into its data": (
        '_start: nop\ntext:   .ascii "hello"\n',
        120,
        "illegal (cause 0, value 0x6c6c6568) at 0x00000004 (text, guest.s:2): .word 0x6c6c6568; the program ran into"
        f" its data at 0x4 ({HELLO} shows how to switch the machine off)",
    ),
    "executes garbage": (
        "_start: .word 0xdeadbeef\n",
        120,
        "unhandled trap: illegal (cause 0, value 0xdeadbeef) at 0x00000000 (_start, guest.s:1): .word 0xdeadbeef",
    ),
    "writes over itself": (
        "_start: la a1, end\nback:   addi a1, a1, -4\n        sw zero, 0(a1)\n        j back\nend:\n",
        120,
        "unhandled trap: illegal (cause 0, value 0x0) at 0x00000010 (back+0x8, guest.s:4, overwritten since): .word 0x",
    ),
    "loops without end": (
        "_start: j _start\n",
        121,
        "the limit stopped the guest after 100,000 instructions, at 0x00000000 (_start, guest.s:1): jal zero, 0x0",
    ),
    "halts with nothing to wait for": (
        "_start: nop\n        hlt\n",
        122,
        "the guest halted with nothing to wait for after 1 instructions, at 0x00000004 (_start+0x4, guest.s:2): hlt",
    ),
    "traps with no handler": (
        "_start: li a1, 1\n        div a1, a1, zero\n",
        120,
        "unhandled trap: divzero (cause 4, value 0x0) at 0x00000004 (_start+0x4, guest.s:2): div a1, a1, zero",
    ),
    "is interrupted with no handler": (
        "_start: li a1, 8\n        wrcr ip, a1\n        wrcr ie, a1\n        sti\nhere:   j here\n",
        120,
        "unhandled trap: interrupt 3 (cause 0x80000003, value 0x0) at 0x00000010 (here, guest.s:5): jal zero, 0x10",
    ),
    "faults twice": (
        "_start: lui a1, 0xf0000\n        wrcr tvec, a1\n        syscall 3\n",
        120,
        "double fault: bus_error (cause 9, value 0xf0000000) at 0xf0000000, from where nothing can be fetched; before"
        " it, syscall (cause 3, value 0x3) at 0x00000008 (_start+0x8, guest.s:3): syscall 3",
    ),
}


@pytest.mark.parametrize("name", GUESTS)
def test_a_guest_that(here: Here, name: str) -> None:
    text, status, message = GUESTS[name]
    here.write("guest.s", text)
    for engine in ENGINES:
        done = here("run", "guest.s", "--engine", engine, "--mem", "8K", "--max-insns", "100k", status=status)
        [line] = done.lines
        assert line.startswith("ring1: "), engine
        assert message in line, engine


@pytest.mark.parametrize("engine", ENGINES)
def test_random_images_end_with_a_status(here: Here, engine: str) -> None:
    chance = random.Random(engine)
    for _ in range(2):
        here.write("noise.bin", chance.randbytes(4096))
        done = here("run", "noise.bin", "--engine", engine, "--max-insns", "1M", "--mem", "64K")
        assert done.status in (120, 121, 122)
        assert done.lines[0].startswith("ring1: the ")


def test_quiet_says_nothing(here: Here) -> None:
    here.write("guest.s", "_start: brk\n")
    assert here("run", "guest.s", "--quiet", status=120).err == ""


# --- ring1's own faults -------------------------------------------------------------------


def test_a_fault_of_ring1_is_told_in_one_line(ring1: Command) -> None:
    # A module that breaks what `run` needs, put before the real one.
    broken = ring1.folder / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text("import sys\nsys.modules['ring1.dbt.cli.run'] = None\n")
    path = f"{broken}{os.pathsep}{ring1.environment['PYTHONPATH']}"
    ring1.environment = ring1.environment | {"PYTHONPATH": path}
    line = refused(ring1, "run", HELLO, status=125)
    assert line.startswith("ring1: internal error: ModuleNotFoundError: ")
    assert line.endswith("(RING1_DEBUG=1 shows where)")
    environment = ring1.environment | {"RING1_DEBUG": "1"}
    done = subprocess.run(
        ring1.argv("run", HELLO), cwd=ring1.folder, env=environment, capture_output=True, timeout=SECONDS
    )
    assert b"Traceback" in done.stderr
    assert done.returncode == 125


def test_examples_are_where_these_tests_look() -> None:
    assert Path(HELLO).is_file()


@pytest.mark.parametrize(("signal", "status"), [(KeyboardInterrupt, 130), (Terminated, 143)])
def test_a_signal_while_classes_are_made(signal: type[BaseException], status: int) -> None:
    """Python 3.11 raises a RuntimeError for what `__set_name__` raises, as it does when modules are imported."""

    class Member:
        def __set_name__(self, owner: type, name: str) -> None:
            raise signal

    with pytest.raises((RuntimeError, signal)) as caught:
        type("Owner", (), {"member": Member()})
    assert complaint(caught.value).status == status
