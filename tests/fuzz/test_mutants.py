"""The mutants of bench/mutants.py can be made: each names one place of the sources, and what comes of it compiles."""

from __future__ import annotations

import pytest

from bench.mutants import ROOT, Mutant, mutants, tried
from ring1.isa.parse import parse

EACH = mutants()


def test_there_are_enough() -> None:
    assert len({mutant.what for mutant in EACH}) == len(EACH) >= 84


@pytest.mark.parametrize("mutant", EACH, ids=lambda mutant: mutant.what)
def test_it_can_be_made(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text()
    assert text.count(mutant.old) == 1 and mutant.old != mutant.new
    changed = text.replace(mutant.old, mutant.new)
    if mutant.file.endswith(".py"):
        compile(changed, mutant.file, "exec")
    else:
        parse(mutant.file, changed)


@pytest.mark.soak
def test_one_is_caught() -> None:
    """In a process of its own; and the sources as they are are not."""
    mutant = next(mutant for mutant in EACH if mutant.what == "wrong epc")
    assert tried(mutant, 1, 60.0, 2).seconds is not None
    assert tried(mutant._replace(new=mutant.old), 1, 3.0, 1).seconds is None
