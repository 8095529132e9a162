"""Expressions of the debugger: numbers, registers, labels, memory, and C's operators over words.

    $a0 or a0   a register; $pc, and control registers, likewise
    loop        a label: its address
    *p          the word at an address; byte(p), half(p), word(p)

A name is a label if the program has one, else a register. Values are 32-bit words; `/`, `%`, `>>` and comparisons take
them without sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ring1.dbt.api.errors import MachineError, UnknownName
from ring1.dbt.api.machine import Machine
from ring1.dbt.api.places import address
from ring1.isa.asm.near import suggestion
from ring1.isa.digits import DIGITS

ONES = 0xFFFFFFFF
TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9][0-9_]*)|(?P<char>'(?:\\.|[^'\\])')|(?P<name>\$?[A-Za-z_.$][\w.$]*)"
    r"|(?P<operator>\|\||&&|<<|>>|[=!<>]=|[-+*/%&|^~!<>()]))",
    re.ASCII,
)
LEVELS: tuple[dict[str, Callable[[int, int], int]], ...] = (
    {"||": lambda a, b: int(bool(a or b))},
    {"&&": lambda a, b: int(bool(a and b))},
    {"|": lambda a, b: a | b},
    {"^": lambda a, b: a ^ b},
    {"&": lambda a, b: a & b},
    {"==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b)},
    {
        "<": lambda a, b: int(a < b),
        "<=": lambda a, b: int(a <= b),
        ">": lambda a, b: int(a > b),
        ">=": lambda a, b: int(a >= b),
    },
    {"<<": lambda a, b: a << (b & 31), ">>": lambda a, b: a >> (b & 31)},
    {"+": lambda a, b: a + b, "-": lambda a, b: a - b},
    {"*": lambda a, b: a * b, "/": lambda a, b: a // b, "%": lambda a, b: a % b},
)
"""Binary operators, the loosest first."""
PREFIXES: dict[str, Callable[[int], int]] = {
    "-": lambda a: -a,
    "~": lambda a: ~a,
    "!": lambda a: int(not a),
    "+": lambda a: a,
    "&": lambda a: a,
}
"""Operators before an operand; `&label` is what the label is."""
SIZES = {"byte": 1, "half": 2, "word": 4}
ESCAPES = {"n": 10, "t": 9, "r": 13, "0": 0, "\\": 92, "'": 39}
Value = Callable[[Machine], int]


class BadExpression(MachineError):
    """An expression cannot be read or has no value."""


class Parser:
    """A parser of one text. What it makes is evaluated whenever it is called with a machine."""

    def __init__(self, text: str, machine: Machine) -> None:
        self.text = text
        self.machine = machine
        self.fixed = True
        """Has it the same value at every moment, since it names neither registers nor memory?"""
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if match is None:
                raise BadExpression(f"{text[at:].strip()!r} is no part of an expression")
            self.tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            at = match.end()
        self.at = 0

    def whole(self) -> Value:
        """Return the whole text's value. Raises BadExpression, UnknownName."""
        if not self.tokens:
            raise BadExpression("an expression is missing")
        value = self.binary(0)
        if self.at < len(self.tokens):
            raise BadExpression(f"{self.tokens[self.at][1]!r} is not expected there")
        return value

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def binary(self, level: int) -> Value:
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in LEVELS[level] and self.tokens[self.at][0] == "operator":
            operator = LEVELS[level][self.tokens[self.at][1]]
            self.at += 1
            left = joined(operator, left, self.binary(level + 1))
        return left

    def unary(self) -> Value:
        if self.at == len(self.tokens):
            raise BadExpression("the expression ends too early")
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            number = number_of(token)
            if number > ONES:
                raise BadExpression(f"{token} does not fit into a word of 32 bits")
            return lambda machine: number
        if kind == "char":
            code = ESCAPES.get(token[2], ord(token[2])) if token[1] == "\\" else ord(token[1])
            return lambda machine: code
        if kind == "name":
            if token in SIZES and self.peek() == "(":
                self.fixed = False
                return loaded(self.unary(), SIZES[token])
            return self.named(token)
        if token == "(":
            inner = self.binary(0)
            if self.peek() != ")":
                raise BadExpression("a parenthesis is not closed")
            self.at += 1
            return inner
        if token == "*":
            self.fixed = False
            return loaded(self.unary(), 4)
        if token not in PREFIXES:
            raise BadExpression(f"{token!r} is not expected there")
        value, operate = self.unary(), PREFIXES[token]
        return lambda machine: operate(value(machine)) & ONES

    def named(self, name: str) -> Value:
        """Return the value of a label or register. Raises UnknownName."""
        machine = self.machine
        if name in machine.labels:
            at = machine.labels[name] & ONES
            return lambda machine: at
        self.fixed, bare = False, name.removeprefix("$")
        if bare == "pc":
            return lambda machine: machine.pc
        if bare == "count":
            return lambda machine: machine.count & ONES
        if bare in machine.reg.numbers:
            return lambda machine: machine.reg[bare]
        if bare in machine.control:
            return lambda machine: machine.control[bare]
        meant = suggestion(bare, [*machine.labels, *machine.reg.numbers, *machine.control])
        raise UnknownName(f"there is neither a label nor a register {bare!r}{meant}")


def joined(operator: Callable[[int, int], int], left: Value, right: Value) -> Value:
    def value(machine: Machine) -> int:
        try:
            return operator(left(machine), right(machine)) & ONES
        except ZeroDivisionError:
            raise BadExpression("division by zero") from None

    return value


def loaded(place: Value, size: int) -> Value:
    return lambda machine: int.from_bytes(machine.mem.read(place(machine), size), "little")


def parsed(text: str, machine: Machine) -> Value:
    """Return the value of an expression, to be evaluated now or later. Raises BadExpression, UnknownName."""
    return Parser(text, machine).whole()


def place(text: str, machine: Machine) -> int:
    """Return the address that a text names: `*EXPRESSION`, as gdb has it, a label with an offset, FILE:LINE or LINE, or
    a number. Raises MachineError: a register is not the memory that it points to."""
    return pointed(text.strip(), machine, False)


def value_or_place(text: str, machine: Machine) -> int:
    """Return the address that a text names, or that it has for a value: `x sp` shows the stack, as in gdb. Raises
    MachineError."""
    return pointed(text.strip(), machine, True)


def number_of(token: str) -> int:
    """Return the number that a token stands for; one that fits in no word if it has too many digits."""
    if token[:2].lower() in ("0x", "0b"):
        return int(token, 0)
    digits = token.replace("_", "").lstrip("0") or "0"
    return int(digits) if DIGITS.fullmatch(digits) else ONES + 1


def pointed(text: str, machine: Machine, values: bool) -> int:
    if text.startswith("*"):
        return parsed(text[1:], machine)(machine)
    file, colon, line = text.rpartition(":")
    if (colon or line == text) and DIGITS.fullmatch(line) and machine.program.lines:
        if colon or not text.startswith("0"):
            return line_address(machine, file, int(line))
    if text in machine.labels:
        return address(text, machine.labels)
    parser = Parser(text, machine)
    value = parser.whole()
    if not values and not parser.fixed:
        aimed = f"*{text}" if len(parser.tokens) == 1 else f"*({text})"
        raise BadExpression(f"{text} is a value and no place: {aimed} is the place to which it points")
    return value(machine)


def line_address(machine: Machine, file: str, line: int) -> int:
    """Return the first address of a source line, or of the next that has one. Raises UnknownName."""
    lines = machine.program.lines
    main = file or (machine.program.where(machine.pc) or lines[0][2]).file
    found = [
        (position.line, at)
        for at, _, position in lines
        if (position.file == main or position.file.endswith(f"/{main}")) and position.line >= line
    ]
    if not found:
        raise UnknownName(f"{main} has no code at line {line} or behind it")
    return min(found)[1]
