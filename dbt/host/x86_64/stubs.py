"""The stubs through which Python enters generated code, and generated code leaves to Python.

While generated code runs: rbp = state pointer, r15 = [WINDOW], r14 = [BUDGET], the pinned registers hold 32-bit guest
values (zero-extended), rax is scratch, rsp is a multiple of 16. Generated code pushes nothing but the return address of
its `call [rbp+VMM]`, or of a page walk or a posted write.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from ring1.dbt.host.x86_64.assemble import assemble as keystone
from ring1.dbt.machine.state import (
    ANSWERED,
    ANSWERS,
    END,
    GRANTED,
    GRANTS,
    POSTED,
    POSTED_PORTS,
    POSTED_TIMES,
    POSTED_VALUES,
    SEATED,
    SEATS,
)
from ring1.dbt.mmu.view import (
    DEVICE_ENTRIES,
    DEVICE_ENTRY,
    DEVICE_FROM,
    DEVICE_HASH,
    DEVICE_LOADS,
    DEVICE_MASK,
    DEVICE_STORES,
    DEVICE_TO,
    DEVICES,
)
from ring1.dbt.native import slots
from ring1.dbt.native.code import CodeMemory

HALF = {  # a host register that can be pinned: its low 32 bits
    "rbx": "ebx", "rcx": "ecx", "rdx": "edx", "rsi": "esi", "rdi": "edi",
    "r8": "r8d", "r9": "r9d", "r10": "r10d", "r11": "r11d", "r12": "r12d", "r13": "r13d",
}  # fmt: skip
SAVED = ("rbp", "rbx", "r12", "r13", "r14", "r15")  # callee-saved; System V AMD64 ABI, 3.2.1

_ENTER = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p, ctypes.c_void_p)


AWAY = (f"mov qword ptr [rbp{slots.FAULT_SCRATCH:+d}], rax", f"movq qword ptr [rbp{slots.FAULT_VECTOR:+d}], xmm0")
"""Save the scratch registers, which may be in use where generated code stopped in the middle of a guest instruction."""
BACK = (f"mov rax, qword ptr [rbp{slots.FAULT_SCRATCH:+d}]", f"movq xmm0, qword ptr [rbp{slots.FAULT_VECTOR:+d}]")


@lru_cache(64)
def texts(pinned: tuple[tuple[str, int], ...]) -> Mapping[str, str]:
    """Return the texts of the stubs of Stubs, by their names, in the order in which they are placed."""
    homes = dict(pinned)
    address = f"mov qword ptr [rbp{slots.FAULT_ADDRESS:+d}], rax"
    returns = "pop rax", f"mov qword ptr [rbp{slots.FAULT_AT:+d}], rax"
    return {
        "enter": enter_text(homes),
        "resume": enter_text(homes, (*BACK, f"jmp qword ptr [rbp{slots.FAULT_AT:+d}]")),
        "leave": exit_text(("pop rax",), homes),
        "fault_exit": exit_text((*AWAY, "xor eax, eax"), homes),
        "look": exit_text((*AWAY, address, *returns, "xor eax, eax"), homes),
        "miss": exit_text(("mov eax, 1",), homes),
        "post": POST_TEXT,
        "load_device": LOAD_DEVICE_TEXT,
        "store_device": STORE_DEVICE_TEXT,
        "refuse": REFUSE_TEXT,
    }


def enter_text(pinned: Mapping[str, int], go: Sequence[str] = ("jmp rax",)) -> str:
    """Return the text of the stub called as enter(rdi = state pointer, rsi = target). `go`: the instructions that go to
    the target."""
    lines = [
        *(f"push {register}" for register in SAVED),
        "sub rsp, 8",
        "mov rbp, rdi",
        "mov rax, rsi",
        f"mov r15, qword ptr [rbp{slots.WINDOW:+d}]",
        f"mov r14, qword ptr [rbp{slots.BUDGET:+d}]",
        *(f"mov {HALF[register]}, dword ptr [rbp{displacement:+d}]" for register, displacement in pinned.items()),
        *go,
    ]
    return "\n".join(lines)


def exit_text(result: Sequence[str], pinned: Mapping[str, int]) -> str:
    """Return the text of a stub that leaves; the instructions `result` set rax to what `enter` returns."""
    lines = [
        *result,
        *(f"mov dword ptr [rbp{displacement:+d}], {HALF[register]}" for register, displacement in pinned.items()),
        f"mov qword ptr [rbp{slots.BUDGET:+d}], r14",
        "add rsp, 8",
        *(f"pop {register}" for register in reversed(SAVED)),
        "ret",
    ]
    return "\n".join(lines)


GO_MISS = f"jmp qword ptr [rbp{slots.MISS:+d}]"
REFUSE_TEXT = "stc\nret"
APPEND = f"""\
mov edx, dword ptr [rbp{POSTED:+d}]
mov qword ptr [rbp+rdx*8{POSTED_TIMES:+d}], rax
mov eax, dword ptr [rbp{slots.PORT:+d}]
mov dword ptr [rbp+rdx*4{POSTED_PORTS:+d}], eax
mov eax, dword ptr [rbp{slots.VALUE:+d}]
mov dword ptr [rbp+rdx*4{POSTED_VALUES:+d}], eax
add edx, 1
mov dword ptr [rbp{POSTED:+d}], edx
pop rdx
pop rcx"""
"""Append a write made at the time in rax to those that are posted, and restore the registers."""
POST_TEXT = f"""\
neg rax
sub rax, r14
add rax, qword ptr [rbp{END:+d}]
push rcx
push rdx
mov ecx, dword ptr [rbp{slots.PORT:+d}]
cmp ecx, {GRANTED}
jae refused
sub dword ptr [rbp+rcx*4{GRANTS:+d}], 1
jb exhausted
{APPEND}
xor eax, eax
ret
exhausted:
add dword ptr [rbp+rcx*4{GRANTS:+d}], 1
refused:
pop rdx
pop rcx
test rbp, rbp
ret"""
"""Called with the instructions in eax that are paid for from the one on that writes to a port: post the write. ZF is 0
if the port has no grant; rax is lost. It cannot fault."""


def find_register(length: int) -> str:
    """Return the text that finds the register that an access to a guest address is to: its physical address in
    slots.PORT, and its seat in edx. `length`: the word of an entry of the view (see ring1.dbt.mmu.view) that says how
    many bytes may be accessed so. It goes to `unknown`, with nothing changed, or to `refused` if the register has no
    seat."""
    return f"""\
push rcx
push rdx
mov ecx, dword ptr [rbp{slots.PORT:+d}]
mov edx, ecx
shr edx, 12
imul edx, edx, {DEVICE_HASH - (1 << 32)}
shr edx, {33 - DEVICE_ENTRIES.bit_length()}
shl edx, {DEVICE_ENTRY.bit_length() - 1}
lea rdx, [r15+rdx{DEVICES:+d}]
sub ecx, dword ptr [rdx+{DEVICE_FROM}]
cmp ecx, dword ptr [rdx+{length}]
jb known
add ecx, dword ptr [rdx+{DEVICE_FROM}]
xor rdx, {DEVICE_ENTRY}
sub ecx, dword ptr [rdx+{DEVICE_FROM}]
cmp ecx, dword ptr [rdx+{length}]
jae unknown
known:
cmp al, byte ptr [rdx+{DEVICE_MASK}]
jne unknown
test al, cl
jne unknown
add ecx, dword ptr [rdx+{DEVICE_TO}]
mov dword ptr [rbp{slots.PORT:+d}], ecx
mov edx, ecx
and edx, {SEATS - 1}
cmp ecx, dword ptr [rbp+rdx*4{SEATED:+d}]
jne refused"""


AWAY_FROM_DEVICE = """\
unknown:
pop rdx
pop rcx
stc
ret
refused:
pop rdx
pop rcx
xor eax, eax
ret"""
LOAD_DEVICE_TEXT = f"""\
{find_register(DEVICE_LOADS)}
mov rax, qword ptr [rbp+rdx*8{ANSWERS + 8 * ANSWERED:+d}]
test rax, rax
je refused
mov dword ptr [rbp{slots.VALUE:+d}], eax
pop rdx
pop rcx
ret
{AWAY_FROM_DEVICE}"""
STORE_DEVICE_TEXT = f"""\
{find_register(DEVICE_STORES)}
sub dword ptr [rbp+rdx*4{GRANTS + 4 * GRANTED:+d}], 1
jb exhausted
shr rax, 8
neg rax
sub rax, r14
add rax, qword ptr [rbp{END:+d}]
{APPEND}
test rbp, rbp
ret
exhausted:
add dword ptr [rbp+rdx*4{GRANTS + 4 * GRANTED:+d}], 1
jmp refused
{AWAY_FROM_DEVICE}"""
"""Called with the bytes of an access less 1 in al, and above it, where a write may be posted, the instructions that are
paid for from this one on: the access to a register of a device (see interface.Assembler.load_device). CF is 1 if none
is known, ZF if it has no answer or grant, neither if the access is made; rax is lost. They cannot fault."""


class Stubs:
    """The stubs, at the start of an empty CodeMemory: `memory.reset(stubs.size)` keeps them.

    `pinned` maps a host register to the displacement from rbp, in bytes, of the dword that is its home in the state
    block. Raises ValueError for a register that cannot be pinned or a displacement out of range. `leave`, `fault_exit`,
    `look`, `miss`, `post`, `load_device`, `store_device` and `refuse` are addresses, for the slots of those names.
    """

    enter: Callable[[int, int], int]
    """enter(state pointer, target): run generated code at `target`, without the GIL, until it leaves.

    Returns the address after the `call [rbp+VMM]` that left, or MISSED, or FAULTED: then the slots FAULT_AT,
    FAULT_ADDRESS and FAULT_ERROR describe the fault. The pinned registers and BUDGET are back in the state block.
    """

    resume: Callable[[int, int], int]
    """resume(state pointer, 0): as `enter`, at the host instruction that FAULTED."""

    size: int
    """Bytes that the stubs take."""

    def __init__(
        self, memory: CodeMemory, pinned: Mapping[str, int], assemble: Callable[[str], bytes] = keystone
    ) -> None:
        if memory.used:
            raise ValueError("the stubs go to the start of a code memory")
        for register, displacement in pinned.items():
            if register not in HALF or not -(2**31) <= displacement < 2**31:
                raise ValueError(f"cannot pin {register} to [rbp {displacement:+d}]")

        def place(text: str) -> int:
            code = assemble(text)
            offset = memory.allocate(len(code))
            memory.write(offset, code)
            return memory.address(offset)

        self._memory = memory  # must not be collected before `enter` is
        at = {name: place(text) for name, text in texts(tuple(pinned.items())).items()}
        self.enter, self.resume = _ENTER(at["enter"]), _ENTER(at["resume"])
        self.leave, self.fault_exit, self.look, self.miss = at["leave"], at["fault_exit"], at["look"], at["miss"]
        self.post, self.refuse = at["post"], at["refuse"]
        self.load_device, self.store_device = at["load_device"], at["store_device"]
        self.size = memory.used
