"""The remote protocol without gdb: requests, bad requests, clients that vanish."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.gdb.packets import checksum, framed, unescaped
from tests.gdb.client import served

COUNTER = """
_start: li a0, 0
        li a1, 100
        la a2, counter
loop:   addi a0, a0, 1
        sw a0, 0(a2)
        bne a0, a1, loop
        li t0, 0xf0
        out t0, zero
        .data
counter: .word 0
"""
LOOP, COUNTED = 0x10, 0x1000
"""Addresses of `loop` and `counter`."""


def test_documents() -> None:
    with served(COUNTER) as (client, _, machine):
        assert "qXfer:features:read+" in client("qSupported:multiprocess+")
        text = client("qXfer:features:read:target.xml:0,4000")
        assert text[0] == "l"
        registers = [each.get("name") for each in ElementTree.fromstring(text[1:]).iter("reg")]
        assert registers == [*machine.reg, "pc", *machine.control]
        parts, at = "", 0
        while True:
            part = client(f"qXfer:features:read:target.xml:{at:x},64")
            parts, at = parts + part[1:], at + len(part) - 1
            if part[0] == "l":
                break
        assert parts == text[1:]
        assert "<memory type" in client("qXfer:memory-map:read::0,4000")
        assert client("qXfer:nothing:read::0,100") == "" and client("vMustReplyEmpty") == ""
        assert client("qC") == "QC1" and client("qfThreadInfo") == "m1" and client("qsThreadInfo") == "l"


def test_registers_and_memory() -> None:
    with served(COUNTER) as (client, _, machine):
        whole = client("g")
        assert len(whole) == 8 * (17 + len(machine.control))
        assert client("Pa=78563412") == "OK" and machine.reg["a0"] == 0x12345678
        assert client("pa") == "78563412"
        assert client("G" + whole[: 8 * 11] + "05000000" + whole[8 * 12 :]) == "OK" and machine.reg["a1"] == 5
        assert client(f"m{COUNTED:x},4") == "00000000"
        assert client(f"M{COUNTED:x},4:01020304") == "OK" and machine.mem.word("counter") == 0x04030201
        assert client(b"X1000,3:" + b"}\x03}\x04*") in ("OK", "E01")
        assert client("m0,8") == machine.mem.read(0, 8).hex()
        for wrong in ("m100000,4", "mfffffff0,4", "m0", "M0,4:00", "pff", "P99=0", "G00", "Z0,zz,4", "M1000,1:zz"):
            assert client(wrong) in ("E01", "OK", ""), wrong
        assert client("?").startswith("T05")


def test_what_is_wrong_is_answered_as_the_protocol_says() -> None:
    """The GDB manual, "Packets" and "General Query Packets": E NN for errors, E00 where a document is not there, `l`
    alone at a document's end, and empty for what is not known. What has failed has changed nothing."""
    with served(COUNTER) as (client, _, machine):
        whole, size = client("g"), len(client("qXfer:features:read:target.xml:0,4000")) - 1
        assert client(f"qXfer:features:read:target.xml:{size:x},10") == "l"
        assert client(f"qXfer:features:read:target.xml:{size + 1:x},10") == "E01"
        for wrong in ("nothing.xml:0,10", ":0,10", "target.xml:-4,10", "target.xml:0", "target.xml:zz,1", "target.xml"):
            assert client(f"qXfer:features:read:{wrong}") == "E00", wrong
        assert client("qXfer:features:write:target.xml:0:ff") == "" and client("qXfer") == ""
        assert [client(f"T{thread}") for thread in ("1", "99", "zz", "")] == ["OK", "E01", "E01", "E01"]
        assert [client(f"Hg{thread}") for thread in ("0", "1", "-1")] == ["OK"] * 3
        assert [client(packet) for packet in ("Hgzz", "Hg99", "H")] == ["E01"] * 3
        changed = "".join(f"{n:08x}" for n in range(len(whole) // 8))
        odd = changed[: 8 * 16] + "03000000" + changed[8 * 17 :]
        zeroed = "01000000" + changed[8:]
        wrongs = ("", "00", changed[:96], changed + "00", changed[:-1], odd, zeroed)
        for wrong in (*(f"G{words}" for words in wrongs), "Pa=05", "P-1=05000000"):
            assert client(wrong) == "E01", wrong
            assert client("g") == whole
        assert client("P10=03000000") == "E01" and client("P0=04000000") == "E01" and client("P0=00000000") == "OK"
        assert [client(packet) for packet in ("Z0,2,4", "Z1,12,2", "Z0,10,3")] == ["E01"] * 3
        assert client("Z0,10,2") == "OK" and client("Z9,10,4") == "" and client("m-4,4") == "E01"
        assert client("g") == whole and machine.count == 0


@pytest.mark.parametrize("engine", ["interp", "bt"])
def test_moving(engine: str) -> None:
    with served(COUNTER, engine) as (client, _, machine):
        assert client(f"Z0,{LOOP:x},4") == "OK"
        assert client("vCont;c") == "T05thread:1;swbreak:;" and client.pc == LOOP
        assert client("vCont;c:1") == "T05thread:1;swbreak:;" and machine.reg["a0"] == 1
        assert client("vCont;s:1") == "T05thread:1;" and client.pc == LOOP + 4
        assert client("bs") == "T05thread:1;" and client.pc == LOOP
        assert client("bc") == "T05thread:1;swbreak:;" and machine.reg["a0"] == 0
        assert client("bc") == "T05thread:1;replaylog:begin;" and machine.count == 0
        assert client(f"z0,{LOOP:x},4") == "OK"
        assert client(f"Z2,{COUNTED:x},4") == "OK"
        # As gdb has a RISC-V: before the store, and on the way back behind it. It takes the watchpoint away for a step.
        assert client("c") == f"T05thread:1;watch:{COUNTED:x};" and machine.mem.word("counter") == 0
        assert client.pc == LOOP + 4
        assert [client(f"z2,{COUNTED:x},4"), client("s"), client(f"Z2,{COUNTED:x},4")] == ["OK", "T05thread:1;", "OK"]
        assert client("bc") == f"T05thread:1;watch:{COUNTED:x};" and machine.mem.word("counter") == 1
        assert client.pc == LOOP + 8
        assert client(f"z2,{COUNTED:x},4") == "OK"
        assert client("bs") == "T05thread:1;" and machine.mem.word("counter") == 0
        assert client("c") == "T05thread:1;replaylog:end;" and b"exit code 0" in client.shown
        assert client("bs") == "T05thread:1;" and machine.count > 300
        assert client.monitor("info symbol loop").startswith("0x00000010 is loop")
        assert "there is no command" in client.monitor("nonsense")
        assert "after 3 instructions" in client.monitor("go to 3") and machine.count == 3


def test_an_interrupt_and_the_way_out() -> None:
    with served("_start: j _start") as (client, results, machine):
        client.raw(framed(b"vCont;c"))
        time.sleep(0.3)
        client.raw(b"\x03")
        assert client.receive() == "T02thread:1;"
        assert client("s") == "T05thread:1;"
        assert client("D") == "OK"
        time.sleep(0.1)
        for _ in range(100):
            if results:
                break
            time.sleep(0.05)
        assert results == [True]
        assert not machine.now().body.probe.live


def test_a_client_that_vanishes_stops_the_guest() -> None:
    with served("_start: j _start") as (client, results, machine):
        client("Z0,100,4")
        client.raw(framed(b"c"))
        time.sleep(0.3)
        client.socket.close()
        for _ in range(200):
            if results:
                break
            time.sleep(0.05)
        assert results == [True]
        assert machine.count > 0
        assert machine.step(5).reason == "limit"
        stops = machine.run(until=0).reason
        assert stops == "breakpoint"


def test_killed() -> None:
    with served(COUNTER) as (client, results, _):
        assert client("vKill;1") == "OK"
        for _ in range(100):
            if results:
                break
            time.sleep(0.05)
        assert results == [False]


def test_damaged_packets_are_asked_for_again() -> None:
    with served("_start: j _start") as (client, _, machine):
        client.raw(framed(b"c") + framed(b"c"))  # gdb has waited too long for an acknowledgement
        time.sleep(0.3)
        client.raw(b"\x03")
        assert client.receive() == "T02thread:1;"
        assert client("p10") == "00000000"
    with served(COUNTER) as (client, _, machine):
        client.raw(b"+++noise$g#00")
        client.raw(b"$?#" + f"{checksum(b'?'):02x}".encode())
        assert client.receive().startswith("T05")
        assert client("QStartNoAckMode") == "OK"
        assert client("p10") == "00000000"
        assert unescaped(framed(b"a}b#c$d*")[1:-3]) == b"a}b#c$d*"
        assert machine.count == 0


REQUESTS = ("g", "?", "s", "bs", "bc", "c", "R", "vCont;s", "vCont?", "qC", "m1000,4", "p10", "H1", "T1")
CHANGES = ("Z0,10,4", "z0,10,4", "Z2,1000,4", "z2,1000,4", "Z4,1000,4", "z4,1000,4", "Pa=05000000", "P10=10000000")
PACKETS = st.one_of(
    st.sampled_from((*REQUESTS, *CHANGES, "M1000,4:00000000")),
    st.text("gGpPmMXzZvqQsScCbHT?:;,=0123456789abcdef", min_size=1, max_size=12),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PACKETS, max_size=40))
def test_no_packet_loses_the_machine(packets: list[str]) -> None:
    with served(COUNTER) as (client, results, machine):
        for packet in packets:
            if packet[0] in "DkR" or packet.startswith("vKill") or packet in ("S", "C"):
                continue
            client.impatient(packet)
        assert not results
        assert client("p10") == client("g")[8 * 16 : 8 * 17]
        assert client.monitor("go to 0").startswith("after 0 instructions") or machine.count == 0
