"""A deprivileged guest, as far as generated code goes by it: how its processor differs from the virtual one, and the
emulation of what traps there.

An instruction that traps is bound in the guest's virtual mode, and lowered with the registers that the real machine has
taken over in the words of the virtual CPU. Then the real ones are set as the monitor sets them behind every trap, and
the guest goes on in its mode. A guest in another virtual mode than the one that it was made for is left to the monitor.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from ring1.dbt.host.interface import Assembler
from ring1.dbt.host.present import present
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.host.values import Value
from ring1.dbt.ir.bind import bind, bind_trap, bind_undefined
from ring1.dbt.machine.state import VIRTUAL, VIRTUAL_MODE, State
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.emulation import ONES, Emulation, Site
from ring1.dbt.translate.routine import Routine
from ring1.isa import semantics as s
from ring1.isa.model import Isa
from ring1.isa.record import Record


class Deprivation(Record):
    """While generated code runs, the bits that the monitor keeps are those of the real machine, and the virtual CPU's
    are in VIRTUAL and VIRTUAL_MODE of the state block (ring1.dbt.machine.state)."""

    modes: Sequence[int]
    """The guest's processor mode -> the real mode that its code runs in."""
    kept: Mapping[str, int]
    """Control registers that code sees on the real machine -> the bits of each that are the monitor's there."""
    contexts: Mapping[int, Sequence[int]]
    """Real mode -> what these registers hold when the monitor enters that mode, in the order of `kept`."""

    def elsewhere(self, isa: Isa) -> dict[str, int]:
        """See Emulating."""
        return {name: VIRTUAL + 4 * isa.slots[name] for name in self.kept}

    def routine(self, target: Target) -> Routine | None:
        """See Emulating."""
        return DeprivedRoutine(target, self)

    def emulation(self, translator: Translator, site: Site, frames: Mapping[int, int]) -> Emulation | None:
        """See Emulating."""
        return Trapped(translator, self, site, frames)


class RealMachine:
    """Writes what sets the real machine's registers."""

    def __init__(self, isa: Isa, host: Assembler, machine: Deprivation) -> None:
        self.isa = isa
        self.host = host
        self.machine = machine

    def owned(self, name: str) -> int:
        """Return the bits of a register that are the program's, and so the same on both machines."""
        return self.isa.controls[name].stored & ~self.machine.kept[name]

    def share(self, names: Iterable[str]) -> None:
        """Copy what the program owns of these registers to the virtual CPU."""
        for name in sorted(self.machine.kept.keys() & {*names}):
            if owned := self.owned(name):
                slot = self.isa.slots[name]
                self.host.copy_bits(State.displacement(slot), VIRTUAL + 4 * slot, owned)

    def enter_mode(self, mode: int, written: Container[str]) -> None:
        """Set the registers as the monitor does when it goes on with its guest in a virtual mode, after these registers
        of the virtual CPU were written."""
        host, machine = self.host, self.machine
        for (name, kept), value in zip(machine.kept.items(), machine.contexts[machine.modes[mode]], strict=True):
            slot, owned = self.isa.slots[name], self.owned(name)
            at = State.displacement(slot)
            if owned and name in written:
                host.copy_bits(VIRTUAL + 4 * slot, at, owned)
            host.set_word(at, kept if owned else ONES, value)

    def unless_mode(self, mode: int, label: int) -> None:
        """Jump unless the real machine is in a mode."""
        status = self.isa.mode
        assert status is not None
        place = State.displacement(self.isa.slots[status.control])
        self.host.unless_bits(place, status.bits.mask, mode << status.bits.lo, label)


class Trapped(Emulation):
    """The emulation of an instruction that traps on the real machine."""

    def __init__(self, translator: Translator, machine: Deprivation, site: Site, frames: Mapping[int, int]) -> None:
        isa, decoded = translator.isa, translator.decoder.decode(site.word)
        if decoded is None:
            body = bind_undefined(isa, site.word, site.pc, site.mode)
        else:
            body = bind(isa, decoded, site.word, site.pc, site.mode)
        super().__init__(translator, site, body, frames, machine.modes, machine.elsewhere(isa))
        self.real = RealMachine(isa, self.host, machine)
        self.written: frozenset[str] = frozenset()
        """Names of the control registers that the instruction writes."""

    def write(self) -> None:
        host, nodes = self.host, list[s.Node](self.body)
        if self.traps and isinstance(self.body[-1], s.Raise):
            trap = self.body[-1]
            unless, entry = bind_trap(self.isa, trap.cause, trap.value, self.pc, self.block_mode)
            nodes += [*entry, *([] if unless is None else [unless])]
        self.refuse_memory(nodes)
        found = s.walk(*nodes)
        self.written = frozenset(
            n.control.name for n in found if isinstance(n, s.SetControl) and isinstance(n.control, s.Control)
        )
        host.mark(0)
        # The one exit that another emulation, for another mode, can be chained to.
        host.unless_equal(VIRTUAL_MODE, self.block_mode, self.unpaid())
        self.real.share(n.name for n in found if isinstance(n, s.Control))
        if self.traps:
            self.take_trap()
        else:
            host.pay(1, self.step())
            self.instruction(0, self.pc, self.word, self.size, self.body, None, self.reason)
        self.ways_out()

    def enter_mode(self, mode: int) -> None:
        self.real.enter_mode(mode, self.written)
        if mode != self.block_mode:
            self.host.set_word(VIRTUAL_MODE, ONES, mode)


class DeprivedRoutine(Routine):
    """Lowers a routine that acts on the virtual CPU, and serves every virtual mode. It leaves to the monitor if that
    believes its guest to be in another mode, or the guest has changed the mode of the real machine. The real registers
    stay as they are, unless an interrupt is taken."""

    def __init__(self, target: Target, machine: Deprivation) -> None:
        """Raises Unsupported."""
        super().__init__(target, present().assembler(target, machine.elsewhere(target.isa))(0, False, False))
        self.machine = machine
        self.real = RealMachine(self.isa, self.host, machine)

    def begin(self) -> None:
        """Leave unless the guest is in the mode that the monitor believes it to be in."""
        host, status = self.host, self.isa.mode
        assert status is not None
        host.begin_routine()
        known = host.label()
        for mode in self.modes():
            other = host.label()
            host.unless_equal(VIRTUAL_MODE, mode, other)
            self.real.unless_mode(self.machine.modes[mode], self.away)
            host.jump(known)
            host.place(other)
        host.jump(self.away)
        host.place(known)
        self.real.share(self.machine.kept)

    def modes(self) -> list[int]:
        """Return the virtual modes, the most frequent first."""
        status = self.isa.mode
        assert status is not None
        return [*dict.fromkeys((status.user, status.supervisor, *range(status.count)))]

    def switch_mode(self, value: Value, mode: int | None) -> None:
        if mode is None:
            raise Unsupported("a handler in any mode")
        self.real.enter_mode(mode, self.machine.kept)
        self.host.set_word(VIRTUAL_MODE, ONES, mode)
        if self.moves:
            super().find_space(None, True)
        self.host.enter_mode(mode)
        self.host.find_block(self.host.pc_value(), self.machine.modes[mode])

    def find_space(self, after: int | None, looked: bool) -> None:
        """Nothing: `switch_mode` does, once the real machine's registers are set."""

    def go_on(self) -> None:
        host = self.host
        for mode in self.modes():
            other = host.label()
            host.unless_equal(VIRTUAL_MODE, mode, other)
            host.enter_mode(mode)  # an emulation may have come from another
            host.find_block(host.pc_value(), self.machine.modes[mode])
            host.place(other)
