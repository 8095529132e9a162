"""The quadwords of a state block that the generated stubs use, as displacements from the state pointer in bytes.

A host register holds the state pointer for as long as generated code runs. The owner of the state block fills in
FAULT_EXIT, LEAVE, MISS and LOOK (from `Stubs`) before the first entry, and WINDOW and BUDGET before each.
"""

from __future__ import annotations

from ring1.dbt.machine.state import VCPU

FAULT_AT = 0x100  # written by the SIGSEGV handler: host address of the instruction that faulted
FAULT_ADDRESS = 0x108  # written by the SIGSEGV handler: host address it could not access, 0 if that is not known
FAULT_EXIT = 0x110  # read by the SIGSEGV handler: address of the stub that leaves after a fault
VMM = 0x118  # a call through it leaves, and the return address tells from where
MISS = 0x120  # what an empty entry of a jump cache points to
BUDGET = 0x128  # signed: instructions left; loaded by `enter`, stored on every way out
WINDOW = 0x130  # host address of guest address 0; loaded by `enter`
FAULT_ERROR = 0x138  # written by the SIGSEGV handler: the page fault's error code, bit 1 for a write
FAULT_SCRATCH = 0x190  # the scratch register where generated code faulted or called LOOK; loaded by `resume`
FAULT_VECTOR = 0x198  # and the low half of the vector register that stores go through
LOOK = 0x1A0  # a call through it leaves like a fault at its return address, and at the guest address in scratch
SLOTS_END = 0x1A8

# On a virtual CPU of the host's hardware (ring1.dbt.host.x86_64.kvm.monitor):

WAY = VCPU
"""Quadword: what generated code left by (what Stubs.enter returns)."""
SWITCHES = VCPU + 8
"""Word: whoever comes to the monitor from CPL 3 wants the mode to be changed, and not to leave."""
PORT, VALUE = VCPU + 16, VCPU + 24
"""Words: of a port that the guest accesses."""
KEPT = VCPU + 32
"""Three quadwords: registers that the processor's instructions take for themselves."""
GATE = VCPU + 56
"""Quadword: from CPL 3, a jump through it goes on at the guest's pc, in the mode that its processor status says."""
SWITCH = VCPU + 64
"""Quadword: the same from CPL 0."""
RAM_AGAIN, POOL, RAM_ENTRY = VCPU + 96, VCPU + 104, VCPU + 112
"""Quadwords for the monitor's walk: where it finds RAM; what has to be added to the physical address of a real table to
find it; what has to be added to a physical address of the guest's for the real entry."""
WATCH_AGAIN = VCPU + 144
"""Quadword: where it finds Memory.watch."""
RECORDS, RECORD, FILLED = VCPU + 120, VCPU + 128, VCPU + 136
"""Quadwords: where its records are, where the present one is, how many there are (see host.x86_64.kvm.walk)."""
OUT, IN, HALT = VCPU + 72, VCPU + 80, VCPU + 88
"""Quadwords: to be called as LEAVE is; leave by the processor's own instruction."""
