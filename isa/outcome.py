"""What comes of an instruction in one mode, read off its specialized body: what it changes, and what that depends on.

A body in normal form has two statements alike where nobody can tell them apart (see isa/virtual on outcomes), so that
bodies which are equal have equal outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ring1.isa import semantics as s
from ring1.isa.model import WORD, Isa
from ring1.isa.python import ones
from ring1.isa.simplify import pure
from ring1.isa.virtual import mask_of, read, written

TRAP = s.Trap(s.Const(WORD, 0), s.Const(WORD, 0))
"""Any trap: whoever is told emulates the instruction."""


def normal(isa: Isa, body: s.Body) -> s.Body:
    """The body without what makes no difference: causes of traps, choices between equal ways, values nobody uses."""
    made: list[s.Stmt] = []
    for stmt in body:
        match stmt:
            case s.If(condition, then, otherwise):
                ways = normal(isa, then), normal(isa, otherwise)
                if ways[0] == ways[1]:
                    made += [s.Let("", condition), *ways[0]] if not pure(condition) else ways[0]
                else:
                    made.append(s.If(condition, *ways))
            case s.Trap(_, value):
                made += [TRAP] if pure(value) else [s.Let("", value), TRAP]
            case s.SetRegister(int(index), value) if index in isa.hardwired:
                made.append(s.Let("", value))
            case _:
                made.append(stmt)
        if s.always_traps(tuple(made[-1:])):
            break
    if s.always_traps(tuple(made)) and all(pure_until_trap(stmt) for stmt in made):
        return (TRAP,)
    made = unread(isa, fresh(isa, made, {}))
    used: set[str] = set()
    for at in range(len(made) - 1, -1, -1):
        stmt = made[at]
        if isinstance(stmt, s.Let) and stmt.name not in used and pure(stmt.value):
            del made[at]
        else:
            used |= {n.name for n in s.walk(stmt) if isinstance(n, s.Local)}
    return tuple(made)


Target = tuple[str, str | int, int, int]
"""Something that can be assigned to: a kind, which one, and its bits."""


def target(stmt: s.Stmt) -> Target | None:
    match stmt:
        case s.SetRegister(index, _):
            return ("register", index, WORD - 1, 0)
        case s.SetControl(s.Control(_, name), hi, lo, _):
            return ("control", name, hi, lo)
        case s.SetPc():
            return ("pc", "", WORD - 1, 0)
    return None


def fresh(isa: Isa, body: Sequence[s.Stmt], known: dict[Target, s.Expr]) -> list[s.Stmt]:
    """The body without assignments of what is there already. `known`: what has been assigned before it."""
    made: list[s.Stmt] = []
    for stmt in body:
        if isinstance(stmt, s.If):
            ways = [fresh(isa, way, dict(known)) for way in (stmt.then, stmt.otherwise)]
            stmt = s.If(stmt.condition, tuple(ways[0]), tuple(ways[1]))
        mine = target(stmt)
        value = stmt.value if isinstance(stmt, s.SetRegister | s.SetControl | s.SetPc) else None
        if mine is not None and value is not None and known.get(mine) == value:
            continue
        for n in s.walk(stmt):
            if isinstance(n, s.SetControl) and isinstance(n.control, s.ControlFile):
                known.clear()
            place = target(n) if isinstance(n, s.Stmt) else None
            if place is not None:
                forget(isa, known, place)
        if mine is not None and value is not None and pure(value) and mine[1] not in read(isa, [value]):
            if not s.has(frozenset((s.Register, s.Call)), value):
                known[mine] = value
        made.append(stmt)
    return made


def forget(isa: Isa, known: dict[Target, s.Expr], place: Target) -> None:
    """An assignment to a place: other operands may name the same register, and values may have been read from it."""
    for other in list(known):
        if other[0] == place[0] == "register" or other[1] == place[1] or place[1] in read(isa, [known[other]]):
            del known[other]


def unread(isa: Isa, body: Sequence[s.Stmt]) -> list[s.Stmt]:
    """The body without assignments whose values are overwritten before anybody reads them."""
    return sweep(isa, body, set())[0]


def sweep(isa: Isa, body: Sequence[s.Stmt], behind: set[Target]) -> tuple[list[s.Stmt], set[Target]]:
    """The same, with what is overwritten behind it; and what is, at its beginning."""
    made: list[s.Stmt] = []
    dead = set(behind)
    for stmt in reversed(body):
        mine = target(stmt)
        if isinstance(stmt, s.If):
            then, before_then = sweep(isa, stmt.then, dead)
            otherwise, before_otherwise = sweep(isa, stmt.otherwise, dead)
            made.append(s.If(stmt.condition, tuple(then), tuple(otherwise)))
            dead = before_then & before_otherwise
            dead = spared(isa, stmt.condition, dead)
            continue
        if mine is not None and mine in dead:
            assert isinstance(stmt, s.SetRegister | s.SetControl | s.SetPc)
            if pure(stmt.value):
                continue
            stmt = s.Let("", stmt.value)
        elif mine is not None:
            dead.add(mine)
        dead = spared(isa, stmt, dead)
        made.append(stmt)
    return made[::-1], dead


def spared(isa: Isa, node: s.Node, dead: set[Target]) -> set[Target]:
    """Those of the targets that a node does not read, whatever registers its operands name."""
    values = [n for n in s.children(node) if isinstance(n, s.Expr) and not isinstance(n, s.Control)]
    nodes = s.walk(*(values if isinstance(node, s.Stmt) else [node]))
    names = read(isa, values if isinstance(node, s.Stmt) else [node]).keys()
    registers = any(isinstance(n, s.Register) for n in nodes)
    controls = any(isinstance(n, s.ControlFile) or (isinstance(n, s.Call) and n.name == "physical") for n in nodes)
    return {
        each
        for each in dead
        if not (each[0] == "register" and registers) and not (each[0] == "control" and (controls or each[1] in names))
    }


def pure_until_trap(stmt: s.Stmt) -> bool:
    """Is there nothing in a way to a trap but what is needed to find it?"""
    match stmt:
        case s.Let(_, value):
            return pure(value)
        case s.If(condition, then, otherwise):
            return pure(condition) and all(map(pure_until_trap, (*then, *otherwise)))
    return stmt == TRAP


def going_on(isa: Isa, body: s.Body) -> s.Body:
    """A normal body without its ways to a trap: what it does where there is none."""
    made: list[s.Stmt] = []
    for stmt in body:
        if isinstance(stmt, s.If):
            ways = [going_on(isa, way) for way in (stmt.then, stmt.otherwise) if not s.always_traps(way)]
            if len(ways) == 1:
                made += [s.Let("", stmt.condition), *ways[0]]
                continue
            stmt = s.If(stmt.condition, *ways)
        made.append(stmt)
    return normal(isa, tuple(made))


def without_mode(isa: Isa, body: s.Body) -> s.Body:
    """The body without its writes to the mode: what is compared between modes is everything else."""
    made: list[s.Stmt] = []
    for stmt in body:
        if isinstance(stmt, s.If):
            stmt = s.If(stmt.condition, without_mode(isa, stmt.then), without_mode(isa, stmt.otherwise))
            if stmt.then == stmt.otherwise and pure(stmt.condition):
                made += stmt.then
                continue
        elif isinstance(stmt, s.SetControl) and writes_mode(isa, stmt):
            continue
        made.append(stmt)
    return tuple(made)


def writes_mode(isa: Isa, write: s.SetControl) -> bool:
    """Does the write reach the mode, and nothing else?"""
    m = isa.mode
    return (
        m is not None and write.control == s.Control(WORD, m.control) and not mask_of(write.hi, write.lo) & ~m.bits.mask
    )


def bits_named(isa: Isa, name: str, mask: int) -> list[str]:
    """What the description calls the bits of a control register."""
    return [name if f.name == name else f"{name}.{f.name}" for f in isa.controls[name].fields if f.mask & mask]


def changes(isa: Isa, machine: Mapping[str, int], body: s.Body) -> set[str]:
    """The parts of M and R (`machine`) that a body changes where it does not trap."""
    found: set[str] = set()
    for stmt in body:
        for node in s.walk(*s.children(stmt)) if not isinstance(stmt, s.If) else s.walk(stmt.condition):
            if isinstance(node, s.Port):
                found.add("devices")
        match stmt:
            case s.If(_, then, otherwise):
                for way in (then, otherwise):
                    if not s.always_traps(way):
                        found |= changes(isa, machine, way)
            case s.SetControl():
                for name, mask in written(isa, stmt).items():
                    found.update(bits_named(isa, name, mask & machine.get(name, 0)))
            case s.Out():
                found.add("devices")
            case s.Wait():
                found.add("processor")
            case s.Flush() if isa.paging:
                found.add("TLB")
    return found


class Shown:
    """Finds the parts of R, and the primitives, that an outcome depends on: registers, pc, memory and the program's
    control bits, the addresses that are asked for, and whether there is a trap."""

    def __init__(self, isa: Isa, machine: Mapping[str, int], body: s.Body) -> None:
        self.isa = isa
        self.machine = machine
        self.known: dict[str, s.Expr] = {}
        self.parts = self.visible(body)[0]

    def visible(self, body: Iterable[s.Stmt]) -> tuple[set[str], bool]:
        """What is shown, and whether anything can be seen of the body at all."""
        found: set[str] = set()
        seen = False
        for stmt in body:
            match stmt:
                case s.If(condition, then, otherwise):
                    ways = self.visible(then), self.visible(otherwise)
                    asked = self.asked(condition)
                    if ways[0][1] or ways[1][1]:
                        found |= self.sources(condition).union(*(way[0] for way in ways))
                    found |= asked
                    seen |= ways[0][1] or ways[1][1] or bool(asked)
                    continue
                case s.Let(name, value):
                    self.known[name] = value
                case s.SetControl(_, _, lo, value):
                    for name, mask in written(self.isa, stmt).items():
                        mine = mask & ~self.machine.get(name, 0)
                        if mine:
                            seen = True
                            found |= self.sources(value, mine >> lo)
                case s.SetRegister() | s.SetPc() | s.Store():
                    seen = True
                    found |= self.sources(stmt.value)
                case s.Trap():
                    seen = True
            asked = self.asked(stmt)
            found |= asked
            seen |= s.has(frozenset((s.Load,)), stmt)
        return found, seen

    def asked(self, node: s.Node) -> set[str]:
        """What the addresses depend on that a node asks memory for."""
        found: set[str] = set()
        for n in s.walk(node):
            if isinstance(n, s.Load | s.Store):
                found |= self.sources(n.address)
        return found

    def sources(self, e: s.Expr, wanted: int = -1) -> set[str]:
        """What the bits `wanted` of a value depend on."""
        wanted &= ones(e.width)
        if not wanted:
            return set()
        below = ones(wanted.bit_length())
        match e:
            case s.Control(_, name):
                return set(bits_named(self.isa, name, wanted & self.machine.get(name, 0)))
            case s.Slice(_, a, _, lo):
                return self.sources(a, wanted << lo)
            case s.Local(_, name):
                return self.sources(self.known[name], wanted) if name in self.known else set()
            case s.Concat(width, parts):
                found: set[str] = set()
                for part in parts:
                    width -= part.width
                    found |= self.sources(part, wanted >> width)
                return found
            case s.Extend(_, a, is_signed):
                sign = 1 << a.width - 1 if is_signed and wanted >> a.width else 0
                return self.sources(a, wanted & ones(a.width) | sign)
            case s.Binary(_, "&" | "|" as op, a, b):
                for one, other in ((a, b), (b, a)):
                    if isinstance(one, s.Const):
                        return self.sources(other, wanted & (one.value if op == "&" else ~one.value))
                return self.sources(a, wanted) | self.sources(b, wanted)
            case s.Binary(_, "^", a, b):
                return self.sources(a, wanted) | self.sources(b, wanted)
            case s.Binary(_, "+" | "-" | "*", a, b):
                return self.sources(a, below) | self.sources(b, below)
            case s.Binary(_, "<<", a, s.Const(_, by)):
                return self.sources(a, wanted >> by)
            case s.Binary(_, ">>u", a, s.Const(_, by)):
                return self.sources(a, wanted << by)
            case s.Unary(_, "~", a):
                return self.sources(a, wanted)
            case s.Select(_, condition, a, b):
                return self.sources(condition) | self.sources(a, wanted) | self.sources(b, wanted)
            case s.Load():
                return set()
            case s.Port():
                return {"devices"}.union(self.sources(e.port))
            case s.Call(_, name, args):
                own = {f"{name}()"} if name in s.PRIMITIVES else set()
                return own.union(*map(self.sources, args))
        return set().union(*(self.sources(n) for n in s.children(e) if isinstance(n, s.Expr)))
