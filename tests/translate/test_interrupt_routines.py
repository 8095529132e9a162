"""Routines for interrupts decide what the run loop and the interpreter decide, from edge values of whatever they look
at, or leave with nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.state import DUE, END, HARD, LINES, PENDING, QUIET, SKIPPED, State
from ring1.dbt.machine.step import NEVER
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.native import slots
from ring1.isa.load import load
from ring1.isa.model import Isa
from tests.translate.test_routines import MACHINES, Called, states

NAMES = ["pg32", *(f"{MACHINES}/{name}.isa" for name in ("riscv", "mips", "armv6", "x86", "s360"))]
TIME, ONES = 100, (1 << 64) - 1
BUDGET, END_QUAD, HARD_QUAD, DUE_QUAD = map(State.quad, (slots.BUDGET, END, HARD, DUE))


class Line(Device):
    """A device that asserts its line or not."""

    def __init__(self, up: bool) -> None:
        self.up = up

    def level(self) -> bool:
        return self.up


@pytest.fixture(scope="module", params=NAMES, ids=lambda name: Path(name).stem)
def isa(request: pytest.FixtureRequest) -> Isa:
    return load(request.param)


def situations(isa: Isa) -> Iterator[tuple[dict[str, int], int]]:
    """Control registers, with deadlines around the present time, and lines of devices."""
    deadlines = (TIME - 1, TIME, TIME + 1, TIME + 20, 1 << 40, ONES - 1, ONES, 0) if "timecmp" in isa.controls else (0,)
    for controls, deadline, lines in product(states(isa), deadlines, (0, 2, 4, 6)):
        if "timecmp" in isa.controls:
            controls = {**controls, "timecmp": deadline & 0xFFFFFFFF, "timecmph": deadline >> 32}
        for enabled in (0, 1, 4, 9, 0xFFFFFFFF) if "ie" in isa.controls else (0,):
            yield ({**controls, "ie": enabled & isa.controls["ie"].stored} if enabled else controls), lines


def put(called: Called, controls: dict[str, int], lines: int) -> None:
    cpu = called.cpu
    for name, number in controls.items():
        cpu.s[cpu.isa.slots[name]] = number
    cpu.pc = 0x1000
    for line in (1, 2):
        called.vm.bus.driver[line] = (Line(bool(lines >> line & 1)),)
    called.put(called.words())
    cpu.s[State.word(LINES)] = lines


def test_looking_around(isa: Isa) -> None:
    """With the hard end before, at and behind the time, and where it may be."""
    called, went = Called(isa), 0
    with called.vm:
        cpu, quads = called.cpu, called.cpu.state.quads
        for (controls, lines), hard in product(situations(isa), (TIME, TIME + 3)):
            put(called, controls, lines)
            before, quads[HARD_QUAD], quads[DUE_QUAD] = called.words(), hard, 0
            if not called.call(slots.LOOK_AROUND, 7, TIME):
                assert called.words() == before and not cpu.trapped
                assert (quads[BUDGET], quads[END_QUAD], quads[DUE_QUAD]) == (7, TIME + 7, 0)
                if hard > TIME:
                    assert not taken(called), (controls, lines)
                continue
            went += 1
            assert hard > TIME
            got, trap = called.words(), cpu.first if cpu.trapped else None
            told = quads[END_QUAD], quads[DUE_QUAD], cpu.s[State.word(PENDING)]
            assert cpu.time == TIME
            called.put(before)
            pending = cpu.look()
            due = cpu.horizon if cpu.horizon < NEVER else ONES
            if pending and cpu.enabled():
                cpu.take_interrupt(pending)
                assert trap == cpu.first
                pending_after = cpu.look()
                assert pending_after == pending and not cpu.enabled()
            else:
                assert trap is None
            assert called.words() == got
            assert told == (min(due, hard), due if due < 1 << 64 else ONES, pending)
        assert went or isa.name == "s360"


def taken(called: Called) -> bool:
    """Would the run loop go on in a handler that runs with interrupts off, or without an interrupt?"""
    cpu = called.cpu
    pending = cpu.look()
    if not (pending and cpu.enabled()):
        return True
    try:
        cpu.take_interrupt(pending)
    except Stopped:
        return False
    return not cpu.enabled()


def test_waiting(isa: Isa) -> None:
    """For a line that is pending, for the timer, for a device, for nothing; as far as it may and no farther."""
    called, went = Called(isa), 0
    with called.vm:
        cpu, quads = called.cpu, called.cpu.state.quads
        for (controls, lines), (hard, quiet) in product(
            situations(isa), ((TIME, TIME), (TIME + 3, TIME + 3), (TIME + 3, TIME + 22), (TIME + 3, 1 << 62))
        ):
            put(called, controls, lines)
            quads[State.quad(SKIPPED)], quads[State.quad(QUIET)] = 0, quiet
            before, quads[HARD_QUAD], quads[DUE_QUAD] = called.words(), hard, 0
            done = called.call(slots.WAIT, 7, TIME)
            skipped, got = quads[State.quad(SKIPPED)], called.words()
            left = quads[BUDGET], quads[END_QUAD], quads[DUE_QUAD], quads[HARD_QUAD]
            called.put(before)
            for line in (1, 2):
                del called.vm.bus.driver[line]
            halted = False
            try:
                cpu.wait()
            except Stopped:
                halted = True
            if not done:
                assert got == before and left == (7, TIME + 7, 0, hard) and skipped == 0
                assert halted or hard == TIME or lines or cpu.time - TIME > quiet - hard
                continue
            went += 1
            assert hard > TIME and (lines or not halted)
            if not lines:
                assert skipped == cpu.time - TIME <= quiet - hard
            after = TIME + skipped + 1
            assert left == (0, after, after, hard + skipped)
            cpu.pc += 4
            assert got == called.words()
        assert went
