"""The quadwords of a state block that the generated stubs use, as displacements from the state pointer in bytes.

A host register holds the state pointer while generated code runs. The owner of the state block fills in FAULT_EXIT,
VMM, MISS and LOOK (from `Stubs`) before the first entry, and WINDOW and BUDGET before each.
"""

from __future__ import annotations

from ring1.dbt.machine.state import ROUTINES, VCPU

FAULT_AT = 0x100  # written by the SIGSEGV handler: host address of the instruction that faulted
FAULT_ADDRESS = 0x108  # written by the SIGSEGV handler: host address that it could not access, 0 if unknown
FAULT_EXIT = 0x110  # read by the SIGSEGV handler: host address of the stub that leaves after a fault
VMM = 0x118  # a call through it leaves to the VMM; the return address identifies the exit
MISS = 0x120  # host address that empty entries of jump caches lead to
BUDGET = 0x128  # signed: instructions left; loaded by `enter`, stored at every exit
WINDOW = 0x130  # host address of guest address 0; loaded by `enter`
FAULT_ERROR = 0x138  # written by the SIGSEGV handler: the page fault's error code, bit 1 for a write
FAULT_SCRATCH = 0x190  # the scratch register where generated code faulted or called LOOK; loaded by `resume`
FAULT_VECTOR = 0x198  # the low half of the vector register that stores use, at the same moment
LOOK = 0x1A0  # a call through it leaves as a fault does, at its return address and the guest address in scratch
SLOTS_END = 0x1A8

# On a KVM virtual CPU (ring1.dbt.host.x86_64.kvm.monitor):

WAY = VCPU
"""Quadword: the exit by which generated code left (what Stubs.enter returns)."""
SWITCHES = VCPU + 8
"""Word: not 0 if an int3 from CPL 3 asks the monitor to switch the mode, 0 if it leaves to the VMM."""
PORT, VALUE = VCPU + 16, VCPU + 24
"""Words: number of the port that the guest accesses, and the value that it writes."""
KEPT = VCPU + 32
"""Three quadwords: registers saved because instructions of the processor overwrite them."""
GATE = VCPU + 56
"""Quadword: from CPL 3, a jump through it continues at the guest's pc, in the mode that its processor status says."""
SWITCH = VCPU + 64
"""Quadword: the same from CPL 0."""
RAM_AGAIN, POOL, RAM_ENTRY = VCPU + 96, VCPU + 104, VCPU + 112
"""Quadwords for the monitor's page walk: linear address of RAM; addend from the physical address of a real table to its
linear address; addend from a physical address of the guest to the real entry."""
WATCH_AGAIN = VCPU + 144
"""Quadword: linear address of Memory.watch for the monitor."""
RECORDS, RECORD, FILLED = VCPU + 120, VCPU + 128, VCPU + 136
"""Quadwords: addresses of the monitor's records and of the present one, and their number (host.x86_64.kvm.walk)."""
OUT, IN, HALT = VCPU + 72, VCPU + 80, VCPU + 88
"""Quadwords: called as VMM is; they leave by the processor's own instruction."""

# Routines (ring1.dbt.translate.routine). Each is called as VMM is, with the guest at the pc in the state block and what
# was not executed refunded: it does what it is for and goes on in generated code, or leaves by VMM as if it had been
# called, with nothing changed.

TAKE = ROUTINES
"""Quadword: takes the trap with the cause and value in the state block at the present pc, which has not retired."""
LOOK_AROUND = ROUTINES + 8
"""Quadword: takes an interrupt if one is due, and has the budget end when the next may be."""
TIME_UP = ROUTINES + 16
"""Quadword: the same where the budget is used up; leaves if some of it is left."""
WAIT = ROUTINES + 24
"""Quadword: executes the present instruction, which waits for an interrupt."""

INSIDE = frozenset((TAKE, LOOK_AROUND, TIME_UP, WAIT))
"""The routines of a machine whose generated code sees the guest's own processor status and tables."""
