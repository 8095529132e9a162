"""The KVM ioctls that ring1 needs: a virtual machine with one virtual CPU.

Numbers and layouts are those of x86-64 Linux (uapi linux/kvm.h and asm/kvm.h; Documentation/virt/kvm/api.rst).
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import weakref
from collections.abc import Mapping
from typing import Any

from ring1.dbt.native import libc

DEVICE = "/dev/kvm"
API = 12

_VOID, _WRITE, _READ = 0, 1, 2


def _code(direction: int, number: int, argument: type[ctypes.Structure] | int = 0) -> int:
    """Return the number of an ioctl (asm-generic/ioctl.h); KVM's type is 0xAE."""
    size = argument if isinstance(argument, int) else ctypes.sizeof(argument)
    return direction << 30 | size << 16 | 0xAE << 8 | number


class Structure(ctypes.Structure):
    """A structure of KVM; `SIZE` is its size in the kernel."""

    SIZE = 0


u8, u16, u32, u64 = ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint64

REGISTERS = (
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp",
    "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip", "rflags",
)  # fmt: skip
"""The order of the quadwords in struct kvm_regs."""
NUMBER = {name: n for n, name in enumerate(REGISTERS)}


class Segment(Structure):
    SIZE = 24
    _fields_ = (
        ("base", u64), ("limit", u32), ("selector", u16), ("type", u8), ("present", u8), ("dpl", u8), ("db", u8),
        ("s", u8), ("l", u8), ("g", u8), ("avl", u8), ("unusable", u8), ("padding", u8),
    )  # fmt: skip


class Dtable(Structure):
    SIZE = 16
    _fields_ = (("base", u64), ("limit", u16), ("padding", u16 * 3))


class Sregs(Structure):
    SIZE = 312
    _fields_ = (
        *((name, Segment) for name in ("cs", "ds", "es", "fs", "gs", "ss", "tr", "ldt")),
        ("gdt", Dtable), ("idt", Dtable),
        *((name, u64) for name in ("cr0", "cr2", "cr3", "cr4", "cr8", "efer", "apic_base")),
        ("interrupt_bitmap", u64 * 4),
    )  # fmt: skip
    cs: Segment
    tr: Segment
    gdt: Dtable
    idt: Dtable
    cr0: int
    cr2: int
    cr3: int
    cr4: int
    efer: int


class Region(Structure):
    """struct kvm_userspace_memory_region."""

    SIZE = 32
    _fields_ = (("slot", u32), ("flags", u32), ("guest_address", u64), ("size", u64), ("host_address", u64))


class Cpuid(Structure):
    """struct kvm_cpuid2 with room for the entries of any processor."""

    SIZE = 8 + 256 * 40
    _fields_ = (("count", u32), ("padding", u32), ("entries", u32 * 10 * 256))


class Msrs(Structure):
    """struct kvm_msrs with three entries."""

    SIZE = 8 + 3 * 16
    _fields_ = (("count", u32), ("padding", u32), ("entries", u64 * 2 * 3))


class Run(Structure):
    """struct kvm_run, with the members of its union that ring1 uses; `regs` is the first member of struct
    kvm_sync_regs."""

    class Io(Structure):
        SIZE = 16
        _fields_ = (("direction", u8), ("size", u8), ("port", u16), ("count", u32), ("offset", u64))

    class Internal(Structure):
        SIZE = 136
        _fields_ = (("suberror", u32), ("count", u32), ("data", u64 * 16))

    class Union(ctypes.Union):
        pass

    SIZE = 304 + 144
    Union._fields_ = (("io", Io), ("internal", Internal), ("hardware", u64), ("padding", u8 * 256))
    _fields_ = (
        ("request_interrupt_window", u8), ("immediate_exit", u8), ("padding1", u8 * 6),
        ("exit_reason", u32), ("ready_for_interrupt_injection", u8), ("if_flag", u8), ("flags", u16),
        ("cr8", u64), ("apic_base", u64), ("exit", Union),
        ("valid_regs", u64), ("dirty_regs", u64), ("regs", u64 * len(REGISTERS)),
    )  # fmt: skip
    request_interrupt_window: int
    immediate_exit: int
    exit_reason: int
    ready_for_interrupt_injection: int
    exit: Any
    valid_regs: int
    dirty_regs: int
    regs: ctypes.Array[ctypes.c_uint64]


for _made in (Segment, Dtable, Sregs, Region, Cpuid, Msrs, Run.Io, Run.Internal, Run):
    if ctypes.sizeof(_made) != _made.SIZE:
        raise ImportError(f"struct {_made.__name__} of KVM has {_made.SIZE} bytes, not {ctypes.sizeof(_made)}")

_READONLY = 2  # KVM_MEM_READONLY
_SYNC_REGISTERS = 1  # KVM_SYNC_X86_REGS

EXITS = {
    0: "UNKNOWN", 1: "EXCEPTION", 2: "IO", 3: "HYPERCALL", 4: "DEBUG", 5: "HLT", 6: "MMIO", 7: "IRQ_WINDOW_OPEN",
    8: "SHUTDOWN", 9: "FAIL_ENTRY", 10: "INTR", 17: "INTERNAL_ERROR",
}  # fmt: skip
"""Names of the KVM_EXIT_* reasons with which a run may end on x86-64."""
IO, HLT, MMIO, IRQ_WINDOW_OPEN, FAIL_ENTRY, INTR, INTERNAL_ERROR = 2, 5, 6, 7, 9, 10, 17

WANTED = {3: "USER_MEMORY", 16: "SYNC_MMU", 81: "READONLY_MEM", 136: "IMMEDIATE_EXIT"}
"""KVM_CAP_* capabilities that ring1 requires."""
_SYNC_REGS = 74

_CREATE_VM, _CHECK_EXTENSION, _RUN_SIZE = _code(_VOID, 1), _code(_VOID, 3), _code(_VOID, 4)
_GET_API_VERSION, _CREATE_VCPU, _RUN = _code(_VOID, 0), _code(_VOID, 0x41), _code(_VOID, 0x80)
_SUPPORTED_CPUID, _SET_CPUID = _code(_READ | _WRITE, 5, 8), _code(_WRITE, 0x90, 8)
_SET_MEMORY = _code(_WRITE, 0x46, Region)
_GET_REGS, _SET_REGS = _code(_READ, 0x81, 144), _code(_WRITE, 0x82, 144)
_GET_SREGS, _SET_SREGS = _code(_READ, 0x83, Sregs), _code(_WRITE, 0x84, Sregs)
_SET_MSRS, _INTERRUPT = _code(_WRITE, 0x89, 8), _code(_WRITE, 0x86, 4)


def lacking(device: int) -> list[str]:
    """Return what an open /dev/kvm lacks that ring1 requires."""
    version = fcntl.ioctl(device, _GET_API_VERSION)
    missing = [] if version == API else [f"version {API} of its interface (it has {version})"]
    return missing + [f"KVM_CAP_{name}" for n, name in WANTED.items() if fcntl.ioctl(device, _CHECK_EXTENSION, n) <= 0]


class Machine:
    """A KVM virtual machine with one virtual CPU. Not thread-safe, except for `run.immediate_exit`."""

    def __init__(self) -> None:
        """Raises OSError."""
        self.slots: dict[int, int] = {}
        """Guest-physical address -> memory slot."""
        self.pages: list[tuple[int, int]] = []
        """Address and size of the run page."""
        self.descriptors: list[int] = []
        self.close = weakref.finalize(self, _close, self.descriptors, self.pages)
        """Release everything. Can be called twice; happens by itself at garbage collection."""
        self.close.atexit = False  # a daemon thread may still be running the guest
        try:
            device = self.keep(os.open(DEVICE, os.O_RDWR | os.O_CLOEXEC))
            self.vm = self.keep(fcntl.ioctl(device, _CREATE_VM))
            self.vcpu = self.keep(fcntl.ioctl(self.vm, _CREATE_VCPU))
            cpuid = Cpuid(count=256)
            fcntl.ioctl(device, _SUPPORTED_CPUID, cpuid)
            fcntl.ioctl(self.vcpu, _SET_CPUID, cpuid)
            size = fcntl.ioctl(device, _RUN_SIZE)
            # Not Python's mmap, which would duplicate the descriptor, and so keep the machine for as long as the page
            # is used.
            page = libc.mmap(0, size, libc.PROT_READ | libc.PROT_WRITE, libc.MAP_SHARED, self.vcpu)
        except OSError:
            self.close()
            raise
        self.pages.append((page, size))
        self.run = Run.from_address(page)
        self.registers = memoryview(self.run.regs).cast("B").cast("Q")
        """The general registers as they were at the last exit, in the order of REGISTERS."""
        self.synchronous = bool(fcntl.ioctl(device, _CHECK_EXTENSION, _SYNC_REGS) & _SYNC_REGISTERS)
        """Are registers exchanged through the run page, without an ioctl?"""
        self.run.valid_regs = _SYNC_REGISTERS if self.synchronous else 0

    def keep(self, descriptor: int) -> int:
        self.descriptors.append(descriptor)
        return descriptor

    def memory(self, guest_address: int, host_address: int, size: int, writable: bool = True) -> None:
        """Give the machine `size` bytes of the process's memory at a guest-physical address.

        Raises OSError.
        """
        slot = self.slots.setdefault(guest_address, len(self.slots))
        fcntl.ioctl(self.vm, _SET_MEMORY, Region(slot, 0 if writable else _READONLY, guest_address, size, host_address))

    def sregs(self) -> Sregs:
        made = Sregs()
        fcntl.ioctl(self.vcpu, _GET_SREGS, made)
        return made

    def set_sregs(self, sregs: Sregs) -> None:
        fcntl.ioctl(self.vcpu, _SET_SREGS, sregs)

    def set_msrs(self, msrs: Mapping[int, int]) -> None:
        """Set three model-specific registers, by number."""
        made = Msrs(count=3)
        made.entries[:] = [(u64 * 2)(*entry) for entry in msrs.items()]
        fcntl.ioctl(self.vcpu, _SET_MSRS, made)

    def interrupt(self, vector: int) -> None:
        """Queue an interrupt, for which the virtual CPU must be ready: it takes it at once."""
        fcntl.ioctl(self.vcpu, _INTERRUPT, u32(vector))

    def go(self, changed: bool = True) -> int:
        """Run, with `registers` if they have `changed`; return the exit reason, INTR if a signal came.

        Raises OSError.
        """
        run = self.run
        if changed:
            if self.synchronous:
                run.dirty_regs = _SYNC_REGISTERS
            else:
                fcntl.ioctl(self.vcpu, _SET_REGS, self.registers.cast("B"))
        try:
            fcntl.ioctl(self.vcpu, _RUN, 0)
            reason = run.exit_reason
        except OSError as error:
            if error.errno not in (errno.EINTR, errno.EAGAIN):
                raise
            reason = INTR
        if not self.synchronous:
            fcntl.ioctl(self.vcpu, _GET_REGS, self.registers.cast("B"))
        return reason


def _close(descriptors: list[int], pages: list[tuple[int, int]]) -> None:
    for page in pages:
        libc.munmap(*page)
    for descriptor in reversed(descriptors):
        os.close(descriptor)
