"""Machines unlike PG32, in a few lines each: what a description may lack, or have otherwise."""

from __future__ import annotations

TRAPS = """
cause nonsense = 1;
cause nowhere  = 2;
on undefined() { trap nonsense(word); }
on absent(address) { trap nowhere(address); }
"""

MIPS = f"""
isa mips "an operand that a body does not read";
registers r[16] {{ zero = 0; a; b; c; d; e; f; g; h; i; j; k; l; m; n; ra; }}
{TRAPS}
operand rs rt rd : register;
operand imm : signed 16;
operand off : relative 18;
format I(op) : op:8 rs rt imm "{{rt}}, {{rs}}, {{imm}}";
format L(op) : op:8 rs rt imm "{{rt}}, {{imm}}({{rs}})";
format B(op) : op:8 rs rt off[17:2] "{{rs}}, {{rt}}, {{off}}";
format R(op) : op:8 rs rt rd 0:12 "{{rd}}, {{rs}}, {{rt}}";
insn addi : I(1) {{ rt = rs + imm; }}
insn lui  : I(2) {{ rt = imm << 16; }}
insn ori  : I(3) {{ rt = rs | imm; }}
insn lw   : L(4) {{ rt = mem[rs + imm, 4]; }}
insn sw   : L(5) {{ mem[rs + imm, 4] = rt; }}
insn bne  : B(6) {{ if rs != rt {{ pc = pc + off; }} }}
insn addu : R(7) {{ rd = rs + rt; }}
insn jr   : R(8) {{ pc = rs & ~3; }}
insn jal  : B(9) {{ ra = pc + 4; pc = pc + off; }}
"""

ONE = f"""
isa one "an accumulator";
registers g[1] {{ a; }}
{TRAPS}
operand imm : signed 24;
format I(op) : op:8 imm "{{imm}}";
insn add   : I(1) {{ a = a + imm; }}
insn load  : I(2) {{ a = mem[imm, 4]; }}
insn store : I(3) {{ mem[imm, 4] = a; }}
insn jneg  : I(4) {{ if a <s 0 {{ pc = imm & ~3; }} }}
insn shift : I(5) {{ a = a >>u 1; }}
"""

TWO = f"""
isa two "two registers, and neither is zero";
registers g[2] {{ a; b; }}
{TRAPS}
operand t s : register;
operand imm : signed 16;
operand off : relative 18;
format I(op) : op:8 t s 0:6 imm "{{t}}, {{s}}, {{imm}}";
format L(op) : op:8 t s 0:6 imm "{{t}}, {{imm}}({{s}})";
format B(op) : op:8 t s 0:6 off[17:2] "{{t}}, {{s}}, {{off}}";
format J(op) : op:8 t s 0:6 off[17:2] "{{t}}, {{s}}, {{off}}";
insn addi : I(1) {{ t = s + imm; }}
insn high : I(3) {{ t = (imm << 16) | zx(s[15:0]); }}
insn lw   : L(4) {{ t = mem[s + imm, 4]; }}
insn sw   : L(5) {{ mem[s + imm, 4] = t; }}
insn bne  : B(6) {{ if s != 0 {{ pc = pc + off; }} }}
insn jal  : J(7) {{ t = pc + 4; pc = pc + off; }}
insn jr   : L(8) {{ pc = s + imm & ~3; }}
insn swap : L(9) {{ let old = mem[s + imm, 4, write]; mem[s + imm, 4] = t; t = old; }}
"""

NO_ZERO = """
isa nozero extends pg32v "no register is zero";
registers r[16] { zero; ra; sp; gp; tp; t0; t1; t2; s0 fp; s1; a0; a1; a2; a3; a4; a5; }
"""


def kernel(registers: str, mode: str, paging: str, size: int = 4) -> str:
    """A machine with modes, traps and a timer, of so many registers (log2: 2 or 3)."""
    width = {4: 2, 8: 3}[size]
    return f"""
isa kernel "a kernel's machine";
registers x[{size}] {{ {registers} }}
control st {{ MODE 1:0; IE 2; PMODE 4:3; PIE 5; }}
control tv @0 {{ BASE 31:2; }}
control ep @1;
control ca @2;
control va @3;
control en @4 {{ LINES 3:0; }}
control pe @5 {{ TIMER 0 = reached({{dh, dl}}); SOFT 3; }}
control dl @6 reset 0xffffffff;
control dh @7 reset 0xffffffff;
control now @8 = time()[31:0];
control pt @9 {{ ON 0; ROOT 31:12; }}
{mode}
on reset() {{ st.MODE = SUPER; }}
cause illegal = 0; cause syscall = 3; cause fetch_fault = 5; cause load_fault = 6; cause store_fault = 7; cause bus = 9;
on trap(number, value) unless tv == 0 {{
    ep = pc; ca = number; va = value; st.PMODE = st.MODE; st.PIE = st.IE; st.MODE = SUPER; st.IE = 0; pc = tv;
}}
on undefined() {{ trap illegal(word); }}
on absent(address) {{ trap bus(address); }}
interrupts {{ enable st.IE; pending en & pe; cause 0x80000000 | line; value 0; }}
{paging}
operand rd rs rt : register;
operand imm : signed 16;
operand cr : control;
operand off : relative 18;
format I(op) : op:8 rd rs 0:{8 - 2 * width} imm "{{rd}}, {{rs}}, {{imm}}";
format L(op) : op:8 rd rs 0:{8 - 2 * width} imm "{{rd}}, {{imm}}({{rs}})";
format B(op) : op:8 rd rs 0:{8 - 2 * width} off[17:2] "{{rd}}, {{rs}}, {{off}}";
format C(op) : op:8 rd rs 0:{20 - 2 * width} cr "{{rd}}, {{rs}}, {{cr}}";
format Z(op) : op:8 0:24 "";
insn addi : I(1) {{ rd = rs + imm; }}
insn high : I(2) {{ rd = rs + (imm << 16); }}
insn lw   : L(4) {{ rd = mem[rs + imm, 4]; }}
insn sw   : L(5) {{ mem[rs + imm, 4] = rd; }}
insn bne  : B(6) {{ if rd != rs {{ pc = pc + off; }} }}
insn jal  : B(7) {{ rd = pc + 4; pc = pc + off; }}
insn jr   : L(8) {{ pc = rs + imm & ~3; }}
insn xchg : L(9) {{ let old = mem[rs + imm, 4, write]; mem[rs + imm, 4] = rd; rd = old; }}
insn call : Z(10) {{ trap syscall(0); }}
insn rdc  : C(11) {{ rd = csr[cr]; }}
insn wrc  : C(12) {{ csr[cr] = rs; }}
insn ret  : Z(13) {{ st.MODE = st.PMODE; st.IE = st.PIE; pc = ep; }}
insn on   : Z(14) {{ st.IE = 1; }}
insn idle : Z(15) {{ wait; }}
insn tlb  : Z(16) {{ flush; }}
insn exit : L(17) {{ port[rs[15:0]] = rd; }}
guard rdc wrc ret on idle tlb exit {{ require st.MODE == SUPER else illegal(word); }}
"""


PAGES = """paging when pt.ON {
    page 12; levels LEVELS; root pt.ROOT;
    entry 4 { V 0; R 1; W 2; X 3; U 4; A 6; D 7; PPN 31:12; }
    frame PPN; invalid !V; leaf R | W | X; denied st.MODE == USER & !U;
    fetch X else fetch_fault; load R else load_fault; store W else store_fault; accessed A; dirty D;
}"""


def with_modes(text: str, supervisor: int, user: int) -> str:
    return text.replace("SUPER", str(supervisor)).replace("USER", str(user))


def pages(levels: str) -> str:
    return PAGES.replace("LEVELS", levels)


MODE = "mode st.MODE supervisor SUPER user USER;"
FOUR, EIGHT = "z = 0; a; b; c;", "z = 0; a; b; c; d; e; f; g;"

MACHINES = {
    "an operand that nobody reads": MIPS,
    "one register": ONE,
    "two registers": TWO,
    "no zero": NO_ZERO,
    "few registers": with_modes(kernel(FOUR, MODE, pages("10 10")), 0, 3),
    "a supervisor above its users": with_modes(kernel(EIGHT, MODE, pages("10 10"), size=8), 3, 0),
    "a supervisor between its users": with_modes(kernel(EIGHT, MODE, pages("10 10"), size=8), 1, 2),
    "large tables": with_modes(kernel(EIGHT, MODE, pages("4 16"), size=8), 0, 3),
    "a large root": with_modes(kernel(EIGHT, MODE, pages("16 4"), size=8), 0, 3),
    "one table": with_modes(kernel(EIGHT, MODE, pages("20"), size=8), 0, 3),
    "halves that do not meet": with_modes(kernel(EIGHT, MODE, "", size=8), 0, 3).replace("imm << 16", "imm << 18"),
    "no paging": with_modes(kernel(EIGHT, MODE, "", size=8), 0, 3),
}
"""What is peculiar about a machine -> its description."""


def without(text: str, *beginnings: str) -> str:
    """A description without the lines that begin like this."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(beginnings))


MACHINES["no interrupts"] = without(with_modes(kernel(EIGHT, MODE, pages("10 10"), size=8), 0, 3), "interrupts")
MACHINES["no modes"] = without(
    with_modes(kernel(EIGHT, "", "", size=8), 0, 3).replace("st.MODE = 0; ", "").replace("st.PMODE = st.MODE; ", ""),
    "guard",
    "on reset",
)
MACHINES["pages larger than RAM"] = (
    with_modes(kernel(EIGHT, MODE, pages("12"), size=8), 0, 3)
    .replace("page 12", "page 20")
    .replace("PPN 31:12", "PPN 31:20")
)
MACHINES["a write that waits"] = MACHINES["few registers"].replace(
    "insn wrc", "insn nap : L(18) { tv = rs; wait; }\ninsn wrc"
)
MACHINES["no traps"] = without(MIPS, "insn jal")
