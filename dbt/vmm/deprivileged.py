"""The real machine under a guest whose code runs on it directly, deprivileged: its control registers are the VMM's.

The state block holds the virtual CPU, as the VMM knows it. Before the guest's code is run, what an instruction may see
without a trap is exchanged for what the real machine has there, and afterwards put back:

- *Ring compression*: the virtual supervisor mode runs in a lesser one (`Policy.modes`).
- What a program owns is loaded for it, and put back with what it has made of it; what a monitor keeps is the VMM's
  (isa/virtual says which is which): on the real machine interrupts are enabled, whatever the guest thinks, a trap has
  been taken from there and undone, and all else is what the guest's reset has not left there. What an instruction
  does to that without a trap, it has done to the real machine: it stays until the VMM is told something, and the
  guest's own is as it was.
- *Address-space compression*: the real page tables are the VMM's shadow, always on, and its memory comes before the
  guest's, which is not where the guest thinks.

A sensitive instruction is first executed there. If it traps, the VMM emulates it on the virtual CPU; if it does not, it
is a hole, and has acted on the real machine. A hole that goes to another mode is an escape: the VMM, which knows the
mode of its guest only from what it emulates, is not told, and takes the next trap for one from the mode before.

(Goldberg, "Architectural principles for virtual computer systems", 1973. Ring compression is Hall and Robinson's word,
"Virtualizing the VAX architecture", 1991; ring aliasing and address-space compression are those of Uhlig et al., "Intel
virtualization technology", 2005.)
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import PAGE, Memory
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.supervisor import Instruction
from ring1.dbt.translate.policy import Policy
from ring1.dbt.vmm.platform import Enter, Platform
from ring1.isa import semantics as s
from ring1.isa.codec import Decoded
from ring1.isa.controls import control_bits
from ring1.isa.derived import derived
from ring1.isa.effects import sensitive
from ring1.isa.model import Isa
from ring1.isa.python import Trap
from ring1.isa.specialize import Specialization
from ring1.isa.switches import needed
from ring1.isa.virtual import kept, read, written

OWN = 1 << 20
"""Bytes of real memory before the guest's: the VMM's own."""
ROOT = OWN - 0x1000
"""Where the root of its page tables is."""


class Deprivileged(Platform):
    """Exchanges the virtual CPU's registers for the real ones, and back."""

    shows_tables = False

    def __init__(self, cpu: Cpu, policy: Policy) -> None:
        """The policy says in which real mode each virtual one runs, and the code of which never gets to the real
        machine."""
        super().__init__(cpu, policy)
        isa = cpu.isa
        assert isa.mode is not None
        self.modes = modes = policy.modes
        self.interpreted = policy.interpreted
        self.slot, self.low, self.mask = isa.slots[isa.mode.control], isa.mode.bits.lo, isa.mode.bits.mask
        self.seen = {isa.slots[name]: kept(isa).get(name, 0) for name in seen(isa, frozenset(modes))}
        """Slots of the registers that code sees on the real machine -> the bits of these that are the VMM's there."""
        self.contexts = {mode: context(isa, mode, tuple(self.seen)) for mode in set(modes)}
        """Real mode -> what those registers hold when the VMM goes there."""
        self.virtual: tuple[int, ...] | None = None
        """The virtual registers, while the real ones are in their place."""
        self.beneath: tuple[int, ...] | None = None
        """The real registers as they were left, unless the VMM has been told something since."""
        self.believed: int | None = None
        """After an escape: the mode that the VMM takes its guest to be in."""
        self.sensitive = sensitive(isa)
        cpu.changed()

    @property
    def lost(self) -> bool:
        return self.believed is not None

    def mode(self) -> int:
        """The virtual processor mode."""
        return (self.cpu.s[self.slot] & self.mask) >> self.low

    # --- In and out --------------------------------------------------------------------------

    def begin(self) -> None:
        """The VMM goes by the mode that it finds."""
        self.believed = self.beneath = None

    def follow(self, other: Platform) -> None:
        assert isinstance(other, Deprivileged)
        self.believed, self.beneath = other.believed, other.beneath

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
        self.virtual = tuple([words[slot] for slot in self.seen])
        real = self.beneath
        if real is None:
            real = self.contexts[self.modes[mode if self.believed is None else self.believed]]
        for (slot, mask), monitors in zip(self.seen.items(), real, strict=True):
            words[slot] = words[slot] & ~mask | monitors & mask
        words[self.slot] = words[self.slot] & ~self.mask | self.modes[mode] << self.low

    def unload(self) -> None:
        """Put the virtual registers back, with what the guest has made of its own."""
        assert self.virtual is not None
        words, virtual = self.cpu.s, self.virtual
        mode = (words[self.slot] & self.mask) >> self.low
        self.beneath = tuple([words[slot] for slot in self.seen])
        for (slot, mask), guests in zip(self.seen.items(), virtual, strict=True):
            words[slot] = words[slot] & ~mask | guests & mask
        self.virtual = None
        before = self.mode()
        if mode != self.modes[before]:
            words[self.slot] = words[self.slot] & ~self.mask | mode << self.low
            self.believed = before if self.believed is None else self.believed

    # --- Instructions ------------------------------------------------------------------------

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        """By way of the real machine, if it is sensitive."""
        made = super().bind(word, decoded)
        return partial(self.execute, made) if decoded and decoded.instruction.name in self.sensitive else made

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
        self.beneath = None
        if self.believed is not None:
            words = self.cpu.s
            words[self.slot] = words[self.slot] & ~self.mask | self.believed << self.low
            self.believed = None
            self.cpu.changed()

    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        """A trap or an interrupt that is the guest's."""
        self.trapped()
        return super().trap_entry(cause, value, pc)

    def physical(self, address: int) -> int:
        """By the guest's tables as long as it is not on the real machine; then, by the shadow that the VMM keeps of
        them, behind the VMM's memory."""
        if self.virtual is None:
            return super().physical(address)
        self.unload()
        found = super().physical(address)
        self.load()
        return found if found == ONES else found + OWN & ONES


@derived
def context(isa: Isa, mode: int, slots: tuple[int, ...]) -> tuple[int, ...]:
    """What these words of the state block hold where the VMM goes to a mode of the real machine, once a trap from there
    has been handled."""
    scratch = Cpu(isa, Memory(PAGE), Bus())
    words = scratch.s
    for control in isa.controls.values():
        if control.stored:
            words[isa.slots[control.name]] ^= control.stored

    def establish() -> None:
        for slot, (mask, value) in established(isa, mode).items():
            words[slot] = words[slot] & ~mask | value

    establish()
    with suppress(Trap):
        scratch.trap_entry(0, 0, 0)
    establish()
    found = tuple(words[slot] for slot in slots)
    scratch.memory.close()
    return found


def established(isa: Isa, mode: int) -> dict[int, tuple[int, int]]:
    """Slot -> bits and what they are whenever the VMM goes to a mode: it, interrupts enabled, the tables."""
    assert isa.mode is not None
    where, bits = isa.slots[isa.mode.control], isa.mode.bits
    made = {where: (bits.mask, mode << bits.lo)}
    enable, ones = control_bits(isa, isa.interrupts.enable) if isa.interrupts else {}, needed(isa)
    wanted = [(name, mask, ones.get(name, 0)) for name, mask in enable.items()]
    for name, mask, value in (*wanted, *tables(isa)):
        slot = isa.slots.get(name)
        if slot is not None:
            others = ~bits.mask if slot == where else ~0
            before = made.get(slot, (0, 0))
            made[slot] = before[0] | mask & others, before[1] | value & others
    return made


def tables(isa: Isa) -> list[tuple[str, int, int]]:
    """The control bits that say whether there is paging, and where its tables are, and what the VMM sets them to."""
    if isa.paging is None:
        return []
    when, root = control_bits(isa, isa.paging.when), control_bits(isa, isa.paging.root)
    return [(name, mask, mask) for name, mask in when.items()] + [
        (name, mask, ROOT & mask) for name, mask in root.items()
    ]


@derived
def seen(isa: Isa, modes: frozenset[int]) -> tuple[str, ...]:
    """The names of the control registers that instructions read or write which do not always trap in one of these
    modes, and of the one that holds the mode."""
    assert isa.mode is not None
    found = {isa.mode.control}
    for insn in isa.instructions.values():
        for mode in modes if insn.name in sensitive(isa) else ():
            body = Specialization(isa, mode).body(insn.body)
            if s.always_traps(body):
                continue
            nodes = s.walk(*body)
            targets = {id(node.control) for node in nodes if isinstance(node, s.SetControl)}
            found |= read(isa, [n for n in nodes if isinstance(n, s.Control) and id(n) not in targets]).keys()
            for node in nodes:
                if isinstance(node, s.SetControl):
                    found |= written(isa, node).keys()
    return tuple(sorted(found & isa.slots.keys()))
