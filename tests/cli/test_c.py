"""C on the toy machine: the same sources natively and on PG32 print the same, and what cannot be built is explained."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "c").glob("*.c"))
CROSS = shutil.which("riscv64-unknown-elf-gcc")
NATIVE = shutil.which("gcc")
needs_compilers = pytest.mark.skipif(
    not (CROSS and NATIVE), reason="needs gcc and riscv64-unknown-elf-gcc (package gcc-riscv64-unknown-elf)"
)


def execute(*arguments: str | Path, stdin: bytes = b"", path: str | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command line to its end."""
    environment = {**os.environ} if path is None else {**os.environ, "PATH": path}
    command = [sys.executable, "-m", "ring1", *map(str, arguments)]
    return subprocess.run(
        command, input=stdin, capture_output=True, cwd=ROOT, env=environment, timeout=120, check=False
    )


def native(source: Path, folder: Path, stdin: bytes) -> tuple[bytes, int]:
    """Output and exit code of a program built for this machine."""
    built = folder / "native"
    subprocess.run(["gcc", "-O2", "-w", "-o", str(built), str(source), "-lm"], check=True)
    done = subprocess.run([str(built)], input=stdin, capture_output=True, check=False)
    return done.stdout, done.returncode


@needs_compilers
@pytest.mark.parametrize("source", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("engine", ["bt", "bare"])
def test_examples_print_what_they_print_natively(source: Path, engine: str, tmp_path: Path) -> None:
    text = source.with_suffix(".txt")
    stdin = text.read_bytes() if text.exists() else b"to be or not to be\nthat is\n"
    done = execute("run", "--engine", engine, source, stdin=stdin)
    assert done.stderr == b""
    assert (done.stdout, done.returncode) == native(source, tmp_path, stdin)


@needs_compilers
def test_cc_writes_an_image_that_runs(tmp_path: Path) -> None:
    source, image = tmp_path / "answer.c", tmp_path / "answer.bin"
    source.write_text('#include <stdio.h>\nint main(void) { printf("%d\\n", 6 * SEVEN); return 3; }\n')
    assert execute("cc", source, "-DSEVEN=7", "-O1", "-o", image).returncode == 0
    done = execute("run", "--quiet", image)
    assert (done.stdout, done.returncode) == (b"42\n", 3)


@needs_compilers
def test_run_compiles_with_the_flags_that_it_is_given(tmp_path: Path) -> None:
    source, header = tmp_path / "main.c", tmp_path / "include" / "six.h"
    header.parent.mkdir()
    header.write_text("#define SIX 6\n")
    source.write_text(
        '#include "six.h"\n#ifdef __OPTIMIZE__\nenum { DONE = 1 };\n#else\nenum { DONE = 2 };\n#endif\n'
        "int main(void) { return SIX * SEVEN + DONE; }\n"
    )
    flags = ("-I", header.parent, "-D", "SEVEN=7")
    assert execute("run", *flags, source).returncode == 43
    assert execute("run", *flags, "-O0", source).returncode == 44
    assert execute("run", *flags[:3], "SEVEN=8", source).returncode == 49
    for wrong, said in (("-O9z", b"-O"), ("-D", b"macro name"), ("-I", b"six.h")):
        given = ("-O2", wrong, "") if wrong in ("-D", "-I") else (wrong,)
        done = execute("run", *given, source)
        assert done.returncode == 2 and said in done.stderr and b"Traceback" not in done.stderr


@needs_compilers
def test_cc_does_not_write_over_a_source(tmp_path: Path) -> None:
    source, text = tmp_path / "main.c", "int main(void) { return 0; }\n"
    source.write_text(text)
    for output in (source, tmp_path / "other.c", tmp_path / "other.s"):
        done = execute("cc", source, "-o", output)
        assert done.returncode == 2 and b"would be overwritten" in done.stderr
    assert source.read_text() == text and os.listdir(tmp_path) == ["main.c"]
    assert execute("cc", "-S", source, "-o", tmp_path / "other.s").returncode == 0
    assert execute("cc", "-S", source, "-o", source).returncode == 2
    assert execute("cc", source, "-o", "/dev/full").returncode == 124
    assert execute("cc", tmp_path, "-o", "-").stderr.startswith(b"ring1: ")


@needs_compilers
def test_what_is_neither_c_nor_assembly(tmp_path: Path) -> None:
    source, junk = tmp_path / "main.c", tmp_path / "junk.s"
    source.write_text("int main(void) { return 0; }\n")
    junk.write_bytes(b"\xff\xfe\0")
    (tmp_path / "image.bin").write_bytes(bytes(8))
    for command, name, said in (
        ("cc", "junk.s", b"junk.s: not UTF-8 but UTF-16"),
        ("run", "junk.s", b"junk.s: not UTF-8 but UTF-16"),
        ("cc", "image.bin", b"neither C (.c) nor assembly (.s)"),
    ):
        done = execute(command, source, tmp_path / name)
        assert done.returncode == 2 and said in done.stderr


@needs_compilers
def test_file_names_that_look_like_options(tmp_path: Path) -> None:
    for name in ("-x.c", "@x.c"):
        (tmp_path / name).write_text("int main(void) { return 9; }\n")
        command = [sys.executable, "-m", "ring1", "run", "--quiet", "--", name]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        assert subprocess.run(command, cwd=tmp_path, env=environment, check=False).returncode == 9


@needs_compilers
def test_c_and_assembly_together(tmp_path: Path) -> None:
    main, more = tmp_path / "main.c", tmp_path / "more.s"
    main.write_text("extern int twice(int);\nint main(void) { return twice(21); }\n")
    more.write_text(".globl twice\ntwice: add a0, a0, a0\n ret\n")
    assert execute("run", "--quiet", main, more).returncode == 42


@needs_compilers
def test_a_program_may_have_its_own_strlen(tmp_path: Path) -> None:
    source = tmp_path / "own.c"
    source.write_text(
        "#include <stdio.h>\n#include <string.h>\nsize_t strlen(const char *s) { return s[0]; }\n"
        'int main(void) { char b[9]; strcpy(b, "abc"); puts(b); return (int)strlen(b); }\n'
    )
    done = execute("run", "--quiet", source)
    assert (done.stdout, done.returncode) == (b"abc\n", ord("a"))


@needs_compilers
def test_a_c_file_that_does_not_compile_shows_gcc_s_message(tmp_path: Path) -> None:
    source = tmp_path / "bad.c"
    source.write_text("int main(void) { return missing; }\n")
    done = execute("run", source)
    assert done.returncode == 2
    assert b"missing" in done.stderr and b"GCC could not compile it" in done.stderr
    assert b"Traceback" not in done.stderr


@needs_compilers
def test_a_function_that_is_nowhere_is_named(tmp_path: Path) -> None:
    source = tmp_path / "lost.c"
    source.write_text("extern int nowhere(void);\nint main(void) { return nowhere(); }\n")
    done = execute("run", source)
    assert done.returncode == 2
    assert b"undefined symbol nowhere" in done.stderr


@needs_compilers
def test_a_program_larger_than_memory(tmp_path: Path) -> None:
    source = tmp_path / "large.c"
    source.write_text("char space[32 << 20];\nint main(void) { return space[5]; }\n")
    done = execute("run", source)
    assert done.returncode == 2
    assert b"--mem gives more" in done.stderr


@needs_compilers
def test_changed_headers_are_noticed(tmp_path: Path) -> None:
    source, header = tmp_path / "main.c", tmp_path / "value.h"
    source.write_text('#include "value.h"\nint main(void) { return VALUE; }\n')
    for value in (4, 5):
        header.write_text(f"#define VALUE {value}\n")
        assert execute("run", "--quiet", source).returncode == value


def test_without_the_compiler_the_package_is_named(tmp_path: Path) -> None:
    source = tmp_path / "main.c"
    source.write_text(f"/* {os.getpid()} */ int main(void) {{ return 0; }}\n")
    done = execute("run", source, path=str(tmp_path))
    assert done.returncode == 2
    assert b"gcc-riscv64-unknown-elf" in done.stderr


# --- How a program begins and ends -------------------------------------------

ARGUMENTS = """
#include <stdio.h>
int main(int argc, char **argv, char **environment) {
    printf("%d", argc);
    for (int i = 0; i < argc; i++) printf(" [%s]", argv[i]);
    printf(" %d %d\\n", argv[argc] == NULL, environment[0] == NULL);
    return argc;
}
"""


@needs_compilers
@pytest.mark.parametrize("engine", ["interp", "bt", "bare", "hw"])
def test_arguments(ring1: Command, engine: str) -> None:
    source = ring1.write("prog.c", ARGUMENTS)
    run = ("run", "--engine", engine, "prog.c")
    assert ring1(*run).out == "1 [prog.c] 1 1\n"
    assert ring1("run", "--engine", engine, source, "--").out == f"1 [{source}] 1 1\n"
    done = ring1(*run, "--", "a", "b c", "", "--", "-x", "é")
    assert (done.out, done.status) == ("7 [prog.c] [a] [b c] [] [--] [-x] [é] 1 1\n", 7)


@needs_compilers
def test_arguments_of_every_kind_of_program(ring1: Command) -> None:
    ring1.write("prog.c", ARGUMENTS)
    ring1("cc", "prog.c", status=0)
    assert ring1("run", "prog.bin", "--", "x").out == "2 [prog.bin] [x] 1 1\n"
    assert ring1("run", "--check", "prog.c", "--", "x").out == "2 [prog.c] [x] 1 1\n"
    assert ring1("run", "--json", "prog.c", "--", "x").out.startswith("2 [prog.c] [x] 1 1\n{")
    assert ring1("compare", "--engines", "interp,bt", "prog.c", "--", "x", "y").status == 0
    ring1("run", "--quiet", "--max-insns", "100", "--snapshot", "s.snap", "prog.c", "--", "x", status=121)
    assert ring1("resume", "s.snap").out == "2 [prog.c] [x] 1 1\n"
    text = "        .globl main\nmain: lw a0, 4(a1)\n        lbu a0, 0(a0)\n        ret\n"
    ring1.write("main.s", text)
    ring1("run", "main.s", "--", "A", status=ord("A"))
    ring1.write("plain.s", "_start: li a0, 0xf0\n        out a0, zero\n")
    assert "takes no arguments" in ring1("run", "plain.s", "--", "A", status=2).err
    assert ring1("run", "plain.s", "--", status=0).err == ""


@needs_compilers
def test_many_arguments_and_few_bytes(ring1: Command) -> None:
    source = ring1.write(
        "prog.c", "int main(int argc, char **argv) { return argv[argc - 1][0] == 'z' ? argc & 63 : 99; }\n"
    )
    words = ["y" * 50] * 2000 + ["z"]
    ring1("run", source, "--", *words, status=2002 & 63)
    done = ring1("run", "--mem", "4144K", source, "--", *words, status=2)
    assert "--mem gives more" in done.err
    ring1("run", "--mem", "4144K", source, "--", "z", status=2)


@needs_compilers
def test_constructors_destructors_and_what_is_registered(ring1: Command, tmp_path: Path) -> None:
    source = ring1.write(
        "order.c",
        "#include <stdio.h>\n#include <stdlib.h>\n"
        + "".join(f'static void at{n}(void) {{ puts("at {n}"); }}\n' for n in (1, 2, 3))
        + "".join(
            f'__attribute__((constructor{p})) static void c{n}(void) {{ puts("c{n}"); }}\n'
            f'__attribute__((destructor{p})) static void d{n}(void) {{ puts("d{n}"); }}\n'
            for n, p in ((1, ""), (2, "(300)"), (3, "(200)"), (4, ""), (5, "(200)"))
        )
        + 'static void again(void) { puts("again"); atexit(at3); }\n'
        'int main(void) { atexit(at1); atexit(again); atexit(at2); puts("main"); exit(5); }\n',
    )
    done = ring1("run", source, status=5)
    assert (done.out.encode(), done.status) == native(source, tmp_path, b"")
    wanted = ["c3", "c5", "c2", "c1", "c4", "main", "at 2", "again", "at 3", "at 1", "d4", "d1", "d2", "d5", "d3"]
    assert done.out.splitlines() == wanted


@needs_compilers
def test_thread_local_variables(ring1: Command) -> None:
    main = ring1.write(
        "main.c",
        "#include <stdio.h>\nextern __thread int other;\n_Thread_local int value = 3;\n"
        "static __thread long long zeros[9];\n"
        "static __thread _Alignas(64) char aligned = 7;\nint *of_other(void);\n"
        "int main(void) { other += value; zeros[8] = *of_other();\n"
        'printf("%d %lld %lld %d %d\\n", other, zeros[8], zeros[0], (int)((unsigned long)&aligned % 64), aligned);\n'
        "return &other == of_other(); }\n",
    )
    other = ring1.write(
        "other.c",
        "static __thread int own = 5;\n__thread int other = 39;\nint *of_other(void) { own++; return &other; }\n",
    )
    done = ring1("run", main, other, status=1)
    assert done.out == "42 42 0 0 7\n"


DEEP = """
#include <stdio.h>
#include <stdlib.h>
static int deep(int n) { volatile int a[12]; a[n % 12] = n & 3; return n ? deep(n - 1) + a[n % 12] : 0; }
int main(int argc, char **argv) { printf("%d\\n", deep(argc > 1 ? atoi(argv[1]) : 1000)); return 0; }
"""


@needs_compilers
@pytest.mark.parametrize("engine", ["interp", "bt", "bare", "trap", "hybrid", "hw"])
def test_a_stack_that_is_full_is_told(ring1: Command, engine: str) -> None:
    ring1.write("deep.c", DEEP)
    assert ring1("run", "deep.c", "--", "30000", status=0).out == "45000\n"
    done = ring1("run", "--engine", engine, "--stack", "64K", "deep.c", "--", "30000", status=120)
    assert done.out == "stack overflow\n"
    assert "bus_error" in done.err and "(deep+" in done.err and len(done.lines) == 1


@needs_compilers
def test_a_stack_may_be_larger(ring1: Command) -> None:
    ring1.write("deep.c", DEEP)
    ring1("run", "deep.c", "--", "300000", status=120)
    assert ring1("run", "--stack", "64M", "--mem", "80M", "deep.c", "--", "300000", status=0).out == "450000\n"
    for wrong in ("0", "1000", "5001", "1G", "99999999999"):
        assert "--stack" in ring1("run", "--stack", wrong, "deep.c", status=2).err


@needs_compilers
def test_large_frames_do_not_jump_over_the_guard(ring1: Command) -> None:
    ring1.write(
        "large.c",
        "#include <stdio.h>\n__attribute__((noinline)) static int f(int n) { volatile char a[3 << 20]; a[n] = 1;\n"
        "return n ? f(n - 1) + a[n] : 1; }\n"
        'int main(int argc, char **argv) { printf("%d\\n", f(argc - 1)); return 0; }\n',
    )
    assert ring1("run", "large.c", status=0).out == "1\n"
    for words in (["x"], ["x"] * 20):
        assert ring1("run", "large.c", "--", *words, status=120).out == "stack overflow\n"


@needs_compilers
def test_traps_that_are_no_overflow_are_told_as_ever(ring1: Command) -> None:
    ring1.write("div.c", "#include <stdlib.h>\nint main(int argc, char **argv) { return 7 / atoi(argv[1]); }\n")
    done = ring1("run", "--json=r.json", "div.c", "--", "0", status=120)
    assert done.out == "" and "divzero" in done.err and "(main+" in done.err
    ring1.write("wild.c", "int main(int argc, char **argv) { return *(volatile int *)0x7fffffff; }\n")
    done = ring1("run", "wild.c", status=120)
    assert done.out == "" and "bus_error (cause 9, value 0x7fffffff)" in done.err


@needs_compilers
def test_the_heap_takes_all_that_is_left_and_no_more(ring1: Command) -> None:
    ring1.write(
        "heap.c",
        "#include <errno.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
        "int main(int argc, char **argv) { int n = 0; char *p, *last = 0;\n"
        "while ((p = malloc(1 << 16))) { memset(p, 0x5a, 1 << 16); last = p; n++; }\n"
        'printf("%d %d %s\\n", n, errno == ENOMEM, argv[1]); return last == 0; }\n',
    )
    done = ring1("run", "heap.c", "--", "argument", status=0)
    count, full, word = done.out.split()
    assert 180 <= int(count) <= 192 and full == "1" and word == "argument"  # 12 MiB are 192
    assert int(ring1("run", "--mem", "32M", "heap.c", "--", "x", status=0).out.split()[0]) == int(count) + 256


@needs_compilers
def test_one_changed_file_is_compiled_and_assembled_again(ring1: Command) -> None:
    ring1.write("a.c", "int b(void);\nint main(void) { return b(); }\n")
    ring1.write("b.c", '#include "b.h"\nint b(void) { return B; }\n')
    for value in (3, 4):
        ring1.write("b.h", f"#define B {value}\n")
        ring1("run", "a.c", "b.c", status=value)
    ring1.write("a.c", "int b(void);\nint main(void) { return b() + 1; }\n")
    ring1("run", "a.c", "b.c", status=5)


@needs_compilers
def test_warnings_are_shown_whenever_a_file_is_compiled(ring1: Command) -> None:
    ring1.write("a.c", "#warning remember\nint b(void);\nint main(void) { return b(); }\n")
    for value in (3, 4):
        ring1.write("b.c", f"int b(void) {{ return {value}; }}\n")
        assert "remember" in ring1("run", "a.c", "b.c", status=value).err


@needs_compilers
def test_a_program_with_a_start_of_its_own(ring1: Command) -> None:
    ring1.write("start.s", ".globl _start\n_start: mv sp, a0\n        call main\n        call exit\n")
    ring1.write(
        "main.c",
        "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint main(void) { int n = 0; char *p;\n"
        "while ((p = malloc(1 << 16))) { memset(p, 1, 1 << 16); n++; }\n"
        'printf("%d\\n", n > 100); return 4; }\n',
    )
    assert ring1("run", "start.s", "main.c", status=4).out == "1\n"


@needs_compilers
def test_assembly_that_begins_like_c(ring1: Command) -> None:
    text = """
        .globl main
main:   addi sp, sp, -16
        sw ra, 12(sp)
        la a0, text
        call puts
        lw ra, 12(sp)
        addi sp, sp, 16
        li a0, CODE
        ret
        .data
text:   .asciz "from assembly"
"""
    ring1.write("main.s", text)
    assert ring1("run", "-D", "CODE=9", "main.s", status=9).out == "from assembly\n"
    # One that says itself where it begins does without, as does one whose main is its own.
    ring1.write("own.s", f"_start: li a0, 0xf0\n        out a0, zero\n{text.replace('call puts', 'nop')}")
    assert ring1("run", "-D", "CODE=9", "own.s", status=0).out == ""
    ring1.write("local.s", "main:   li a0, 0xf0\n        li a1, 5\n        out a0, a1\n")
    assert ring1("run", "local.s", status=5).out == ""
