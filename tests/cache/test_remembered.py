"""Translations are found again where memory holds the same words, and the same instructions have exceptions."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from ring1.dbt.cache.remembered import Remembered, shared
from ring1.dbt.machine.stop import Stop
from ring1.dbt.translate.policy import NO_SITES, Site, Sites
from ring1.dbt.translate.translation import Translation
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from tests.machine.builder import Program, started


@pytest.fixture
def block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Translation:
    """A block of three instructions at 0."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))
    p = Program()
    p("addi", "a0", "a0", 1)
    p("addi", "a1", "a1", 1)
    p.off()
    with started("bt", p) as (vm, _):
        vm.run(1)
        assert isinstance(vm.engine, Executor)
        found = next(block for block in vm.engine.blocks.table.values() if block.translation.pc == 0)
        return found.translation


def asked(remembered: Remembered, block: Translation, sites: Sites, changed: int = 0) -> bool:
    """Is the block made, where the word at this pc has changed?"""
    made: list[Translation] = []
    words = dict(zip(block.pcs, block.words, strict=True))

    def fetch(pc: int) -> int:
        return words[pc] ^ (pc == changed != 0)

    def make() -> Translation:
        made.append(block)
        return block

    assert remembered.get(block.mode, False, (0,), (), fetch, sites, make).words == block.words
    return bool(made)


def test_exceptions_of_its_instructions_decide(block: Translation) -> None:
    remembered = Remembered("a name")
    assert asked(remembered, block, NO_SITES)
    assert not asked(remembered, block, {0x100: Site.CALL})  # elsewhere in the page
    assert asked(remembered, block, {4: Site.PROBE})
    assert asked(remembered, block, {4: Site.CALL})
    for sites in (NO_SITES, {4: Site.PROBE}, {4: Site.CALL, 0x200: Site.PROBE}):
        assert not asked(remembered, block, sites)
    assert asked(remembered, block, {4: Site.PROBE}, changed=4)


def test_what_somebody_has_observed_is_not_kept_for_other_runs(block: Translation) -> None:
    remembered = Remembered("a name")
    asked(remembered, block, {4: Site.CALL})
    asked(remembered, block, {4: Site.PROBE})
    remembered.save()
    again = Remembered("a name")
    assert asked(again, block, {4: Site.CALL}) and not asked(again, block, {4: Site.PROBE})
    asked(again, block, NO_SITES)
    again.save()
    last = Remembered("a name")
    assert not asked(last, block, NO_SITES) and not asked(last, block, {4: Site.PROBE})
    assert asked(last, block, {4: Site.CALL})


def test_a_few_new_ones_are_saved_apart(block: Translation, tmp_path: Path) -> None:
    """Saving all takes as long as making some: what is new is beside them until that is much."""

    def known(first: int, count: int) -> Remembered:
        found = Remembered("a name")
        for n in range(first, first + count):
            found.get(block.mode, False, (4 * n,), (), lambda pc: -1, NO_SITES, lambda: block)
        found.save()
        return found

    known(0, 100)
    whole = (tmp_path / "blocks" / "a name").read_bytes()
    known(100, 3)
    assert (tmp_path / "blocks" / "a name").read_bytes() == whole
    assert len(Remembered("a name").known) == 103
    known(103, 5)
    assert (tmp_path / "blocks" / "a name").read_bytes() == whole
    assert len(Remembered("a name").known) == 108
    known(108, 20)
    assert (tmp_path / "blocks" / "a name").read_bytes() != whole
    assert len(Remembered("a name").known) == 128 and not Remembered("a name").new


def test_machines_that_have_it_in_common_add_to_it_while_one_saves(block: Translation) -> None:
    """As in a host, where one machine ends while others translate."""
    found, ending, faults = shared("everybody's"), threading.Event(), list[BaseException]()

    def add() -> None:
        number = 0
        while not ending.is_set():
            number += 4
            found.get(0, False, (number,), (), lambda pc: -1, NO_SITES, lambda: block)
            if len(found.known) > 1000:
                found.known.clear()

    def save() -> None:
        try:
            for _ in range(40):
                found.changed = True
                found.save()
        except RuntimeError as error:
            faults.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        adding, saving = threading.Thread(target=add), threading.Thread(target=save)
        adding.start()
        saving.start()
        saving.join()
        ending.set()
        adding.join()
    finally:
        sys.setswitchinterval(before)
    assert not faults and shared("everybody's") is found


def test_indirect_jumps_find_what_they_led_to_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty routines in one page, each called by a register; the first call of each left generated code, in each
    run."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))
    p, count, first = Program(), 20, 0x1000
    p.li("a0", 0)
    p.li("a1", first)
    p.li("a2", count)
    p.label("again")
    p("jalr", "ra", 0, "a1")
    p("addi", "a1", "a1", 8)
    p("addi", "a2", "a2", -1)
    p("bne", "a2", "zero", "again")
    p.off()
    for n in range(count):
        p.org(first + 8 * n)
        p("addi", "a0", "a0", n)
        p("jalr", "zero", 0, "ra")
    left = []
    for _ in range(2):
        with started("bt", p, options=Options(code_size=1 << 20, remember=True)) as (vm, _):
            assert vm.run(1000) == Stop("exit", 0)
            assert vm.state().registers["a0"] == sum(range(count))
            assert isinstance(vm.engine, Executor)
            left.append(vm.engine.counts["indirect"])
    assert left[0] >= count and left[1] <= 2
