"""Limits of a run: instructions, wall time and output; where they stop a machine, and that a snapshot goes on there."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ring1.dbt.vmm.snapshot import load
from ring1.examples.os import image
from tests.cli.conftest import EXAMPLES, OFF, SECONDS, Command, Outcome
from tests.ways import UNMODIFIED as ENGINES

Call = Callable[..., Outcome]

LOOP = "_start: addi a1, a1, 1\n        j _start\n"
WAIT = "_start: nop\nwait:   in a1, zero\n" + OFF
SLEEP = "_start: li a1, 1\n        out a1, a1\n        li a2, 2\n        wrcr ie, a2\nsleep:  hlt\n" + OFF
"""Halts until there is console input."""
COUNT = "_start: li a1, 'a'\nagain:  out zero, a1\n        addi a1, a1, 1\n        li a2, 'z'+1\n"
COUNT += "        bne a1, a2, again\n" + OFF
"""Writes the alphabet: behind n letters, 1 + 4 * n instructions have retired before the next one."""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_time_limit_ends_an_endless_loop(call: Call, engine: str) -> None:
    Path("loop.s").write_text(LOOP)
    done = call("run", "loop.s", "--engine", engine, "--timeout", "0.3", "--json")
    assert done.status == 121
    [line] = done.lines
    assert line.startswith("ring1: the time limit stopped the guest after ")
    made = json.loads(done.out)
    assert made["stop"] == {"reason": "timeout", "exit_code": None, "trap": None}
    count = made["instructions"]
    assert count > 0
    assert (made["state"]["regs"]["a1"], made["state"]["pc"]) == ((count + 1) // 2 & 0xFFFFFFFF, 4 * (count % 2))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "pc"), [(WAIT, 4), (SLEEP, 16)])
def test_a_time_limit_ends_a_guest_that_waits_for_input(ring1: Command, engine: str, text: str, pc: int) -> None:
    ring1.write("wait.s", text)
    arguments = ("run", "wait.s", "--engine", engine, "--max-insns", "1k", "--timeout", "0.3", "--json", "--quiet")
    with ring1.start(*arguments) as process:
        assert process.stdout is not None
        out = process.stdout.read()  # its input is still open
        assert process.wait(SECONDS) == 121
    made = json.loads(out)
    assert made["stop"]["reason"] == "timeout"
    assert (made["state"]["pc"], made["instructions"]) == (pc, pc // 4)


def test_ctrl_c_comes_before_the_time_is_over(ring1: Command) -> None:
    ring1.write("loop.s", "_start: li a1, 'x'\n        out zero, a1\nforever: j forever\n")
    with ring1.start("run", "loop.s", "--timeout", SECONDS) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"x"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=5)
    assert process.returncode == 130
    assert err.startswith(b"ring1: Ctrl-C stopped the guest after ")


def test_a_guest_that_ends_in_time_is_not_waited_for(ring1: Command) -> None:
    began = time.monotonic()
    assert ring1("run", EXAMPLES / "hello.s", "--timeout", SECONDS) == Outcome(0, "Hello, world!\n", "")
    assert time.monotonic() - began < SECONDS / 2


def test_a_guest_whose_output_nobody_takes_ends_as_well(ring1: Command) -> None:
    ring1.write("spam.s", "_start: li a1, 'x'\nagain:  out zero, a1\n        j again\n")
    code = "import sys; from ring1.dbt.cli import limits, main; limits.GRACE = 0.3; sys.exit(main.main())"
    command = [sys.executable, "-c", code, "run", "spam.s", "--timeout", "1"]
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    done = subprocess.run(
        command, cwd=ring1.folder, env=ring1.environment, stdout=writer, stderr=subprocess.PIPE, timeout=SECONDS
    )
    os.close(writer)
    os.close(reader)
    assert done.returncode == 121
    assert b"could not be stopped" in done.stderr


SLOWLY = """
import sys, time
from ring1.dbt.cli import limits, main
from ring1.dbt.vmm import snapshot
limits.GRACE, save = 0.2, snapshot.save
def slowly(vm, path):
    time.sleep(1)
    save(vm, path)
snapshot.save = slowly
sys.exit(main.main())
"""


def test_a_snapshot_may_take_its_time(ring1: Command) -> None:
    ring1.write("loop.s", LOOP)
    command = [sys.executable, "-c", SLOWLY, "run", "loop.s", "--timeout", "0.3", "--snapshot", "there"]
    done = subprocess.run(command, cwd=ring1.folder, env=ring1.environment, capture_output=True, timeout=SECONDS)
    assert (done.returncode, b"could not be stopped" in done.stderr) == (121, False)
    assert ring1("resume", "there", "--max-insns", 1, "--quiet").status == 121


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e300", "soon"])
def test_no_time_at_all(call: Call, text: str) -> None:
    done = call("run", EXAMPLES / "hello.s", f"--timeout={text}")
    assert (done.status, done.out) == (2, "")
    assert f"--timeout: '{text}' is no time" in done.err


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("room", [0, 1, 5, 25])
def test_output_stops_before_the_instruction_that_has_no_room(call: Call, engine: str, room: int) -> None:
    Path("count.s").write_text(COUNT)
    done = call("run", "count.s", "--engine", engine, "--max-output", room, "--json=it.json")
    assert (done.status, done.out) == (121, "abcdefghijklmnopqrstuvwxyz"[:room])
    count = 1 + 4 * room
    assert f"the limit of its output stopped the guest after {count:,} instructions, at 0x00000004" in done.err
    made = json.loads(Path("it.json").read_text())
    assert made["stop"] == {"reason": "output", "exit_code": None, "trap": None}
    assert (made["instructions"], made["state"]["pc"], made["state"]["regs"]["a1"]) == (count, 4, ord("a") + room)


def test_output_that_just_fits(call: Call) -> None:
    Path("count.s").write_text(COUNT)
    done = call("run", "count.s", "--max-output", 26)
    assert (done.status, done.out, done.err) == (0, "abcdefghijklmnopqrstuvwxyz", "")


@pytest.mark.parametrize("options", [("--check",), ("--trace", "trace.txt"), ("--mmu", "softtlb")])
def test_output_stops_however_it_is_run(call: Call, options: tuple[str, ...]) -> None:
    Path("count.s").write_text(COUNT)
    done = call("run", "count.s", "--max-output", 5, *options)
    assert (done.status, done.out) == (121, "abcde")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_snapshot_goes_on_where_a_limit_has_stopped_it(call: Call, engine: str) -> None:
    Path("count.s").write_text(COUNT)
    first = call("run", "count.s", "--engine", engine, "--max-output", 5, "--snapshot", "there")
    assert (first.status, first.out) == (121, "abcde")
    # Bytes are those of a run, instructions since reset.
    second = call("resume", "there", "--engine", engine, "--max-output", 20, "--snapshot", "there")
    assert (second.status, second.out) == (121, "fghijklmnopqrstuvwxy")
    last = call("resume", "there", "--engine", engine, "--json")
    assert last.status == 0
    assert last.out.startswith("z{")
    assert json.loads(last.out[1:])["instructions"] == 1 + 4 * 26 + 2


def test_what_a_file_on_stdin_still_has_is_in_the_snapshot_behind_a_time_limit(ring1: Command) -> None:
    # The guest echoes ten bytes, and loops.
    text = "_start: li a2, 10\nagain:  in a1, zero\n        out zero, a1\n        addi a2, a2, -1\n"
    text += "        bnez a2, again\nloop:   beqz a3, loop\n"
    ring1.write("ten.s", text)
    ring1("run", "ten.s", "--timeout", "0.5", "--snapshot", "there", stdin=b"0123456789abc", status=121)
    with load(str(ring1.folder / "there")) as vm:
        assert [vm.bus.read(0, 0) for _ in range(4)] == [*b"abc", 0xFFFFFFFF]


def test_comparing_ends_when_its_time_is_over(call: Call) -> None:
    Path("loop.s").write_text(LOOP)
    done = call("compare", "loop.s", "--engines", "interp,bt,bare", "--timeout", "1", "--json")
    assert done.status == 0
    made = json.loads(done.out)
    assert made["equivalent"]
    assert made["stop"]["reason"] == "limit"


def test_engines_are_equal_where_output_ends(call: Call) -> None:
    Path("count.s").write_text(COUNT)
    done = call("compare", "count.s", "--engines", ",".join(ENGINES), "--max-output", 7, "--json")
    assert done.status == 0
    made = json.loads(done.out)
    assert made["stop"]["reason"] == "output"
    assert made["equivalent"]


def test_snapshots_where_output_ends_are_the_same_file_under_every_engine(call: Call) -> None:
    Path("count.s").write_text(COUNT)
    for engine in ENGINES:
        call("run", "count.s", "--engine", engine, "--max-output", 17, "--snapshot", engine, "--quiet")
    assert len({Path(engine).read_bytes() for engine in ENGINES}) == 1


@pytest.mark.soak
@pytest.mark.parametrize("room", [101, 333])
def test_a_hypercall_writes_all_of_its_buffer_or_nothing(ring1: Command, room: int) -> None:
    disk = ring1.folder / "os.img"
    disk.write_bytes(image.build(image.contents(image.sources())))
    script = (EXAMPLES / "os/demo.txt").read_bytes()
    command = ("run", EXAMPLES / "os/kernel.s", "--engine", "para", "-D", "PARAVIRT", "--disk", disk)
    whole = ring1(*command, stdin=script, status=0)
    first = ring1(*command, "--max-output", room, "--snapshot", "there", stdin=script, status=121)
    assert 0 < len(first.out) <= room
    rest = ring1("resume", "there", "--engine", "para", "--disk", disk, status=0)
    assert first.out + rest.out == whole.out


def test_an_engine_with_a_build_of_its_own_may_stop_earlier(ring1: Command) -> None:
    disk = ring1.folder / "os.img"
    disk.write_bytes(image.build(image.contents(image.sources())))
    script = (EXAMPLES / "os/demo.txt").read_bytes()
    system = (EXAMPLES / "os/kernel.s", "--disk", disk, "--engines", "bare,para")
    made = json.loads(ring1("compare", *system, "--max-output", 333, "--json", stdin=script, status=0).out)
    assert (made["equivalent"], made["stop"]["reason"]) == (True, "output")
