"""Files kept after pass one: the same program, made again only where something has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.directives import assemble as pass_one
from ring1.isa.asm.unit import Unit
from ring1.isa.source import AsmError
from tests.isa.assembly import pg32

FILLER = "".join(f"filler{n}: addi a0, a0, {n}\n" for n in range(300))
MAIN = f"""
_start: lui a0, %hi(there)
        lw a1, %lo(there + 4)(a0)
1:      beq a0, a1, 1b
        call other
        .set size, end - _start
        .equ twice, size * 2
        .data
there:  .word twice, other, . - there, missing
        .weak missing
        .comm shared, 8, 8
        .text
{FILLER}
end:
"""
OTHER = f".globl other\nother: ret\n.comm shared, 16, 4\n.word shared\n{FILLER.replace('filler', 'more')}"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The files that go through pass one, with a cache of the test's own."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path / "cache"))
    names: list[str] = []

    def noted(unit: Unit) -> None:
        names.append(unit.file)
        pass_one(unit)

    monkeypatch.setattr("ring1.isa.asm.assemble.pass_one", noted)
    return names


def test_what_has_not_changed_is_not_assembled_again(made: list[str]) -> None:
    first = assemble(pg32(), [("main.s", MAIN), ("other.s", OTHER)], keep=True)
    assert made == ["main.s", "other.s"]
    assert assemble(pg32(), [("main.s", MAIN), ("other.s", OTHER)], keep=True) == first
    assert made == ["main.s", "other.s"]
    changed = OTHER + "\n.word 9\n"
    third = assemble(pg32(), [("main.s", MAIN), ("other.s", changed)], keep=True)
    assert made == ["main.s", "other.s", "other.s"]
    assert third.image != first.image and third.lines[0] == first.lines[0]


def test_definitions_and_names_count(made: list[str]) -> None:
    assemble(pg32(), [("main.s", MAIN), ("other.s", OTHER)], keep=True)
    text = MAIN.replace("missing\n", "missing, GIVEN\n", 1)
    a = assemble(pg32(), [("main.s", text), ("other.s", OTHER)], definitions=["GIVEN=1"], keep=True)
    b = assemble(pg32(), [("main.s", text), ("other.s", OTHER)], definitions=["GIVEN=2"], keep=True)
    assert a.image != b.image
    del made[:]
    c = assemble(pg32(), [("renamed.s", text), ("other.s", OTHER)], definitions=["GIVEN=2"], keep=True)
    assert made == ["renamed.s"] and c.lines[0][2].file == "renamed.s"


def test_what_includes_others_is_made_again(made: list[str], tmp_path: Path) -> None:
    (tmp_path / "part.inc").write_text(".word 1\n")
    name, text = str(tmp_path / "main.s"), f'.include "part.inc"\n{FILLER}'
    first = assemble(pg32(), [(name, text)], keep=True)
    (tmp_path / "part.inc").write_text(".word 2\n")
    assert assemble(pg32(), [(name, text)], keep=True).image != first.image
    assert made == [name, name]


def test_faults_that_show_when_linking_are_the_same_from_what_was_kept(made: list[str]) -> None:
    text = f"{FILLER}\nhere: lw a0, %lo(nowhere)(a1)\n        beq a0, s9, here\n"
    told: list[str] = []
    for _ in range(2):
        with pytest.raises(AsmError) as error:
            assemble(pg32(), [("main.s", text)], keep=True)
        told.append(str(error.value))
    assert told[0] == told[1] and "undefined symbol nowhere" in told[0]
    far = f"{FILLER}\n_start: beq a0, a1, far\n        .zero 0x40000\nfar:\n"
    told = []
    for _ in range(2):
        with pytest.raises(AsmError) as error:
            assemble(pg32(), [("far.s", far)], keep=True)
        told.append(str(error.value))
    assert told[0] == told[1] and "out of range" in told[0] and "far.s:302:21" in told[0]
    assert made == ["main.s", "main.s", "far.s"]  # the first has a fault of pass one: s9 is no register


def test_damage_is_not_believed(made: list[str], tmp_path: Path) -> None:
    first = assemble(pg32(), [("main.s", MAIN), ("other.s", OTHER)], keep=True)
    for path in (tmp_path / "cache" / "objects").iterdir():
        data = path.read_bytes()
        path.write_bytes(data[:-9] + b"\0" + data[-8:])
    assert assemble(pg32(), [("main.s", MAIN), ("other.s", OTHER)], keep=True) == first
    assert len(made) == 4
