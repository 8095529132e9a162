"""Open constants: whatever is computed with them, the formula has the value that plain numbers would have had, for all
numbers for which the same is decided."""

from __future__ import annotations

import operator
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tests.profile  # noqa: F401  registers it
from ring1.dbt.ir.fold import calculate, signed
from ring1.dbt.ir.open import Formula, Open, Trail

LOW, HIGH = -2048, 2047
NUMBERS = st.one_of(st.integers(LOW, HIGH), st.sampled_from((LOW, -1, 0, 1, 31, 32, 127, 128, HIGH)))
ONES = (1 << 32) - 1

Step = tuple[str, int]
OPERATORS: dict[str, Callable[[Any, int], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "r-": lambda a, k: k - a,
    "*": lambda a, k: a * (k % 9),
    "&": lambda a, k: a & ONES & k,
    "ones": lambda a, k: a & ONES,
    "|": lambda a, k: (a & ONES) | k & ONES,
    "^": lambda a, k: (a & ONES) ^ k & ONES,
    "<<": lambda a, k: a << k % 8,
    ">>": lambda a, k: a >> k % 8,
    "r>>": lambda a, k: ONES >> (a & 31),
    "signed": lambda a, k: signed(a & ONES, 32),
    "~": lambda a, k: ~a,
    "abs": lambda a, k: abs(a),
    "<": lambda a, k: a + 1 if a < k else a - 1,
    "<=": lambda a, k: a + 2 if a <= k else a,
    "==": lambda a, k: a + 3 if a == k else a,
    "!=": lambda a, k: a if a != k else a + 5,
    ">": lambda a, k: a - 7 if k < a else a,
    "min": lambda a, k: min(a, k),
    "bool": lambda a, k: a + 11 if a else a,
    "%": lambda a, k: a % 4,
    "index": lambda a, k: a + (1 << operator.index(a & 7)),
    "shift": lambda a, k: calculate(">>u", ONES, a & 31, 32),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), st.integers(-300, 300)), max_size=6)


def computed(steps: Sequence[Step], number: Any) -> Any:
    for name, constant in steps:
        number = OPERATORS[name](number, constant)
    return number


def opened(value: int) -> tuple[Open, Trail]:
    trail = Trail()
    return Open(trail, Formula("c", False), value, LOW, HIGH), trail


@given(STEPS, NUMBERS, st.lists(NUMBERS, max_size=20))
def test_a_formula_says_what_would_be_computed(steps: list[Step], value: int, others: list[int]) -> None:
    number, trail = opened(value)
    made = computed(steps, number)
    for other in (value, *others, *range(value - 2, value + 3)):
        if not LOW <= other <= HIGH or not all(eval(f.text, {"c": other}) for f in trail.decided.values()):
            continue
        wanted = computed(steps, other)
        assert (eval(made.formula.text, {"c": other}) if isinstance(made, Open) else made) == wanted
        if isinstance(made, Open):
            assert made.low <= wanted <= made.high
    assert all(eval(f.text, {"c": value}) for f in trail.decided.values())
    assert (made.value if isinstance(made, Open) else made) == computed(steps, value)


def test_nothing_is_asked_that_is_known() -> None:
    number, trail = opened(5)
    assert number < 4000 and number >= LOW and number != 1 << 20 and (number & ONES) <= ONES
    wrapped: Any = number & ONES
    same: Any = signed(wrapped, 32)
    assert same is number
    assert not trail.decided
    assert number >= 0 and number < 128
    assert number > -1 and number <= 200 and (number & 0xFF) is number  # follows
    assert list(trail.decided) == ["(c >= 0)", "(c < 128)"]


@pytest.mark.parametrize("use", [hash, operator.index, str, "{}".format, range, lambda n: 1 << n])
def test_a_plain_use_binds(use: Callable[[Any], object]) -> None:
    number, trail = opened(5)
    use(number)
    assert list(trail.decided) == ["(c == 5)"]


def test_it_is_kept_nowhere() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(opened(5)[0])
