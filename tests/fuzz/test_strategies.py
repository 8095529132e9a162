"""The strategies, on shipped machines and foreign ones: programs are what they say, and come back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.case import Case, facts
from ring1.dbt.fuzz.compare import Difference, Observed, check
from ring1.dbt.fuzz.finding import read, text
from ring1.dbt.fuzz.listing import Listing
from ring1.dbt.fuzz.machine import PLAIN, CaseGuest
from ring1.dbt.fuzz.round_trips import faults
from ring1.dbt.fuzz.strategies import blocks, descriptions, flows, instructions, kernels, mappings, words
from ring1.dbt.fuzz.ways import Way, draw, engines, running, way
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.codec import Decoder, encode

RISCISH, TWO = "tests/theory/riscish.isa", "tests/translate/two.isa"
ISAS = ("pg32", "pg32v", "pg32h", RISCISH, TWO)
REGRESSIONS = sorted(Path("tests/regressions").glob("*.s"))
anything = st.sampled_from(ISAS).flatmap(
    lambda isa: st.one_of(*(k(isa) for k in (instructions, blocks, flows, kernels)))
)


@given(st.sampled_from(ISAS).flatmap(lambda isa: st.tuples(st.just(isa), words(isa))))
def test_words(given: tuple[str, int]) -> None:
    """Every word that is made is an instruction, which encodes to it again."""
    name, word = given
    decoded = Decoder(facts(name).isa).decode(word)
    assert decoded is not None and encode(decoded.instruction, decoded.values) == word
    assert not disassemble(facts(name).isa, word, 0).startswith(".word")


@settings(max_examples=25)
@given(anything)
def test_round_trips(case: Case) -> None:
    """Words, assembly and host code are read back."""
    assert list(faults(case, way("bt"))) == []


@settings(max_examples=20)
@given(anything, st.randoms(use_true_random=False).map(lambda r: draw(r, engines(), True, 2)))
def test_files(tmp_path_factory: pytest.TempPathFactory, case: Case, found_in: Way) -> None:
    """A case written as a finding and read again ends in the same state; so does one that went through a database."""
    path = tmp_path_factory.mktemp("finding") / "case.s"
    path.write_text(text(Difference(case, found_in, 1, ()), str(path)))
    again, same = read(path)
    assert same == found_in and way(found_in.name) == found_in
    assert CaseGuest(again).run(PLAIN) == CaseGuest(case).run(PLAIN)
    assert Case.from_bytes(case.to_bytes()) == case


@settings(max_examples=15)
@given(descriptions().flatmap(lambda isa: st.one_of(kernels(isa), mappings(isa))))
def test_machines_by_chance(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    """A finding has the description with it."""
    path = tmp_path_factory.mktemp("finding") / "case.s"
    path.write_text(text(Difference(case, way("bt"), 1, ()), str(path)))
    again, _ = read(path)
    assert (
        again.isa == case.isa and Listing(again.facts, again.lines).image() == Listing(case.facts, case.lines).image()
    )
    assert list(faults(case, PLAIN)) == []
    assert Case.from_bytes(case.to_bytes()) == case


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_regressions(path: Path) -> None:
    """What was wrong once, under every engine."""
    case, found_in = read(path)
    able, named = running(ENGINES.here(), case.build), ENGINES.built(case.build).name if case.build else "bt"
    plain = [Way(each) for each in able] + [way(f"{named}/traced"), way(f"{named}/softtlb/traced")]
    assert check(case, [found_in or PLAIN, *plain]).unexplained == ()


def test_the_documented_example() -> None:
    """docs/fuzzing.md shows tests/fuzz/test_example.py as it is."""
    assert Path("tests/fuzz/test_example.py").read_text() in Path("docs/fuzzing.md").read_text()


def test_kinds_of_programs() -> None:
    """They do what they are called for, wherever the machine allows it."""
    from random import Random

    from ring1.dbt.fuzz.case import case as made

    for isa, least in (("pg32", 6), (RISCISH, 3)):
        causes = set[int]()
        modes = set[int]()
        for seed in range(40):
            case = made(isa, Random(seed), "kernel")
            assert Listing(case.facts, case.lines).end <= 0x10000
            observed = Observed(case)
            modes.update(mode for _, _, _, mode in observed.observer.events)
            causes.update(look.state.control["cause" if isa == "pg32" else "mcause"] for look in observed.looks)
        assert len(causes) >= least and len(modes) == 4, (isa, causes, modes)


@pytest.mark.parametrize(("order", "stale"), [("tlbflush\nsw t0, (sp)", True), ("sw t0, (sp)\ntlbflush", False)])
def test_a_change_behind_the_flush_is_not_seen_for_sure(order: str, stale: bool, tmp_path: Path) -> None:
    """A look-aside buffer may be full again right after the flush (docs/pg32.md)."""
    path = tmp_path / "case.s"
    path.write_text(
        f"li t2, 0x8001\nsetptb t2\nsetptb zero\nli sp, 0x8000\n{order}\nsetptb t2\nnop\n.org 0x8000\n.word 0xff\n"
    )
    assert bool(Observed(read(path)[0]).tape.taken) is stale
