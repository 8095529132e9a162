"""The library: what docs/api.md promises, on small guests and the examples."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ring1
from ring1.dbt.api.hooks import Hook
from ring1.dbt.engines.table import ENGINES
from ring1.isa.load import shipped
from tests.programs import PROGRAMS

HERE = [name for name in ("interp", "bare", "bt", "hw", "kvm") if not ENGINES[name].why_not()]
EXAMPLES = Path(__file__).parents[2] / "examples"

LOOP = """
_start: li a0, 0
        li a1, 100
loop:   addi a0, a0, 1
        la a2, counter
        sw a0, 0(a2)
        bne a0, a1, loop
        li t0, 0xf0
        out t0, zero
        .data
counter: .word 0
table:  .word 1, 2, 3
name:   .asciz "ring1"
"""
LOADING = LOOP.replace("bne a0", "lw a3, 0(a2)\n lb a4, 1(a2)\n bne a0")
FETCHES = (5, 9)
"""Causes of a trap without an instruction, where the value is its address (docs/pg32.md)."""
ROUND = 5
"""Instructions of the loop: `la` has two."""


def machine(engine: str = "interp", source: str = LOOP, **options: object) -> ring1.Machine:
    return ring1.Machine("pg32", text=source, engine=engine, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", HERE)
def test_it_runs_to_places_and_back(engine: str) -> None:
    with machine(engine) as m:
        assert m.run(until="loop").reason == "breakpoint"
        assert (m.pc, m.count, m.engine) == (m.labels["loop"], 2, engine)
        for turn in range(1, 6):
            assert m.run(until="loop").reason == "breakpoint"
            assert (m.reg["a0"], m.mem.word("counter"), m.count) == (turn, turn, 2 + turn * ROUND)
        assert m.run(until=["loop+4", m.labels["counter"]]).reason == "breakpoint"
        assert m.pc == m.labels["loop"] + 4
        assert m.step(3).reason == "limit"
        assert m.count == 2 + 5 * ROUND + 4
        m.back(4)
        assert (m.pc, m.count) == (m.labels["loop"], 2 + 5 * ROUND)
        m.at(2 + 3 * ROUND)
        assert m.mem.word("counter") == 3
        m.back(10**9)
        assert (m.count, m.pc, m.mem.word("counter")) == (0, m.labels["_start"], 0)
        assert m.run(max_insns=7) == ring1.Stop("limit")
        assert m.count == 7
        assert m.run() == ring1.Stop("exit", 0)
        with pytest.raises(ring1.Ended):
            m.at(10**6)
        m.at(m.count)


@pytest.mark.parametrize("engine", HERE)
def test_registers_and_memory(engine: str) -> None:
    with machine(engine) as m:
        assert list(m.reg)[:3] == ["zero", "ra", "sp"] and len(m.reg) == 16
        m.reg["a0"] = -1
        assert m.reg["a0"] == m.reg["x10"] == m.reg["r10"] == 0xFFFFFFFF
        m.reg["zero"] = 0
        m.control["tvec"] = 0x103
        assert m.control["tvec"] == 0x100  # docs/pg32.md: it drops its low two bits
        assert "psw" in m.control and m.control["psw"] == 0
        assert m.mem["table" : m.labels["table"] + 12] == bytes([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])
        assert m.mem.words("table", 3) == [1, 2, 3]
        assert (m.mem["table+4"], m.mem.half("table+8"), m.mem.string("name")) == (2, 3, b"ring1")
        m.mem["table":"name"] = b"\x07" * 12
        assert m.mem.word("table") == 0x07070707
        m.mem["name"] = 0x52
        m.mem.set_word("counter", -2)
        assert m.ram.word("counter") == 0xFFFFFFFE
        assert m.ram.string("name") == b"Ring1"
        m.pc = "loop"
        m.reg["a1"] = 3
        m.reg["a0"] = 0
        assert m.run() == ring1.Stop("exit", 0)
        assert m.mem.word("counter") == 3


@pytest.mark.parametrize("engine", HERE)
def test_what_does_not_fit_is_refused_and_not_cut(engine: str) -> None:
    with machine(engine) as m:
        before = {**m.reg, "pc": m.pc}, m.mem.words("counter", 4)

        def assign(mapping: Any, key: object, value: object) -> Callable[[], object]:
            return lambda: mapping.__setitem__(key, value)

        for refused, error, said in (
            (assign(m.reg, "zero", 4), ring1.BadValue, "zero is always 0"),
            (assign(m.reg, "a0", 1 << 32), ring1.BadValue, "0x100000000 does not fit into 32 bits"),
            (assign(m.reg, "a0", -(1 << 31) - 1), ring1.BadValue, "-0x80000001 does not fit into 32 bits"),
            (assign(m.reg, "a0", "5"), ring1.BadValue, "'5' is no whole number"),
            (assign(m.reg, 3, 5), ring1.UnknownName, "there is no register 3: registers have names"),
            (lambda: m.reg[3], ring1.UnknownName, "there is no register 3"),  # type: ignore[index]
            (assign(m.control, 3, 5), ring1.UnknownName, "there is no control register 3"),
            (assign(m.control, "tvec", 1 << 32), ring1.BadValue, "0x100000000 does not fit"),
            (lambda: setattr(m, "pc", 3), ring1.BadAddress, "no instruction is at 0x3"),
            (lambda: setattr(m, "pc", None), ring1.UnknownName, "None is neither an address nor a label"),
            (assign(m.mem, "counter", 256), ring1.BadValue, "0x100 does not fit into 8 bits"),
            (assign(m.mem, slice("counter", "counter+4"), 256), ring1.BadValue, "0x100 does not fit into 8 bits"),
            (assign(m.mem, slice("counter", "counter+4"), b"12345"), ring1.BadValue, "room for 4"),
            (assign(m.mem, "counter", b"1"), ring1.BadValue, "a byte is a number"),
            (lambda: m.mem.set_word("counter", 1 << 32), ring1.BadValue, "0x100000000 does not fit into 32 bits"),
            (lambda: m.call("loop", 1 << 32), ring1.BadValue, "0x100000000 does not fit into 32 bits"),
        ):
            with pytest.raises(error, match=re.escape(said)):
                refused()
        assert ({**m.reg, "pc": m.pc}, m.mem.words("counter", 4)) == before
        m.mem["counter"] = -1
        assert m.mem["counter"] == 255


def test_messages_name_the_address_that_was_asked_for() -> None:
    with machine() as m:
        for asked, said in (
            (lambda: m.mem.word(0xFFFFFFFF), "there are no 4 bytes of memory from 0xffffffff on"),
            (lambda: m.ram.word(16 << 20), "there are no 4 bytes of memory from 0x1000000 on"),
            (lambda: m.mem.word(16 << 20), "there is no memory at 0x1000000"),
            (lambda: m.mem.read("counter", -5), "-5 is no number of bytes"),
            (lambda: m.mem.words("counter", -1), "-1 is no number of words"),
            (lambda: m.mem.string("counter", -1), "-1 is no number of bytes"),
            (lambda: m.on_memory("counter", -1), "-1 is no number of bytes"),
            (lambda: m.mem[1:3:2], "no step"),
        ):
            with pytest.raises(ring1.MachineError, match=re.escape(said)):
                asked()


@pytest.mark.parametrize("engine", HERE)
def test_addresses_are_the_guests_where_it_has_paging(engine: str) -> None:
    """Virtual page 5 is physical page 3; there is nothing at page 6."""
    source = """
        .equ V, 1
_start: la t0, root
        la t1, low + V
        sw t1, 0(t0)
        la t0, low
        li t1, 0x0000f              # V R W X: page 0
        sw t1, 0(t0)
        li t1, 0x300f
        sw t1, 20(t0)
        la t1, root + 1
        setptb t1
        li t0, 0x5010
        li t1, 77
        sw t1, 0(t0)
here:   j here
        .org 0x1000
root:   .zero 4096
low:    .zero 4096
"""
    with machine(engine, source) as m:
        assert m.run(until="here").reason == "breakpoint"
        assert m.mem.word(0x5010) == 77 and m.ram.word(0x3010) == 77
        assert m.mem.physical(0x5010) == 0x3010
        with pytest.raises(ring1.BadAddress):
            m.mem.word(0x6000)
        seen: list[tuple[int, bytes]] = []
        with m.on_memory(0x5010, 4, write=lambda at, data: seen.append((at, data))):
            m.back(1)
            m.step()
        assert seen == [(0x3010, bytes([77, 0, 0, 0]))]


@pytest.mark.parametrize("engine", HERE)
def test_hooks_see_what_happens_and_change_nothing(engine: str) -> None:
    given = next(p for p in PROGRAMS if p.name == "traps")
    with ring1.Machine("pg32", given.source, engine=engine) as m, m.copy() as plain:
        plain.run()
        told: list[int] = []
        blocks: list[int] = []
        traps: list[tuple[int, int, int]] = []
        m.on_insn(told.append)
        m.on_block(blocks.append)
        m.on_trap(lambda cause, value, pc: traps.append((cause, value, pc)))
        m.run()
        assert m.console.output == plain.console.output == given.output
        assert m.count == plain.count
        assert m.now().body.cpu.save() == plain.now().body.cpu.save()
        fetched = [pc for cause, value, pc in traps if cause < 0x80000000 and (cause not in FETCHES or value != pc)]
        assert len(told) == m.count + len(fetched)
        assert traps and set(fetched) <= set(told)
        jumps = [pc for before, pc in zip([-1, *told], told, strict=False) if pc != before + 4]
        assert blocks == jumps


@pytest.mark.parametrize("engine", HERE)
def test_hooks_at_places_and_on_memory(engine: str) -> None:
    with machine(engine) as m:
        at: list[int] = []
        writes: list[tuple[int, bytes]] = []
        reads: list[tuple[int, bytes]] = []
        hook = m.on_insn(at.append, at=["loop", "_start"])
        m.on_memory("counter", 4, write=lambda place, data: writes.append((place, data)))
        m.run()
        assert at == [m.labels["_start"]] + [m.labels["loop"]] * 100
        assert writes == [(m.labels["counter"], n.to_bytes(4, "little")) for n in range(1, 101)]
        hook.remove()
        hook.remove()
        m.back(3 * ROUND)  # nobody is told of what is run again on the way
        assert len(at) == 101 and len(writes) == 100
        m.run()
        assert len(at) == 101 and len(writes) > 100
    with machine(engine, LOADING) as m:
        m.on_memory("counter", 1, read=lambda place, data: reads.append((place, data)))
        m.run()
        assert reads == [(m.labels["counter"], n.to_bytes(4, "little")) for n in range(1, 101)]


def test_exits_are_told() -> None:
    """As many, for the reasons that the engine counts."""
    for engine in HERE:
        with machine(engine) as m:
            reasons: list[str] = []
            m.on_exit(reasons.append)
            m.run()
            counted = {reason: count for reason, count in m.exits.items() if count}
            assert {reason: reasons.count(reason) for reason in reasons} == counted
            assert bool(reasons) == (engine != "interp")


@pytest.mark.parametrize("engine", HERE)
def test_a_store_across_pages_is_one(engine: str) -> None:
    """Under hw it goes through nested tables, page by page; what lies side by side is written at once all the same."""
    text = "_start: li a1, 0x2ffe\n li a0, 0x12345678\nhere: sw a0, 0(a1)\n j here\n"
    with ring1.Machine(text=text, engine=engine, ram=1 << 16) as m:
        seen: list[tuple[int, str]] = []
        with m.on_memory(0x2FFC, 4, write=lambda at, data: seen.append((at, data.hex()))):
            m.step(8)
        assert seen == [(0x2FFE, "78563412")] * 3


@pytest.mark.parametrize("engine", HERE)
def test_what_a_hook_raises_comes_out_of_run(engine: str) -> None:
    """And the machine is between two instructions, and goes on."""

    def fail(pc: int) -> None:
        raise ValueError("no")

    with machine(engine, LOADING) as m:
        hooks: list[Callable[[], Hook]] = [
            lambda: m.on_insn(fail),
            lambda: m.on_insn(fail, at="loop"),
            lambda: m.on_block(fail),
            lambda: m.on_memory("counter", write=lambda at, data: fail(at)),
            lambda: m.on_memory("counter", read=lambda at, data: fail(at)),
        ]
        for make in hooks:
            with make(), pytest.raises(ValueError, match=r"^no$"):
                m.run(max_insns=20)
        assert m.run() == ring1.Stop("exit", 0)
        assert m.mem.word("counter") == 100


@pytest.mark.parametrize("engine", HERE)
def test_a_hook_may_look_and_stop_and_change_nothing(engine: str) -> None:
    with machine(engine) as m:
        places: list[tuple[int, int, int]] = []
        refused: list[type] = []

        def look(pc: int) -> None:
            places.append((m.pc, m.count, m.mem.word("counter")))
            for change in (m.run, m.step, lambda: m.at(0), lambda: m.console.feed("x"), lambda: m.call("loop")):
                try:
                    change()
                except ring1.MachineError as error:
                    refused.append(type(error))
            if m.reg["a0"] == 5:
                m.interrupt()

        m.on_insn(look, at="loop")
        assert m.run().reason == "interrupt"
        assert places == [(m.labels["loop"], 2 + n * ROUND, n) for n in range(6)]
        assert refused == [ring1.Busy] * 30
        assert m.run() == ring1.Stop("exit", 0)


def test_console() -> None:
    given = next(p for p in PROGRAMS if p.name == "echo")
    with ring1.Machine("pg32", given.source) as m:
        assert m.run().reason == "input"
        m.console.feed("how ")
        m.console.feed(b"now")
        assert m.run().reason == "input"
        assert m.console.output == b"how now" and m.console.text == "how now"
        m.console.close()
        assert m.run() == ring1.Stop("exit", 0)
    told = bytearray()
    with ring1.Machine("pg32", given.source, input=b"abc", tell=told.extend) as m:
        assert m.run() == ring1.Stop("exit", 0)
        m.back(5)
        m.run()
        assert told == b"abc"


@pytest.mark.parametrize("engine", HERE)
def test_calls(engine: str) -> None:
    source = """
_start: li sp, 0x8000
        li a0, 5
here:   j here
gcd:    beqz a1, 2f
1:      remu a2, a0, a1
        mv a0, a1
        mv a1, a2
        bnez a1, 1b
2:      ret
fact:   li t0, 2
        bgeu a0, t0, 1f
        li a0, 1
        ret
1:      push ra
        push a0
        addi a0, a0, -1
        call fact
        pop t0
        pop ra
        mul a0, a0, t0
        ret
keep:   la t0, kept
        sw a0, 0(t0)
        ret
bad:    lw a0, -4(zero)
        ret
endless: j endless
six:    add a0, a0, a1
        add a0, a0, a2
        add a0, a0, a3
        add a0, a0, a4
        add a0, a0, a5
        ret
        .data
kept:   .word 0
"""
    with machine(engine, source) as m:
        m.run(until="here")
        count, registers = m.count, dict(m.reg)
        for _ in range(3):
            assert m.call("gcd", 12, 18) == 6
            assert m.call("gcd", 1071, 462) == 21
            assert m.call("fact", 10) == 3628800
            assert m.call("six", 1, 2, 3, 4, 5, -1) == 14
        assert (dict(m.reg), m.pc) == (registers, m.labels["here"])
        assert m.count > count
        m.call("keep", 1234)
        assert m.mem.word("kept") == 1234
        for wrong in ("bad", "endless"):
            before = m.count
            with pytest.raises(ring1.CallFailed, match=wrong):
                m.call(wrong, max_insns=1000)
            assert (dict(m.reg), m.pc, m.count) == (registers, m.labels["here"], before)
        with pytest.raises(ring1.CallFailed):
            m.call("gcd", *range(7))
        assert m.call("gcd", 7, 21) == 7
        end = m.count
        m.at(count)
        assert m.mem.word("kept") == 0
        m.at(end)  # calls are part of the run
        assert m.mem.word("kept") == 1234


def test_copies_and_engines(tmp_path: Path) -> None:
    with machine("bt") as m:
        m.run(until="loop")
        m.step(20)
        with m.copy(engine="interp") as other:
            assert (other.engine, other.count, dict(other.reg)) == ("interp", m.count, dict(m.reg))
            other.run()
            assert other.mem.word("counter") == 100
            assert m.mem.word("counter") == 4
            with pytest.raises(ring1.MachineError):
                other.at(3)
        m.switch("interp")
        m.back(5)
        assert (m.engine, m.mem.word("counter")) == ("interp", 3)
        m.save(tmp_path / "half.snap")
        with ring1.Machine(snapshot=tmp_path / "half.snap", engine="bt") as again:
            assert (again.count, again.mem.word(m.labels["counter"])) == (m.count, 3)
            assert again.run() == ring1.Stop("exit", 0)


def test_several_machines_in_threads() -> None:
    """Each with its own engine; one of them is stopped by another thread."""
    found: dict[int, int] = {}

    def work(n: int) -> None:
        with machine(HERE[n % len(HERE)], LOOP.replace("100", str(50 + n))) as m:
            m.run()
            m.back(3)
            m.run()
            found[n] = m.mem.word("counter")

    with machine("interp", "_start: j _start") as endless:
        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        stops: list[ring1.Stop] = []
        threads.append(threading.Thread(target=lambda: stops.append(endless.run())))
        for thread in threads:
            thread.start()
        for thread in threads[:-1]:
            thread.join(60)
        endless.interrupt()
        threads[-1].join(60)
        assert [stop.reason for stop in stops] == ["interrupt"]
        assert endless.step(5).reason == "limit"
    assert found == {n: 50 + n for n in range(6)}


def test_disk_is_a_copy(tmp_path: Path) -> None:
    given = next(p for p in PROGRAMS if p.name == "disk" and p.disk and p.exit_code == 0)
    path = tmp_path / "disk"
    assert given.disk is not None
    path.write_bytes(given.disk)
    with ring1.Machine("pg32", given.source, disk=path, input=given.stdin) as m:
        m.run()
        assert m.console.output == given.output and m.disk == given.disk_after
        m.at(0)
        assert m.disk == given.disk
    assert path.read_bytes() == given.disk


def test_what_it_shows() -> None:
    with machine("interp") as m:
        m.run(until="loop")
        assert "loop" in repr(m) and "interp" in repr(m)
        html = m._repr_html_()
        assert f"{m.pc:08x}" in html and "<th>a0</th>" in html and "addi a0, a0, 1" in html
        assert "test" not in m.where() and "<text>:4" in m.where()
    assert "closed" in repr(m) and "closed" in m._repr_html_()


def test_named_errors(tmp_path: Path) -> None:
    with pytest.raises(ring1.ProgramError, match="<text>:1:"):
        ring1.Machine("pg32", text="nonsense a0")
    with pytest.raises(ring1.ProgramError, match=r"missing\.s"):
        ring1.Machine("pg32", tmp_path / "missing.s")
    with pytest.raises(ring1.ProgramError, match="one program"):
        ring1.Machine("pg32", "a.s", text="nop")
    with pytest.raises(ring1.ProgramError, match="bytes of RAM"):
        ring1.Machine("pg32", text=".space 100000", ram=1 << 12)
    with pytest.raises(ring1.ProgramError, match="no arguments"):
        ring1.Machine("pg32", text="nop", arguments=["x"])
    with pytest.raises(ring1.DescriptionError):
        ring1.Machine("no-such-machine")
    with pytest.raises(ring1.EngineUnavailable, match="there is no engine"):
        machine("nonsense")
    with pytest.raises(ring1.SnapshotRefused):
        (tmp_path / "x.snap").write_bytes(b"nothing")
        ring1.Machine(snapshot=tmp_path / "x.snap")
    with pytest.raises(ring1.MachineError):
        ring1.Machine("pg32", ram=1000)
    with machine() as m:
        for mapping, name in ((m.reg, "b7"), (m.control, "pws")):
            with pytest.raises(ring1.UnknownName):
                assert mapping[name]
        with pytest.raises(ring1.UnknownName):
            m.mem.word("countre")
        with pytest.raises(ring1.UnknownName, match="did you mean counter"):
            m.run(until="countr")
        for address in (1 << 24, -1, 1 << 40):
            with pytest.raises(ring1.BadAddress):
                m.mem.word(address)
        with pytest.raises(ring1.BadAddress):
            m.mem[0xFFFFFE : 0xFFFFFE + 8] = bytes(8)
        assert m.mem[0xFFFFFE:0x1000000] == bytes(2)
        with pytest.raises(ring1.EngineUnavailable):
            m.switch("nonsense")
        assert m.engine == "interp"
        for kind in (ring1.BadAddress, ring1.UnknownName, ring1.CallFailed, ring1.Closed, ring1.Ended):
            assert issubclass(kind, ring1.MachineError)
    with pytest.raises(ring1.Closed):
        m.run()
    m.close()


@pytest.mark.parametrize("isa", [name for name in shipped() if name != "pg32"])
def test_other_machines(isa: str) -> None:
    with ring1.Machine(isa, engine="interp") as m:
        assert m.isa.name == isa
        assert m.count == 0 and len(m.reg) == len(m.isa.registers)


def test_names_are_loaded_when_they_are_asked_for() -> None:
    assert "Machine" in dir(ring1)
    with pytest.raises(AttributeError):
        ring1.nonsense  # noqa: B018


@pytest.mark.parametrize("engine", ["interp", "bt"])
@pytest.mark.parametrize("count", [-3, 1.5, "2"])
def test_what_is_no_count_is_refused(engine: str, count: Any) -> None:
    """And the machine stays where it is."""
    with ring1.Machine("pg32", text="_start: addi a0, a0, 1\n j _start\n", engine=engine) as m:
        m.at(20)
        for use in (m.at, m.back, m.step, lambda n: m.run(max_insns=n)):
            with pytest.raises(ring1.MachineError, match="is no count of instructions"):
                use(count)
        assert m.count == 20


def test_no_machine_becomes_one_of_para() -> None:
    """Its guests are built for it; one that was not would run on, or stop where an earlier run had not."""
    with ring1.Machine("pg32", text="_start: addi a0, a0, 1\n j _start\n", engine="bt") as m:
        m.at(5)
        with pytest.raises(ring1.EngineUnavailable, match="built for it"):
            m.switch("para")
        assert m.count == 5 and m.step(2).reason == "limit"
