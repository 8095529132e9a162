"""Code that is overwritten and comes again, as when programs are loaded into the same pages by turns."""

from __future__ import annotations

import io

import pytest

from ring1.dbt.engines import table
from ring1.dbt.mmu.view import JUMP_ENTRIES
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from tests.vmm.test_versions import PAGED

HERE = [name for name in ("bare", "bt", "trap", "hw", "kvm") if not table.ENGINES[name].why_not()]
NEAR, FAR, ACROSS = 0x4000, 0x4000 + 4 * JUMP_ENTRIES, 0x6FF0
"""Routines. The first two share an entry of the jump caches, the third crosses the border of a page."""
SHORT, LONG = 700, 2900
"""Instructions between two changes of the code."""


def caller(paged: bool) -> str:
    return f"""\
_start:
{PAGED if paged else ""}
        li      s0, {NEAR}
        li      s1, {FAR}
        li      gp, {ACROSS}
again:  jalr    ra, 0(s0)
        jalr    ra, 0(s1)
        jalr    ra, 0(gp)
        addi    a0, a0, 1
        j       again
"""


def routine(constant: int) -> str:
    """Return a routine of several blocks, which jump to each other and call each other."""
    return f"""\
        li      t0, 3
1:      addi    a1, a1, {constant}
        addi    t0, t0, -1
        bnez    t0, 1b
        mv      t2, ra
        jal     ra, 2f
        mv      ra, t2
        xor     a2, a2, a1
        jr      ra
2:      addi    a3, a3, {constant}
        jr      ra
"""


def code(constant: int) -> bytes:
    return assemble(load("pg32"), [("routine.s", routine(constant))]).image


def ran(
    engine: str, paged: bool, stretch: int, options: Options | None = None
) -> tuple[list[Snapshot], list[int], int]:
    """Return the states before each change, the number of blocks made until then, and how many have come back."""
    isa, states, made, codes = load("pg32"), list[Snapshot](), list[int](), [code(n) for n in (1, 5, 9)]
    program = assemble(isa, [("caller.s", caller(paged))])
    with Vm(isa, 1 << 20, output=io.BytesIO()) as vm:
        vm.load(program.image, program.entry)
        vm.engine = table.ENGINES[engine].make(vm, program.image, options or Options())
        for turn in range(24):
            for n, place in enumerate((NEAR, FAR, ACROSS)):
                vm.memory.write(place, codes[(turn // (n + 1)) % 3])
            vm.run((turn + 1) * stretch)
            states.append(vm.state())
            made.append(vm.engine.work.blocks)
        return states, made, getattr(vm.engine, "restored", 0)


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize("stretch", [SHORT, LONG])
def test_it_comes_back(engine: str, paged: bool, stretch: int) -> None:
    wanted, _, _ = ran("interp", paged, stretch)
    states, made, restored = ran(engine, paged, stretch)
    assert states == wanted
    assert restored > 50
    assert made[-1] - made[12] < 12  # of traces, and of places that stops have shown


@pytest.mark.soak
@pytest.mark.parametrize("options", [Options(chain=False), Options(most_blocks=9), Options(code_size=1 << 16)])
def test_other_ways(options: Options) -> None:
    for paged in (False, True):
        assert ran("bt", paged, LONG, options)[0] == ran("interp", paged, LONG)[0]


@pytest.mark.skipif("bare" not in HERE, reason="no native code here")
@pytest.mark.parametrize("rounds", [30, 40_000])
def test_what_a_free_page_holds_is_not_data_beside_code(rounds: int) -> None:
    """A kernel that keeps its list of free pages in them stores once into each page that had a program's code. Only
    what is stored to again soon has data beside its code, and is shared."""
    source = f"""\
_start: li      s0, {NEAR}
        li      s1, 12
again:  jalr    ra, 0(s0)
        sw      s1, 0x800(s0)
        li      t0, {rounds}
1:      addi    t0, t0, -1
        bnez    t0, 1b
        addi    s1, s1, -1
        bnez    s1, again
        li      t0, 0xf0
        out     t0, zero
        .org    {NEAR}
        addi    a1, a1, 1
        ret
"""
    program = assemble(load("pg32"), [("free.s", source)])
    with Vm(load("pg32"), 1 << 16, output=io.BytesIO()) as vm:
        vm.load(program.image, program.entry)
        engine = table.ENGINES["bare"].make(vm, program.image, Options())
        vm.engine = engine
        assert isinstance(engine, Executor)
        assert vm.run().reason == "exit" and vm.cpu.s[load("pg32").register_numbers["a1"]] == 12
        assert (NEAR >> 12 in engine.sharing.pages) is (rounds == 30)
