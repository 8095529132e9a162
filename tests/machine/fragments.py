"""Pieces of random guest programs; tests/machine/generator.py puts them together.

A piece depends on nothing but its own seed and the addresses of labels: dropping another one does not change it.
"""

from __future__ import annotations

from random import Random

from tests.machine.builder import Program

EDGES = (
    0,
    1,
    2,
    3,
    4,
    31,
    32,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0xFFFFFFFF,
)
REGISTERS = ("zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5")
TARGETS = tuple(r for r in REGISTERS if r not in ("s0", "s1", "ra"))
"""Written by most fragments; loops count in s0 and s1."""
THREE = ("add", "sub", "and", "or", "xor", "sll", "srl", "sra", "slt", "sltu", "mul", "mulh", "mulhsu", "mulhu")
DIVISIONS = ("div", "divu", "rem", "remu")
IMMEDIATE = ("addi", "slti", "sltiu", "andi", "ori", "xori")
SHIFTS = ("slli", "srli", "srai")
LOADS, STORES = ("lb", "lbu", "lh", "lhu", "lw"), ("sb", "sh", "sw")
BRANCHES = ("beq", "bne", "blt", "bge", "bltu", "bgeu")
READABLE = ("tvec", "epc", "cause", "tval", "scratch", "ie", "ip", "time", "timeh", "timecmp", "timecmph", "vmid")
SUBROUTINES, HANDLER, DATA, ROOT, OTHER_ROOT, TABLE = 0x2000, 0x3000, 0x4000, 0x8000, 0x9000, 0xA000
SIZE = 0x10000


def arithmetic(r: Random, targets: tuple[str, ...] = TARGETS) -> tuple[str, tuple[int | str, ...]]:
    """One instruction that only computes."""
    rd, rs1, rs2 = r.choice(targets), r.choice(REGISTERS), r.choice(REGISTERS)
    kind = r.randrange(10)
    if kind < 4:
        return r.choice(THREE), (rd, rs1, rs2)
    if kind < 7:
        return r.choice(IMMEDIATE), (rd, rs1, r.choice((0, 1, -1, -0x8000, 0x7FFF, r.randrange(-0x8000, 0x8000))))
    if kind < 8:
        return r.choice(SHIFTS), (rd, rs1, r.choice((0, 1, 31, r.randrange(32))))
    if kind < 9:
        return r.choice(("lui", "auipc")), (rd, r.choice((0, 1, 0x80000, 0xFFFFF, r.randrange(1 << 20))))
    return r.choice(("rdtime", "getpsw", "getptb")), (rd,)


def word_of(r: Random) -> int:
    """An instruction word to store as code: mostly a legal one."""
    if r.random() < 0.1:
        return r.choice((0, 0xFFFFFFFF, r.getrandbits(32)))
    name, operands = arithmetic(r)
    p = Program()
    p(name, *operands)
    return int.from_bytes(p.image(), "little")


class Writer:
    """Writes a program's fragments."""

    def __init__(self, p: Program) -> None:
        self.p = p
        self.count = 0

    def label(self) -> str:
        self.count += 1
        return f"l{self.count}"

    def fragment(self, kind: str, r: Random) -> None:
        getattr(self, kind)(r)

    def some(self, r: Random, least: int = 0, most: int = 5) -> None:
        for _ in range(r.randint(least, most)):
            name, operands = arithmetic(r)
            self.p(name, *operands)

    def base(self, r: Random, register: str) -> None:
        """An address in a register: mostly of data, now and then anything."""
        near = r.choice((DATA, DATA + 0xFFC, DATA + 0x1FFE, 0xB000, SIZE - 4)) + r.randrange(-8, 9)
        wild = r.choice(
            (SIZE - 2, SIZE, 0xFFFFFFFE, 0x400000, 0x7FFFFFFC, 0x10000 + 0x1000 * r.randrange(16), r.getrandbits(32))
        )
        code = r.choice((0, SUBROUTINES, HANDLER)) + r.randrange(0, 0x200)
        table = r.choice((ROOT, OTHER_ROOT, TABLE)) + 4 * r.randrange(0, 24)
        self.p.li(register, r.choices((near, wild, code, table), (20, 4, 1, 1))[0])

    # --- Kinds of fragments --------------------------------------------------

    def alu(self, r: Random) -> None:
        self.some(r, 1, 12)

    def edges(self, r: Random) -> None:
        for _ in range(r.randint(1, 5)):
            self.p.li(r.choice(TARGETS), r.choice((*EDGES, r.getrandbits(32))))

    def divide(self, r: Random) -> None:
        self.edges(r)
        self.p(r.choice(DIVISIONS), r.choice(TARGETS), r.choice(REGISTERS), r.choice(REGISTERS))

    def access(self, r: Random) -> None:
        base = r.choice(TARGETS[1:])
        self.base(r, base)
        for _ in range(r.randint(1, 6)):
            offset = r.choice((0, 1, 2, 3, 4, -1, -4, r.randrange(-0x20, 0x20), r.randrange(-0x8000, 0x8000)))
            if r.random() < 0.5:
                self.p(r.choice(LOADS), r.choice(TARGETS), offset, base)
            else:
                self.p(r.choice(STORES), r.choice(REGISTERS), offset, base)

    def atomic(self, r: Random) -> None:
        base, rd = r.choice(TARGETS[1:]), r.choice(TARGETS)
        self.base(r, base)
        if r.random() < 0.8:
            self.p("andi", base, base, -4)
        if r.random() < 0.5:
            self.p("lw", rd, 0, base)  # so that the comparison may hold
        self.p(r.choice(("swap", "cas")), rd, r.choice(REGISTERS), base)

    def branch(self, r: Random) -> None:
        over = self.label()
        self.p(r.choice(BRANCHES), r.choice(REGISTERS), r.choice(REGISTERS), over)
        self.some(r, 1, 3)
        self.p.label(over)

    def loop(self, r: Random) -> None:
        counter, again = r.choice(("s0", "s1")), self.label()
        self.p.li(counter, r.choice((1, 2, 3, 5, 20, 60)))
        self.p.label(again)
        for _ in range(r.randint(1, 3)):
            self.fragment(r.choice(INSIDE), Random(r.getrandbits(32)))
        self.p("addi", counter, counter, -1)
        self.p(*r.choice((("bne", counter, "zero", again), ("blt", "zero", counter, again))))

    def spin(self, r: Random) -> None:
        """A hot loop, with nothing in it for which generated code must leave but what goes wrong."""
        counter, again = r.choice(("s0", "s1")), self.label()
        self.p.li(counter, r.choice((10, 30, 60, 100)))
        self.p.label(again)
        for _ in range(r.randint(1, 3)):
            self.fragment(r.choice(PURE), Random(r.getrandbits(32)))
        self.p("addi", counter, counter, -1)
        self.p("bne", counter, "zero", again)

    def call(self, r: Random) -> None:
        self.p("jal", r.choice(("ra", "ra", "ra", "t0", "zero")), f"sub{r.randrange(4)}")

    def indirect(self, r: Random) -> None:
        register, there = r.choice(TARGETS[1:]), self.label()
        offset = r.choice((0, 0, 1, 2, 3, -8, 16))
        self.p.li(register, there)
        self.p("addi", register, register, -offset)
        self.p("jalr", r.choice(("zero", "ra", register)), offset, register)
        self.some(r, 1, 2)
        self.p.label(there)

    def astray(self, r: Random) -> None:
        self.p.li("t2", r.choice((SIZE, SIZE - 4, 0xFFFFFFFC, DATA, 0x2FFC, r.getrandbits(32), r.randrange(SIZE))))
        self.p(*r.choice((("jalr", "ra", 0, "t2"), ("jru", "t2"))))

    def trap(self, r: Random) -> None:
        number = r.choice((0, 1, 2, 3, 0xFFFF, r.getrandbits(16)))
        name = r.choice(("syscall", "brk", "hcall", "word"))
        if name == "word":
            self.p.word(word_of(r) if r.random() < 0.2 else r.choice((0, 0xFFFFFFFF, 0xDEADBEEF)))
        else:
            self.p(name, *([] if name == "brk" else [number]))

    def ring(self, r: Random) -> None:
        way = r.randrange(4)
        if way == 0:
            there = self.label()
            self.p.li("t2", there)
            self.p("jru", "t2")
            self.some(r, 0, 2)
            self.p.label(there)
        elif way == 1:
            self.p("syscall", r.randrange(4))  # the handler returns to that ring
        elif way == 2:
            self.p.li("t0", r.getrandbits(16))
            self.p("setpsw", "t0")
        else:
            there = self.label()
            self.p.control("epc", there, r.choice(("t0", "a3")))
            self.p("rfe")
            self.p.label(there)

    def home(self, r: Random) -> None:
        self.p("syscall", 0)

    def status(self, r: Random) -> None:
        self.p("getpsw", r.choice(TARGETS))
        self.p("setpsw", r.choice(REGISTERS) if r.random() < 0.2 else "zero")
        self.p("getpsw", r.choice(TARGETS))

    def control(self, r: Random) -> None:
        for _ in range(r.randint(1, 3)):
            if r.random() < 0.5:
                self.p("rdcr", r.choice(TARGETS), r.choice(READABLE))
            else:
                # tvec and timecmp only now and then, and timecmph not at all: the rest would hardly be reached.
                name = r.choice(("epc", "cause", "tval", "scratch", "ie", "ip", "time", "timeh", "vmid"))
                self.p("wrcr", r.choice(("tvec", "timecmp")) if r.random() < 0.03 else name, r.choice(REGISTERS))

    def timer(self, r: Random) -> None:
        self.p("rdtime", "t0")
        self.p("addi", "t0", "t0", r.choice((0, 1, 2, 3, 5, 8, 20, 100, 300, -5)))
        self.p("wrcr", "timecmp", "t0")
        self.p.control("ie", r.choice((1, 1, 15, 9)))
        self.p(r.choice(("sti", "sti", "sti", "cli")))

    def halt(self, r: Random) -> None:
        self.timer(r)
        self.p("hlt")

    def soft(self, r: Random) -> None:
        self.p.control("ip", r.choice((8, 15, 7, 0)))
        self.p.control("ie", r.choice((8, 15, 7)))
        self.p(r.choice(("sti", "cli")))

    def console(self, r: Random) -> None:
        self.p.li("t1", r.choice((0, 0, 0, 1, 0x10000)))
        self.p(
            "out" if r.random() < 0.6 else "in", *(("t1", r.choice(REGISTERS)) if r.random() < 0.5 else ("t0", "t1"))
        )

    def listen(self, r: Random) -> None:
        """The console's line switched on or off, and waited for or not."""
        self.p.out(1, r.choice((0, 1, 1, 3)))
        self.p.control("ie", r.choice((0, 2, 3, 15)))
        self.p(*r.choice((("sti",), ("cli",), ("in", "a0", "zero"), ("hlt",))))

    def ports(self, r: Random) -> None:
        port = r.choice((1, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x99, 0xFFFF))
        self.p.li("t1", port)
        self.p("in", r.choice(TARGETS), "t1")

    def disk(self, r: Random) -> None:
        self.p.out(0x10, r.choice((0, 1, 2, 7, 8, 0xFFFFFFFF)))
        self.p.out(0x11, r.choice((DATA, 0xB001, SUBROUTINES, SIZE - 512, SIZE - 511, 0xFFFFFFFF)))
        self.p.out(0x12, r.choice((0, 1, 1, 2, 0xFFFFFFFF)))
        self.p.out(0x13, r.choice((1, 1, 2, 3, 0, 4)))
        if r.random() < 0.5:
            self.p.control("ie", r.choice((4, 5, 15)))
            self.p(r.choice(("sti", "hlt")))

    def locate(self, r: Random) -> None:
        register = r.choice(TARGETS[1:])
        self.base(r, register)
        self.p("lra", r.choice(TARGETS), register)

    def patch(self, r: Random) -> None:
        """A store to an instruction a little ahead, or behind."""
        place = self.label()
        behind = r.random() < 0.3
        if behind:
            self.some(r, 0, 1)
            self.p.label(place)
            self.some(r, 1, 1)
        word, size = word_of(r), r.choice(("sw", "sw", "sw", "sh", "sb"))
        self.p.li("t0", word)
        self.p.li("t1", place)
        self.some(r, 0, 2)
        self.p(size, "t0", r.choice((0, 0, 0, 1, 2, 3)), "t1")
        self.some(r, 0, 4)
        if not behind:
            self.p.label(place)
            self.some(r, 1, 1)

    def rewrite(self, r: Random) -> None:
        """A store to a subroutine, and a call of it."""
        number = r.randrange(4)
        self.p.li("t0", word_of(r))
        self.p.li("t1", f"sub{number}")
        self.p("sw", "t0", 4 * r.randrange(3), "t1")
        self.p("jal", "ra", f"sub{number}")

    def beside(self, r: Random) -> None:
        """Many stores to data in the page of the code itself."""
        again, over, here = self.label(), self.label(), self.label()
        self.p.li("s1", r.choice((3, 12, 30)))
        self.p.li("t1", here)
        self.p.label(again)
        self.p("sw", "s1", 0, "t1")
        self.some(r, 0, 2)
        self.p("addi", "s1", "s1", -1)
        self.p("bne", "s1", "zero", again)
        self.p("jal", "zero", over)
        self.p.label(here)
        self.p.word(0)
        self.p.label(over)

    def pages(self, r: Random) -> None:
        """Paging on, off, or with the other table."""
        self.p.li("t0", r.choice((ROOT | 1, ROOT | 1, OTHER_ROOT | 3, ROOT, 0, ROOT | 0x1FF, 0x00FFF001)))
        self.p("setptb", "t0")
        if r.random() < 0.3:
            self.p("tlbflush")

    def remap(self, r: Random) -> None:
        """A page-table entry changed, with paging on or not."""
        self.p.li("t0", entry(r))
        self.p.li("t1", r.choice((TABLE, TABLE, ROOT, OTHER_ROOT)) + 4 * r.randrange(4, 32))
        self.p("sw", "t0", 0, "t1")
        if r.random() < 0.7:
            self.p("tlbflush")


COMPUTING = ("alu", "edges", "divide", "branch", "call", "indirect")
MEMORY = ("access", "access", "atomic", "locate", "patch", "rewrite")
PURE = (*COMPUTING, "access", "status", "rewrite")
STATE = ("trap", "ring", "status", "control", "timer", "soft", "console", "ports")
INSIDE = COMPUTING + MEMORY + STATE
"""Kinds of fragments; those that may stand in a loop."""
OUTSIDE = (
    "loop",
    "loop",
    "loop",
    "spin",
    "spin",
    "spin",
    "astray",
    "home",
    "halt",
    "listen",
    "disk",
    "beside",
    "pages",
    "remap",
)
KINDS = INSIDE + OUTSIDE
"""All of them, some more than once."""


def entry(r: Random) -> int:
    """A page-table entry: mostly of a page of RAM, with most rights."""
    frame = r.choice((r.randrange(16), r.randrange(4, 8), 11, 16, 0xFFFFF, r.randrange(1 << 20)))
    return frame << 12 | r.choice((0x1F, 0x17, 0x13, 0x0F, 0x07, 0x03, 0x01, 0x05, 0x1D, 0x00, 0xFF, r.getrandbits(12)))
