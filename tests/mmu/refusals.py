"""A host that refuses mappings, as Linux does once a process has as many as it may have (vm.max_map_count)."""

from __future__ import annotations

import errno
import os
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ring1.dbt.native import libc

SPLITS = 1 << 20
"""Bytes: who protects fewer at once makes two or three mappings of one."""


class Host:
    """Counts what may be refused, and refuses those of these numbers."""

    def __init__(self, refused: Container[int]) -> None:
        self.refused = refused
        self.asked = 0

    def ask(self, call: str) -> None:
        number, self.asked = self.asked, self.asked + 1
        if number in self.refused:
            raise OSError(errno.ENOMEM, f"{call}: {os.strerror(errno.ENOMEM)}")


@contextmanager
def refusing(refused: Container[int] = ()) -> Iterator[Host]:
    """Refuse mappings by their numbers from here on. What needs none, as to protect a whole window, is done."""
    host, mmap, mprotect = Host(refused), libc.mmap, libc.mprotect

    def map_(*call: Any) -> int:
        host.ask("mmap")
        return mmap(*call)

    def protect(address: int, length: int, prot: int) -> None:
        if length < SPLITS:
            host.ask("mprotect")
        mprotect(address, length, prot)

    with mock.patch.object(libc, "mmap", map_), mock.patch.object(libc, "mprotect", protect):
        yield host


class From:
    """All numbers from one on, but for one in `but`."""

    def __init__(self, first: int, but: int = 0) -> None:
        self.first = first
        self.but = but

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        return number >= self.first and (not self.but or number % self.but != 0)
