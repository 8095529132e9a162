"""`ring1 run --snapshot` and `ring1 resume`: what users see of snapshots."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ring1.isa.load import find
from tests.cli.conftest import EXAMPLES, OFF, Command, Outcome
from tests.programs import PROGRAMS
from tests.ways import UNMODIFIED as ENGINES

Call = Callable[..., Outcome]
SIEVE = EXAMPLES / "sieve.s"
COUNT = "_start: li a1, 100\nagain:  addi a1, a1, -1\n        bnez a1, again\n" + OFF
LENGTH = 203
"""Instructions of COUNT."""


def result(path: str) -> dict[str, Any]:
    """What a run has ended in, without what it took."""
    made = json.loads(Path(path).read_text())
    return {name: made[name] for name in ("isa", "stop", "instructions", "state")}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_run_goes_on_and_the_snapshot_ends_like_it(call: Call, engine: str) -> None:
    options = ("--snapshot-at", "100k", "--snapshot", "half", "--json=whole.json", "--engine", engine)
    whole = call("run", SIEVE, *options)
    assert (whole.status, whole.err) == (0, "")
    done = call("resume", "half", "--json=rest.json")
    assert (done.status, done.out, done.err) == (0, whole.out, "")
    assert result("rest.json") == result("whole.json")


@pytest.mark.soak
def test_at_one_count_all_engines_write_the_same_file(call: Call) -> None:
    for engine in ENGINES:
        call(
            "run",
            EXAMPLES / "holes.s",
            "--isa",
            "pg32v",
            "--engine",
            engine,
            "--snapshot-at",
            700,
            "--snapshot",
            engine,
        )
    assert len({Path(engine).read_bytes() for engine in ENGINES}) == 1


def test_without_a_count_it_is_where_the_run_ends(call: Call) -> None:
    Path("count.s").write_text(COUNT)
    limited = call("run", "count.s", "--max-insns", 50, "--snapshot", "limit")
    assert limited.status == 121
    assert call("resume", "limit", "--max-insns", 50).status == 121
    assert call("resume", "limit", "--quiet", "--snapshot", "limit", "--max-insns", "60").status == 121
    assert call("resume", "limit", "--json=rest.json").status == 0  # it has replaced the file that it came from
    assert result("rest.json")["instructions"] == LENGTH
    Path("seven.s").write_text("_start: li a1, 7\n        li t0, 0xf0\n        out t0, a1\n")
    assert call("run", "seven.s", "--snapshot", "off").status == 7
    assert call("resume", "off") == Outcome(7, "", "")


def test_the_end_may_come_before_the_snapshot(call: Call) -> None:
    Path("count.s").write_text(COUNT)
    done = call("run", "count.s", "--snapshot-at", LENGTH + 1, "--snapshot", "late")
    why = "ring1: no snapshot was written: the run ended after 203 instructions, before --snapshot-at 204\n"
    assert (done.status, done.err) == (0, why)
    done = call("run", "count.s", "--snapshot-at", 100, "--max-insns", 99, "--snapshot", "late", "--quiet")
    assert (done.status, len(done.lines)) == (121, 1)
    assert not Path("late").exists()
    for at in (0, LENGTH):
        assert call("run", "count.s", "--snapshot-at", at, "--snapshot", "edge") == Outcome(0, "", "")
        assert call("resume", "edge", "--json=edge.json").status == 0
        assert result("edge.json")["instructions"] == LENGTH


def test_input_continues(ring1: Command) -> None:
    options = ("--max-insns", 10, "--snapshot", "half", "--quiet")
    begun = ring1("run", EXAMPLES / "echo.s", *options, stdin=b"begun ", status=121).out
    assert "begun ".startswith(begun)
    assert begun + ring1("resume", "half", stdin=b"and done", status=0).out == "begun and done"


def test_ctrl_c_may_leave_a_snapshot(ring1: Command) -> None:
    ring1.write("wait.s", "_start: li a1, 'x'\n        out zero, a1\nwait:   in a1, zero\n        out zero, a1\n" + OFF)
    with ring1.start("run", "wait.s", "--snapshot", "stopped") as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"x"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130  # its input is still open
    assert ring1("resume", "stopped", stdin=b"y", status=0).out == "y"


def test_a_disk_is_to_be_had_as_it_was(call: Call) -> None:
    program = next(p for p in PROGRAMS if p.name == "disk" and p.disk and len(p.disk) == 32 * 512)
    Path("disk.img").write_bytes(program.disk or b"")
    command = ("run", program.source, "--disk", "disk.img", "--quiet")
    assert call(*command, "--max-insns", 120, "--snapshot", "half").status == 121
    Path("copy.img").write_bytes(Path("disk.img").read_bytes())
    done = call("resume", "half", "--disk", "disk.img")
    assert (done.status, done.out) == (0, program.output.decode())
    done = call("resume", "half", "--disk", "disk.img")
    assert (done.status, done.out) == (2, "")
    assert done.err == "ring1: half: the disk has been written to since: what is needed is a copy from that time\n"
    assert call("resume", "half").err == "ring1: half: the machine has a disk of 32 sectors, and none is given\n"
    assert call("resume", "half", "--disk", "copy.img", "--engine", "interp").out == program.output.decode()
    assert Path("copy.img").read_bytes() == program.disk_after


def test_a_trace_begins_where_the_machine_is(call: Call) -> None:
    Path("count.s").write_text(COUNT)
    call("run", "count.s", "--snapshot-at", 200, "--snapshot", "half")
    assert call("resume", "half", "--trace", "out.txt").status == 0
    _, *lines = Path("out.txt").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["200", "201", "202"]


def test_figures_are_of_the_rest(call: Call) -> None:
    call("run", SIEVE, "--snapshot-at", 1000, "--snapshot", "half")
    done = call("resume", "half", "--stats", "--check")
    assert done.status == 0 and "exits to the VMM" in done.err


def test_a_description_of_ones_own(call: Call) -> None:
    Path("mine.isa").write_text(Path(find("pg32")).read_text().replace("isa pg32", "isa mine"))
    Path("count.s").write_text(COUNT)
    assert call("run", "count.s", "--isa", "mine.isa", "--snapshot-at", 9, "--snapshot", "half").status == 0
    assert "--isa has to name its description" in call("resume", "half").err
    assert call("resume", "half", "--isa", "mine.isa") == Outcome(0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", SIEVE, "--snapshot-at", "5"), "--snapshot-at: which file? --snapshot names it"),
        (("run", SIEVE, "--snapshot-at", "x", "--snapshot", "s"), "argument --snapshot-at: 'x' is no count"),
        (("run", SIEVE, "--snapshot", "."), "--snapshot: .: there is something else than a file"),
        (("run", SIEVE, "--snapshot", ""), "--snapshot: '' is no file's name"),
        (("run", SIEVE, "--snapshot", "new/"), "--snapshot: 'new/' is no file's name"),
        (("run", SIEVE, "--snapshot", "/dev/null"), "--snapshot: /dev/null: there is something else than a file"),
        (("run", SIEVE, "--snapshot", "no/where"), "no: not a directory that can be written to"),
        (("run", SIEVE, "--snapshot", SIEVE), "looks like a source file, and would be overwritten"),
        (("run", SIEVE, "--disk", "disk", "--snapshot", "disk"), "disk is the input, and would be overwritten"),
        (("run", SIEVE, "--disk", "disk", "--trace", "disk"), "disk is the input, and would be overwritten"),
        (("run", SIEVE, "--trace", "there", "--snapshot", "./there"), "--snapshot: ./there is what --trace writes"),
        (("run", SIEVE, "--json=there", "--trace", "there"), "--trace: there is what --json writes"),
        (("resume",), "which snapshot?"),
        (("resume", "missing"), "missing: No such file or directory"),
        (("resume", "."), ".: not a file"),
        (("resume", SIEVE), f"{SIEVE}: not a snapshot"),
        (("resume", "--json", SIEVE), f"{SIEVE}: not a snapshot"),
        (("resume", "half", "--mem", "1M"), "unrecognized arguments: --mem 1M"),
        (("resume", "half", "--engine", "interp", "--check"), "--check is about translated code"),
        (("resume", "half", "--isa", "pg32v"), "half: a snapshot of another machine than this pg32v"),
        (("resume", "half", "--disk", "disk"), "half: the machine has no disk"),
        (("resume", "half", "--disk", "missing"), "missing: No such file or directory"),
        (("resume", "half", "--snapshot", "s", "--snapshot-at", "99"), "--snapshot-at 99: the machine is 100 instruct"),
        (("resume", "cut"), "cut: damaged, or not all of it is there"),
    ],
)
def test_bad_arguments(call: Call, arguments: tuple[object, ...], message: str) -> None:
    call("run", SIEVE, "--max-insns", 100, "--snapshot", "half")
    Path("cut").write_bytes(Path("half").read_bytes()[:-40])
    Path("disk").write_bytes(bytes(512))
    done = call(*arguments)
    assert done.status == 2 and Path("disk").read_bytes() == bytes(512)
    if "--json" in arguments:
        assert message in json.loads(done.out)["errors"][0]["message"]
    else:
        assert done.out == ""
    assert message in done.err and len(done.lines) == 1


def test_a_snapshot_that_cannot_be_written(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's disk is full only when the bytes have to get there."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    Path("count.s").write_text(COUNT)
    monkeypatch.setattr(os, "fsync", full)
    done = call("run", "count.s", "--snapshot-at", 9, "--snapshot", "half")
    assert (done.status, done.err) == (124, "ring1: --snapshot: half: No space left on device\n")
    assert os.listdir() == ["count.s"]
