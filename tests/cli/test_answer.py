"""Whose exit status it is, and what the JSON object says of a run that came to nothing."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EXAMPLES, SECONDS, Command, Outcome
from tests.ways import UNMODIFIED as ENGINES

Call = Callable[..., Outcome]

NOTHING = {"reason": "error", "exit_code": None, "trap": None}


def exiting(code: int) -> str:
    return f"_start: li a1, {code}\n        li t0, 0xf0\n        out t0, a1\n"


@pytest.mark.parametrize("code", [120, 121, 122, 123, 124, 125, 126, 130, 143, 255])
@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_an_exit_code_that_could_be_ring1s_is_called_the_guests(call: Call, code: int, quiet: tuple[str, ...]) -> None:
    Path("exit.s").write_text(exiting(code))
    for engine in ENGINES if code == 126 else ("interp",):
        done = call("run", "exit.s", "--engine", engine, *quiet)
        assert (done.status, done.out, done.err) == (code, "", f"ring1: {code} is the guest's exit code\n"), engine


@pytest.mark.parametrize("code", [0, 1, 2, 119])
def test_others_are_not_announced(call: Call, code: int) -> None:
    Path("exit.s").write_text(exiting(code))
    assert call("run", "exit.s") == Outcome(code, "", "")


def test_of_a_resumed_guest_too(call: Call) -> None:
    Path("exit.s").write_text(exiting(121))
    assert call("run", "exit.s", "--max-insns", 1, "--snapshot", "it", "--quiet") == Outcome(121, "", "")
    assert call("resume", "it", "--quiet") == Outcome(121, "", "ring1: 121 is the guest's exit code\n")


def read(text: str) -> dict[str, Any]:
    made = json.loads(text)
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_program_that_does_not_assemble(call: Call, command: str) -> None:
    Path("bad.s").write_text("_start: nop\n        addq a1, a2\n        j nowhere\n")
    done = call(command, "bad.s", "--json")
    assert done.status == 2
    made = read(done.out)
    assert (made["isa"], made["status"], made["stop"]) == ("pg32", 2, NOTHING)
    assert [(e["file"], e["line"]) for e in made["errors"]] == [("bad.s", 2), ("bad.s", 3)]
    assert all(f"bad.s:{e['line']}:{e['column']}: error: {e['message']}" in done.err for e in made["errors"])
    assert call(command, "bad.s", "--json=it.json") == Outcome(2, "", done.err)
    assert read(Path("it.json").read_text()) == made


def test_a_description_with_faults(call: Call) -> None:
    Path("bad.isa").write_text('isa bad "bad";\ninsn {\n')
    made = read(call("run", EXAMPLES / "hello.s", "--isa", "bad.isa", "--json").out)
    assert (made["isa"], made["status"]) == ("bad.isa", 2)
    assert made["errors"][0]["file"] == "bad.isa"


FAILURES = {
    "absent.s": ((), 2, "absent.s: No such file or directory"),
    "hello.txt": ((), 2, "hello.txt: neither"),
    "hello.s": (("--mem", "3"), 2, "--mem: RAM must be a multiple of 4096 bytes"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_what_cannot_be_run(call: Call, name: str) -> None:
    options, status, message = FAILURES[name]
    if name != "absent.s":
        Path(name).write_text("_start: nop\n")
    done = call("run", name, *options, "--json")
    assert done.status == status
    made = read(done.out)
    assert (made["stop"], made["status"]) == (NOTHING, status)
    [error] = made["errors"]
    assert error["message"].startswith(message)
    assert done.err == f"ring1: {error['message']}\n"


def test_a_snapshot_that_is_none(call: Call) -> None:
    Path("none").write_bytes(b"nothing")
    done = call("resume", "none", "--json")
    made = read(done.out)
    assert (made["status"], made["errors"]) == (2, [{"message": "none: not a snapshot"}])


def test_the_object_is_not_written_over_an_input(call: Call) -> None:
    Path("disk.img").write_bytes(bytes(512))
    Path("off.s").write_text(exiting(0))
    done = call("run", "off.s", "--disk", "disk.img", "--json=disk.img")
    assert (done.status, Path("disk.img").read_bytes()) == (2, bytes(512))
    assert call("run", "absent.s", "--json=off.s").status == 2
    assert Path("off.s").read_text() == exiting(0)


def test_a_guest_that_is_interrupted_has_the_usual_object(ring1: Command) -> None:
    ring1.write("loop.s", "_start: li a1, 'x'\n        out zero, a1\nforever: j forever\n")
    with ring1.start("run", "loop.s", "--json=it.json") as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"x"
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 130
    made = read((ring1.folder / "it.json").read_text())
    assert made["stop"]["reason"] == "interrupt"
    assert made["state"]["pc"] == 8
