"""Stencils that are kept, that come with ring1, and that cannot be had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ring1.dbt.stencils.form import Forms
from ring1.dbt.stencils.pattern import ANY_MODE
from ring1.dbt.stencils.table import KIND, MOST_PATTERNS, Table
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.isa import semantics as s
from ring1.isa import shipped, store
from ring1.isa.asm.assemble import assemble
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from ring1.isa.model import WORD, Isa
from tests.machine.builder import started
from tests.stencils.parts import copier, supply

PC = 0x4000


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))
    return tmp_path


def test_a_table_is_read_as_it_was_saved(cache: Path) -> None:
    """What is kept serves another process: nothing is derived again."""
    isa = load("pg32")
    first = supply(isa)
    first.tables.clear()
    table = Table(store.key("a test"), True)
    made = copier(first)
    made.table = table
    word = next(iter(Forms(isa, Decoder(isa)).tables[0][1].values()))
    assert word.instruction is not None
    code = word.instruction.match
    block = made.block(PC, 0, lambda pc: code, lambda pc: True, (), {})
    assert table.changed
    table.save()
    again = Table(store.key("a test"), True)
    second = copier(supply(isa))
    second.table = again

    def none() -> None:
        raise AssertionError("derived again")

    second.make_deriver = none  # type: ignore[assignment]
    assert second.block(PC, 0, lambda pc: code, lambda pc: True, (), {}) == block
    assert not again.changed


def test_a_table_of_another_description_or_version_is_not_used(cache: Path) -> None:
    key = store.key("one")
    Table(key, True).save()
    assert not os.path.exists(cache / KIND)  # nothing new, nothing saved
    store.save(KIND, key, b"not a table")
    assert not Table(key, True).kept.patterns
    assert not Table(store.key("another"), True).kept.patterns


@pytest.mark.parametrize("damage", ["missing", "other sources", "a bit", "empty"])
def test_what_comes_with_ring1_is_not_believed(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    """Whatever becomes of the file, a machine is loaded and runs."""
    whole = Path(shipped.FILE).read_bytes()
    path = tmp_path / "shipped.bin"
    if damage != "missing":
        changed = bytearray(whole)
        changed[len(whole) // 2] ^= damage == "a bit"
        path.write_bytes(b"" if damage == "empty" else changed)
    monkeypatch.setattr(shipped, "FILE", str(path))
    if damage == "other sources":
        monkeypatch.setattr(shipped, "sources", lambda: "others")
    shipped.entries.cache_clear()
    try:
        assert not shipped.entries()
        image = assemble(load("pg32"), [("a.s", "_start: li a0, 3\n j _start\n")]).image
        with started("bt", image) as (vm, _):
            assert vm.run(100).reason == "limit"
    finally:
        shipped.entries.cache_clear()


def test_most_patterns_are_of_all_modes() -> None:
    isa = load("pg32")
    made = copier(supply(isa))
    forms = Forms(isa, Decoder(isa))
    word = next(f.instruction.match for _, t in forms.tables for f in t.values() if f.instruction and f.name == "add")
    before = len(made.table.stencils)
    for mode in range(4):
        made.block(PC, mode, lambda pc: word, lambda pc: True, (), {})
    keys = {
        stencil.code.key for where, found in made.table.stencils.items() for stencil in found if where.name == "add"
    }
    assert {key[1] for key in keys} == {ANY_MODE}
    assert before < len(made.table.stencils)


def many() -> Isa:
    """A machine in which each constant of an instruction leads to other host code: it is folded to a power of 2."""

    def bit(hi: int, lo: int) -> s.Expr:
        return s.Binary(WORD, "<<", s.Const(WORD, 1), s.Slice(hi - lo + 1, s.Operand(WORD, "imm"), hi, lo))

    value = s.Binary(WORD, "+", s.Register(WORD, "rs1"), s.Binary(WORD, "+", bit(4, 0), bit(9, 5)))
    return load("pg32").with_body("addi", (s.SetRegister("rd", value),))


def test_what_stencils_cannot_serve_is_lowered() -> None:
    """Block by block, and it is counted; the guest's result is the interpreter's."""
    isa = many()
    text = "".join(f"        addi a0, a0, {n}\n        j . + 4\n" for n in range(0, 1024, 5))
    image = assemble(load("pg32"), [("many.s", f"_start:\n{text}        .word 0\n")]).image
    with started("interp", image, isa=isa) as (vm, _):
        vm.run(400)
        wanted = vm.state()
    with started("bt", image, isa=isa) as (vm, _):
        vm.run(400)
        assert vm.state() == wanted
        assert isinstance(vm.engine, Executor)
        work, table = vm.engine.work, vm.engine.supply.table
    assert max(map(len, table.known.values())) == MOST_PATTERNS
    assert work.blocks - MOST_PATTERNS - 2 < work.lowered < work.blocks


def test_a_block_longer_than_stencils_count_is_lowered() -> None:
    image = assemble(
        load("pg32"), [("long.s", "_start:\n" + "        addi a0, a0, 1\n" * 150 + "        .word 0\n")]
    ).image
    with started("bt", image, options=Options(most_instructions=200)) as (vm, _):
        before = vm.state().registers["a0"]
        vm.run(150)
        assert vm.state().registers["a0"] == before + 150
        assert isinstance(vm.engine, Executor)
        assert vm.engine.work.lowered == vm.engine.work.blocks == 1
