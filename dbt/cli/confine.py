"""The option --no-host-files: programs may name no files of the host's but those in the directories of their
sources."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from ring1.dbt.cli import streams
from ring1.dbt.cli.outcome import Failure
from ring1.isa.asm.sources import ANYWHERE, Reach, Within

FIRST = '_Static_assert(1, "");\n'
"""Begins a C program: after the first token, GCC accepts no precompiled header, which could be anything."""
ABSENT = re.compile(r"^.*: fatal error: .*: No such file or directory$", re.MULTILINE)
PARTS = re.compile(r"\\*[ \t\n]|\\#|\$\$|.", re.DOTALL)
"""The tokens of a rule for make as GCC writes it: separators of file names, and escapes in them."""


def reach(names: Iterable[str], confined: bool) -> Reach:
    """Return which files a program of these files may name."""
    return Within(names) if confined else ANYWHERE


def compile_c(command: Sequence[str], file: str, flags: Sequence[str], library: Path, folder: Path) -> int:
    """Compile a file with GCC. Returns its exit status. Raises Failure, OSError if the file includes what it must not.
    GCC's messages are shown only if it does not, since they may quote what it has read."""
    first, needs = folder / "first.h", folder / "needs"
    first.write_text(FIRST)
    folders = [Path(name) for flag, name in pairwise(flags) if flag == "-I"]
    own = subprocess.run([command[0], "-print-file-name=include"], capture_output=True, text=True, check=False)
    allowed = Within([file], [library, folder, Path(own.stdout.strip()).parent, *folders])
    allowed.permit(Path(file))
    # After #line, the source line that is shown could be of any file.
    safe = ["-include", str(first), "-fno-diagnostics-show-caret", "-MD", f"-MF{needs}"]
    done = subprocess.run([*command, *safe, file], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    said = os.fsdecode(done.stderr)
    if needs.exists():
        for name in prerequisites(os.fsdecode(needs.read_bytes())):
            allowed.permit(Path(name))
            if not os.path.lexists(name):
                raise Failure(f"{file}: what it includes has a name that is not understood: {name}")
    else:  # GCC has given up before it listed what it has read
        said = "\n".join(ABSENT.findall(said))
    if said:
        streams.tell(said.rstrip("\n"))
    return done.returncode


def prerequisites(rule: str) -> Iterator[str]:
    """Yield the prerequisites of a rule for make. A blank in a name is escaped by a backslash, and each backslash
    before that is doubled."""
    name = ""
    for part in PARTS.findall(rule.partition(": ")[2].replace("\\\n", "\n") + "\n"):
        if part[-1] not in " \t\n":
            name += part[-1]
            continue
        name += "\\" * ((len(part) - 1) // 2)
        if len(part) % 2 == 0:
            name += part[-1]
        else:
            if name:
                yield name
            name = ""
