"""Records: values with named fields, which are immutable as far as the type checker sees.

They behave like frozen dataclasses with slots, including in `match`. But a dataclass compiles six methods with the
class, and for the many node classes of the semantics that takes longer than a short run; here it is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

R = TypeVar("R", bound="Record")


def initializer(fields: Iterable[str], defaults: Mapping[str, Any]) -> Callable[..., None]:
    """Compile the `__init__` of a record class."""
    parameters = ", ".join(f"{f}=default_{f}" if f in defaults else f for f in fields)
    source = "".join(f"\n    self.{f} = {f}" for f in fields)
    names = {f"default_{f}": value for f, value in defaults.items()}
    exec(f"def __init__(self, {parameters}):{source or ' pass'}", names)
    return cast(Callable[..., None], names["__init__"])


@dataclass_transform(frozen_default=True)
class Kind(type):
    """The metaclass of records. The annotated names of the base and of the class are the fields, in that order."""

    _fields: dict[str, str]
    """Name -> type as written."""
    _defaults: dict[str, Any]
    _content: Callable[[Any], Any]
    """Returns the values of all fields, by which records are compared."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Kind:
        own: dict[str, str] = body.get("__annotations__", {})
        fields, defaults = dict(own), {field: body.pop(field) for field in own if field in body}
        for base in bases:
            if isinstance(base, Kind):
                fields, defaults = base._fields | fields, base._defaults | defaults
        body["__init__"] = initializer(fields, defaults)
        body["__match_args__"] = tuple(fields)
        body["__slots__"] = (*own, *body.get("__slots__", ()))
        made = super().__new__(mcs, name, bases, body)
        made._fields, made._defaults = fields, defaults
        made._content = attrgetter(*fields) if fields else type
        return made


class Record(metaclass=Kind):
    """The base of records. A class with cached properties declares `__slots__ = ("__dict__",)`."""

    def __eq__(self, other: object) -> bool:
        kind = type(self)
        return type(other) is kind and bool(kind._content(self) == kind._content(other))

    def __hash__(self) -> int:
        return hash(type(self)._content(self))

    def __repr__(self) -> str:
        values = ", ".join(f"{field}={getattr(self, field)!r}" for field in type(self)._fields)
        return f"{type(self).__name__}({values})"

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, field) for field in type(self)._fields)


def fields(kind: Kind) -> dict[str, str]:
    """Return the fields of a record class in order, with their types as written."""
    return kind._fields


def replace(record: R, **changes: Any) -> R:
    """Return a copy of a record with some fields changed."""
    kind = type(record)
    values = [changes.pop(field) if field in changes else getattr(record, field) for field in kind._fields]
    return kind(*values, **changes)
