"""The real machine under a guest whose code runs on it directly, deprivileged: its control registers are the VMM's.

The state block holds the virtual CPU, as the VMM knows it. Before the guest's code is run, what an instruction may see
without a trap is exchanged for what the real machine has there, and afterwards put back:

- *Ring compression*: the virtual supervisor mode runs in a lesser one (`Policy.modes`). The real processor status has
  interrupts enabled, whatever the guest thinks, and else what a trap from there has left in it; the bits that neither
  mode, interrupts nor traps have a part in belong to the running program, and are the guest's.
- *Address-space compression*: the real page tables are the VMM's shadow, always on, and its memory comes before the
  guest's, which is not where the guest thinks.

A sensitive instruction is first executed there. If it traps, the VMM emulates it on the virtual CPU; if it does not, it
is a hole, and has acted on the real machine. A hole that goes to another mode is an escape: the VMM, which knows the
mode of its guest only from what it emulates, is not told, and takes the next trap for one from the mode before.

(Goldberg, "Architectural principles for virtual computer systems", 1973; ring compression, ring aliasing and
address-space compression are named by Robin and Irvine, "Analysis of the Intel Pentium's ability to support a secure
virtual machine monitor", 2000.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from dbt.machine.step import ONES, Cpu, Instruction
from dbt.translate.real import Enter, Real
from isa import semantics as s
from isa.effects import effects
from isa.model import Isa
from isa.python import Trap, control_bits
from isa.switches import needed

OWN = 1 << 20
"""Bytes of real memory before the guest's: the VMM's own."""
ROOT = OWN - 0x1000
"""Where the root of its page tables is."""


class Deprivileged(Real):
    """Exchanges the virtual CPU's registers for the real ones, and back."""

    shows_tables = False

    def __init__(self, cpu: Cpu, modes: Sequence[int], interpreted: frozenset[int]) -> None:
        """`modes`: virtual processor mode -> real one; code of those `interpreted` never gets to the real machine."""
        isa = cpu.isa
        assert isa.mode is not None
        self.cpu = cpu
        self.modes = modes
        self.interpreted = interpreted
        self.slot, self.low, self.mask = isa.slots[isa.mode.control], isa.mode.bits.lo, isa.mode.bits.mask
        self.status = {mode: self.left(isa, mode) for mode in set(modes)}
        """Real mode -> the processor status that the VMM goes back there with."""
        self.program = isa.controls[isa.mode.control].stored & ~self.mask & ~changed_by_traps(isa)
        """Bits of the processor status that belong to the running program."""
        self.tables = {isa.slots[name]: value for name, value in tables(isa).items() if name != isa.mode.control}
        """Slots of the registers for the page tables -> their real contents."""
        self.virtual: tuple[int, ...] | None = None
        """The virtual registers, while the real ones are in their place: the status, then the tables'."""
        self.believed: int | None = None
        """After an escape: the mode that the VMM takes its guest to be in."""
        self.sensitive = cache(lambda name: effects(isa, isa.instructions[name].body).sensitive)
        self.bind_virtual, self.physical_virtual, self.trap_entry = cpu.bind, cpu.physical, cpu.trap_entry
        cpu.bind = self.bind  # type: ignore[method-assign]
        cpu.physical = self.physical  # type: ignore[method-assign]
        cpu.trap_entry = self.reflect
        cpu.bound.clear()
        cpu.changed()

    def left(self, isa: Isa, mode: int) -> int:
        """The processor status in which a trap from a mode, once handled, leaves the real machine there."""
        cpu, words = self.cpu, self.cpu.s
        assert isa.mode is not None
        enables = control_bits(isa, isa.interrupts.enable).get(isa.mode.control, 0) if isa.interrupts else 0
        enable = needed(isa).get(isa.mode.control, 0)
        kept = words[: len(isa.slots)].tobytes()
        words[self.slot] = mode << self.low | enable
        cpu.trap_entry(cpu, 0, 0, 0)
        status = words[self.slot] & ~(self.mask | enables) | mode << self.low | enable
        cpu.state.bytes[: len(kept)] = kept
        return status

    def mode(self) -> int:
        """The virtual processor mode."""
        return (self.cpu.s[self.slot] & self.mask) >> self.low

    # --- In and out --------------------------------------------------------------------------

    def begin(self) -> None:
        """The VMM goes by the mode that it finds."""
        self.believed = None

    def follow(self, other: Real) -> None:
        assert isinstance(other, Deprivileged)
        self.believed = other.believed

    def around(self, enter: Enter) -> Enter:
        def entered(pointer: int, address: int) -> int:
            self.load()
            try:
                return enter(pointer, address)
            finally:
                self.unload()

        return entered

    def load(self) -> None:
        """Put the real registers in the place of the virtual ones."""
        words, mode = self.cpu.s, self.mode()
        self.virtual = words[self.slot], *(words[slot] for slot in self.tables)
        left = self.status[self.modes[mode if self.believed is None else self.believed]]
        words[self.slot] = words[self.slot] & self.program | left & ~self.mask | self.modes[mode] << self.low
        for slot, value in self.tables.items():
            words[slot] = value

    def unload(self) -> None:
        """Put the virtual registers back, with what the guest has changed for real."""
        assert self.virtual is not None
        words, (status, *rest) = self.cpu.s, self.virtual
        real, before = words[self.slot], (status & self.mask) >> self.low
        for slot, value in zip(self.tables, rest, strict=True):
            words[slot] = value
        words[self.slot] = status & ~self.program | real & self.program
        self.virtual = None
        if (real & self.mask) >> self.low != self.modes[before]:
            words[self.slot] = words[self.slot] & ~self.mask | real & self.mask
            self.believed = before if self.believed is None else self.believed

    # --- Instructions ------------------------------------------------------------------------

    def bind(self, word: int) -> Instruction:
        """The function of an instruction word, by way of the real machine if it is sensitive."""
        made, decoded = self.bind_virtual(word), self.cpu.decoder.decode(word)
        if decoded is not None and self.sensitive(decoded.instruction.name):
            made = self.cpu.bound[word] = partial(self.execute, made)
        return made

    def execute(self, instruction: Instruction, pc: int) -> int:
        """Trap and emulate."""
        if self.mode() in self.interpreted:
            return instruction(pc)
        self.load()
        try:
            return instruction(pc)
        except Trap:
            pass
        finally:
            self.unload()
            self.cpu.refresh()
        self.trapped()
        return instruction(pc)

    def trapped(self) -> None:
        """The real machine has trapped: the VMM goes by the mode that it knows, and lets the guest go on there."""
        if self.believed is not None:
            words = self.cpu.s
            words[self.slot] = words[self.slot] & ~self.mask | self.believed << self.low
            self.believed = None
            self.cpu.changed()

    def reflect(self, cpu: Cpu, cause: int, value: int, pc: int) -> int:
        """A trap or an interrupt that is the guest's."""
        self.trapped()
        return self.trap_entry(cpu, cause, value, pc)

    def physical(self, address: int) -> int:
        """Where a load would go: by the guest's tables as long as it is not on the real machine; then, by the shadow
        that the VMM keeps of them, behind the VMM's memory."""
        if self.virtual is None:
            return self.physical_virtual(address)
        self.unload()
        found = self.physical_virtual(address)
        self.load()
        return found if found == ONES else found + OWN & ONES


def tables(isa: Isa) -> dict[str, int]:
    """The control registers that say whether there is paging, and where its tables are, as the VMM sets them."""
    if isa.paging is None:
        return {}
    when, root = control_bits(isa, isa.paging.when), control_bits(isa, isa.paging.root)
    return {name: when.get(name, 0) | ROOT & root.get(name, 0) for name in sorted({*when, *root})}


def changed_by_traps(isa: Isa) -> int:
    """Bits of the control register with the processor mode that taking traps and enabling interrupts changes."""
    assert isa.mode is not None
    control = isa.mode.control
    bits = control_bits(isa, isa.interrupts.enable).get(control, 0) if isa.interrupts else 0
    for write in s.walk(*isa.trap.body) if isa.trap else ():
        if isinstance(write, s.SetControl) and isinstance(write.control, s.Control) and write.control.name == control:
            bits |= (1 << write.hi + 1) - (1 << write.lo)
    return bits
