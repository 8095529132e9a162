"""Random descriptions: PG32 with other instructions, guards, rights, computed registers, pages, traps and resets.

They are texts; a finding is printed with what it needs of its description.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ring1.dbt.fuzz.expressions import value, word
from ring1.dbt.fuzz.layout import DATA, MORE_DATA, ROOTS, SUBROUTINES

MACHINES = ("pg32", "pg32v", "pg32v", "pg32v")
"""The machines to extend: mostly one for which all techniques are equivalent."""
GUARDED = ("mul", "sub", "xor", "sra", "lw", "sb", "sh", "beq", "jalr", "swap", "div", "rdtime")
PAGES = {11: "10 11", 13: "9 10", 12: "10 10"}
"""log2 of a page's size in bytes -> index bits of the tables."""


PLACES = tuple(f"{page:#x}" for page in (DATA, SUBROUTINES, MORE_DATA, ROOTS[0]))
"""Physical addresses of pages that programs use."""


class Draft:
    """A description in the making: each part may use what earlier parts have added."""

    def __init__(self, r: Random) -> None:
        self.r = r
        self.items: list[str] = []
        self.codes = iter(range(0xA0, 0xF0))
        self.numbers = iter(range(12, 16))
        """Free numbers in the control-register file."""
        self.bits = ["psw.FLAGS[0]", "psw.FLAGS[7]"]
        """Bits of control registers that something may depend on."""
        self.enable, self.pending = "psw.IE", "ie & ip"

    def chance(self, probability: float) -> bool:
        return self.r.random() < probability

    def insn(self, form: str, body: str) -> None:
        code = next(self.codes)
        self.items.append(f"insn g{code:x} : {form}({code:#x}) {{ {body} }}")

    def control(self, rest: str) -> str | None:
        """Add a control register that programs can write, if a number is free; `$` is its name. Returns it, or
        None."""
        number = next(self.numbers, None)
        if number is None:
            return None
        self.items.append(f"control own{number} @{number} {rest}".replace("$", f"own{number}"))
        return f"own{number}"


def computing(d: Draft) -> None:
    """Add instructions on intermediate values of up to 64 bits."""
    r = d.r
    for _ in range(r.randint(2, 5)):
        form = r.choice(("R", "R", "I"))
        leaves = ("rs1", "rs2") if form == "R" else ("rs1", "imm", "rs1")
        guard = ""
        if d.chance(0.3):
            guard = f"require {value(r, 1, 1, leaves)} else {r.choice(('divzero', 'illegal(word)', 'breakpoint'))}; "
        d.insn(form, f"{guard}rd = {word(r, leaves)};")


def accessing(d: Draft) -> None:
    """Add loads and stores with oddly computed addresses."""
    r = d.r
    for _ in range(r.randint(1, 3)):
        size, address = r.choice((1, 2, 4)), word(r, ("rs1", "rs2"))
        plain = "rs1" if d.chance(0.3) else address
        match r.randrange(3):
            case 0:
                d.insn("R", f"mem[{address}, {size}] = {value(r, 8 * size, 1, ('rd', 'rs1'))};")
            case 1:
                d.insn("R", f"rd = {r.choice(('zx', 'sx'))}(zx(mem[{address}, {size}], 40), 64)[35:4];")
            case _:
                stored = word(r, ("rs2", "old"))
                d.insn("R", f"let old = mem[{plain}, 4, write]; mem[{plain}, 4] = {stored}; rd = old;")


def branching(d: Draft) -> None:
    d.insn("B", f"if {value(d.r, 1, 2, ('rs1', 'rs2'))} {{ pc = pc + off; }}")


def computed(d: Draft) -> None:
    """Add control registers that are computed from others, and uses of them."""
    r = d.r
    d.items.append("control gate = zx(psw.IE);")
    d.items.append("control some = zx(psw.FLAGS);")
    d.items.append("control lines = ie & ip;")
    d.enable = r.choice(("gate[0]", "gate[0]", "gate[0] & !some[3]", "psw.IE & !some[0]"))
    d.pending = r.choice(("lines", "lines", "ie & ip"))
    d.bits += ["some[1]", "some[6]"]
    if d.chance(0.5):
        d.insn("D", f"rd = {r.choice(('gate', 'some', 'lines'))};")


def numbering(d: Draft) -> None:
    """Add instructions that go by the numbers of registers, or of control registers, and one with bits that do not
    matter beside a more specific one."""
    r = d.r
    other = r.choice(("#rs2", "#rd", f"{r.randrange(16)}"))
    d.insn("R", f"if #rs1 == {other} {{ rd = {word(r, ('rs1', 'rs2'))}; }} else {{ rd = zx(#rs2) + rs1; }}")
    if d.chance(0.5):
        d.insn("DC", f"require #cr[{r.randrange(4)}] == {r.randrange(2)} else privileged(word); rd = zx(#cr);")
    if d.chance(0.5):
        code = next(d.codes)
        d.items.append('format Any(op) : op:8 rd rs1 rs2 any:12 "{rd}, {rs1}, {rs2}";')
        d.items.append(f"insn g{code:x}.any : Any({code:#x}) {{ rd = {word(r, ('rs1', 'rs2'))}; }}")
        d.items.append(f"insn g{code:x} : H({code:#x}) {{ rd = rs1 + shamt; }}")


def registers(d: Draft) -> None:
    """Add control registers without any function."""
    name = d.control("{ A 0; B 1; C 31:4; }")
    if name is not None:
        d.bits += [f"{name}.A", f"{name}.B", f"{name}.C[3]"]


def owning(d: Draft) -> None:
    """Add instructions by which programs, in any mode, write and read what is theirs of the processor status."""
    d.insn("X", "psw.FLAGS = rs1[15:8];")
    d.insn("D", d.r.choice(("rd = zx(psw.FLAGS);", "rd = zx(psw.FLAGS) << 8;")))


def viewing(d: Draft) -> None:
    """Add a control register whose description says what a write does."""
    mask = d.r.choice(("0x7", "0xd", "zx(psw.FLAGS)"))
    d.control(
        d.r.choice(
            (
                f"= ie & {mask} set v {{ ie = ie & ~({mask}) | v & {mask}; }}",
                "{ A 3:0; B 31:8; } set v { $.B = v[31:8]; if v[2] { $.A = v[3:0]; } else { psw.FLAGS = 0x55; } }",
                "= psw set v { psw.FLAGS = v[15:8]; psw.IE = v[2]; }",
            )
        )
    )


def rights(d: Draft) -> None:
    """Make the rights of pages depend on control bits, and change the page size."""
    r = d.r
    page = r.choice((12, 12, 12, 12, 11, 13))

    def either(plain: str, other: str) -> str:
        return f"{plain} {other.replace('@', r.choice(d.bits))}" if d.chance(0.4) else plain

    who, data = "psw.RING", ""
    if d.chance(0.3):
        who, bit = "who", r.choice(d.bits)
        data = f"who fetch psw.RING; who data {bit} == 1 ? {r.choice(('psw.PRING', '3', '0'))} : psw.RING;"
    on = r.choice(("ptb.EN", f"ptb.EN & {who} != 1")) if data else "ptb.EN"
    frame = f"PPN 31:{page}"
    root = "ptb.ROOT << 1" if page < 12 else f"ptb.ROOT[19:{page - 12}]"
    d.items.append(f"""paging when {on} {{
    {data}
    page {page};
    levels {PAGES[page]};
    root {root};
    entry 4 {{ V 0; R 1; W 2; X 3; U 4; G 5; A 6; D 7; {frame}; }}
    frame    PPN;
    invalid  {either("!V | W & !R", "| G & @")};
    leaf     {either("R | W | X", "| G & @ & U")};
    denied   {either(f"{who} == 3 & !U", r.choice(("& !@", "| U & G & @")))};
    fetch    {either("X", "& !(G & @)")} else fetch_page_fault;
    load     {either("R", r.choice(("| X & @", "& !(U & @)", "& !@")))} else load_page_fault;
    store    {either("W", r.choice(("& !@", "& !(G & @)")))} else store_page_fault;
    accessed A;
    dirty    D;
}}""")


def delegating(d: Draft) -> None:
    """Add a second handler, in another ring, for traps of programs."""
    name = d.control("{ BASE 31:2; }")
    if name is None:
        return
    bit = d.r.choice((f"{name} != 0", *d.bits))
    d.items.append(f"""on trap(number, value) unless tvec == 0 {{
    epc = pc;
    cause = number;
    tval = value;
    psw.PRING = psw.RING;
    psw.PIE = psw.IE;
    if psw.RING != 0 & {bit} {{ psw.RING = {d.r.choice((0, 1, 2))}; pc = {name}; }} else {{ psw.RING = 0; pc = tvec; }}
    psw.IE = 0;
}}""")


def physical(d: Draft) -> None:
    """Add instructions of the supervisor's that access memory by physical address, and exits of programs that do."""
    r = d.r

    def place(*leaves: str) -> str:
        base = r.choice((*leaves, f"({r.choice(leaves)} & 0xf000)", r.choice(PLACES), word(r, leaves)))
        return f"{base} + {4 * r.randrange(64)}" if d.chance(0.5) else base

    for _ in range(r.randint(2, 4)):
        a, b = place("rs1", "rs1", "rs2"), place("rs1", "rs2")
        new = word(r, ("rs1", "rs2", "old"))
        what = r.choice(
            (
                f"rd = phys[{a}];",
                f"let old = phys[{a}]; phys[{a}] = {new}; rd = old;",
                f"let old = rs1; phys[{a}] = rs2; phys[{b}] = {new};",
                f"let old = phys[{a}]; if {value(r, 1, 1, ('rs1', 'old'))} "
                f"{{ phys[{b}] = {new}; psw.FLAGS = old[7:0]; }}",
                f"let old = phys[{b}]; psw.FLAGS = old[15:8]; phys[{a}] = phys[{b}] + 1;",
            )
        )
        d.insn("R", f"require psw.RING == 0 else privileged(word); {what}")
    if not d.chance(0.6):
        return
    at = r.choice((*PLACES, "scratch & 0xfffff000", "epc & 0xf000"))
    told = r.choice(("fetched()", "value", "tval"))
    which = r.choice(("number == 3", "number == 1", "number[31]", "!number[31]"))
    d.items.append(f"""on exit(number, value) when psw.RING != 0 & {which} {{
    let at = epc & 0 | {at};
    phys[at + {4 * r.randrange(64)}] = number == 3 ? {told} : pc;
    phys[at + {4 * r.randrange(64)}] = {r.choice(("psw", "cause", "ie", "number", "value"))};
    epc = pc;
    pc = tvec;
    cause = number;
    tval = phys[at + {4 * r.randrange(64)}];
    psw = psw & 0xff00 | zx(psw[2:0]) << 3;
    {r.choice(("", "ie = ie & ~phys[at];", "ptb = ptb & ~0x100;", "flush;"))}
}}""")


def interrupting(d: Draft) -> None:
    """Have interrupts depend on computed bits, take them in another order, or have some that are never switched off in
    programs."""
    r = d.r
    some = r.choice(("0x7", "0xc", "zx(psw.FLAGS)", "zx(psw.FLAGS) | 8"))
    masks = (f"{d.enable} ? {some} : 0", f"psw.RING != 0 ? ~0 : {d.enable} ? {some} : 0")
    d.enable = r.choice(masks) if d.chance(0.4) else d.enable
    order = f"order {' '.join(map(str, r.sample(range(4), r.randint(1, 4))))};" if d.chance(0.4) else ""
    if (d.enable, d.pending, order) != ("psw.IE", "ie & ip", ""):
        d.items.append(f"""interrupts {{
    enable {d.enable};
    pending {d.pending};
    {order}
    cause 0x80000000 | line;
    value 0;
}}""")


def guarding(d: Draft) -> None:
    """Add guards: instructions trap in some modes, or depending on control bits."""
    names = d.r.sample(GUARDED, d.r.randint(1, 3))
    condition = d.r.choice(("psw.RING != 2", "psw.RING == 0 | @", "!@", "psw.RING[0] == 0"))
    condition = condition.replace("@", d.r.choice(d.bits))
    d.items.append(f"guard {' '.join(names)} {{ require {condition} else privileged(word); }}")


def resetting(d: Draft) -> None:
    """Change the reset state."""
    start = d.r.choice(("", "", "psw.FLAGS = 0x81; ", "scratch = 0xfffffff0; ", "timecmp = 50; timecmph = 0; "))
    d.items.append(f"on reset() {{ a0 = memory_size(); a1 = vmid; {start}s0 = a0 >>u 3; }}")


PARTS: tuple[tuple[Callable[[Draft], None], float], ...] = (
    (registers, 0.5),
    (owning, 0.4),
    (viewing, 0.3),
    (computed, 0.5),
    (rights, 0.6),
    (delegating, 0.3),
    (interrupting, 1.0),
    (computing, 0.7),
    (accessing, 0.5),
    (branching, 0.4),
    (numbering, 0.4),
    (guarding, 0.3),
    (resetting, 0.3),
    (physical, 0.4),
)
"""The parts, in the order of their dependencies, with their probabilities."""


def description(r: Random) -> str:
    """Draw a description."""
    d = Draft(r)
    for part, share in PARTS:
        if d.chance(share):
            part(d)
    base = r.choice(MACHINES)
    return "\n".join((f'isa generated extends {base} "a machine by chance";', *d.items)) + "\n"
