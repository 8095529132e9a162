"""Flattened device trees, version 17 (Devicetree Specification 0.4, chapter 5)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MAGIC, VERSION, COMPATIBLE = 0xD00DFEED, 17, 16
BEGIN, END, PROPERTY, FINISH = 1, 2, 3, 9
HEADER = struct.Struct(">10I")
RESERVED = bytes(16)
"""A list of reserved memory that has nothing but its end."""

Value = str | tuple[str, ...] | int | tuple[int, ...] | bytes | None
"""A text, a list of texts, cells of 32 bits, bytes, or nothing."""


@dataclass(frozen=True)
class Node:
    name: str
    properties: Mapping[str, Value]
    children: tuple[Node, ...] = field(default=())


def flattened(root: Node) -> bytes:
    """Return the tree as a blob."""
    strings: dict[str, int] = {}
    structure = b"".join((*parts(root, strings), cell(FINISH)))
    text = b"".join(name.encode() + b"\0" for name in strings)
    begin = HEADER.size + len(RESERVED)
    end = begin + len(structure)
    size = end + len(text)
    header = HEADER.pack(MAGIC, size, begin, end, HEADER.size, VERSION, COMPATIBLE, 0, len(text), len(structure))
    return header + RESERVED + structure + text


def parts(node: Node, strings: dict[str, int]) -> Iterator[bytes]:
    """Yield the structure block of a node. `strings`: names of properties -> where they are in the strings block."""
    yield cell(BEGIN) + padded(node.name.encode() + b"\0")
    for name, value in node.properties.items():
        if name not in strings:
            strings[name] = sum(len(known.encode()) + 1 for known in strings)
        data = encoded(value)
        yield cell(PROPERTY) + cell(len(data)) + cell(strings[name]) + padded(data)
    for child in node.children:
        yield from parts(child, strings)
    yield cell(END)


def encoded(value: Value) -> bytes:
    match value:
        case None:
            return b""
        case bytes():
            return value
        case str():
            return terminated(value)
        case int():
            return cell(value)
    return b"".join(terminated(each) if isinstance(each, str) else cell(each) for each in value)


def terminated(text: str) -> bytes:
    """Return a text as a blob has it. A command line may have bytes that are no UTF-8 (os.fsdecode)."""
    return text.encode(errors="surrogateescape") + b"\0"


def cell(value: int) -> bytes:
    return value.to_bytes(4, "big")


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
