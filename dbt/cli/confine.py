"""Programs that may name no files of the host's but those in the directories of their sources: --no-host-files."""

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
"""Begins a C program: behind the first word of C, GCC takes no precompiled header, which could be anything."""
ABSENT = re.compile(r"^.*: fatal error: .*: No such file or directory$", re.MULTILINE)
PARTS = re.compile(r"\\*[ \t\n]|\\#|\$\$|.", re.DOTALL)
"""Of a rule for make, as GCC writes it: between files, and where their names have what means something to make."""


def reach(names: Iterable[str], confined: bool) -> Reach:
    """What a program of these files may name."""
    return Within(names) if confined else ANYWHERE


def compile_c(command: Sequence[str], file: str, flags: Sequence[str], library: Path, folder: Path) -> int:
    """Have GCC compile a file; its exit status. Raises Failure, OSError if the file includes what it must not. What GCC
    says is shown only if it does not, since it may quote what it has read."""
    first, needs = folder / "first.h", folder / "needs"
    first.write_text(FIRST)
    folders = [Path(name) for flag, name in pairwise(flags) if flag == "-I"]
    own = subprocess.run([command[0], "-print-file-name=include"], capture_output=True, text=True, check=False)
    allowed = Within([file], [library, folder, Path(own.stdout.strip()).parent, *folders])
    allowed.permit(Path(file))
    # After #line the source line that is shown may be any file's.
    safe = ["-include", str(first), "-fno-diagnostics-show-caret", "-MD", f"-MF{needs}"]
    done = subprocess.run([*command, *safe, file], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    said = os.fsdecode(done.stderr)
    if needs.exists():
        for name in prerequisites(os.fsdecode(needs.read_bytes())):
            allowed.permit(Path(name))
            if not os.path.lexists(name):
                raise Failure(f"{file}: what it includes has a name that is not understood: {name}")
    else:  # GCC has given up before it wrote down what it has read
        said = "\n".join(ABSENT.findall(said))
    if said:
        streams.tell(said.rstrip("\n"))
    return done.returncode


def prerequisites(rule: str) -> Iterator[str]:
    """The files that a rule of make's says a file is made from. A blank in a name has a backslash before it, and of
    those before that, two stand for each."""
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
