"""--no-host-files: a program of somebody who is not trusted reads no files but its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ring1.dbt.cli.confine import prerequisites
from tests.cli.conftest import OFF, Command

SECRET = "4711"
PROGRAM = "_start:\n" + OFF
needs_gcc = pytest.mark.skipif(shutil.which("riscv64-unknown-elf-gcc") is None, reason="needs riscv64-unknown-elf-gcc")


@pytest.fixture
def submission(ring1: Command) -> Path:
    """A directory with the submission, beside a secret."""
    folder = ring1.folder / "submission"
    folder.mkdir()
    ring1.write("secret.s", f"        .word {SECRET}\n")
    ring1.write("secret.h", f"int secret = {SECRET};\n#define SECRET {SECRET}\n")
    ring1.write("odd #$1 name.h", f"int secret = {SECRET};\n")
    (folder / "own.s").write_text("        .word 1\n")
    (folder / "link.s").symlink_to("../secret.s")
    (folder / "link.h").symlink_to("../secret.h")
    return folder


@pytest.mark.parametrize("command", ["run", "compare --engines interp,bt", "translate", "asm -o /dev/null"])
def test_assembly(ring1: Command, submission: Path, command: str) -> None:
    """Nor out of the cache, which has what was assembled without the option."""
    source, words = submission / "main.s", command.split()
    source.write_text(PROGRAM + '        .include "own.s"\n')
    assert ring1(*words, "--no-host-files", source, status=0).err == ""
    for line in ('.include "../secret.s"', '.incbin "link.s"', f'.incbin "{ring1.folder / "secret.s"}"'):
        source.write_text(f"{PROGRAM}        {line}\n")
        assert ring1(*words, source, status=0).err == ""
        done = ring1(*words, "--no-host-files", source, status=2)
        assert "main.s:4:" in done.err and "directory of the sources" in done.err
        assert SECRET not in done.err + done.out
    done = ring1(*words, "--no-host-files", submission / "link.s", status=2)
    assert done.lines == [f"ring1: {submission / 'link.s'}: it lies outside the directory of the sources"]


@pytest.mark.soak
@needs_gcc
@pytest.mark.parametrize("command", ["run", "cc -o /dev/null"])
def test_c(ring1: Command, submission: Path, command: str) -> None:
    source, words = submission / "main.c", command.split()
    main = "int main(void) { return 0; }\n"

    def status(text: str, *options: str) -> int:
        source.write_text(text)
        done = ring1(*words, "--no-host-files", *options, source)
        assert SECRET not in done.err + done.out
        return done.status

    (submission / "own.h").write_text("#include <stddef.h>\n")
    assert status('#include <stdio.h>\n#include <limits.h>\n#include "own.h"\n' + main) == 0
    for name in ("../secret.h", "link.h", str(ring1.folder / "secret.h"), "../odd #$1 name.h", "own.h/../../secret.h"):
        assert status(f'#include "{name}"\n{main}') == 2, name
    assert status(f'#define NAME "../secret.h"\n#include NAME\nint x = secret +;\n{main}') == 2
    assert status(f'#include "../secret.h"\n#include "missing.h"\n{main}') == 2
    assert status(f'#include "../secret.h"\n#error SECRET\n{main}') == 2
    trick = '#pragma GCC optimize ("O0")\n#ifndef __OPTIMIZE__\n#include "../secret.h"\n#endif\n'
    assert status(trick + main) == status(f"{trick}int x = secret +;\n{main}") == 2
    for folder in ("a\\b", "a\\ b", "a b\\", "a#b", "a$b", "a\\#b", "a: b"):
        (submission / folder).mkdir()
        assert status(f'#include "{folder}/../../secret.h"\n{main}') == 2, folder
        (submission / folder / "own.h").write_text("#define OWN 0\n")
        assert status(f'#include "{folder}/own.h"\nint main(void) {{ return OWN; }}\n') == 0, folder
    assert status(f'#line 1 "{ring1.folder / "secret.h"}"\nint main(void) {{ return x; }}\n') == 2
    assert status(f'{main}asm(".incbin \\"../secret.s\\"");\n') == 2
    assert status(f'{main}asm(".include \\"link.s\\"");\n') == 2
    assert status(f'#include "secret.h"\n{main}', "-I", str(ring1.folder)) == 0  # the user has said so
    source.write_text('#include "own.h"\n#include "missing.h"\n')
    done = ring1(*words, "--no-host-files", source, status=2)
    assert "main.c:2:10: fatal error: missing.h: No such file or directory" in done.err
    source.write_text('#include "own.h"\nint main(void) { return x; }\n')
    done = ring1(*words, "--no-host-files", source, status=2)
    assert "main.c:2:25: error: 'x' undeclared" in done.err
    ring1.write("main.c", main)
    source.unlink()
    source.symlink_to("../main.c")
    assert ring1(*words, "--no-host-files", source).status == 2


@needs_gcc
def test_no_precompiled_header_is_read(ring1: Command, submission: Path) -> None:
    """Whoever writes one can have GCC do anything."""
    (submission / "own.h").write_text("int from_the_precompiled_header;\n")
    gcc = ["riscv64-unknown-elf-gcc", "-march=rv32em", "-mabi=ilp32e", "-mcmodel=medlow", "-fno-pic", "-O2"]
    subprocess.run([*gcc, "-x", "c-header", "own.h", "-o", "own.h.gch"], cwd=submission, check=True)
    (submission / "own.h").write_text("\n")
    (submission / "main.c").write_text('#include "own.h"\nint main(void) { return from_the_precompiled_header; }\n')
    done = ring1("run", "--no-host-files", submission / "main.c", status=2)
    assert "'from_the_precompiled_header' undeclared" in done.err


def test_rules_as_gcc_writes_them() -> None:
    rule = "a.o: a.c dir/b\\ c.h \\\n d\\#$$1.h e:f.h g\\h.h i\\\\\\ j.h k\\\\ l.h\n"
    assert list(prerequisites(rule)) == ["a.c", "dir/b c.h", "d#$1.h", "e:f.h", "g\\h.h", "i\\ j.h", "k\\", "l.h"]
