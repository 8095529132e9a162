"""Machines unlike PG32 are fuzzed as PG32 is: programs are made for them, and all engines agree on what they do."""

from __future__ import annotations

from random import Random

import pytest

from ring1.dbt.fuzz.case import case, facts
from ring1.dbt.fuzz.compare import check, runs
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.listing import Line, Listing
from ring1.dbt.fuzz.observe import Observer
from ring1.dbt.fuzz.round_trips import faults
from ring1.dbt.fuzz.ways import draw, engines
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.machine.traps import MOST_TRAPS
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import disassemble
from tests.fuzz.machines import MACHINES
from tests.isa.test_encodings import TEXT
from tests.machine.extended import extended


@pytest.mark.parametrize("numbers", [range(48), pytest.param(range(48, 168), marks=pytest.mark.soak)], ids=len)
@pytest.mark.parametrize("what", MACHINES)
def test_programs(what: str, numbers: range) -> None:
    """Of every kind; a few of them are run."""
    isa = MACHINES[what]
    able, paged = [each for each in engines() if runs(isa, each)], facts(isa).isa.paging is not None
    assert {"interp", "bare", "bt"} <= {each.name for each in able}
    longest = 0
    for number in numbers:
        r = Random(number)
        made = case(isa, r)
        longest = max(longest, len(Listing(made.facts, made.lines).words))
        if number % 12 == 0:
            ways = [draw(r, able, paged, 2) for _ in range(2)]
            assert check(made, ways).unexplained == ()
            assert list(faults(made, ways[0])) == []
    assert longest > 100


def test_operands_make_it_another_instruction() -> None:
    """Drawn operands may be those of a more specific pattern; the program is then what its words are."""
    isa = extended(TEXT)
    listing = Listing(Facts(isa), [Line("sum.any", (1, 2, 0)), Line("sum.any", (1, 2, 3))])
    assert [disassemble(isa, word, 0) for word in listing.words.values()] == ["sum ra, sp", "sum.any ra, sp, gp"]
    assert assemble(isa, [("listing.s", listing.text())]).image == b"".join(
        word.to_bytes(4, "little") for word in listing.words.values()
    )


@pytest.mark.parametrize(("repeats", "many"), [(0, False), (MOST_TRAPS - 1, False), (MOST_TRAPS, True)])
def test_too_many_traps_in_a_row_are_no_doubt(repeats: int, many: bool) -> None:
    """A machine that counts its traps has no two alike, and is stopped all the same."""
    isa = extended("on trap(number, value) unless tvec == 0 { epc = pc; scratch = scratch + 1; pc = tvec; }")
    cpu = Cpu(isa, Memory(0x1000, 0), Bus())
    observer = Observer(cpu, lambda name: ())
    cpu.repeats = repeats
    observer.ended(Stop("double-fault", trap=TrapInfo(0, 0, 0)))
    assert (observer.doubts == []) == many
