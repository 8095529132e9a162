"""Console, entropy and power, as guests see them under every engine; ports that nobody has; and the bus."""

from __future__ import annotations

import fcntl
import os
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.machine.bus import Bus, Device
from ring1.dbt.machine.stop import Stop
from tests.machine.builder import ENGINES, RAM, Program, run, run_all

ONES = 0xFFFFFFFF
DATA, STATUS, ENTROPY = 0, 1, 0x20


def test_console_echo() -> None:
    """Bytes in order, all ones at the end; output is the low byte of what is written."""
    p = Program()
    p.label("again")
    p("in", "a0", "zero")
    p("blt", "a0", "zero", "end")
    p("ori", "a0", "a0", 0x7F00)
    p("out", "zero", "a0")
    p("jal", "zero", "again")
    p.label("end")
    p("addi", "a1", "a0", 0)
    p("in", "a2", "zero")
    p.off()
    text = bytes(range(256))
    got = run_all(p, source=text)
    assert (got.output, got["a1"], got["a2"], got.stop) == (text, ONES, ONES, Stop("exit", 0))


def test_console_status() -> None:
    """Bit 0 while there is input, bit 1 always: output is never refused."""
    p = Program()
    for n in range(3):
        p.inp(STATUS, f"a{n}")
        p("in", "a5", "zero")
    got = run_all(p, 9, source=b"xy")
    assert [got[f"a{n}"] for n in range(3)] == [3, 3, 2]


def test_console_line_is_a_level() -> None:
    """Up while input is ready and enabled: it falls with the last byte read, or when it is switched off."""
    p = Program()
    p("rdcr", "a0", "ip")
    p.out(STATUS, 1)
    p("rdcr", "a1", "ip")
    p.out(STATUS, 0xFFFE)
    p("rdcr", "a2", "ip")
    p.out(STATUS, 3)
    p("in", "t0", "zero")
    p("rdcr", "a3", "ip")
    p("in", "t0", "zero")
    p("rdcr", "a4", "ip")
    p("in", "t0", "zero")
    p("rdcr", "a5", "ip")
    got = run_all(p, 20, source=b"xy")
    assert [got[f"a{n}"] for n in range(6)] == [0, 2, 0, 2, 0, 0]


def test_console_interrupts() -> None:
    """One for each byte, as each is read in the handler."""
    p = Program()
    p.control("tvec", "handler")
    p.control("ie", 2)
    p.out(STATUS, 1)
    p("sti")
    p.label("wait")
    p("addi", "a0", "a0", 1)
    p("jal", "zero", "wait")
    p.label("handler")
    p("in", "a1", "zero")
    p("out", "zero", "a1")
    p("addi", "a2", "a2", 1)
    p("rfe")
    got = run_all(p, 60, source=b"hello", registers={"a0": 0, "a2": 0})
    assert (got.output, got["a2"]) == (b"hello", 5)


def entropy(engine: str, seed: int) -> list[int]:
    p = Program()
    for n in range(4):
        p.inp(ENTROPY, f"a{n}")
    got = run(engine, p, 8, seed=seed)
    return [got[f"a{n}"] for n in range(4)]


def test_entropy() -> None:
    """The same seed gives the same words under every engine, another seed others; no word comes twice in a row."""
    words = [entropy(engine, 1) for engine in ENGINES]
    assert words[0] == words[1] == words[2] == entropy("interp", 1)
    assert len({tuple(entropy("interp", seed)) for seed in range(20)}) == 20
    assert len(set(words[0])) == 4


@pytest.mark.parametrize("port", [2, 0x0F, 0x15, 0x1F, 0x21, 0x99, 0xEF, 0xF1, 0xFFFF])
def test_ports_of_nobody(port: int) -> None:
    p = Program()
    p.out(port, 0x1234)
    p.inp(port, "a0")
    p.off(9)
    got = run_all(p)
    assert (got["a0"], got.stop, got.output) == (ONES, Stop("exit", 9), b"")


@pytest.mark.parametrize("port", [ENTROPY, 0x13 << 16 | ENTROPY])
def test_only_sixteen_bits_of_a_port_count(port: int) -> None:
    """The upper half of the register is ignored, for `in` and `out` alike."""
    p = Program()
    p.out(0xABCD0000, ord("x"))
    p.inp(port, "a0")
    p.out(0xFFFF00F0, 3)
    got = run_all(p)
    assert (got.output, got.stop) == (b"x", Stop("exit", 3))
    assert got["a0"] == entropy("interp", 0)[0]


@pytest.mark.parametrize("value", [0, 1, 119, 255, 256, 0xFFFFFF07, ONES])
def test_power(value: int) -> None:
    """The low 8 bits are the exit code; the `out` is the last instruction that retires."""
    p = Program()
    p.out(0xF0, value)
    p("addi", "a0", "zero", 7)
    got = run_all(p)
    assert got.stop == Stop("exit", value & 0xFF)
    assert got["a0"] == RAM and got["pc"] == got.state.instructions * 4 == len(p.image()) - 4


def test_power_reads_all_ones() -> None:
    p = Program()
    p.inp(0xF0, "a0")
    got = run_all(p, 3)
    assert (got["a0"], got.stop.reason) == (ONES, "trap")


class Dummy(Device):
    def __init__(self, ports: range, line: int | None = None) -> None:
        self.ports, self.line, self.name = ports, line, f"dummy at {ports}"


def test_bus_rejects_overlap() -> None:
    bus = Bus()
    bus.add(Dummy(range(4, 8), 1))
    for ports, line in ((range(7, 9), None), (range(5), None), (range(5, 6), 2), (range(9, 10), 1)):
        with pytest.raises(ValueError, match=r"(port|line) .* dummy"):
            bus.add(Dummy(ports, line))
    bus.add(Dummy(range(8, 9), 2))
    bus.add(Dummy(range(3, 4)))
    bus.add(Dummy(range(100, 100)))
    assert [bus.read(port, 0) for port in (3, 4, 8, 9)] == [ONES] * 4


# --- The host's end of the console ----------------------------------------------------------


@pytest.fixture
def room() -> Iterator[None]:
    """Descriptors may have numbers above 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2048:
        pytest.skip("this host has no descriptors of 1024 and more")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("number", [0, 1023, 1024, 1500])
@pytest.mark.parametrize("kind", ["pipe", "terminal", "file"])
def test_console_on_any_descriptor(number: int, kind: str, tmp_path: Path) -> None:
    """Also on those that `select` has no room for; and it ends where its writer does."""
    if kind == "file":
        (tmp_path / "input").write_bytes(b"hi")
        source = os.open(tmp_path / "input", os.O_RDONLY)
    else:
        writer, source = reversed(os.pipe()) if kind == "pipe" else os.openpty()
        os.write(writer, b"hi" if kind == "pipe" else b"hi\n\4")
        if kind == "pipe":
            os.close(writer)
    fd = fcntl.fcntl(source, fcntl.F_DUPFD, number)
    os.close(source)
    p = Program()
    for n in range(3 if kind == "terminal" else 2):
        p("in", f"a{n}", "zero")
    p("in", "a5", "zero")
    p.inp(STATUS, "a4")
    p.off()
    try:
        got = run("interp", p, source=fd)
    finally:
        os.close(fd)
        if kind == "terminal":
            os.close(writer)
    assert (got["a0"], got["a1"], got["a5"], got["a4"]) == (ord("h"), ord("i"), ONES, 2)


def test_console_on_no_descriptor() -> None:
    """A closed one is an input that has ended."""
    reader, writer = os.pipe()
    os.close(writer)
    os.close(reader)
    assert HostInput(reader, threading.Event()).ended
