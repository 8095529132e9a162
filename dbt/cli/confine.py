"""Programs that may name no files of the host's but those in the directories of their sources: --no-host-files."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from dbt.cli import cflags
from dbt.cli.outcome import Failure
from isa.asm.sources import ANYWHERE, Reach, Within

WORD = re.compile(r"(?:\\.|[^\s\\])+", re.DOTALL)
"""Of a rule for make, as GCC writes it."""


def reach(names: Iterable[str], flags: Sequence[str]) -> Reach:
    """What a program of these files that is built with these flags may name."""
    return Within(names) if cflags.CONFINED in flags else ANYWHERE


def check(command: Sequence[str], file: str, flags: Sequence[str], library: Path) -> None:
    """Raises Failure, OSError if a C file includes what it must not. Nothing that GCC says of it is shown: it may quote
    what it has read."""
    gcc = command[0]
    own = subprocess.run([gcc, "-print-file-name=include"], capture_output=True, text=True, check=False)
    folders = [Path(folder) for flag, folder in pairwise(flags) if flag == "-I"]
    allowed = Within([file], [library, Path(own.stdout.strip()).parent, *folders])
    allowed.permit(Path(file))
    words = [word for word in command if word != "-S"]
    done = subprocess.run([*words, "-M", "-MG", file], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise Failure(f"{file}: GCC cannot preprocess it; with {cflags.CONFINED} what it says of that is not shown")
    for name in prerequisites(os.fsdecode(done.stdout)):
        if os.path.lexists(name):  # of others GCC will say that they are not there
            allowed.permit(Path(name))


def prerequisites(rule: str) -> Iterator[str]:
    """The files that a rule of make's says a file is made from."""
    for word in WORD.findall(rule.partition(": ")[2].replace("\\\n", " ")):
        yield re.sub(r"\\(.)", r"\1", word).replace("$$", "$")
