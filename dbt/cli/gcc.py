"""Compiles C to assembly by a stock GCC for RISC-V: a machine that is one, or has the instructions of RV32EM."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ring1.dbt.cli import confine, streams
from ring1.dbt.cli.files import digest
from ring1.dbt.cli.outcome import Failure
from ring1.dbt.cli.runtime import Target, runtime
from ring1.isa import store

GCC = "riscv64-unknown-elf-gcc"
PACKAGE = "gcc-riscv64-unknown-elf"


def compiler() -> str:
    """Return the path of GCC. Raises Failure that says how to install it."""
    found = shutil.which(GCC)
    if found is None:
        raise Failure(f"C programs need {GCC}; Debian and Ubuntu have it in the package {PACKAGE}")
    return found


def compile_kept(target: Target, file: str, flags: Sequence[str], confined: bool = False) -> tuple[str, list[str]]:
    """Return the assembly of a C file for a target, and the files that it includes. The result of the last time is used
    if none of the files has changed and GCC had no messages then. Raises Failure after GCC's own messages."""
    if confined:  # the files that it includes have to be checked
        text, included, _ = compile_file(target, file, flags, confined)
        return text, included
    gcc = os.stat(compiler())
    entry = store.key(os.path.abspath(file), file, *target.options, *flags, f"{gcc.st_mtime_ns} {gcc.st_size}")
    known: tuple[dict[str, bytes], str] | None = store.load("compiled", entry)
    if known is not None and all(digest(name) == was for name, was in known[0].items()):
        return known[1], list(known[0])
    before = digest(file)
    text, included, said = compile_file(target, file, flags)
    files = {name: digest(name) for name in (file, *included)}
    if not said and files[file] == before != b"":
        store.save("compiled", entry, (files, text))
    return text, included


def compile_file(
    target: Target, file: str, flags: Sequence[str], confined: bool = False
) -> tuple[str, list[str], bool]:
    """Compile a C file for a target. Returns its assembly, the files that it includes, and whether GCC had messages.
    Raises Failure after GCC's own messages."""
    with tempfile.TemporaryDirectory() as folder:
        output, needs = Path(folder) / "out.s", Path(folder) / "needs"
        include = runtime() / "include"
        name = f"./{file}" if file.startswith(("-", "@")) else file  # GCC would take it for options
        command = [compiler(), *target.options, f"-isystem{include}", *flags, f"-o{output}"]
        said = b""
        if confined:
            status = confine.compile_c(command, name, flags, include, Path(folder))
        else:
            colour = ["-fdiagnostics-color=always"] if sys.stderr is not None and sys.stderr.isatty() else []
            whole = [*command, *colour, "-MD", f"-MF{needs}", name]
            done = subprocess.run(
                whole, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
            )
            status, said = done.returncode, done.stderr
        if said:
            streams.tell(said.decode(errors="replace").rstrip("\n"))
        if status:
            raise Failure(f"{file}: GCC could not compile it")
        rule = needs.read_text(errors="surrogateescape").replace("\\\n", " ").partition(": ")[2]
        included = [f.replace("\\ ", " ") for f in re.split(r"(?<!\\)\s+", rule) if f]
        return output.read_text(errors="surrogateescape"), included, bool(said)
