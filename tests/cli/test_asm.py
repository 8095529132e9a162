"""`ring1 asm` and `ring1 disasm`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import EXAMPLES, OFF, SECONDS, Command, Outcome, words

Call = Callable[..., Outcome]

TEXT = "_start: addi a1, zero, 5\n        sw a1, 8(zero)\nspace:  .word 0x01020304\n"
IMAGE = words(("addi", {"rd": 11, "rs1": 0, "imm": 5}), ("sw", {"rs2": 11, "rs1": 0, "imm": 8})) + bytes([4, 3, 2, 1])


def test_the_image_is_called_after_the_first_file(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "first.s").write_text(TEXT)
    (folder / "second.s").write_text("        .byte 9\n")
    assert call("asm", "folder/first.s", "folder/second.s") == Outcome(0, "", "")
    assert Path("first.bin").read_bytes() == IMAGE + b"\x09"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.bin", "first.bin.sym", "folder"]


def test_the_image_goes_where_it_is_told_to(call: Call) -> None:
    Path("prog.s").write_text(TEXT)
    assert call("asm", "prog.s", "-o", "image").status == 0
    assert Path("image").read_bytes() == IMAGE
    assert not Path("prog.bin").exists()


def test_an_image_on_stdout_is_nothing_but_bytes(ring1: Command) -> None:
    ring1.write("prog.s", TEXT)
    with ring1.start("asm", "prog.s", "-o", "-") as process:
        assert process.communicate(timeout=SECONDS) == (IMAGE, b"")
    assert not (ring1.folder / "prog.bin").exists()


def test_a_listing_shows_addresses_bytes_and_source(call: Call) -> None:
    Path("prog.s").write_text(TEXT)
    done = call("asm", "prog.s", "--listing")
    assert done.status == 0
    assert Path("prog.bin").read_bytes() == IMAGE
    rows = [line.split() for line in done.out.splitlines()]
    for address, text in ((0, "addi a1, zero, 5"), (4, "sw a1, 8(zero)"), (8, ".word 0x01020304")):
        data = [f"{byte:02x}" for byte in IMAGE[address : address + 4]]
        assert any(row[0:1] == [f"{address:08x}"] and row[1:5] == data and text in " ".join(row) for row in rows), text
    assert ["00000008", "space"] in rows


def test_image_and_listing_do_not_share_stdout(call: Call) -> None:
    Path("prog.s").write_text(TEXT)
    done = call("asm", "prog.s", "--listing", "-o", "-")
    assert (done.status, done.out) == (2, "")


def test_all_mistakes_are_told_at_once(call: Call) -> None:
    Path("one.s").write_text("        frob a1\n        j nowhere\n")
    Path("two.s").write_text("        addi a1, a2, 40000\n")
    done = call("asm", "one.s", "two.s")
    assert (done.status, done.out) == (2, "")
    places = [line.split(": error: ")[0] for line in done.lines if ": error: " in line]
    assert places == ["one.s:1:9", "one.s:2:11", "two.s:1:22"]
    assert done.lines[-1] == "ring1: 3 errors"
    assert not Path("one.bin").exists()


def test_a_source_is_not_overwritten(call: Call) -> None:
    Path("prog.s").write_text(TEXT)
    Path("text").write_text("")
    assert call("asm", "prog.s", "-o", "prog.s").status == 2
    assert Path("prog.s").read_text() == TEXT
    Path("image.bin").write_bytes(IMAGE)
    assert call("disasm", "image.bin", "-o", "image.bin").status == 2
    assert Path("image.bin").read_bytes() == IMAGE


def test_an_entry_that_a_raw_image_cannot_have_is_noted(call: Call) -> None:
    Path("late.s").write_text("        .word 0\n_start:\n" + OFF)
    done = call("asm", "late.s")
    assert done.status == 0
    assert done.err == "ring1: note: _start is at 0x4; as a raw image the program will begin at 0\n"


def test_the_machine_is_an_option(call: Call) -> None:
    machine = 'isa more extends pg32 "with twice";\ninsn twice : DX(0xa0) { rd = rs1 + rs1; }\n'
    shipped = Path(__file__).parents[2] / "isa" / "pg32.isa"
    Path("pg32.isa").write_text(shipped.read_text())
    Path("more.isa").write_text(machine)
    Path("prog.s").write_text("        twice a1, a2\n")
    assert call("asm", "prog.s").status == 2
    assert call("asm", "prog.s", "--isa", "more.isa").status == 0
    assert "twice a1, a2" in call("disasm", "prog.bin", "--isa", "more.isa").out
    assert "twice" not in call("disasm", "prog.bin").out


@pytest.mark.parametrize("name", ["hello", "traps", "sha256", "smc"])
def test_disassembly_assembles_to_the_same_bytes(call: Call, name: str) -> None:
    assert call("asm", EXAMPLES / f"{name}.s", "-o", "first.bin").status == 0
    assert call("disasm", "first.bin", "-o", "again.txt").status == 0
    Path("again.s").write_text(Path("again.txt").read_text())
    assert call("asm", "again.s").status == 0
    assert Path("again.bin").read_bytes() == Path("first.bin").read_bytes() != b""


def test_disassembly_knows_where_the_image_stands(call: Call) -> None:
    Path("jump.bin").write_bytes(words(("jal", {"rd": 0, "far": 8})))
    assert "jal zero, 0x8 " in call("disasm", "jump.bin").out
    assert "jal zero, 0x1008 " in call("disasm", "jump.bin", "--base", "0x1000").out
    assert "jal zero, 0x1008 " in call("disasm", "jump.bin", "--base", "4K").out


def test_a_pipe_of_both(ring1: Command) -> None:
    ring1.write("prog.s", TEXT)
    first, second = (" ".join(ring1.argv(*a)) for a in (("asm", "prog.s", "-o", "-"), ("disasm", "/dev/stdin")))
    done = subprocess.run(
        f"{first} | {second}", shell=True, cwd=ring1.folder, env=ring1.environment, capture_output=True, timeout=SECONDS
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"addi a1, zero, 5" in done.stdout


def test_symbols_defined_on_the_command_line(call: Call) -> None:
    source = "        .ifdef A\n        .byte A, B\n        .endif\n        .byte 9\n"
    Path("first.s").write_text(source)
    Path("second.s").write_text(source)
    files = ("first.s", "second.s", "-o", "image")
    assert call("asm", *files, "-D", "A", "-DB=2 + 0x10").status == 0
    assert Path("image").read_bytes() == bytes([1, 18, 9]) * 2
    assert call("asm", *files).status == 0
    assert Path("image").read_bytes() == bytes([9, 9])
    for wrong in ("", "1=2", "A=)"):
        done = call("asm", *files, "-D", wrong)
        assert done.status == 2 and "-D:1:" in done.err


def test_symbols_of_a_program_that_is_run(call: Call) -> None:
    """Also when it was assembled with others before."""
    Path("code.s").write_text("        li t0, 0xf0\n        li t1, CODE\n        out t0, t1\n")
    assert [call("run", "code.s", f"-DCODE={n}").status for n in (3, 4, 3)] == [3, 4, 3]
