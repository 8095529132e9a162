"""How programs enter another kind of operation, on machines whose descriptions have exits (`on exit`): by a block of
words in memory, by which exits go back as well.

Where in the block a word is, is read off the bodies: of the instruction that jumps to a place that it finds there, and
of exits. What the words may be is tried on the interpreter, beginning with zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from ring1.dbt.fuzz.probe import Probe
from ring1.dbt.fuzz.shapes import Shape
from ring1.dbt.ir.fold import binary, rebuild
from ring1.dbt.machine.nested_paging import SecondWalker
from ring1.isa import semantics as s
from ring1.isa.controls import control_bits
from ring1.isa.model import WORD, Isa
from ring1.isa.record import Record

PLACE = 0x8000
"""Where the block is in the probe's memory."""
THERE = 0x3210
"""The pc with which entries are tried."""
Words = Mapping[int, int]


class Entering(Record):
    """How a machine enters."""

    points: Shape
    """The instruction that says where the block is, by its one register."""
    enters: tuple[Shape, ...]
    pc: int
    """Offset of the word with the place that is entered ..."""
    back: int
    """... and of the one to which exits go."""
    needed: tuple[tuple[int, int], ...]
    """Offsets, and words without which no entry succeeds."""
    legal: tuple[tuple[int, int], ...]
    """Offsets of the other words, and the bits that each may have, one by one."""
    restored: tuple[tuple[str, int], ...]
    """Control registers, and offsets of words from which exits restore them."""
    second: tuple[tuple[int, int], ...]
    """Offsets and bits with which second tables are on; none if there are none."""
    root: int
    """Offset of the word with the root of these."""


def entering(isa: Isa, systems: Iterable[Shape], probe: Probe) -> Entering | None:
    """Return how a machine enters; None if it has no exits, or enters in no way that shows."""
    forms = [form for form in systems if form.effects.jumps and "phys" in form.effects.calls]
    if isa.exit is None or not forms:
        return None
    first = forms[0]
    controls = {name for _, name in offsets(first.insn.body)}
    point = next((form for form in systems if len(form.reads) == 1 and sets(form.insn.body) & controls), None)
    places = [at for at, _ in offsets(assigned(first.insn.body, s.SetPc))]
    back = [at for at, _ in offsets(assigned(isa.exit.body, s.SetPc))]
    if point is None or not back or len(controls) != 1:
        return None
    tried = Tried(probe, first, point, controls.pop())
    read = sorted({at for at, _ in (*offsets(first.insn.body), *offsets(isa.exit.body))})
    least = ({}, *({at: 1 << bit} for at in read for bit in range(WORD)))
    ways = ((at, words) for words in least for at in places if tried.enters({**words, at: THERE}))
    pc, needed = next(ways, (0, None))
    if needed is None:
        return None
    tried.pc = pc
    read = [at for at in read if at not in (pc, back[0])]
    legal = {}
    for at in read:
        usual = needed.get(at, 0)
        legal[at] = sum(1 << n for n in range(WORD) if tried.enters({**needed, at: usual ^ 1 << n}))
    second, root = tried.second(needed, legal)
    return Entering(
        point,
        tuple(forms),
        pc,
        back[0],
        tuple(needed.items()),
        tuple((at, mask) for at, mask in legal.items() if mask),
        tuple(restored(isa.exit.body)),
        second,
        root,
    )


class Tried:
    """Entries that are tried on the interpreter."""

    def __init__(self, probe: Probe, form: Shape, point: Shape, control: str) -> None:
        self.probe, self.form = probe, form
        self.pc = 0
        """Offset of the word with the place that is entered."""
        number = probe.free[0]
        probe.attempt(point, dict.fromkeys(point.reads, number), {number: PLACE + probe.isa.memory})
        self.controls = {control: probe.stored_in(control)}

    def enters(self, words: Words) -> bool:
        """Does an entry succeed with these words in the block, and zeros elsewhere?"""
        memory = self.probe.cpu.memory
        memory.write(PLACE + memory.base, bytes(0x1000))
        for at, word in ({self.pc: THERE} | dict(words)).items():
            memory.write(PLACE + memory.base + at, word.to_bytes(4, "little"))
        return self.probe.attempt(self.form, {}, {}, controls=self.controls) == THERE

    def second(self, needed: Words, legal: Words) -> tuple[tuple[tuple[int, int], ...], int]:
        """Return bits with which second tables are on, and where the word with their root is."""
        p = self.probe.isa.nested
        if p is None:
            return (), 0
        body = self.form.insn.body
        named = {at for name in control_bits(self.probe.isa, p.when) for at, _ in offsets(writes(body, name))}
        bits = [(at, 1 << n) for at, mask in legal.items() if at in named for n in range(WORD) if mask >> n & 1]
        roots = {at for name in control_bits(self.probe.isa, p.root) for at, _ in offsets(writes(body, name))} - named
        walker = SecondWalker(self.probe.isa, self.probe.cpu, self.probe.cpu.memory)
        for (at, bit), (other, more) in combinations(bits, 2):
            both = {**needed, at: bit, other: more} if at != other else {**needed, at: bit | more}
            if self.enters(both) and walker.translates() and roots:
                return ((at, bit), (other, more)), min(roots)
        return (), 0


# --- Reading bodies ------------------------------------------------------------------------------


def lets(body: s.Body) -> dict[str, s.Expr]:
    """Return the values of the names in a body, over what is there before it."""
    found: dict[str, s.Expr] = {}
    for n in s.walk(*body):
        if isinstance(n, s.Let):
            found[n.name] = n.value
    return found


def offsets(nodes: Iterable[s.Node], known: Mapping[str, s.Expr] | None = None) -> Iterator[tuple[int, str]]:
    """Yield the offsets from a page that a control register names, and that register, of words that are loaded."""
    nodes = tuple(nodes)
    names = lets(tuple(n for n in nodes if isinstance(n, s.Stmt))) if known is None else known
    for n in s.walk(*nodes):
        if isinstance(n, s.Call) and n.name == "phys":
            match resolved(n.args[0], names):
                case s.Binary(_, "+", s.Binary(_, "&", s.Control(_, name), s.Const()), s.Const(_, at)):
                    yield at, name
                case s.Binary(_, "&", s.Control(_, name), s.Const()):
                    yield 0, name


def resolved(e: s.Expr, names: Mapping[str, s.Expr]) -> s.Expr:
    def present(leaf: s.Expr) -> s.Expr:
        return resolved(names[leaf.name], names) if isinstance(leaf, s.Local) and leaf.name in names else leaf

    made = rebuild(e, present)
    return binary("+", made, s.Const(WORD, 0), WORD) if isinstance(made, s.Binary) else made


def assigned(body: s.Body, kind: type[s.SetPc | s.SetControl], name: str = "") -> list[s.Node]:
    """Return the statements of a kind, with the names in their values exchanged."""
    names = lets(body)
    return [
        s.SetPc(resolved(n.value, names))
        for n in s.walk(*body)
        if isinstance(n, s.SetPc | s.SetControl) and isinstance(n, kind) and (not name or name_of(n) == name)
    ]


def writes(body: s.Body, name: str) -> list[s.Node]:
    """Return what is written to a control register."""
    return assigned(body, s.SetControl, name)


def name_of(stmt: s.Stmt) -> str:
    return stmt.control.name if isinstance(stmt, s.SetControl) and isinstance(stmt.control, s.Control) else ""


def sets(body: s.Body) -> set[str]:
    """Return the control registers that a body writes a general register to."""
    nodes = [n for n in s.walk(*body) if isinstance(n, s.SetControl)]
    return {name_of(n) for n in nodes if any(isinstance(e, s.Register) for e in s.walk(n.value))}


def restored(body: s.Body) -> Iterator[tuple[str, int]]:
    """Yield the control registers that a body sets to words of the block, and the offsets of these."""
    for name in dict.fromkeys(name_of(n) for n in s.walk(*body) if isinstance(n, s.SetControl)):
        for at, _ in offsets(writes(body, name)):
            yield name, at
