"""The interpreter that follows a machine: what it writes is known, and can be taken back."""

from __future__ import annotations

import io

import pytest

from ring1.dbt.vmm.follower import Follower
from ring1.dbt.vmm.vm import Vm
from tests.machine.builder import Program, machine
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
