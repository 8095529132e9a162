"""The C library: which of its files a program needs, each as assembly.

They are compiled beforehand and lie beside their sources, in one file (MADE). What is in it for a source that has been
changed since, or whose headers have, counts for nothing: that source is compiled afresh, and the result is kept.

    python -m ring1.dbt.cli.library       makes that file anew, with the compiler that is installed
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

from ring1.dbt.cli.gcc import TARGET, compile_file, compiler
from ring1.dbt.cli.runtime import MADE, runtime
from ring1.isa import store

LIBRARY = ("-O2", "-ffreestanding", "-fno-builtin", "-fno-tree-loop-distribute-patterns")
"""How it is compiled: a memset that is turned into a call of memset would never end."""

SYMBOL = re.compile(r"[A-Za-z_.$][\w.$]*")
GLOBAL = re.compile(r"^\s*\.(?:globl|weak|comm)\s+([\w.$]+)", re.MULTILINE)
DEFINED = re.compile(r"^(?:\s*\.(?:set|comm)\s+)?([\w.$]+)(?=\s*[:,])", re.MULTILINE)
"""GCC declares the helpers that it calls global as well: a file offers what it defines, too."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the library: its assembly, the symbols that it offers, and those that it may name."""

    name: str
    text: str
    offers: frozenset[str]
    names: frozenset[str]


def library() -> list[Member]:
    """The C library. Raises Failure if something of it has to be compiled, and cannot be."""
    digests = sources()
    made = beforehand()
    found = {path: made.get(path.name, {}).get(name) for path, name in digests.items()}
    missing = [path for path, member in found.items() if member is None]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found |= zip(missing, pool.map(lambda path: kept(path, digests[path]), missing), strict=True)
    return [member for member in found.values() if member is not None]


def sources() -> dict[Path, str]:
    """The library's files, each with a digest of it and of all that its assembly depends on but the compiler."""
    headers = sorted(path for path in runtime().rglob("*.h") if path.parent.name != "check")
    common = digest(*(path.read_bytes() for path in headers), repr((TARGET, LIBRARY)).encode())
    files = sorted(path for path in runtime().iterdir() if path.suffix in (".c", ".s"))
    return {path: digest(path.read_bytes(), common.encode()) for path in files}


def kept(path: Path, name: str) -> Member:
    """A file of the library as it was compiled before, or is now."""
    gcc = os.stat(compiler()) if path.suffix == ".c" else None
    entry = store.key(name, f"{gcc.st_mtime_ns} {gcc.st_size}" if gcc else "")
    known: Member | None = store.load("libc", entry)
    if known is None:
        known = member(path)
        if gcc:
            store.save("libc", entry, known)
    return known


def member(path: Path) -> Member:
    """A file of the library, compiled now."""
    text = path.read_text() if path.suffix == ".s" else compile_file(str(path), (*LIBRARY, f"-I{runtime()}"))[0]
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
                queue.append(found.names)
    return [m for m in members if m.name in chosen]


# --- Compiled beforehand -----------------------------------------------------


def digest(*parts: bytes) -> str:
    """Of these parts together."""
    made = blake2b(digest_size=12)
    for part in parts:
        made.update(len(part).to_bytes(8, "little") + part)
    return made.hexdigest()


def beforehand() -> dict[str, dict[str, Member]]:
    """What is compiled beforehand: name -> digest of the source -> the file. Nothing if there is no such file, or
    another one."""
    try:
        made = json.loads(zlib.decompress((runtime() / MADE).read_bytes()))
        return {
            name: {key: Member(name, text, frozenset(offers), frozenset(names))}
            for name, (key, text, offers, names) in made["members"].items()
        }
    except (OSError, ValueError, zlib.error, KeyError, TypeError, AttributeError):
        return {}


def prepare() -> bytes:
    """The contents of that file, everything compiled now."""
    digests = sources()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(digests, pool.map(member, digests), strict=True))
    offered = frozenset().union(*(m.offers for m in found.values()))
    members = {
        m.name: (digests[path], m.text, sorted(m.offers), sorted(m.names & offered))
        for path, m in found.items()
        if path.suffix == ".c"
    }
    made = {"gcc": version(), "members": members}
    return zlib.compress(json.dumps(made, separators=(",", ":")).encode(), 9)


def version() -> str:
    """What the compiler says of itself."""
    return subprocess.run([compiler(), "--version"], capture_output=True, text=True, check=True).stdout.partition("\n")[
        0
    ]


if __name__ == "__main__":
    data = prepare()
    (runtime() / MADE).write_bytes(data)
    sys.stdout.write(f"{runtime() / MADE}: {len(data):,} bytes\n")
