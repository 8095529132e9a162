"""Sample words of a machine: every instruction with its registers in every kind of place, and with constants at the
edges of what they can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from ring1.dbt.stencils.form import Form, Forms
from ring1.dbt.stencils.pattern import places
from ring1.isa.codec import alignment, encode
from ring1.isa.model import Isa, Operand

EDGES = (0, 1, 2, 3, 4, 8, 31, 127, 128, 129, 255, 256)
"""Constants at the edges of what host code makes a difference of; with both signs, and reckoned from either end."""
AT_ONCE = 4
"""Constants that are tried with one combination of registers: with all whose registers are in places of the same kinds,
every one is."""


def words(isa: Isa, forms: Forms, pinned: Mapping[int, str], few: bool = False) -> Iterator[int]:
    """Yield samples, legal words but for one. With `few`, there are no more combinations of registers than are needed
    for each kind of place."""
    for _, table in forms.tables:
        for form in table.values():
            yield from of_form(isa, forms, form, pinned, few)
    nonsense = next((word for word in (0, 1, 0xFFFFFFFF, 0xDEADBEEF) if forms.find(word)[0] is forms.undefined), None)
    if nonsense is not None:
        yield nonsense


def of_form(isa: Isa, forms: Forms, form: Form, pinned: Mapping[int, str], few: bool) -> Iterator[int]:
    """Yield the samples of a form."""
    kinds = defaultdict[tuple[int, ...], list[tuple[int, ...]]](list)
    for named in product(*(candidates(isa, form, operand, pinned) for operand in form.kinds[0])):
        kinds[places(isa, (*named, *form.implicit), pinned)].append(named)
    values = list(choices(isa, form))
    for alike in kinds.values():
        # Each combination of registers has a part of the values, and if these are many, one combination has several.
        rounds = max(1 if few else len(alike), -(-len(values) // AT_ONCE))
        for number in range(rounds):
            registers = dict(zip((o.name for o in form.kinds[0]), alike[number % len(alike)], strict=True))
            for part in range(min(AT_ONCE, len(values))):
                given = registers | values[(number * AT_ONCE + part) % len(values)]
                word = encode(form.instruction, given) if form.instruction else 0
                if forms.find(word)[0] is form:
                    yield word


def candidates(isa: Isa, form: Form, operand: Operand, pinned: Mapping[int, str]) -> list[int]:
    """Return registers of each kind for an operand: some that are pinned and some that are not, hardwired ones, and
    those that the instruction uses anyway."""
    low, high = operand.range
    possible = [n for n in range(low, min(high + 1, len(isa.registers))) if n not in operand.excluded]
    numbers = [n for n in possible if n not in isa.hardwired]
    kinds = [[n for n in numbers if n in pinned], [n for n in numbers if n not in pinned]]
    found = [n for kind in kinds for n in kind[: len(form.kinds[0])]]
    return list(dict.fromkeys((*found, *(n for n in (*isa.hardwired, *form.implicit) if n in possible))))


def choices(isa: Isa, form: Form) -> Iterator[dict[str, int]]:
    """Yield values of an instruction's other operands."""
    operands = [*form.kinds[1][: form.files], *form.kinds[2]]
    ranges = [sorted(isa.control_numbers) if o.kind == "control" else constants(form, o) for o in operands]
    for values in product(*ranges):
        yield dict(zip((o.name for o in operands), values, strict=True))


def constants(form: Form, operand: Operand) -> list[int]:
    """Return constants at the edges of an operand's range, as far as the encoding can hold them."""
    low, high = operand.range
    wanted = {sign * edge for edge in EDGES for sign in (1, -1)} | {high // 2, low // 2}
    wanted |= {low + edge for edge in EDGES[:5]} | {high - edge for edge in EDGES[:5]}
    assert form.instruction is not None
    least = alignment(form.instruction, operand)
    wanted.difference_update(operand.excluded)
    return sorted(value for value in wanted if low <= value <= high and not value % least)
