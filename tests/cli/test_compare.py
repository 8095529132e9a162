"""`ring1 compare`: verdicts, the table, JSON, and what it refuses."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ring1.dbt.cli import compare
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.measure.costs import generations
from ring1.dbt.native import cpu
from ring1.isa.record import replace
from tests.cli.conftest import EXAMPLES, OFF, Command, Outcome
from tests.machine.builder import machine
from tests.programs import HOLES, PROGRAMS
from tests.vmm.believers import believer

Call = Callable[..., Outcome]

HERE = [name for name in ("interp", "bare", "bt") if not ENGINES[name].why_not()]
CHOSEN = ("--engines", ",".join(HERE))
TRANSLATING = [name for name in HERE if ENGINES[name].policy is not None]
XOR = """\
_start: li a1, 6
        li a2, 3
here:   xor a1, a1, a2
"""


def columns(done: Outcome, row: str) -> list[str]:
    """A row of the table."""
    return next(line for line in done.out.splitlines() if line.startswith(row))[len(row) :].split()


def wrong() -> Technique:
    """An engine called `wrong`, to which xor is or."""
    op = machine().instructions["xor"].match >> 24
    return believer(f"insn xor : R({op:#x}) {{ rd = rs1 | rs2; }}")


def test_equivalent(ring1: Command) -> None:
    """The guest's output is nobody's; each figure has a column for each engine."""
    done = ring1("compare", EXAMPLES / "holes.s", *CHOSEN, status=0)
    assert done.err == "" and HOLES.decode() not in done.out
    first = done.out.splitlines()[0]
    assert first.startswith(f"equivalent: {', '.join(HERE)}, for ") and first.endswith("exit code 0")
    instructions = columns(done, "instructions")
    assert len(instructions) == len(HERE) and len(set(instructions)) == 1
    shares = [float(share.rstrip("%")) for share in columns(done, "run without the VMM")]
    assert shares[0] == 0 and all(90 < share < 100 for share in shares[1:])
    if TRANSLATING:
        assert int(columns(done, "shadow faults")[-1].replace(",", "")) > 0


def test_input_and_disk_are_copies(ring1: Command) -> None:
    """Every machine reads all of stdin; the disk's file is as before, though the guest writes to its disk."""
    echo = ring1("compare", "--json", EXAMPLES / "sha256.s", *CHOSEN, stdin=b"abc", status=0)
    made = json.loads(echo.out)
    assert made["equivalent"] and made["stop"] == {"reason": "exit", "exit_code": 0, "trap": None}
    program = next(p for p in PROGRAMS if p.name == "disk" and p.disk is not None and p.disk != p.disk_after)
    disk = ring1.write("disk.img", program.disk or b"")
    ring1("compare", program.source, "--disk", disk, *CHOSEN, status=0)
    assert disk.read_bytes() == program.disk


def test_diverging(call: Call) -> None:
    Path("xor.s").write_text(XOR + OFF)
    done = call("compare", "xor.s", "--engines", "interp,wrong", "--json=out.json", registry=ENGINES.with_rows(wrong()))
    assert done.status == 1
    lines = done.out.splitlines()
    assert lines[0] == "wrong diverges from interp after 2 instructions, at"
    assert lines[1] == "  0x00000008 (here, xor.s:3): xor a1, a1, a2"
    assert lines[2].split() == ["before", "wrong", "interp"]
    assert lines[3].split() == ["a1", "0x00000006", "0x00000007", "0x00000005"]
    made = json.loads(Path("out.json").read_text())
    found = made["divergences"]["wrong"]
    assert not made["equivalent"] and found["exact"] and (found["after"], found["by"], found["pc"]) == (2, 3, 8)
    assert found["differences"] == [{"name": "a1", "before": 6, "engine": 7, "reference": 5}]


@pytest.mark.skipif(bool(ENGINES["hw"].why_not()), reason="no native code here")
def test_modelled_hardware_is_labelled(call: Call) -> None:
    """Its time is nobody's but the model's; its exits and nested walks are what is counted and priced."""
    done = call("compare", EXAMPLES / "hello.s", "--engines", "interp,hw", "--costs", "nehalem")
    assert re.search(r"^ +interp +hw \(modelled\)$", done.out, re.MULTILINE)
    names = ("exits to the VMM", "  io", "shadow faults", "page walks", "callouts")
    rows = {row: columns(done, row) for row in names}
    assert {row: found[-1] for row, found in rows.items()} == {
        "exits to the VMM": "16",
        "  io": "15",
        "shadow faults": "0",
        "page walks": "2",
        "callouts": "15",
    }
    assert "hw: 16 VM exits, 1,009 cycles each = 16,144 modelled cycles" in done.out
    made = json.loads(call("compare", "--json", EXAMPLES / "hello.s", "--engines", "interp,hw").out)["engines"]
    assert made["hw"]["modelled_hardware"]["nested walks"] == 2 and "modelled_hardware" not in made["interp"]


@pytest.mark.skipif(not TRANSLATING, reason="nothing translates here")
@pytest.mark.parametrize("generation", generations())
def test_modelled_costs_are_labelled(call: Call, generation: str) -> None:
    done = call("compare", EXAMPLES / "holes.s", "--engines", "interp,bt", "--costs", generation)
    costs = done.out[done.out.index("modelled, not measured") :].splitlines()
    assert done.status == 0 and all("modelled" in line for line in costs if " = " in line)
    calls = int(columns(done, "callouts")[1])
    assert costs[1].startswith(f"  bt: {calls:,} VM exits, ")
    assert any("no published figure" in line for line in costs) == (generation not in ("prescott", "merom"))
    assert "modelled" not in call("compare", EXAMPLES / "holes.s", "--engines", "interp,bt").out


@pytest.mark.skipif(not TRANSLATING, reason="nothing translates here")
def test_modelled_costs_are_of_a_vmm(call: Call) -> None:
    """Each trap to a monitor is a VM exit. The bare machine has none, though it leaves generated code to be switched
    off, as under `bt`, where no other write has to be a call. The hybrid monitor interprets this guest, which is all
    kernel: nothing of it exits, and nothing runs without the VMM."""
    done = call("compare", EXAMPLES / "hello.s", "--engines", "interp,bare,bt,trap,hybrid", "--costs", "nehalem")
    assert columns(done, "callouts") == ["0", "1", "1", "15", "0"]
    assert [share == "0.00%" for share in columns(done, "run without the VMM")] == [True, False, False, False, True]
    exits = [line.split(",")[0].strip() for line in done.out.splitlines() if " VM exits, " in line]
    assert exits == ["bt: 1 VM exits", "trap: 15 VM exits"]


# --- An engine with a build of its own ---------------------------------------------------

BUILDS = """\
_start: li s0, TIMES
again:  addi s0, s0, -1
        bnez s0, again
        .ifdef PARAVIRT
        li a4, 0
        li a5, 'y' + WRONG
        hcall 12
        li a4, 7
        hcall 13
        .else
        li a5, 'y'
        out zero, a5
        li t0, 0xf0
        li t1, 7
        out t0, t1
        .endif
"""
BOTH = ("--engines", "interp,para")
FOUND = ("-D", "WRONG=0", "-D", "TIMES=5000")


@pytest.fixture
def para(monkeypatch: pytest.MonkeyPatch) -> None:
    if ENGINES["para"].why_not():
        pytest.skip("nothing translates here")


@pytest.mark.usefixtures("para")
def test_a_build_of_its_own(call: Call) -> None:
    Path("two.s").write_text(BUILDS)
    done = call("compare", "two.s", *FOUND, *BOTH, "--json=out.json")
    assert done.status == 0
    assert done.out.startswith(
        "para, with a build of its own (-D PARAVIRT), is equivalent to interp in what can be compared:\n"
        "  console output, disk, and the end, exit code 7\n"
    )
    assert columns(done, "instructions") == ["10,006", "10,006"]
    made = json.loads(Path("out.json").read_text())
    assert made["equivalent"] and made["builds"]["para"]["equivalent"] and made["builds"]["para"]["refused_at"] is None
    others = call("compare", "two.s", *FOUND, "--engines", "interp,bt,para")
    assert others.status == 0
    first, second = others.out.splitlines()[:2]
    assert first == "equivalent: interp, bt, for 10,006 instructions; exit code 7" and second.startswith("para, with")


@pytest.mark.usefixtures("para")
def test_a_build_that_does_something_else(call: Call) -> None:
    Path("two.s").write_text(BUILDS)
    done = call("compare", "two.s", "-D", "WRONG=1", "-D", "TIMES=5000", *BOTH, "--json=out.json")
    assert done.status == 1
    assert "para, with a build of its own (-D PARAVIRT), is not equivalent to interp" in done.out
    assert "para prints b'z'\n  interp prints b'y'\n" in done.out
    made = json.loads(Path("out.json").read_text())
    assert not made["equivalent"] and made["builds"]["para"]["console"] == {"engine": "z", "reference": "y"}


@pytest.mark.usefixtures("para")
def test_a_build_that_is_cut_short(call: Call) -> None:
    """It has printed less, and that is all that can be said: unless it has printed something else."""
    Path("two.s").write_text(BUILDS)
    for wrong, limit, status in ((0, 10_003, 0), (1, 10_003, 0), (0, 10_006, 0), (1, 10_006, 1)):
        arguments = ("-D", f"WRONG={wrong}", "-D", "TIMES=5000", *BOTH, "--max-insns", limit)
        assert call("compare", "two.s", *arguments).status == status


@pytest.mark.usefixtures("para")
def test_a_guest_without_such_a_build_is_refused(call: Call) -> None:
    done = call("compare", EXAMPLES / "hello.s", *BOTH, "--json=out.json")
    assert done.status == 0
    verdict, place = done.out.splitlines()[:2]
    assert verdict == "not compared: para; the guest has no build for it (-D PARAVIRT), refused at"
    assert place.startswith("  0x00000014 (next+0x8, ") and place.endswith("hello.s:16): out a2, a3")
    found = json.loads(Path("out.json").read_text())["builds"]["para"]
    assert found["equivalent"] is None and found["refused_at"] == place.strip()


@pytest.mark.usefixtures("para")
def test_the_reference_runs_the_guest_as_it_is(call: Call) -> None:
    done = call("compare", EXAMPLES / "hello.s", "--engines", "para,interp")
    assert (done.status, done.out) == (2, "") and "para cannot be the reference" in done.err


@pytest.mark.usefixtures("para")
def test_a_machine_without_hypercalls(call: Call) -> None:
    description = Path(__file__).parents[1] / "translate" / "two.isa"
    Path("nothing.bin").write_bytes(bytes(4))
    done = call("compare", "--isa", description, "nothing.bin", "--max-insns", 10)
    assert "not compared: para, which cannot run here: two has no instruction hcall" in done.out


def test_engines_that_cannot_run_here_are_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu, "why_not", lambda: "this is a loom")
    done = call("compare", EXAMPLES / "hello.s")
    assert (done.status, done.out) == (123, "")
    assert "bt cannot run here: this is a loom" in done.err
    again = replace(ENGINES["interp"], name="again")
    done = call("compare", EXAMPLES / "hello.s", registry=ENGINES.with_rows(again))
    assert done.status == 0
    assert "not compared: bt, which cannot run here: this is a loom" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "which program?"),
        (("hello.s", "--engines", "interp"), "two at least"),
        (("hello.s", "--engines", "interp,loom"), "there is no 'loom'"),
        (("hello.s", "--costs", "loom"), "no figures of loom"),
        (("hello.s", "--disk", "missing"), "--disk: missing"),
        (("hello.s", "--mem", "4097"), "--mem"),
        (("missing.s",), "missing.s"),
        (("hello.s", "--json=hello.s"), "looks like a source file"),
    ],
)
def test_what_it_refuses(call: Call, arguments: tuple[str, ...], said: str) -> None:
    Path("hello.s").write_text(OFF)
    done = call("compare", *arguments)
    assert (done.status, done.out) == (2, "") and said in done.err and len(done.lines) == 1


def test_a_limit(ring1: Command) -> None:
    forever = ring1.write("forever.s", "_start: addi a0, a0, 1\nj _start\n")
    done = ring1("compare", forever, "--max-insns", "5k", *CHOSEN, status=0)
    assert "for 5,000 instructions; limit" in done.out


def test_progress_is_for_terminals(ring1: Command) -> None:
    leader, terminal = os.openpty()
    with ring1.start("compare", EXAMPLES / "fib.s", *CHOSEN, stdin=terminal, stderr=terminal) as process:
        os.close(terminal)
        out = process.stdout.read() if process.stdout else b""
        assert process.wait(60) == 0
    said = os.read(leader, 1 << 16).decode()
    os.close(leader)
    assert "ring1: 1,000 instructions" in said and said.endswith("\x1b[K") and b"equivalent" in out


def test_progress_writes_over_itself() -> None:
    terminal = io.StringIO()
    tell = compare.progress(terminal)
    tell(1000)
    tell(2_000_000)
    assert terminal.getvalue() == "\r\x1b[Kring1: 1,000 instructions\r\x1b[Kring1: 2,000,000 instructions"
