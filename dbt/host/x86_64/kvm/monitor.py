"""The monitor: the part of ring1 that runs inside the KVM virtual machine, at CPL 0. It owns GDT, IDT and TSS, handles
exceptions and interrupts, switches mode and address space for generated code, and writes lowered page-table entries.

It exits to the VMM by an `out` of one byte to a port whose number is the reason: the vector of an exception or
interrupt, LEFT (from CPL 3 by way of `int3`), or DRAINED. The guest's own port I/O has 32 bits.

Exceptions have a stack of their own (IST), so that their frame is always at the same address. What generated code and
the monitor share is in the state block (ring1.dbt.native.slots).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

from ring1.dbt.host.interface import MISSED
from ring1.dbt.host.x86_64.kvm.ioctl import Sregs
from ring1.dbt.host.x86_64.kvm.pages import DATA, PRESENT, USED, WRITE, Mapped, Pages
from ring1.dbt.host.x86_64.kvm.walk import MOST_RECORDS, RECORD
from ring1.dbt.host.x86_64.stubs import Stubs
from ring1.dbt.machine.state import REFILLS, SPACE, STACK, State
from ring1.dbt.mmu.view import JUMP_CACHE, JUMP_ENTRIES, jump_cache
from ring1.dbt.native import slots
from ring1.dbt.native.code import CodeMemory
from ring1.isa.controls import control_bits
from ring1.isa.model import Isa
from ring1.isa.switches import needed

KEPT_RDX, KEPT_RCX, KEPT_R11 = slots.KEPT, slots.KEPT + 8, slots.KEPT + 16
LEFT, PAGE_FAULT, DRAINED = 3, 14, 0xFF
EXTERNAL = 32
"""Vector of the guest's interrupt line 0."""
VECTORS = 96

KERNEL_CODE, KERNEL_DATA, USER_CODE_32, USER_DATA, USER_CODE, TASK = 0x08, 0x10, 0x18, 0x23, 0x2B, 0x30
SEGMENTS = (
    0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF, 0x00CFFB000000FFFF, 0x00CFF3000000FFFF, 0x00AFFB000000FFFF,
)  # fmt: skip
"""Descriptors in the order that SYSCALL and SYSRET want (AMD64 manual, volume 2, 4.8 and 6.1)."""
FLAGS, INTERRUPT_FLAG = 0x2, 0x200

CODE_SIZE, STRIDE = 0x1000, 4
GDT, TSS, FRAME, TOP, IDT, QUEUE, RECORDS = 0x0, 0x100, 0x400, 0xE00, 0x1000, 0x2000, 0x3000
"""Offsets in the data: FRAME is the iretq frame that `resume` returns to, followed by CR3; TOP is the top of the
exception stack."""
TSS_SIZE = 0x68
MOST_LOWERED = 256
DATA_SIZE = RECORDS + RECORD * MOST_RECORDS
FRAME_QUAD, ERROR_QUAD, QUEUE_QUAD, RECORDS_QUAD = FRAME // 8, TOP // 8 - 6, QUEUE // 8, RECORDS // 8
"""Indices of quadwords in the data: the frame to return to; an exception's error code, followed by its frame; queue;
records."""

VECTOR_TEXT = "\n".join(f"out {vector}, al\nhlt\nnop" for vector in range(VECTORS))
"""The default handlers of all vectors, STRIDE bytes each."""
OR = 0x83
"""Opcode of the instruction that checks the right to write, possibly after a prefix: it must not set a dirty bit
(access.Accesses.load)."""
PAGE_FAULT_TEXT = f"""
    push rax
    mov rax, cr2
    push rax
    shr rax, 32
    jne leave
    test byte ptr [rsp+16], 17
    jne leave
    mov rax, qword ptr [rsp+24]
    cmp byte ptr [rax], {OR}
    je leave
    cmp byte ptr [rax+1], {OR}
    je leave
    push r12
    push r13
    mov rax, qword ptr [rsp+16]
    test byte ptr [rsp+32], 2
    jne store
    call qword ptr [rbp{REFILLS:+d}]
    jmp done
store:
    call qword ptr [rbp{REFILLS + 8:+d}]
done:
    pop r13
    pop r12
    add rsp, 8
    pop rax
    add rsp, 8
    iretq
leave:
    out {PAGE_FAULT}, al
"""
"""Pushes rax and CR2 on top of the error code. A page that is not present may be filled by a walk; a missing right is
left to the VMM."""
GIVE_UP_TEXT = f"add rsp, 8\npop r13\npop r12\nout {PAGE_FAULT}, al"
"""Where a walk goes that leaves the fault to the VMM."""
BREAKPOINT_TEXT = f"""
    cmp dword ptr [rbp{slots.SWITCHES:+d}], 0
    je left
    jmp qword ptr [rbp{slots.SWITCH:+d}]
left:
    out {LEFT}, al
"""
RESUME_TEXT = "push rax\nmov rax, qword ptr [rsp+48]\nmov cr3, rax\npop rax\niretq"
"""Entered with rsp at the frame."""
DRAIN_TEXT = f"""
next:
    mov rax, qword ptr [rsi]
    mov rdx, qword ptr [rsi+8]
    mov qword ptr [rax], rdx
    add rsi, 16
    dec rcx
    jne next
    mov rax, cr3
    mov cr3, rax
    out {DRAINED}, al
"""
"""Writes rcx pairs of address and quadword, found at rsi."""
SYSCALL_TEXT = f"mov rcx, qword ptr [rbp{KEPT_RCX:+d}]\nmov r11, qword ptr [rbp{KEPT_R11:+d}]\n"
"""Precedes the text of `switch` where the gate is SYSCALL (MSR LSTAR)."""

LEAVE_TEXT = f"""
    mov eax, cs
    test al, 3
    je kernel
    mov dword ptr [rbp{slots.SWITCHES:+d}], 0
    int3
kernel:
    out {LEFT}, al
"""
TAKE_WAY = f"pop qword ptr [rbp{slots.WAY:+d}]"
PORT_TEXT = f"""
    {TAKE_WAY}
    mov qword ptr [rbp{KEPT_RDX:+d}], rdx
    mov edx, dword ptr [rbp{slots.PORT:+d}]
    mov eax, dword ptr [rbp{slots.VALUE:+d}]
"""
GATES = {
    "int3": f"mov dword ptr [rbp{slots.SWITCHES:+d}], 1\nint3",
    "syscall": f"mov qword ptr [rbp{KEPT_RCX:+d}], rcx\nmov qword ptr [rbp{KEPT_R11:+d}], r11\nsyscall",
}
LEFT_TEXT = TAKE_WAY + LEAVE_TEXT
MISS_TEXT = f"mov qword ptr [rbp{slots.WAY:+d}], {MISSED}" + LEAVE_TEXT
OUT_TEXT, IN_TEXT, HALT_TEXT = PORT_TEXT + "out dx, eax", PORT_TEXT + "in eax, dx", TAKE_WAY + "\nhlt"
LANDING_TEXT = "here: jmp here"
TEXTS = (
    VECTOR_TEXT, PAGE_FAULT_TEXT, BREAKPOINT_TEXT, RESUME_TEXT, DRAIN_TEXT, LEFT_TEXT, MISS_TEXT, OUT_TEXT, IN_TEXT,
    HALT_TEXT, LANDING_TEXT, GIVE_UP_TEXT, *GATES.values(),
)  # fmt: skip
"""All texts except those that depend on the machine."""


def enabling(isa: Isa) -> tuple[int, int]:
    """Return slot and mask of the single control bit that enables interrupts; (-1, 0) if it is not a single bit."""
    bits = control_bits(isa, isa.interrupts.enable) if isa.interrupts else {}
    name, mask = next(iter(bits.items()), ("", 0))
    exact = len(bits) == 1 and mask & mask - 1 == 0 < mask <= INTERRUPT_FLAG and bits == needed(isa)
    return (isa.slots[name], mask) if exact else (-1, 0)


def switch_text(isa: Isa, user: int) -> str:
    """Return the text that continues at the guest's pc in the mode that its processor status says, by the jump cache of
    that mode's view. `user`: the mode that runs at CPL 3."""
    assert isa.mode is not None
    status = f"dword ptr [rbp{State.displacement(isa.slots[isa.mode.control]):+d}]"
    slot, bit = enabling(isa)
    enable = f"dword ptr [rbp{State.displacement(slot):+d}]"
    to_kernel = f"test {enable}, {bit}\nje off\nsti\njmp rax\noff:\ncli\njmp rax" if bit else "jmp rax"
    flags = f"mov r15d, {enable}\nand r15d, {bit}\nshl r15d, {10 - bit.bit_length()}" if bit else "xor r15d, r15d"
    return f"""
    lea rsp, [rbp{STACK:+d}]
    mov eax, {status}
    shr eax, {isa.mode.bits.lo}
    and eax, {isa.mode.count - 1}
    mov r15, qword ptr [rbp{SPACE:+d}]
    mov r15, qword ptr [r15+rax*8+8]
    mov cr3, r15
    imul r15d, eax, {JUMP_CACHE // 2}
    push rax
    mov eax, dword ptr [rbp{State.displacement(isa.slots["pc"]):+d}]
    and eax, {JUMP_ENTRIES - 1 << 2}
    add r15d, eax
    mov rax, qword ptr [r15*2{jump_cache(0):+d}]
    xor r15d, r15d
    cmp dword ptr [rsp], {user}
    lea rsp, [rbp{STACK:+d}]
    je user
    {to_kernel}
user:
    push {USER_DATA}
    lea r15, [rbp{STACK:+d}]
    push r15
    {flags}
    or r15d, {FLAGS}
    push r15
    push {USER_CODE}
    push rax
    xor r15d, r15d
    iretq
    """


class Monitor:
    """The monitor in the memory of one virtual CPU."""

    def __init__(self, pages: Pages, assemble: Callable[[str], bytes], isa: Isa, user: int | None, gate: str) -> None:
        """`user`: the guest's mode that runs at CPL 3. `gate`: how it enters CPL 0, a key of GATES."""
        self.code, self.data = Mapped(CODE_SIZE), Mapped(DATA_SIZE)
        self.used = 0
        self.vectors = self.place(assemble(VECTOR_TEXT))
        self.page_fault = self.place(assemble(PAGE_FAULT_TEXT))
        self.give_up = self.place(assemble(GIVE_UP_TEXT))
        self.breakpoint = self.place(assemble(BREAKPOINT_TEXT))
        self.resume = self.place(assemble(RESUME_TEXT))
        self.drain = self.place(assemble(DRAIN_TEXT))
        self.switch: int = 0
        self.syscall: int = 0
        if user is not None:
            text = switch_text(isa, user)
            self.switch = self.place(assemble(text))
            self.syscall = self.place(assemble(SYSCALL_TEXT + text)) if gate == "syscall" else 0
        for block, flags in ((self.code, PRESENT | USED), (self.data, DATA | WRITE)):
            pages.share(block.address, pages.give(block.address, block.size), block.size, flags)
        self.describe()

    def place(self, code: bytes) -> int:
        """Put code into the monitor; return its linear address."""
        at = self.used
        self.code.bytes[at : at + len(code)] = code
        self.used = at + len(code) + 15 & -16
        return self.code.address + at

    def describe(self) -> None:
        """Fill GDT, TSS and IDT."""
        data, base = self.data.bytes, self.data.address
        tss = base + TSS
        low = TSS_SIZE - 1 | (tss & 0xFFFFFF) << 16 | 0x89 << 40 | (tss >> 24 & 0xFF) << 56
        struct.pack_into("<8Q", data, GDT, *SEGMENTS, low, tss >> 32)
        struct.pack_into("<Q", data, TSS + 4, base + TOP)  # RSP0
        struct.pack_into("<Q", data, TSS + 0x24, base + TOP)  # IST1
        struct.pack_into("<H", data, TSS + 0x66, TSS_SIZE)  # no I/O permission map
        handlers = {LEFT: self.breakpoint, PAGE_FAULT: self.page_fault}
        for vector in range(VECTORS):
            at = handlers.get(vector, self.vectors + STRIDE * vector)
            gate = 0x8E01 | (3 << 13 if vector == LEFT else 0)  # an interrupt gate by IST1, for CPL 3 too
            struct.pack_into(
                "<HHHHII", data, IDT + 16 * vector, at & 0xFFFF, KERNEL_CODE, gate, at >> 16 & 0xFFFF, at >> 32, 0
            )

    def configure(self, sregs: Sregs, cr3: int) -> None:
        """Set the registers for long mode at CPL 0, with this monitor's tables."""
        base = self.data.address
        for name in ("cs", "ds", "es", "fs", "gs", "ss"):
            segment, code = getattr(sregs, name), name == "cs"
            segment.base, segment.limit, segment.selector = 0, 0xFFFFFFFF, KERNEL_CODE if code else KERNEL_DATA
            segment.type, segment.present, segment.dpl, segment.s, segment.g = 11 if code else 3, 1, 0, 1, 1
            segment.l, segment.db, segment.avl, segment.unusable = int(code), int(not code), 0, 0
        task = sregs.tr
        task.base, task.limit, task.selector, task.type, task.present = base + TSS, TSS_SIZE - 1, TASK, 11, 1
        task.dpl = task.s = task.g = task.l = task.db = task.unusable = 0
        sregs.gdt.base, sregs.gdt.limit = base + GDT, 8 * (len(SEGMENTS) + 2) - 1
        sregs.idt.base, sregs.idt.limit = base + IDT, 16 * VECTORS - 1
        sregs.cr0 = 0x80050033  # PG AM WP NE ET MP PE
        sregs.cr4 = 0x620  # OSXMMEXCPT OSFXSR PAE
        sregs.efer = 0xD01  # NXE LMA LME SCE
        sregs.cr3 = cr3

    def close(self) -> None:
        """Release the memory."""
        self.code.close()
        self.data.close()

    def msrs(self) -> dict[int, int]:
        """Return the values of the MSRs STAR, LSTAR and SFMASK, by their numbers."""
        return {0xC0000081: (USER_CODE_32 | 3) << 48 | KERNEL_CODE << 32, 0xC0000082: self.syscall, 0xC0000084: 0x700}


class Gates(Stubs):
    """The exit stubs of generated code on a KVM virtual CPU, in its code memory; it is entered by the VMM (see
    Stubs)."""

    def __init__(
        self,
        memory: CodeMemory,
        assemble: Callable[[str], bytes],
        enter: Callable[[int, int], int],
        resume: Callable[[int, int], int],
        gate: str,
        give_up: int,
    ) -> None:
        """`give_up`: the address to which a page walk goes to leave to the VMM."""

        def place(text: str) -> int:
            code = assemble(text)
            offset = memory.allocate(len(code))
            memory.write(offset, code)
            return memory.address(offset)

        self.enter, self.resume = enter, resume
        self.leave = place(LEFT_TEXT)
        self.miss = place(MISS_TEXT)
        self.look = self.refuse = give_up  # nothing there calls what refuses
        self.post = self.leave  # never called: the processor's own instructions access ports
        self.load_device = self.store_device = self.leave  # never called: devices are the interpreter's
        self.fault_exit = self.landing = place(LANDING_TEXT)
        """`fault_exit` is never entered, as the monitor handles faults. `landing` waits for an interrupt."""
        self.slots: Mapping[int, int] = {
            slots.VMM: self.leave,
            slots.GATE: place(GATES[gate]),
            slots.OUT: place(OUT_TEXT),
            slots.IN: place(IN_TEXT),
            slots.HALT: place(HALT_TEXT),
        }
        """Slot of the state block -> address to put there."""
        self.size = memory.used
