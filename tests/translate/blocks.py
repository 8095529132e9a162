"""The host code that a run makes, caught on its way into the code cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from unittest import mock

import capstone

from ring1.dbt.host.block import Exit, HostBlock
from ring1.dbt.host.x86_64.encoder import Encoder
from ring1.dbt.host.x86_64.operations import Item
from ring1.dbt.stencils.copier import Copier
from ring1.dbt.translate.translation import Translation


@dataclass(frozen=True)
class Made:
    """A block as it was asked for, and as it became."""

    items: tuple[Item, ...]
    """Empty if it is made of stencils."""
    host: HostBlock

    @cached_property
    def instructions(self) -> list[capstone.CsInsn]:
        """What a disassembler makes of it."""
        return list(disassembler().disasm(self.host.code, 0))


@contextmanager
def caught() -> Iterator[list[Made]]:
    """Every block that any translator encodes, or makes of stencils, meanwhile."""
    made: list[Made] = []
    encode, block = Encoder.encode, Copier.block

    def watched(self: Encoder, items: list[Item], exits: Iterable[Exit]) -> HostBlock:
        host = encode(self, items, exits)
        if exits:  # what has none is a page walk or a routine
            made.append(Made(tuple(items), host))
        return host

    def copied(self: Copier, *args: Any) -> Translation:
        translation = block(self, *args)
        made.append(Made((), translation.host))
        return translation

    with mock.patch.object(Encoder, "encode", watched), mock.patch.object(Copier, "block", copied):
        yield made


@cache
def disassembler() -> capstone.Cs:
    cs = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    cs.detail = True
    return cs
