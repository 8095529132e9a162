"""C on the toy machine: the same sources natively and on PG32 print the same, and what cannot be built is explained."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "c").glob("*.c"))
CROSS = shutil.which("riscv64-unknown-elf-gcc")
NATIVE = shutil.which("gcc")
needs_compilers = pytest.mark.skipif(
    not (CROSS and NATIVE), reason="needs gcc and riscv64-unknown-elf-gcc (package gcc-riscv64-unknown-elf)"
)


def ring1(*arguments: str | Path, stdin: bytes = b"", path: str | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command line to its end."""
    environment = {**os.environ} if path is None else {**os.environ, "PATH": path}
    command = [sys.executable, "-m", "dbt", *map(str, arguments)]
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
    done = ring1("run", "--engine", engine, source, stdin=stdin)
    assert done.stderr == b""
    assert (done.stdout, done.returncode) == native(source, tmp_path, stdin)


@needs_compilers
def test_cc_writes_an_image_that_runs(tmp_path: Path) -> None:
    source, image = tmp_path / "answer.c", tmp_path / "answer.bin"
    source.write_text('#include <stdio.h>\nint main(void) { printf("%d\\n", 6 * SEVEN); return 3; }\n')
    assert ring1("cc", source, "-DSEVEN=7", "-O1", "-o", image).returncode == 0
    done = ring1("run", "--quiet", image)
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
    assert ring1("run", *flags, source).returncode == 43
    assert ring1("run", *flags, "-O0", source).returncode == 44
    assert ring1("run", *flags[:3], "SEVEN=8", source).returncode == 49
    for wrong, said in (("-O9z", b"-O"), ("-D", b"macro name"), ("-I", b"six.h")):
        given = ("-O2", wrong, "") if wrong in ("-D", "-I") else (wrong,)
        done = ring1("run", *given, source)
        assert done.returncode == 2 and said in done.stderr and b"Traceback" not in done.stderr


@needs_compilers
def test_cc_does_not_write_over_a_source(tmp_path: Path) -> None:
    source, text = tmp_path / "main.c", "int main(void) { return 0; }\n"
    source.write_text(text)
    for output in (source, tmp_path / "other.c", tmp_path / "other.s"):
        done = ring1("cc", source, "-o", output)
        assert done.returncode == 2 and b"would be overwritten" in done.stderr
    assert source.read_text() == text and os.listdir(tmp_path) == ["main.c"]
    assert ring1("cc", "-S", source, "-o", tmp_path / "other.s").returncode == 0
    assert ring1("cc", "-S", source, "-o", source).returncode == 2
    assert ring1("cc", source, "-o", "/dev/full").returncode == 124
    assert ring1("cc", tmp_path, "-o", "-").stderr.startswith(b"ring1: ")


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
        done = ring1(command, source, tmp_path / name)
        assert done.returncode == 2 and said in done.stderr


@needs_compilers
def test_file_names_that_look_like_options(tmp_path: Path) -> None:
    for name in ("-x.c", "@x.c"):
        (tmp_path / name).write_text("int main(void) { return 9; }\n")
        command = [sys.executable, "-m", "dbt", "run", "--quiet", "--", name]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        assert subprocess.run(command, cwd=tmp_path, env=environment, check=False).returncode == 9


@needs_compilers
def test_c_and_assembly_together(tmp_path: Path) -> None:
    main, more = tmp_path / "main.c", tmp_path / "more.s"
    main.write_text("extern int twice(int);\nint main(void) { return twice(21); }\n")
    more.write_text(".globl twice\ntwice: add a0, a0, a0\n ret\n")
    assert ring1("run", "--quiet", main, more).returncode == 42


@needs_compilers
def test_a_program_may_have_its_own_strlen(tmp_path: Path) -> None:
    source = tmp_path / "own.c"
    source.write_text(
        "#include <stdio.h>\n#include <string.h>\nsize_t strlen(const char *s) { return s[0]; }\n"
        'int main(void) { char b[9]; strcpy(b, "abc"); puts(b); return (int)strlen(b); }\n'
    )
    done = ring1("run", "--quiet", source)
    assert (done.stdout, done.returncode) == (b"abc\n", ord("a"))


@needs_compilers
def test_a_c_file_that_does_not_compile_shows_gcc_s_message(tmp_path: Path) -> None:
    source = tmp_path / "bad.c"
    source.write_text("int main(void) { return missing; }\n")
    done = ring1("run", source)
    assert done.returncode == 2
    assert b"missing" in done.stderr and b"GCC could not compile it" in done.stderr
    assert b"Traceback" not in done.stderr


@needs_compilers
def test_a_function_that_is_nowhere_is_named(tmp_path: Path) -> None:
    source = tmp_path / "lost.c"
    source.write_text("extern int nowhere(void);\nint main(void) { return nowhere(); }\n")
    done = ring1("run", source)
    assert done.returncode == 2
    assert b"undefined symbol nowhere" in done.stderr


@needs_compilers
def test_a_program_larger_than_memory(tmp_path: Path) -> None:
    source = tmp_path / "large.c"
    source.write_text("char space[32 << 20];\nint main(void) { return space[5]; }\n")
    done = ring1("run", source)
    assert done.returncode == 2
    assert b"--mem gives more" in done.stderr


@needs_compilers
def test_changed_headers_are_noticed(tmp_path: Path) -> None:
    source, header = tmp_path / "main.c", tmp_path / "value.h"
    source.write_text('#include "value.h"\nint main(void) { return VALUE; }\n')
    for value in (4, 5):
        header.write_text(f"#define VALUE {value}\n")
        assert ring1("run", "--quiet", source).returncode == value


def test_without_the_compiler_the_package_is_named(tmp_path: Path) -> None:
    source = tmp_path / "main.c"
    source.write_text(f"/* {os.getpid()} */ int main(void) {{ return 0; }}\n")
    done = ring1("run", source, path=str(tmp_path))
    assert done.returncode == 2
    assert b"gcc-riscv64-unknown-elf" in done.stderr
