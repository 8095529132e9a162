"""Requests that look at the machine or change memory: the frame, sources, instructions, memory, values."""

from __future__ import annotations

import base64
import binascii

from ring1.dbt.api.errors import BadAddress, MachineError
from ring1.dbt.dap.arguments import ONES, Arguments, BadRequest, shown
from ring1.dbt.dap.debuggee import Body, Debuggee
from ring1.dbt.debug import expression
from ring1.dbt.report.place import physical
from ring1.dbt.report.sweep import around
from ring1.isa.asm.disassemble import Disassembler

FRAME = 1
"""The one frame: who has called whom is not on the stack of a guest in a form that is known."""
MOST = 1 << 20
"""Most bytes that are read at once."""
MOST_INSTRUCTIONS = 1 << 16


def stack(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `stackTrace`."""
    machine, pc = debuggee.machine, debuggee.machine.pc
    at = physical(debuggee.session.timeline.body.cpu, pc)
    found = None if at is None else machine.program.where(at)
    frame: Body = {
        "id": FRAME,
        "name": machine.program.symbol(pc if at is None else at),
        "line": 0,
        "column": 0,
        "instructionPointerReference": shown(pc),
    }
    if found is not None:
        frame |= {"source": debuggee.source(found.file), "line": found.line, "column": found.column}
    return {"stackFrames": [frame][arguments.number("startFrame", 0) :], "totalFrames": 1}


def source(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `source`: the text of a file of the program."""
    wanted = arguments.object("source") if arguments.given.get("source") else arguments
    file = debuggee.file(wanted)
    return {"content": next(text for name, text in debuggee.sources if name == file), "mimeType": "text/plain"}


def loaded_sources(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `loadedSources`."""
    return {"sources": [debuggee.source(name) for name, text in debuggee.sources if text]}


def locations(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `breakpointLocations`: the lines that have code."""
    file, first = debuggee.file(arguments.object("source")), arguments.number("line")
    last = arguments.number("endLine", first)
    known = {position.line for at, _, position in debuggee.machine.program.lines if position.file == file}
    return {"breakpoints": [{"line": line} for line in sorted(known) if first <= line <= last]}


def disassemble(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `disassemble`: exactly as many instructions as are asked for, those that cannot be read too."""
    count = arguments.number("instructionCount")
    if not 0 <= count <= MOST_INSTRUCTIONS:
        raise BadRequest(f"{count:,} instructions are not shown at once")
    session, offset = debuggee.session, arguments.number("instructionOffset", 0)
    words, disassembler, made = session.machine.isa.words, Disassembler(debuggee.machine.isa), list[Body]()
    longest = max(words.table.values())

    def size(at: int) -> int:
        word = session.fetch(at) if 0 <= at <= ONES else None
        return longest if word is None else words.size(word)

    at = arguments.address() & -words.least
    if offset < 0:
        before = [place for place, _ in around(words, session.fetch, at, -offset, 0) if place < at]
        at = (before[0] if before else at) + longest * (offset + len(before))
    for _ in range(offset):
        at += size(at)
    for _ in range(count):
        made.append(instruction(debuggee, disassembler, at))
        at += size(at)
    return {"instructions": made}


def instruction(debuggee: Debuggee, disassembler: Disassembler, at: int) -> Body:
    machine = debuggee.machine
    try:
        word = machine.mem.instruction(at) if 0 <= at <= ONES else None
    except MachineError:
        word = None
    if word is None:
        return {"address": shown(at), "instruction": "??", "presentationHint": "invalid"}
    told: Body = {
        "address": shown(at),
        "instructionBytes": word.to_bytes(machine.isa.words.size(word), "little").hex(" "),
        "instruction": disassembler.text(word, at),
    }
    program, place = machine.program, machine.mem.physical(at)
    if place in program.labelled:
        told["symbol"] = program.symbol(place)
    found = program.where(place)
    if found is not None:
        told |= {"location": debuggee.source(found.file), "line": found.line}
    return told


def read_memory(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `readMemory`: as many bytes as can be read, and how many cannot."""
    at, count = arguments.address(), arguments.number("count")
    if not 0 <= count <= MOST:
        raise BadRequest(f"{count:,} bytes are not read at once")
    data = readable(debuggee, at, count)
    told: Body = {"address": shown(at)}
    if data:
        told["data"] = base64.b64encode(data).decode()
    if len(data) < count:
        told["unreadableBytes"] = count - len(data)
    return told


def readable(debuggee: Debuggee, at: int, count: int) -> bytes:
    """Return the bytes that can be read from an address on."""
    mem, page = debuggee.machine.mem, 1 << 12
    data = b""
    while len(data) < count:
        part = min(count - len(data), page - (at + len(data)) % page)
        try:
            data += mem.read(at + len(data), part)
        except MachineError:
            break
    return data


def write_memory(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `writeMemory`."""
    at = arguments.address()
    try:
        data = base64.b64decode(arguments.text("data"), validate=True)
    except binascii.Error:
        raise BadRequest("data is in base64") from None
    if not 0 <= at <= ONES:
        raise BadAddress(f"there is no memory at {at:#x}")
    debuggee.machine.mem.write(at, data)
    return {"bytesWritten": len(data)}


def evaluate(debuggee: Debuggee, text: str) -> Body:
    """Return an expression's value, which may be looked at as an address."""
    machine = debuggee.machine
    value = shown(expression.parsed(text, machine)(machine))
    return {"result": value, "type": "word", "variablesReference": 0, "memoryReference": value}


def set_expression(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `setExpression`."""
    from ring1.dbt.debug.look_commands import change

    target = arguments.text("expression")
    change(debuggee.session, f"{target} = {arguments.text('value')}")
    return {"value": evaluate(debuggee, target)["result"]}


def completions(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `completions`, for commands of the debugger."""
    line = arguments.text("text")[: max(arguments.number("column") - 1, 0)]
    begin = line[len(line.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$-")) :]
    start = len(line) - len(begin)
    found = debuggee.debugger.completions(line, begin)
    return {"targets": [{"label": word, "start": start, "length": len(begin)} for word in found]}
