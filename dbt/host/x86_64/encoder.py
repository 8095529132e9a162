"""Host code -> bytes, through keystone as seldom as possible.

keystone takes tens of microseconds a call, so the bytes of every distinct instruction are remembered, with the place of
its constant as a hole to fill; those of the usual ones come with ring1 (encodings.py). Constants are range-checked
before they come here (x86.Lowering.emit): keystone truncates silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ring1.dbt.host.block import Exit, HostBlock
from ring1.dbt.host.x86_64.operations import Item, Jump, Label, Mark, Op

Template = tuple[bytes, int, int]
"""Bytes of an instruction, and where in them its constant is: offset and size in bytes (size 0: nowhere)."""

SMALL, LARGE = (0x71, -0x0F), (0x12345678, -0x13579BDF)
"""Pairs of constants that need 8 and 32 bits and differ in every byte of whatever field holds them."""


def small(imm: int) -> bool:
    return -128 <= imm <= 127


class Encoder:
    """Assembles host code; `memo` may come from an earlier process and is `changed` when keystone added to it.

    `shipped` gives the template of an instruction with a small constant or a large one, if it is known beforehand.
    """

    def __init__(
        self,
        assemble: Callable[[str], bytes],
        memo: dict[tuple[str, bool], Template],
        shipped: Callable[[str, bool], Template | None] = lambda text, is_small: None,
    ) -> None:
        self.assemble = assemble
        self.memo = memo
        self.shipped = shipped
        self.changed = False

    def find(self, key: tuple[str, bool], items: list[Item]) -> Template:
        """What is not known yet of an instruction of `items`."""
        known = self.shipped(*key)
        if known is None:
            self.learn(item for item in items if type(item) is Op)
            return self.memo[key]
        self.memo[key] = known
        return known

    def learn(self, ops: Iterable[Op]) -> None:
        """Have keystone assemble, in one call, every instruction that is neither known nor shipped."""
        wanted = {(op.text, small(op.imm or 0)) for op in ops} - self.memo.keys()
        order = sorted(key for key in wanted if self.shipped(*key) is None)
        self.changed = True
        lines = [text.format(imm) for text, is_small in order for imm in (SMALL if is_small else LARGE)]
        pieces = assemble_each(self.assemble, lines)
        for key, a, b in zip(order, pieces[::2], pieces[1::2], strict=True):
            self.memo[key] = template(key[0], a, b)

    def encode(self, items: list[Item], exits: Iterable[Exit]) -> HostBlock:
        """The bytes of host code in which every label that is jumped to is placed."""
        memo = self.memo
        code = bytearray()
        marks: list[int] = []
        labels: dict[int, int] = {}
        jumps: dict[int, list[int]] = {}
        ends: dict[int, int] = {}
        """Label -> where the code behind it ends: at the next label or the end."""
        last = 0
        for item in items:
            if type(item) is Op:
                text, imm = item
                key = text, imm is None or -128 <= imm <= 127
                data, at, size = memo.get(key) or self.find(key, items)
                if size:
                    assert imm is not None
                    at += len(code)
                    code += data
                    code[at : at + size] = imm.to_bytes(size, "little", signed=True)
                else:
                    code += data
            elif type(item) is Mark:
                marks.append(len(code))
            elif type(item) is Label:
                ends[last] = labels[item.label] = len(code)
                last = item.label
            elif type(item) is Jump:
                code += JUMPS[item.cc]
                jumps.setdefault(item.label, []).append(len(code))
                code += b"\0\0\0\0"
        for label, sites in jumps.items():
            for site in sites:
                code[site : site + 4] = (labels[label] - site - 4).to_bytes(4, "little", signed=True)
        ends[last] = len(code)
        # An exit's call is the last thing before the next label or the end.
        found: dict[int, tuple[Exit, int]] = {}
        for way in exits:
            sites = jumps.get(way.site, [])
            found[ends[way.site]] = way, sites[0] if len(sites) == 1 else -1
        return HostBlock(bytes(code), marks, labels, found)


def assemble_each(assemble: Callable[[str], bytes], lines: list[str]) -> list[bytes]:
    """The bytes of each of some instructions, in one call."""
    # The lengths come as data behind the code: label differences.
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


def template(text: str, a: bytes, b: bytes) -> Template:
    """Find the hole: the bytes in which two encodings of one instruction, with different constants, differ."""
    if len(a) != len(b):
        raise AssertionError(f"the length of {text!r} depends on its constant")
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    if not differ:
        if "{" in text:
            raise AssertionError(f"{text!r} does not show its constant")
        return a, 0, 0
    if len(differ) not in (1, 4) or differ[-1] - differ[0] + 1 != len(differ):
        raise AssertionError(f"the constant of {text!r} is not in one place")
    return a, differ[0], len(differ)


CONDITION_CODES = {"b": 2, "ae": 3, "e": 4, "ne": 5, "be": 6, "a": 7, "s": 8, "l": 12, "ge": 13, "le": 14, "g": 15}
JUMPS: dict[str | None, bytes] = {None: b"\xe9"} | {cc: bytes((0x0F, 0x80 + n)) for cc, n in CONDITION_CODES.items()}
"""Jumps with 32-bit distances, which keystone would shorten (Intel SDM, volume 2, Jcc and JMP)."""
