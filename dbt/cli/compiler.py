"""C -> PG32 assembly, by a stock GCC for RISC-V: the machine's unprivileged instructions are RV32EM's.

The C library is examples/c/rt. It is compiled once and kept; of its files those are linked that a program needs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from dbt.cli import cflags, confine
from dbt.cli.outcome import Failure
from dbt.share import share
from isa import store
from isa.asm.sources import text as assembly

GCC = "riscv64-unknown-elf-gcc"
PACKAGE = "gcc-riscv64-unknown-elf"
RUNTIME = share("examples", "c", "rt")
TARGET = ("-march=rv32em", "-mabi=ilp32e", "-mcmodel=medlow", "-fno-pic", "-S")
LIBRARY = ("-O2", "-ffreestanding", "-fno-builtin", "-fno-tree-loop-distribute-patterns")
"""How the library is compiled: a memset that is turned into a call of memset would never end."""

SYMBOL = re.compile(r"[A-Za-z_.$][\w.$]*")
GLOBAL = re.compile(r"^\s*\.(?:globl|weak|comm)\s+([\w.$]+)", re.MULTILINE)
DEFINED = re.compile(r"^(?:\s*\.(?:set|comm)\s+)?([\w.$]+)(?=\s*[:,])", re.MULTILINE)
"""GCC declares the helpers that it calls global as well: a file offers what it defines, too."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the library: its assembly, the symbols that it offers, and every word in it."""

    name: str
    text: str
    offers: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """Assembly sources in link order, and every file that they were made from."""

    sources: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


def compiler() -> str:
    """Where GCC is. Raises Failure that says how to get it."""
    found = shutil.which(GCC)
    if found is None:
        raise Failure(f"C programs need {GCC}; Debian and Ubuntu have it in the package {PACKAGE}")
    return found


def compile_file(file: str, flags: Sequence[str]) -> tuple[str, list[str]]:
    """The assembly of a C file, and the files that it includes. Raises Failure behind GCC's own messages."""
    with tempfile.TemporaryDirectory() as folder:
        output, needs = Path(folder) / "out.s", Path(folder) / "needs"
        include = f"-isystem{RUNTIME / 'include'}"
        name = f"./{file}" if file.startswith(("-", "@")) else file  # GCC would read options in it
        command = [compiler(), *TARGET, include, *(f for f in flags if f != cflags.CONFINED), f"-o{output}"]
        if cflags.CONFINED in flags:
            status = confine.compile_c(command, name, flags, RUNTIME / "include", Path(folder))
        else:
            whole = [*command, "-MD", f"-MF{needs}", name]
            status = subprocess.run(whole, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False).returncode
        if status:
            raise Failure(f"{file}: GCC could not compile it")
        rule = needs.read_text(errors="surrogateescape").replace("\\\n", " ").partition(": ")[2]
        return output.read_text(errors="surrogateescape"), [
            f.replace("\\ ", " ") for f in re.split(r"(?<!\\)\s+", rule) if f
        ]


def library() -> list[Member]:
    """The C library, compiled by this GCC. The first time takes some seconds."""
    sources = sorted(path for path in RUNTIME.iterdir() if path.suffix in (".c", ".s"))
    files = [*sources, *sorted(RUNTIME.rglob("*.h"))]
    gcc = os.stat(compiler())
    name = store.key(str(gcc.st_mtime_ns), str(gcc.st_size), repr(LIBRARY), *(path.read_bytes() for path in files))
    known: list[Member] | None = store.load("libc", name)
    if known is None:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            known = list(pool.map(member, sources))
        store.save("libc", name, known)
    return known


def member(path: Path) -> Member:
    text = path.read_text() if path.suffix == ".s" else compile_file(str(path), (*LIBRARY, f"-I{RUNTIME}"))[0]
    offers = defined(text)
    # A program may define what the library offers: weak, the library's gives way.
    weak = GLOBAL.sub(lambda line: line[0].replace(".globl", ".weak") if line[1] in offers else line[0], text)
    return Member(path.name, weak, offers, frozenset(SYMBOL.findall(text)))


def defined(text: str) -> frozenset[str]:
    """The symbols that an assembly text offers to others."""
    return frozenset(GLOBAL.findall(text)) & frozenset(DEFINED.findall(text))


def needed(texts: Sequence[str], members: Sequence[Member]) -> list[Member]:
    """The files of the library whose symbols are named in the texts, and those that they need in turn."""
    given = frozenset().union(*map(defined, texts))
    offering = {symbol: m for m in members for symbol in m.offers - given}
    chosen: dict[str, Member] = {}
    queue = [frozenset(SYMBOL.findall(text)) for text in texts]
    while queue:
        for symbol in queue.pop() & offering.keys():
            found = offering[symbol]
            if found.name not in chosen:
                chosen[found.name] = found
                queue.append(found.words)
    return [m for m in members if m.name in chosen]


def compile_all(names: Sequence[str], flags: Sequence[str]) -> Compiled:
    """C and assembly files with the library, ready to be assembled: start.s first, end.s last."""
    members = {m.name: m for m in library()}
    sources: list[tuple[str, str]] = []
    files: list[str] = list(names)
    reach = confine.reach(names, flags)
    for name in names:
        reach.permit(Path(name))
        if name.lower().endswith(".c"):
            text, included = compile_file(name, flags)
            sources.append((f"{name} (as assembly)", text))
            files += [file for file in included if file not in files]
        else:
            sources.append((name, assembly(name)))
    start, end = members.pop("start.s"), members.pop("end.s")
    rest = needed((start.text, *(text for _, text in sources)), list(members.values()))
    linked = [(f"rt/{m.name}", m.text) for m in rest]
    whole = ((f"rt/{start.name}", start.text), *sources, *linked, (f"rt/{end.name}", end.text))
    return Compiled(whole, tuple(files))
