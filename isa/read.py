"""The reader of descriptions: a file becomes the checked model of its machine (`Isa`), or IsaError reports every
fault."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from lark import Token, Tree

from ring1.isa import check, encodings, events, page_table, state
from ring1.isa.elaborate import Node, Stop, Unit, literal
from ring1.isa.encodings import Item
from ring1.isa.files import SHIPPED, text
from ring1.isa.model import KINDS, Instruction, Isa
from ring1.isa.names import Names
from ring1.isa.parse import parse
from ring1.isa.source import Fault, IsaError, Position

T = TypeVar("T")


def read(path: str, parents: dict[str, Tree[Token]] | None = None, open_: Mapping[str, str] | None = None) -> Isa:
    """Read the description in the file at `path`; what it extends is looked for beside it, then among the shipped ones.

    `parents` caches the trees of extended descriptions by text, across calls. `open_` has texts by path that are taken
    for those of the files, as an editor's are. Raises IsaError with every fault found, and OSError if the file cannot
    be read.
    """
    return Reader({} if parents is None else parents, open_ or {}).read(Path(path))


@dataclass
class Reader:
    """Collects the items of a description and of those that it extends, then builds the model from them."""

    parents: dict[str, Tree[Token]] = field(default_factory=dict)
    open: Mapping[str, str] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)
    items: dict[str, list[Item]] = field(default_factory=dict)
    names: Names = field(default_factory=Names)

    def read(self, path: Path) -> Isa:
        name, text = self.collect(path, ())
        # Most faults of a description follow from those of a file that it extends, and are not reported then.
        isa = None if any(unit.faults for unit in self.units) else self.build(name, text, path)
        faults = [fault for unit in self.units for fault in unit.faults] + (check.faults(isa) if isa else [])
        if faults or isa is None:
            order = {unit.file: n for n, unit in enumerate(self.units)}
            place = {f: (order.get(f.position.file, 0), f.position.line, f.position.column) for f in faults}
            raise IsaError(sorted(dict.fromkeys(faults), key=place.__getitem__))
        return isa

    def collect(self, path: Path, below: tuple[Path, ...]) -> tuple[str, str]:
        """Collect the items of a file by kind, its parents' first. Returns the description's name and title."""
        try:
            source = self.open[str(path)] if str(path) in self.open else text(path)
        except UnicodeDecodeError as error:
            raise IsaError([undecoded(str(path), error)]) from None
        if below and source in self.parents:
            unit, tree = Unit(str(path), source.split("\n"), []), self.parents[source]
        else:
            unit, tree = parse(str(path), source)
        if below:
            self.parents[source] = tree
        header, *items = tree.children
        assert isinstance(header, Tree)
        name, extends, title = header.children
        if isinstance(extends, Tree):
            beside = path.with_name(f"{extends.children[0]}.isa")
            there = str(beside) in self.open or os.path.isfile(beside)
            parent = beside if there else Path(SHIPPED, beside.name)
            if parent in (*below, path):
                unit.fault(extends, f"{name} extends itself")
            elif not there and not os.path.isfile(parent):
                unit.fault(extends, f"there is no {parent.name} beside this file, and ring1 has none")
            else:
                self.collect(parent, (*below, path))
        self.units.append(unit)
        for item in items:
            assert isinstance(item, Tree)
            self.items.setdefault(str(item.data), []).append((unit, item))
        return str(name), literal(title)

    def once(self) -> None:
        """Note what one file describes twice; it may, however, redefine what it inherits."""
        for kind, items in self.items.items():
            seen: set[tuple[str, str]] = set()
            for unit, item in items:
                for name, node in described(kind, item):
                    if (unit.file, name) in seen:
                        unit.fault(node, f"{name} is described twice")
                    seen.add((unit.file, name))

    def each(self, kind: str, make: Callable[[Unit, Tree[Token]], T]) -> list[T]:
        """Apply `make` to every item of a kind; a faulty item is dropped after its fault is noted."""
        made = []
        for unit, item in self.items.get(kind, []):
            try:
                made.append(make(unit, item))
            except Stop:
                continue
        return made

    def build(self, name: str, text: str, path: Path) -> Isa | None:
        self.once()
        names = self.names
        files = self.each("registers", state.registers)
        if not files:
            last = self.units[-1]
            last.faults.append(Fault(Position(last.file), "no registers are described"))
            return None
        called, registers, hardwired = files[-1]
        names.hardwired = hardwired
        names.registers = {n: i for i, own in enumerate(registers) for n in (*own, *(f"{file}{i}" for file in called))}
        # Computed bits may name any control register, so all names are declared before any expression is read.
        self.each("control", partial(state.declare_control, names))
        self.each("cause", partial(events.cause, names))
        self.each("control", partial(state.control, names))
        self.each("control", partial(state.setter, names))
        self.each("words", partial(encodings.words, names))
        self.each("operand", lambda unit, item: encodings.operand(names, unit, item, len(registers)))
        formats = dict(self.each("format", lambda unit, item: (str(item.children[0]), (unit, item))))
        guards = self.each("guard", lambda unit, item: (unit, item))
        instructions: dict[str, Instruction] = {}
        final = {str(tree.children[0]): tree for _, tree in self.items.get("insn", [])}
        for expanding in (False, True):  # what others expand to comes first

            def insn(unit: Unit, item: Tree[Token], expanding: bool = expanding) -> None:
                if encodings.expands(item) is expanding and (not expanding or final[str(item.children[0])] is item):
                    encodings.insn(names, unit, item, formats, guards, instructions)

            self.each("insn", insn)
        encodings.finished(instructions)
        used = {str(item.children[2]) for _, item in self.items.get("insn", [])}
        for format_name, (unit, item) in formats.items():
            if format_name not in used:
                encodings.unused(names, unit, item)
        for unit, item in guards:
            for guarded in item.children[:-1]:
                if guarded not in instructions:
                    unit.fault(guarded, f"there is no instruction {guarded} to guard")
        aliases = self.each("alias", partial(encodings.alias, names))
        mnemonics = {*instructions, *(alias.name for alias in aliases)}
        handlers = dict(self.each("on", partial(events.handler, names)))
        placed = {str(item.children[0]) for _, item in self.items.get("modifier", []) if item.children[2] is not None}
        modes = self.each("mode", partial(state.mode, names))
        interrupts = self.each("interrupts", partial(events.interrupts, names))
        paging = self.each("paging", partial(page_table.paging, names))
        first = [p for p in paging if not p.second]
        nested = next((p for p in reversed(paging) if p.second), None)
        for unit, item in self.items.get("paging", []) if nested else []:
            page_table.below(unit, item, first[-1] if first else None, nested)
        memory = self.each("memory", page_table.memory)
        boards = self.each("board", lambda unit, item: str(item.children[0]))
        return Isa(
            name=name,
            text=text,
            registers=registers,
            file=called[0],
            hardwired=hardwired,
            controls=names.controls,
            causes=names.causes,
            operands=names.operands,
            instructions=instructions,
            aliases=tuple(aliases),
            hints=dict(chain.from_iterable(self.each("hint", partial(encodings.hint, mnemonics)))),
            modifiers={m.name: m for m in self.each("modifier", partial(encodings.modifier, placed, names))},
            reset=handlers.get("reset"),
            undefined=handlers.get("undefined"),
            absent=tuple(handlers.get(f"absent {kind}", handlers.get("absent")) for kind in KINDS),
            trap=handlers.get("trap"),
            interrupts=interrupts[-1] if interrupts else None,
            mode=modes[-1] if modes else None,
            paging=first[-1] if first else None,
            nested=nested,
            exit=handlers.get("exit"),
            memory=memory[-1] if memory else 0,
            board=boards[-1] if boards else "",
            words=names.words,
            more_files=called[1:],
            path=str(path),
            files=tuple(unit.file for unit in self.units),
            digest=hashlib.sha256("\0".join(line for unit in self.units for line in unit.lines).encode()).hexdigest(),
        )


def undecoded(file: str, error: UnicodeDecodeError) -> Fault:
    """Return a fault at the place where a file is not UTF-8."""
    before, behind = error.object[: error.start], error.object[error.start :]
    start = before.rpartition(b"\n")[2].decode(errors="replace")
    text = start + behind.partition(b"\n")[0].decode(errors="replace").rstrip("\r")
    where = Position(file, before.count(b"\n") + 1, len(start) + 1, text)
    return Fault(where, f"not UTF-8 text: byte {error.object[error.start]:#04x}")


def described(kind: str, item: Tree[Token]) -> list[tuple[str, Node]]:
    """Return the names that an item defines, which must be unique, and where they stand."""
    if kind in ("registers", "mode", "interrupts", "memory", "board", "words"):
        return [(kind, item)]
    if kind == "paging":
        return [("paging nested" if item.children[0] else "paging", item)]
    if kind in ("control", "format", "insn", "cause", "modifier"):
        return [(str(item.children[0]), item.children[0])]
    if kind == "hint":
        return [(f"hint {word}", item.children[0]) for word in literal(item.children[0]).split()]
    if kind == "operand":
        return [(str(name), name) for name in item.children[:-2]]
    if kind == "on":
        event, access = item.children[:2]
        assert isinstance(event, Tree)
        return [(f"on {event.children[0]}" + (f" {access}" if access else ""), event)]
    return []
