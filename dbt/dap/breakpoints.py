"""Breakpoints as clients set them: all of a file, of functions, of instructions, or of data at once."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.api.errors import MachineError
from ring1.dbt.dap.arguments import Arguments, BadRequest, shown
from ring1.dbt.dap.debuggee import Body, Debuggee
from ring1.dbt.debug import expression
from ring1.dbt.debug.points import Point
from ring1.isa.digits import DIGITS, whole

FUNCTIONS, INSTRUCTIONS, DATA = "functions", "instructions", "data"
ACCESS = {"write": "write", "read": "read", "readWrite": "access"}
"""How the protocol calls what a watchpoint waits for."""
SIZE = 4
"""Bytes that are watched if nobody says how many."""


def put(debuggee: Debuggee, which: str, given: list[Arguments], make: Callable[[Arguments], Point]) -> Body:
    """Set all points of a kind anew. One that cannot be set is told so, and does not keep the others from it."""
    points = debuggee.session.points
    for point in debuggee.points.pop(which, []):
        points.all.pop(point.number, None)
    kept = debuggee.points[which] = []
    told = []
    for each in given:
        try:
            point = make(each)
            try:
                condition(debuggee, point, each)
            except MachineError:
                points.delete(point.number)
                raise
        except MachineError as error:
            told.append({"verified": False, "message": str(error)})
            continue
        kept.append(point)
        told.append(described(debuggee, point))
    return {"breakpoints": told}


def condition(debuggee: Debuggee, point: Point, given: Arguments) -> None:
    """Give a point its condition, and how often it is passed. Raises MachineError."""
    text, hits = given.text("condition", "").strip(), given.text("hitCondition", "").strip()
    if text:
        point.condition, point.condition_text = expression.parsed(text, debuggee.machine), text
    if hits:
        if DIGITS.fullmatch(hits) is None or not int(hits):
            raise BadRequest(f"{hits!r} is no number of times: 3 stops at the third")
        point.skip = int(hits) - 1


def described(debuggee: Debuggee, point: Point) -> Body:
    told: Body = {"id": point.number, "verified": True}
    if not point.kind:
        told["instructionReference"] = shown(point.place)
        found = debuggee.machine.program.where(point.place)
        if found is not None:
            told |= {"source": debuggee.source(found.file), "line": found.line}
    return told


def at(debuggee: Debuggee, text: str, place: int) -> Point:
    """Add a breakpoint. Raises BadRequest."""
    least = debuggee.machine.isa.words.least
    if place % least:
        raise BadRequest(f"no instruction is at {place:#x}: that is no multiple of {least}")
    return debuggee.session.points.add(text, place)


def in_source(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `setBreakpoints`."""
    source, given = arguments.object("source"), arguments.list("breakpoints")
    try:
        file = debuggee.file(source)
    except BadRequest as error:
        return {"breakpoints": [{"verified": False, "message": str(error)} for _ in given]}

    def make(each: Arguments) -> Point:
        line = each.number("line")
        return at(debuggee, f"{file}:{line}", expression.line_address(debuggee.machine, file, line))

    return put(debuggee, f"source {file}", given, make)


def at_functions(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `setFunctionBreakpoints`: a label, or any place."""

    def make(each: Arguments) -> Point:
        name = each.text("name")
        return at(debuggee, name, expression.place(name, debuggee.machine))

    return put(debuggee, FUNCTIONS, arguments.list("breakpoints"), make)


def at_instructions(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `setInstructionBreakpoints`."""

    def make(each: Arguments) -> Point:
        place = each.address("instructionReference")
        return at(debuggee, f"{place:#x}", place)

    return put(debuggee, INSTRUCTIONS, arguments.list("breakpoints"), make)


def on_data(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `setDataBreakpoints`."""

    def make(each: Arguments) -> Point:
        place, _, size = each.text("dataId").partition("/")
        access = each.text("accessType", "write")
        if access not in ACCESS:
            raise BadRequest(f"{each.text('dataId')} cannot be watched for {access}")
        try:
            at, count = int(place, 16), whole(size)
        except ValueError:
            raise BadRequest(f"{each.text('dataId')!r:.50} is no data to be watched") from None
        return debuggee.session.points.watch_bytes(place, at, count, ACCESS[access])

    return put(debuggee, DATA, arguments.list("breakpoints"), make)


def data_info(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `dataBreakpointInfo`: which memory a name stands for."""
    name, size = arguments.text("name"), arguments.number("bytes", SIZE)
    try:
        machine = debuggee.machine
        if arguments.flag("asAddress"):
            place = expression.value_or_place(name, machine)
        else:
            place = expression.place(name, machine)
        machine.mem.physical(place)
    except MachineError as error:
        return {"dataId": None, "description": str(error)}
    return {"dataId": f"{shown(place)}/{size}", "description": f"{size} bytes at {name}", "accessTypes": [*ACCESS]}
