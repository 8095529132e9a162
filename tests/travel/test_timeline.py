"""Going to moments: whatever the way there, the state is the one that a run of the interpreter had there."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel import journal
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.probe import ENTRY
from ring1.dbt.travel.timeline import Halted
from ring1.isa.load import load
from tests.travel import machines
from tests.travel.machines import GUESTS, HERE, State, example, state, text, timeline

MOST = 1500
"""Instructions of each guest that are recorded."""


@cache
def recorded(name: str) -> dict[Moment, State]:
    return machines.recorded(name, MOST)


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize("name", GUESTS)
def test_any_moment_is_as_it_was(name: str, engine: str) -> None:
    """Forward, back, and by single steps each way."""
    states, moments = recorded(name), list(recorded(name))
    chosen = random.Random(1).sample(range(1, len(moments) - 1), min(12, len(moments) - 2))
    with example(engine, name) as line:
        for index in chosen:
            line.go(moments[index])
            assert state(line) == states[moments[index]]
            assert line.previous() == moments[index - 1]
            assert state(line) == states[moments[index - 1]]
            line.step()
            line.step()
            assert state(line) == states[moments[index + 1]]


def test_traps_have_moments_of_their_own() -> None:
    """A syscall is a moment, its handler's first instruction the next with as many retired."""
    made = text("""
_start: la t0, handler
        wrcr tvec, t0
        syscall 7
handler: li a0, 1
        li t1, 0xf0
        out t1, a0
""")
    for engine in HERE:
        with timeline(engine, made) as line:
            line.go(Moment(3, 1))
            assert (line.now, line.body.cpu.pc) == ((3, 1), made.symbols["handler"])
            assert line.previous() == (3, 0)
            assert line.body.cpu.pc == made.symbols["handler"] - 4
            line.go(Moment(3, 9))
            assert line.now >= (3, 1)


@pytest.mark.parametrize("engine", HERE)
def test_the_end_is_an_end(engine: str) -> None:
    """A run that has ended ends in the same way again, and can be gone back from."""
    with example(engine, "traps") as line:
        stop = line.run()
        assert stop.reason == "exit"
        end, last = line.now, state(line)
        assert line.run() == stop and line.now == end
        with pytest.raises(Halted) as error:
            line.go(Moment(end.retired + 1))
        assert error.value.stop == stop and line.now == end
        line.go(Moment(5))
        assert line.run() == stop
        assert state(line) == last
        with pytest.raises(Halted):
            line.go(Moment(10**9))
        line.go(Moment(0))
        assert line.previous() is None


CAT = """
_start: li a1, 0
        li a2, -1
loop:   in a0, a1
        beq a0, a2, done
        out a1, a0
        j loop
done:   li a1, 0xf0
        out a1, zero
"""


@pytest.mark.parametrize("engine", HERE)
def test_input_is_replayed_and_output_is_not_repeated(engine: str) -> None:
    told = bytearray()
    with timeline(engine, text(CAT), None) as line:
        line.body.transcript.tell = told.extend
        assert line.run().reason == "input"
        waiting = line.now
        line.change(journal.fed(b"abc"))
        assert line.run().reason == "input"
        line.change(journal.fed(b"de"))
        line.change(journal.closed)
        assert line.run() == Stop("exit", 0)
        end = line.now
        assert line.body.transcript.text == b"abcde"
        line.go(waiting)
        assert line.body.transcript.text == b""
        assert line.run() == Stop("exit", 0)
        assert (line.now, line.body.transcript.text, bytes(told)) == (end, b"abcde", b"abcde")
        line.go(Moment(waiting.retired + 5))
        assert line.body.transcript.text == b"a"
        line.change(journal.fed(b"X"))  # from here on it is another run
        line.change(journal.closed)
        assert line.run() == Stop("exit", 0)
        assert (line.body.transcript.text, bytes(told)) == (b"abcX", b"abcdebcX")


@pytest.mark.parametrize("engine", HERE)
def test_what_is_changed_in_the_past_has_another_future(engine: str) -> None:
    made = text("""
_start: li a0, 0
        li a1, 1000
loop:   addi a0, a0, 1
        bne a0, a1, loop
        li t0, 0xf0
        out t0, a0
""")
    number = load("pg32").register_numbers
    with timeline(engine, made) as line:
        assert line.run() == Stop("exit", 1000 & 0xFF)
        line.go(Moment(102))
        assert line.body.cpu.s[number["a0"]] == 50
        line.change(journal.register_set(number["a1"], 60))
        assert line.run() == Stop("exit", 60)
        line.go(Moment(10))
        assert line.body.cpu.s[number["a1"]] == 1000
        assert line.run() == Stop("exit", 60)


def test_memory_for_checkpoints_is_bounded() -> None:
    """A guest that dirties all of its memory again and again."""
    made = text("""
_start: li a1, 0x10000
        li a2, 0x100000
again:  mv a3, a1
fill:   rdtime a4
        sw a4, 0(a3)
        addi a3, a3, 256
        bltu a3, a2, fill
        j again
""")
    with timeline("interp", made, budget=4 << 20) as line:
        line.run(300_000)
        assert len(line.kept) > 3
        assert line.kept.size <= 4 << 20
        sizes = {id(page): len(page) for at in line.kept for page in at.pages.values()}
        assert line.kept.size == sum(sizes.values()) + len(line.kept) * (1 << 14)
        assert line.kept.all[0].moment == (0, 0)
        for count in (7, 150_000, 299_999):
            line.go(Moment(count))
            assert line.body.cpu.retired == count


@pytest.mark.parametrize("engine", HERE)
def test_going_on_under_another_engine(engine: str) -> None:
    states, moments = recorded("timer"), list(recorded("timer"))
    half, end = moments[len(moments) // 2], moments[-1]
    with example("interp", "timer") as line:
        line.go(half)
        line.swap(ENGINES[engine])
        assert state(line) == states[half]
        line.go(end)
        assert state(line) == states[end]
        line.go(moments[3])
        assert state(line) == states[moments[3]]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_random_walks(data: st.DataObject) -> None:
    """Steps, jumps, and changes of engine in any order."""
    name = data.draw(st.sampled_from(GUESTS))
    states, moments = recorded(name), list(recorded(name))
    with example(data.draw(st.sampled_from(HERE)), name) as line:
        for _ in range(data.draw(st.integers(1, 12))):
            match data.draw(st.sampled_from(("step", "back", "go", "run", "swap"))):
                case "step":
                    line.step()
                case "back":
                    line.previous()
                case "go":
                    line.go(data.draw(st.sampled_from(moments)))
                case "run":
                    line.run(min(line.now.retired + data.draw(st.integers(1, 500)), moments[-1].retired))
                case "swap":
                    line.swap(ENGINES[data.draw(st.sampled_from(HERE))])
            if line.now in states:
                assert state(line) == states[line.now]
            else:
                assert line.now > moments[-1]
                line.go(moments[-1])


def test_steps_and_entries_are_told_apart() -> None:
    with example("interp", "traps") as line:
        reasons = set()
        while (stop := line.step()).reason in ("limit", ENTRY):
            reasons.add(stop.reason)
        assert reasons == {"limit", ENTRY}
        assert line.step() == stop


def test_an_interpreter_goes_far_by_another_engine() -> None:
    """And is where it would be by itself."""
    made = text("""
_start: li a0, 0
        la a2, memory
loop:   addi a0, a0, 1
        sw a0, 0(a2)
        rdtime a3
        j loop
        .data
memory: .word 0
""")
    with timeline("interp", made) as line:
        for count in (10, 3_000_007, 2_000_002, 1_999_000):
            line.go(Moment(count))
            rounds = (count - 3) // 4
            assert line.body.technique.name == "interp" and line.body.cpu.retired == count
            assert line.body.cpu.s[load("pg32").register_numbers["a0"]] in (rounds, rounds + 1)
            assert line.previous() == (count - 1, 0)
        assert (line.swift is None) == bool(ENGINES.default.why_not())
