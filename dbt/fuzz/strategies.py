"""Strategies of hypothesis for any machine, given the name of a shipped one or the file that describes it.

They draw a seed for a machine's set-up and a list of pieces, each with a seed of its own: hypothesis drops the pieces
that a failure does not need. `shrink.shrunk` then shrinks line by line.
"""

from __future__ import annotations

from hypothesis import strategies as st

from ring1.dbt.fuzz import ways as all_ways
from ring1.dbt.fuzz.campaign import generated
from ring1.dbt.fuzz.case import PROGRAMS, Case, facts, made
from ring1.dbt.fuzz.compare import runs
from ring1.dbt.fuzz.shapes import span
from ring1.dbt.fuzz.ways import Way
from ring1.isa.codec import alignment, encode
from ring1.isa.model import Operand

seeds = st.integers(0, 2**32 - 1)


def programs(isa: str, kind: str) -> st.SearchStrategy[Case]:
    """Programs of a kind (see case.PROGRAMS), with input and devices for their machines."""
    pieces, most = PROGRAMS[kind]
    lists = st.lists(st.tuples(st.sampled_from(pieces), seeds), min_size=1, max_size=most)
    return st.builds(lambda seed, chosen: made(isa, seed, chosen), seeds, lists)


def instructions(isa: str) -> st.SearchStrategy[Case]:
    """Single instructions with operands at edge values, in any processor mode."""
    return programs(isa, "instructions")


def blocks(isa: str) -> st.SearchStrategy[Case]:
    """Straight-line code."""
    return programs(isa, "block")


def flows(isa: str) -> st.SearchStrategy[Case]:
    """Control flow: loops that end, calls, indirect jumps."""
    return programs(isa, "flow")


def kernels(isa: str) -> st.SearchStrategy[Case]:
    """Whole kernels: trap handler, timer, page tables, processor modes, self-modifying code, devices."""
    return programs(isa, "kernel")


def mappings(isa: str) -> st.SearchStrategy[Case]:
    """Page tables whose entries are shared, changed, used in between, and flushed."""
    return programs(isa, "mapped")


def descriptions() -> st.SearchStrategy[str]:
    """Machines that extend PG32, as texts of descriptions: each may be given in place of a machine's name here."""
    return seeds.map(lambda seed: generated(str(seed)))


def ways(isa: str) -> st.SearchStrategy[Way]:
    """Ways to run a program."""
    paged = facts(isa).isa.paging is not None
    able = [each for each in all_ways.engines() if runs(isa, each)]
    return st.randoms(use_true_random=False).map(lambda r: all_ways.draw(r, able, paged, 2))


def words(isa: str) -> st.SearchStrategy[int]:
    """Instruction words with operands at edge values."""
    machine = facts(isa).isa

    def of(name: str) -> st.SearchStrategy[int]:
        insn = machine.instructions[name]
        values = {o.name: operands(o, alignment(insn, o), list(machine.control_numbers)) for o in insn.operands}
        return st.fixed_dictionaries(values).map(lambda found: encode(insn, found))

    return st.sampled_from(sorted(machine.instructions)).flatmap(of)


def operands(operand: Operand, step: int, controls: list[int]) -> st.SearchStrategy[int]:
    """Values of an operand, in multiples of `step`."""
    if operand.kind == "control":
        return st.sampled_from(controls)
    low, high = span(operand)
    edges = sorted({low, high - high % step, 0, min(step, high)})
    return st.sampled_from(edges) | st.integers(low // step, high // step).map(lambda n: n * step)
