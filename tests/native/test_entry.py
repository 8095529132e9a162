"""The way into generated code and out of it."""

from __future__ import annotations

import ctypes
import importlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ring1.dbt.host.interface import MISSED
from ring1.dbt.host.present import present
from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.stubs import HALF, SAVED, Stubs, enter_text, exit_text
from ring1.dbt.native.code import CodeMemory
from ring1.dbt.native.slots import BUDGET, MISS, VMM, WINDOW

if TYPE_CHECKING:
    import subprocess

    from tests.native.conftest import Rig
STALE = present().stale


PINNED = {"rbx": -128, "r13": -124}
LEAVING = f"call [rbp + {VMM}]"
CALL = len(assemble(LEAVING))


def disassemble(code: bytes) -> list[str]:
    capstone = importlib.import_module("capstone")
    machine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    found = list(machine.disasm(code, 0))
    assert sum(instruction.size for instruction in found) == len(code)
    return [f"{instruction.mnemonic} {instruction.op_str}".strip() for instruction in found]


def test_a_pinned_register_is_incremented(rig: Rig) -> None:
    rig["rbx"] = 41
    rig.run(rig.place(f"add ebx, 1; {LEAVING}"))
    assert rig["rbx"] == 42


def test_the_result_identifies_the_exit_site(rig: Rig) -> None:
    code = rig.place(f"test ebx, ebx; jne other; {LEAVING}; other: {LEAVING}")
    first = code + len(assemble("test ebx, ebx; jne other; other:")) + CALL
    for value, site in ((0, first), (1, first + CALL), (0, first)):
        rig["rbx"] = value
        assert rig.run(code) == site


def test_each_pinned_register_has_its_own_home(rig: Rig) -> None:
    for index, register in enumerate(HALF):
        rig[register] = 0x8000_0000 + index
    text = [f"mov rax, {register}; shr rax, 32; add r14, rax; add {HALF[register]}, {100 * index}"
            for index, register in enumerate(HALF)]  # fmt: skip
    rig[BUDGET] = 0
    rig.run(rig.place("; ".join([*text, LEAVING])))
    assert [rig[register] for register in HALF] == [0x8000_0000 + 101 * index for index in range(len(HALF))]
    assert rig[BUDGET] == 0  # the upper halves were all zero


def test_only_the_low_halves_are_stored(rig: Rig) -> None:
    neighbour = ctypes.c_uint32.from_address(rig.state - 128 + 4 * len(HALF))
    neighbour.value = 0xAAAA_AAAA
    rig.run(rig.place("; ".join([*(f"mov {register}, -1" for register in HALF), LEAVING])))
    assert [rig[register] for register in HALF] == [0xFFFF_FFFF] * len(HALF)
    assert neighbour.value == 0xAAAA_AAAA


def test_budget_goes_in_and_out_and_the_window_in(rig: Rig) -> None:
    rig[BUDGET], rig[WINDOW] = 5, 0x1234_5678_9ABC_DEF0
    rig.run(rig.place(f"sub r14, 7; mov rbx, r15; mov rcx, r15; shr rcx, 32; xor r15, r15; {LEAVING}"))
    assert rig[BUDGET] == 2**64 - 2
    assert (rig["rcx"], rig["rbx"]) == (0x1234_5678, 0x9ABC_DEF0)
    assert rig[WINDOW] == 0x1234_5678_9ABC_DEF0


def test_a_miss_says_so(rig: Rig) -> None:
    rig["r9"], rig[BUDGET] = 8, 100
    assert rig.run(rig.place(f"add r9d, 1; dec r14; jmp [rbp + {MISS}]")) == MISSED
    assert (rig["r9"], rig[BUDGET]) == (9, 99)


def test_the_stack_is_aligned(rig: Rig) -> None:
    rig.run(rig.place(f"mov rbx, rsp; {LEAVING}"))
    assert rig["rbx"] % 16 == 0


@pytest.mark.parametrize("way_out", [LEAVING, f"jmp [rbp + {MISS}]", "mov eax, [r15]"])
def test_the_callers_registers_survive(rig: Rig, way_out: str) -> None:
    """A caller in assembly puts a mark in each saved register and counts those that come back changed."""
    clobber = [f"mov {register}, -1" for register in (*HALF, "r14")]
    target = rig.place("; ".join([*clobber, way_out]))
    caller = [
        *(f"push {register}" for register in SAVED),
        "sub rsp, 8",
        *(f"mov {register}, {0x1111 * mark}" for mark, register in enumerate(SAVED, 1)),
        "call rdx",
        "xor eax, eax",
        *(f"sub {register}, {0x1111 * mark}; setne cl; movzx ecx, cl; add eax, ecx"
          for mark, register in enumerate(SAVED, 1)),
        "add rsp, 8",
        *(f"pop {register}" for register in reversed(SAVED)),
        "ret",
    ]  # fmt: skip
    call = ctypes.CFUNCTYPE(ctypes.c_uint64, *[ctypes.c_uint64] * 3)(rig.place("\n".join(caller)))
    assert call(rig.state, target, rig.code.base) == 0  # `enter` is the first stub


def test_other_threads_run_meanwhile(rig: Rig) -> None:
    """Generated code waits, in bounds, for a number that only another Python thread can change."""
    spin = f"spin: cmp dword ptr [rbp + {WINDOW}], 0; jne seen; dec r14; jns spin"
    code = rig.place(f"{spin}; {LEAVING}; seen: {LEAVING}")
    rig[WINDOW], rig[BUDGET] = 0, 1 << 33
    entering, result = threading.Event(), []

    def wait() -> None:
        entering.set()
        result.append(rig.run(code))

    thread = threading.Thread(target=wait)
    thread.start()
    entering.wait()
    rig[WINDOW] = 1
    thread.join()
    assert result[0] - rig.code.base == rig.code.used


def test_the_stubs_read_back_as_written() -> None:
    expected = [
        *(f"push {register}" for register in SAVED),
        "sub rsp, 8",
        "mov rbp, rdi",
        "mov rax, rsi",
        "mov r15, qword ptr [rbp + 0x130]",
        "mov r14, qword ptr [rbp + 0x128]",
        "mov ebx, dword ptr [rbp - 0x80]",
        "mov r13d, dword ptr [rbp - 0x7c]",
        "jmp rax",
    ]
    assert disassemble(assemble(enter_text(PINNED))) == expected
    expected = [
        "pop rax",
        "mov dword ptr [rbp - 0x80], ebx",
        "mov dword ptr [rbp - 0x7c], r13d",
        "mov qword ptr [rbp + 0x128], r14",
        "add rsp, 8",
        *(f"pop {register}" for register in reversed(SAVED)),
        "ret",
    ]
    assert disassemble(assemble(exit_text(("pop rax",), PINNED))) == expected


def test_stubs_are_the_kept_start_of_the_memory(rig: Rig) -> None:
    stubs = rig.code.read(0, rig.stubs.size)
    first = rig.place(LEAVING)
    assert first >= rig.code.address(rig.stubs.size)
    rig.code.reset(rig.stubs.size)
    assert rig.code.read(0, rig.stubs.size) == stubs
    assert rig.place(LEAVING) == first
    assert rig.run(first) == first + CALL


def test_stubs_take_their_bytes_from_any_assembler() -> None:
    asked: list[str] = []

    def assembler(text: str) -> bytes:
        asked.append(text)
        return assemble(text)

    with CodeMemory(4096, STALE) as first, CodeMemory(4096, STALE) as second:
        Stubs(first, PINNED, assembler)
        assert enter_text(PINNED) in asked and exit_text(("pop rax",), PINNED) in asked
        Stubs(second, PINNED)
        assert first.read(0, first.used) == second.read(0, second.used)


@pytest.mark.parametrize("register", ["rax", "rbp", "rsp", "r14", "r15", "ebx", ""])
def test_registers_that_have_a_task_cannot_be_pinned(register: str) -> None:
    with CodeMemory(4096, STALE) as memory, pytest.raises(ValueError, match="cannot pin"):
        Stubs(memory, {register: 0})


@pytest.mark.parametrize("displacement", [2**31, -(2**31) - 1, 0xFFFF_FFFF])
def test_displacements_that_would_be_truncated_are_refused(displacement: int) -> None:
    with CodeMemory(4096, STALE) as memory, pytest.raises(ValueError, match="cannot pin"):
        Stubs(memory, {"rbx": displacement})


def test_stubs_want_an_empty_memory() -> None:
    with CodeMemory(4096, STALE) as memory:
        memory.allocate(1)
        with pytest.raises(ValueError, match="start"):
            Stubs(memory, PINNED)


@pytest.mark.parametrize("text", ["", "  ", ";", "no such thing", "nop; mov eax", "mov [eax"])
def test_what_cannot_be_assembled_is_an_error_with_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="keystone") as raised:
        assemble(text)
    assert text in str(raised.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mov eax, 10", "b80a000000"),
        ("mov eax, 0x10", "b810000000"),
        ("mov r10d, [rbp - 128]", "448b5580"),
        ("L10: jmp L10; .byte 12, 99", "ebfe0c63"),
        ("movabs rax, 18446744073709551615", "48b8ffffffffffffffff"),
    ],
)
def test_decimal_numbers_are_decimal(text: str, code: str) -> None:
    assert assemble(text).hex() == code  # Intel SDM vol. 2: B8 MOV r32, 8B MOV r32, EB JMP rel8, REX.W B8


def test_threads_assemble_side_by_side() -> None:
    def work(base: int) -> bool:
        values = range(base, base + 300)
        return all(assemble(f"mov eax, {value}") == b"\xb8" + value.to_bytes(4, "little") for value in values)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(0, 4_000_000, 1_000_000)))


def test_importing_does_not_load_keystone(script: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    program = "import sys, ring1.dbt.host.x86_64.stubs, ring1.dbt.host.x86_64.fault; print('keystone' in sys.modules)"
    assert script(program).stdout == "False\n"
