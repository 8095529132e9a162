"""The check that an instruction which traps has changed nothing."""

from __future__ import annotations

from ring1.isa import semantics as s


def effects_before_traps(body: s.Body) -> bool:
    """Does any path change state before something that may trap?

    That no instruction has such a path is what makes traps precise.
    """
    fault, _ = _follow(body, False)
    return fault


def _follow(body: s.Body, changed: bool) -> tuple[bool, bool]:
    """Return whether a trap can follow a change, and whether state may have changed at the end."""
    fault = False
    for stmt in body:
        if isinstance(stmt, s.If):
            fault |= changed and _loads(stmt.condition)
            results = [_follow(branch, changed) for branch in (stmt.then, stmt.otherwise)]
            fault |= any(f for f, _ in results)
            changed |= any(c for _, c in results)
            continue
        fault |= changed and (isinstance(stmt, s.Raise | s.Store) or _loads(stmt))
        changed |= not isinstance(stmt, s.Let | s.Raise)
    return fault, changed


def _loads(node: s.Node) -> bool:
    return any(isinstance(n, s.Load) for n in s.walk(node))
