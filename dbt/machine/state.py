"""The state block: all state of a virtual CPU, in one piece of memory that Python and generated code share.

Generated code addresses it from the state pointer, which is `ORIGIN` bytes into the block so that the guest's registers
are within a byte's displacement. From there:

    -0x80  the architectural words: registers, pc, control registers (Isa.slots)
    0x100  slots of the generated stubs (ring1.dbt.native.slots)
    0x140  scratch quadwords of generated code
    0x180  what the VMM tells generated code: see END and the constants after it
    0x240  the address spaces that generated code can switch to by itself (ring1.dbt.mmu.spaces)
    0x2240 published answers of ports, which generated code may read (ring1.dbt.machine.bus)
    0x2340 slots and stack of the monitor of a virtual CPU that the host's KVM runs
"""

from __future__ import annotations

import ctypes
import mmap

from ring1.isa.model import MOST_MODES, WORD, Isa
from ring1.isa.semantics import always_traps
from ring1.isa.source import Fault, IsaError, Position

ONES = (1 << WORD) - 1
"""A word with all bits set."""
ORIGIN = 0x80
SCRATCH = 0x140
SCRATCHES = 8
END = 0x180
"""Quadword: the time at which the budget will be used up."""
PENDING = 0x188
"""Word: not 0 while an enabled interrupt line is pending (whether or not the CPU takes interrupts)."""
FLAT = 0x1A8
"""Quadword: host address of physical address 0 as the guest sees it, with guarded frames read-only."""
SPACE = 0x1B0
"""Quadword: host address of the present row of SPACES."""
TRAPPED_AT = 0x1B8
"""Quadword: the time of the last trap, modulo 2^64. While time equals it, no instruction has retired since."""
TRAPPED = 0x1C0
"""Three words: cause and value of the first trap at that time, and the pc at which it was taken. If a fourth word is
not 0, these and the time are void: nothing has trapped yet, or time was moved on since."""
RAM_SIZE = 0x1D0
"""Quadword: bytes of RAM."""
WATCH = 0x1D8
"""Quadword: host address of Memory.watch."""
REFILL = 0x1E0
"""Scratch quadwords of the page walk in generated code."""
RAM = 0x230
"""Quadword: host address of physical address 0 with every frame writable, for ring1's own code and not for the
guest's."""
REFILLS = 0x220
"""Two quadwords: host addresses of the page walks for loads and for stores."""
SPACES = 0x240
SPACE_ROWS = 64
SPACE_ROW = 128
"""Bytes of a row: a quadword that identifies the address space, then a quadword for each processor mode with its
view."""
ANSWERS = SPACES + SPACE_ROWS * SPACE_ROW
ANSWERED = 32
"""Number of ports, from 0, that can have a published answer: a quadword each, the value with bit 63 set, or 0."""
VCPU = ANSWERS + 8 * ANSWERED
"""What generated code on a KVM virtual CPU and its monitor share (ring1.dbt.host.x86_64.kvm.monitor)."""
STACK = VCPU + 0x400
"""Top of the virtual CPU's stack."""
WORDS = (0x100 + ORIGIN) // 4
"""Number of architectural words that fit below the slots of the stubs."""


def unfit(isa: Isa, why: str) -> IsaError:
    """Return the error for a description whose machine cannot run, and why."""
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
        """The state pointer, a host address."""

    @property
    def answers(self) -> memoryview:
        """The published answers of ports: see ANSWERS."""
        first = self.quad(ANSWERS)
        return self.quads[first : first + ANSWERED]

    @staticmethod
    def displacement(slot: int) -> int:
        """Return the displacement of an architectural word from the state pointer, in bytes."""
        return 4 * slot - ORIGIN

    @staticmethod
    def quad(displacement: int) -> int:
        """Return the index into `quads` of the quadword at a displacement, in bytes, from the state pointer."""
        return (displacement + ORIGIN) // 8

    @staticmethod
    def word(displacement: int) -> int:
        """Return the index into `words` of the word at a displacement, in bytes, from the state pointer."""
        return (displacement + ORIGIN) // 4
