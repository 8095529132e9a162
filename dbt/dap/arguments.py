"""The arguments of a request: what a client sends is looked at before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ring1.dbt.api.errors import MachineError

ONES = 0xFFFFFFFF


class BadRequest(MachineError):
    """A request is not as the protocol has it, or cannot be carried out."""


class Arguments:
    """The arguments of one request. What is wrong or missing raises BadRequest."""

    def __init__(self, given: object) -> None:
        if not isinstance(given, Mapping | None):
            raise BadRequest("arguments are an object")
        self.given: Mapping[str, Any] = given or {}

    def text(self, name: str, default: str | None = None) -> str:
        return str(self.value(name, str, "a text", default))

    def number(self, name: str, default: int | None = None) -> int:
        return int(self.value(name, int, "a whole number", default))

    def flag(self, name: str) -> bool:
        return bool(self.value(name, bool, "true or false", False))

    def object(self, name: str) -> Arguments:
        return Arguments(self.value(name, Mapping, "an object", {}))

    def list(self, name: str) -> list[Arguments]:
        """Return the objects in a list."""
        return [Arguments(each) for each in self.value(name, list, "a list", [])]

    def value(self, name: str, kind: type, what: str, default: Any) -> Any:
        found = self.given.get(name)
        found = default if found is None else found
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise BadRequest(f"{name} is {what}")
        return found

    def address(self, name: str = "memoryReference") -> int:
        """Return the address that a memory reference names, with `offset`."""
        text = self.text(name)
        try:
            at = int(text, 0) + self.number("offset", 0)
        except ValueError:
            raise BadRequest(f"{text!r} is no address") from None
        return at


def shown(value: int) -> str:
    """Return a word as clients show it, and as they refer to memory at it."""
    return f"{value & ONES:#010x}"
