"""The platform of a deprivileged guest, which runs directly on the real machine, under control registers of the VMM.

The state block holds the virtual CPU, as the VMM knows it. Before the guest's code runs, the registers that an
instruction can see without a trap are replaced by those of the real machine; afterwards they are restored:

- *Ring compression*: the virtual supervisor mode runs in a less privileged one (`Policy.modes`).
- What a program owns is loaded, and saved with what the program has made of it. What a monitor keeps is the VMM's
  (isa/virtual says which is which): on the real machine interrupts are enabled, whatever the guest has set; a trap has
  been taken from there and undone; and all other bits are the opposite of the guest's reset values. An instruction that
  changes these without a trap changes the real machine: the change lasts until the VMM next gets control by a trap, and
  the guest's own register is unchanged.
- *Address-space compression*: the real page tables are the VMM's shadow page tables, always on; the VMM's memory comes
  first, and the guest's behind it, not where the guest believes it to be.

A sensitive instruction is first executed there. If it traps, the VMM emulates it on the virtual CPU; if not, it is a
hole, and has acted on the real machine. A hole that changes the mode is an escape: the VMM, which knows its guest's
mode only from what it emulates, does not notice, and takes the next trap to come from the mode before.

(Goldberg, "Architectural principles for virtual computer systems", 1973. Ring compression is Hall and Robinson's word,
"Virtualizing the VAX architecture", 1991; ring aliasing and address-space compression are those of Uhlig et al., "Intel
virtualization technology", 2005.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import PAGE, Memory
from ring1.dbt.machine.state import NO_MODE, ONES, VIRTUAL, VIRTUAL_MODE, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.supervisor import Instruction
from ring1.dbt.native import slots
from ring1.dbt.translate.policy import Policy
from ring1.dbt.vmm.platform import Platform
from ring1.isa import semantics as s
from ring1.isa.codec import Decoded
from ring1.isa.controls import control_bits
from ring1.isa.derived import derived
from ring1.isa.effects import sensitive
from ring1.isa.model import Isa
from ring1.isa.outcome import by_control
from ring1.isa.python import Trap
from ring1.isa.specialize import Specialization
from ring1.isa.switches import needed, without
from ring1.isa.virtual import kept, read, written

if TYPE_CHECKING:
    from ring1.dbt.translate.emulation import Emulating

OWN = 1 << 20
"""Bytes of the VMM's own memory, which precedes the guest's in real memory."""
ROOT = OWN - 0x1000
"""Physical address of the root of the VMM's page tables."""
VIRTUAL_MODE_WORD = State.word(VIRTUAL_MODE)
T = TypeVar("T")


def execute(instruction: Instruction, pc: int) -> int:
    return instruction(pc)


class Deprivileged(Platform):
    """Exchanges the virtual CPU's registers for the real ones on entry to the guest's code, and back on exit."""

    def __init__(self, cpu: Cpu, policy: Policy) -> None:
        """The policy says in which real mode each virtual one runs, and the code of which modes is interpreted
        instead."""
        super().__init__(cpu, policy)
        isa = cpu.isa
        assert isa.mode is not None
        self.modes = modes = policy.modes
        self.interpreted = policy.interpreted
        self.slot, self.low, self.mask = isa.slots[isa.mode.control], isa.mode.bits.lo, isa.mode.bits.mask
        self.seen = {isa.slots[name]: kept(isa).get(name, 0) for name in seen(isa, frozenset(modes))}
        """Slots of the registers that code can see on the real machine -> the bits of each that belong to the VMM
        there."""
        self.places = [
            (n, slot, State.word(VIRTUAL) + slot, mask, ~mask) for n, (slot, mask) in enumerate(self.seen.items())
        ]
        """Numbers of these slots; the slots; the word of the state block that has the virtual register while the real
        ones are loaded; the same bits, and all others. The processor status is the first."""
        self.words = cpu.s
        self.contexts = {mode: context(isa, mode, tuple(self.seen)) for mode in set(modes)}
        """Real mode -> what these registers hold when the VMM enters that mode."""
        self.loaded = False
        """Are the real registers loaded?"""
        self.beneath: Sequence[int] | None = None
        """The real registers as the guest's code left them, None if the VMM has got control by a trap since."""
        self.believed: int | None = None
        """After an escape, the mode that the VMM believes its guest to be in; else None."""
        self.sensitive = sensitive(isa)
        self.really = self.around(execute)
        self.shows_tables = not self.interpreted and not holes(isa, frozenset(modes))
        inside = slots.TAKE, slots.LOOK_AROUND, slots.TIME_UP
        self.routines = frozenset() if self.interpreted else frozenset(inside)
        cpu.changed()

    @cached_property
    def emulating(self) -> Emulating | None:
        from ring1.dbt.translate.deprivation import Deprivation  # who classifies a machine translates nothing

        if self.interpreted:
            return None
        isa = self.cpu.isa
        monitors = {name: self.seen[isa.slots[name]] for name in seen(isa, frozenset(self.modes))}
        return Deprivation(modes=self.modes, kept=monitors, contexts=self.contexts)

    @property
    def lost(self) -> bool:
        return self.believed is not None

    def mode(self) -> int:
        """Return the virtual processor mode."""
        return (self.cpu.s[self.slot] & self.mask) >> self.low

    # --- In and out --------------------------------------------------------------------------

    def begin(self) -> None:
        """Forget an escape: the VMM takes the present mode to be its guest's."""
        self.believed = self.beneath = None

    def follow(self, other: Platform) -> None:
        assert isinstance(other, Deprivileged)
        self.believed, self.beneath = other.believed, other.beneath

    def around(self, enter: Callable[[T, int], int]) -> Callable[[T, int], int]:
        """Return what replaces the virtual registers by the real ones, calls `enter`, and restores the virtual ones,
        with the changes that the guest has made to what it owns."""
        # It is on the way of every exit; each look at an attribute or a word is 2 % of one that asks for a port.
        words, modes, low, kinds, contexts = self.words, self.mask, self.low, self.modes, self.contexts
        (_, status, kept, mine, owned), others = self.places[0], self.places[1:]
        unmoded = ~modes

        def entered(first: T, address: int) -> int:
            virtual, real, believed = words[status], self.beneath, self.believed
            mode = (virtual & modes) >> low
            words[VIRTUAL_MODE_WORD] = mode if believed is None else NO_MODE
            if real is None:
                real = contexts[kinds[mode if believed is None else believed]]
            words[kept] = virtual
            words[status] = (virtual & owned | real[0] & mine) & unmoded | kinds[mode] << low
            for n, slot, place, its, rest in others:
                words[place] = word = words[slot]
                words[slot] = word & rest | real[n] & its
            self.loaded = True
            try:
                return enter(first, address)
            finally:
                now = words[status]
                words[status] = virtual = now & owned | words[kept] & mine
                found = [now]
                for _, slot, place, its, rest in others:
                    found.append(word := words[slot])
                    words[slot] = word & rest | words[place] & its
                self.beneath, self.loaded = found, False
                mode, before = (now & modes) >> low, (virtual & modes) >> low
                if mode != kinds[before]:
                    words[status] = virtual & unmoded | mode << low
                    self.believed = before if believed is None else believed

        return entered

    # --- Instructions ------------------------------------------------------------------------

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        """Execute a sensitive instruction on the real machine first."""
        made = super().bind(word, decoded)
        return partial(self.execute, made) if decoded and decoded.instruction.name in self.sensitive else made

    def execute(self, instruction: Instruction, pc: int) -> int:
        """Execute a sensitive instruction on the real machine; if it traps there, emulate it on the virtual CPU."""
        if self.mode() in self.interpreted:
            return instruction(pc)
        try:
            return self.really(instruction, pc)
        except Trap:
            pass
        finally:
            self.cpu.refresh()
        self.trapped()
        return instruction(pc)

    def trapped(self) -> None:
        """Handle a trap of the real machine: after an escape, the guest goes on in the mode that the VMM believes it to
        be in."""
        self.beneath = None
        if self.believed is not None:
            words = self.cpu.s
            words[self.slot] = words[self.slot] & ~self.mask | self.believed << self.low
            self.believed = None
            self.cpu.changed()

    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        """Enter the guest's handler, for a trap or an interrupt of its own."""
        self.trapped()
        return super().trap_entry(cause, value, pc)

    def physical(self, address: int) -> int:
        """Translate by the guest's tables while the virtual registers are loaded; on the real machine by the VMM's
        shadow page tables, which place the guest's memory behind the VMM's."""
        if not self.loaded:
            return super().physical(address)
        words, real = self.words, [(slot, self.words[slot]) for _, slot, *_ in self.places]
        for _, slot, place, mine, others in self.places:
            words[slot] = words[slot] & others | words[place] & mine
        found = super().physical(address)
        for slot, word in real:
            words[slot] = word
        return found if found == ONES else found + OWN & ONES


@derived
def context(isa: Isa, mode: int, slots: tuple[int, ...]) -> tuple[int, ...]:
    """Return what these words of the state block hold when the VMM enters a mode of the real machine, having handled a
    trap from there."""
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
    """Return slot -> (mask, value) of the bits that the VMM sets whenever it enters a mode: the mode itself, interrupts
    enabled, paging on with its own tables."""
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
    """Return the control bits that switch paging on and locate its tables, as (register, mask, the VMM's value)."""
    if isa.paging is None:
        return []
    when, root = without(isa, isa.paging.when), control_bits(isa, isa.paging.root)
    return [(name, mask, mask) for name, mask in when.items()] + [
        (name, mask, ROOT & mask) for name, mask in root.items()
    ]


@derived
def direct(isa: Isa, modes: frozenset[int]) -> tuple[s.Body, ...]:
    """Return what sensitive instructions do that do not always trap in one of these modes, for each control register
    that they may name."""
    bodies = [
        Specialization(isa, mode).body(body)
        for insn in isa.instructions.values()
        if insn.name in sensitive(isa)
        for _, body in by_control(isa, insn)
        for mode in modes
    ]
    return tuple(dict.fromkeys(body for body in bodies if not s.always_traps(body)))


@derived
def holes(isa: Isa, modes: frozenset[int]) -> bool:
    """Can code in one of these modes reach, without a trap, what belongs to the VMM on the real machine?"""
    mine = kept(isa)
    for body in direct(isa, modes):
        nodes = list(s.walk(*body))
        writes = [node for node in nodes if isinstance(node, s.SetControl)]
        targets = {id(write.control) for write in writes}
        reached = [read(isa, [n for n in nodes if id(n) not in targets]), *(written(isa, w) for w in writes)]
        if any(mask & mine.get(name, 0) for masks in reached for name, mask in masks.items()):
            return True
    return False


@derived
def seen(isa: Isa, modes: frozenset[int]) -> tuple[str, ...]:
    """Return the names of the control registers that are read or written by instructions that do not always trap in one
    of these modes, behind that of the one that holds the mode."""
    assert isa.mode is not None
    found = set[str]()
    for body in direct(isa, modes):
        nodes = s.walk(*body)
        targets = {id(node.control) for node in nodes if isinstance(node, s.SetControl)}
        found |= read(isa, [n for n in nodes if isinstance(n, s.Control) and id(n) not in targets]).keys()
        for node in nodes:
            if isinstance(node, s.SetControl):
                found |= written(isa, node).keys()
    return isa.mode.control, *sorted(found & isa.slots.keys() - {isa.mode.control})
