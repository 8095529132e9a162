"""Control registers, the processor status and the holes that read or write them: every bit, in every ring, under every
engine."""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from tests.machine.builder import ENGINES, RAM, Outcome, Program, machine, run, run_all

ONES = 0xFFFFFFFF
HANDLER = 0x800
KEPT = {
    "tvec": 0xFFFFFFFC,
    "epc": 0xFFFFFFFC,
    "cause": ONES,
    "tval": ONES,
    "scratch": ONES,
    "ie": 0xF,
    "timecmp": ONES,
    "timecmph": ONES,
}
"""The bits that each control register holds, of those that hold any."""
IGNORING = {"time": 1, "timeh": 0, "vmid": 0x1234}
"""Those that ignore writes, with what is in them after one instruction."""
VALUES = (ONES, 0, 0x55555555, 0xAAAAAAAA, 0x80000001, 3)


def after_reset(name: str) -> int:
    return ONES if name in ("timecmp", "timecmph") else 0


def test_the_file() -> None:
    """These and no others are reached by `rdcr` and `wrcr`: psw and ptb are not."""
    names = [control.name for control in machine().control_numbers.values()]
    assert sorted(names) == sorted([*KEPT, *IGNORING, "ip"])


@pytest.mark.parametrize("engine", ENGINES)
def test_reset(engine: str) -> None:
    """ "Ring 0, IE=0, paging off, all registers 0 but `a0` = bytes of RAM, `a1` = `vmid`"; `timecmp` all ones."""
    got = run(engine, Program(), 0, vmid=0x1234, memory=3 << 12)
    expected = {name: after_reset(name) for name in KEPT} | {"time": 0, "timeh": 0, "ip": 0, "psw": 0, "ptb": 0}
    assert got.state.control == expected | {"vmid": 0x1234}
    assert got.state.registers == dict.fromkeys(got.state.registers, 0) | {"a0": 3 << 12, "a1": 0x1234}
    assert (got["pc"], got.state.instructions) == (0, 0)


@pytest.mark.parametrize("name", KEPT)
def test_registers_hold_their_bits(name: str) -> None:
    for value in VALUES:
        p = Program()
        p("rdcr", "a2", name)
        p("wrcr", name, "a3")
        p("rdcr", "a4", name)
        p("wrcr", name, "zero")
        p("rdcr", "a5", name)
        got = run_all(p, 5, registers={"a3": value})
        assert [got[r] for r in ("a2", "a4", "a5")] == [after_reset(name), value & KEPT[name], 0], hex(value)
        others = {n: after_reset(n) for n in KEPT if n != name}
        assert {n: got[n] for n in others} == others


@pytest.mark.parametrize("name", IGNORING)
def test_registers_that_ignore_writes(name: str) -> None:
    for value in VALUES:
        p = Program()
        p("wrcr", name, "a3")
        p("rdcr", "a4", name)
        got = run_all(p, 2, registers={"a3": value}, vmid=0x1234)
        assert (got["a4"], got.stop) == (IGNORING[name], Stop("limit"))


def test_ip_keeps_the_soft_bit_only() -> None:
    for value in VALUES:
        p = Program()
        p("wrcr", "ip", "a3")
        p("rdcr", "a4", "ip")
        assert run_all(p, 2, registers={"a3": value})["a4"] == value & 8


def test_vmid_is_in_a1_too() -> None:
    p = Program()
    p("rdcr", "a0", "vmid")
    for vmid in (0, 1, ONES):
        got = run_all(p, 1, vmid=vmid)
        assert (got["a0"], got["a1"]) == (vmid, vmid)


def test_time_counts_what_has_retired() -> None:
    """`rdtime` and the control register see the instructions before them; one that traps does not count."""
    p = Program()
    p("rdtime", "a0")
    p("rdtime", "a1")
    p("rdcr", "a2", "time")
    p("brk")
    p.org(HANDLER)
    p("rdtime", "a3")
    p("rdcr", "a4", "timeh")
    p("rdtime", "zero")
    got = run_all(p, 6, control={"tvec": HANDLER})
    assert [got[f"a{n}"] for n in range(5)] == [0, 1, 2, 3, 0]
    assert (got["time"], got["zero"]) == (6, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_control_register_that_does_not_exist(engine: str) -> None:
    """Number 12 and above: not a legal instruction, in any ring."""
    for name, operands in (("rdcr", ("a0", "vmid")), ("wrcr", ("vmid", "a0"))):
        p = Program()
        p(name, *operands)
        word = int.from_bytes(p.image(), "little")
        number = machine().controls["vmid"].number
        assert number == 11
        bad = word ^ 11 ^ 12
        for ring in range(4):
            got = run(engine, bad.to_bytes(4, "little"), control={"psw": ring})
            assert got.stop.trap is not None and (got.stop.trap.cause, got.stop.trap.value) == (0, bad)


@pytest.mark.parametrize("ring", range(4))
def test_setpsw(ring: int) -> None:
    """Ring 0 writes all of psw; the others FLAGS, and the rest is silently ignored. `getpsw` reads in any ring."""
    defined = 0xFF3F
    for value in (*VALUES, 0xA5 << 8, 0xFF3F, 0xFF00, 0x3C, 1):
        before = ring | 4 | 1 << 3 | 0x5A00
        p = Program()
        p("getpsw", "a2")
        p("setpsw", "a3")
        p("getpsw", "a4")
        got = run_all(p, 3, registers={"a3": value}, control={"psw": before})
        expected = value & defined if ring == 0 else before & 0xFF | value & 0xFF00
        assert (got["a2"], got["a4"], got["psw"]) == (before, expected, expected), hex(value)


@pytest.mark.parametrize("ring", range(4))
def test_setpsw_and_what_follows_in_its_block(ring: int) -> None:
    """The instruction behind it runs in the ring that it set."""
    p = Program()
    p.control("tvec", HANDLER)
    p.li("a1", ring)
    p("setpsw", "a1")
    p.label("there")
    p("wrcr", "scratch", "a1")
    p("getpsw", "a2")
    p.org(HANDLER)
    p("jal", "zero", HANDLER)
    got = run_all(p, 6, registers={"a2": 99})
    if ring:
        assert (got["cause"], got["epc"], got["scratch"], got["psw"]) == (1, p.labels["there"], 0, ring << 3)
    else:
        assert (got["cause"], got["scratch"], got["a2"]) == (0, 0, 0)


@pytest.mark.parametrize("name", ["cli", "sti"])
def test_cli_sti(name: str) -> None:
    for before in (0xFF3C, 0xA500, 4, 0):
        p = Program()
        p(name)
        assert run_all(p, 1, control={"psw": before})["psw"] == (before | 4 if name == "sti" else before & ~4)


def test_rfe() -> None:
    """Ring = PRING, IE = PIE, pc = epc; PRING and PIE stay, and FLAGS."""
    for pring in range(4):
        for pie in (0, 1):
            for enable in (0, 4):
                p = Program()
                p("rfe")
                psw = 0xA500 | enable | pring << 3 | pie << 5
                got = run_all(p, 1, control={"psw": psw, "epc": 0x1230})
                assert (got["psw"], got["pc"]) == (0xA500 | pring | pie << 2 | pring << 3 | pie << 5, 0x1230)


@pytest.mark.parametrize("ring", range(4))
def test_jru(ring: int) -> None:
    """To ring 3 with nothing else changed, wherever it starts; the low two bits of the target are cleared."""
    for low in range(4):
        p = Program()
        p("jru", "a1")
        before = 0x5A00 | 0x2C | ring
        got = run_all(p, 1, registers={"a1": 0x100 + low}, control={"psw": before})
        assert (got["pc"], got["psw"]) == (0x100, before | 3)


def test_jru_runs_on_in_ring_3() -> None:
    p = Program()
    p.control("tvec", HANDLER)
    p.li("a1", "user")
    p("jru", "a1")
    p.label("user")
    p("getpsw", "a2")
    p("rdcr", "a3", "time")
    p.org(HANDLER)
    p("jal", "zero", HANDLER)
    got = run_all(p, 20)
    assert (got["a2"], got["cause"], got["epc"]) == (3, 1, p.labels["user"] + 4)


@pytest.mark.parametrize("ring", range(4))
def test_setptb_and_getptb(ring: int) -> None:
    """ptb holds EN, ASID and ROOT; ring 0 sets it, every ring reads it. (EN stays off here.)"""
    for value in (0xFFFFFFFE, 0x00000E00, 0x12345ABC, 0):
        p = Program()
        p("setptb", "a2")
        p("setpsw", "a3")
        p("getptb", "a4")
        got = run_all(p, 3, registers={"a2": value, "a3": ring})
        assert (got["a4"], got["ptb"]) == (value & 0xFFFFF1FF, value & 0xFFFFF1FF)


@pytest.mark.parametrize("ring", range(4))
def test_lra_without_paging(ring: int) -> None:
    """The address itself where there is RAM; all ones where a load would fault."""
    for address in (0, 1, 0x1234, RAM - 1, RAM, 0x80000000, ONES):
        p = Program()
        p("lra", "a2", "a1")
        got = run_all(p, 1, registers={"a1": address}, control={"psw": ring})
        assert got["a2"] == (address if address < RAM else ONES)


@pytest.mark.parametrize("offset", [0, 1, 2, 3, -1, -2, -3, -4, 0x7FFF, -0x8000])
def test_jalr_clears_two_bits(offset: int) -> None:
    """Of the sum; rd may be the register that held the target."""
    for rd in ("ra", "a1", "zero"):
        p = Program()
        p("jalr", rd, offset, "a1")
        target = 0x8124
        got = run_all(p, 1, registers={"a1": target})
        assert (got["pc"], got[rd]) == (target + offset & ~3, 0 if rd == "zero" else 4)


def farthest(got: Outcome) -> tuple[int, int]:
    return got["pc"], got["ra"]


def test_farthest_jumps() -> None:
    """jal reaches 2 MiB less a word ahead and 2 MiB behind, branches 128 KiB; pc wraps modulo 2^32."""
    start = 0x4000
    for distance in (0x1FFFFC, -0x200000):
        p = Program(at=start)
        p("jal", "ra", start + distance)
        assert farthest(run_all(p, 1, entry=start)) == ((start + distance) % 2**32, start + 4)
    for distance in (0x1FFFC, -0x20000):
        p = Program(at=start)
        p("bgeu", "a0", "a0", start + distance)
        assert farthest(run_all(p, 1, entry=start)) == ((start + distance) % 2**32, 0)
