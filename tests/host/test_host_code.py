"""Every block of host code, read back by a disassembler that had no part in making it.

Shown: it decodes completely; each instruction is the one that was asked for, operand for operand and constant for
constant; none is outside a short list; nothing is stored but to the state block and to the guest's window, and the
stack pointer is only used by the call that leaves. And code memory is never writable and executable at one address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import capstone
import pytest
from capstone import x86

from ring1.dbt.host.x86_64.operations import CODES, Jump, Label, Op
from ring1.dbt.host.x86_64.verify.layout import LOOKING, POSTING, RETURNING
from ring1.dbt.machine.state import ANSWERS, FLAT
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.view import CODE_MAP, TLB_FRAME, TLB_LOAD, TLB_STORE
from ring1.dbt.mmu.view import JUMPS as JUMPS_AT
from ring1.dbt.native.window import GUARD
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from tests.machine.builder import Program, run, started
from tests.machine.compare import by_engine
from tests.machine.generator import KINDS, Plan, case, plan
from tests.translate.blocks import Made, caught

CONDITIONS = ("b", "ae", "e", "ne", "be", "a", "l", "ge", "le", "g")
MOVES = {"mov", "movzx", "movsx", "movsxd", "lea", "movd", "pextrb", "pextrw"}
ARITHMETIC = {"xor", "and", "or", "add", "adc", "sub", "sbb", "neg", "not", "imul", "idiv", "div", "cdq", "test", "cmp"}
SHIFTS = {"rorx", "shl", "shr", "sar", "shlx", "shrx", "sarx"}
JUMPS = {"jmp", "js", *(f"j{cc}" for cc in CONDITIONS)}
ALLOWED = MOVES | ARITHMETIC | SHIFTS | JUMPS | {"call", *(f"set{cc}" for cc in CONDITIONS)}
STACK = {x86.X86_REG_RSP, x86.X86_REG_ESP, x86.X86_REG_SP, x86.X86_REG_SPL}
FIXED = {x86.X86_REG_RBP, x86.X86_REG_EBP}
"""The state block: nobody assigns these."""
WINDOW = {x86.X86_REG_R15, x86.X86_REG_R15D}
"""The view: assigned where the guest goes to another mode or address space."""
FLAT_TO_RAX = f"rax, qword ptr [rbp + {FLAT:#x}]"
"""Where a block that looks at its own words, with paging on, has their address from."""
BASES = {x86.X86_REG_RBP, x86.X86_REG_R15}
HOLDING = {x86.X86_REG_RAX, x86.X86_REG_EAX, x86.X86_REG_AX, x86.X86_REG_AL}
LOOK_UPS = {("xor", 4, TLB_LOAD), ("xor", 4, TLB_STORE), ("add", 8, TLB_FRAME)}
"""Mnemonic, scale and displacement of what look-ups in the software TLB read."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Made]]:
    """The blocks of generated programs: every kind of piece, hot and not, of bare and of bt."""
    with pytest.MonkeyPatch.context() as patch, caught() as blocks:
        patch.setenv("RING1_CACHE", str(tmp_path_factory.mktemp("cache")))
        for seed, kind in enumerate(KINDS):
            by_engine(("bare", "bt")[seed % 2], case(Plan(seed, ((kind, seed), (kind, -seed)))))
        for seed in range(12):
            by_engine(("bt", "bare")[seed % 2], case(plan(Random(seed))))
        yield list({block.host.code: block for block in blocks}.values())


@cache
def canonical(text: str) -> tuple[str, tuple[int, ...]]:
    """An instruction's text without spaces, its numbers apart, modulo 2^32, the constant of a byte modulo 2^8."""
    name, _, operands = text.lower().partition(" ")
    operands = operands.replace(" ", "")
    numbers: list[int] = []

    def number(found: re.Match[str]) -> str:
        value = int(found.group(2), 0) * (-1 if found.group(1) == "-" else 1) % 2**32
        if value == 0 and found.group(3):
            return "]"  # a displacement of zero is not printed
        numbers.append(value)
        return f"#{found.group(3)}"

    operands = re.sub(r"([+-]?)(?<![a-z0-9*])(0x[0-9a-f]+|\d+)\b(\]?)", number, operands)
    if "byteptr" in operands and operands.endswith(",#"):
        numbers[-1] %= 2**8
    return f"{name} {operands}", tuple(numbers)


def test_there_is_something_to_look_at(made: list[Made]) -> None:
    names = {insn.mnemonic for block in made for insn in block.instructions}
    assert len(made) > 500
    assert len(names) > 30


def test_blocks_decode_completely(made: list[Made]) -> None:
    for block in made:
        found = block.instructions
        assert sum(insn.size for insn in found) == len(block.host.code)


def test_what_was_asked_for_is_there(made: list[Made]) -> None:
    """Item for item: the text with its constant, as the disassembler prints it."""
    for block in made:
        if not block.items:
            continue  # made of stencils, for which see tests/stencils
        found = iter(block.instructions)
        for item in block.items:
            if isinstance(item, Op):
                insn = next(found)
                wanted = item.text.format(item.imm) if item.imm is not None else item.text
                assert canonical(f"{insn.mnemonic} {insn.op_str}") == canonical(wanted), wanted
            elif isinstance(item, Jump):
                insn = next(found)
                assert insn.mnemonic == ("j" + CODES[item.condition] if item.condition else "jmp")
                assert insn.operands[0].imm == block.host.labels[item.label]
                assert insn.size == (6 if item.condition else 5)  # its distance can be patched
        assert next(found, None) is None


def test_labels_marks_and_exits_are_instructions(made: list[Made]) -> None:
    """Offsets that others rely on are where instructions begin; an exit's is behind a `call` that does not return."""
    for block in made:
        found = block.instructions
        starts = {insn.address for insn in found} | {len(block.host.code)}
        calls = {insn.address + insn.size: insn for insn in found if insn.mnemonic == "call"}
        for behind in [at for at, insn in calls.items() if insn.operands[0].mem.disp in LOOKING | POSTING | RETURNING]:
            del calls[behind]
        assert set(block.host.labels.values()) <= starts and set(block.host.marks) <= starts
        assert block.host.marks == sorted(block.host.marks)
        if block.items:
            assert {item.label for item in block.items if isinstance(item, Label)} == set(block.host.labels)
        assert set(block.host.exits) == set(calls)
        jumps = {insn.address + insn.size - 4 for insn in found if insn.mnemonic in JUMPS}
        assert {site for _, site in block.host.exits.values() if site >= 0} <= jumps


def test_only_allowed_instructions(made: list[Made]) -> None:
    """No privileged ones, none that move the stack, none that nobody expects."""
    privileged = {x86.X86_GRP_PRIVILEGE, x86.X86_GRP_INT, x86.X86_GRP_IRET, x86.X86_GRP_RET}
    for block in made:
        for insn in block.instructions:
            assert insn.mnemonic in ALLOWED, str(insn)
            assert not privileged & set(insn.groups), str(insn)


def test_stores_and_registers(made: list[Made]) -> None:
    """Stores go to [rbp + constant], [r15 + ...], and where a look-up in the software TLB says; a block that looks at
    its own words finds them by FLAT; rsp, rbp and r15 are never assigned; r14 is only counted down and up; a write to
    half a register clears the other half, so no 8- or 16-bit register but al is written."""
    for block in made:
        flat = looked = False
        for insn in block.instructions:
            read, written = insn.regs_access()
            own, flat = flat, insn.mnemonic == "mov" and insn.op_str == FLAT_TO_RAX
            if insn.mnemonic != "call":
                assert not STACK & {*read, *written}, str(insn)
            assert not FIXED & set(written), str(insn)
            if WINDOW & set(written):
                assert insn.mnemonic in ("mov", "imul", "shr", "lea"), str(insn)
            if x86.X86_REG_R14 in written:
                assert insn.mnemonic in ("sub", "add") and insn.operands[1].type == x86.X86_OP_IMM, str(insn)
            for operand in insn.operands:
                if operand.type == x86.X86_OP_REG and operand.access & capstone.CS_AC_WRITE:
                    assert operand.size >= 4 or insn.reg_name(operand.reg) == "al", str(insn)
                if operand.type != x86.X86_OP_MEM or insn.mnemonic == "lea":
                    continue
                if own and (insn.mnemonic, operand.mem.base) == ("mov", x86.X86_REG_RAX):
                    assert operand.access == capstone.CS_AC_READ and not operand.mem.index, str(insn)
                    continue
                if looked and operand.mem.base == x86.X86_REG_RAX:
                    assert not operand.mem.index and not operand.mem.disp and not operand.mem.segment, str(insn)
                    continue
                assert operand.mem.base in BASES and operand.mem.segment == 0, str(insn)
                if operand.mem.base == x86.X86_REG_RBP and operand.mem.index:
                    answer = insn.mnemonic == "mov" and operand.mem.disp == ANSWERS  # of a port
                    assert insn.mnemonic == "jmp" or (answer and operand.access == capstone.CS_AC_READ), str(insn)
                if operand.mem.base == x86.X86_REG_R15 and insn.mnemonic == "jmp":
                    assert operand.mem.scale == 2 and JUMPS_AT <= operand.mem.disp < -GUARD, str(insn)
                elif operand.mem.base == x86.X86_REG_R15 and not WINDOW & set(written):
                    table = insn.mnemonic == "cmp" and operand.mem.disp >= CODE_MAP
                    found = insn.mnemonic, operand.mem.scale, operand.mem.disp
                    assert found in LOOK_UPS or (
                        operand.mem.scale == 1 and (table or -GUARD < operand.mem.disp < 1 << 31)
                    ), str(insn)
            if HOLDING & set(written):
                looked = (
                    insn.mnemonic == "add"
                    and insn.operands[1].type == x86.X86_OP_MEM
                    and insn.operands[1].mem.disp == TLB_FRAME
                )


def test_ways_out(made: list[Made]) -> None:
    """Control leaves a block by the call through the state block, by an indirect jump through it, and by jumps within
    the block that may be patched: nothing else, and nothing runs off the end."""
    for block in made:
        found = block.instructions
        for insn in found:
            if insn.mnemonic == "call" or (insn.mnemonic == "jmp" and insn.operands[0].type != x86.X86_OP_IMM):
                assert insn.operands[0].type == x86.X86_OP_MEM and insn.operands[0].mem.base in BASES
        assert found[-1].mnemonic in ("jmp", "call")


# --- Code memory -------------------------------------------------------------------


def mappings() -> list[tuple[str, str]]:
    """Permissions and names of this process's mappings."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return [(line.split()[1], " ".join(line.split()[5:])) for line in lines]


def workload() -> Program:
    """A loop over calls, stores and divisions, in as many blocks as it has instructions that jump."""
    p = Program()
    p.li("s0", 50)
    p.label("again")
    for n in range(6):
        p("jal", "ra", f"f{n}")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(5)
    for n in range(6):
        p.label(f"f{n}")
        p("addi", "a0", "a0", n)
        p("sw", "a0", 0x4000 + 4 * n, "zero")
        p("divu", "a1", "a0", "s0")
        p("jalr", "zero", 0, "ra")
    return p


def sprawling() -> Program:
    """Twice through more code than 64 KiB of host code have room for."""
    p = Program()
    p.li("s0", 2)
    p.label("again")
    for n in range(1600):
        p(*(("remu", "a0", "a2", "s0") if n % 4 else ("addi", "a2", "a0", n)))
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(5)
    return p


@pytest.mark.parametrize("engine", ["bare", "bt"])
def test_code_is_never_writable_and_executable(engine: str) -> None:
    before = [name for rights, name in mappings() if "w" in rights and "x" in rights]
    with started(engine, workload()) as (vm, _):
        assert vm.run(200) == Stop("limit")
        now = mappings()
        assert [name for rights, name in now if "w" in rights and "x" in rights] == before
        code = [rights for rights, name in now if "/dev/zero" in name]
        assert any("x" in rights for rights in code) and any("w" in rights for rights in code)
        assert vm.run(100_000) == Stop("exit", 5)


@pytest.mark.parametrize("engine", ["bare", "bt"])
@pytest.mark.parametrize("chain", [True, False])
@pytest.mark.parametrize(("most", "size"), [(1, 1 << 20), (2, 1 << 20), (5, 1 << 20), (None, 1 << 16)])
def test_a_full_cache_begins_anew(engine: str, chain: bool, most: int | None, size: int) -> None:
    """With room for few blocks, by their number or by bytes, everything is as with room for all."""
    options = Options(code_size=size, most_blocks=most, chain=chain)
    program = workload()
    if most is None:
        program = sprawling()
    with started(engine, program, options=options) as (vm, _):
        assert vm.run() == Stop("exit", 5)
        assert isinstance(vm.engine, Executor) and vm.engine.blocks.flushes > 1
        assert vm.state() == run("interp", program).state
