"""Encoded stencils: the host code of one guest instruction, or of the edges of a block, with its constants missing.

It has two parts: what is executed as a rule, and what follows the block's last instruction, such as exits.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Gap(NamedTuple):
    """A missing constant."""

    behind: bool
    """It is in the second part."""
    offset: int
    size: int
    blank: int
    """The number of the blank that it is to be filled with."""


class Link(NamedTuple):
    """A jump from one part to the other: where its distance is, and where it leads."""

    behind: bool
    site: int
    far: bool
    """It leads to the second part."""
    target: int


class Leaving(NamedTuple):
    """A way out: in the second part, the offset at which it begins, and the offset after the call that leaves; and
    where the distance of the one jump to it is (see HostBlock.exits)."""

    start: int
    offset: int
    behind: bool
    site: int
    """-1: there is no such jump, or more than one."""


class EncodedStencil(NamedTuple):
    main: bytes
    rest: bytes
    gaps: tuple[Gap, ...]
    links: tuple[Link, ...]
    leaving: tuple[Leaving, ...]
    entries: tuple[tuple[bool, int], ...]
    """Of each label that was asked for, whether it is in the second part, and its offset there."""

    @property
    def plain(self) -> tuple[Any, ...]:
        """The stencil as tuples, bytes and numbers alone."""
        return (*self[:2], *(tuple(map(tuple, part)) for part in self[2:]))
