"""`hw` on the command line: VM exits and events of the modelled hardware in --stats and --json, --check, translate."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from tests.cli.conftest import EXAMPLES, Outcome

Call = Callable[..., Outcome]
pytestmark = pytest.mark.skipif(bool(ENGINES["hw"].why_not()), reason="no native code here")
HELLO = EXAMPLES / "hello.s"


def test_json(call: Call) -> None:
    """14 characters and the power, and the page that all is in."""
    done = call("run", HELLO, "--engine", "hw", "--json", "--quiet")
    made = json.loads(done.out.partition("\n")[2])
    assert made["exits"] == {"io": 15, "nested violation": 1}
    # The page is walked for as code and as data; with the guest's paging off a walk has 4 references.
    events = {"entries": 16, "injected events": 0, "nested walks": 2, "walk references": 8}
    assert made["modelled_hardware"] == events


def test_stats(call: Call) -> None:
    done = call("run", HELLO, "--engine", "hw", "--stats")
    assert len(re.findall(r"^ring1: (?:wall time|speed) .* \(modelled\)$", done.err, re.M)) == 2
    figures = dict(re.findall(r"ring1:\s+(.*?)\s{2,}([\d,]+)", done.err))
    assert (figures["exits to the VMM"], figures["io"], figures["modelled entries"]) == ("16", "15", "16")


def test_check(call: Call) -> None:
    assert call("run", EXAMPLES / "traps.s", "--engine", "hw", "--check").status == 0


def test_translate(call: Call) -> None:
    done = call("translate", HELLO, "--engine", "hw")
    assert re.search(r"^\* \w+  out .*to the VMM: io", done.out, re.M)


@pytest.mark.parametrize("cause", [0xFF, 0x100, 0x303, 0xC0000003])
def test_causes_of_more_bits_than_an_event_has(call: Call, tmp_path: Path, cause: int) -> None:
    """docs/vt.md: bits 7:0 of an event are the cause. A trap in the emulator is injected, so any may be asked for."""
    machine = tmp_path / "own.isa"
    machine.write_text(f'isa own extends pg32 "a cause of its own";\ncause breakpoint = {cause:#x};\n')
    program = tmp_path / "brk.s"
    program.write_text("brk\n")
    done = call("run", program, "--isa", machine, "--engine", "hw")
    refused = f"the engine hw cannot run this machine: own's cause breakpoint is {cause:#x}"
    assert done.status != 0
    assert (refused in done.err) == (cause > 0xFF)
