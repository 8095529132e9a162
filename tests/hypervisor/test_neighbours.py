"""What one guest does, another does not notice: neither in what it sees nor, for more than its share, in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.examples.hypervisor.image import ISA, Guest, disk
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from tests.hypervisor import hostile
from tests.hypervisor.machines import HOST, apart, host, needs_gcc, run, single, unix

pytestmark = needs_gcc
KEYS = b"hello\nprimes 3000 &\nforkbomb\ncrash null\nexit 7\n"
SLICE = 100_000
"""Of the hypervisor's."""


def guest(text: str, memory: int = 4 << 20) -> Guest:
    made = assemble(load(ISA), [("guest.s", text)])
    return Guest(made.image, made.entry, bytes(range(256)) * 16, memory)


@pytest.mark.soak
@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("name", hostile.ALL)
def test_hostile(name: str, first: bool, tmp_path: Path) -> None:
    """A neighbour that does what it can. The Unix is what it is alone, and has nearly half of the time."""
    attacker, victim = guest(hostile.ALL[name]), unix()
    guests, number = ([attacker, victim], 1) if first else ([victim, attacker], 0)
    keys = b"\x14%d" % number + KEYS
    alone = run(host([victim]), KEYS, tmp_path)
    limit = 3 * alone.state.instructions + 10 * SLICE
    ran = run(host(guests), keys, tmp_path, limit=limit)
    assert ran.stop.reason == "limit"
    assert apart(ran.output)[number] == single(alone) == run(victim, KEYS, tmp_path).ended
    assert ran.disk == disk(guests)


def test_all_together(tmp_path: Path) -> None:
    guests = [guest(text, 64 << 10) for text in hostile.ALL.values()]
    alone = run(host([unix()]), KEYS, tmp_path)
    ran = run(
        host([*guests, unix()]), b"\x14%d" % len(guests) + KEYS, tmp_path, limit=9 * alone.state.instructions + 10**7
    )
    assert apart(ran.output)[len(guests)] == single(alone)


def test_guest_that_uses_the_windows(tmp_path: Path) -> None:
    """The hypervisor takes no addresses from its guests."""
    windows = guest(hostile.WINDOWS)
    bare = run(windows, b"", tmp_path, "interp").ended
    assert single(run(host([windows]), b"", tmp_path)) == bare
    assert int("0xffc000", 16) + 4 * 4096 == HOST


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("_start: lw a0, -4(zero)", b"a trap without a handler", 120),
        ("_start: li t0, -4\n wrcr tvec, t0\n brk", b"a trap that changes nothing", 120),
        ("_start: hlt", b"nothing to wait for", 122),
        ("_start: li t0, 2\n wrcr ie, t0\n li t1, 1\n out t1, t1\n hlt\n hlt", b"nothing to wait for", 122),
    ],
)
def test_guest_that_cannot_go_on(text: str, said: bytes, code: int, tmp_path: Path) -> None:
    ran = run(host([guest(text), unix()]), b"\x141" + KEYS, tmp_path)
    ends = apart(ran.output)
    assert b"[guest 0: " + said in ran.output and ends[0].code == code
    assert ends[1] == run(unix(), KEYS, tmp_path).ended
    assert ran.stop.code == code


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (b"", b"the disk does not say"),
        (bytes(1024), b"the disk does not say"),
        (disk([Guest(b"\0" * 8192, memory=4096)]), b"larger than its memory"),
        (disk([Guest(b"\0" * 4096, memory=64 << 20)]), b"not enough memory"),
        (disk([Guest(b"\0" * 8192)])[:4096], b"cannot be read"),
    ],
)
def test_disk_that_is_none(whole: bytes, said: bytes, tmp_path: Path) -> None:
    machine = host([])._replace(disk=whole)
    ran = run(machine, b"", tmp_path)
    assert ran.stop.code == 99 and said in ran.output


def test_too_many_guests() -> None:
    with pytest.raises(ValueError, match="9 guests"):
        disk([Guest(b"")] * 9)
