"""Random extensions of PG32-like descriptions: instructions whose guards, effects and values depend on the mode, on
what a program owns and on what a monitor keeps; computed, added and shared registers; and rights, interrupts and traps
that use what was the program's."""

from __future__ import annotations

from random import Random

BASES = ("pg32v", "pg32v", "pg32v", "pg32h", "pg32")
BITS = (
    "psw.IE",
    "psw.PIE",
    "psw.FLAGS[0]",
    "psw.FLAGS[5]",
    "psw.RING[0]",
    "ptb.EN",
    "ptb.ASID[2]",
    "ie.LINES[1]",
    "scratch[0]",
    "scratch[31]",
)
WORDS = ("psw", "ptb", "scratch", "tvec", "epc", "cause", "ie", "zx(psw.FLAGS)", "zx(psw.RING)", "zx(ptb.ASID)", "vmid")
FORMS = {"R": ("rs1", "rs2"), "I": ("rs1", "imm"), "D": (), "X": ("rs1",), "DX": ("rs1",)}
"""Format -> the operands that can be read; all but X write to rd."""
CONSTANTS = ("0", "1", "4", "0xff00", "0x1234", "0x80000000", "0xffffffff", "0xfffffffc")


class Extension:
    """A random description from a seed: what it adds, and its text."""

    def __init__(self, seed: int) -> None:
        r = self.r = Random(f"extension {seed}")
        self.base = r.choice(BASES)
        self.bits, self.words = list(BITS), list(WORDS)
        self.items: list[str] = []
        self.added: list[str] = []
        """Names of instructions that are new or have a new guard."""
        for part, share in ((self.shared, 0.5), (self.computed, 0.5), (self.uses, 0.4), (self.saving, 0.2)):
            if r.random() < share:
                part()
        for number in range(r.randint(1, 4)):
            self.insn(0xA0 + number)
        if r.random() < 0.3:
            name = r.choice(("add", "lui", "beq", "sra", "lw", "rdtime"))
            self.items.append(f"guard {name} {{ {self.require()} }}")
            self.added.append(name)
        self.text = "\n".join((f'isa extension extends {self.base} "number {seed}";', *self.items)) + "\n"

    # --- The machine ------------------------------------------------------------------------

    def shared(self) -> None:
        """Add a control register with one half that may be the machine's and one that is the program's."""
        self.items.append("control own @12 { A 0; B 1; C 31:4; }")
        self.bits += ["own.A", "own.B", "own.C[3]"]
        self.words += ["own", "zx(own.C)"]

    def computed(self) -> None:
        one, two = self.r.sample(self.bits, 2)
        self.items.append(f"control made @13 {{ P 0 = {one}; Q 1 = {two} & {self.bit()}; R 9:2 = psw.FLAGS; }}")
        self.bits += ["made.P", "made.Q"]
        self.words += ["made", "zx(made.R)"]

    def uses(self) -> None:
        """Change what decides whether interrupts are taken, or what pages may be used for."""
        bit = self.r.choice([bit for bit in self.bits if not bit.startswith("made")])
        if self.r.random() < 0.5:
            items = f"enable psw.IE & !{bit}; pending ie & ip; cause 0x80000000 | line; value 0;"
            self.items.append(f"interrupts {{ {items} }}")
            return
        self.items.append(f"""paging when ptb.EN {{
    page 12; levels 10 10; root ptb.ROOT;
    entry 4 {{ V 0; R 1; W 2; X 3; U 4; G 5; A 6; D 7; PPN 31:12; }}
    frame PPN; invalid !V | W & !R; leaf R | W | X; denied psw.RING == 3 & !U | G & {bit};
    fetch X else fetch_page_fault; load R else load_page_fault; store W else store_page_fault;
    accessed A; dirty D;
}}""")

    def saving(self) -> None:
        """Have traps save the whole status, and overwrite more of it."""
        self.items.append("control saved @14 { RING 1:0; IE 2; PRING 4:3; PIE 5; FLAGS 15:8; }")
        lost = self.r.choice(("", "psw.FLAGS = 0; ", "scratch = value; "))
        late = self.r.random() < 0.5
        before, after = (lost, "") if late else ("", lost)
        self.items.append(f"""on trap(number, value) unless tvec == 0 {{
    {before}saved = psw; {after}epc = pc; cause = number; tval = value;
    psw.PRING = psw.RING; psw.PIE = psw.IE; psw.RING = 0; psw.IE = 0; pc = tvec;
}}""")
        self.words.append("saved")

    # --- Instructions -----------------------------------------------------------------------

    def bit(self) -> str:
        return self.r.choice(self.bits)

    def test(self, reads: tuple[str, ...], depth: int = 2) -> str:
        """Draw a condition."""
        r = self.r
        kind = r.random()
        if depth and kind < 0.3:
            return f"({self.test(reads, depth - 1)} {r.choice('&|')} {self.test(reads, depth - 1)})"
        if kind < 0.55:
            return f"psw.RING {r.choice(('==', '!=', '<u'))} {r.choice((0, 3, 1, 2))}"
        if kind < 0.75:
            return r.choice(("", "!")) + self.bit()
        if kind < 0.9 and reads:
            return f"({r.choice(reads)} {r.choice(('==', '!=', '<s', '<u'))} {r.choice(CONSTANTS)})"
        compared = r.choice([word for word in self.words if word != "ptb"])  # no table is at a given place
        return f"({compared} {r.choice(('==', '!='))} {r.choice(CONSTANTS)})"

    def word(self, reads: tuple[str, ...], depth: int = 2) -> str:
        """Draw a 32-bit value."""
        r = self.r
        kind = r.random()
        if not depth or kind < 0.25:
            return r.choice((*reads, *reads, *reads, "pc", r.choice(self.words), r.choice(CONSTANTS)))
        if kind < 0.55:
            op = r.choice(("+", "-", "^", "&", "|", "*"))
            return f"({self.word(reads, depth - 1)} {op} {self.word(reads, depth - 1)})"
        if kind < 0.65:
            return f"({self.word(reads, depth - 1)} & {r.choice(('0xff', '0xff00', '0xfffffe00', '1'))})"
        if kind < 0.8:
            return f"({self.test(reads, 1)} ? {self.word(reads, depth - 1)} : {self.word(reads, depth - 1)})"
        if kind < 0.9:
            return f"zx({self.bit()})"
        if kind < 0.95:
            return f"({self.word(reads, depth - 1)} {r.choice(('<<', '>>u'))} {r.choice((1, 8, 12, 31))})"
        return r.choice(("physical(rs1)" if "rs1" in reads else "pc", "memory_size()", "time()[31:0]"))

    def require(self) -> str:
        return f"require {self.test(())} else {self.r.choice(('privileged(word)', 'illegal(word)', 'breakpoint'))};"

    def effect(self, reads: tuple[str, ...], target: str, depth: int = 1) -> str:
        """Draw a statement that changes state."""
        r = self.r
        kind = r.random()
        if depth and kind < 0.3:
            then, other = (self.effect(reads, target, depth - 1) for _ in range(2))
            return f"if {self.test(reads)} {{ {then} }}" + (f" else {{ {other} }}" if r.random() < 0.5 else "")
        if kind < 0.7 and target:
            return f"{target} = {self.word(reads)};"
        plain = self.word(reads, 1)
        return r.choice(
            (
                f"psw.FLAGS = (pc & 0 | {plain})[7:0];",
                f"psw.IE = {self.bit()};",
                "psw.RING = psw.RING;",
                f"scratch = {plain};",
                f"ptb.ASID = (pc & 0 | {plain})[15:8];",
                f"psw = psw & ~0xff00 | {plain} & 0xff00;",
                "psw.FLAGS = psw.FLAGS;",
                "own.B = own.A;" if "own.A" in self.bits else "scratch = scratch;",
                f"own.C = (pc & 0 | {plain})[31:4];" if "own.A" in self.bits else f"scratch = {plain};",
                r.choice(("flush;", "ie.LINES = ie.LINES;", f"tvec = {plain};", "psw.RING = 3;", "epc = epc;")),
            )
        )

    def insn(self, code: int) -> None:
        r = self.r
        form = r.choice([*FORMS])
        reads = FORMS[form]
        target = "" if form == "X" else "rd"
        parts = []
        if r.random() < 0.5:
            parts.append("require psw.RING == 0 else privileged(word);")
        if r.random() < 0.25:
            parts.append(f"let told = {self.test(reads)};")
            parts.append(f"require {r.choice(('told', '!told'))} else {r.choice(('privileged', 'illegal'))}(word);")
        if r.random() < 0.3:
            parts.append(self.require())
        if reads and r.random() < 0.2:
            address = r.choice(("rs1", f"rs1 + {reads[-1]}", "rs1 & ~3", "rs1 + zx(psw.IE)"))
            parts.append(f"let there = mem[{address}, 4];")
            reads = (*reads, "there")
        parts += [self.effect(reads, target) for _ in range(r.randint(1, 3))]
        self.items.append(f"insn x{code:x} : {form}({code:#x}) {{ {' '.join(parts)} }}")
        self.added.append(f"x{code:x}")
