"""Formulas as functions, which are compiled once and kept as bytecode."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable
from importlib.util import MAGIC_NUMBER
from types import CodeType, FunctionType
from typing import Any

from ring1.dbt.ir.open import PARAMETERS, WORD_PARAMETERS, Formula

Function = Callable[..., Any]


class Formulas:
    """Functions by their text. Those of `kept`, which `plain` has returned, need not be compiled."""

    def __init__(self, kept: tuple[bytes, bytes] | None = None) -> None:
        bytecode, made = kept or (b"", b"")
        self.code: dict[str, CodeType] = marshal.loads(made) if bytecode == MAGIC_NUMBER else {}
        self.functions: dict[str, Function] = {}

    @property
    def plain(self) -> tuple[bytes, bytes]:
        """The version of Python's bytecode, and the functions in it."""
        return MAGIC_NUMBER, marshal.dumps(self.code)

    def function(self, text: str) -> Function:
        """Return a function, by the text of a lambda expression."""
        made = self.functions.get(text)
        if made is None:
            if text not in self.code:
                self.code[text] = compile(text, "<stencil>", "eval").co_consts[0]
            made = self.functions[text] = FunctionType(self.code[text], {"abs": abs})
        return made

    def condition(self, guards: Iterable[Formula], placed: bool) -> Function | None:
        """Return the conjunction of those guards that depend on the place, or of the others; None if there are none."""
        wanted = [f.text for f in guards if f.placed == placed]
        return (
            self.function(f"lambda {PARAMETERS if placed else WORD_PARAMETERS}: {' and '.join(wanted)}")
            if wanted
            else None
        )

    def of_word(self, formulas: Iterable[Formula]) -> Function:
        """Return the function whose result has the values of all formulas, with None for those that depend on the
        place."""
        values = "".join("None, " if f.placed else f"{f.text}, " for f in formulas)
        return self.function(f"lambda {WORD_PARAMETERS}: ({values})")

    def of_place(self, formulas: Iterable[Formula]) -> Function:
        """Return the function whose result has the values of all formulas."""
        return self.function(f"lambda {PARAMETERS}: ({''.join(f'{f.text}, ' for f in formulas)})")
