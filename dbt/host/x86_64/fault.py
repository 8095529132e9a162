"""The SIGSEGV handler, in host code: it turns a guest's fault into an exit from generated code.

A fault whose RIP lies in the arena is a guest's. The handler stores RIP, the faulting address and the error code in the
state block to which rbp points, and lets the thread continue at that block's FAULT_EXIT, an ordinary stub, with all
other registers unchanged. Any other SIGSEGV goes to the previous handler.
"""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Callable

from ring1.dbt.host.x86_64.assemble import assemble as keystone
from ring1.dbt.native import libc, slots
from ring1.dbt.native.arena import Arena, arena

STRIDE = 256  # bytes between copies of the handler, and between records
HANDLERS = 1024
REGION = STRIDE * HANDLERS  # handler k is at k * STRIDE; its record is at the same offset of the next region

# Entered with rdi = signal, rsi = siginfo_t (si_code at 8, si_addr at 16), rdx = ucontext_t (rbp at 120, rip at 168,
# the error code at 192). A fault, unlike a signal that was sent, has si_code > 0. If FAULT_EXIT is not in the arena,
# rbp is no state pointer; if it cannot even be read, the handler faults itself and, not being in the arena, goes to
# `pass`. `default`: rt_sigaction(SIGSEGV, SIG_DFL); the instruction faults again, and that kills the process. A signal
# that was sent would not come again: tgkill(getpid(), gettid(), SIGSEGV).
HANDLER = f"""
    lea r8, [rip + {REGION - 7}]
    cmp dword ptr [rsi + 8], 0
    jle pass
    mov rcx, [rdx + 168]
    mov rax, rcx
    sub rax, [r8]
    cmp rax, [r8 + 8]
    jae pass
    mov r9, [rdx + 120]
    mov r10, [r9 + {slots.FAULT_EXIT}]
    mov rax, r10
    sub rax, [r8]
    cmp rax, [r8 + 8]
    jae pass
    mov [r9 + {slots.FAULT_AT}], rcx
    mov rax, [rsi + 16]
    mov [r9 + {slots.FAULT_ADDRESS}], rax
    mov rax, [rdx + 192]
    mov [r9 + {slots.FAULT_ERROR}], rax
    mov [rdx + 168], r10
    ret
pass:
    mov rax, [r8 + 16]
    mov rcx, [r8 + 24]
    mov [r8 + 16], rcx
    cmp rax, {libc.SIG_IGN}
    jb default
    je ignore
    jmp rax
ignore:
    cmp dword ptr [rsi + 8], 0
    jle done
default:
    mov r9d, [rsi + 8]
    mov eax, 13
    mov edi, {int(signal.SIGSEGV)}
    lea rsi, [r8 + 32]
    xor edx, edx
    mov r10d, 8
    syscall
    test r9d, r9d
    jg done
    mov eax, 39
    syscall
    mov r8d, eax
    mov eax, 186
    syscall
    mov edi, r8d
    mov esi, eax
    mov edx, {int(signal.SIGSEGV)}
    mov eax, 234
    syscall
done:
    ret
"""


class Record(ctypes.Structure):
    """The data of one copy of the handler: the arena's range, and where a SIGSEGV goes that is not a guest's."""

    _fields_ = (
        ("arena", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
        ("previous", ctypes.c_uint64),  # the handler to pass on to, or SIG_DFL or SIG_IGN
        ("then", ctypes.c_uint64),  # replaces `previous` when that is used: SIG_DFL for SA_RESETHAND, else the same
        ("default", ctypes.c_uint64 * 4),  # the kernel's struct sigaction of SIG_DFL: all zero
    )


class Handlers:
    """Copies of HANDLER, with a record each.

    Whenever a foreign handler is found installed, a new copy is installed over it that passes on to it, and older
    copies that passed on to it pass on to what was below them instead. So whatever a foreign handler has saved, to
    restore or to call, is older than every copy that passes on to it: every chain of handlers ends.
    """

    def __init__(self, host: Arena, assemble: Callable[[str], bytes]) -> None:
        code = assemble(HANDLER)
        readable, private = libc.PROT_READ, libc.MAP_PRIVATE | libc.MAP_ANONYMOUS
        self._base = libc.mmap(0, 2 * REGION, readable | libc.PROT_WRITE, private)
        ctypes.memmove(self._base, code.ljust(STRIDE, b"\xf4") * HANDLERS, REGION)
        try:
            libc.mprotect(self._base, REGION, readable | libc.PROT_EXEC)
        except OSError:
            libc.munmap(self._base, 2 * REGION)
            raise
        self._arena = host
        self._records: list[Record] = []

    def is_ours(self, handler: int) -> bool:
        """Is `handler` the address of one of the copies?"""
        return self._base <= handler < self._base + REGION

    def stack_on(self, present: libc.Sigaction) -> None:
        """Install a new copy that passes on to `present`, a handler that is not ours. Raises RuntimeError after
        HANDLERS copies."""
        k = len(self._records)
        if k == HANDLERS:
            raise RuntimeError(f"the SIGSEGV handler was replaced {HANDLERS} times")
        below = libc.SIG_DFL
        for older in self._records:
            if older.previous == present.handler and present.handler not in (libc.SIG_DFL, libc.SIG_IGN):
                older.previous = older.then = below
            below = older.previous
        once = present.flags & libc.SA_RESETHAND
        record = Record.from_address(self._base + REGION + k * STRIDE)
        record.arena, record.size = self._arena.base, self._arena.size
        record.previous, record.then = present.handler, libc.SIG_DFL if once else present.handler
        self._records.append(record)
        flags = libc.SA_SIGINFO | libc.SA_NODEFER | libc.SA_ONSTACK
        libc.sigaction(signal.SIGSEGV, libc.Sigaction(handler=self._base + k * STRIDE, flags=flags))


# Module-level state, on purpose: a signal's disposition belongs to the process, and so does its handler.
_handlers: Handlers | None = None
_lock = threading.Lock()


def provide(assemble: Callable[[str], bytes] = keystone) -> Handlers:
    """Allocate what `install` needs. Called when a machine is made, as the host may refuse memory later.

    `assemble` assembles HANDLER, at the first call in a process. Raises OSError if memory is short.
    """
    global _handlers
    with _lock:
        if _handlers is None:
            _handlers = Handlers(arena(), assemble)
        return _handlers


def install(assemble: Callable[[str], bytes] = keystone) -> None:
    """Make sure that the handler is installed: cheap if it is. To be called each time before guests run.

    Raises RuntimeError when the handler has been replaced HANDLERS times; OSError as `provide` does, if that was not
    called before.
    """
    handlers = provide(assemble)
    with _lock:
        present = libc.sigaction(signal.SIGSEGV)
        if not handlers.is_ours(present.handler):
            handlers.stack_on(present)
