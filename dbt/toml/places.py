"""Where the keys and values of a TOML text stand, which Python's tomllib does not tell.

The text has been read by tomllib before, so it is TOML (https://toml.io/en/v1.0.0): what is scanned here is known to be
well-formed.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]
"""The keys that lead to a value, and its index in each array: ("case", 2, "memory", "counter")."""

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACES = re.compile(r"[ \t]*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
PLAIN = re.compile(r"[^,\]}#\r\n]+")
"""A number, a truth value or a time."""


class Places:
    """Offsets of the keys and the values of a text, by their paths."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: dict[Path, int] = {}
        self.values: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}
        """Arrays of tables, and how many tables they have had."""
        self.at = 0
        self.document()

    def key_at(self, path: Path) -> int:
        """Return where a key stands, or the nearest around it that has a place."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, 0)

    def value_at(self, path: Path) -> int:
        """Return where a value begins, or the nearest around it that has a place."""
        while path and path not in self.values and path not in self.keys:
            path = path[:-1]
        return self.values.get(path, self.keys.get(path, 0))

    def skip(self, pattern: re.Pattern[str] = BLANK) -> None:
        match = pattern.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def take(self, mark: str) -> bool:
        """Step over a mark if it is next."""
        found = self.text.startswith(mark, self.at)
        if found:
            self.at += len(mark)
        return found

    def document(self) -> None:
        table: Path = ()
        self.skip()
        while self.at < len(self.text):
            if self.take("[["):
                start = self.at
                table = self.resolved(self.dotted()[0])
                self.take("]]")
                number = self.arrays[table] = self.arrays.get(table, -1) + 1
                self.keys.setdefault(table, start)
                table = (*table, number)
                self.keys[table] = start
            elif self.take("["):
                parts, starts = self.dotted()
                for n, start in enumerate(starts, 1):
                    self.keys.setdefault(self.resolved(parts[:n]), start)
                table = self.resolved(parts)
                self.take("]")
            else:
                self.pair(table)
            self.skip()

    def resolved(self, keys: tuple[str, ...]) -> Path:
        """Return the path of a header: where it names an array of tables, the last of them is meant."""
        path: Path = ()
        for n, key in enumerate(keys):
            path = (*path, key)
            if n < len(keys) - 1 and path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def dotted(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Return the parts of a key, and where each stands."""
        parts: list[str] = []
        starts: list[int] = []
        while True:
            self.skip(SPACES)
            starts.append(self.at)
            match = BARE.match(self.text, self.at) or STRING.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            parts.append(tomllib.loads(f"k = {match[0]}")["k"] if match[0][0] in "\"'" else match[0])
            self.skip(SPACES)
            if not self.take("."):
                return tuple(parts), tuple(starts)

    def pair(self, table: Path) -> None:
        """Note a key with its value."""
        parts, starts = self.dotted()
        for n, start in enumerate(starts, 1):
            self.keys.setdefault((*table, *parts[:n]), start)
        self.take("=")
        self.skip(SPACES)
        self.value((*table, *parts))

    def value(self, path: Path) -> None:
        self.values[path] = self.at
        if self.take("["):
            self.array(path)
        elif self.take("{"):
            self.skip()
            while not self.take("}"):
                self.pair(path)
                self.skip()
                self.take(",")
                self.skip()
        else:
            match = STRING.match(self.text, self.at) or PLAIN.match(self.text, self.at)
            assert match is not None
            self.at = match.end()

    def array(self, path: Path) -> None:
        number = 0
        self.skip()
        while not self.take("]"):
            self.value((*path, number))
            number += 1
            self.skip()
            self.take(",")
            self.skip()
