"""The certificate of a technique's stencils: sample words are executed by them and by the interpreter, on edge values.

Each word stands alone at an address of its own. Before it, registers are set to numbers at the edges of their range;
after it, all that a snapshot would hold is compared. Paging is off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from random import Random
from typing import NamedTuple

from ring1.dbt.compare.contender import Contender, Setup
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.saved import Saved
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.stencils.form import Forms
from ring1.dbt.stencils.samples import words
from ring1.dbt.vmm.execute import Executor
from ring1.isa.codec import Decoder
from ring1.isa.context import paging_bits
from ring1.isa.controls import control_bits
from ring1.isa.model import Isa

FIRST, RAM = 1 << 16, 1 << 20
"""Address of the first word, and bytes of memory."""
MOST = (RAM - FIRST) // 4 - 1
"""Most words that are tried at a time."""
WRITTEN = slice(0, 0x3000), slice(FIRST - 0x1000, FIRST), slice(RAM - 0x1000, RAM)
"""What words that are tried store to: the surroundings of ADDRESSES."""
NUMBERS = (0, 1, 2, 4, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0x80000001)
ADDRESSES = (0x1000, 0x1FFC, 0x1FFE, 0x2004, FIRST - 4, RAM - 4, RAM - 1, RAM, 0xFFFFFFFC, 0xFFFFFFFF)
SETTINGS = 2
"""How often a word is tried."""


class Difference(NamedTuple):
    """A word after which the engine's machine is not the interpreter's."""

    name: str
    word: int
    mode: int
    pc: int
    before: Saved
    translated: Saved
    interpreted: Saved


class Certificate:
    """What has been tried, and what came of it."""

    def __init__(self, isa: Isa, technique: Technique, reference: Technique) -> None:
        self.isa = isa
        self.techniques = reference, technique
        self.words, self.runs = 0, 0
        self.copied = 0
        """Blocks made of stencils, one for each word that has one."""
        self.differences: list[Difference] = []
        self.kept = {*paging_bits(isa), *(control_bits(isa, isa.interrupts.pending) if isa.interrupts else ())}
        """Control registers that decide on paging and on interrupts."""

    def make(self, seed: int = 1) -> None:
        """Try all samples: in the first mode with many registers, in all others with few. Raises OSError if the host
        refuses memory."""
        isa = self.isa
        pinned = self.pinned()
        for mode in range(isa.mode.count if isa.mode else 1):
            found = list(words(isa, Forms(isa, Decoder(isa)), pinned, few=mode > 0))
            for first in range(0, len(found), MOST):
                self.attempt(found[first : first + MOST], pinned, mode, Random(seed + mode))

    def pinned(self) -> dict[int, str]:
        """Return the registers that are pinned for a program of which nothing is known."""
        contender = Contender(self.techniques[1], self.setup(b""))
        with closing(contender):
            assert isinstance(contender.engine, Executor)
            return dict(contender.engine.supply.pinned)

    def setup(self, image: bytes) -> Setup:
        return Setup(self.isa, image, 0, RAM, b"", None, 0, Mmu())

    def attempt(self, found: Sequence[int], pinned: Mapping[int, str], mode: int, random: Random) -> None:
        """Try some words in a mode."""
        image = bytes(FIRST) + b"".join(word.to_bytes(4, "little") for word in found)
        with ExitStack() as open_:
            made = [Contender(technique, self.setup(image)) for technique in self.techniques]
            for contender in made:
                open_.callback(contender.close)
            engine = made[1].engine
            assert isinstance(engine, Executor)
            engine.lay_out(dict(pinned))
            engine.singly()
            reset = made[0].vm.bus.save()
            for number, word in enumerate(found):
                for _ in range(SETTINGS):
                    self.one(made, reset, FIRST + 4 * number, word, mode, random)
            self.words += len(found)
            self.copied += engine.work.blocks - engine.work.lowered

    def one(self, made: Sequence[Contender], reset: Saved, pc: int, word: int, mode: int, random: Random) -> None:
        """Execute a word once on both machines."""
        before = self.state(made[0].vm.cpu.save(), pc, mode, random)
        found = []
        for contender in made:
            vm = contender.vm
            vm.cpu.restore(before)
            stop = vm.run(vm.cpu.retired + 1)
            found.append(((stop, vm.cpu.save(), vm.bus.save()), [vm.memory.map[part] for part in WRITTEN]))
            if stop.reason != "limit" or found[-1][0][2] != reset:
                vm.bus.restore(reset)
        self.runs += 1
        (first, one), (second, other) = found
        if first != second or one != other:
            decoded = made[0].vm.cpu.decoder.decode(word)
            name = decoded.instruction.name if decoded else ""
            self.differences.append(Difference(name, word, mode, pc, before, second[1], first[1]))
            for part in WRITTEN:
                made[1].vm.memory.bytes[part] = made[0].vm.memory.bytes[part]

    def state(self, saved: Saved, pc: int, mode: int, random: Random) -> Saved:
        """Return a state with edge values in its registers, paging off and no interrupt wanted."""
        isa = self.isa
        values = dict(saved["words"])
        for name in values:
            if name not in isa.controls:
                near = random.choice(ADDRESSES) if random.random() < 0.6 else random.choice(NUMBERS)
                values[name] = near + random.choice((0, 0, 0, 1, -1, 4, -4)) & 0xFFFFFFFF
            elif name not in self.kept:
                values[name] = random.choice(NUMBERS) & isa.controls[name].stored
            else:
                values[name] = 0
        if isa.mode:
            values[isa.mode.control] = mode << isa.mode.bits.lo
        values["pc"] = pc
        return {**saved, "words": values, "trapped": None}
