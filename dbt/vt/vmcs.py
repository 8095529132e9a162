"""The virtual-machine control structure (VMCS): all state that VM entry and VM exit exchange but general registers.

Software reads and writes it only by the encodings of its fields; how the processor stores it is not specified.
"""

from __future__ import annotations

from ring1.dbt.vt.fields import AREA, ERROR, EXIT, GUEST, Field, fields
from ring1.isa.model import Isa

NO_SUCH_FIELD = 12
READ_ONLY_FIELD = 13
NOT_CLEAR = 4
NOT_LAUNCHED = 5
INVALID_CONTROLS = 7
INVALID_HOST = 8
NOT_IN_ROOT = 31
"""Not a number of Intel's: under VT-x, VM instructions in non-root operation cause VM exits."""


class VmFail(Exception):
    """A VM instruction has failed, and changed nothing but the error field. Bits 7:0 of `error` are Intel's error
    number."""

    def __init__(self, error: int) -> None:
        self.error = error
        super().__init__(f"VM instruction error {error:#x}")


class Vmcs:
    """The VMCS of one virtual processor: clear, all fields 0, when it is made."""

    def __init__(self, isa: Isa) -> None:
        self.fields: dict[int, Field] = fields(isa)
        self.values: dict[int, int] = dict.fromkeys(self.fields, 0)
        """Encoding -> value, for direct use by the processor."""
        self.masks = {at: (1 << field.width) - 1 for at, field in self.fields.items() if field.area != EXIT}
        """Encoding -> mask of the field, for fields that software can write."""
        self.launched = False
        self.unchecked = True
        """Have controls or host state changed since a VM entry last checked them?"""

    def read(self, encoding: int) -> int:
        """VMREAD. Raises VmFail."""
        if encoding not in self.values:
            raise self.fail(NO_SUCH_FIELD)
        return self.values[encoding]

    def write(self, encoding: int, value: int) -> None:
        """VMWRITE, truncated to the width of the field. Raises VmFail."""
        mask = self.masks.get(encoding)
        if mask is None:
            raise self.fail(READ_ONLY_FIELD if encoding in self.values else NO_SUCH_FIELD)
        value &= mask
        if self.values[encoding] != value:
            self.values[encoding] = value
            if encoding >> AREA & 3 != GUEST:
                self.unchecked = True

    def clear(self) -> None:
        """VMCLEAR: the VMCS can be launched again. Its fields keep their values."""
        self.launched = False

    def fail(self, error: int) -> VmFail:
        """Set the error field, and return the exception to raise."""
        self.values[ERROR] = error
        return VmFail(error)
