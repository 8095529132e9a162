"""The interpreter that follows a machine: what it writes is known, and can be taken back."""

from __future__ import annotations

import io

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.ways import PRESSING
from ring1.dbt.vmm.follower import Follower
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from tests.machine.builder import Program, machine
from tests.machine.extended import extended
from tests.machine.tables import ALL, ROOT, Space, image

DATA = 0x30


@pytest.mark.parametrize("paged", [False, True])
def test_every_store_is_noted(paged: bool) -> None:
    """Those through its own look-aside buffer as well: the second store to a page finds it there."""
    p = Program()
    p.li("a0", DATA << 12)
    for offset in (0, 4, 8):
        p("sw", "a0", offset, "a0")
    count = p.at // 4
    frame = 0x40 if paged else DATA
    given = image(Space({0xF0: 0xF0 << 12 | ALL, DATA: frame << 12 | ALL}, {}), p) if paged else p.image()
    with Vm(machine(), 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(given)
        if paged:
            vm.cpu.s[machine().slots["ptb"]] = ROOT | 1
            vm.cpu.changed()
        follower = Follower(vm.cpu)
        follower.copy_memory()
        follower.adopt()
        follower.mark()
        before = bytes(follower.memory.bytes)
        follower.run_to(count)
        assert [follower.memory.words[(frame << 10) + n] for n in range(4)] == [DATA << 12] * 3 + [0]
        assert frame in follower.own.written
        follower.rewind()
        assert bytes(follower.memory.bytes) == before and follower.time == 0
        follower.memory.close()


SKIPPING = """
on trap(number, value) unless tvec == 0 { epc = pc; cause = number; tval = value; scratch = scratch + 1; pc = pc + 4; }
"""


@pytest.mark.parametrize("name", ["bare", "bt", "hw"])
def test_faults_with_nothing_retired_between_them(name: str) -> None:
    """The handler for a page fault faults at once: both traps are followed."""
    p = Program(extended(SKIPPING))
    p.control("tvec", 0x400)
    p.li("a0", 0x40000000)
    p("addi", "a4", "zero", 30)
    p.label("again")
    p("lw", "a1", 0, "a0")
    p("lw", "a2", 4, "a0")
    p("sw", "a2", 8, "a0")
    p("addi", "a4", "a4", -1)
    p("bne", "a4", "zero", "again")
    given = image(Space({}, {}), p)
    with Vm(p.isa, 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(given)
        vm.cpu.s[p.isa.slots["ptb"]] = ROOT | 1
        vm.cpu.changed()
        vm.engine = ENGINES[name].checked(vm, given, Options(pressing=PRESSING))
        vm.run(50)
        assert vm.cpu.control("scratch") > 60 and vm.cpu.s[p.isa.register_numbers["a4"]] < 10
