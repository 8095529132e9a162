"""The verifier believes no block that could leave the machine, and every block that the translator makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.registers import WIDE
from ring1.dbt.host.x86_64.verify.block import Verifier
from ring1.dbt.host.x86_64.verify.operands import Escape
from ring1.dbt.machine.state import ANSWERS, FLAT, FLUSH, PROBE, SPACE, SPACES, State
from ring1.dbt.mmu.view import CODE_MAP, JUMPS, TLB_FRAME, TLB_LOAD, jump_cache
from ring1.dbt.native import slots
from ring1.dbt.native.window import GUARD, Window
from ring1.isa.asm.assemble import assemble_files
from tests.isolation.run import proofs
from tests.machine.builder import HERE, machine, run

PINNED = frozenset(WIDE[:9])
LEAVE = f"call qword ptr [rbp{slots.VMM:+d}]"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

PROBED = (
    f"mov eax, ebx\nmov dword ptr [rbp+{PROBE}], r13d\nmov r13d, eax\nshr r13d, 12\nand r13d, 1023\n"
    f"xor eax, dword ptr [r15+r13*4{TLB_LOAD:+d}]\ntest eax, 0xfffff{{}}\njne out\n"
)
"""Asks the software TLB about an address; to be formatted with the low digits of the mask."""
FOUND = f"add rax, qword ptr [r15+r13*8{TLB_FRAME:+d}]"

KEPT = {
    "a register": "mov eax, dword ptr [r15+rbx]",
    "a register and a small constant": f"mov dword ptr [r15+rbx+{GUARD - 8}], ecx",
    "a value that is cut": "shr rax, 8\nmov eax, eax\nmov dword ptr [r15+rax], ecx",
    "a value of 40 bits, shifted": "shl rax, 24\nshr rax, 24\nshr rax, 8\nmov dword ptr [r15+rax], ecx",
    "a mask": "and eax, 0xfff\nmov dword ptr [r15+rax*8], ecx",
    "a scratch word": "mov dword ptr [rbp+0x140], ebx\nmov eax, dword ptr [rbp+0x140]\nmov byte ptr [r15+rax], cl",
    "a port": f"mov eax, ebx\ncmp eax, 32\njae out\nmov rax, qword ptr [rbp+rax*8+{ANSWERS}]\nout:",
    "a jump cache": f"and eax, 0x3ffc\njmp qword ptr [r15+rax*2{jump_cache(0):+d}]",
    "a division": "test ebx, ebx\nje out\nmov dword ptr [rbp+0x140], ebx\nmov qword ptr [rbp+0x148], rdx\n"
    "mov eax, ecx\nxor edx, edx\ndiv dword ptr [rbp+0x140]\nmov rdx, qword ptr [rbp+0x148]\nout:",
    "a division by a result": "or ebx, ecx\nje out\nmov dword ptr [rbp+0x140], ebx\nmov qword ptr [rbp+0x148], rdx\n"
    "mov eax, ecx\nxor edx, edx\ndiv dword ptr [rbp+0x140]\nmov rdx, qword ptr [rbp+0x148]\nout:",
    "a product of two words": "mov eax, ebx\nimul rax, rcx\nshr rax, 32\nmov dword ptr [r15+rax], ecx",
    "a carry": "cmp ebx, ecx\nadc ebx, -1\nsbb ecx, ecx\nmov dword ptr [r15+rbx], ecx",
    "a space": f"mov r15, qword ptr [rbp+{SPACE}]\nmov r15, qword ptr [r15+16]\nmov dword ptr [r15+rbx], ecx",
    "a flush": f"call qword ptr [rbp+{FLUSH}]\njb out\nmov ecx, dword ptr [r15+rbx]\nout:",
    "RAM by its address": f"mov rax, qword ptr [rbp+{FLAT}]\nmov ecx, dword ptr [rax+0x1000]",
    "RAM by its address, written": f"mov rax, qword ptr [rbp+{FLAT}]\nmov dword ptr [rax], ecx",
    "RAM far from there, written": f"mov eax, 0x80000000\nadd rax, qword ptr [rbp+{FLAT}]\nmov dword ptr [rax], ecx",
    "RAM far from there": f"mov eax, 0x80000000\nadd rax, qword ptr [rbp+{FLAT}]\nmov ecx, dword ptr [rax]",
    "a page that is found": PROBED.format("003") + f"{FOUND}\nmov r13d, dword ptr [rbp+{PROBE}]\n"
    "mov ecx, dword ptr [rax]\nout:",
}
"""Code that keeps within the machine."""

ESCAPES = {
    "a value of 33 bits and more": "shr rax, 8\nmov dword ptr [r15+rax], ecx",
    "a product of more": "movsxd rax, ebx\nimul rax, rcx\nmov dword ptr [r15+rax], ecx",
    "a carry of 64 bits": "cmp ebx, ecx\nsbb rax, rax\nmov dword ptr [r15+rax], ecx",
    "a division by another result": "or ecx, ebx\nje out\nmov dword ptr [rbp+0x140], ebx\n"
    "mov qword ptr [rbp+0x148], rdx\nmov eax, ecx\nxor edx, edx\ndiv dword ptr [rbp+0x140]\n"
    "mov rdx, qword ptr [rbp+0x148]\nout:",
    "a division by what is not compared": "or ebx, ecx\nlea ebx, [rbx+rcx]\nje out\nmov dword ptr [rbp+0x140], ebx\n"
    "mov qword ptr [rbp+0x148], rdx\nmov eax, ecx\nxor edx, edx\ndiv dword ptr [rbp+0x140]\n"
    "mov rdx, qword ptr [rbp+0x148]\nout:",
    "a negative index": "movsxd rax, ebx\nmov dword ptr [r15+rax], ecx",
    "two registers": "lea rax, [rbx+rcx]\nmov dword ptr [r15+rax], ecx",
    "a scaled register": "mov dword ptr [r15+rbx*2], ecx",
    "beyond the guard": f"mov dword ptr [r15+rbx+{GUARD}], ecx",
    "the tables": f"mov dword ptr [r15{CODE_MAP:+d}], ecx",
    "a jump cache, written": f"mov qword ptr [r15{JUMPS:+d}], rcx",
    "a jump cache, too far": f"and eax, 0x7fffc\njmp qword ptr [r15+rax*2{jump_cache(0):+d}]",
    "a jump through the guest's memory": "jmp qword ptr [r15+rbx]",
    "a jump through the state block": "jmp qword ptr [rbp+0x140]",
    "a call through a register": "call rax",
    "a jump out of the block": "jmp there\nnop\nthere: nop",
    "a port, compared signed": f"mov eax, ebx\ncmp eax, 32\njge out\nmov rax, qword ptr [rbp+rax*8+{ANSWERS}]\nout:",
    "a port, half compared": f"cmp eax, 32\njae out\nmov rax, qword ptr [rbp+rax*8+{ANSWERS}]\nout:",
    "a port, not compared": f"mov eax, ebx\nmov rax, qword ptr [rbp+rax*8+{ANSWERS}]",
    "a slot of the stubs": f"mov qword ptr [rbp{slots.VMM:+d}], rax",
    "behind the state block": f"mov dword ptr [rbp+{State.__init__.__code__.co_firstlineno + 0x4000}], eax",
    "a row of spaces": f"mov qword ptr [rbp+{SPACES}], rax",
    "behind RAM": f"mov eax, -1\nadd rax, qword ptr [rbp+{FLAT}]\nmov ecx, dword ptr [rax+{GUARD - 2}]",
    "behind RAM, written": f"mov eax, -1\nadd rax, qword ptr [rbp+{FLAT}]\nmov dword ptr [rax+{GUARD - 2}], ecx",
    "RAM, too far twice": f"mov eax, 0x80000000\nadd rax, qword ptr [rbp+{FLAT}]\nmov ecx, 0x80000000\nadd rcx, rax\n"
    "mov ecx, dword ptr [rcx]",
    "an address of a register's": "mov dword ptr [rbx], ecx",
    "an absolute address": "mov eax, dword ptr [0x1000]",
    "a segment": "mov eax, dword ptr fs:[rbp+0x140]",
    "a page that is not asked for": f"mov eax, ebx\n{FOUND}\nmov ecx, [rax]",
    "a page of another address": PROBED.format("003") + f"mov eax, ecx\n{FOUND}\nmov ecx, dword ptr [rax]\nout:",
    "a page of another entry": PROBED.format("003") + f"and r13d, 511\n{FOUND}\nmov ecx, dword ptr [rax]\nout:",
    "an address across a flush": f"mov eax, ebx\ncall qword ptr [rbp+{FLUSH}]\nmov ecx, dword ptr [r15+rax]",
    "across two pages": PROBED.format("000") + f"{FOUND}\nmov ecx, dword ptr [rax]\nout:",
    "a page whose tag is half compared": PROBED.format("003").replace("fffff", "ffff0")
    + f"{FOUND}\nmov ecx, dword ptr [rax]\nout:",
    "an address that differs from its tag": PROBED.format("003") + "out: mov ecx, dword ptr [r15+rax-0x20000]",
    "a register's upper half at the end": "mov rbx, rax",
    "a register's upper half at an access": "mov rbx, rax\nmov ecx, dword ptr [r15+rcx]\nmov ebx, ebx",
    "a half that stays": "mov rbx, rax\nmov bl, 1",
    "one way of two": "test ecx, ecx\nje one\nmov eax, ebx\none: mov dword ptr [r15+rax], ecx",
    "a loop": "mov eax, 1\nagain: mov ecx, dword ptr [r15+rax]\nadd rax, rax\njmp again",
    "a division by anything": "mov eax, ecx\nmov dword ptr [rbp+0x140], ebx\nxor edx, edx\ndiv dword ptr [rbp+0x140]",
    "a division of anything": "test ebx, ebx\nje out\nmov dword ptr [rbp+0x140], ebx\ndiv dword ptr [rbp+0x140]\nout:",
    "a signed division by -1": "test ebx, ebx\nje out\nmov dword ptr [rbp+0x140], ebx\nmov eax, ecx\ncdq\n"
    "idiv dword ptr [rbp+0x140]\nout:",
    "the stack": "push rax",
    "the stack pointer": "add rsp, 8",
    "the state pointer": "add rbp, 8",
    "the account": "mov r14, rax",
    "the window": "mov r15, rax\nmov ecx, dword ptr [r15+rbx]",
    "a system call": "syscall",
    "a breakpoint": "int3",
    "a string": "stosb",
}
"""Code that does not, or of which it cannot be shown."""


def verify(text: str) -> None:
    end = "" if text.split("\n")[-1].startswith("jmp") else LEAVE
    Verifier(assemble(f"{text}\n{end}"), PINNED, (), False).run({0})


@pytest.mark.parametrize("name", KEPT)
def test_what_keeps_within(name: str) -> None:
    verify(KEPT[name])


@pytest.mark.parametrize("name", ESCAPES)
def test_what_could_escape(name: str) -> None:
    with pytest.raises(Escape):
        verify(ESCAPES[name])


def test_a_patched_jump_is_a_border() -> None:
    """Behind it another block begins, which relies on registers and window."""
    code = assemble(f"mov rbx, rax\njmp out\nout: mov ebx, ebx\n{LEAVE}")
    at = code.index(b"\xeb")
    code = code[:at] + b"\xe9\0\0\0\0" + code[at + 2 :]
    Verifier(code, PINNED, (), False).run({0})
    with pytest.raises(Escape, match="upper half of rbx"):
        Verifier(code, PINNED, (at + 1,), False).run({0})


def test_entries_are_verified_each_for_itself() -> None:
    code = assemble(f"mov eax, ebx\nmov ecx, dword ptr [r15+rax]\n{LEAVE}")
    Verifier(code, PINNED, (), False).run({0})
    with pytest.raises(Escape):
        Verifier(code, PINNED, (), False).run({0, 2})
    with pytest.raises(Escape, match="out of the block"):
        Verifier(code, PINNED, (), False).run({1})


@pytest.mark.soak
@pytest.mark.parametrize(
    "way",
    [
        *("bare", "hw/softtlb", "bt/softtlb/traced"),
        *(pytest.param(way, marks=pytest.mark.soak) for way in ("trap", "bt/traced", "kvm")),
    ],
)
def test_blocks_of_the_examples(way: str) -> None:
    """Of all of them, hot or not, whatever registers are pinned."""
    made: list[object] = []
    with proofs(made.append):
        for path in sorted(EXAMPLES.glob("*.s")):
            image = assemble_files(machine(), [str(path)]).image
            options = {"memory": 1 << 22, "source": b"some text\n", "hot": True}
            run(way, image, 15_000, options=HERE, **options)
    assert len(made) > 200


def test_tables_are_read_only_beside_the_window() -> None:
    """Whoever adds a negative index to a window's address writes to nothing."""
    with Window(1 << 16) as window:
        low, high = window.base - GUARD - (1 << 31), window.base + (1 << 34)
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, access, *_ = line.split()
            first, last = (int(bound, 16) for bound in span.split("-"))
            if first < high and low < last:
                assert "w" not in access and "x" not in access, line
