"""Names beside a raw image: written by `asm`, used by `run`, `translate` and `disasm`, believed only if they fit."""

from __future__ import annotations

import json
import os

import pytest

from tests.cli.conftest import OFF, Command, Here

PROGRAM = (
    """
_start: li a0, 0
        li a1, 3000000
spin:   addi a0, a0, 1
        bne a0, a1, spin
        call power_down
        .align 2
power_down:
"""
    + OFF
    + """
        .data
table:  .zero 64
after:  .word 1
"""
)


def test_a_raw_image_has_names(ring1: Command) -> None:
    ring1.write("prog.s", PROGRAM)
    ring1("asm", "prog.s", status=0)
    assert "spin " in ring1("run", "--stats", "prog.bin", status=0).err
    assert "spin" in ring1("translate", "prog.bin").out
    stopped = ring1("run", "prog.bin", "--max-insns", "100", status=121)
    assert "(spin" in stopped.err
    os.unlink(ring1.folder / "prog.bin.sym")
    plain = ring1("run", "--stats", "prog.bin", status=0)
    assert "spin" not in plain.err and "note" not in plain.err


def test_a_disassembly_has_labels_and_assembles_to_the_same_bytes(ring1: Command) -> None:
    ring1.write("prog.s", PROGRAM)
    ring1("asm", "prog.s", status=0)
    text = ring1("disasm", "prog.bin").out
    lines = text.splitlines()
    assert {"_start:", "spin:", "power_down:", "table:", "after:"} <= set(lines)
    assert lines[lines.index("spin:") + 1].split("#")[0].split() == ["addi", "a0,", "a0,", "1"]
    ring1.write("again.s", text)
    ring1("asm", "again.s", status=0)
    assert (ring1.folder / "again.bin").read_bytes() == (ring1.folder / "prog.bin").read_bytes()


def test_a_name_of_two_places_is_no_label(ring1: Command) -> None:
    ring1.write("a.s", "_start: nop\nhere: nop\n")
    ring1.write("b.s", "here: nop\n")
    ring1("asm", "a.s", "b.s", "-o", "both.bin", status=0)
    text = ring1("disasm", "both.bin").out
    assert text.count("# here:") == 2 and "\nhere:" not in text


def test_names_of_another_image_are_left_aside(here: Here) -> None:
    here.write("prog.s", PROGRAM)
    here("asm", "prog.s", status=0)
    image = here.folder / "prog.bin"
    data = bytearray(image.read_bytes())
    data[-1] ^= 1
    image.write_bytes(data)
    for command in (("run", "--stats"), ("disasm",), ("translate",)):
        done = here(*command, "prog.bin", status=0)
        assert "note: prog.bin.sym is left aside: it is about another image" in done.err.replace(f"{here.folder}/", "")
        assert "spin" not in done.out + done.err


@pytest.mark.parametrize(
    "change",
    [
        {"labels": [[0, 5]]},
        {"labels": [["0", "a"]]},
        {"labels": [[-1, "a"]]},
        {"labels": [[1 << 32, "a"]]},
        {"labels": [[8, "a"], [4, "b"]]},
        {"labels": [[4, "a\nb"]]},
        {"labels": [[4, "\x1b[31m"]]},
        {"labels": [[4, ""]]},
        {"labels": [[4, "a", 1]]},
        {"labels": {"a": 4}},
        {"labels": 7},
        {"size": "8"},
        {"size": True},
        {"size": 3},
        {"size": 1 << 40},
        {"version": 2},
        {"version": "1"},
        {"image": 7},
    ],
)
def test_malformed_names_are_left_aside(here: Here, change: dict[str, object]) -> None:
    here.write("prog.s", PROGRAM)
    here("asm", "prog.s", status=0)
    path = here.folder / "prog.bin.sym"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    done = here("disasm", "prog.bin", status=0)
    assert "note: prog.bin.sym is left aside" in done.err and "spin" not in done.out


@pytest.mark.parametrize("text", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"version":1}', b"7"])
def test_what_is_no_json_is_left_aside(here: Here, text: bytes) -> None:
    here.write("prog.s", PROGRAM)
    here("asm", "prog.s", status=0)
    here.write("prog.bin.sym", text)
    done = here("run", "prog.bin", "--max-insns", "10", status=121)
    assert "note: prog.bin.sym is left aside" in done.err


def test_a_folder_for_names(here: Here) -> None:
    here.write("prog.s", PROGRAM)
    (here.folder / "prog.bin.sym").mkdir()
    assert "names of prog.bin are not written" in here("asm", "prog.s", status=0).err
    assert "is left aside" in here("run", "prog.bin", "--max-insns", "10", status=121).err


def test_no_names_beside_what_is_no_file(ring1: Command) -> None:
    ring1.write("prog.s", PROGRAM)
    ring1("asm", "prog.s", "-o", "/dev/null", status=0)
    assert not os.path.exists("/dev/null.sym")
    ring1("asm", "prog.s", "-o", "-", status=0)
    assert sorted(os.listdir(ring1.folder)) == ["prog.s"]
