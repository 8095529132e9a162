"""Where a program begins and how it ends: what the author of one that says neither is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import OFF, Command

MAIN = "main:   li a0, 1\n" + OFF
WARNING = "ring1: warning: there is no _start: the program begins at address 0"


@pytest.mark.soak
@pytest.mark.parametrize("command", ["run", "compare --engines interp,bt,para", "translate"])
def test_a_program_without_start_is_warned_of_once(ring1: Command, command: str) -> None:
    ring1.write("prog.s", MAIN)
    for _ in range(2):  # the second time out of the cache
        assert ring1(*command.split(), "prog.s", status=0).lines == [f"{WARNING} (main)"]
    for name in ("start", "_strat", "_Start"):
        ring1.write("prog.s", f"main: {name}:\n{MAIN.removeprefix('main:')}")
        assert ring1(*command.split(), "prog.s", status=0).lines == [f"{WARNING} (main); did you mean {name}?"]
    ring1.write("prog.s", MAIN.removeprefix("main:"))
    assert ring1(*command.split(), "prog.s", status=0).lines == [WARNING]


def test_who_is_not_warned(ring1: Command) -> None:
    ring1.write("prog.s", MAIN)
    assert ring1("run", "--quiet", "prog.s", status=0).err == ""
    assert ring1("asm", "prog.s", status=0).err == ""
    assert ring1("run", "prog.bin", status=0).err == ""
    ring1.write("start.s", "_start:\n" + MAIN)
    assert ring1("run", "start.s", status=0).err == ring1("run", "prog.s", "start.s", status=0).err == ""


def test_an_image_that_does_not_end(ring1: Command, tmp_path: Path) -> None:
    ring1.write("prog.s", "_start: li a0, 1\n        nop\n")
    assert ring1("asm", "prog.s", status=0).err == ""
    said = ring1("run", "prog.bin", status=120).err
    assert (
        "at 0x00000008: .word 0x00000000; the program ran past its end at 0x8 (" in said
        and "examples/hello.s shows" in said
    )


def test_a_jump_to_where_nothing_is(ring1: Command) -> None:
    ring1.write("prog.s", "_start: li a0, 0x5000\n        jr a0\n")
    assert ring1("run", "prog.s", status=120).err.endswith(".word 0x00000000; the program ends at 0x8\n")
    ring1.write("prog.s", "_start: li a0, 4096\n        jr a0\n" + OFF + "        .org 0x2000\n        nop\n")
    assert ring1("run", "prog.s", status=120).err.endswith("at 0x00001000 (_start+0x1000): .word 0x00000000\n")
