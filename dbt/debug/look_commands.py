"""Commands that show and change values and memory."""

from __future__ import annotations

import re
from itertools import islice

from ring1.dbt.api.values import fitting
from ring1.dbt.debug import expression
from ring1.dbt.debug.command import BadCommand, Command, formatted, none, number
from ring1.dbt.debug.session import Session
from ring1.dbt.report.sweep import around, sweep
from ring1.isa.asm.disassemble import Disassembler

UNITS = {"b": 1, "h": 2, "w": 4}
FORMS = "xduotcasi"
ASSIGNMENT = re.compile(r"(?P<target>.*?[^=!<>])=(?P<value>[^=].*)", re.DOTALL)
LINES = 10
"""Source lines or instructions that are shown at a time."""
MOST = 1 << 16
"""Most units that are shown at a time."""
NAMES = {"h": "half", "b": "byte", "w": "word"}


def shown(value: int, form: str, size: int, session: Session) -> str:
    """Return a value of `size` bytes in a format of gdb's."""
    bits = 8 * size
    signed = value - (1 << bits) if value >> bits - 1 else value
    match form:
        case "d":
            return str(signed)
        case "u":
            return str(value)
        case "o":
            return f"{value:#o}"
        case "t":
            return f"{value:0{bits}b}"
        case "c":
            return f"{value & 0xFF} {chr(value & 0xFF)!r}"
        case "a":
            symbol = session.machine.program.symbol(value)
            return f"{value:#x}" + ("" if symbol.startswith("0x") else f" <{symbol}>")
        case "x":
            return f"{value:#0{2 * size + 2}x}"
        case _:
            return f"{value:#x} ({signed})" if value > 9 else f"{value}"


def show(session: Session, rest: str) -> None:
    count, letters, text = formatted(rest)
    if count is not None or len(letters) > 1 or letters not in FORMS:
        raise BadCommand(f"print takes one of the formats {' '.join('/' + form for form in FORMS[:-2])}")
    if not text and session.history:
        text = str(session.history[-1])
    value = expression.parsed(text, session.machine)(session.machine)
    session.history.append(value)
    session.say(f"${len(session.history)} = {shown(value, letters, 4, session)}")


def examine(session: Session, rest: str) -> None:
    count, letters, text = formatted(rest)
    at, form, number_ = session.examined or (session.machine.pc, "xw", 1)
    if letters or count is not None:
        form, number_ = letters or form, 1 if count is None else count
    elif text:
        number_ = 1
    if text:
        at = expression.value_or_place(text, session.machine)
    if set(form) - set(FORMS + "bhw"):
        raise BadCommand(f"x takes /COUNT, a format ({FORMS}) and a unit (b h w), as in x/4xw")
    if not 0 < number_ <= MOST:
        raise BadCommand(f"x shows 1 to {MOST:,} units at a time, not {number_:,}")
    kind = next((letter for letter in form if letter in FORMS), "x")
    if kind == "s":
        at = strings(session, at, number_)
    elif kind == "i":
        at = instructions(session, at, number_)
    else:
        at = units(session, at, number_, kind, next((UNITS[letter] for letter in form if letter in UNITS), 4))
    session.examined = at, form, number_


def units(session: Session, at: int, count: int, form: str, size: int) -> int:
    """Show so many units of memory; return the address behind them. What cannot be read ends it."""
    per, mem = 16 // size, session.machine.mem
    while count:
        part = min(count, per)
        data = mem.read(at, part * size)
        values = (int.from_bytes(data[n : n + size], "little") for n in range(0, len(data), size))
        label = session.machine.program.symbol(at)
        name = "" if label.startswith("0x") else f" <{label}>"
        session.say(f"{at:#010x}{name}: " + "  ".join(shown(value, form, size, session) for value in values))
        at, count = at + part * size, count - part
    return at


def strings(session: Session, at: int, count: int) -> int:
    for _ in range(count):
        text = session.machine.mem.string(at)
        session.say(f"{at:#010x}: {text!r}"[:200])
        at += len(text) + 1
    return at


def instructions(session: Session, at: int, count: int) -> int:
    """Show so many instructions; return the address behind them."""
    machine, disassembler = session.machine, Disassembler(session.machine.isa)
    for _ in range(count):
        word = machine.mem.instruction(at)
        symbol = machine.program.symbol(at)
        name = "" if symbol.startswith("0x") else symbol
        mark = "=>" if at == machine.pc else "  "
        session.say(f"{mark} {at:#010x} {name:<20} {disassembler.text(word, at)}")
        at += machine.isa.words.size(word)
    return at


def disassemble(session: Session, rest: str) -> None:
    """Show instructions from a place on, or around pc."""
    words, fetch = session.machine.isa.words, session.fetch
    first, _, behind = rest.partition(",")
    if first.strip():
        at = expression.value_or_place(first, session.machine) & -words.least
        count = LINES
        if behind.strip():
            plus, end = behind.strip().startswith("+"), at
            if plus:
                end += number(behind.strip()[1:], "number of bytes")
            else:
                end = max(expression.value_or_place(behind, session.machine), at + 1)
            found = islice(sweep(words, fetch, at, end), MOST)
            count = max(sum(1 for _ in found), int(not plus))
        instructions(session, at, min(count, MOST))
        return
    pc = session.machine.pc
    shown_ = around(words, fetch, pc, LINES // 2, LINES // 2 - 1)
    if not shown_:
        raise BadCommand(f"nothing can be read at {pc:#x}")
    instructions(session, shown_[0][0], len(shown_))


def change(session: Session, rest: str) -> None:
    """Set a register, pc, a control register or memory."""
    match = ASSIGNMENT.fullmatch(rest.strip().removeprefix("var "))
    if match is None:
        raise BadCommand("set TARGET = EXPRESSION; a target is a register, *ADDRESS, byte(ADDRESS) or half(ADDRESS)")
    machine, target = session.machine, match["target"].strip()
    value = expression.parsed(match["value"], machine)(machine)
    bare = target.removeprefix("$")
    if target.startswith("*"):
        machine.mem.set_word(expression.parsed(target[1:], machine)(machine), value)
        return
    sized = re.fullmatch(r"(byte|half|word)\s*\((.*)\)", target, re.DOTALL)
    if sized is not None:
        size = expression.SIZES[sized[1]]
        at = expression.parsed(sized[2], machine)(machine)
        signed = value - (value >> 31 << 32)
        machine.mem.write(at, fitting(signed, 8 * size).to_bytes(size, "little"))
    elif bare == "pc":
        machine.pc = value
    elif bare in machine.reg.numbers:
        machine.reg[bare] = value
    elif bare in machine.control:
        machine.control[bare] = value
    elif bare in machine.labels:
        raise BadCommand(f"{bare} is a label: set *{bare} = ... changes the word there")
    else:
        raise BadCommand(f"{target!r} cannot be set: there is no such register")


def source(session: Session, rest: str) -> None:
    """Show lines of the source."""
    program = session.machine.program
    if not program.lines:
        raise BadCommand("the program has no source lines; disassemble shows instructions")
    if rest.strip() or session.listed is None:
        at = expression.place(rest, session.machine) if rest.strip() else session.machine.pc
        position = program.where(at)
        if position is None:
            raise BadCommand(f"{at:#x} comes from no source line; disassemble shows instructions")
        session.listed = position.file, max(position.line - LINES // 2, 1)
    file, first = session.listed
    text = next((text for name, text in program.sources if name == file), "")
    lines = text.split("\n")
    if first > len(lines):
        raise BadCommand(f"{file} has {len(lines)} lines")
    now = program.where(session.machine.pc)
    for line in range(first, min(first + LINES, len(lines) + 1)):
        mark = "=>" if now is not None and (now.file, now.line) == (file, line) else "  "
        session.say(f"{mark}{line:5}  {lines[line - 1].rstrip()}".rstrip())
    session.listed = file, first + LINES


def display(session: Session, rest: str) -> None:
    if rest.strip():
        expression.parsed(rest, session.machine)
        session.shown += 1
        session.displays[session.shown] = rest.strip()
    for n, text in session.displays.items():
        session.say(f"{n}: {text} = {session.valued(text)}")


def undisplay(session: Session, rest: str) -> None:
    for word in rest.split():
        if session.displays.pop(number(word, "number of a display"), None) is None:
            raise BadCommand(f"there is no display {word}")
    if not rest.split():
        session.displays.clear()


def where(session: Session, rest: str) -> None:
    none(rest)
    session.show_place()


COMMANDS = (
    Command(("print", "p"), "[/FORMAT] EXPRESSION", "show a value: /x /d /u /o /t /c /a", show),
    Command(("x",), "[/COUNT FORMAT UNIT] [PLACE]", "show memory: x/4xw, x/8xb, x/2s, x/5i", examine, True),
    Command(("set",), "TARGET = EXPRESSION", "change a register, *ADDRESS, byte(ADDRESS) or half(ADDRESS)", change),
    Command(("list", "l"), "[PLACE]", "show the source", source, True),
    Command(("disassemble", "disas"), "[PLACE [, END | , +BYTES]]", "show instructions", disassemble),
    Command(("display",), "[EXPRESSION]", "show a value at each stop", display),
    Command(("undisplay",), "[NUMBER...]", "do so no more", undisplay),
    Command(("where", "frame", "f"), "", "show where the machine is", where),
)
