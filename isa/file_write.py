"""What a write through the control-register file does: it sets the bits of the register that is named, or what the
register's description says instead."""

from __future__ import annotations

from ring1.isa import semantics as s
from ring1.isa.model import WORD, Control
from ring1.isa.simplify import rebuilt


def file_write(control: Control, value: s.Expr) -> s.Body:
    """Return the statements that writing a value stands for. Their locals have names that no author can write."""
    if control.setter is None:
        return (s.SetControl(s.Control(WORD, control.name), WORD - 1, 0, value),)
    return (s.Let(own(control, control.setter.parameters[0]), value), *renamed(control, control.setter.body))


def own(control: Control, name: str) -> str:
    return f"{control.name}.{name}"


def renamed(control: Control, body: s.Body) -> s.Body:
    """Return a body with the register's name before the names of locals."""

    def expr(e: s.Expr) -> s.Expr:
        return s.Local(e.width, own(control, e.name)) if isinstance(e, s.Local) else rebuilt(e, expr)

    def stmt(made: s.Stmt) -> s.Stmt:
        match made:
            case s.Let(name, value):
                return s.Let(own(control, name), expr(value))
            case s.If(condition, then, otherwise):
                return s.If(expr(condition), tuple(map(stmt, then)), tuple(map(stmt, otherwise)))
        return rebuilt(made, expr)

    return tuple(map(stmt, body))
