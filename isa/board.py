"""Boards: what a machine has around its processor, described in a file of its own, isa/NAME.board."""

from __future__ import annotations

from ring1.isa.record import Record
from ring1.isa.source import Position


class Placed(Record):
    """A device of a board."""

    name: str
    kind: str
    window: range
    """Its physical addresses."""
    lines: tuple[int, ...]
    """The interrupt lines of the processor that it drives."""
    controller: str
    """The device whose interrupt source it is; empty if it is none's."""
    source: int
    """The number of that source."""
    sources: int
    """How many sources an interrupt controller has, numbered from 1."""
    legacy: bool
    """Its registers are those of the legacy interface."""
    hidden: bool
    """It is not in the device tree."""
    position: Position


class Board(Record):
    name: str
    compatible: str
    hart: str
    """What the device tree says of the processor: the instruction set,"""
    mmu: str
    """address translation,"""
    timebase: int
    """and how many times `time` counts in a second."""
    ram: int
    """Bytes of RAM unless somebody says otherwise."""
    devices: tuple[Placed, ...]
    path: str
