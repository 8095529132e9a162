"""Records: what they promise to those who use them as they would frozen dataclasses."""

from __future__ import annotations

import copy
import pickle
from functools import cached_property

import pytest

from ring1.isa.record import Record, fields, replace


class Point(Record):
    x: int
    y: int = 0


class Named(Point):
    name: str = "?"

    __slots__ = ("__dict__",)

    @cached_property
    def length(self) -> int:
        return len(self.name)


class Nothing(Record):
    pass


def test_arguments_are_those_of_a_call() -> None:
    assert Point(1) == Point(1, 0) == Point(y=0, x=1)
    assert Named(1, name="a") == Named(1, 0, "a")
    for values, named in (((), {}), ((1, 2, 3), {}), ((1,), {"x": 2}), ((1,), {"z": 2})):
        with pytest.raises(TypeError):
            Point(*values, **named)


def test_equality_is_of_kind_and_fields() -> None:
    assert len({Point(1, 2), Point(1, 2), Point(2, 1), Nothing(), Nothing()}) == 3
    assert Point(1, 0) != Named(1, 0) and Point(1) != (1, 0) and Nothing() == Nothing() != Point(1)


def test_replacing_makes_another_record() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.z = 2  # type: ignore[attr-defined]
    assert replace(point, y=5) == Point(1, 5) and point == Point(1)
    with pytest.raises(TypeError):
        replace(point, z=5)


def test_they_are_matched_shown_and_copied() -> None:
    named = Named(1, 2, "abc")
    assert named.length == 3
    match named:
        case Point(x, y):
            assert (x, y) == (1, 2)
        case _:
            raise AssertionError
    assert repr(named) == "Named(x=1, y=2, name='abc')"
    assert list(fields(Named)) == ["x", "y", "name"]
    assert pickle.loads(pickle.dumps(named)) == copy.deepcopy(named) == named
    assert not hasattr(Point(1), "__dict__")
