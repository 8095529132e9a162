"""The monitors are built by the definition: what a program owns is loaded for it, what they keep is theirs, and the
kernel runs in the mode for which theorem 1 holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.engines.hybrid import Hybrid
from ring1.dbt.engines.trap import TrapAndEmulate
from ring1.isa.classify import best_mode, classify, verdicts
from ring1.isa.load import load
from ring1.isa.model import Isa
from tests.theory.machines import ended, extended, whole
from tests.theory.test_definition import PSW_SAVED, THREE, TRAPS


def same(isa: Isa, engine: str, source: str) -> bool:
    reference, got = ended(isa, "interp", source), ended(isa, engine, source)
    return got == reference


MONITORS = ("trap", "hybrid")

USER = """
    la t0, user
    wrcr epc, t0
    la t0, handler
    wrcr tvec, t0
    li t0, 0x{psw:x}
    setpsw t0
    rfe
user:
    {text}
    syscall 0
handler:
    rdcr a0, cause
    rdcr a1, epc
    hlt
"""
"""A kernel that has some code run in ring 3, and looks what comes back."""


def in_user_mode(text: str, psw: int = 0x18) -> str:
    return USER.format(text=text, psw=psw)


@pytest.mark.parametrize("engine", [*MONITORS, "bt", "bare", "hw"])
def test_the_programs_bits_are_loaded_wherever_they_are(engine: str, tmp_path: Path) -> None:
    """The address-space identifier, which PG32 has no use for, and scratch: written by a privileged instruction, read
    by one that does not trap."""
    isa = extended(
        tmp_path,
        "insn rdasid : D(0xa7) { rd = zx(ptb.ASID); }\ninsn wrasid : X(0xa8) { ptb.ASID = rs1[7:0]; }\n"
        "insn rdscr : D(0xa9) { rd = scratch; }\ninsn wrscr : X(0xaa) { scratch = rs1; }",
    )
    assert not any(classify(isa)[name].sensitive for name in ("rdasid", "wrasid", "rdscr", "wrscr"))
    code = "rdasid a2\nrdscr a3\nli t1, 0x55\nwrasid t1\nwrscr t1\nrdasid a4\nrdscr a5\n"
    start = "li t0, 0x142\nsetptb t0\nli t0, 1234\nwrcr scratch, t0\n"
    for source in (start + code + "getptb s0\nrdcr s1, scratch\nhlt\n", start + in_user_mode(code)):
        assert same(isa, engine, source)
    state, _ = ended(isa, engine, start + code + "getptb s0\nhlt\n")
    assert [state.registers[n] for n in ("a2", "a3", "a4", "a5", "s0")] == [0xA1, 1234, 0x55, 0x55, 0xAA]


@pytest.mark.parametrize("engine", MONITORS)
def test_whether_it_traps_shows_what_the_monitor_keeps(engine: str, tmp_path: Path) -> None:
    """`probe` traps unless interrupts are enabled, and on the real machine they are."""
    isa = extended(tmp_path, TRAPS)
    first, _, third = verdicts(isa, classify(isa))
    assert first.holds is third.holds is False
    assert not same(isa, engine, in_user_mode("probe a2"))
    assert same(isa, engine, in_user_mode("probe a2", 0x38))  # the guest has them enabled as well
    assert same(isa, engine, in_user_mode("both a2")) and same(isa, engine, in_user_mode("letg a2"))
    assert (engine == "hybrid") == same(isa, engine, "la t0, 0f\nwrcr tvec, t0\nprobe a2\n0: hlt")


@pytest.mark.parametrize("engine", MONITORS)
def test_registers_of_the_monitors_are_shown_as_theirs(engine: str, tmp_path: Path) -> None:
    """Any register that a monitor keeps, not only those of the processor status and the page tables."""
    isa = extended(tmp_path, "insn rdvec : D(0xa0) { rd = tvec; }\ninsn wrie : X(0xa1) { ie = rs1; }")
    assert not same(isa, engine, in_user_mode("rdvec a2"))
    # What is written without a trap is written to the real machine.
    assert not same(isa, engine, in_user_mode("li a2, 5\nwrie a2"))


@pytest.mark.parametrize("engine", MONITORS)
def test_what_a_hole_has_done_to_the_real_machine_stays_until_a_trap(engine: str, tmp_path: Path) -> None:
    isa = extended(tmp_path, "insn rdie : D(0xa0) { rd = ie; }\ninsn wrie : X(0xa1) { ie = rs1; }")
    state, _ = ended(isa, engine, in_user_mode("li a2, 5\nwrie a2\nrdie a3\nsw zero, 0x800(zero)\nrdie a4\nrdie a5"))
    assert [state.registers[name] for name in ("a3", "a4", "a5")] == [5, 5, 5]


SAVED = (
    PSW_SAVED
    + """
format L(op) : op:8 rd 0:6 imm "{rd}, {imm}";
operand imm : signed 16;
insn li : L(5) { rd = imm; }
insn rdcc : R(6) { rd = zx(psw.CC) + zx(psw.MASK) * 16; }
insn setold : R(7) { require psw.M == 0 else illegal(word); old = rs1; oldpc = rs2; }
insn setnew : R(10) { require psw.M == 0 else illegal(word); newpc = rs1; }
insn rdold : R(8) { require psw.M == 0 else illegal(word); rd = old; }
insn stop : Z(9) { require psw.M == 0 else illegal(word); wait; }
"""
)


@pytest.mark.parametrize("engine", MONITORS)
def test_condition_codes_of_a_status_that_traps_save(engine: str, tmp_path: Path) -> None:
    """A machine like the System/360: theorem 1 holds, and a program with condition codes and traps is equivalent."""
    isa = whole(tmp_path, SAVED)
    assert verdicts(isa, classify(isa))[0].holds
    source = """
    li a, handler
    setnew zero, a, zero
    li b, user
    li a, 0x91
    setold zero, a, b
    lpsw
user:
    li a, -3
    add b, a, zero
    rdcc c, zero, zero
    li a, 5
    spm zero, a, zero
    add zero, zero, zero
    stop
handler:
    rdold b, zero, zero
    rdcc a, zero, zero
    stop
"""
    assert same(isa, engine, source)
    state, stop = ended(isa, engine, source)
    assert stop.reason == "halt"
    # CC 1 of the sum -3 and MASK 9 of the status; then what was saved: CC 0, MASK 5, user mode; and the new status.
    assert [state.registers[name] for name in ("c", "b", "a")] == [0x91, 0x51, 0]


def test_the_mode_of_the_kernel(tmp_path: Path) -> None:
    """As privileged as can be, of the modes for which theorem 1 holds; else the one next to the supervisor's."""
    risc = whole(tmp_path, THREE)
    assert best_mode(risc) == 0 and TrapAndEmulate(risc).modes == Hybrid(risc).modes == (0, 0, 0, 0)
    for name in ("pg32", "pg32v", "pg32h"):
        assert TrapAndEmulate(load(name)).modes == (1, 1, 2, 3)


@pytest.mark.parametrize("code", ["li a2, -1\nsetpsw a2\nrdtime a3", "setpsw zero\nli a2, 0x4200\nsetpsw a2"])
def test_setpsw_in_user_mode_is_no_secret(code: str) -> None:
    """User-sensitive by the letter, and harmless there: the hybrid monitor is equivalent. In a kernel it does not trap
    either, and trap is found out."""
    pg32 = load("pg32")
    assert "setpsw" in [name for name, c in classify(pg32).items() if c.user]
    assert same(pg32, "hybrid", in_user_mode(code))
    assert not same(pg32, "trap", in_user_mode(code))


RISC = """
    li a, 1f
    wvec a
    li a, 0f
    wepc a
    smode
0:  satp b, zero
    li a, 2f
    wepc a
    sret
2:  mv c, b
    ecall
1:  repc a
    stop
"""


@pytest.mark.parametrize("engine", MONITORS)
def test_a_machine_of_three_modes_whose_kernel_runs_in_user_mode(engine: str, tmp_path: Path) -> None:
    isa = whole(
        tmp_path,
        THREE
        + 'format L(op) : op:8 rd 0:6 imm "{rd}, {imm}";\noperand imm : signed 16;\n'
        + 'format X(op) : op:8 0:2 rs1 0:20 "{rs1}";\nformat E(op) : op:8 rd 0:22 "{rd}";\n'
        + "insn li : L(8) { rd = imm; }\ninsn wvec : X(9) { require priv.MODE == 3 else illegal(word); vec = rs1; }\n"
        + "insn wepc : X(10) { require priv.MODE[0] == 1 else illegal(word); epc = rs1; }\n"
        + "insn smode : Z(11) { require priv.MODE == 3 else illegal(word); priv.MODE = 1; pc = epc; }\n"
        + "insn repc : E(12) { require priv.MODE == 3 else illegal(word); rd = epc; }\n"
        + "insn stop : Z(13) { require priv.MODE == 3 else illegal(word); wait; }\n",
    )
    assert verdicts(isa, classify(isa))[0].modes == (0,)
    assert same(isa, engine, RISC)
    assert ended(isa, engine, RISC)[1].reason == "halt"


@pytest.mark.parametrize("engine", MONITORS)
@pytest.mark.parametrize("switched", [0, 8])
def test_floating_point_while_the_task_is_switched(engine: str, switched: int) -> None:
    """CR0.TS decides whether it traps. Nothing else in the machine goes by it: it is loaded with what a program owns,
    and the instruction is innocuous, and equivalent."""
    isa = load(str(Path(__file__).parents[2] / "examples" / "machines" / "x86.isa"))
    assert not classify(isa)["fadd"].sensitive
    source = f"""
    mov eax, handler
    movcr eax, idtr
    mov eax, {switched}
    movcr eax, cr0
    mov eax, user
    movcr eax, trapip
    mov eax, 3
    movcr eax, trapcs
    mov ecx, 5
    iret
user:
    fadd eax, ecx
    int80
handler:
    rdcr edx, error
    rdcr ebx, trapip
    hlt
"""
    assert same(isa, engine, source)
    state, stop = ended(isa, engine, source)
    assert stop.reason == "halt"
    assert (state.registers["edx"], state.registers["eax"]) == ((7, 3) if switched else (128, 6))
