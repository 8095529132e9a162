"""Idioms: instructions that compilers write one after the other, and of which a translator makes fewer."""

from __future__ import annotations

from ring1.dbt.fuzz.blocks import unknown
from ring1.dbt.fuzz.shapes import fits, operators
from ring1.dbt.fuzz.writer import Writer
from ring1.isa.model import WORD

IDIOMS = (
    "x << c = x; x >>s c = x",
    "x << c = y; y >>s c = z",
    "x << c = y; y >>u c = y",
    "x << c = y; x >>u d = z; y | z = x",
    "x << c = y; x >>u d = z; y + z = z",
    "x >>u c = y; x << d = x; y ^ x = y",
    "x & m = y; z & n = z; y | z = x",
    "x & m = y; y | n = y; z & n = x; y | x = z",
    "x & m = y; y ^ n = y; z & k = x; x ^ y = z",
    "x << c = y; y | k = y; z & n = z; y | z = y",
    "x + k = y; y <u x = z",
    "x + k = y; x <u y = z; z + x = x",
    "x + k = x; x <u k = y; z + y = z",
    "x + y = z; z <u x = x; x + y = y",
    "y <u x = y; x + z = x; z + y = x",
    "y <u x = y; z + y = x",
    "x <u y = z; x - y = x; y - z = y",
    "x << a = y; y + z = z",
    "x << a = y; y + k = y; y + z = x",
    "x + k = y; y << a = y; y + x = x",
    "x + k = y; y << a = z; z + x = x; x + y = y",
    "x << a = x; x + k = x; x + x = y",
    "x <s y = z; z ^ e = z",
    "x ^ k = y; y <u e = y; y ^ e = y",
    "x - y = z; z <u e = z; z + x = x",
    "x >>s f = y; x ^ y = z; z - y = x",
)
"""Steps: an operator on a register and a register or a constant, and the register of the result."""
AMOUNTS = (8, 16, 16, 24)
MASKS = (0xF, 0xF0, 0xFF, 0x3C, 0x7F, 1, -16, -2)
TERMS = (1, 2, 4, 16, -1, -4, 0x7F, 0xFF)


def constants(w: Writer) -> dict[str, int]:
    """Draw values for the constants of an idiom."""
    amount = w.one(AMOUNTS) if w.chance(0.7) else w.random.randrange(1, WORD)
    drawn = {"a": w.one((1, 2, 3)), "c": amount, "d": WORD - amount, "e": 1, "f": WORD - 1}
    return drawn | {"m": w.one(MASKS), "n": w.one(MASKS), "k": w.one(TERMS)}


def idiom(w: Writer) -> None:
    """Write an idiom, as far as the machine has its operators."""
    known, f = operators(tuple(w.usable("compute"))), w.facts
    if not f.constants or len(f.spare) < 3:
        return
    names = dict(zip("xyz", w.random.sample(f.spare, 3), strict=True))
    given = constants(w)
    for name in w.random.sample("xyz", w.random.randint(1, 3)):
        unknown(w, names[name])
    for step in w.one(IDIOMS).split("; "):
        a, op, b, _, result = step.split()
        found = known.get((op, b in given))
        if found is None:
            continue
        form, left, right = found
        operands: dict[str, int | str] = {left: names[a], form.writes[0]: names[result]}
        if b not in given:
            operands[right] = names[b]
        elif fits(form.insn, next(o for o in form.insn.operands if o.name == right), given[b]):
            operands[right] = given[b]
        w.put(form, operands)


def idioms(w: Writer) -> None:
    for _ in w.some(2, 6):
        idiom(w)
