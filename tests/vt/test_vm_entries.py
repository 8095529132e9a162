"""Routines count VM exits, entries and injected interrupts as docs/vt.md has them, do to the guest what they do on the
bare machine, and leave with nothing changed where they leave."""

from __future__ import annotations

from itertools import islice, product
from pathlib import Path

import pytest

from ring1.dbt.machine.state import (
    DUE,
    END,
    ENTERED,
    EXITED,
    HARD,
    INJECTED,
    INJECTED_LINE,
    PENDING,
    TIMER_EXITS,
    WINDOW_EXITS,
    State,
)
from ring1.dbt.native import slots
from ring1.isa.load import load
from tests.translate.test_interrupt_routines import NAMES, TIME, put, situations
from tests.translate.test_routines import Called

COUNTS = tuple(map(State.quad, (ENTERED, TIMER_EXITS, WINDOW_EXITS, INJECTED)))
TOLD = tuple(map(State.quad, (END, DUE, slots.BUDGET)))
EARLIER = 77
"""The time of an entry before."""


@pytest.mark.parametrize("name", [name for name in NAMES if "s360" not in name], ids=lambda name: Path(name).stem)
def test_what_is_counted(name: str) -> None:
    isa = load(name)
    guest, bare, kinds = Called(isa, "hw"), Called(isa), set[tuple[bool, ...]]()
    with guest.vm, bare.vm:
        quads, words = guest.cpu.state.quads, guest.cpu.s
        for controls, lines in islice(situations(isa), 0, None, 7):
            for exited, budget, hard in product((False, True), (0, 7), (TIME, TIME + 30)):
                slot = slots.LOOK_AROUND if exited or budget else slots.TIME_UP
                for called in (guest, bare):
                    put(called, controls, lines)
                    called.cpu.state.quads[State.quad(HARD)], called.cpu.state.quads[State.quad(DUE)] = hard, 0
                for quad in COUNTS:
                    quads[quad] = EARLIER
                words[State.word(EXITED)] = exited
                done, wanted = guest.call(slot, budget, TIME), bare.call(slot, budget, TIME)
                counts = [quads[quad] - EARLIER for quad in COUNTS]
                assert done == wanted and guest.words() == bare.words()
                assert guest.cpu.trapped == bare.cpu.trapped
                assert [quads[quad] for quad in TOLD] == [bare.cpu.state.quads[quad] for quad in TOLD]
                if not done:
                    assert counts == [0, 0, 0, 0] and words[State.word(EXITED)] == exited
                    continue
                taken, timer = guest.cpu.trapped, not exited and not budget
                window = taken and not exited and not timer
                entered = (TIME - EARLIER) * (exited or timer or window)
                assert counts == [entered, timer, window, taken], (controls, lines, exited, budget)
                assert not words[State.word(EXITED)]
                if taken:
                    assert words[State.word(PENDING)] >> words[State.word(INJECTED_LINE)] & 1
                kinds.add((exited, timer, taken))
    assert kinds == {(True, False, False), (True, False, True), (False, True, False), (False, True, True)} | {
        (False, False, False),
        (False, False, True),
    }
