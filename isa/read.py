"""A description file -> the checked model of its machine (`Isa`), or IsaError with every fault found."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from lark import Token, Tree

from isa import check
from isa import semantics as s
from isa.elaborate import Node, Scope, Stop, Unit, integer, literal
from isa.model import (
    WORD,
    Access,
    Alias,
    Bits,
    Cause,
    Control,
    Handler,
    Instruction,
    Interrupts,
    Isa,
    Mode,
    Modifier,
    Operand,
    Paging,
    Part,
)
from isa.parse import parse
from isa.source import Fault, IsaError, Position

Item = tuple[Unit, Tree[Token]]
T = TypeVar("T")


def read(path: str) -> Isa:
    """The machine described in the file at `path`; its `extends` parent is looked for beside it.

    Raises IsaError with every fault found, OSError if the file cannot be read.
    """
    return Reader().read(Path(path))


@dataclass
class Reader:
    """Collects the items of a description and of those that it extends, then builds the model from them."""

    units: list[Unit] = field(default_factory=list)
    items: dict[str, list[Item]] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)
    operands: dict[str, Operand] = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def read(self, path: Path) -> Isa:
        name, text = self.collect(path, ())
        isa = self.build(name, text, path)
        faults = [fault for unit in self.units for fault in unit.faults] + (check.faults(isa) if isa else [])
        if faults or isa is None:
            order = {unit.file: n for n, unit in enumerate(self.units)}
            place = {f: (order.get(f.position.file, 0), f.position.line, f.position.column) for f in faults}
            raise IsaError(sorted(dict.fromkeys(faults), key=place.__getitem__))
        return isa

    def collect(self, path: Path, below: tuple[Path, ...]) -> tuple[str, str]:
        """Sort the items of a file, its parents' first, by their kind; return its name and title."""
        try:
            unit, tree = parse(str(path), path.read_text())
        except UnicodeDecodeError as error:
            raise IsaError([Fault(Position(str(path)), f"not UTF-8 text: {error.reason}")]) from None
        header, *items = tree.children
        assert isinstance(header, Tree)
        name, extends, title = header.children
        if isinstance(extends, Tree):
            parent = path.with_name(f"{extends.children[0]}.isa")
            if parent in (*below, path):
                unit.fault(extends, f"{name} extends itself")
            elif not parent.is_file():
                unit.fault(extends, f"there is no {parent.name} beside this file")
            else:
                self.collect(parent, (*below, path))
        self.units.append(unit)
        for item in items:
            assert isinstance(item, Tree)
            self.items.setdefault(str(item.data), []).append((unit, item))
        return str(name), literal(title)

    def once(self) -> None:
        """Note what a file describes twice; what a file describes that it extends, it may describe anew."""
        for kind, items in self.items.items():
            seen: set[tuple[str, str]] = set()
            for unit, item in items:
                for name, node in described(kind, item):
                    if (unit.file, name) in seen:
                        unit.fault(node, f"{name} is described twice")
                    seen.add((unit.file, name))

    def each(self, kind: str, make: Callable[[Unit, Tree[Token]], T]) -> list[T]:
        """What `make` makes of every item of a kind; a faulty one is left out, its fault noted."""
        made = []
        for unit, item in self.items.get(kind, []):
            try:
                made.append(make(unit, item))
            except Stop:
                continue
        return made

    def scope(self, unit: Unit, operands: Iterable[Operand] = (), **names: int) -> Scope:
        """The names of the machine, `operands` and locals of the given widths."""
        known = {name: s.Local(width, name) for name, width in names.items()}
        return Scope(unit, self.numbers, self.controls, self.causes, {o.name: o for o in operands}, {**known})

    # --- State ---------------------------------------------------------------

    def build(self, name: str, text: str, path: Path) -> Isa | None:
        self.once()
        files = self.each("registers", self.registers)
        if not files:
            first = self.units[-1]
            if not any(unit.faults for unit in self.units):
                first.faults.append(Fault(Position(first.file), "no registers are described"))
            return None
        file, registers, hardwired = files[-1]
        self.numbers = {n: i for i, all_ in enumerate(registers) for n in (*all_, f"{file}{i}")}
        # A control register's computed bits may name any other one: names first, then expressions.
        self.each("control", self.declare_control)
        self.each("cause", self.cause)
        self.each("control", self.control)
        self.each("operand", lambda unit, item: self.operand(unit, item, len(registers)))
        formats = dict(self.each("format", lambda unit, item: (str(item.children[0]), (unit, item))))
        guards = self.each("guard", lambda unit, item: (unit, item))
        instructions: dict[str, Instruction] = {}
        self.each("insn", lambda unit, item: self.insn(unit, item, formats, guards, instructions))
        used = {str(item.children[2]) for _, item in self.items.get("insn", [])}
        for format_name, (unit, item) in formats.items():
            if format_name not in used:
                self.unused(unit, item)
        for unit, item in guards:
            for guarded in item.children[:-1]:
                if guarded not in instructions:
                    unit.fault(guarded, f"there is no instruction {guarded} to guard")
        handlers = dict(self.each("on", self.handler))
        modes = self.each("mode", self.mode)
        interrupts = self.each("interrupts", self.interrupts)
        paging = self.each("paging", self.paging)
        return Isa(
            name=name,
            text=text,
            registers=registers,
            file=file,
            hardwired=hardwired,
            controls=self.controls,
            causes=self.causes,
            operands=self.operands,
            instructions=instructions,
            aliases=tuple(self.each("alias", self.alias)),
            modifiers={m.name: m for m in self.each("modifier", self.modifier)},
            reset=handlers.get("reset"),
            undefined=handlers.get("undefined"),
            absent=handlers.get("absent"),
            trap=handlers.get("trap"),
            interrupts=interrupts[-1] if interrupts else None,
            mode=modes[-1] if modes else None,
            paging=paging[-1] if paging else None,
            path=str(path),
            files=tuple(unit.file for unit in self.units),
            digest=hashlib.sha256("\0".join(line for unit in self.units for line in unit.lines).encode()).hexdigest(),
        )

    def registers(self, unit: Unit, item: Tree[Token]) -> tuple[str, tuple[tuple[str, ...], ...], dict[int, int]]:
        name, count, *rows = item.children
        names: list[tuple[str, ...]] = []
        hardwired = {}
        for row in rows:
            assert isinstance(row, Tree)
            if row.children[-1] is not None:
                hardwired[len(names)] = integer(row.children[-1])
            names.append(tuple(str(n) for n in row.children[:-1]))
        if len(names) != integer(count):
            unit.fault(count, f"{integer(count)} registers announced, {len(names)} named")
        if len(names) & (len(names) - 1):
            unit.fault(count, "the number of registers must be a power of two")
        flat = [n for row_names in names for n in row_names]
        for repeated in sorted({n for n in flat if flat.count(n) > 1}):
            unit.fault(item, f"two registers are called {repeated}")
        return str(name), tuple(names), hardwired

    def declare_control(self, unit: Unit, item: Tree[Token]) -> None:
        name = str(item.children[0])
        bits = (Bits(name, WORD - 1, 0),)
        self.controls[name] = Control(name, None, bits, False, 0, "", unit.position(item))

    def control(self, unit: Unit, item: Tree[Token]) -> None:
        name_token, number, readonly, resets, text, form = item.children
        name = str(name_token)
        bits: tuple[Bits, ...] = (Bits(name, WORD - 1, 0),)
        if isinstance(form, Tree) and form.data == "computed":
            bits = (Bits(name, WORD - 1, 0, self.scope(unit).expr(form.children[0], WORD)),)
        elif isinstance(form, Tree) and form.data == "fields":
            bits = self.bits(unit, form.children, WORD)
        at = integer(number.children[0]) if isinstance(number, Tree) else None
        reset = integer(resets.children[0]) if isinstance(resets, Tree) else 0
        if at is not None and any(c.number == at for c in self.controls.values() if c.name != name):
            unit.fault(item, f"control register number {at} is taken")
        self.controls[name] = Control(name, at, bits, readonly is not None, reset, literal(text), unit.position(item))

    def bits(self, unit: Unit, rows: Iterable[Node], width: int) -> tuple[Bits, ...]:
        made: list[Bits] = []
        for row in rows:
            assert isinstance(row, Tree)
            name, hi_, lo_, source = row.children
            hi = integer(hi_)
            lo = integer(lo_) if lo_ is not None else hi
            if any(b.name == name for b in made):
                unit.fault(row, f"{name} is described twice")
            elif not width > hi >= lo:
                unit.fault(row, f"bits {hi}:{lo} of {width}")
            elif any(b.lo <= hi and lo <= b.hi for b in made):
                unit.fault(row, f"{name} overlaps another field")
            else:
                # Noted before its expression is read: fields may be named in it.
                value = self.scope(unit).expr(source, hi - lo + 1) if source is not None else None
                made.append(Bits(str(name), hi, lo, value))
        return tuple(made)

    def cause(self, unit: Unit, item: Tree[Token]) -> None:
        name, number, text = item.children
        if any(c.number == integer(number) and c.name != name for c in self.causes.values()):
            unit.fault(item, f"cause {integer(number)} is taken")
        self.causes[str(name)] = Cause(str(name), integer(number), literal(text))

    def mode(self, unit: Unit, item: Tree[Token]) -> Mode:
        control, name, supervisor, user = item.children
        if control not in self.controls:
            raise self.scope(unit).fail(control, f"{control} is not a control register")
        bits = self.scope(unit).bits(str(control), name)
        return Mode(str(control), bits, integer(supervisor), integer(user))

    # --- Encodings -----------------------------------------------------------

    def operand(self, unit: Unit, item: Tree[Token], registers: int) -> None:
        *names, kind = item.children
        assert isinstance(kind, Tree)
        form = str(kind.data).removesuffix("_kind")
        numbers = [c.number for c in self.controls.values() if c.number is not None]
        width = {"register": registers - 1, "control": max(numbers, default=0)}.get(form, 0).bit_length()
        if kind.children:
            width = integer(kind.children[0])
            if not 0 < width <= WORD:
                unit.fault(kind, f"an operand of {width} bits")
        for name in names:
            kind_name = "signed" if form == "relative" else form
            self.operands[str(name)] = Operand(str(name), kind_name, width, form == "relative")

    def insn(
        self,
        unit: Unit,
        item: Tree[Token],
        formats: dict[str, Item],
        guards: list[Item],
        known: dict[str, Instruction],
    ) -> None:
        """Read an instruction into `known`."""
        name, text, form, ints, block = item.children
        scope = self.scope(unit)
        if str(form) not in formats:
            raise scope.fail(form, f"unknown format {form}")
        format_unit, format_item = formats[str(form)]
        _, parameters_, *parts, syntax = format_item.children
        parameters = parameter_names(format_unit, parameters_)
        given = [integer(i) for i in ints.children] if isinstance(ints, Tree) else []
        if len(parameters) != len(given):
            raise scope.fail(name, f"format {form} takes {len(parameters)} numbers, {len(given)} given")
        values = dict(zip(parameters, given, strict=True))
        made = tuple(self.part(format_unit, part, values) for part in parts)
        operands = check.operands(format_unit, format_item, made, literal(syntax), self.operands)
        body: s.Body = ()
        for guard_unit, guard in guards:
            if name in guard.children[:-1]:
                body += self.scope(guard_unit, operands).body(guard.children[-1])
        body += self.scope(unit, operands).body(block)
        where = unit.position(name)
        known[str(name)] = Instruction(str(name), made, operands, literal(syntax), body, literal(text), where)

    def unused(self, unit: Unit, item: Tree[Token]) -> None:
        """Check a format that no instruction has: its faults would show when one gets it."""
        _, parameters, *parts, syntax = item.children
        values = dict.fromkeys(parameter_names(unit, parameters), 0)
        with contextlib.suppress(Stop):
            made = tuple(self.part(unit, part, values) for part in parts)
            check.operands(unit, item, made, literal(syntax), self.operands)

    def part(self, unit: Unit, part: Node, values: dict[str, int]) -> Part:
        assert isinstance(part, Tree)
        kids, fail = part.children, self.scope(unit).fail
        if part.data in ("constant_part", "parameter_part"):
            if part.data == "parameter_part" and str(kids[0]) not in values:
                raise fail(part, f"{kids[0]} is not a parameter of this format")
            value = values[str(kids[0])] if part.data == "parameter_part" else integer(kids[0])
            if value >> integer(kids[1]):
                raise fail(part, f"{value:#x} does not fit in {integer(kids[1])} bits")
            return Part(integer(kids[1]), value)
        operand = self.operands.get(str(kids[0]))
        if operand is None:
            raise fail(part, f"unknown operand {kids[0]}")
        hi, lo = operand.width - 1, 0
        if part.data == "slice_part":
            hi = integer(kids[1])
            lo = integer(kids[2]) if kids[2] is not None else hi
            if not operand.width > hi >= lo:
                raise fail(part, f"bits {hi}:{lo} of {operand.name}, which has {operand.width}")
        return Part(hi - lo + 1, 0, operand.name, hi, lo)

    def alias(self, unit: Unit, item: Tree[Token]) -> Alias:
        syntax, condition, *lines = item.children
        names = dict.fromkeys(check.placeholders(literal(syntax)), WORD)
        when = self.scope(unit, (), **names).expr(condition, 1) if condition is not None else None
        name = literal(syntax).split()[0] if literal(syntax).split() else ""
        return Alias(name, literal(syntax), when, tuple(map(literal, lines)), unit.position(item))

    def modifier(self, unit: Unit, item: Tree[Token]) -> Modifier:
        name, parameter, value = item.children
        made = self.scope(unit, (), **{str(parameter): WORD}).expr(value, None)
        return Modifier(str(name), str(parameter), made)

    # --- Traps, interrupts, paging -------------------------------------------

    def handler(self, unit: Unit, item: Tree[Token]) -> tuple[str, Handler]:
        event_tree, names, unless, block = item.children
        assert isinstance(event_tree, Tree)
        event = str(event_tree.children[0])
        parameters = tuple(parameter_names(unit, names))
        wanted = {"trap": 2, "absent": 1}.get(event, 0)
        if len(parameters) != wanted:
            raise self.scope(unit).fail(item, f"on {event} takes {wanted} parameters")
        scope = self.scope(unit, (), **dict.fromkeys(parameters, WORD))
        condition = scope.expr(unless, 1) if unless is not None else None
        return event, Handler(parameters, scope.body(block), condition)

    def settings(self, unit: Unit, item: Tree[Token], rows: Iterable[Node], *keys: str) -> dict[str, Node]:
        """The expressions of `KEY expr;` rows, each of `keys` exactly once."""
        found: dict[str, Node] = {}
        for row in rows:
            if isinstance(row, Tree) and row.data == "setting":
                key = str(row.children[0])
                if key in found or key not in keys:
                    unit.fault(row, f"{key} is given twice" if key in found else f"{key} is nothing here")
                found[key] = row.children[1]
        missing = [key for key in keys if key not in found and key not in ("accessed", "dirty")]
        if missing:
            raise self.scope(unit).fail(item, f"missing: {', '.join(missing)}")
        return found

    def interrupts(self, unit: Unit, item: Tree[Token]) -> Interrupts:
        found = self.settings(unit, item, item.children, "enable", "pending", "cause", "value")
        scope, taken = self.scope(unit), self.scope(unit, (), line=WORD)
        return Interrupts(
            scope.expr(found["enable"], 1),
            scope.expr(found["pending"], WORD),
            taken.expr(found["cause"], WORD),
            taken.expr(found["value"], WORD),
        )

    def paging(self, unit: Unit, item: Tree[Token]) -> Paging:
        when, *rows = item.children
        fail = self.scope(unit).fail
        trees: dict[str, Tree[Token]] = {}
        for row in rows:
            assert isinstance(row, Tree)
            if row.data in ("page", "levels", "entry") and trees.setdefault(str(row.data), row) is not row:
                unit.fault(row, f"{row.data} is given twice")
        for kind in ("page", "levels", "entry"):
            if kind not in trees:
                raise fail(item, f"missing: {kind}")
        size = integer(trees["entry"].children[0])
        page = integer(trees["page"].children[0])
        levels = tuple(integer(n) for n in trees["levels"].children)
        if page + sum(levels) != WORD:
            unit.fault(trees["levels"], f"{page} bits of page and {sum(levels)} of levels are not {WORD}")
        if size not in (4,):
            unit.fault(trees["entry"], "a page-table entry has 4 bytes")
        fields = self.bits(unit, trees["entry"].children[1:], 8 * size)
        masks = {b.name: b for b in fields}
        keys = ("root", "frame", "invalid", "leaf", "denied", "accessed", "dirty")
        found = self.settings(unit, item, rows, *keys)
        scope = self.scope(unit, (), **{b.name: b.hi - b.lo + 1 for b in fields})

        def named(key: str) -> Bits | None:
            node = found.get(key)
            if node is None:
                return None
            value = scope.expr(node, None)
            if not isinstance(value, s.Local):
                raise fail(node, f"{key} is one field of the entry")
            return masks[value.name]

        access: dict[str, Access] = {}
        for row in rows:
            if isinstance(row, Tree) and row.data == "access":
                right, allowed, cause = row.children
                if str(cause) not in self.causes:
                    raise fail(cause, f"unknown cause {cause}")
                if str(right) in access:
                    unit.fault(row, f"{right} is given twice")
                access[str(right)] = Access(scope.expr(allowed, 1), self.causes[str(cause)].number)
        for kind in ("fetch", "load", "store"):
            if kind not in access:
                raise fail(item, f"missing: {kind}")
        frame, accessed, dirty = named("frame"), named("accessed"), named("dirty")
        assert frame is not None
        return Paging(
            when=self.scope(unit).expr(when, 1),
            root=self.scope(unit).expr(found["root"], None),
            page=page,
            levels=levels,
            entry=size,
            fields=fields,
            frame=frame,
            invalid=scope.expr(found["invalid"], 1),
            leaf=scope.expr(found["leaf"], 1),
            denied=scope.expr(found["denied"], 1),
            fetch=access["fetch"],
            load=access["load"],
            store=access["store"],
            accessed=accessed.mask if accessed else 0,
            dirty=dirty.mask if dirty else 0,
        )


def parameter_names(unit: Unit, node: Node) -> list[str]:
    """The names in a list of parameters, which may be absent."""
    names = node.children if isinstance(node, Tree) else []
    for n, name in enumerate(names):
        if name in names[:n]:
            unit.fault(name, f"two parameters are called {name}")
    return [str(name) for name in names]


def described(kind: str, item: Tree[Token]) -> list[tuple[str, Node]]:
    """What an item describes that there is one of: names, and where they stand."""
    if kind in ("registers", "mode", "interrupts", "paging"):
        return [(kind, item)]
    if kind in ("control", "format", "insn", "cause", "modifier"):
        return [(str(item.children[0]), item.children[0])]
    if kind == "operand":
        return [(str(name), name) for name in item.children[:-1]]
    if kind == "on":
        event = item.children[0]
        assert isinstance(event, Tree)
        return [(f"on {event.children[0]}", event)]
    return []
