"""The budget of generated code: what the VMM and generated code tell each other about time."""

from __future__ import annotations

from ring1.dbt.machine.state import DUE, END, HARD, HARD_INEXACT, INEXACT, PENDING, QUIET, SKIPPED, State
from ring1.dbt.machine.step import NEVER, Cpu
from ring1.dbt.machine.traps import TIME_ONES
from ring1.dbt.native import slots

LATEST = 1 << 62
"""From this time on generated code does not look around by itself: its arithmetic would wrap."""
BUDGET_QUAD, END_QUAD, HARD_QUAD, DUE_QUAD, QUIET_QUAD, SKIPPED_QUAD = map(
    State.quad, (slots.BUDGET, END, HARD, DUE, QUIET, SKIPPED)
)
PENDING_WORD, INEXACT_WORD, HARD_INEXACT_WORD = map(State.word, (PENDING, INEXACT, HARD_INEXACT))


class Budget:
    """Gives generated code its budget, and brings the CPU's time up to date with what is left of it."""

    def __init__(self, cpu: Cpu) -> None:
        self.cpu = cpu
        self.words, self.quads = cpu.state.words, cpu.state.quads
        self.goal = 0
        """The time at which the budget ends."""
        self.devices = NEVER
        """The time at which a device will next change by itself."""
        self.alone = False
        """Nothing that the guest may wait for is the host's to decide."""

    def begin(self) -> None:
        """Prepare for a burst, which ends if the state of a device changes."""
        bus = self.cpu.bus
        deadline = bus.deadline()
        self.devices = NEVER if deadline is None else deadline
        self.alone = not bus.live()
        self.words[PENDING_WORD] = self.cpu.lines

    def give(self, goal: int, sample: int, exact: bool) -> None:
        """Give generated code a budget until `goal`. `exact`: nothing may retire then before somebody looks; if not, it
        is for the VMM to see the beginning of a block. Generated code that looks around by itself goes on until the VMM
        has to, or is to take a `sample`."""
        cpu, quads = self.cpu, self.quads
        now, last = cpu.time, cpu.last + cpu.idle
        hard = min(cpu.pause, sample, self.devices, last) if now < LATEST else 0
        self.goal = goal
        quads[BUDGET_QUAD], quads[END_QUAD], quads[DUE_QUAD] = goal - now, goal & TIME_ONES, 0
        quads[HARD_QUAD] = hard
        quads[QUIET_QUAD] = min(self.devices, LATEST) if self.alone and hard else hard
        self.words[INEXACT_WORD] = not exact
        self.words[HARD_INEXACT_WORD] = hard < min(self.devices, last)

    def take_stock(self) -> bool:
        """Bring the CPU's time up to date. True if generated code has looked at interrupts since the budget was given:
        then lines and horizon are up to date as well, and Cpu.due and Cpu.pause are others."""
        cpu, quads = self.cpu, self.quads
        due = quads[DUE_QUAD]
        if not due:
            cpu.time = self.goal - quads[BUDGET_QUAD]
            return False
        self.goal = quads[END_QUAD]
        cpu.time = self.goal - quads[BUDGET_QUAD]
        skipped = quads[SKIPPED_QUAD]
        cpu.idle += skipped
        cpu.pause += skipped
        quads[DUE_QUAD] = quads[SKIPPED_QUAD] = 0
        cpu.lines = self.words[PENDING_WORD]
        cpu.horizon = min(due if due < TIME_ONES else NEVER, self.devices)
        cpu.due = min(cpu.horizon, cpu.last + cpu.idle)
        return True
