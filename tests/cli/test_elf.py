"""`ring1 run prog.elf`: programs linked by GNU's linker, with ring1's C library, with picolibc, in C++."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.isa.elf.files import File, Load, code

ROOT = Path(__file__).parents[2]
ELF, RT = ROOT / "examples" / "c" / "elf", ROOT / "examples" / "c" / "rt"
GCC, GXX, AR = (f"riscv64-unknown-elf-{tool}" for tool in ("gcc", "g++", "ar"))
MACHINE = ["-march=rv32em", "-mabi=ilp32e", "-O2"]
PICOLIBC = Path("/usr/lib/picolibc/riscv64-unknown-elf")
OWN = f"-isystem{RT / 'include'}"
needs_gcc = pytest.mark.skipif(not (shutil.which(GCC) and shutil.which("gcc")), reason=f"gcc or {GCC} is not installed")
needs_picolibc = pytest.mark.skipif(
    not (PICOLIBC / "lib/release/rv32em/ilp32e/libc.a").exists(), reason="picolibc-riscv64-unknown-elf is not installed"
)


def gcc(*arguments: object, tool: str = GCC) -> None:
    done = subprocess.run([tool, *MACHINE, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The start-up, and ring1's C library as an archive."""
    folder = tmp_path_factory.mktemp("elf")
    gcc(f"-Wa,-I{ELF},-I{RT}", "-c", ELF / "crt0.s", "-o", folder / "crt0.o")
    made = []
    for source in sorted([*RT.glob("*.c"), RT / "setjmp.s"]):
        made.append(folder / f"{source.stem}.o")
        gcc("-ffreestanding", OWN, "-c", source, "-o", made[-1])
    subprocess.run([AR, "rc", folder / "librt.a", *made], check=True)
    return folder


def native(source: Path, folder: Path, stdin: bytes, *arguments: str) -> tuple[str, int]:
    """Output and exit code of a program built for this machine."""
    subprocess.run(["gcc", "-O2", "-w", "-o", str(folder / "native"), str(source), "-lm"], check=True)
    done = subprocess.run([str(folder / "native"), *arguments], input=stdin, capture_output=True, check=False)
    return done.stdout.decode(), done.returncode


def linked(objects: Path, output: Path, *sources: Path, tool: str = GCC, more: tuple[object, ...] = ()) -> Path:
    """A program with ring1's C library, linked by GNU's linker."""
    script = ("-T", ELF / "pg32.ld", "-nostdlib")
    gcc(*more, OWN, *script, objects / "crt0.o", *sources, objects / "librt.a", "-lgcc", "-o", output, tool=tool)
    return output


PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
static __thread int counter = 40;
__thread char zeros[100];
static void last(void) { puts("last"); }
__attribute__((constructor(200))) static void second(void) { puts("second"); }
__attribute__((constructor(101))) static void first(void) { puts("first"); atexit(last); }
__attribute__((destructor)) static void gone(void) { puts("gone"); }
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int pick(int n) {
    switch (n) {
    case 0: return 5; case 1: return 7; case 2: return 11; case 3: return 13; case 4: return 17; default: return n;
    }
}
int main(int argc, char **argv) {
    int numbers[] = {5, 3, 9, 1};
    qsort(numbers, 4, sizeof *numbers, compare);
    for (int i = 0; i < 4; i++) printf("%d ", numbers[i]);
    char *copy = malloc(100);
    strcpy(copy, "copied");
    printf("%s %.6f %lld %x %d\\n", copy, sin(1.0), 1234567890123LL * 3, 0xbeef, pick(argc) + pick(3));
    for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
    for (int i = 0; i < 100; i++) counter += zeros[i];
    counter += 2;
    printf(" %d %d\\n", argc, argv[argc] == 0);
    return counter;
}
"""


@pytest.mark.soak
@needs_gcc
def test_a_program_with_ring1_s_library(ring1: Command, objects: Path, tmp_path: Path) -> None:
    source = ring1.write("prog.c", PROGRAM)
    linked(objects, tmp_path / "prog.elf", source)
    wanted = native(source, tmp_path, b"", "a b", "", "c")
    assert wanted[1] == 42 and wanted[0].endswith("last\ngone\n")
    for engine in ("bt", "interp", "hw"):
        done = ring1("run", "--engine", engine, "prog.elf", "--", "a b", "", "c")
        assert (done.out, done.status, done.err) == (*wanted, "")
    assert ring1("run", "--check", "prog.elf", "--", "a b", "", "c").out == wanted[0]


@pytest.mark.soak
@needs_gcc
@pytest.mark.parametrize("name", ["lisp", "matrix", "expr"])
def test_examples(ring1: Command, objects: Path, tmp_path: Path, name: str) -> None:
    source = ROOT / "examples" / "c" / f"{name}.c"
    text = source.with_suffix(".txt")
    stdin = text.read_bytes() if text.exists() else b""
    linked(objects, tmp_path / "prog.elf", source)
    done = ring1("run", "prog.elf", stdin=stdin)
    assert (done.out, done.status) == native(source, tmp_path, stdin)


@needs_gcc
@needs_picolibc
def test_a_program_with_picolibc(ring1: Command, objects: Path, tmp_path: Path) -> None:
    source = ring1.write("prog.c", PROGRAM)
    include, library = f"-isystem{PICOLIBC / 'include'}", PICOLIBC / "lib/release/rv32em/ilp32e"
    layer = [ELF / "begin.c", ELF / "syscalls.c", ELF / "picolibc.c"]
    script = ("-T", ELF / "pg32.ld", "-nostdlib")
    libraries = ("-L", library, "-Wl,--start-group", "-lc", "-lm", "-lgcc", "-Wl,--end-group")
    gcc("-g", include, *script, objects / "crt0.o", source, *layer, *libraries, "-o", tmp_path / "prog.elf")
    wanted = native(source, tmp_path, b"", "x")
    done = ring1("run", "prog.elf", "--", "x")
    assert (done.out, done.status, done.err) == (*wanted, "")


@needs_gcc
@pytest.mark.skipif(shutil.which(GXX) is None, reason=f"{GXX} is not installed")
def test_a_program_in_cxx(ring1: Command, objects: Path, tmp_path: Path) -> None:
    source = ring1.write(
        "prog.cc",
        """
#include <stdio.h>
struct Base {
    const char *name;
    Base(const char *name) : name(name) { printf("+%s\\n", name); }
    virtual int value() { return 1; }
    virtual ~Base() { printf("-%s\\n", name); }
};
struct Derived : Base {
    using Base::Base;
    int value() override { return 41; }
};
static Base one("one");
static Derived two("two");
static int local() { static Derived made("local"); return made.value(); }
template <typename T> T twice(T a) { return a + a; }
int main() {
    Base *some = new Derived("heap");
    int sum = some->value() + one.value() + local() + local() + twice(3) + two.value();
    delete some;
    return sum & 127;
}
""",
    )
    flags = ("-fno-exceptions", "-fno-rtti")
    linked(objects, tmp_path / "prog.elf", source, ELF / "cxx.cc", tool=GXX, more=flags)
    done = ring1("run", "prog.elf", status=(41 * 4 + 1 + 6) & 127)
    assert done.out == "+one\n+two\n+heap\n+local\n-heap\n-local\n-two\n-one\n"


@needs_gcc
def test_an_overflowing_stack_is_told(ring1: Command, objects: Path, tmp_path: Path) -> None:
    source = ring1.write(
        "deep.c",
        "#include <stdio.h>\nstatic int deep(int n) { volatile int a[64]; a[n & 63] = n;\n"
        "return n ? deep(n - 1) + a[n & 63] : 0; }\n"
        'int main(int argc, char **argv) { printf("%d\\n", deep(1000)); return deep(argc > 1 ? 1000000 : 10) > 0; }\n',
    )
    linked(objects, tmp_path / "deep.elf", source)
    assert ring1("run", "deep.elf", status=1).out == "500500\n"
    done = ring1("run", "deep.elf", "--", "more", status=120)
    assert done.out == "500500\nstack overflow\n"
    assert "bus_error" in done.err and "(deep+" in done.err
    linked(objects, tmp_path / "large.elf", source, more=("-Wl,--defsym=__stack_size=0x800000",))
    assert "stack overflow" in ring1("run", "large.elf", "--", "more", status=120).out


@needs_gcc
def test_names_of_a_linked_file(ring1: Command, objects: Path, tmp_path: Path) -> None:
    source = ring1.write(
        "spin.c",
        "volatile unsigned sum;\n__attribute__((noinline)) void spin(unsigned n) { while (n--) sum += n * n; }\n"
        "int main(void) { spin(3000000); return 3; }\n",
    )
    linked(objects, tmp_path / "spin.elf", source)
    assert "spin" in ring1("run", "--stats", "spin.elf", status=3).err
    assert "block" in ring1("translate", "spin.elf").out and " main" in ring1("translate", "spin.elf").out
    ring1("run", "--trace", "trace.txt", "--max-insns", "200", "spin.elf", status=121)
    assert "_start" in (tmp_path / "trace.txt").read_text()


@needs_gcc
def test_a_file_without_the_end_of_a_name(ring1: Command, objects: Path, tmp_path: Path) -> None:
    source = ring1.write("seven.c", "int main(void) { return 7; }\n")
    linked(objects, tmp_path / "a.out", source)
    ring1("run", "a.out", status=7)
    (tmp_path / "a.out").rename(tmp_path / "seven")
    ring1("run", "seven", status=7)


@needs_gcc
def test_wrong_kinds_of_files(ring1: Command, tmp_path: Path) -> None:
    source = ring1.write("main.c", "int main(void) { return 0; }\nvoid _start(void) { main(); }\n")
    for flags, why in (
        (["-march=rv64im", "-mabi=lp64"], "64 bits"),
        (["-march=rv32im", "-mabi=ilp32"], "32 registers"),
        (["-march=rv32emc", "-mabi=ilp32e"], "compressed"),
        (["-march=rv32em", "-mabi=ilp32e", "-r"], "not linked"),
    ):
        subprocess.run([GCC, *flags, "-nostdlib", "-o", str(tmp_path / "prog.elf"), str(source)], check=True)
        done = ring1("run", "--isa", "pg32", "prog.elf", status=2)
        assert done.err.startswith("ring1: prog.elf: ") and why in done.err, (flags, done.err)
    done = ring1(
        "run", "--mem", "64K", ring1.write("x.elf", File([Load(0x20000, code(0x6F))], 0x20000).bytes()), status=2
    )
    assert "--mem gives more" in done.err
    assert ring1("run", ring1.write("y.elf", b"nothing"), status=2).err == f"ring1: {tmp_path}/y.elf: not an ELF file\n"
    assert "whole program" in ring1("run", "prog.elf", "main.c", status=2).err


def test_a_zero_divisor_traps_as_pg32_s_does(ring1: Command) -> None:
    image = File([Load(0x1000, code(0x02054533))], 0x1000).bytes()  # div a0, a0, zero
    done = ring1("run", ring1.write("div.elf", image), status=120)
    assert "divzero" in done.err


def test_arguments_are_refused_where_nobody_takes_them(ring1: Command) -> None:
    image = File([Load(0x1000, code(0x0000006F))], 0x1000).bytes()
    done = ring1("run", ring1.write("loop.elf", image), "--", "a", status=2)
    assert "takes no arguments" in done.err
