"""Routines do what the interpreter does, or leave with nothing changed."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.host.interface import MISSED
from ring1.dbt.machine.state import CAUSE, END, PENDING, VALUE, State
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.machine.traps import TIME_ONES
from ring1.dbt.native import slots
from ring1.dbt.translate.routine import MEMORY
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa import semantics as s
from ring1.isa.load import load
from ring1.isa.model import Isa

MACHINES = Path(__file__).parent.parent.parent / "examples/machines"
NAMES = ["pg32", *(f"{MACHINES}/{name}.isa" for name in ("riscv", "mips", "armv6", "backwards", "x86", "vax", "s360"))]
EDGES = 0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF
SMALL = Options(code_size=1 << 20)


class Called:
    """A machine whose routines are called with any state."""

    def __init__(self, isa: Isa, engine: str = "bare", options: Options = SMALL) -> None:
        self.vm = Vm(isa, 1 << 16)
        made = ENGINES[engine].make(self.vm, b"", options)
        assert isinstance(made, Executor)
        self.engine, self.cpu = made, self.vm.cpu
        self.vm.engine = made
        made.prepare()

    def call(self, slot: int, budget: int, time: int) -> bool:
        """Call a routine with so much left of the budget at this time; False if it leaves to the VMM."""
        engine, quads = self.engine, self.cpu.state.quads
        engine.place_routine(slot)
        engine.spaces.enter()
        translator = engine.supply.translator
        host = translator.assembler(0, False, False)
        host.leave(slot)
        code = engine.supply.encoder.encode(host.items, ()).code
        at = engine.memory.allocate(len(code))
        engine.memory.write(at, code)
        quads[State.quad(slots.BUDGET)], quads[State.quad(END)] = budget, time + budget & TIME_ONES
        way = engine.enter(self.cpu.state.pointer, engine.memory.address(at))
        assert way in (MISSED, engine.memory.address(at + len(code)))
        self.cpu.time = quads[State.quad(END)] - quads[State.quad(slots.BUDGET)]
        return way == MISSED

    def take(self, cause: int, value: int, budget: int = 9, time: int = 100) -> bool:
        words = self.cpu.s
        words[State.word(CAUSE)], words[State.word(VALUE)] = cause, value
        return self.call(slots.TAKE, budget, time)

    def put(self, words: list[int]) -> None:
        """Have these architectural words, at time 100, an instruction having retired since the last trap."""
        self.cpu.s[: len(words)] = array("I", words)
        self.cpu.time = 99
        self.cpu.trapped = False
        self.cpu.time = 100
        self.cpu.changed()

    def words(self) -> list[int]:
        return self.cpu.s[: len(self.cpu.isa.slots)].tolist()


@pytest.fixture(scope="module", params=NAMES, ids=lambda name: Path(name).stem)
def isa(request: pytest.FixtureRequest) -> Isa:
    return load(request.param)


def states(isa: Isa) -> Iterator[dict[str, int]]:
    """Control registers with every bit on, off, and in turn, in each processor mode."""
    for pattern, mode in product((0, 0x55555555, 0xAAAAAAAA, 0xFFFFFFFF), range(isa.mode.count if isa.mode else 1)):
        made = {name: pattern & control.stored for name, control in isa.controls.items() if control.stored}
        if isa.mode:
            bits = isa.mode.bits
            made[isa.mode.control] = made[isa.mode.control] & ~bits.mask | mode << bits.lo
        yield made


def test_traps_are_taken_as_the_interpreter_takes_them(isa: Isa) -> None:
    called = Called(isa)
    with called.vm:
        cpu, taken = called.cpu, 0
        assert isa.trap is not None
        for controls in states(isa):
            for cause, value, pc in zip(EDGES, EDGES[::-1], (0x1000, 0, 0xFFFFFFFC, 0x7FFC, 0x80000000), strict=True):
                for name, number in controls.items():
                    cpu.s[isa.slots[name]] = number
                cpu.pc = pc
                called.put(called.words())
                before = called.words()
                if called.take(cause, value):
                    got, first = called.words(), cpu.first
                    assert cpu.trapped and cpu.time == 100 and cpu.state.quads[State.quad(slots.BUDGET)] == 9
                    assert (first.cause, first.value, first.pc) == (cause, value, pc)
                    called.put(before)
                    cpu.take(cause, value)
                    assert called.words() == got
                    taken += 1
                else:
                    assert called.words() == before and not cpu.trapped
        assert bool(taken) == (not s.has(MEMORY, *isa.trap.body))


def test_what_is_not_the_plain_case_is_left() -> None:
    """No budget, no handler, and a second trap with nothing retired since the first."""
    called = Called(load("pg32"))
    with called.vm:
        cpu, isa = called.cpu, called.cpu.isa
        cpu.s[isa.slots["tvec"]] = 0x800
        assert not called.take(3, 4, budget=0)
        assert called.take(3, 4)
        before = called.words()
        assert not called.take(3, 4) and called.words() == before
        assert called.take(3, 4, time=101)
        cpu.s[isa.slots["tvec"]] = 0
        assert not called.take(3, 4, time=102)
        with pytest.raises(Stopped):
            cpu.take(3, 4)


@pytest.mark.parametrize("how", ["option", "technique", "observed"])
def test_they_can_be_switched_off(how: str) -> None:
    options = Options(code_size=1 << 20, routines=how != "option")
    called = Called(load("pg32v"), "hybrid" if how == "technique" else "bare", options)
    with called.vm:
        if how == "observed":
            called.engine.attend(Attention(exits=lambda reason: None))
        called.cpu.s[called.cpu.isa.slots["tvec"]] = 0x800
        assert not called.take(3, 4)


def test_they_are_placed_again_after_a_flush() -> None:
    called = Called(load("pg32"))
    with called.vm:
        called.cpu.s[called.cpu.isa.slots["tvec"]] = 0x800
        assert called.take(3, 4)
        leave = called.engine.stubs.leave
        called.engine.blocks.flush()
        called.engine.forget_pages()
        assert called.cpu.state.quads[State.quad(slots.TAKE)] == leave
        assert called.take(3, 4, time=101)
        called.engine.lay_out({})
        assert called.cpu.state.quads[State.quad(slots.TAKE)] == called.engine.stubs.leave
        assert called.take(3, 4, time=102)


def test_an_entry_that_enables_interrupts_is_left_while_a_line_is_pending() -> None:
    """On System/360 the new status says whether it does."""
    called = Called(load(f"{MACHINES}/s360.isa"))
    with called.vm:
        slots_, ones = called.cpu.isa.slots, called.cpu.isa.controls["psw"].stored
        called.cpu.s[slots_["newpsw"]] = ones
        words = called.words()
        called.put(words)
        called.cpu.s[State.word(PENDING)] = 1
        assert not called.take(3, 4) and called.words() == words
        called.cpu.s[State.word(PENDING)] = 0
        assert called.take(3, 4)
        called.put(words)
        called.cpu.s[State.word(PENDING)] = 1
        called.cpu.s[slots_["newpsw"]] = ones & ~(1 << 12)
        assert called.take(3, 4, time=101)


@pytest.mark.parametrize(
    ("delegated", "enabled", "pending", "taken"),
    [
        (0, 0x22, 0x20, True),  # M's handler lets in nothing
        (0x2000, 0x22, 0x02, True),  # S's lets in M's lines, and this one is S's
        (0x2000, 0x22, 0x20, False),
    ],
)
def test_an_entry_lets_in_the_lines_of_a_higher_mode(delegated: int, enabled: int, pending: int, taken: bool) -> None:
    called = Called(load("rv32"))
    with called.vm:
        isa, words = called.cpu.isa, called.cpu.s
        before = {"priv": 1, "mtvec": 0x80000100, "medeleg": delegated, "mideleg": 2, "mie": enabled, "soft": pending}
        for name, value in before.items():
            words[isa.slots[name]] = value
        called.put(called.words())
        words[State.word(PENDING)] = pending
        found = called.words()
        assert called.take(13, 4) == taken
        assert taken or called.words() == found
        assert not taken or words[isa.slots["priv"]] == (1 if delegated else 3)


def test_they_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A later run makes none, with other registers it does."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))
    made = []
    for pinned in ({}, {}, {2: "rbx"}):
        with Vm(load("pg32"), 1 << 16) as vm:
            engine = vm.engine = ENGINES["bt"].make(vm, b"", Options(code_size=1 << 20, remember=True))
            assert isinstance(engine, Executor)
            engine.lay_out(pinned)
            routines = [engine.supply.routine(slot) for slot in sorted(slots.INSIDE)]
            made.append(("translator" in engine.supply.__dict__, routines))
    assert [new for new, _ in made] == [True, False, True]
    assert None not in made[0][1] and made[0][1] == made[1][1]
