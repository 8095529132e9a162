"""The interpreter beside QEMU: programs by chance, and every control register; without QEMU, a fault planted in the
description that the peer is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from random import Random

import pytest

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import DATA
from ring1.dbt.fuzz.listing import Line, Lines
from ring1.dbt.fuzz.peer import layout, qemu
from ring1.dbt.fuzz.peer.campaign import PeerCampaign, ranges, shrunk
from ring1.dbt.fuzz.peer.compare import PeerDifference, alone, compared
from ring1.dbt.fuzz.peer.cpu import HTIF
from ring1.dbt.fuzz.peer.done import Cut, Done
from ring1.dbt.fuzz.peer.harness import DESCRIPTION, HARNESS, harness, image, machine
from ring1.dbt.fuzz.peer.programs import WITHOUT, facts, leave
from ring1.dbt.fuzz.peer.reference import reference
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

    def run(ram: bytes | bytearray) -> Done:
        return reference(ram, isa=wrong).done

    campaign = PeerCampaign(23, run, tmp_path, "wrong", 2.0)
    campaign.batch(range(1))
    [path, *_] = campaign.findings
    text = path.read_text()
    assert "mulhu" in text and "ends otherwise under wrong" in text


def test_the_harness_has_the_layout() -> None:
    text = Path(HARNESS).read_text()
    given = {name: int(value, 0) for name, value in re.findall(r"\.equ (\w+), (\w+)", text)}
    for name in ("DONE", "RECORD", "PROGRAMS", "FINISHED", "ROUND", "BEGINNINGS"):
        assert given[name] == layout.BASE + getattr(layout, name)
    assert (given["RECORD_SIZE"], given["ROUNDS"]) == (layout.RECORD_SIZE, layout.ROUNDS)
    assert (given["TRAPS"], given["DATA"]) == (layout.MOST_TRAPS, DATA)


def test_shrinking() -> None:
    """What shows the difference is left."""
    lines = tuple(Line("addi", (1, 0, n)) for n in range(40))
    shown = PeerDifference(0, (("x1", "0", "1"),))
    small, _ = shrunk((facts(0), lines), shown, lambda made: shown if lines[17] in made[1] else None, 30.0)
    assert small[1] == (lines[17],)


def test_a_program_that_does_not_end_is_compared_where_it_is_cut() -> None:
    f = facts(0)
    forever = f, (Line("addi", (5, 5, 1)), Line("jal", (0, f.base)))
    ram = image([forever, written(1, ())])
    done = reference(ram).done
    result = compared([forever, written(1, ())], lambda ram: done)
    assert (result.programs, result.rounds, result.cut, result.differences) == (2, 33, 1, ())
    assert done.cuts[0].registers["x5"] > 5000


@pytest.mark.parametrize("name", ["x6", "mscratch", "priv"])
def test_a_state_that_is_not_come_through_is_a_difference(name: str) -> None:
    """One register of the state in which a peer was cut is another."""
    f = facts(0)
    forever = f, (Line("jal", (0, f.base)),)
    done = reference(image([forever])).done
    [(at, cut)] = done.cuts.items()
    other = Cut({**cut.registers, name: cut.registers[name] ^ 1})
    [found] = compared([forever], lambda ram: Done(done.ram, True, {at: other}, done.rom)).differences
    assert [row[0] for row in found.rows] == [f"round 0, {name}"]


def test_a_state_that_comes_too_late_is_told() -> None:
    f = facts(0)
    forever = f, (Line("addi", (5, 5, 1)), Line("jal", (0, f.base)))
    done = reference(image([forever])).done
    [(at, cut)] = done.cuts.items()
    late = Done(done.ram, True, {at: Cut({**cut.registers, "x5": 1 << 31})}, done.rom)
    result = compared([forever], lambda ram: late)
    assert result.doubts == {"far": 1} and result.rounds == 0 and result.differences == ()


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
    campaign.batch(range(4))
    assert campaign.findings == [] and campaign.programs == 4 and campaign.instructions > 20_000


@with_qemu
@pytest.mark.soak
def test_a_million_instructions_end_alike(tmp_path: Path) -> None:
    campaign = PeerCampaign(9, qemu.run, tmp_path, "qemu")
    for numbers in ranges(None):
        campaign.batch(numbers)
        if campaign.instructions > 1_000_000 or campaign.findings:
            break
    assert campaign.findings == []


@with_qemu
@pytest.mark.long
def test_many_programs_end_alike(tmp_path: Path) -> None:
    campaign = PeerCampaign(8, qemu.run, tmp_path, "qemu")
    for numbers in ranges(None):
        campaign.batch(numbers)
        if campaign.instructions > 20_000_000 or campaign.findings:
            break
    assert campaign.findings == []


@with_qemu
def test_a_peer_that_does_not_end() -> None:
    """Here since the reference's image is another."""
    ram = image([None])
    at = harness()[1]["finish"] - layout.BASE
    ram[at : at + 4] = (0x6F).to_bytes(4, "little")
    done = qemu.run(ram, 2.0)
    assert not done.ended and done.ram[layout.DONE] == 1
    assert alone(written(0, ()), 0, lambda ram: done) is not None


@with_qemu
def test_a_peer_that_is_no_machine() -> None:
    with pytest.raises(qemu.Unavailable, match="rv31"):
        qemu.run(image([None]), cpu="rv31")


@with_qemu
def test_a_program_that_ends_the_peer() -> None:
    """It tells the simulator's host to exit. The others are judged without it."""
    f, other = facts(0), written(1, ())
    w = Writer(f, Random(0))
    w.constant(1, HTIF.start)
    w.constant(2, 1)
    w.lines += [Line("sw", (2, 0, 1)), Line("sw", (0, 4, 1))]
    leave(w)
    result = compared([(f, tuple(w.lines)), other], qemu.run)
    assert result.doubts == {"htif": layout.ROUNDS} and result.differences == ()
    assert (result.programs, result.rounds) == (1, layout.ROUNDS)
