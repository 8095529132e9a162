"""The interpreter's code generator: semantics become Python source of instructions, handlers and page-walk predicates.

The functions are called with the processor `m` (ring1.dbt.machine.step.Cpu), which provides the primitives:
m.s, the state block as 32-bit words (see Isa.slots), m.load m.store m.time_now m.reached m.memory_size m.flush, of
m.supervisor port_in port_out physical line wait, and m.changed, called after a write to a control register that
interrupts, the processor mode or paging depend on. They raise `Trap(cause, value)`.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from ring1.isa import semantics as s
from ring1.isa import store
from ring1.isa.arithmetic import left, ones, quotient, remainder
from ring1.isa.context import context
from ring1.isa.controls import watched_bits
from ring1.isa.derived import derived
from ring1.isa.model import KINDS, WORD, Handler, Isa, Paging

Function = Callable[..., Any]

CHANGED = "m.changed()"
CALLS = {"time": "time_now", "physical": "supervisor.physical", "line": "supervisor.line", "phys": "load_physical"}
"""Primitives of the language that have another name in the processor."""


def behind(size: int | str) -> str:
    """Return Python text of the address behind an instruction of so many bytes."""
    return f"(pc + {size}) & {ones(WORD):#x}"


class Trap(Exception):
    """A guest's trap on its way to the machine; never an error of ring1's own."""

    def __init__(self, cause: int, value: int) -> None:
        self.cause = cause
        self.value = value
        super().__init__(cause, value)


def signed(width: int, text: str) -> str:
    """Return Python text that interprets `text`, an unsigned value of `width` bits, as signed."""
    sign = 1 << (width - 1)
    return f"(({text} ^ {sign:#x}) - {sign:#x})"


ENVIRONMENT = {"Trap": Trap, "quotient": quotient, "remainder": remainder, "left": left}
AT_HAND = s.Register | s.Local | s.Operand
"""Values that may be evaluated any number of times, or not at all."""
ACCESSES = frozenset((s.Load, s.Port))
"""Values that are computed even if nobody wants them: that may trap, or has effects."""
FEW = 8
"""A shift count of at most this many bits needs no range check."""


def pure_function(parameters: Iterable[str], value: s.Expr) -> Function:
    """Compile a function of integers that computes `value`, which must not use any machine state but these locals."""
    source = f"lambda {', '.join(f'v_{p}' for p in parameters)}: {Source(None).expr(value)}"
    made: Function = eval(source, dict(ENVIRONMENT))
    return made


class Source:
    """Generates Python for one machine (None for pure expressions)."""

    def __init__(self, isa: Isa | None) -> None:
        self.isa = isa

    @property
    def machine(self) -> Isa:
        assert self.isa is not None
        return self.isa

    # --- Expressions: Python text of an unsigned integer ----------------------

    def expr(self, e: s.Expr) -> str:
        return str(getattr(self, type(e).__name__.lower())(e))

    def const(self, e: s.Const) -> str:
        return f"{e.value:#x}" if e.value > 9 else str(e.value)

    # Operands and locals are prefixed, since the author's names must not clash with those of the module.

    def operand(self, e: s.Operand) -> str:
        operand = self.machine.operands[e.name]
        cut = e.width < WORD and operand.kind == "signed"  # all others have no more bits
        return f"(o_{e.name} & {ones(e.width):#x})" if cut else f"o_{e.name}"

    def register(self, e: s.Register) -> str:
        return f"s[{self.index(e.index)}]"

    @staticmethod
    def index(index: str | int) -> str:
        return f"o_{index}" if isinstance(index, str) else str(index)

    def pc(self, e: s.Pc) -> str:
        return "pc"

    def word(self, e: s.Word) -> str:
        return "word"

    def local(self, e: s.Local) -> str:
        return f"v_{e.name}"

    def control(self, e: s.Control) -> str:
        control = self.machine.controls[e.name]
        slot = self.machine.slots.get(e.name)
        if control.stored and all(f.source is None for f in control.fields):
            return f"s[{slot}]"
        parts = [f"s[{slot}]"] if slot is not None else []
        for f in control.fields:
            if f.source is not None:
                parts.append(f"({self.expr(f.source)} << {f.lo})" if f.lo else self.expr(f.source))
        return f"({' | '.join(parts)})"

    def controlfile(self, e: s.ControlFile) -> str:
        return f"READ[o_{e.operand}](m)"

    def load(self, e: s.Load) -> str:
        return f"m.load({self.expr(e.address)}, {e.size}{', True' if e.write else ''})"

    def port(self, e: s.Port) -> str:
        return f"m.supervisor.port_in({self.expr(e.port)})"

    def unary(self, e: s.Unary) -> str:
        a = self.expr(e.a)
        if e.op == "!":
            return f"(1 - {a})"
        return f"({a} ^ {ones(e.width):#x})" if e.op == "~" else f"(-{a} & {ones(e.width):#x})"

    def binary(self, e: s.Binary) -> str:
        a, b, mask, w = self.expr(e.a), self.expr(e.b), ones(e.width), e.a.width
        match e.op:
            case "&" | "|" | "^":
                return f"({a} {e.op} {b})"
            case "+" | "-" | "*":
                return f"({a} {e.op} {b} & {mask:#x})"
            case "/u" if isinstance(e.a, AT_HAND) and isinstance(e.b, AT_HAND):
                return f"({a} // {b} if {b} else {mask:#x})"
            case "/u" | "%u":
                return f"({'quotient' if e.op == '/u' else 'remainder'}({a}, {b}) & {mask:#x})"
            case "/s" | "%s":
                name = "quotient" if e.op == "/s" else "remainder"
                return f"({name}({signed(w, a)}, {signed(w, b)}) & {mask:#x})"
            case "<<" if e.b.width > FEW:
                return f"(left({a}, {b}, {w}) & {mask:#x})"
            case "<<":
                return f"({a} << {b} & {mask:#x})"
            case ">>u":
                return f"({a} >> {b})"
            case ">>s":
                return f"({signed(w, a)} >> {b} & {mask:#x})"
        op, kind = (e.op[:-1], e.op[-1]) if e.op[-1] in "su" else (e.op, "u")
        if kind == "s":
            # Flipping the sign bit maps signed order to unsigned order.
            sign = 1 << (w - 1)
            a, b = f"({a} ^ {sign:#x})", f"({b} ^ {sign:#x})"
        return f"({a} {op} {b})"

    def slice(self, e: s.Slice) -> str:
        a = self.expr(e.a)
        shifted = f"{a} >> {e.lo}" if e.lo else a
        return f"({shifted})" if e.hi == e.a.width - 1 else f"({shifted} & {ones(e.width):#x})"

    def concat(self, e: s.Concat) -> str:
        texts, at = [], e.width
        for part in e.parts:
            at -= part.width
            texts.append(f"{self.expr(part)} << {at}" if at else self.expr(part))
        return f"({' | '.join(texts)})"

    def extend(self, e: s.Extend) -> str:
        a = self.expr(e.a)
        if not e.signed:
            return f"int({a})" if e.a.width == 1 else a
        return f"({signed(e.a.width, a)} & {ones(e.width):#x})"

    def select(self, e: s.Select) -> str:
        return f"({self.expr(e.a)} if {self.expr(e.condition)} else {self.expr(e.b)})"

    def call(self, e: s.Call) -> str:
        name = CALLS.get(e.name, e.name)
        return f"m.{name}({', '.join(map(self.expr, e.args))})"

    # --- Statements: lines ----------------------------------------------------

    def body(self, body: s.Body) -> list[str]:
        lines: list[str] = []
        for stmt in body:
            made = getattr(self, "do_" + type(stmt).__name__.lower())(stmt)
            again = made[-1:] == lines[-1:] == [CHANGED]
            if again and not any(isinstance(n, s.Load | s.Port | s.Call) for n in s.walk(stmt)):
                lines.pop()  # nothing observes the machine in between
            lines += made
        return lines

    def do_let(self, t: s.Let) -> list[str]:
        return [f"v_{t.name} = {self.expr(t.value)}"]

    def do_setregister(self, t: s.SetRegister) -> list[str]:
        index, value = self.index(t.index), self.expr(t.value)
        if isinstance(t.index, int):
            if t.index not in self.machine.hardwired:
                return [f"s[{index}] = {value}"]
            return [value] if s.has(ACCESSES, t.value) else []
        fixed = sorted(self.machine.hardwired)
        if not fixed:
            return [f"s[{index}] = {value}"]
        test = index if fixed == [0] else f"{index} not in {tuple(fixed)}"
        # The value is computed even if it is not stored: it may trap, or read a port.
        return [f"value = {value}", f"if {test}:", f"    s[{index}] = value"]

    def do_setcontrol(self, t: s.SetControl) -> list[str]:
        if isinstance(t.control, s.ControlFile):
            return [f"WRITE[o_{t.control.operand}](m, {self.expr(t.value)})"]
        control = self.machine.controls[t.control.name]
        field = (1 << (t.hi + 1)) - (1 << t.lo)
        reach = control.writable & field
        if not reach:
            return []
        slot, value = self.machine.slots[control.name], self.expr(t.value)
        value = f"{value} << {t.lo}" if t.lo else value
        if reach != field or reach & ones(WORD) != ones(WORD):
            value = f"{value} & {reach:#x}"
        kept = control.stored & ~reach
        lines = [f"s[{slot}] = s[{slot}] & {kept:#x} | {value}" if kept else f"s[{slot}] = {value}"]
        return lines + ([CHANGED] if reach & self.watched.get(control.name, 0) else [])

    def do_setpc(self, t: s.SetPc) -> list[str]:
        return [f"npc = {self.expr(t.value)}"]

    def do_store(self, t: s.Store) -> list[str]:
        return [f"m.store({self.expr(t.address)}, {t.size}, {self.expr(t.value)})"]

    def do_storephysical(self, t: s.StorePhysical) -> list[str]:
        return [f"m.store_physical({self.expr(t.address)}, {self.expr(t.value)})"]

    def do_out(self, t: s.Out) -> list[str]:
        return [f"m.supervisor.port_out({self.expr(t.port)}, {self.expr(t.value)})"]

    def do_if(self, t: s.If) -> list[str]:
        then, otherwise = self.body(t.then), self.body(t.otherwise)
        condition = self.expr(t.condition)
        if not then:
            condition, then, otherwise = f"not {condition}", otherwise, []
        lines = [f"if {condition}:", *indent(then or ["pass"])]
        return lines + (["else:", *indent(otherwise)] if otherwise else [])

    def do_raise(self, t: s.Raise) -> list[str]:
        return [f"raise Trap({self.expr(t.cause)}, {self.expr(t.value)})"]

    def do_wait(self, t: s.Wait) -> list[str]:
        return ["m.supervisor.wait()"]

    def do_flush(self, t: s.Flush) -> list[str]:
        return [f"m.flush({', '.join(map(self.expr, t.addresses))})"]

    # --- Whole modules ---------------------------------------------------------

    @cached_property
    def watched(self) -> dict[str, int]:
        """Return the control bits whose change may make an interrupt due, or alter address translation or code."""
        return watched_bits(self.machine)

    def function(self, name: str, parameters: Iterable[str], body: s.Body, after: str) -> list[str]:
        """Return the source of a function that executes `body` and returns the next pc, `after` if the body does not
        set it."""
        lines = self.body(body)
        jumps = any(isinstance(n, s.SetPc) for n in s.walk(*body))
        result = "npc" if jumps else after
        first = [f"npc = {after}"] if jumps else []
        head = f"def {name}({', '.join(['m', *parameters, 'pc'])}):"
        return [head, *indent(["s = m.s", *first, *lines, f"return {result}"]), ""]

    def module(self) -> str:
        """Source of everything that the interpreter needs of this machine:

        `INSTRUCTIONS` name -> function(m, word, operands in order, pc) -> next pc; `read_NAME(m)` and
        `write_NAME(m, value)` for each control register, `READ` and `WRITE` the same by number;
        `trap_entry(m, number, value, pc)`, likewise `exit_entry`, `exits` and `unhandled`, `undefined(m, word, pc)`,
        `absent_KIND(m, address, pc)`, `reset(m, pc) -> where to begin, or the pc given if that is not described`,
        `enabled(m)` and `pending(m)`, lines as bitmaps, `interrupt(m, line) -> (cause, value)`, `paging(m)`,
        page-walk predicates on an entry `e`, and `context(m)`, the context word (ring1.isa.context).
        """
        isa, lines = self.machine, ["# Generated from the description of " + self.machine.name, ""]
        for n, insn in enumerate(isa.instructions.values()):
            names = ["word", *(f"o_{o.name}" for o in insn.operands)]
            lines += self.function(f"i{n}_{insn.name.replace('.', '_')}", names, insn.body, behind(insn.size))
        table = ", ".join(f"{name!r}: i{n}_{name.replace('.', '_')}" for n, name in enumerate(isa.instructions))
        lines += [f"INSTRUCTIONS = {{{table}}}", ""]
        for control in isa.controls.values():
            setter, whole = control.setter, s.Control(WORD, control.name)
            value = setter.parameters[0] if setter else "value"
            body = setter.body if setter else (s.SetControl(whole, WORD - 1, 0, s.Local(WORD, value)),)
            lines += [f"def read_{control.name}(m):", *indent(["s = m.s"])]
            lines += indent([f"return {self.control(whole)}", ""])
            lines += [f"def write_{control.name}(m, v_{value}):", *indent(["s = m.s", *self.body(body)]), ""]
        for table in ("READ", "WRITE"):
            rows = ", ".join(f"{n}: {table.lower()}_{c.name}" for n, c in isa.control_numbers.items())
            lines += [f"{table} = {{{rows}}}", ""]
        for name, handler, extra in (
            ("trap_entry", isa.trap, ["v_number", "v_value"]),
            ("exit_entry", isa.exit, ["v_number", "v_value"]),
            ("reset", isa.reset, []),
            ("undefined", isa.undefined, ["word"]),
            *((f"absent_{kind}", handler, ["v_address"]) for kind, handler in zip(KINDS, isa.absent, strict=True)),
        ):
            names = extra if not handler or name == "undefined" else [f"v_{p}" for p in handler.parameters]
            size: int | str = WORD // 8
            if name == "undefined" and isa.words.mixed:
                size = f"{isa.words.table}[word & {isa.words.asked}]"
            after = "pc" if name == "reset" else behind(size)
            lines += self.function(name, names, handler.body if handler else (), after)

        def of(handler: Handler | None) -> list[str]:
            return [f"v_{p}" for p in handler.parameters] if handler else ["v_number", "v_value"]

        lines += self.predicate(
            "unhandled", (*of(isa.trap), "pc"), isa.trap.unless if isa.trap else None, str(not isa.trap)
        )
        lines += self.predicate("exits", (*of(isa.exit), "pc"), isa.exit.when if isa.exit else None, "0")
        lines += self.interrupt_functions()
        lines += self.paging_functions(isa.paging) + (
            self.paging_functions(isa.nested, "nested_") if isa.nested else []
        )
        lines += self.predicate("context", (), context(isa), "0")
        return "\n".join(lines)

    def predicate(self, name: str, parameters: Iterable[str], e: s.Expr | None, default: str) -> list[str]:
        text = self.expr(e) if e is not None else default
        return [f"def {name}({', '.join(['m', *parameters])}):", *indent(["s = m.s", f"return {text}", ""])]

    def interrupt_functions(self) -> list[str]:
        i = self.machine.interrupts
        if i is None:
            return self.predicate("enabled", (), None, "0") + self.predicate("pending", (), None, "0")
        taken = [
            "def interrupt(m, v_line):",
            *indent(["s = m.s", f"return {self.expr(i.cause)}, {self.expr(i.value)}", ""]),
        ]
        enable = s.Extend(WORD, i.enable, True) if i.enable.width == 1 else i.enable
        lines = self.predicate("enabled", (), enable, "0") + self.predicate("pending", (), i.pending, "0")
        return lines + taken

    def paging_functions(self, p: Paging | None, prefix: str = "") -> list[str]:
        """Return the source of the predicates of one set of tables."""
        if p is None:
            return self.predicate("paging", (), None, "0")
        fields = {b.name: s.Slice(b.hi - b.lo + 1, s.Local(8 * p.entry, "entry"), b.hi, b.lo) for b in p.fields}
        lines = self.predicate(prefix + "paging", (), p.when, "0") + self.predicate(prefix + "root", (), p.root, "0")
        for kind, access in zip(KINDS, p.accesses, strict=True):
            lines += self.predicate(f"{prefix}translates_{kind}", (), access.when, "0")
        for name, e in (
            ("invalid", p.invalid),
            ("leaf", p.leaf),
            *((f"denied_{kind}", access.denied) for kind, access in zip(KINDS, p.accesses, strict=True)),
            *((f"may_{kind}", access.allowed) for kind, access in zip(KINDS, p.accesses, strict=True)),
            ("frame", s.Local(p.frame.hi - p.frame.lo + 1, p.frame.name)),
            *((name, a.allowed) for name, a in (("may_table", p.table), ("misconfigured", p.misconfigured)) if a),
        ):
            used = {n.name for n in s.walk(e) if isinstance(n, s.Local)}
            lets = [f"v_{n} = {self.expr(fields[n])}" for n in sorted(used)]
            lines += [f"def {prefix}{name}(m, v_entry):", *indent(["s = m.s", *lets, f"return {self.expr(e)}", ""])]
        return lines


def indent(lines: Iterable[str]) -> list[str]:
    return ["    " + line if line else "" for line in lines]


@derived
def functions(isa: Isa) -> Mapping[str, Any]:
    """Return the namespace of the generated module (see Source.module), whose code is cached on disk."""
    name = store.key("python", sys.version, isa.digest)
    kept = store.load("python", name) if isa.digest else None
    code = marshal.loads(kept) if kept else compile(Source(isa).module(), f"<{isa.name}>", "exec")
    if kept is None and isa.digest:
        store.save("python", name, marshal.dumps(code))
    namespace: dict[str, Any] = dict(ENVIRONMENT)
    exec(code, namespace)
    return namespace
