"""Memoization of what follows from a description alone, which is kept for as long as the description lives.

Thousands of machines may be made from one description, and each needs these results.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from ring1.isa.model import Isa

P = ParamSpec("P")
T = TypeVar("T")


def derived(work_out: Callable[Concatenate[Isa, P], T]) -> Callable[Concatenate[Isa, P], T]:
    """Memoize a function of a description and other hashable arguments. Its results must not be modified."""

    @wraps(work_out)
    def known(isa: Isa, /, *args: P.args, **kwargs: P.kwargs) -> T:
        facts: dict[Any, T] = vars(isa).setdefault("derived", {})
        key = work_out, args, *kwargs.items()
        if key not in facts:
            facts[key] = work_out(isa, *args, **kwargs)
        return facts[key]

    return known
