"""Files without an end are refused by all who read one whole (found as a command line that took all memory)."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ring1.isa.files import MOST_TEXT, contents, text

LIMIT = 2 << 30
"""Bytes of data that a command may have."""


@pytest.mark.parametrize(
    "command", ["asm", "disasm", "run", "resume", "fuzz --replay", "bench --baseline", "isa check"]
)
def test_a_file_without_an_end(command: str) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))

    words = [sys.executable, "-m", "ring1", *command.split(), "/dev/zero"]
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=limited, timeout=60)
    assert done.returncode == 2 and "/dev/zero: " in done.stderr, done.stderr


@pytest.mark.parametrize(
    "text",
    [
        '.ascii "' + "x" * 5_000_000 + '"',
        '.ascii "' + "\\t" * 2_500_000 + '"',
        '.macro m a\n.endm\nm "' + "x" * 5_000_000 + '"',
        '.ascii "' + "\\t" * 2_500_000 + "\\",
        ".word " + "1+" * 2_500_000 + "1",
        ".macro m " + "".join(f"p{n} " for n in range(100_000)) + "\n.endm",
        ".section a," + " " * 200_000 + "b c",
    ],
    ids=["string", "escapes", "argument", "open", "sum", "parameters", "blanks"],
)
def test_what_a_long_statement_costs(tmp_path: Path, text: str) -> None:
    """Not hundreds of bytes of memory for each of its characters, nor its length for each of them."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (LIMIT // 4, LIMIT // 4))

    (tmp_path / "long.s").write_text(text)
    words = [sys.executable, "-m", "ring1", "asm", "-o", "/dev/null", str(tmp_path / "long.s")]
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=limited, timeout=60)
    assert done.returncode == 0 or (done.returncode == 2 and ":1:" in done.stderr), done.stderr[-1000:]


def test_what_a_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one\r\ntwo\rthree\n")
    assert contents(path) == b"one\r\ntwo\rthree\n" and text(path) == path.read_text()
    with path.open("wb") as file:
        file.truncate(MOST_TEXT + 1)
    assert len(contents(path)) == MOST_TEXT + 1
    with pytest.raises(OSError) as found:
        text(path)
    assert found.value.errno == errno.EFBIG and found.value.filename == str(path)
