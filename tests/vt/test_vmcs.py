"""The VMCS as a data structure: encodings, widths, areas, and the errors of VMREAD and VMWRITE."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.vt import fields, vmcs
from ring1.dbt.vt.vmcs import Vmcs, VmFail
from tests.machine.builder import machine

ISA = machine()
DOCS = (Path(__file__).parents[2] / "docs" / "vt.md").read_text()


def test_encodings_say_area_and_width() -> None:
    areas = {"guest": fields.GUEST, "host": fields.HOST}
    for encoding, field in fields.fields(ISA).items():
        assert encoding == field.encoding and not encoding & 0x9001  # no high halves, no reserved bits
        prefix = field.name.split("_")[0]
        assert field.area == areas.get(prefix, field.area)
        assert field.width in (16, 32, 64)
    assert fields.FIXED[0].area == fields.CONTROL


def test_registers_have_one_field_each_and_general_registers_none() -> None:
    made = fields.fields(ISA)
    stored = {name for name, control in ISA.controls.items() if control.stored} | {"pc"}
    for area in (fields.GUEST, fields.HOST):
        found = [field.register for field in made.values() if field.register and field.area == area]
        assert sorted(filter(None, found)) == sorted(stored)
    assert not any(f.register and f.register.startswith("r") and f.register[1:].isdigit() for f in made.values())


def test_every_field_is_documented() -> None:
    for encoding, field in fields.fields(ISA).items():
        row = f"| `{encoding:04x}` | `{field.name}` | {field.width} |"
        assert row in DOCS, row
    assert len(re.findall(r"^\| `[0-9a-f]{4}` \|", DOCS, re.M)) == len(fields.fields(ISA))


@given(st.sampled_from(sorted(fields.fields(ISA))), st.integers(0, 2**70))
def test_what_is_written_is_read_as_wide_as_the_field(encoding: int, value: int) -> None:
    made = Vmcs(ISA)
    field = made.fields[encoding]
    if field.area == fields.EXIT:
        with pytest.raises(VmFail) as caught:
            made.write(encoding, value)
        assert caught.value.error == made.read(fields.ERROR) == vmcs.READ_ONLY_FIELD
        assert encoding == fields.ERROR or made.read(encoding) == 0
    else:
        made.write(encoding, value)
        assert made.read(encoding) == value % 2**field.width


@given(st.integers(-1, 2**32))
def test_other_encodings_fail(encoding: int) -> None:
    made = Vmcs(ISA)
    if encoding in made.fields:
        return
    for access in (lambda: made.read(encoding), lambda: made.write(encoding, 1)):
        before = dict(made.values)
        with pytest.raises(VmFail) as caught:
            access()
        assert caught.value.error == vmcs.NO_SUCH_FIELD
        assert made.values == before | {fields.ERROR: vmcs.NO_SUCH_FIELD}
