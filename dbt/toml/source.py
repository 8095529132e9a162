"""A TOML text, and its faults, each with file, line and column."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from ring1.dbt.toml.fields import Key, Wrong
from ring1.dbt.toml.places import Path as KeyPath
from ring1.dbt.toml.places import Places
from ring1.isa.asm.near import suggestion
from ring1.isa.files import contents
from ring1.isa.source import Fault, Position

MOST_TEXT = 1 << 20
"""Bytes of a text."""
PLACED = re.compile(r" \(at line (\d+), column (\d+)\)$")
Known = tuple[Mapping[KeyPath, Position], Mapping[KeyPath, Position]]
"""Where keys stand, and values."""


class Source:
    """The text of one file, and its faults."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        self.text = ""
        self.places: Places | None = None

    def parsed(self) -> dict[str, Any]:
        """Return what the file says; empty if it is no TOML."""
        try:
            self.text = contents(self.path, MOST_TEXT).decode("utf-8-sig").replace("\r\n", "\n")
            made = tomllib.loads(self.text)
            self.places = Places(self.text)
            return made
        except OSError as error:
            self.faults.append(Fault(Position(self.path), error.strerror or str(error)))
        except UnicodeDecodeError:
            self.faults.append(Fault(Position(self.path), "not UTF-8 text"))
        except tomllib.TOMLDecodeError as error:
            self.broken(str(error))
        except ValueError:  # of Python's, which converts no numbers of thousands of digits
            self.faults.append(Fault(Position(self.path), "no number here has so many digits"))
        except RecursionError:
            self.faults.append(Fault(Position(self.path), "this is nested too deeply"))
        return {}

    def broken(self, message: str) -> None:
        """Note what tomllib says."""
        found = PLACED.search(message)
        said = PLACED.sub("", message).removesuffix(" (at end of document)")
        lines = self.text.split("\n")
        line, column = (int(found[1]), int(found[2])) if found else (len(lines), len(lines[-1]) + 1)
        self.faults.append(Fault(Position(self.path, line, column, lines[line - 1]), f"no TOML: {said}"))

    def position(self, offset: int) -> Position:
        line, start = self.text.count("\n", 0, offset) + 1, self.text.rfind("\n", 0, offset) + 1
        return Position(self.path, line, offset - start + 1, self.text[start:].partition("\n")[0])

    def key(self, path: KeyPath) -> Position:
        assert self.places is not None
        return self.position(self.places.key_at(path))

    def value(self, path: KeyPath) -> Position:
        assert self.places is not None
        return self.position(self.places.value_at(path))

    def fault(self, place: Position, message: str) -> None:
        self.faults.append(Fault(place, message))

    def below(self, path: KeyPath) -> Known:
        """Return where the keys and the values of a table stand, by their paths from there."""
        assert self.places is not None
        size, both = len(path), (self.places.keys, self.places.values)
        keys, values = (
            {found[size:]: self.position(at) for found, at in known.items() if found[:size] == path} for known in both
        )
        return keys, values

    def table(self, value: object, path: KeyPath) -> dict[str, Any]:
        """Return a table; empty, with a fault, if it is none."""
        if isinstance(value, dict):
            return value
        self.fault(self.key(path), f"{path[-1]} is a table")
        return {}

    def read(
        self, given: Mapping[str, Any], path: KeyPath, keys: Mapping[str, Key], exclude: Iterable[tuple[str, str]] = ()
    ) -> dict[str, Any]:
        """Return the values of a table's keys, as their readers make them. `exclude`: keys of which it has one at
        most."""
        made: dict[str, Any] = {}
        for name, value in given.items():
            if name not in keys:
                self.fault(self.key((*path, name)), f"there is no key {name}{suggestion(name, keys)}")
                continue
            try:
                made[name] = keys[name].read(value)
            except Wrong as wrong:
                self.fault(self.value((*path, name, *wrong.path)), f"{name}: {wrong}")
        for one, other in exclude:
            if one in made and other in made:
                self.fault(self.key((*path, other)), f"{other} says what {one} says")
                del made[other]
        return made


def ordered(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.position.file, fault.position.line))
