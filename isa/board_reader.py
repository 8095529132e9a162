"""The reader of boards: a file becomes the model of a board, or IsaError reports every fault."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from ring1.isa.board import Board, Placed
from ring1.isa.source import Fault, IsaError, Position

WORD = 1 << 32


MOST_LINE, MOST_SOURCES = 31, 1023
"""Numbers of interrupt lines that a processor can enable, and of sources that a PLIC can have (RISC-V Platform-Level
Interrupt Controller Specification)."""


@cache
def grammar() -> Lark:
    return Lark((Path(__file__).parent / "board.lark").read_text(), parser="lalr", propagate_positions=True)


def read(path: str, source: str) -> Board:
    """Read the board that a text describes. Raises IsaError with every fault."""
    lines = source.split("\n")
    try:
        tree = grammar().parse(source)
    except UnexpectedInput as error:
        at = min(error.pos_in_stream if error.pos_in_stream is not None else len(source), len(source))
        line, start = source.count("\n", 0, at) + 1, source.rfind("\n", 0, at) + 1
        found = str(error.token) if isinstance(error, UnexpectedToken) else source[at : at + 1]
        what = f"{found!r} does not fit here" if found else "the end of the file does not fit here"
        raise IsaError([Fault(Position(path, line, at - start + 1, lines[line - 1]), what)]) from None
    return Reader(path, lines).board(tree)


class Reader:
    def __init__(self, path: str, lines: list[str]) -> None:
        self.path, self.lines = path, lines
        self.faults: list[Fault] = []

    def position(self, node: Token | Tree[Token]) -> Position:
        line, column = (node.line, node.column) if isinstance(node, Token) else (node.meta.line, node.meta.column)
        assert line is not None and column is not None
        return Position(self.path, line, column, self.lines[line - 1])

    def fault(self, node: Token | Tree[Token] | Position, message: str) -> None:
        self.faults.append(Fault(node if isinstance(node, Position) else self.position(node), message))

    def board(self, tree: Tree[Token]) -> Board:
        header, *items = (item for item in tree.children if isinstance(item, Tree))
        name, compatible = map(str, header.children)
        hart, mmu, timebase, ram = "rv32i", "riscv,none", 10_000_000, 0
        devices: list[Placed] = []
        seen: set[str] = set()
        for item in items:
            if item.data != "device" and str(item.data) in seen:
                self.fault(item, f"{item.data} is described twice")
            seen.add(str(item.data))
            if item.data == "hart":
                hart, mmu, timebase = (
                    *(word.strip('"') for word in map(str, item.children[:2])),
                    number(item.children[2]),
                )
                if not 0 < timebase < WORD:
                    self.fault(item.children[2], "a timebase is a number of ticks in a second, 1 at least")
            elif item.data == "memory":
                ram = number(item.children[0])
                if not ram or ram % 4096 or ram >= WORD:
                    self.fault(item.children[0], "RAM is a multiple of 4096 bytes below 4 GiB")
            else:
                self.device(item, devices)
        self.sources(devices)
        if self.faults:
            raise IsaError(sorted(self.faults, key=lambda fault: (fault.position.line, fault.position.column)))
        return Board(name, compatible.strip('"'), hart, mmu, timebase, ram or 16 << 20, tuple(devices), self.path)

    def device(self, item: Tree[Token], devices: list[Placed]) -> None:
        """Read a device, and note what it has in common with the ones before it and must not."""
        name, kind, at, size, *more = item.children
        rows = {str(row.data): row for row in more if isinstance(row, Tree)}
        begin, length = number(at), number(size)
        lines = tuple(number(line) for line in rows["driven"].children) if "driven" in rows else ()
        controller, source = "", 0
        if "sourced" in rows:
            first, second = rows["sourced"].children
            controller, source = str(second), number(first)
        if not length or begin + length > WORD or begin % 4096:
            self.fault(at, f"{name} is at a multiple of 4096, has some bytes, and ends below 4 GiB")
        for line in lines:
            if line > MOST_LINE:
                self.fault(rows["driven"], f"a machine has the lines 0 to {MOST_LINE}")
        sources = number(rows["sources"].children[0]) if "sources" in rows else 0
        if "sources" in rows and not 0 < sources <= MOST_SOURCES:
            self.fault(rows["sources"], f"an interrupt controller has 1 to {MOST_SOURCES} sources")
        placed = Placed(
            str(name),
            str(kind),
            range(begin, begin + length),
            lines,
            controller,
            source,
            sources,
            "legacy" in rows,
            "hidden" in rows,
            self.position(at),
        )
        for other in devices:
            if other.name == placed.name:
                self.fault(name, f"{name} is described twice")
            if other.window.start < placed.window.stop and placed.window.start < other.window.stop:
                where = max(other.window.start, placed.window.start)
                self.fault(at, f"{name} and {other.name} are both at {where:#x}")
            for line in set(other.lines) & set(lines):
                self.fault(rows["driven"], f"line {line} is driven by {other.name} already")
            if source and (other.controller, other.source) == (controller, source):
                self.fault(rows["sourced"], f"line {source} of {controller} is that of {other.name} already")
        devices.append(placed)

    def sources(self, devices: list[Placed]) -> None:
        """Note lines of interrupt controllers that there are not."""
        known = {device.name: device for device in devices}
        for device in devices:
            if not device.controller:
                continue
            if device.controller not in known or not known[device.controller].sources:
                self.fault(device.position, f"there is no interrupt controller {device.controller}")
            elif not 0 < device.source <= known[device.controller].sources:
                most = known[device.controller].sources
                self.fault(device.position, f"{device.controller} has the lines 1 to {most}")


def number(node: Token | Tree[Token]) -> int:
    return int(str(node), 0)
