"""Emulation in generated code: an instruction at which a monitor gets control is done on the virtual CPU.

It is lowered as it is for the bare machine, in the guest's mode, between what the monitor does before and behind it.
Where that is not all that there is to it, the exit to the monitor is taken before anything has changed: instructions
that access memory, devices or the TLB, and those that trap by what registers hold.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from ring1.dbt.host.block import GO, LEAVE, NEXT, READ, STEP, WRITE
from ring1.dbt.host.present import present
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.machine.state import ATTENTION, PENDING
from ring1.dbt.native import slots
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.bodies import ACCESSES
from ring1.dbt.translate.exits import Request
from ring1.dbt.translate.handler import enter
from ring1.dbt.translate.lower import Lowering
from ring1.dbt.translate.routine import Routine
from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa import semantics as s
from ring1.isa.model import WORD, Isa

ONES = (1 << WORD) - 1
MEMORY = frozenset((s.Load, s.Store))
PORTS = frozenset((s.Port, s.Out))
ASKING = s.SetRegister, s.Out
"""Statements that access a port, and do nothing else."""
Tally = Callable[[bool], int | None]
"""Returns the displacement of the quadword that counts exits that were not needed, if there is one, given whether the
instruction retires."""


class Site(NamedTuple):
    """An instruction at which the monitor gets control."""

    word: int
    pc: int
    mode: int
    """The guest's virtual mode."""
    reason: str
    """The name under which it is counted."""
    tally: Tally


class Emulation(Lowering):
    """Lowers one instruction for a guest in a virtual mode."""

    def __init__(
        self,
        translator: Translator,
        at: Site,
        body: s.Body,
        frames: Mapping[int, int],
        modes: Sequence[int],
        elsewhere: Mapping[str, int],
    ) -> None:
        """`body`: of the instruction, bound. `modes`: virtual mode -> real mode. `elsewhere`: displacements of the
        control registers that are not in their own words."""
        self.traps = s.always_traps(body)
        count = 0 if self.traps else 1
        host = present().assembler(translator.target, elsewhere)(count, False, False)
        super().__init__(translator.target, host, at.mode, count, frames)
        self.modes = modes
        self.body = body
        self.word, self.size = at.word, self.isa.words.size(at.word)
        self.pc, self.after = at.pc, at.pc + self.size & ONES
        self.reason = at.reason
        self.tally = at.tally(not self.traps)
        self.strayed = False
        """The register of the view has had another use."""
        self.asks = False
        """The monitor may have been asked for a port access."""

    @abstractmethod
    def write(self) -> None:
        """Write all of it. Raises Unsupported."""

    @abstractmethod
    def enter_mode(self, mode: int) -> None:
        """Do what the monitor does when it goes on with its guest in a virtual mode."""

    @staticmethod
    def refuse_memory(nodes: Iterable[s.Node]) -> None:
        """Raise Unsupported if any of these access memory."""
        if s.has(MEMORY, *nodes):
            raise Unsupported("memory")

    def conclude(self) -> None:
        """Do what the monitor does behind the instruction, whatever mode it leads to."""

    def step(self) -> int:
        """Add the exit to the monitor for the case that nothing is done; return its label."""
        return self.exit(STEP, self.pc, self.reason, 0)

    def unpaid(self) -> int:
        """As `step`, before the instruction has been paid for."""
        return self.exit(STEP, self.pc, self.reason, self.count)

    def take_trap(self) -> None:
        """Enter the guest's handler, as the instruction always traps. Raises Unsupported."""
        trap = self.body[-1]
        if not isinstance(trap, s.Raise) or len(self.body) > 1:
            raise Unsupported("trap")
        self.index = self.host.index = -1  # the trapping instruction does not retire
        self.host.fresh()
        step = self.step()
        self.host.unless_left(step)
        enter(self, trap, s.Const(WORD, self.pc), self.block_mode, step)

    def statements(self, body: s.Body, pc: int) -> None:
        for stmt in body:
            match stmt:
                case s.SetPc():
                    self.jump(stmt)
                case s.Raise():
                    self.host.jump(self.step())
                case s.Flush(addresses):
                    self.flush(*addresses)
                case _:
                    super().statements((stmt,), pc)

    def foreseen(self, body: s.Body, pc: int) -> None:
        """Nothing of it is left to others once it has begun."""
        self.statements(body, pc)

    def flush(self, address: s.Expr | None = None) -> None:
        """Flush the TLB, or the page of an address, as the first effect of the instruction; leave it to the monitor if
        that has to do it."""
        if not self.target.traced:
            self.host.flush(self.step(), None if address is None else self.later.use(address))

    # --- Ways out --------------------------------------------------------------------

    def only_exit(self, body: s.Body, pc: int) -> int | None:
        if len(body) == 1 and isinstance(body[0], s.Raise):
            return self.step()
        return None

    def ask(self, kind: str, kept: tuple[tuple[int, s.Expr], ...], number: int | None, back: int) -> int:
        """Add an exit at which the monitor is asked for a port access, the instruction's first effect and only one;
        return its label. The exit itself is not counted, but the emulation behind it."""
        if type(self.body[0]) not in ASKING or s.has(PORTS, *self.body[1:]):
            raise Unsupported("port")
        made = self.exit(kind, self.pc, "", 0)
        self.requests[made] = Request(kept, number, back, back)
        self.asks = True
        return made

    def read_port(self, number: int, port: s.Expr, pc: int, reason: str, alone: bool, published: bool) -> None:
        """Read a published answer, or have the monitor ask the device."""
        if port.width > WORD or s.has(ACCESSES, port):
            raise Unsupported("port")
        host, value, back = self.host, self.later.use(port), self.host.label()
        to = None if number in self.isa.hardwired else number
        answer = host.read_answer(value, self.ask(READ, ((slots.PORT, value),), to, back))
        if to is not None:
            host.assign_value(to, answer)
        host.place(back)

    def write_port(self, port: s.Expr, value: s.Expr, pc: int, reason: str, alone: bool) -> None:
        """Post a write, or have the monitor tell the device."""
        if port.width > WORD or value.width > WORD or s.has(ACCESSES, port, value):
            raise Unsupported("port")
        host, back = self.host, self.host.label()
        host.keep(slots.PORT, self.later.use(port))
        host.keep(slots.VALUE, self.later.use(value))
        host.post(self.ask(WRITE, (), None, back))
        host.place(back)

    def settle(self, after: int) -> None:
        self.later.flush()
        self.go_on(after)

    def jump(self, t: s.SetPc) -> None:
        """Go on where an instruction or the entry of the trap handler jumps."""
        self.later.flush()
        self.host.set_pc_value(self.host.compute(self.later.use(t.value)))
        self.go_on(None)

    def go_on(self, after: int | None) -> None:
        """Go on with the guest at a pc; None: it is in the state block already."""
        host, status = self.host, self.isa.mode
        assert self.tally is not None
        self.conclude()
        host.tally(self.tally)
        if self.mode is not None:
            self.arrive(self.mode, after)
            return
        assert status is not None
        usual = status.user, status.supervisor
        modes = [*dict.fromkeys((*usual, *range(status.count)))]
        for mode in modes[:-1]:
            other = host.label()
            host.unless_field(status.control, status.bits.mask, mode << status.bits.lo, other)
            self.arrive(mode, after)
            host.place(other)
        self.arrive(modes[-1], after)

    def elsewhere(self, after: int | None, looked: bool) -> int:
        return self.exit(GO if looked else LEAVE, after, "", self.count)

    def arrive(self, mode: int, after: int | None) -> None:
        """Go on in a virtual mode."""
        host = self.host
        self.enter_mode(mode)
        if self.moves:
            self.find_space(after, not (self.looks or self.recheck or self.asks))
        if self.looks:
            host.jump(self.exit(LEAVE, after, "", self.count, self.look))
            return
        self.leave_if_due(after, self.look)
        if self.moves:
            host.enter_space(mode)
            self.find(mode, after)
            return
        if mode != self.block_mode or self.strayed:
            host.enter_mode(mode)
        if mode == self.block_mode and after is not None:
            host.jump(self.exit(NEXT, after, "", self.count))
            return
        self.find(mode, after)

    def leave_if_due(self, after: int | None, by: int) -> None:
        """Leave if interrupts may have been enabled, and one is pending, or a device wants somebody to look."""
        if self.asks:
            self.host.unless_zero(ATTENTION, self.exit(LEAVE, after, "", self.count))
        if self.recheck:
            self.host.unless_zero(PENDING, self.exit(LEAVE, after, "", self.count, by))

    def find(self, mode: int, after: int | None) -> None:
        """Go to the block at a pc."""
        if after is not None:
            self.host.set_pc(after)
        self.host.find_block(self.host.pc_value(), self.modes[mode])


class Emulating(Protocol):
    """A monitor some of whose work generated code can do."""

    @property
    def modes(self) -> Sequence[int]:
        """The guest's processor mode -> the real mode that its code runs in."""

    def elsewhere(self, isa: Isa) -> Mapping[str, int]:
        """Return the displacements of the guest's control registers that are not in their own words."""

    def emulation(self, translator: Translator, site: Site, frames: Mapping[int, int]) -> Emulation | None:
        """Return the lowering of an instruction, None if it is always the monitor's."""

    def routine(self, target: Target) -> Routine | None:
        """Return an empty routine (ring1.dbt.translate.routines); None if there are none. Raises Unsupported."""


def emulation(translator: Translator, monitor: Emulating, site: Site, frames: Frames) -> Translation | None:
    """Translate an instruction for a guest in a virtual mode (see Emulation); None if generated code cannot emulate
    it."""
    try:
        made = monitor.emulation(translator, site, dict(frames))
        if made is None or made.tally is None:
            return None
        made.write()
    except Unsupported:
        return None
    code = translator.encoder.encode(made.host.items, made.exits)
    return Translation(monitor.modes[site.mode], (site.pc,), (site.word,), 0, code, False, 0, 0, 0, frames, {})
