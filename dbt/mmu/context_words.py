"""What an address space is known by: a context word, in which the description's control bits are gathered that paging
depends on, or those registers themselves where they do not fit."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import itemgetter

from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.rights import Rights
from ring1.isa.context import context, space_bits, tables
from ring1.isa.controls import control_bits
from ring1.isa.python import functions

MOST_KEYS = 1 << 12
"""Most context words that are known, so that a guest cannot exhaust the host's memory."""
Key = Hashable
"""An address space: a context word, or the registers that it would be made of. Words that make no difference to any
mode stand for the same address space, which is known by one of them."""


class ContextWords:
    """The context words of one virtual CPU, and the address spaces that they stand for."""

    def __init__(self, cpu: Cpu, rights: Rights) -> None:
        self.cpu, self.rights, isa = cpu, rights, cpu.isa
        self.named = context(isa) is not None
        """There are context words, by which generated code finds rows."""
        self.word: Callable[[Cpu], int] = functions(isa)["context"]
        bits = sorted(space_bits(isa).items())
        self.bits = [(isa.slots[name], mask) for name, mask in bits]
        """The control bits that the context word is made of, as slots and masks."""
        located = control_bits(isa, *(e for p in tables(isa) for e in ((p.root, p.when) if p.second else (p.root,))))
        self.located = [(isa.slots[name], mask) for name, mask in bits if name in located]
        """Those that locate tables."""
        self.look = itemgetter(*(slot for slot, _ in self.bits), isa.slots[isa.mode.control] if isa.mode else 0)
        """Returns the control registers that the present word and mode are made of."""
        self.keys: dict[Key, Key] = {}
        """Context word -> the one by which the address space is known."""
        self.sights: dict[object, Key] = {}
        """What modes see, and where -> the context word by which it is known."""

    def present(self) -> Key:
        """Return the present context word."""
        return self.word(self.cpu) if self.named else tuple([self.cpu.s[slot] & mask for slot, mask in self.bits])

    def space(self, raw: Key) -> Key:
        """Return the address space that a context word, the present one, stands for."""
        known = self.keys.get(raw)
        return self.same(raw) if known is None else known

    def same(self, raw: Key) -> Key:
        """Find out which address space a context word, the present one, stands for."""
        if len(self.keys) >= MOST_KEYS:
            self.keys.clear()
            self.sights.clear()
        self.cpu.refresh()
        seen = tuple([self.cpu.s[slot] & mask for slot, mask in self.located]), self.rights.sights()
        key = self.keys[raw] = self.sights.setdefault(seen, raw)
        return key
