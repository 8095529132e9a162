"""A registry: techniques by name, a value that is passed to whatever has to know which techniques exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ring1.dbt.engines.technique import Technique


class Registry(Mapping[str, Technique]):
    """Techniques by name, in the order in which reports show them."""

    def __init__(self, rows: Iterable[Technique], reference: str, default: str) -> None:
        """`reference`: the name of the technique to which all others are compared. `default`: that of the one used
        where none is named."""
        self.rows = {row.name: row for row in rows}
        self.reference, self.default = self.rows[reference], self.rows[default]

    def __getitem__(self, name: str) -> Technique:
        return self.rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def with_rows(self, *rows: Technique) -> Registry:
        """Return a registry with more techniques, or with others in place of those of the same names."""
        known = self.rows | {row.name: row for row in rows}
        return Registry(known.values(), self.reference.name, self.default.name)

    def here(self) -> list[Technique]:
        """Return the techniques that this host can run."""
        return [row for row in self.rows.values() if not row.why_not()]

    def built(self, build: str) -> Technique:
        """Return the technique that a build of guests is for. Raises KeyError."""
        return {row.build: row for row in self.rows.values() if row.build}[build]

    def playing(self, part: str) -> Technique:
        """Return the technique that plays a part in published comparisons. Raises KeyError."""
        return {row.part: row for row in self.rows.values() if row.part}[part]

    @property
    def monitors(self) -> dict[int, Technique]:
        """Number of a theorem of Popek and Goldberg -> the first technique that is its monitor."""
        return {row.theorem: row for row in reversed(self.rows.values()) if row.theorem is not None}
