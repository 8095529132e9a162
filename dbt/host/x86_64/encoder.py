"""Encoding of host code as bytes, with as few calls of keystone as possible.

keystone takes tens of microseconds a call, so the bytes of every distinct instruction are remembered, with a hole for
its constant; those of common instructions come with ring1 (templates.py). Constants are range-checked before they come
here (Code.emit), as keystone truncates silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ring1.dbt.host.block import Exit, HostBlock
from ring1.dbt.host.values import Condition
from ring1.dbt.host.x86_64.operations import CODES, Blank, Item, Jump, Label, Mark, Op, Operand, Operation, text

Template = tuple[bytes, int, int]
"""Bytes of an instruction, and offset and size in bytes of its constant (size 0: it has none)."""
Key = tuple[Operation, tuple[Operand, ...], bool]
"""An instruction with its constant left open, and whether the constant fits 8 bits."""


class Piece(NamedTuple):
    """Encoded instructions, and offsets in them."""

    code: bytearray
    marks: list[int]
    labels: dict[int, int]
    jumps: dict[int, list[int]]
    """Label -> offsets of the distances of the jumps to it."""
    ends: dict[int, int]
    """Label -> offset at which the code after it ends: the next label or the end."""
    holes: list[tuple[int, int, int]]
    """Number of a blank, and offset and size of its constant."""


SMALL, LARGE = (0x71, -0x0F), (0x12345678, -0x13579BDF)
"""Pairs of constants of 8 and of 32 bits that differ in every byte of the field that holds them."""


def small(imm: int) -> bool:
    return -128 <= imm <= 127


class Encoder:
    """Encodes host code.

    `learnt` has keystone's earlier results, by text, possibly of an earlier process; `changed` is set when one is
    added.

    `shipped` returns the template of an instruction that comes with ring1, or None.
    """

    def __init__(
        self,
        assemble: Callable[[str], bytes],
        learnt: dict[tuple[str, bool], Template],
        shipped: Callable[[Operation, tuple[Operand, ...], bool], Template | None] = lambda *key: None,
    ) -> None:
        self.assemble = assemble
        self.learnt = learnt
        self.shipped = shipped
        self.memo: dict[Key, Template] = {}
        self.changed = False

    def find(self, key: Key, items: Iterable[Item]) -> Template:
        """Return the template of an instruction of `items`; if it is unknown, all unknown ones of `items` are
        assembled."""
        operation, operands, is_small = key
        found = self.shipped(*key)
        if found is None:
            name = text(operation, operands), is_small
            if name not in self.learnt:
                self.learn(item for item in items if type(item) is Op)
            found = self.learnt[name]
        self.memo[key] = found
        return found

    def template(self, operation: Operation, operands: tuple[Operand, ...], is_small: bool) -> Template:
        """Return the template of an instruction whose constant fits 8 bits, or does not."""
        key = operation, operands, is_small
        item = Op(operation, operands, SMALL[0] if is_small else LARGE[0])
        return self.memo.get(key) or self.find(key, (item,))

    def learn(self, ops: Iterable[Op]) -> None:
        """Have keystone assemble, in one call, every instruction that is neither known nor shipped."""
        wanted = {(op.operation, op.operands, small(op.imm or 0)) for op in ops} - self.memo.keys()
        names = {(text(*key[:2]), key[2]) for key in wanted if self.shipped(*key) is None}
        order = sorted(names - self.learnt.keys())
        self.changed = True
        lines = [line.format(imm) for line, is_small in order for imm in (SMALL if is_small else LARGE)]
        pieces = assemble_each(self.assemble, lines)
        for name, a, b in zip(order, pieces[::2], pieces[1::2], strict=True):
            self.learnt[name] = template(name[0], a, b)

    def encode(self, items: list[Item], exits: Iterable[Exit]) -> HostBlock:
        """Encode host code, in which every label that is jumped to is placed."""
        made = self.piece(items)
        code, labels = made.code, made.labels
        for label, sites in made.jumps.items():
            for site in sites:
                code[site : site + 4] = (labels[label] - site - 4).to_bytes(4, "little", signed=True)
        # The call of an exit is the last instruction before the next label or the end.
        found: dict[int, tuple[Exit, int]] = {}
        for way in exits:
            sites = made.jumps.get(way.site, [])
            found[made.ends[way.site]] = way, sites[0] if len(sites) == 1 else -1
        return HostBlock(bytes(code), made.marks, labels, found)

    def piece(self, items: Iterable[Item]) -> Piece:
        """Encode host code, with the distances of its jumps still to be filled in."""
        memo = self.memo
        code = bytearray()
        marks: list[int] = []
        labels: dict[int, int] = {}
        jumps: dict[int, list[int]] = {}
        ends: dict[int, int] = {}
        holes: list[tuple[int, int, int]] = []
        last = 0
        for item in items:
            if type(item) is Op:
                operation, operands, imm = item
                key = operation, operands, imm is None or -128 <= imm <= 127
                data, at, size = memo.get(key) or self.find(key, items)
                if size:
                    assert imm is not None
                    at += len(code)
                    code += data
                    code[at : at + size] = imm.to_bytes(size, "little", signed=True)
                    if type(imm) is Blank:
                        holes.append((imm.number, at, size))
                else:
                    code += data
            elif type(item) is Mark:
                marks.append(len(code))
            elif type(item) is Label:
                ends[last] = labels[item.label] = len(code)
                last = item.label
            elif type(item) is Jump:
                code += JUMPS[item.condition]
                jumps.setdefault(item.label, []).append(len(code))
                code += b"\0\0\0\0"
        ends[last] = len(code)
        return Piece(code, marks, labels, jumps, ends, holes)


def assemble_each(assemble: Callable[[str], bytes], lines: list[str]) -> list[bytes]:
    """Assemble several instructions in one call; return the bytes of each."""
    # The lengths are emitted as data after the code, as differences of labels.
    lengths = ", ".join(f"L{n + 1}-L{n}" for n in range(len(lines)))
    labelled = [f"L{n}: {line}" for n, line in enumerate(lines)]
    data = assemble("\n".join([*labelled, f"L{len(lines)}: .byte {lengths}"]))
    at, pieces = 0, []
    for size in data[-len(lines) :]:
        pieces.append(data[at : at + size])
        at += size
    if at != len(data) - len(lines):
        raise AssertionError("keystone's lengths do not add up")
    return pieces


def template(line: str, a: bytes, b: bytes) -> Template:
    """Make a template from two encodings of an instruction with different constants: the hole is where they differ."""
    if len(a) != len(b):
        raise AssertionError(f"the length of {line!r} depends on its constant")
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    if not differ:
        if "{" in line:
            raise AssertionError(f"{line!r} does not show its constant")
        return a, 0, 0
    if len(differ) not in (1, 4) or differ[-1] - differ[0] + 1 != len(differ):
        raise AssertionError(f"the constant of {line!r} is not in one place")
    return a, differ[0], len(differ)


NUMBERS = {"b": 2, "ae": 3, "e": 4, "ne": 5, "be": 6, "a": 7, "s": 8, "l": 12, "ge": 13, "le": 14, "g": 15}
JUMPS: dict[Condition | None, bytes] = {None: b"\xe9"}
JUMPS |= {condition: bytes((0x0F, 0x80 + NUMBERS[code])) for condition, code in CODES.items()}
"""Jumps with 32-bit distances, which keystone would shorten (Intel SDM, volume 2, Jcc and JMP)."""
