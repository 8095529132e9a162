"""Command lines, in this process."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Timer

from ring1.dbt.cli.main import COMMANDS
from tests.malformed.description import SMALL
from tests.malformed.mutate import NUMBERS
from tests.malformed.quiet import ring1
from tests.malformed.target import ROOT, Target, Undocumented

OPTIONS = (
    *("--isa", "--mem", "--disk", "--seed", "--engine", "--mmu", "--shadow", "--max-insns", "--snapshot", "--json"),
    *("--snapshot-at", "--stats", "--trace", "--check", "--quiet", "--ring", "--hot", "--base", "-o", "--listing"),
    *("--costs", "--engines", "--help", "--version", "-O2", "-D", "-I", "-O", "--", "-", "--nothing", "-x", "--html"),
)
WORDS = (
    *("hello.s", "bad.s", "hello.bin", "noise.bin", "half.snap", "disk.img", "m.isa", "bad.isa", "folder", "missing"),
    *(
        "pg32",
        "pg32v",
        "bt",
        "interp",
        "bare",
        "trap",
        "hybrid",
        "all",
        "shadow",
        "softtlb",
        "lazy",
        "traced",
        "nehalem",
    ),
    *(
        "show",
        "check",
        "list",
        "",
        " ",
        "-",
        "--",
        "/dev/null",
        "/dev/full",
        "/nowhere/x",
        "out",
        "out.json",
        "a=b",
        "=",
        "%",
    ),
    *(
        "\udcff",
        "\u2028",
        "\x1b[2J",
        "x" * 300,
        "x" * 5000,
        "{0}",
        "%s",
        "@hello.s",
        "0",
        "5K",
        "64K",
        "1M",
        "-1",
        "1,2",
    ),
    *NUMBERS[:20],
)
SOON = [name for name in COMMANDS if name not in ("fuzz", "bench")]
"""Commands that do not take minutes by their nature."""
SERVERS = ("explore", "host")
"""Commands that go on until their user has enough."""
SERVED = 2.0
"""Seconds that a server is given."""
DOCUMENTED = (*range(3), 120, 121, 122, 123, 124, 130)
"""Exit statuses; the guests here end with 0."""


class Commands(Target):
    name = "command"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for name in ("hello.s", "holes.s"):
            shutil.copy(ROOT / "examples" / name, folder)
        for name, data in {
            "bad.s": b"_start: frob\n",
            "noise.bin": Random(1).randbytes(512),
            "half.snap": b"no snapshot",
            "disk.img": bytes(2048),
            "m.isa": SMALL.encode(),
            "bad.isa": b"isa",
        }.items():
            (folder / name).write_bytes(data)
        (folder / "folder").mkdir(exist_ok=True)
        with contextlib.chdir(folder):
            ring1(["asm", "hello.s"])
            ring1(["run", "hello.s", "--max-insns", "20", "--snapshot", "half.snap"])

    def make(self, r: Random) -> bytes:
        command = r.choice(("run", "run", "frob", "", *SOON, *SOON))
        words = [command] if r.random() < 0.97 else []
        words += [r.choice(("hello.s", "half.snap", "hello.bin", "m.isa", "pg32"))] if r.random() < 0.6 else []
        for _ in range(r.choice((0, 1, 2, 3, 6))):
            option, word = r.choice(OPTIONS), r.choice(WORDS)
            words += r.choice(([option], [option, word], [f"{option}={word}"], [word], [word[: r.randrange(9)]]))
        if r.random() < 0.05:
            r.shuffle(words)
        return "\0".join(words).encode(errors="surrogateescape")

    def feed(self, data: bytes) -> str:
        argv = data.decode(errors="surrogateescape").split("\0") if data else []
        if argv[:1] == ["classify"]:
            argv += ["--pairs", "20"]
        if argv[:1] == ["explore"]:
            argv.insert(1, "--no-browser")
        user = enough() if argv and argv[0] in SERVERS else contextlib.nullcontext()
        with contextlib.chdir(self.folder), user:
            status, said = ring1(argv)
        if status not in DOCUMENTED or "Traceback" in said or (status and not said and "--quiet" not in argv):
            raise Undocumented(f"status {status}: {said[-300:]}")
        return str(status)


@contextlib.contextmanager
def enough() -> Iterator[None]:
    """A user who presses Ctrl-C after a while, unless it has ended by then."""
    timer = Timer(SERVED, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
