"""The qwords of a state block that the generated stubs use, as displacements from rbp in bytes.

rbp holds the state pointer for as long as generated code runs. The owner of the state block fills in
FAULT_EXIT, LEAVE, MISS and LOOK (from `Stubs`) before the first entry, and WINDOW and BUDGET before each.
"""

from __future__ import annotations

FAULT_RIP = 0x100  # written by the SIGSEGV handler: host address of the instruction that faulted
FAULT_ADDRESS = 0x108  # written by the SIGSEGV handler: host address it could not access, 0 after a #GP
FAULT_EXIT = 0x110  # read by the SIGSEGV handler: address of the stub that leaves after a fault
LEAVE = 0x118  # `call [rbp+LEAVE]` leaves, and the return address tells from where
MISS = 0x120  # what an empty entry of a jump cache points to
BUDGET = 0x128  # r14, signed: instructions left; loaded by `enter`, stored on every way out
WINDOW = 0x130  # r15: host address of guest address 0; loaded by `enter`
FAULT_ERROR = 0x138  # written by the SIGSEGV handler: the page fault's error code, bit 1 for a write
FAULT_RAX = 0x190  # rax where generated code faulted or called LOOK; loaded by `resume`
FAULT_XMM = 0x198  # and the low half of xmm0
LOOK = 0x1A0  # `call [rbp+LOOK]` leaves like a fault at its return address, and at the guest address in eax
END = 0x1A8
