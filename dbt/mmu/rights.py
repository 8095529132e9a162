"""Classes of processor modes for which the same pages are mapped with the same rights."""

from __future__ import annotations

from ring1.dbt.machine.step import Cpu
from ring1.isa.controls import control_bits

UNPAGED = -1
"""The class of the modes in which paging is off."""


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

    def classes(self) -> list[int]:
        """Return for each processor mode the number of its class: modes of one class see the same in the present
        address space."""
        cpu, mode, walker = self.cpu, self.mode, self.cpu.walker
        if walker is None:
            return [UNPAGED] * (1 if mode is None else mode.count)
        if mode is None:
            return [0 if walker.translates() else UNPAGED]
        kept, seen, made = cpu.s[self.slot], list[object](), list[int]()
        try:
            for number in range(mode.count):
                cpu.s[self.slot] = kept & ~mode.bits.mask | number << mode.bits.lo
                if not walker.translates():
                    made.append(UNPAGED)
                    continue
                sight = bool(walker.when(cpu)), walker.root(cpu), self.granted()
                if sight not in seen:
                    seen.append(sight)
                made.append(seen.index(sight))
        finally:
            cpu.s[self.slot] = kept
        return made

    def granted(self) -> tuple[bool, ...]:
        """Return what entries grant now: the predicates' values for every combination of the bits that they test."""
        cpu = self.cpu
        now = tuple([cpu.s[slot] & mask for slot, mask in self.bits])
        if now not in self.answers:
            walker = cpu.walker
            assert walker is not None
            questions = [walker.denied, walker.invalid, walker.leaf, *(allowed for allowed, _ in walker.rights[:3])]
            entries, asked = [0], walker.paging.asked & ~walker.paging.frame.mask
            for n in range(asked.bit_length()):
                if asked >> n & 1:
                    entries += [entry | 1 << n for entry in entries]
            self.answers[now] = tuple(bool(question(cpu, entry)) for entry in entries for question in questions)
        return self.answers[now]
