"""Mutants: what is made of a description and of a program, and that each has its one thing wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ring1.dbt.grade.description_mutants import DescriptionMutants
from ring1.dbt.grade.mutant import CHECK, EFFECT, INTERCEPT, RIGHTS, Edit, Mutant, Patch, spread
from ring1.dbt.grade.mutated import Reference, description, readable
from ring1.dbt.grade.program_mutants import Gone, ProgramMutants
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.classify import classify
from ring1.isa.load import load
from ring1.isa.source import Position

ISA = Path(__file__).parents[2] / "isa"


def test_a_guard_misses_each_of_its_instructions() -> None:
    found = Reference("pg32v", ISA / "pg32v.isa")
    mutants = DescriptionMutants(found.path).made()
    assert [(each.kind, each.what) for each in mutants] == [
        (INTERCEPT, f"{name} is not guarded") for name in ("getpsw", "setpsw", "getptb", "lra", "jru")
    ]
    assert {(each.place.line, each.place.column) for each in mutants} == {(4, n) for n in (7, 14, 21, 28, 32)}
    for name, mutant in zip(("getpsw", "setpsw", "getptb", "lra", "jru"), mutants, strict=True):
        assert isinstance(mutant.change, Edit)
        classes = classify(description(found, mutant.change, {}))
        assert {each for each, c in classes.items() if c.sensitive and not c.privileged} == {name}


def test_mutants_of_a_whole_machine() -> None:
    found = Reference("pg32", ISA / "pg32.isa")
    mutants = DescriptionMutants(found.path).made()
    kinds = Counter(each.kind for each in mutants)
    # The guard has ten instructions; six are checked by `require`, and eight bodies ask two ways; five rights.
    assert kinds[INTERCEPT] == 10 and kinds[CHECK] == 6 + 2 * 8 and kinds[RIGHTS] == 5 and kinds[EFFECT] > 20
    original = load("pg32")
    for mutant in spread(mutants, 12):
        assert isinstance(mutant.change, Edit) and readable(found, mutant, {})
        made = description(found, mutant.change, {})
        assert made.digest != original.digest and made.name == "pg32"
        assert mutant.change.applied(found.path.read_text()) != found.path.read_text()


PROGRAM = """
        .globl main
main:   beqz a0, out
        sw a1, 0(a2)
        wrcr scratch, a1
        ori a3, a3, 0x18
        add a4, a4, a0
        lw a5, 0(a2)
out:    jr ra
        .data
table:  .word main, out, out, 7
"""
OTHER = "_start: call main\n nop\n"


@pytest.mark.parametrize("before", [OTHER, OTHER + " nop\n nop\n"])
def test_a_program_has_one_word_changed(before: str) -> None:
    """Wherever it lies, beside whatever other files."""
    isa = load("pg32")
    program = assemble(isa, [("other.s", before), ("it.s", PROGRAM)])
    made = ProgramMutants(isa, program, "it.s")
    mutants = made.made()
    begin = program.symbols["main"]
    table, out = program.symbols["table"], program.symbols["out"]
    wanted = [
        (3, CHECK, "never", begin, f"beq a0, zero, {begin + 4:#x}"),
        (3, CHECK, "always", begin, f"jal zero, {out:#x}"),
        (4, EFFECT, "dropped", begin + 4, "addi zero, zero, 0"),
        (5, EFFECT, "dropped", begin + 8, "addi zero, zero, 0"),
        (6, RIGHTS, "cleared", begin + 12, "ori a3, a3, 16"),
    ]
    assert [each.place.line for each in mutants] == [3, 3, 4, 5, 6, 11, 11]
    for mutant, (line, kind, way, at, text) in zip(mutants, wanted, strict=False):
        assert isinstance(mutant.change, Patch) and mutant.change == Patch(line, 0, way)
        assert mutant.kind == kind
        image = made.mutated(mutant.change).image
        assert disassemble(isa, int.from_bytes(image[at : at + 4], "little"), at) == text
        assert image[:at] + image[at + 4 :] == program.image[:at] + program.image[at + 4 :]
    last, other = mutants[-2:]
    assert other.what == "the entry for out leads to main"  # as the one before it
    assert last.kind == INTERCEPT and last.what == "the entry for main leads to out"
    assert isinstance(last.change, Patch)
    assert made.mutated(last.change).image[table : table + 4] == out.to_bytes(4, "little")
    with pytest.raises(Gone):
        made.mutated(Patch(99, 0, "never"))


def test_so_many_are_spread_evenly() -> None:
    mutants = [Mutant(CHECK, Position("a.s", n), str(n), Patch(n, 0, "")) for n in range(10)]
    assert [each.what for each in spread(mutants, 4)] == ["0", "2", "5", "7"]
    assert spread(mutants, 0) == spread(mutants, 99) == mutants
