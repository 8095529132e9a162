"""The interpreter beside QEMU: programs by chance, and every control register; without QEMU, a fault planted in the
description that the peer is."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.listing import Line, Lines
from ring1.dbt.fuzz.peer import layout, qemu
from ring1.dbt.fuzz.peer.batch import DESCRIPTION, harness, image, machine, reference
from ring1.dbt.fuzz.peer.campaign import PeerCampaign, ranges, shrunk
from ring1.dbt.fuzz.peer.compare import PeerDifference, alone, compared
from ring1.dbt.fuzz.peer.programs import WITHOUT, facts, leave
from ring1.dbt.fuzz.writer import Writer
from ring1.isa.load import load

with_qemu = pytest.mark.skipif(shutil.which(qemu.COMMAND) is None, reason=f"{qemu.COMMAND} is not installed")
WRONG = """isa wrong extends rv32qemu "one instruction is wrong";
insn mulhu : R(1, 3, 0x33) { rd = (sx(rs1, 64) * zx(rs2, 64))[63:32]; }
"""


def test_a_fault_is_found(tmp_path: Path) -> None:
    """It is written down as a program with the instruction that is wrong."""
    (tmp_path / "rv32qemu.isa").write_text(Path(DESCRIPTION).read_text())
    (tmp_path / "wrong.isa").write_text(WRONG)
    wrong = load(str(tmp_path / "wrong.isa"))

    def run(ram: bytes | bytearray) -> tuple[bytes, bool]:
        return reference(ram, 1, wrong).ram, True

    campaign = PeerCampaign(1, run, tmp_path, "wrong", 5.0)
    for numbers in ranges(64, 16):
        campaign.batch(numbers)
        if campaign.findings:
            break
    [path, *_] = campaign.findings
    text = path.read_text()
    assert "mulhu" in text and "ends otherwise under wrong" in text


def test_shrinking() -> None:
    """What shows the difference is left."""
    lines = tuple(Line("addi", (1, 0, n)) for n in range(40))
    shown = PeerDifference(0, (("x1", "0", "1"),))
    small, _ = shrunk((facts(0), lines), shown, lambda made: shown if lines[17] in made[1] else None, 30.0)
    assert small[1] == (lines[17],)


def test_a_program_that_does_not_end_is_left_out() -> None:
    f = facts(0)
    result = compared([(f, (Line("jal", (0, f.base)),)), written(1, ())], lambda ram: (reference(ram, 2).ram, True))
    assert (result.programs, result.endless, result.differences) == (1, 1, ())


def written(at: int, values: tuple[tuple[str, int], ...]) -> tuple[Facts, Lines]:
    """A program that writes words to control registers, and reads each again into a register of its own."""
    f = facts(at)
    w = Writer(f, Random(0))
    numbers = {c.name: number for number, c in machine().control_numbers.items()}
    for register, (name, value) in enumerate(values, 2):
        w.constant(1, value)
        w.lines += [Line("csrrw", (0, numbers[name], 1)), Line("csrrs", (register, numbers[name], 0))]
        w.lines += [Line("csrrw", (0, numbers["mstatus"], 0))]
    leave(w)
    return f, tuple(w.lines)


@with_qemu
def test_every_control_register_holds_the_same() -> None:
    """Each is written with ones, and some with what is not legal."""
    names = [c.name for n, c in machine().control_numbers.items() if c.name not in WITHOUT and n >> 10 != 3]
    cases = [(name, 0xFFFFFFFF) for name in names]
    cases += [("mstatus", 0x1000), ("mstatus", 0x800), ("mtvec", 3), ("stvec", 0x80000002), ("mepc", 0x80000002)]
    made = [written(at, tuple(cases[at * 28 : at * 28 + 28])) for at in range(-(-len(cases) // 28))]
    result = compared(made, qemu.run)
    assert result.programs == len(made) and result.differences == ()


@with_qemu
def test_programs_end_alike(tmp_path: Path) -> None:
    campaign = PeerCampaign(7, qemu.run, tmp_path, "qemu")
    campaign.batch(range(32))
    assert campaign.findings == [] and campaign.programs > 10 and campaign.instructions > 5000


@with_qemu
@pytest.mark.long
def test_many_programs_end_alike(tmp_path: Path) -> None:
    campaign = PeerCampaign(8, qemu.run, tmp_path, "qemu")
    for numbers in ranges(None):
        campaign.batch(numbers)
        if campaign.instructions > 1_000_000 or campaign.findings:
            break
    assert campaign.findings == []


@with_qemu
def test_a_peer_that_does_not_end() -> None:
    """Here since the reference's image is another."""
    ram = image([None])
    at = harness()[1]["finish"] - layout.BASE
    ram[at : at + 4] = (0x6F).to_bytes(4, "little")
    got, ended = qemu.run(ram, 2.0)
    assert not ended and got[layout.DONE] == 1
    assert alone(written(0, ()), 0, lambda ram: (bytes(got), False)) is not None
