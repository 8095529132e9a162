"""Typed semantics as text of the description language, which `ring1.isa.read` reads back as the same semantics."""

from __future__ import annotations

from ring1.isa import semantics as s
from ring1.isa.model import WORD, Isa

SELECT, OR, XOR, AND, EQUAL, ORDER, SHIFT, SUM, PRODUCT, UNARY, POSTFIX = range(11)
"""Binding levels, the loosest first, as in isa.lark."""

LEVELS = {
    "|": OR,
    "^": XOR,
    "&": AND,
    "==": EQUAL,
    "!=": EQUAL,
    **dict.fromkeys(("<s", "<=s", "<u", "<=u"), ORDER),
    **dict.fromkeys(("<<", ">>u", ">>s"), SHIFT),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/s", "/u", "%s", "%u"), PRODUCT),
}
SINGLE = (EQUAL, ORDER, SHIFT)
"""Levels whose operators are not associative."""


def expression(isa: Isa, e: s.Expr, level: int = SELECT) -> str:
    """Return the text of an expression, in parentheses if it binds less tightly than `level`."""
    text, own = _expression(isa, e)
    return text if own >= level else f"({text})"


def _expression(isa: Isa, e: s.Expr) -> tuple[str, int]:
    """Return the text of an expression and its binding level."""
    match e:
        case s.Const(_, value):
            return number(value), POSTFIX
        case s.Operand(width, name) if width < WORD or isa.operands[name].kind in ("register", "control"):
            return f"#{name}", POSTFIX
        case s.Operand(_, name) | s.Local(_, name) | s.Control(_, name):
            return name, POSTFIX
        case s.Register(_, index):
            return (index if isinstance(index, str) else isa.registers[index][0]), POSTFIX
        case s.Pc():
            return "pc", POSTFIX
        case s.Word():
            return "word", POSTFIX
        case s.ControlFile(_, operand):
            return f"csr[{operand}]", POSTFIX
        case s.Load(_, address, size, write):
            return f"mem[{expression(isa, address)}, {size}{', write' if write else ''}]", POSTFIX
        case s.Port(_, port):
            return f"port[{expression(isa, port)}]", POSTFIX
        case s.Unary(_, op, a):
            return op + expression(isa, a, UNARY), UNARY
        case s.Binary(_, op, a, b):
            level = LEVELS[op]
            left = level + 1 if level in SINGLE else level
            return f"{expression(isa, a, left)} {op} {expression(isa, b, level + 1)}", level
        case s.Slice(_, s.Control(_, name), hi, lo) if field(isa, name, hi, lo):
            return f"{name}.{field(isa, name, hi, lo)}", POSTFIX
        case s.Slice(_, a, hi, lo):
            return f"{expression(isa, a, POSTFIX)}[{bits(hi, lo)}]", POSTFIX
        case s.Concat(_, parts):
            return f"{{{', '.join(expression(isa, part) for part in parts)}}}", POSTFIX
        case s.Extend(width, a, signed):
            to = "" if width == WORD else f", {width}"
            return f"{'sx' if signed else 'zx'}({expression(isa, a)}{to})", POSTFIX
        case s.Select(_, condition, a, b):
            test = expression(isa, condition, OR)
            return f"{test} ? {expression(isa, a)} : {expression(isa, b)}", SELECT
        case s.Call(_, "phys", (address,)):
            return f"phys[{expression(isa, address)}]", POSTFIX
        case s.Call(_, name, args):
            return f"{name}({', '.join(expression(isa, a) for a in args)})", POSTFIX
    raise AssertionError(f"no text for {type(e).__name__}")


def number(value: int) -> str:
    return str(value) if value < 1024 else f"{value:#x}"


def bits(hi: int, lo: int) -> str:
    return str(hi) if hi == lo else f"{hi}:{lo}"


def field(isa: Isa, control: str, hi: int, lo: int) -> str:
    """Return the name of a field of a control register; empty if these bits are not a named field."""
    known = isa.controls[control].fields
    return next((f.name for f in known if (f.hi, f.lo) == (hi, lo) and f.name != control), "")


def cause(isa: Isa, e: s.Expr) -> str:
    """Return the name of a trap's cause."""
    if isinstance(e, s.Const):
        return next((c.name for c in isa.causes.values() if c.number == e.value), number(e.value))
    return expression(isa, e)


def trap(isa: Isa, stmt: s.Raise) -> str:
    """Return a trap as `trap` and `require` name it."""
    plain = isinstance(stmt.value, s.Const) and not stmt.value.value
    return cause(isa, stmt.cause) + ("" if plain else f"({expression(isa, stmt.value)})")


def sized(isa: Isa, e: s.Expr) -> s.Expr:
    """Return the value of a name such that something says how wide it is: where all of it are numbers, a 0 is that of
    the hardwired register."""
    zero = next((n for n, value in isa.hardwired.items() if value == 0), None)
    match e:
        case s.Const(width, 0) if width == WORD and zero is not None:
            return s.Register(width, zero)
        case s.Select(width, condition, a, b) if unsized(a) and unsized(b):
            return s.Select(width, condition, a, sized(isa, b))
    return e


def unsized(e: s.Expr) -> bool:
    return isinstance(e, s.Const) or (isinstance(e, s.Select) and unsized(e.a) and unsized(e.b))


def statements(isa: Isa, body: s.Body) -> list[str]:
    """Return the lines of a body, with blocks indented by four spaces."""
    return [line for stmt in body for line in statement(isa, stmt)]


def statement(isa: Isa, stmt: s.Stmt) -> list[str]:
    def show(e: s.Expr) -> str:
        return expression(isa, e)

    match stmt:
        case s.Let(name, value):
            return [f"let {name} = {show(sized(isa, value))};"]
        case s.SetRegister(index, value):
            name = index if isinstance(index, str) else isa.registers[index][0]
            return [f"{name} = {show(value)};"]
        case s.SetControl(s.ControlFile(_, operand), _, _, value):
            return [f"csr[{operand}] = {show(value)};"]
        case s.SetControl(s.Control(_, name), hi, lo, value):
            part = "" if (hi, lo) == (WORD - 1, 0) else f".{field(isa, name, hi, lo) or bits(hi, lo)}"
            return [f"{name}{part} = {show(value)};"]
        case s.SetPc(value):
            return [f"pc = {show(value)};"]
        case s.Store(address, size, value):
            return [f"mem[{show(address)}, {size}] = {show(value)};"]
        case s.StorePhysical(address, value):
            return [f"phys[{show(address)}] = {show(value)};"]
        case s.Out(port, value):
            return [f"port[{show(port)}] = {show(value)};"]
        case s.Raise():
            return [f"trap {trap(isa, stmt)};"]
        case s.If(condition, (), (s.Raise() as refused,)):
            return [f"require {show(condition)} else {trap(isa, refused)};"]
        case s.If(condition, then, otherwise):
            return choice(isa, show(condition), then, otherwise)
        case s.Wait():
            return ["wait;"]
        case s.Flush(addresses):
            return [" ".join(("flush", *map(show, addresses))) + ";"]
    raise AssertionError(f"no text for {type(stmt).__name__}")


def choice(isa: Isa, condition: str, then: s.Body, otherwise: s.Body) -> list[str]:
    """Return the lines of an `if`, a single one where its branches are short."""
    first, second = statements(isa, then), statements(isa, otherwise)
    short = len(first) == 1 and len(second) <= 1 and len(condition) + sum(map(len, first + second)) < 80
    if short:
        rest = f" else {{ {second[0]} }}" if second else ""
        return [f"if {condition} {{ {first[0]} }}{rest}"]
    lines = [f"if {condition} {{", *("    " + line for line in first)]
    if second:
        lines += ["} else {", *("    " + line for line in second)]
    return [*lines, "}"]
