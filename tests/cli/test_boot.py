"""`ring1 run` on boards: linked files, kernels with firmware, device trees, and what is refused."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import struct
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from ring1.dbt.cli.resume import resumed
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from tests.cli.conftest import ROOT, Command, Here
from tests.devices.test_tree import parsed
from tests.isa.elf.files import RISCV, File, Load

GCC = "riscv64-unknown-elf-gcc"
needs_gcc = pytest.mark.skipif(shutil.which(GCC) is None, reason=f"{GCC} is not installed")
BASE = 0x80000000
OFF = "li t0, 0x100000\nli t1, 0x5555\nsw t1, 0(t0)\n"
PASS, FAIL = "li t1, 1\n", "li t1, 0x55\n"
"""A value for tohost: the exit codes 0 and 42."""
TO_HOST = "li t0, 0x80001000\nsw t1, 0(t0)\n1: j 1b\n"


def code(text: str, at: int = BASE) -> bytes:
    return assemble(load("rv32"), [("a.s", text)], at).image


def elf(text: str, at: int = BASE, **more: object) -> bytes:
    """A linked file of a text."""
    given = {"entry": at, "flags": 0, **more}
    return File([Load(at, code(text, at))], **given).bytes()  # type: ignore[arg-type]


def test_a_linked_file_says_which_machine_it_is_for(here: Here) -> None:
    for engine in ("interp", "bt"):
        here("run", "--engine", engine, here.write("off.elf", elf(OFF)), status=0)
    assert "32 registers" in here("run", "--isa", "pg32", "off.elf", status=2).err
    here("compare", "--engines", "interp,bt", "off.elf", status=0)


@pytest.mark.parametrize(("text", "status"), [(PASS, 0), (FAIL, 42)])
def test_tohost_ends_a_program(here: Here, text: str, status: int) -> None:
    """Nothing else in its page does, nor an even word."""
    before = "li t0, 0x80001000\nli t1, 3\nsw t1, 4(t0)\nli t1, 6\nsw t1, 0(t0)\nsb t1, 1(t0)\n"
    here.write("test.elf", elf(before + text + TO_HOST, symbols=[("tohost", BASE + 0x1000, 0x11)]))
    for engine in ("interp", "bare", "bt", "hw"):
        here("run", "--engine", engine, "--max-insns", "100", "test.elf", status=status)
    assert here("compare", "--engines", "interp,bt,hw", "test.elf", status=0).out
    here("run", "--check", "test.elf", status=status)


def debugged(here: Here, name: str, commands: str) -> str:
    """What a debugger says."""
    return here("debug", name, "--batch", "-x", here.write("commands", commands + "\n"), status=0).out


def test_a_snapshot_ends_by_tohost_as_well(here: Here) -> None:
    """It was refused, as a machine for programs without the word has no such device."""
    here.write("test.elf", elf("li t2, 9\n" + FAIL + TO_HOST, symbols=[("tohost", BASE + 0x1000, 0x11)]))
    here("run", "--max-insns", "2", "--snapshot", "at.snap", "test.elf", status=121)
    for engine in ("interp", "bt"):
        here("resume", "--engine", engine, "--max-insns", "100", "at.snap", status=42)
    assert "exit code 42" in debugged(here, "at.snap", "continue")


def test_a_debugger_s_program_ends_by_tohost(here: Here) -> None:
    """It went on for ever."""
    here.write("test.elf", elf("li t2, 9\n" + FAIL + TO_HOST, symbols=[("tohost", BASE + 0x1000, 0x11)]))
    told = debugged(here, "test.elf", "continue\nreverse-stepi 2\ncontinue")
    assert told.count("exit code 42") == 2


@pytest.mark.parametrize("board", [[], ["--board", "least"]])
def test_snapshots_of_a_machine_with_ram_elsewhere(here: Here, board: list[str]) -> None:
    """All engines write the same file, and what RAM held is where it was."""
    text = "li t0, 0x80002ffc\nli t1, 77\nsw t1, 0(t0)\n1: addi t2, t2, 1\nli t3, 50\nbltu t2, t3, 1b\n"
    text += "lw t1, 0(t0)\nslli t1, t1, 16\nli t3, 0x3333\nor t1, t1, t3\nli t0, 0x100000\nsw t1, 0(t0)\n"
    here.write("a.elf", elf(text))
    for engine in ("interp", "bt", "hw"):
        snap = f"{engine}.snap"
        here("run", *board, "--engine", engine, "--max-insns", "60", "--snapshot", snap, "a.elf", status=121)
        assert (here.folder / snap).read_bytes() == (here.folder / "interp.snap").read_bytes()
        here("resume", "--engine", engine, "interp.snap", status=77)
    assert "exit code 77" in debugged(here, "interp.snap", "continue")


def test_what_is_known_of_a_resumed_program_is_where_ram_is(here: Here) -> None:
    """Its bytes were read from address 0."""
    text = "1: j 1b\n"
    here("run", "--max-insns", "60", "--snapshot", "a.snap", here.write("a.elf", elf(text)), status=121)
    given = argparse.Namespace(file=str(here.folder / "a.snap"), isa=None, disk=None, snapshot_at=None)
    vm, guest = resumed(given)
    with closing(vm):
        assert (guest.base, guest.image[: len(code(text))]) == (BASE, code(text))
        assert guest.program.base == BASE


def test_blocks_that_reach_devices_in_memory_are_checked(here: Here) -> None:
    """They were said to trap, as what follows them knew no devices there."""
    text = "li t0, 0x10000000\nli t1, 65\nsb t1, 0(t0)\nlbu t2, 5(t0)\nli t0, 0x2004000\nsw t2, 0(t0)\nlw t3, 0(t0)\n"
    here.write("a.elf", elf(text + OFF))
    for engine in ("bare", "bt", "trap", "hw"):
        assert here("run", "--engine", engine, "--check", "a.elf", status=0).out == "A"


def test_a_program_begins_at_its_entry(here: Here) -> None:
    text = "1: j 1b\n.balign 16\n" + OFF
    here("run", "--max-insns", "1k", here.write("at.elf", elf(text, entry=BASE + 16)), status=0)


@pytest.mark.parametrize("flags", [0, 4, 6])
def test_what_a_segment_permits_is_left_to_the_program(here: Here, flags: int) -> None:
    """A file whose only segment is not executable was refused, as linker scripts make them that name no flags."""
    data = File([Load(BASE, code(OFF), flags)], BASE, 0).bytes()
    here("run", "--max-insns", "1k", here.write("a.elf", data), status=0)


def test_a_kernel_s_virtual_entry(here: Here) -> None:
    data = File([Load(BASE, code("1: j 1b\n" + OFF), virtual=0xC0000000)], 0xC0000004, 0).bytes()
    here("run", "--max-insns", "1k", here.write("v.elf", data), status=0)


def test_an_entry_in_physical_memory_of_a_file_with_other_virtual_addresses(here: Here) -> None:
    """It was refused: only a virtual entry was looked for."""
    data = File([Load(BASE, code("1: j 1b\n" + OFF), virtual=0xC0000000)], BASE + 4, 0).bytes()
    here("run", "--max-insns", "1k", here.write("p.elf", data), status=0)


def overlapping() -> bytes:
    return File([Load(BASE, bytes(64)), Load(BASE + 32, bytes(64))], BASE, 0).bytes()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (elf(OFF, flags=2), "floating-point"),
        (elf(OFF, machine=62), "an ELF file for X86_64, not for RISC-V"),
        (elf(OFF, ident=b"\x7fELF\x02\x01\x01" + bytes(9)), ""),
        (elf(OFF, kind=3), "linked to run anywhere"),
        (elf(OFF)[:90], "cut off"),
        (elf(OFF, entry=BASE + 1), "its entry, 0x80000001, is not where an instruction is"),
        (elf(OFF, entry=0x1000), "its entry, 0x1000, is not where an instruction is"),
        (overlapping(), "two segments have address 0x80000020"),
        (
            File([Load(0x1000, bytes(64))], 0x1000, 0).bytes(),
            "its segment at 0x1000 does not fit: RAM begins at 0x80000000",
        ),
        (File([Load(BASE, bytes(64), size=1 + (1 << 31))], BASE, 0).bytes(), "does not fit"),
        (File([Load(BASE, bytes(64), size=1 << 30)], BASE, 0).bytes(), "--mem gives more"),
    ],
)
def test_linked_files_that_are_refused(here: Here, data: bytes, why: str) -> None:
    done = here("run", "--isa", "rv32", here.write("bad.elf", data), status=2)
    assert why in done.err


def test_compressed_instructions_are_for_a_machine_that_has_them(here: Here) -> None:
    """A file may have them or not; where the description has one length only, the file must not."""
    for flags, text in ((1, OFF.replace("\nsw", "\nc.nop\nsw")), (1, OFF), (0, OFF)):
        here("run", "--engine", "bt", here.write("off.elf", elf(text, flags=flags)), status=0)
    whole, part = Path(load("rv32").path), Path(load("rv32u").path)
    before, _, rest = part.read_text().partition("words 16 when word[1:0] != 3 else 32;\n")
    middle, _, behind = rest.partition("// --- RV32C")
    without = before + middle + behind[behind.index("// --- Zicsr") :]
    here.write("rv32u.isa", "".join(line for line in without.splitlines(True) if '"c.nop"' not in line))
    here.write("rv32ima.isa", whole.read_text().replace("isa rv32 ", "isa rv32ima "))
    here("run", "--isa", "rv32ima.isa", here.write("off.elf", elf(OFF)), status=0)
    done = here("run", "--isa", "rv32ima.isa", here.write("bad.elf", elf(OFF, flags=1)), status=2)
    assert "it has compressed instructions: compile and link it with -march=rv32ima_zicsr_zifencei" in done.err


KERNEL = """
        .equ KERNEL, 0x80400000
        .macro call_ number, function
        li a7, \\number
        li a6, \\function
        ecall
        .endm
        mv s0, a0               # the hart
        lw s1, 0(a1)            # the device tree's magic number
        call_ 0x10, 0           # version 0.3
        li t0, 3
        bne a1, t0, bad
        li a0, 0x54494d45
        call_ 0x10, 3           # there is TIME
        beqz a1, bad
        li a0, 0x12345678
        call_ 0x10, 3           # there is no such thing
        bnez a1, bad
        call_ 0x12345678, 0
        li t0, -2
        bne a0, t0, bad
        lui t0, %hi(tick)
        addi t0, t0, %lo(tick)
        csrw stvec, t0
        li t0, 0x22
        csrw sie, t0
        csrsi sstatus, 2
        rdtime a0
        addi a0, a0, 1000
        rdtimeh a1
        call_ 0x54494d45, 0
        wfi
        nop
        li a0, 1                # hart 0
        li a1, 0
        call_ 0x735049, 0
        nop
        mv a0, s2
        call_ 1, 0              # T, then I
        mv a0, s3
        call_ 1, 0
        call_ 2, 0              # what is typed
        call_ 1, 0
        call_ 2, 0
        li t0, -1
        bne a0, t0, bad
        li t0, 0xedfe0dd0
        bne s1, t0, bad
        bnez s0, bad
        call_ 8, 0
bad:    li a0, 0
        li a1, 1
        call_ 0x53525354, 0
        .balign 4
tick:   csrr t0, scause
        slli t0, t0, 1
        addi t0, t0, -2
        beqz t0, software
        li s2, 84
        li a0, -1
        li a1, -1
        call_ 0x54494d45, 0
        sret
software:
        li s3, 73
        li t0, 2
        csrc sip, t0
        sret
"""


def test_a_kernel_is_booted_by_ring1_s_firmware(ring1: Command) -> None:
    ring1.write("kernel", code(KERNEL, 0x80400000))
    for engine in ("interp", "bare", "bt"):
        done = ring1("run", "--engine", engine, "--kernel", "kernel", "--max-insns", "1M", stdin=b"x")
        assert (done.out, done.err, done.status) == ("TIx", "", 0), engine
    done = ring1("run", "--board", "least", "--kernel", "kernel", "--max-insns", "1M", stdin=b"x", status=0)
    assert done.out == "TIx"
    ring1("compare", "--engines", "interp,bt", "--kernel", "kernel", stdin=b"x", status=0)


def test_the_board_for_xv6_has_its_disk_first(here: Here) -> None:
    """It ends with 40 and the kind of its first virtio device, and the last byte of RAM can be written."""
    text = "li t0, 0x87ffffff\nsb zero, 0(t0)\nli t0, 0x10001000\nlw t1, 8(t0)\naddi t1, t1, 40\nslli t1, t1, 16\n"
    here.write("kernel", code(text + "li t2, 0x3333\nor t1, t1, t2\nli t0, 0x100000\nsw t1, 0(t0)\n"))
    here.write("fs.img", bytes(4096))
    board = str(ROOT / "examples/rv32/xv6.board")
    here("run", "--firmware", "none", "--kernel", "kernel", "--board", board, "--disk", "fs.img", status=42)
    here("run", "--firmware", "none", "--kernel", "kernel", "--board", board, status=40)


def test_a_kernel_without_firmware_begins_in_the_mode_of_reset(here: Here) -> None:
    here.write("kernel", code("csrr t0, mstatus\n" + OFF))
    here("run", "--firmware", "none", "--kernel", "kernel", "--max-insns", "1k", status=0)
    here("run", "--firmware", here.write("own", code(OFF)), "--max-insns", "1k", status=0)


def test_a_device_tree_is_written_and_given_back(here: Here, tmp_path: Path) -> None:
    here("run", "--isa", "rv32", "--dump-dtb", "own.dtb", "--append", "quiet", status=0)
    blob = (tmp_path / "own.dtb").read_bytes()
    assert blob[:4] == b"\xd0\x0d\xfe\xed" and b"quiet\0" in blob
    # The kernel powers off if the device tree is as long as it was.
    size = struct.unpack_from(">I", blob, 4)[0]
    text = f"lbu t0, 7(a1)\nlbu t1, 6(a1)\nslli t1, t1, 8\nor t0, t0, t1\nli t1, {size}\n1: bne t0, t1, 1b\n{OFF}"
    here.write("kernel", code(text, 0x80400000))
    here("run", "--kernel", "kernel", "--dtb", "own.dtb", "--max-insns", "10k", status=0)
    here("run", "--kernel", "kernel", "--max-insns", "10k", status=121)


@pytest.mark.parametrize(
    ("kernel", "begin"),
    [
        ([], 0x82400000),  # 4 MiB behind the beginning of RAM, and half of RAM behind that
        (["--kernel", "kernel", "--firmware", "none"], 0x82000000),
        (["--kernel", "kernel"], 0x82400000),
        (["--kernel", "kernel.elf"], 0x82800000),
        (["--kernel", "kernel", "--mem", "512M"], 0x88400000),  # 128 MiB, and no more
    ],
)
def test_a_written_device_tree_has_the_initial_file_system(
    here: Here, tmp_path: Path, kernel: list[str], begin: int
) -> None:
    """It had none, unlike that of a run."""
    at = BASE if "none" in kernel else 0x80400000
    here.write("kernel", code(OFF, at))
    here.write("kernel.elf", elf(OFF, 0x80800000))
    here.write("fs", bytes(5000))
    here("run", "--isa", "rv32", "--dump-dtb", "own.dtb", "--initrd", "fs", *kernel, status=0)
    chosen = parsed((tmp_path / "own.dtb").read_bytes())["chosen"]
    found = struct.unpack(">2I", chosen["linux,initrd-start"] + chosen["linux,initrd-end"])
    assert found == (begin, begin + 5000)
    if "--kernel" in kernel:  # the kernel powers off if the tree that it is given is as long as this one
        size = len((tmp_path / "own.dtb").read_bytes())
        text = f"lbu t0, 7(a1)\nlbu t1, 6(a1)\nslli t1, t1, 8\nor t0, t0, t1\nli t1, {size}\n1: bne t0, t1, 1b\n{OFF}"
        here.write("kernel", code(text, at))
        here.write("kernel.elf", elf(text, 0x80800000))
        here("run", "--initrd", "fs", *kernel, "--max-insns", "10k", status=0)


def test_a_linked_kernel_is_where_it_is_linked_for(here: Here) -> None:
    """It was taken to begin at the beginning of RAM, where the firmware is."""
    here.write("kernel.elf", elf("csrr t0, sstatus\n" + OFF, 0x80800000))
    here("run", "--kernel", "kernel.elf", "--max-insns", "10k", status=0)
    here.write("kernel.elf", elf(OFF))
    assert "the firmware and the kernel are both" in here("run", "--kernel", "kernel.elf", status=2).err


def test_no_device_tree_has_what_does_not_fit(here: Here, tmp_path: Path) -> None:
    here.write("fs", bytes(8 << 20))
    done = here("run", "--isa", "rv32", "--dump-dtb", "own.dtb", "--initrd", "fs", "--mem", "8M", status=2)
    assert "the initial file system is at 0x80800000" in done.err and not (tmp_path / "own.dtb").exists()


def test_a_command_line_is_bytes(here: Here, tmp_path: Path) -> None:
    """What is no UTF-8 was an internal error."""
    here("run", "--isa", "rv32", "--dump-dtb", "own.dtb", "--append", os.fsdecode(b"root=\xff\xfe"), status=0)
    assert b"root=\xff\xfe\0" in (tmp_path / "own.dtb").read_bytes()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (
            ("--kernel", "kernel", "--initrd", "large", "--mem", "8M"),
            "the initial file system is at 0x80800000 to 0x80ffffff",
        ),
        (("--kernel", "kernel", "--mem", "4M"), "the kernel is at 0x80400000"),
        (
            ("--kernel", "kernel", "--initrd", "large", "--mem", "24M"),
            "the initial file system and the device tree are both",
        ),
        (("--kernel", "kernel", "--dtb", "kernel"), "kernel: not a device tree"),
        (("--kernel", "absent"), "absent: No such file"),
        (("--kernel", "empty"), "empty: empty"),
        (("--kernel", "kernel", "kernel"), "in the place of a program"),
        (("--append", "x", "kernel.elf"), "--append: for which kernel?"),
        (("--initrd", "large", "kernel.elf"), "--initrd: for which kernel?"),
        (("--dtb", "large", "kernel.elf"), "--dtb: for what?"),
        (("--firmware", "none"), "then there must be a kernel"),
        (("--isa", "pg32", "--kernel", "kernel"), "pg32 has no board"),
        (("--isa", "pg32", "--board", "virt", "a.s"), "pg32 has its devices behind ports"),
        (("--board", "nothing", "kernel.elf"), "no such board; there are least, virt"),
        (("--board", "bare.board", "--kernel", "kernel"), "ring1's firmware needs a ns16550"),
        (("--board", "least", "--disk", "large", "kernel.elf"), "the board least has no disk"),
    ],
)
def test_what_cannot_be_booted(here: Here, options: tuple[str, ...], why: str) -> None:
    here.write("kernel", code(OFF, 0x80400000))
    here.write("kernel.elf", elf(OFF))
    here.write("large", bytes(8 << 20))
    here.write("empty", b"")
    here.write("a.s", "nop\n")
    here.write("bare.board", 'board bare "none";\n')
    done = here("run", *options, status=2)
    assert why in done.err, done.err


@pytest.mark.parametrize("tool", ["gzip", "bz2", "lzma"])
def test_a_compressed_kernel_is_not_executed(here: Here, tool: str) -> None:
    """QEMU executes it, and ring1 did: an illegal instruction, taken to a handler that is not there."""
    here.write("kernel", importlib.import_module(tool).compress(code(OFF, 0x80400000)))
    called = {"gzip": "gzip", "bz2": "bzip2", "lzma": "xz"}[tool]
    for options in (("--kernel", "kernel"), ("--firmware", "kernel"), ("--firmware", "none", "--kernel", "kernel")):
        done = here("run", *options, status=2)
        assert f"kernel: compressed, and nothing unpacks it here: `{called} -d` does" in done.err


LINKED = """
extern char message[];
static void put(char c) { *(volatile char *)0x10000000 = c; }
char message[] = "linked\\n";
int counter;
int main(void) { for (char *p = message; *p; p++) { put(*p); counter++; } return counter; }
"""
START = """
        .globl _start
_start: .option push
        .option norelax
        la gp, __global_pointer$
        .option pop
        la sp, stack
        call main
        li t0, 0x3333
        slli a0, a0, 16
        or a0, a0, t0
        li t0, 0x100000
        sw a0, 0(t0)
        .bss
        .space 1024
stack:
"""


@needs_gcc
def test_a_program_that_gcc_has_linked(ring1: Command, tmp_path: Path) -> None:
    sources = [str(ring1.write("main.c", LINKED)), str(ring1.write("start.S", START))]
    flags = [
        "-march=rv32ima_zicsr",
        "-mabi=ilp32",
        "-mcmodel=medany",
        "-O2",
        "-nostdlib",
        "-static",
        f"-Wl,-Ttext={BASE:#x}",
    ]
    subprocess.run([GCC, *flags, "-Wl,-e,_start", *sources, "-o", str(tmp_path / "a.out")], check=True)
    done = ring1("run", "--stats", "a.out", status=7)
    assert done.out == "linked\n"
    assert "main" in ring1("run", "--trace", "-", "a.out", status=7).err
    assert RISCV == 243
