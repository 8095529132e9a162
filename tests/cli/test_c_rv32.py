"""C on RV32: the library of PG32, compiled for the machine itself, with the board's devices."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_c import EXAMPLES, ROOT, execute, native, needs_compilers

QEMU = shutil.which("qemu-system-riscv32")
BOARD = ("-M", "virt", "-m", "64", "-display", "none", "-monitor", "none", "-serial", "stdio", "-bios")
MORE = ("bt --mmu softtlb", "bare", "trap", "hybrid", "hw", "bt --board least", "bt --check")
PROGRAM = """
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static jmp_buf place;
static __thread int counter = 40;
static int deep(int n) { volatile char room[100]; room[n % 100] = 1; return n ? deep(n - 1) + room[n % 100] : 0; }
static void last(void) { puts("last"); }
__attribute__((constructor)) static void first(void) { puts("first"); atexit(last); }
int main(int argc, char **argv) {
    for (int i = 0; i < argc; i++) printf("[%s]", argv[i]);
    register int kept = argc * 3, also = argc * 5;
    int again = setjmp(place);
    if (again < 3) longjmp(place, again + 1);
    printf(" %d %d %d %d\\n", again, kept, also, counter += 2);
    time_t before = time(NULL);
    sleep(2);
    printf("slept %ld\\n", (long)(time(NULL) - before));
    char line[100];
    while (fgets(line, sizeof line, stdin)) printf("<%s>", line);
    printf(" eof %d\\n", feof(stdin));
    memset(malloc(1 << 20), 1, 1 << 20);
    if (argc > 1 && !strcmp(argv[1], "deep")) return deep(1000000);
    if (argc > 1 && !strcmp(argv[1], "wild")) *(volatile int *)4 = 1;
    return 42;
}
"""


@pytest.mark.soak
@needs_compilers
@pytest.mark.parametrize("source", EXAMPLES, ids=lambda path: path.stem)
def test_examples_print_what_they_print_natively(source: Path, tmp_path: Path) -> None:
    text = source.with_suffix(".txt")
    stdin = text.read_bytes() if text.exists() else b"to be or not to be\nthat is\n"
    done = execute("run", "--isa", "rv32", source, stdin=stdin)
    assert done.stderr == b""
    assert (done.stdout, done.returncode) == native(source, tmp_path, stdin)


@needs_compilers
@pytest.mark.parametrize("how", ["interp", "bt", *(pytest.param(way, marks=pytest.mark.soak) for way in MORE)])
def test_arguments_input_and_status(ring1: Command, how: str) -> None:
    ring1.write("prog.c", PROGRAM)
    done = ring1(
        "run", "--isa", "rv32", "--engine", *how.split(), "prog.c", "--", "x", "y z", stdin=b"a\nbb\nccc", status=42
    )
    assert done.out == "first\n[prog.c][x][y z] 3 9 15 42\nslept 2\n<a\n><bb\n><ccc> eof 1\nlast\n"
    assert done.err == ""


@needs_compilers
def test_a_full_stack_and_a_wild_pointer_are_told(ring1: Command) -> None:
    ring1.write("prog.c", PROGRAM)
    done = ring1("run", "--isa", "rv32", "prog.c", "--", "deep", status=120)
    assert done.out.endswith("stack overflow\n") and "store_access" in done.err and "(deep+" in done.err
    done = ring1("run", "--isa", "rv32", "prog.c", "--", "wild", status=120)
    assert "stack" not in done.out and "unhandled trap: store_access (cause 7, value 0x4)" in done.err


@pytest.mark.soak
@needs_compilers
def test_images_and_comparison(ring1: Command) -> None:
    ring1.write("prog.c", PROGRAM)
    ring1("cc", "--isa", "rv32", "prog.c", status=0)
    assert "[prog.bin][x]" in ring1("run", "--isa", "rv32", "prog.bin", "--", "x", status=42).out
    assert "equivalent" in ring1("compare", "--isa", "rv32", "--engines", "interp,bt", "prog.c", status=0).out
    assert "(deep+" in ring1("run", "--isa", "rv32", "prog.bin", "--", "deep", status=120).err
    assert "main:" in ring1("disasm", "--isa", "rv32", "prog.bin", status=0).out
    assert "lui" in ring1("cc", "--isa", "rv32", "-S", "prog.c", "-o", "-", status=0).out
    ring1.write("main.s", "        .globl main\nmain: lw a0, 4(a1)\n        lbu a0, 0(a0)\n        ret\n")
    ring1("run", "--isa", "rv32", "main.s", "--", "A", status=ord("A"))


@needs_compilers
@pytest.mark.skipif(QEMU is None, reason="qemu-system-riscv32 is not installed")
def test_an_image_runs_under_qemu_as_well(ring1: Command, tmp_path: Path) -> None:
    ring1("cc", "--isa", "rv32", ROOT / "examples" / "c" / "matrix.c", "-o", tmp_path / "prog.bin", status=0)
    command = ["qemu-system-riscv32", *BOARD, str(tmp_path / "prog.bin")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    own = execute("run", "--isa", "rv32", tmp_path / "prog.bin")
    assert (done.stdout, done.returncode) == (own.stdout, own.returncode) and own.stdout


@needs_compilers
def test_input_that_is_late_is_waited_for(ring1: Command, tmp_path: Path) -> None:
    """The processor halts meanwhile: the time that is waited costs no instructions."""
    source = ring1.write(
        "echo.c", "#include <stdio.h>\nint main(void) { int c; while ((c = getchar()) != EOF) putchar(c); return 3; }\n"
    )
    ring1("run", "--isa", "rv32", source, status=3)  # what is compiled is kept
    command = [sys.executable, "-m", "ring1", "run", "--isa", "rv32", "--stats", str(source)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        assert process.stdin is not None
        for word in ("one\n", "two\n"):
            time.sleep(0.5)
            process.stdin.write(word)
            process.stdin.flush()
        out, err = process.communicate(timeout=60)
    assert (out, process.returncode) == ("one\ntwo\n", 3)
    count = next(line for line in err.splitlines() if "instructions  " in line)
    assert int(count.split()[-1].replace(",", "")) < 20_000


def test_without_the_compiler_the_package_is_named(tmp_path: Path) -> None:
    source = tmp_path / "main.c"
    source.write_text(f"/* {tmp_path} */ int main(void) {{ return 0; }}\n")
    done = execute("run", "--isa", "rv32", source, path=str(tmp_path))
    assert done.returncode == 2 and b"gcc-riscv64-unknown-elf" in done.stderr


def test_what_a_board_lacks(ring1: Command) -> None:
    ring1.write("small.board", 'board small "small"; hart "rv32ima" mmu "none" timebase 1; ram 0x1000000;\n')
    ring1.write("main.s", "        .globl main\nmain: ret\n")
    done = ring1("run", "--isa", "rv32", "--board", "small.board", "main.s", status=2)
    assert "C programs need a ns16550, which the board small has not" in done.err
