"""The virtual-machine control structure: what root and non-root operation know of each other.

General registers are not in it. Software reads and writes it by encodings only; the processor keeps it as it likes.
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
"""Not Intel's: there, VM instructions exit from non-root operation."""


class VmFail(Exception):
    """A VM instruction has failed, and changed nothing but the error field. Bits 7:0 of `error` are Intel's number."""

    def __init__(self, error: int) -> None:
        self.error = error
        super().__init__(f"VM instruction error {error:#x}")


class Vmcs:
    """The VMCS of one virtual processor: clear, all fields 0, when it is made."""

    def __init__(self, isa: Isa) -> None:
        self.fields: dict[int, Field] = fields(isa)
        self.values: dict[int, int] = dict.fromkeys(self.fields, 0)
        """What the processor has of each field; it need not ask."""
        self.masks = {at: (1 << field.width) - 1 for at, field in self.fields.items() if field.area != EXIT}
        """The bits of the fields that software can write."""
        self.launched = False
        self.unchecked = True
        """Have controls or host state changed since an entry found them right?"""

    def read(self, encoding: int) -> int:
        """VMREAD. Raises VmFail."""
        if encoding not in self.values:
            raise self.fail(NO_SUCH_FIELD)
        return self.values[encoding]

    def write(self, encoding: int, value: int) -> None:
        """VMWRITE of as many bits as the field has. Raises VmFail."""
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
        """The exception of an instruction that fails."""
        self.values[ERROR] = error
        return VmFail(error)
