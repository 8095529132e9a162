"""The state block: all state of a virtual CPU, in one piece of memory that Python and generated code share.

Generated code addresses it from the state pointer, which is `ORIGIN` bytes into the block so that the guest's registers
are within a byte's displacement. From there:

    -0x80  the architectural words: registers, pc, control registers (Isa.slots)
    0x100  slots of the generated stubs (ring1.dbt.native.slots)
    0x140  scratch quadwords of generated code
    0x180  what the VMM tells generated code: see END and the constants after it
    0x240  the address spaces that generated code can switch to by itself (ring1.dbt.mmu.spaces)
    0x2240 published answers of ports, which generated code may read (ring1.dbt.machine.bus)
    0x2540 slots and stack of the monitor of a virtual CPU that the host's KVM runs
    0x2940 the routines of generated code, and what they are given (ring1.dbt.translate.routine)
    0x2a80 what generated code needs for page faults and TLB flushes: see WALK_KEPT and the constants after it
    0x4eb8 writes to ports that generated code has posted (ring1.dbt.machine.posts)
    0x15048 the virtual CPU of a deprivileged guest, and counts of what generated code has emulated on it
"""

from __future__ import annotations

import ctypes
import mmap

from ring1.isa.model import KINDS, MOST_MODES, WORD, Isa
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
not 0, these are void: nothing has trapped yet, or time was moved on since, or, if it is EXITED_THEN, what was taken
last, at that time, is an exit of the description's."""
EXITED_THEN = 2
RAM_END = 0x1D0
"""Quadword: the physical address behind RAM."""
WATCH = 0x1D8
"""Quadword: host address of Memory.watch."""
REFILL = 0x1E0
"""Scratch quadwords of the page walk in generated code."""
RAM = 0x230
"""Quadword: host address of physical address 0 with every frame writable, for ring1's own code and not for the
guest's."""
REFILLS = 0x220
"""Two quadwords: host addresses of the page walks for loads and for stores."""
PROBE = 0x238
"""Word: the register that look-ups in the software TLB use as scratch, as it was before."""
SPACES = 0x240
SPACE_ROWS = 64
SPACE_ROW = 128
"""Bytes of a row: a quadword that identifies the address space, then a quadword for each processor mode with its
view."""
ANSWERS = SPACES + SPACE_ROWS * SPACE_ROW
ANSWERED = 32
"""Number of ports, from 0, that can have a published answer: a quadword each, the value with bit 63 set, or 0."""
SEATS = 64
"""Number of registers of devices in memory that can have one, and to which writes can be posted: behind the ports.
Where a register's is follows from its address (see `seat`)."""
VCPU = ANSWERS + 8 * (ANSWERED + SEATS)
"""What generated code on a KVM virtual CPU and its monitor share (ring1.dbt.host.x86_64.kvm.monitor)."""
STACK = VCPU + 0x400
"""Top of the virtual CPU's stack."""
ROUTINES = STACK
ROUTINE_SLOTS = 16
"""A quadword each: the host address of a routine, or of the stub that leaves to the VMM."""
CAUSE = ROUTINES + 8 * ROUTINE_SLOTS
VALUE = CAUSE + 4
"""Words: cause and value of the trap that a routine takes."""
CALLER = CAUSE + 8
"""Quadword: the return address of the exit at which a routine was called."""
HARD = CAUSE + 0x10
"""Quadword: the time at which generated code leaves to the VMM, whatever it does about interrupts by itself."""
DUE = CAUSE + 0x18
"""Quadword: the next time at which interrupt lines may change by themselves, all ones for never, once generated code
has looked; the VMM makes it 0 before generated code runs."""
QUIET = CAUSE + 0x20
"""Quadword: the time, HARD or later, at which HARD may be at most after the guest has waited in generated code."""
SKIPPED = CAUSE + 0x28
"""Quadword: time that the guest has waited in generated code since the VMM last made this 0."""
INEXACT = CAUSE + 0x30
"""Word: not 0 if END is only for the VMM to see the beginning of a block; 0 if nothing may retire at END before
somebody looks."""
HARD_INEXACT = CAUSE + 0x34
"""Word: the same of HARD."""
LINES = CAUSE + 0x38
"""Word: which interrupt lines devices assert, a bit for each of the first 32."""
WORK = CAUSE + 0x40
WORKS = 16
"""Scratch quadwords of routines."""
WALK_KEPT = WORK + 8 * WORKS
"""Two quadwords: registers saved by the page walk in generated code."""
FLUSH = WALK_KEPT + 16
"""Quadword: host address of the flush of the TLB in generated code (ring1.dbt.mmu.relied)."""
RELIED = WALK_KEPT + 24
"""Quadword: host address of the entries of page tables that anything shown comes from; and a second one, their number,
negative if nobody knows them."""
FILLED = WALK_KEPT + 40
"""Quadword: number of entries of FILLS."""
MISSES = WALK_KEPT + 48
"""Quadword: number of misses of software TLBs noted so far; then, of each of the last MOST_MISSES ones, two: the return
address of its walk, and what slots.FAULT_ERROR said of the access."""
MOST_MISSES = 64
FILLS = MISSES + 8 + 16 * MOST_MISSES
"""Quadwords: host addresses of the tags for loads that have been filled in software TLBs since they were cleared. Where
there are MOST_FILLS, others may have been filled as well."""
MOST_FILLS = 1024
POST = FILLS + 8 * MOST_FILLS
"""Quadword: called to post the write that slots.PORT and slots.VALUE describe."""
POSTED = POST + 8
"""Word: how many writes have been posted and not been made."""
ATTENTION = POST + 12
"""Word: not 0 if a device that the VMM has just accessed wants to be looked at."""
GRANTS = POST + 16
GRANTED = 32
"""Number of ports, from 0, to which writes can be posted: a word each, how many more may be; then SEATS more."""
MOST_POSTED = 4096
"""The most writes that are posted at once; of each, a quadword with its time modulo 2^64, a word with the port, and a
word with the value:"""
POSTED_TIMES = GRANTS + 4 * (GRANTED + SEATS)
POSTED_PORTS = POSTED_TIMES + 8 * MOST_POSTED
POSTED_VALUES = POSTED_PORTS + 4 * MOST_POSTED
WORDS = (0x100 + ORIGIN) // 4
"""Number of architectural words that fit below the slots of the stubs."""
VIRTUAL = POSTED_VALUES + 4 * MOST_POSTED
"""The architectural words of a deprivileged guest's virtual CPU: while generated code runs, the bits that the monitor
keeps (ring1.dbt.vmm.deprivileged) are here, and those of the real machine in the architectural words."""
VIRTUAL_MODE = VIRTUAL + 4 * WORDS
"""Word: the guest's virtual processor mode, or NO_MODE if the monitor believes it to be in another."""
NO_MODE = ONES
TALLIES = VIRTUAL_MODE + 8
MOST_TALLIES = 128
"""Number of quadwords in which generated code counts what it has emulated."""
FRAME_AT = TALLIES + 8 * MOST_TALLIES
"""Quadword: the host address of the frame that a paravirtualized guest shares with its monitor, during an emulation."""
FRAME = FRAME_AT + 8
"""Words of that frame."""
LOOKED = FRAME + 0x40
"""Quadword: the time at which generated code last looked at interrupts by itself, modulo 2^64."""
CODE_WORDS = LOOKED + 8
MOST_VARYING = 4
"""Words: the instructions of the present block whose constants keep changing, as they are in memory."""
BATCH = CODE_WORDS + 4 * MOST_VARYING
"""Words: the physical address of pairs of words, each a physical address and what is to be written there; their number;
their number of bytes."""
ENTERED = BATCH + 16
"""Quadword: the time of the last VM entry that generated code has made in the place of a modelled VMM; 0 for none."""
TIMER_EXITS, WINDOW_EXITS = ENTERED + 8, ENTERED + 16
"""Quadwords: how many VM exits there were before those entries, by what the guest has exited for."""
INJECTED = ENTERED + 24
"""Quadword: into how many of those entries generated code has injected an interrupt."""
WALKED = ENTERED + 32
MOST_WALKED = 8
"""Quadwords: how many walks in two dimensions have filled a software TLB, by levels of the guest's tables."""
EXITED = WALKED + 8 * MOST_WALKED
"""Word: not 0 while the guest has exited, and generated code does the work of a modelled VMM."""
INJECTED_LINE = EXITED + 4
"""Word: the line of the interrupt that was injected last."""
NESTED = EXITED + 8
"""Quadword: host address of a byte for each page of RAM: what nested tables are known to allow there (MAY_LOAD,
MAY_STORE), with all bits set that such an access sets."""
MAY_LOAD, MAY_STORE = 1, 2
FLUSH_PAGE = NESTED + 8
"""Quadword: host address of the flush, in generated code, of the page of the address in slots.VALUE."""
MET = FLUSH_PAGE + 8
"""Quadword: host address of the bytes that say which addresses leaves have been used for (ring1.dbt.mmu.relied)."""
SEATED = MET + 8
"""Words: the address of the register that each of the SEATS is for."""
LOAD_DEVICE, STORE_DEVICE = SEATED + 4 * SEATS, SEATED + 4 * SEATS + 8
"""Quadwords: called to access a register of a device at the guest address in slots.PORT; slots.VALUE has what is
loaded, or is to be stored."""
FETCHED = STORE_DEVICE + 8
"""Word: the instruction word at the pc at which a routine takes a trap, where a description's exits ask for it."""
LEFT = FETCHED + 4
"""Word: not 0 if a routine has taken a trap behind which somebody has to look at interrupts, and nobody has yet."""
BLOCK_END = LEFT + 4


def seat(address: int) -> int:
    """Return where the answer and the grant of a register at a physical address are, behind those of the ports."""
    return address % SEATS


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
        absent = ((f"absent, for a {kind}", handler) for kind, handler in zip(KINDS, isa.absent, strict=True))
        whole = len(set(isa.absent)) == 1
        for event, handler in (("undefined", isa.undefined), *([("absent", isa.absent[0])] if whole else absent)):
            if handler is None or not always_traps(handler.body):
                raise unfit(isa, f"it does not say that it traps on {event}")
        self.size = ORIGIN + BLOCK_END
        self.block = mmap.mmap(-1, self.size)
        self.bytes = memoryview(self.block)
        self.words = self.bytes.cast("I")
        self.quads = self.bytes.cast("Q")
        self.pointer = ctypes.addressof(ctypes.c_char.from_buffer(self.block)) + ORIGIN
        """The state pointer, a host address."""

    @property
    def answers(self) -> memoryview:
        """The published answers of ports and of registers: see ANSWERS."""
        first = self.quad(ANSWERS)
        return self.quads[first : first + ANSWERED + SEATS]

    @property
    def seated(self) -> memoryview:
        """The addresses of registers: see SEATED."""
        first = self.word(SEATED)
        return self.words[first : first + SEATS]

    @property
    def tallies(self) -> memoryview:
        """The counts of what has been emulated: see TALLIES."""
        first = self.quad(TALLIES)
        return self.quads[first : first + MOST_TALLIES]

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
