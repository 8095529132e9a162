"""The command `ring1` in this process, its streams caught."""

from __future__ import annotations

import io
import os
import sys

from ring1.dbt.cli.main import main


def ring1(argv: list[str]) -> tuple[int, str]:
    """A command's exit status, and what it says on stderr. Its stdin has ended."""
    out, err = (io.TextIOWrapper(io.BytesIO(), errors="backslashreplace", write_through=True) for _ in range(2))
    before, no_input = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(no_input, 0)
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), out, err
    try:
        status = main(argv)
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        os.dup2(before, 0)
        os.close(before)
        os.close(no_input)
    err.seek(0)
    return status, err.read()
