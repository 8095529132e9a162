"""The emulation of what a paravirtualized guest asks of its monitor, and of traps and interrupts that the monitor
describes to it.

What a monitor does is a plan: statements over the virtual CPU, and words of a frame in the guest's memory. The
processor status is in the word of the virtual CPU until all is done (ring1.dbt.machine.state.VIRTUAL), so that where
the trap handler cannot be entered nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ring1.dbt.host.present import present
from ring1.dbt.host.target import Target
from ring1.dbt.host.values import NEGATED, Value
from ring1.dbt.machine.state import BATCH, FRAME, PENDING, VIRTUAL, State
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.bodies import jump_last
from ring1.dbt.translate.emulation import ONES, Emulation, Site
from ring1.dbt.translate.routine import Routine
from ring1.isa import semantics as s
from ring1.isa.model import WORD
from ring1.isa.record import Record


def frame_word(offset: int) -> s.Local:
    """Return the word at a byte offset of the frame, as it was before the call."""
    return s.Local(WORD, f"the frame + {offset}")


class Plan(Record):
    """What a monitor does at an instruction of its guest."""

    body: s.Body
    """The statements, or one that raises the trap that is taken."""
    before: s.Body = ()
    """Statements on the processor status, before that."""
    after: s.Body = ()
    """Statements behind it."""
    results: tuple[tuple[int, s.Expr], ...] = ()
    """Words of the frame to be written then, by their byte offsets."""
    last: s.Body = ()
    """Statements behind that."""
    unless: tuple[s.Expr, ...] = ()
    """Conditions under which all is left to the monitor."""
    frame: int = 0
    """Bytes of the frame that it reads or writes; 0 for none."""
    batch: tuple[s.Expr, s.Expr] | None = None
    """Address and number of pairs of words to be written, an address and a value each (see Assembler.write_batch)."""
    flush: s.Expr | None = None
    """Whether the TLB is flushed behind those."""
    enables: bool = False
    """Interrupts may be taken behind it."""


PENDING_LINES = s.Local(WORD, "the pending lines")
"""The interrupt lines that were pending when somebody last looked."""


class Interrupts(Record):
    """How a monitor tells its guest of interrupts."""

    where: str
    """The control register with the frame's address."""
    size: int
    """Bytes of the frame."""
    masked: int
    """Byte offset in the frame of a word that is not 0 while the guest takes no interrupts."""
    pending: int
    """Byte offset of the word that gets the pending lines when these change."""
    entry: Plan
    """What is done behind the entry to the trap handler."""
    mode: int
    """The mode in which that runs then."""
    disarmed: s.Body
    """Done when lines are pending that the guest masks."""


class Planned(Emulation):
    """Lowers a plan. The frame is at the physical address in a control register."""

    def __init__(self, translator: Translator, plan: Plan, where: str, site: Site, frames: Mapping[int, int]) -> None:
        """`where`: the control register with the frame's address."""
        isa = translator.isa
        assert isa.mode is not None
        self.status = isa.slots[isa.mode.control]
        modes = range(isa.mode.count)
        super().__init__(translator, site, plan.body, frames, modes, {isa.mode.control: VIRTUAL + 4 * self.status})
        self.plan = plan
        self.where = where
        self.strayed = bool(plan.results or plan.batch)

    def write(self) -> None:
        host, plan = self.host, self.plan
        self.refuse_memory((*plan.body, *plan.before, *plan.after, *plan.last))
        host.begin(0, ())
        self.eager = True
        host.name(PENDING_LINES.name, PENDING)
        if plan.frame:
            host.find_frame(self.where, plan.frame, self.unpaid())
            for offset in range(0, plan.frame, WORD // 8):
                host.read_frame(offset, FRAME + offset)
        self.name_frame()
        for condition in plan.unless:
            host.jump(self.unpaid(), host.compare(condition))
        for place, e in zip((BATCH, BATCH + 4), plan.batch or (), strict=False):
            host.keep(place, e)
        if plan.batch:
            host.check_batch(self.unpaid())
        host.copy_bits(State.displacement(self.status), VIRTUAL + 4 * self.status, ONES)
        self.statements(plan.before, self.pc)
        if self.traps:
            self.take_trap()
        else:
            host.pay(1, self.step())
            self.write_batch()
            self.statements(jump_last(plan.body), self.pc)
            if not any(isinstance(stmt, s.SetPc) for stmt in plan.body):
                self.settle(self.after)
        self.ways_out()

    def write_batch(self) -> None:
        """Write the batch, and flush. Where the monitor has to flush it does all of it again, which is the same."""
        host, plan = self.host, self.plan
        if plan.batch:
            host.write_batch()
        if plan.flush is not None:
            end = host.label()
            host.jump(end, NEGATED[host.compare(plan.flush)])
            self.flush()
            host.place(end)
            host.fresh()

    def name_frame(self) -> None:
        for offset in range(0, self.plan.frame, WORD // 8):
            self.host.name(frame_word(offset).name, FRAME + offset)

    def enter_mode(self, mode: int) -> None:
        self.host.copy_bits(VIRTUAL + 4 * self.status, State.displacement(self.status), ONES)

    def conclude(self) -> None:
        host, plan = self.host, self.plan
        self.statements(plan.after, self.pc)
        for offset, value in plan.results:
            host.keep(FRAME + offset, value)
        if plan.results:
            host.write_frame(FRAME, [offset for offset, _ in plan.results])
        self.statements(plan.last, self.pc)
        self.recheck = plan.enables


class ParavirtualRoutine(Routine):
    """Lowers a routine for a guest that is told of lines and interrupts in its frame. It leaves to the monitor if there
    is no frame to which generated code may write."""

    def __init__(self, target: Target, told: Interrupts) -> None:
        """Raises Unsupported."""
        super().__init__(target, present().assembler(target)(0, False, False))
        self.told = told

    def begin(self) -> None:
        super().begin()
        host, told = self.host, self.told
        host.find_frame(told.where, told.size, self.away)
        host.read_frame(told.masked, FRAME + told.masked)
        host.name(frame_word(told.masked).name, FRAME + told.masked)
        host.name(PENDING_LINES.name, PENDING)

    def masks(self, op: str) -> s.Expr:
        """Return whether the guest's word that masks interrupts is 0, or not 0."""
        return s.Binary(1, op, frame_word(self.told.masked), s.Const(WORD, 0))

    def taken_if(self, enabled: s.Expr) -> s.Expr:
        return s.Binary(1, "&", enabled, self.masks("=="))

    def looked(self, lines: s.Local) -> None:
        host, told = self.host, self.told
        same, other = host.label(), host.label()
        self.unless(s.Binary(1, "!=", lines, PENDING_LINES), same)
        host.keep(FRAME + told.pending, lines)
        host.write_frame(FRAME, (told.pending,))
        host.place(same)
        self.unless(s.Binary(1, "&", s.Binary(1, "!=", lines, s.Const(WORD, 0)), self.masks("!=")), other)
        self.statements(told.disarmed, 0)
        host.place(other)
        host.fresh()

    def enter(self, trap: s.Raise, pc: s.Local, decided: Callable[[], None] = lambda: None) -> None:
        def before() -> None:
            decided()
            self.statements(self.told.entry.before, 0)
            self.host.fresh()

        super().enter(trap, pc, before)

    def switch_mode(self, value: Value, mode: int | None) -> None:
        """Describe the interrupt that has been taken, and go to the handler."""
        host, entry = self.host, self.told.entry
        host.fresh()
        self.statements(entry.after, 0)
        for offset, word in entry.results:
            host.keep(FRAME + offset, word)
        host.write_frame(FRAME, [offset for offset, _ in entry.results])
        self.statements(entry.last, 0)
        host.enter_mode(self.told.mode)
        host.find_block(host.pc_value(), self.told.mode)
