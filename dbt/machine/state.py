"""The state block: everything that a virtual CPU is, in one piece of memory that Python and generated code share.

Generated code addresses it from the state pointer, which is `ORIGIN` bytes into the block so that the guest's
registers are within a byte's displacement. From there:

    -0x80  the architectural words: registers, pc, control registers (Isa.slots)
    0x100  slots of the generated stubs (ring1.dbt.native.slots)
    0x140  scratch quadwords of the translator
    0x180  what the VMM tells the generated code: see END and what follows it
    0x240  the address spaces that generated code can switch to by itself (ring1.dbt.mmu.spaces)
    0x2240 what ports answer that generated code may read by itself (ring1.dbt.machine.bus)
    0x2340 slots and stack of a virtual CPU that the host's hardware runs
"""

from __future__ import annotations

import ctypes
import mmap

from ring1.isa.model import MOST_MODES, WORD, Isa
from ring1.isa.semantics import always_traps
from ring1.isa.source import Fault, IsaError, Position

ONES = (1 << WORD) - 1
"""A word of all ones."""
ORIGIN = 0x80
SCRATCH = 0x140
SCRATCHES = 8
END = 0x180
"""Quadword: the time at which the budget will be used up."""
PENDING = 0x188
"""Word: not 0 while an enabled interrupt line is pending (whether or not the CPU takes interrupts)."""
FLAT = 0x1A8
"""Quadword: host address of physical address 0 for the guest, who may not write to frames that are guarded."""
SPACE = 0x1B0
"""Quadword: host address of the present row of SPACES."""
TRAPPED_AT = 0x1B8
"""Quadword: the time of the last trap, modulo 2^64; if it is still that time, nothing has retired since."""
TRAPPED = 0x1C0
"""Three words: cause and value of the first trap at that time, and the pc that it was taken at. A fourth is 0, or all
three and the time say nothing: nothing has trapped yet, or time was moved on since."""
RAM_SIZE = 0x1D0
"""Quadword: bytes of RAM."""
WATCH = 0x1D8
"""Quadword: host address of Memory.watch."""
REFILL = 0x1E0
"""Scratch quadwords of the page walk in generated code."""
RAM = 0x230
"""Quadword: host address of physical address 0 for whoever may write anywhere: not the guest."""
REFILLS = 0x220
"""Two quadwords: where the page walk begins for loads and for stores."""
SPACES = 0x240
SPACE_ROWS = 64
SPACE_ROW = 128
"""A row, in bytes: a quadword that identifies the address space, and one a processor mode with its view."""
ANSWERS = SPACES + SPACE_ROWS * SPACE_ROW
ANSWERED = 32
"""Ports that may have an answer there: a quadword each, with the value and, if there is one, bit 63."""
VCPU = ANSWERS + 8 * ANSWERED
"""What a virtual CPU of the host's and its monitor share (ring1.dbt.host.x86_64.kvm.monitor)."""
STACK = VCPU + 0x400
"""The end of its stack."""
WORDS = (0x100 + ORIGIN) // 4
"""Most architectural words that fit below the stubs' slots."""


def unfit(isa: Isa, why: str) -> IsaError:
    """A machine can be described, but not run."""
    return IsaError([Fault(Position(isa.path or isa.name), f"{isa.name} cannot run: {why}")])


class State:
    """The state block of one virtual CPU. `words[slot]` are the architectural registers of Isa.slots."""

    def __init__(self, isa: Isa) -> None:
        if len(isa.slots) > WORDS:
            raise unfit(isa, f"it has more than {WORDS} registers")
        if isa.mode and isa.mode.count > MOST_MODES:
            raise unfit(isa, f"it has more than {MOST_MODES} processor modes")
        for event, handler in (("undefined", isa.undefined), ("absent", isa.absent)):
            if handler is None or not always_traps(handler.body):
                raise unfit(isa, f"it does not say that it traps on {event}")
        self.size = ORIGIN + STACK
        self.block = mmap.mmap(-1, self.size)
        self.bytes = memoryview(self.block)
        self.words = self.bytes.cast("I")
        self.quads = self.bytes.cast("Q")
        self.pointer = ctypes.addressof(ctypes.c_char.from_buffer(self.block)) + ORIGIN
        """The state pointer: a host address."""

    @property
    def answers(self) -> memoryview:
        """What ports answer: see ANSWERS."""
        first = self.quad(ANSWERS)
        return self.quads[first : first + ANSWERED]

    @staticmethod
    def displacement(slot: int) -> int:
        """Of an architectural word from the state pointer, in bytes."""
        return 4 * slot - ORIGIN

    @staticmethod
    def quad(displacement: int) -> int:
        """Index into `quads` of what generated code finds at a displacement from the state pointer."""
        return (displacement + ORIGIN) // 8

    @staticmethod
    def word(displacement: int) -> int:
        """Index into `words` of what generated code finds at a displacement from the state pointer."""
        return (displacement + ORIGIN) // 4
