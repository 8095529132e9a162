"""The C library: selects the files that a program needs, each as assembly.

They are compiled in advance, and stored beside their sources in one file (MADE). What it holds for a source that has
been changed since, or whose headers have, is ignored: that source is compiled anew, and the result is cached.

    python -m ring1.dbt.cli.library       makes that file anew, with the compiler that is installed

There is one such file for each target; what a target has in a folder of its own is beside the sources there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ring1.dbt.cli.gcc import compile_file, compiler
from ring1.dbt.cli.runtime import MADE, PORTS, Target, native, runtime
from ring1.isa import store
from ring1.isa.load import load

LIBRARY = ("-O2", "-ffreestanding", "-fno-builtin", "-fno-tree-loop-distribute-patterns")
"""GCC's options for the library. Without -fno-tree-loop-distribute-patterns, memset would be compiled into a call of
itself."""

SYMBOL = re.compile(r"[A-Za-z_.$][\w.$]*")
GLOBAL = re.compile(r"^\s*\.(?:globl|weak|comm)\s+([\w.$]+)", re.MULTILINE)
DEFINED = re.compile(r"^(?:\s*\.(?:set|comm)\s+)?([\w.$]+)(?=\s*[:,])", re.MULTILINE)
"""GCC also declares the helpers that it calls global, so a file offers only what it defines as well."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the library: its assembly, the symbols that it offers, and the symbols that it may use."""

    name: str
    text: str
    offers: frozenset[str]
    names: frozenset[str]


def library(target: Target = PORTS) -> list[Member]:
    """Return the C library for a target. Raises Failure if some of it has to be compiled, and cannot be."""
    digests = sources(target)
    made = beforehand(target)
    found = {path: made.get(path.name, {}).get(name) for path, name in digests.items()}
    missing = [path for path, member in found.items() if member is None]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found |= zip(missing, pool.map(lambda path: kept(path, digests[path], target), missing), strict=True)
    return [member for member in found.values() if member is not None]


def sources(target: Target = PORTS) -> dict[Path, str]:
    """Return the library's files for a target, each with a digest of it and of everything else that its assembly
    depends on, except the compiler."""
    headers = sorted(path for path in runtime().rglob("*.h") if path.parent.name != "check")
    common = digest(*(path.read_bytes() for path in headers), repr((target.options, LIBRARY)).encode())
    folders = dict.fromkeys((runtime(), runtime() / target.own))
    files = {path.name: path for folder in folders for path in folder.iterdir() if path.suffix in (".c", ".s")}
    return {path: digest(path.read_bytes(), common.encode()) for _, path in sorted(files.items())}


def kept(path: Path, name: str, target: Target) -> Member:
    """Return a file of the library from the cache, compiling it if necessary."""
    gcc = os.stat(compiler()) if path.suffix == ".c" else None
    entry = store.key(name, f"{gcc.st_mtime_ns} {gcc.st_size}" if gcc else "")
    known: Member | None = store.load("libc", entry)
    if known is None:
        known = member(path, target)
        if gcc:
            store.save("libc", entry, known)
    return known


def member(path: Path, target: Target = PORTS) -> Member:
    """Compile a file of the library for a target."""
    flags = (*LIBRARY, f"-I{runtime()}")
    text = path.read_text() if path.suffix == ".s" else compile_file(target, str(path), flags)[0]
    offers = defined(text)
    # A program may redefine what the library offers: the library's symbols are weak and give way.
    weak = GLOBAL.sub(lambda line: line[0].replace(".globl", ".weak") if line[1] in offers else line[0], text)
    return Member(path.name, weak, offers, frozenset(SYMBOL.findall(text)))


def defined(text: str) -> frozenset[str]:
    """Return the symbols that an assembly text offers to others."""
    return frozenset(GLOBAL.findall(text)) & frozenset(DEFINED.findall(text))


def needed(texts: Sequence[str], members: Sequence[Member]) -> list[Member]:
    """Return the files of the library whose symbols are named in the texts, and transitively those that they need."""
    given = frozenset().union(*map(defined, texts))
    offering = {symbol: m for m in members for symbol in m.offers - given}
    chosen: dict[str, Member] = {}
    queue = [frozenset(SYMBOL.findall(text)) for text in texts]
    while queue:
        for symbol in queue.pop() & offering.keys():
            found = offering[symbol]
            if found.name not in chosen:
                chosen[found.name] = found
                queue.append(found.names)
    return [m for m in members if m.name in chosen]


# --- Compiled beforehand -----------------------------------------------------


def digest(*parts: bytes) -> str:
    """Return a digest of the parts together."""
    made = blake2b(digest_size=12)
    for part in parts:
        made.update(len(part).to_bytes(8, "little") + part)
    return made.hexdigest()


def beforehand(target: Target) -> dict[str, dict[str, Member]]:
    """Return what is compiled in advance for a target: name -> digest of the source -> the file. Empty if there is no
    such file, or one of another version."""
    try:
        made = json.loads(zlib.decompress((runtime() / target.own / MADE).read_bytes()))
        return {
            name: {key: Member(name, text, frozenset(offers), frozenset(names))}
            for name, (key, text, offers, names) in made["members"].items()
        }
    except (OSError, ValueError, zlib.error, KeyError, TypeError, AttributeError):
        return {}


def prepare(target: Target) -> bytes:
    """Compile the library for a target, and return the contents of that file."""
    digests = sources(target)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(digests, pool.map(lambda path: member(path, target), digests), strict=True))
    offered = frozenset().union(*(m.offers for m in found.values()))
    members = {
        m.name: (digests[path], m.text, sorted(m.offers), sorted(m.names & offered))
        for path, m in found.items()
        if path.suffix == ".c"
    }
    made = {"gcc": version(), "members": members}
    return zlib.compress(json.dumps(made, separators=(",", ":")).encode(), 9)


def version() -> str:
    """Return the compiler's version message."""
    return subprocess.run([compiler(), "--version"], capture_output=True, text=True, check=True).stdout.partition("\n")[
        0
    ]


if __name__ == "__main__":
    for each in (PORTS, native(load("rv32"), "rv32")):
        data = prepare(each)
        (runtime() / each.own / MADE).write_bytes(data)
        sys.stdout.write(f"{runtime() / each.own / MADE}: {len(data):,} bytes\n")
