"""A guest under examples/hypervisor does what it does on the bare machine, to the instruction."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.cli.cflags import Build
from ring1.dbt.cli.program import load as load_program
from ring1.examples.hypervisor.image import ISA, Guest
from ring1.isa.load import load
from tests.hypervisor.machines import EXAMPLES, KEY, Ran, apart, assembled, host, needs_gcc, run, single, unix
from tests.programs import PROGRAMS, Program

pytestmark = needs_gcc
DEMO = (EXAMPLES / "os" / "demo.txt").read_bytes()
SHORT = b"hello\ncrash zero\nhalt\n"
"""For engines that take seconds for the demo."""
SHOWN_TIME = {"timer"}
"""Examples that read the time by `rdtime`, which does not trap: they see the hypervisor's as well."""


@pytest.mark.parametrize("example", [p for p in PROGRAMS if p.name not in SHOWN_TIME], ids=lambda p: p.name)
def test_examples(example: Program, tmp_path: Path) -> None:
    guest = assembled(example.source, contents=example.disk or b"")
    bare = run(guest, example.stdin, tmp_path, "interp")
    ran = run(host([guest]), example.stdin.replace(KEY, KEY + KEY), tmp_path)
    assert single(ran) == bare.ended
    if example.disk_after is not None:
        assert ran.disk[-len(guest.disk) :] == bare.disk == example.disk_after


@pytest.mark.parametrize("engine", ["bt", *(pytest.param(name, marks=pytest.mark.soak) for name in ("bare", "trap"))])
def test_unix(engine: str, tmp_path: Path) -> None:
    expected = run(unix(), DEMO, tmp_path, "interp").ended
    assert b"1229 primes" in expected.output
    assert single(run(host([unix()]), DEMO, tmp_path, engine)) == expected


@pytest.mark.parametrize("engine", ["interp", "bare", "trap", "hw", "hybrid"])
def test_unix_briefly(engine: str, tmp_path: Path) -> None:
    expected = run(unix(), SHORT, tmp_path, "interp").ended
    assert single(run(host([unix()]), SHORT, tmp_path, engine)) == expected


def test_equal_under_every_engine(tmp_path: Path) -> None:
    """The whole machine, hypervisor and guest, ends in the same state."""
    ways = ["interp", "bare", "bt", "trap", "hw"]
    ends = {engine: run(host([unix()]), SHORT, tmp_path, engine) for engine in ways}
    assert {engine: ran == ends["interp"] for engine, ran in ends.items()} == dict.fromkeys(ways, True)


def test_two_unixes(tmp_path: Path) -> None:
    """Each is as if it were alone, whoever else has the processor, the keys or the screen."""
    first, second = b"hello\nprimes 5000 &\ncat motd\nsleep 20\n", b"crash null\nforkbomb\nls\nhalt\n"
    keys = first + b"\x141" + second + b"\x140free\nexit 3\n"
    ends = apart(run(host([unix(), unix(2 << 20)]), keys, tmp_path).output)
    assert ends == {
        0: run(unix(), first + b"free\nexit 3\n", tmp_path).ended,
        1: run(unix(2 << 20), second, tmp_path).ended,
    }


def test_they_take_turns(tmp_path: Path) -> None:
    """Neither waits for the other's end: the output of both is mixed."""
    keys = b"primes 20000\nhalt\n\x141primes 100\nhalt\n"
    lines = run(host([unix(), unix()]), keys, tmp_path).output.splitlines()
    ends = [n for n, line in enumerate(lines) if b"primes below" in line]
    assert lines[ends[0]].startswith(b"1") and lines[ends[1]].startswith(b"0")


def test_program_in_c(tmp_path: Path) -> None:
    made = load_program(load(ISA), [str(EXAMPLES / "c" / "queens.c")], Build())
    guest = Guest(made.image, made.entry, b"", 8 << 20)
    assert single(run(host([guest]), b"", tmp_path)) == run(guest, b"", tmp_path, "interp").ended


def test_keys(tmp_path: Path) -> None:
    """Ctrl-T twice is a byte for the guest; Ctrl-T x switches the chosen one off; the next has the keys then."""
    echo = assembled(EXAMPLES / "echo.s")
    output = run(host([echo, echo]), b"a\x14\x14b\n\x141\x14xnext\n", tmp_path).output
    assert b"[guest 1: switched off, code 130" in output
    assert apart(output)[0].output == run(echo, b"a\x14b\nnext\n", tmp_path).ended.output


def test_time_that_does_not_trap(tmp_path: Path) -> None:
    """`rdtime` is not sensitive by the theorem, which leaves time out: it shows the hypervisor. `rdcr` does not."""
    timer = assembled(EXAMPLES / "timer.s")
    assert single(run(host([timer]), b"", tmp_path)).output != run(timer, b"", tmp_path).output


def shown(ran: Ran) -> list[str]:
    return single(ran).output.decode().splitlines()


def test_holes(tmp_path: Path) -> None:
    """On pg32v they are closed, and nothing is to be seen; on pg32 the guest sees the hypervisor's registers."""
    holes = assembled(EXAMPLES / "holes.s")
    bare = run(holes, b"", tmp_path, "interp").output.decode().splitlines()
    assert shown(run(host([holes]), b"", tmp_path)) == bare
    bare = run(holes, b"", tmp_path, "interp", isa="pg32").output.decode().splitlines()
    seen = shown(run(host([holes]), b"", tmp_path, isa="pg32"))
    assert len(seen) == len(bare)
    differ = {line.split()[0] for line, other in zip(seen, bare, strict=True) if line != other}
    assert differ == {"getpsw", "lra"}  # `getptb` stands behind what traps, and is emulated with it
