"""Properties of a body's statements and their order that lowering relies on."""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.isa import semantics as s
from ring1.isa.record import replace

ACCESSES = frozenset((s.Load, s.Port))
TOUCHES = frozenset((s.Load, s.Store))
CHANGING = frozenset((s.Control, s.Load, s.Call))
TARGET = "the target"
"""The name, which no description can have, of a pc that is assigned before other effects."""
JUMPS = frozenset((s.SetPc,))
LEAVES = frozenset((s.SetPc, s.Raise))
PLAIN = frozenset((s.SetRegister, s.Store, s.SetPc))


def plain(stmt: s.Stmt) -> bool:
    """Can a statement be lowered while values are deferred?"""
    if isinstance(stmt, s.If):
        branches = (*stmt.then, *stmt.otherwise)
        known = not s.has(ACCESSES, stmt)  # otherwise it may fault, and deferred values would have to be recorded
        return known and len(branches) == 1 and type(branches[0]) in LEAVES
    return type(stmt) in PLAIN and not (type(stmt) is s.SetPc and s.has(ACCESSES, stmt))


def rebuild_load(e: s.Expr, address: s.Expr) -> s.Expr:
    """Return a load, possibly extended, with another address."""
    if isinstance(e, s.Load):
        return replace(e, address=address)
    assert isinstance(e, s.Extend)
    return replace(e, a=rebuild_load(e.a, address))


def with_load(e: s.Expr, value: s.Expr) -> s.Expr:
    """Return a load, possibly extended, with something else in its place."""
    return value if isinstance(e, s.Load) else replace(e, a=value) if isinstance(e, s.Extend) else e


def accesses_once(body: s.Body) -> bool:
    """Does a body nothing but to load to a register, or to store?"""
    match body:
        case (s.SetRegister(_, (s.Load() | s.Extend(_, s.Load())) as value),):
            load = value.a if isinstance(value, s.Extend) else value
            return isinstance(load, s.Load) and not load.write and not s.has(ACCESSES, load.address)
        case (s.Store(address, _, value),):
            return not s.has(ACCESSES, address, value)
    return False


def jump_last(body: s.Body) -> s.Body:
    """Return the body with the assignment to pc moved to its end. Raises Unsupported where a body jumps on one of
    several ways, and goes on."""
    for i, stmt in enumerate(body[:-1]):
        if isinstance(stmt, s.SetPc):
            rest = body[i + 1 :]
            written = {n.index for n in s.walk(*rest) if isinstance(n, s.SetRegister)}
            read = {n.index for n in s.walk(stmt) if isinstance(n, s.Register)}
            if read & written or s.has(CHANGING, stmt):
                target = s.Local(stmt.value.width, TARGET)
                return (*body[:i], s.Let(TARGET, stmt.value), *rest, s.SetPc(target))
            return (*body[:i], *rest, stmt)
        if isinstance(stmt, s.If) and s.has(JUMPS, stmt):
            raise Unsupported("jump before other effects")
    return body
