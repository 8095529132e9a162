"""`hlt`: "wait until `ie` & `ip` is not 0, whatever psw.IE is". It "moves `time` on to `timecmp` if line 0 is enabled
and armed, or waits for input or the disk; with nothing to wait for, the machine stops and says so". Under every engine.

A timer is armed unless `timecmp` is all ones, as reset leaves it.
"""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from tests.machine.builder import Program, run_all

HANDLER = 0x800


@pytest.mark.parametrize("ie", range(16))
@pytest.mark.parametrize("enabled", [0, 4])
def test_hlt_with_nothing_to_wait_for(ie: int, enabled: int) -> None:
    """The timer is not armed, the disk idle, the input at its end: the machine stops at the `hlt`, unchanged."""
    p = Program()
    p("addi", "a0", "zero", 1)
    p("hlt")
    p("addi", "a0", "zero", 2)
    got = run_all(p, control={"psw": enabled, "ie": ie, "tvec": HANDLER})
    assert got.stop == Stop("halt")
    assert (got["a0"], got["pc"], got["time"], got.state.instructions) == (1, 4, 1, 1)


@pytest.mark.parametrize("timecmp", [0, 1, 50, 1 << 40])
@pytest.mark.parametrize("ie", [0, 2, 4, 8, 14])
def test_hlt_does_not_wait_for_a_masked_timer(ie: int, timecmp: int) -> None:
    p = Program()
    p("addi", "a0", "zero", 1)
    p("hlt")
    control = {"ie": ie, "timecmp": timecmp & 0xFFFFFFFF, "timecmph": timecmp >> 32}
    got = run_all(p, control=control)
    assert (got.stop, got["pc"], got["time"]) == (Stop("halt"), 4, 1)


@pytest.mark.parametrize("source", [b"", b"x"])
def test_hlt_does_not_wait_for_masked_input(source: bytes) -> None:
    p = Program()
    p.out(1, 1)
    at = p("hlt")
    got = run_all(p, control={"ie": 0xD}, source=source)
    assert (got.stop, got["pc"], got["time"]) == (Stop("halt"), at, 3)


def test_hlt_does_not_wait_for_a_masked_disk() -> None:
    p = Program()
    p.out(0x13, 3)
    at = p("hlt")
    got = run_all(p, control={"ie": 0xB})
    assert (got.stop, got["pc"], got["time"]) == (Stop("halt"), at, 3)


@pytest.mark.parametrize("enabled", [0, 4])
def test_hlt_with_a_line_pending(enabled: int) -> None:
    """It goes on at once; with IE the interrupt comes before it."""
    p = Program()
    p("hlt")
    p("addi", "a0", "zero", 2)
    p.org(HANDLER)
    p("jal", "zero", HANDLER)
    got = run_all(p, 1, control={"psw": enabled, "ie": 8, "ip": 8, "tvec": HANDLER})
    assert (got["pc"], got["epc"], got["time"]) == ((HANDLER, 0, 1) if enabled else (4, 0, 1))


@pytest.mark.parametrize("enabled", [0, 4])
def test_hlt_until_the_timer(enabled: int) -> None:
    """Whatever psw.IE is: time moves on to `timecmp`, the `hlt` retires (one more), and then the interrupt is taken or
    not."""
    p = Program()
    p("addi", "a0", "zero", 1)
    p("hlt")
    p("rdtime", "a0")
    p.org(HANDLER)
    p("rdtime", "a1")
    p("jal", "zero", HANDLER + 4)
    control = {"psw": enabled, "ie": 1, "timecmp": 5000, "timecmph": 0, "tvec": HANDLER}
    got = run_all(p, 3, control=control, registers={"a1": 0})
    assert got.state.instructions == 3 and got["time"] == 5002
    assert (got["a0"], got["a1"], got["epc"]) == ((1, 5001, 8) if enabled else (5001, 0, 0))


@pytest.mark.parametrize(("timecmp", "woken"), [(500, 500), (5000, 1002), (None, 1002)])
def test_hlt_until_what_comes_first(timecmp: int | None, woken: int) -> None:
    """The disk, 1000 instructions after the command, or the timer. The command is instruction 2, counted from 0."""
    p = Program()
    p.out(0x13, 3)
    p("hlt")
    p("rdtime", "a0")
    p("rdcr", "a1", "ip")
    control = {"ie": 5}
    if timecmp is not None:
        control |= {"timecmp": timecmp, "timecmph": 0}
    got = run_all(p, 6, control=control)
    assert (got["a0"], got["a1"]) == (woken + 1, 1 if woken == timecmp else 4)


def test_hlt_with_input_ready() -> None:
    p = Program()
    p.out(1, 1)
    p("hlt")
    p("in", "a0", "zero")
    at = p("hlt")
    got = run_all(p, control={"ie": 2}, source=b"x")
    assert (got.stop, got["a0"], got["pc"]) == (Stop("halt"), ord("x"), at)
