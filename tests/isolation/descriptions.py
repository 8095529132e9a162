"""Descriptions by chance: extensions of pg32v by instructions that compute with values of every width, by every
operator, and use what comes of it as operand, address, port, target, divisor and count.
"""

from __future__ import annotations

from random import Random

FIRST = 0xA0
"""Opcode of the first instruction."""
MOST = 24
WIDTHS = (1, 2, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 36, 40, 41, 48, 63, 64)
WIDEST = 128
BINARY = ("+", "-", "*", "&", "|", "^", "/u", "/s", "%u", "%s")
SHIFTS = ("<<", ">>u", ">>s")
RELATIONS = ("==", "!=", "<s", "<u", "<=s", "<=u", ">s", ">u", ">=s", ">=u")
SIZES = (1, 2, 4)


class Writer:
    """Writes one instruction. Each method gives the text of an expression of a width in bits."""

    def __init__(self, r: Random, immediate: bool) -> None:
        self.r = r
        self.operands = ["rs1", "rd", "imm"] if immediate else ["rs1", "rs2", "rd"]
        self.loads = r.choice((0, 0, 0, 1, 1, 2))
        """Loads that it may still have."""
        self.locals: list[tuple[str, int]] = []

    def width(self) -> int:
        """Of something that any width will do for."""
        r = self.r
        if r.random() < 0.03:
            return r.randint(65, WIDEST)
        return r.choice(WIDTHS) if r.random() < 0.8 else r.randint(1, 64)

    def number(self, width: int) -> str:
        r, ones = self.r, (1 << width) - 1
        return hex(r.choice((0, 1, 2, ones, ones >> 1, (ones >> 1) + 1, r.getrandbits(width), width, 31, 32)) & ones)

    def word(self) -> str:
        r = self.r
        if r.random() < 0.06:
            return r.choice(("pc", "word", "time()[31:0]", "memory_size()"))
        return r.choice(self.operands)

    def leaf(self, width: int, depth: int = 0) -> str:
        r = self.r
        fits = [name for name, wide in self.locals if wide == width]
        if fits and r.random() < 0.6:
            return r.choice(fits)
        if width == 32:
            return self.word()
        if width == 64 and r.random() < 0.2:
            return "time()"
        if width < 32:
            low = r.choice((0, 0, r.randint(0, 32 - width)))
            return f"{self.word()}[{low + width - 1}:{low}]"
        return f"{r.choice(('sx', 'zx'))}({self.word()}, {width})"

    def expr(self, width: int, depth: int) -> str:
        r = self.r
        if depth <= 0:
            return self.leaf(width)
        kinds = ["binary", "binary", "binary", "slice", "slice", "shift", "unary", "select", "leaf"]
        if width == 1:
            kinds = ["relation", "relation", "invert", "slice", "select"]
        if width > 1:
            kinds += ["concat", "extend"]
        if width in (8, 16, 32) and self.loads:
            kinds += ["load", "load"]
        if width == 64:
            kinds += ["product", "product"]
        text: str = getattr(self, r.choice(kinds))(width, depth - 1)
        return text

    def binary(self, width: int, depth: int) -> str:
        left = self.expr(width, depth)
        right = self.number(width) if self.r.random() < 0.25 else self.expr(width, depth - 1)
        return f"({left} {self.r.choice(BINARY)} {right})"

    def shift(self, width: int, depth: int) -> str:
        r = self.r
        how = r.random()
        if how < 0.4:
            count = str(r.choice((0, 1, width - 1, width, width + 1, 31, 32, 63, 64, r.randrange(256))) & 0xFF)
        elif how < 0.6:
            count = f"{self.word()}[4:0]"
        else:
            count = self.expr(r.choice((5, 6, 8, 32, self.width())), depth - 1)
        return f"({self.expr(width, depth)} {r.choice(SHIFTS)} {count})"

    def unary(self, width: int, depth: int) -> str:
        return f"({self.r.choice('~-')}{self.expr(width, depth)})"

    def select(self, width: int, depth: int) -> str:
        return f"({self.expr(1, depth)} ? {self.expr(width, depth)} : {self.expr(width, depth - 1)})"

    def slice(self, width: int, depth: int) -> str:
        r = self.r
        whole = min(width + r.choice((1, 3, 4, 8, 9, 16, 31, 32)), WIDEST if r.random() < 0.1 else max(64, width))
        if whole <= 32 < 64 and r.random() < 0.5:
            whole = r.choice((33, 40, 63, 64))
        low = r.choice((0, whole - width, r.randint(0, whole - width)))
        return f"({self.expr(whole, depth)})[{low + width - 1}:{low}]"

    def concat(self, width: int, depth: int) -> str:
        part = self.r.randint(1, width - 1)
        return f"{{{self.expr(part, depth)}, {self.expr(width - part, depth - 1)}}}"

    def extend(self, width: int, depth: int) -> str:
        return f"{self.r.choice(('sx', 'zx'))}({self.expr(self.r.randint(1, width), depth)}, {width})"

    def product(self, width: int, depth: int) -> str:
        a, b = (f"{self.r.choice(('sx', 'zx'))}({self.expr(32, depth - 1)}, {width})" for _ in range(2))
        return f"({a} * {b})"

    def relation(self, width: int, depth: int) -> str:
        between = self.width()
        right = self.number(between) if self.r.random() < 0.25 else self.expr(between, depth - 1)
        return f"({self.expr(between, depth)} {self.r.choice(RELATIONS)} {right})"

    def invert(self, width: int, depth: int) -> str:
        return f"(!{self.expr(1, depth)})"

    def load(self, width: int, depth: int) -> str:
        if not self.loads:
            return self.leaf(width)
        self.loads -= 1
        return f"mem[{self.address(depth)}, {width // 8}]"

    def address(self, depth: int) -> str:
        """Of 32 bits, most often cut out of something wider."""
        r = self.r
        if r.random() < 0.6:
            low = r.randint(1, 32)
            return f"({self.product(64, depth) if r.random() < 0.6 else self.expr(64, depth)})[{low + 31}:{low}]"
        return self.expr(32, depth)

    # --- Bodies -------------------------------------------------------------------------

    def body(self) -> str:
        r, depth = self.r, self.r.randint(1, 4)
        lets = ""
        for name in ("p", "q")[: r.choice((0, 0, 0, 1, 1, 2))]:
            width = self.width()
            lets += f"let {name} = {self.expr(width, depth)}; "
            self.locals.append((name, width))
        kind = r.choice(("assign", "assign", "assign", "store", "store", "choose", "require", "port", "jump", "divide"))
        statements: str = getattr(self, f"do_{kind}")(depth)
        return lets + statements

    def do_assign(self, depth: int) -> str:
        return f"rd = {self.expr(32, depth)};"

    def do_store(self, depth: int) -> str:
        size = self.r.choice(SIZES)
        address, value = self.address(depth), self.expr(8 * size, depth - 1)
        return f"mem[{address}, {size}] = {value};"

    def do_choose(self, depth: int) -> str:
        r = self.r
        other = f" else {{ rd = {self.expr(32, depth - 1)}; }}" if r.random() < 0.6 else ""
        return f"if {self.expr(1, depth)} {{ rd = {self.expr(32, depth - 1)}; }}{other}"

    def do_require(self, depth: int) -> str:
        return f"require {self.expr(1, depth)} else divzero; {self.do_assign(depth)}"

    def do_divide(self, depth: int) -> str:
        """With a guard, or with one of something else."""
        r = self.r
        guarded, by = r.choice(self.operands), r.choice(self.operands)
        test = r.choice(("==", "!="))
        quotient = f"rd = {self.expr(32, depth - 2)} {r.choice(BINARY[-4:])} {by};"
        if r.random() < 0.5:
            return f"if {guarded} {test} 0 {{ {quotient} }} else {{ rd = {by} {r.choice(BINARY[-4:])} {guarded}; }}"
        return f"require {guarded} {test} 0 else divzero; {quotient}"

    def do_port(self, depth: int) -> str:
        r = self.r
        guard = "require psw.RING == 0 else privileged(word); "
        port = self.expr(self.width(), depth)
        if r.random() < 0.3:
            port = f"({port}) & {self.number(5)}" if r.random() < 0.5 else f"{{{port}, {self.expr(5, 1)}}}"
            port = self.expr(5, depth)
        return guard + (f"rd = port[{port}];" if r.random() < 0.8 else f"port[{port}] = {self.expr(32, depth - 1)};")

    def do_jump(self, depth: int) -> str:
        r = self.r
        if r.random() < 0.6:
            return f"if {self.expr(1, depth)} {{ pc = pc + {r.choice((4, 8))}; }}"
        return f"pc = ({self.address(depth)} & 0xfffffffc);"


def description(r: Random) -> str:
    """The text of a machine with MOST instructions of its own, by name i0, i1 ..."""
    lines = ['isa generated extends pg32v "by chance";']
    for n in range(MOST):
        immediate = r.random() < 0.3
        body = Writer(r, immediate).body()
        lines.append(f"insn i{n} : {'I' if immediate else 'R'}({FIRST + n:#x}) {{ {body} }}")
    return "\n".join(lines) + "\n"
