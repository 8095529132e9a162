"""Classes of processor modes for which the same pages are mapped with the same rights."""

from __future__ import annotations

from ring1.dbt.machine.step import Cpu
from ring1.isa.controls import control_bits

UNPAGED = -1
"""The class of the modes in which paging is off."""
MIXED = -2
"""The class of those in which some kinds of accesses are translated and others are not: no view shows that."""


class Rights:
    """Evaluates the description's predicates on every entry, once for each value of the control bits that rights depend
    on."""

    def __init__(self, cpu: Cpu) -> None:
        isa = cpu.isa
        self.cpu = cpu
        self.mode = isa.mode
        self.slot = isa.slots[isa.mode.control] if isa.mode else 0
        bits = control_bits(isa, *isa.paging.rights) if isa.paging else {}
        self.bits = [(isa.slots[name], mask) for name, mask in sorted(bits.items())]
        self.answers: dict[tuple[int, ...], tuple[bool, ...]] = {}

    def sights(self) -> tuple[object, ...]:
        """Return for each processor mode what it sees: UNPAGED, MIXED, or else if and where it has tables and what they
        grant."""
        cpu, mode = self.cpu, self.mode
        if mode is None:
            return (self.sight(),)
        kept, made = cpu.s[self.slot], list[object]()
        try:
            for number in range(mode.count):
                cpu.s[self.slot] = kept & ~mode.bits.mask | number << mode.bits.lo
                made.append(self.sight())
        finally:
            cpu.s[self.slot] = kept
        return tuple(made)

    def sight(self) -> object:
        cpu, walker = self.cpu, self.cpu.walker
        if walker is None or not walker.translates():
            return UNPAGED
        return MIXED if walker.untranslated() else (bool(walker.when(cpu)), walker.root(cpu), self.granted())

    @staticmethod
    def classes(sights: tuple[object, ...]) -> list[int]:
        """Return for each processor mode the number of its class: modes of one class see the same."""
        seen = [sight for sight in dict.fromkeys(sights) if not isinstance(sight, int)]
        return [sight if isinstance(sight, int) else seen.index(sight) for sight in sights]

    def granted(self) -> tuple[bool, ...]:
        """Return what entries grant now: the predicates' values for every combination of the bits that they test."""
        cpu = self.cpu
        now = tuple([cpu.s[slot] & mask for slot, mask in self.bits])
        if now not in self.answers:
            walker = cpu.walker
            assert walker is not None
            allowed = (question for question, _ in walker.rights[:3])
            questions = [*walker.denials[:3], walker.invalid, walker.leaf, *allowed]
            entries, asked = [0], walker.paging.asked & ~walker.paging.frame.mask
            for n in range(asked.bit_length()):
                if asked >> n & 1:
                    entries += [entry | 1 << n for entry in entries]
            self.answers[now] = tuple(bool(question(cpu, entry)) for entry in entries for question in questions)
        return self.answers[now]
