"""Where commands lead, forward and back, against a recording of the run."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.debug.sessions import HERE, RECURSIVE, Bench, Step, debugging, recorded

STEPS = recorded(RECURSIVE)
END = len(STEPS) - 1


def index_of(bench: Bench) -> int:
    """The recorded step that a machine is at; all of its words are as they were."""
    moment = bench.now
    index = next(n for n, step in enumerate(STEPS) if step.moment == moment)
    words = tuple(bench.machine.now().body.cpu.s[: len(STEPS[0].words)])
    assert (bench.pc, words) == (STEPS[index].pc, STEPS[index].words)
    assert bench.machine.ram.read(0x1000, 64) == STEPS[index].memory
    return index


def depths() -> list[int]:
    """How many calls of each step have not returned; a trap is a call, `rfe` returns from it."""
    depth, found = 0, []
    for before, step in zip((None, *STEPS), STEPS, strict=False):
        if before is not None:
            if before.calls or step.moment.entries:
                depth += 1
            elif before.returns or before.text == "rfe":
                depth -= 1
        found.append(depth)
    return found


DEPTHS = depths()


def after_next(index: int) -> int:
    """Where `nexti` leads: the next step that is not deeper."""
    return next((n for n in range(index + 1, END + 1) if DEPTHS[n] <= DEPTHS[index]), END)


def before_next(index: int) -> int:
    return next((n for n in range(index - 1, -1, -1) if DEPTHS[n] <= DEPTHS[index]), 0)


def after_finish(index: int) -> int:
    return next((n for n in range(index + 1, END + 1) if DEPTHS[n] < DEPTHS[index]), END)


def before_finish(index: int) -> int:
    return next((n for n in range(index - 1, -1, -1) if DEPTHS[n] < DEPTHS[index]), 0)


def test_the_recording_is_of_all_there_is() -> None:
    """Five calls deep, a trap, and depth 0 at the end."""
    assert max(DEPTHS) == 5 and DEPTHS[-1] == 0 and min(DEPTHS) == 0
    assert any(step.moment.entries for step in STEPS)
    assert [step for step in STEPS if step.text == "rfe"]


@pytest.mark.parametrize("engine", HERE)
def test_steps_over_calls_and_traps(engine: str) -> None:
    with debugging(engine=engine) as bench:
        index = 0
        while index < END - 1:
            bench.do("nexti")
            index = after_next(index)
            assert index_of(bench) == index
        while index > 0:
            bench.do("reverse-nexti")
            index = before_next(index)
            assert index_of(bench) == index


@pytest.mark.parametrize("engine", HERE)
def test_finish_and_back(engine: str) -> None:
    with debugging(engine=engine) as bench:
        for index in range(3, END - 3, 7):
            if not DEPTHS[index] or STEPS[index].moment.entries or STEPS[index - 1].text == "rfe":
                continue
            if any(step.text == "rfe" for step in STEPS[index : after_finish(index)]):
                continue
            bench.do(f"go to {STEPS[index].moment.retired}")
            index = index_of(bench)
            bench.do("finish")
            assert index_of(bench) == after_finish(index)
            bench.do(f"go to {STEPS[index].moment.retired}", "reverse-finish")
            assert index_of(bench) == before_finish(index)


def matching(index: int, places: set[int], step: int) -> int | None:
    n = index + step
    while 0 <= n <= END:
        if STEPS[n].pc in places and n != END:
            return n
        n += step
    return None


def changes(index: int, at: int, step: int) -> int | None:
    """The next step, forward, behind a change of the word, or back, before one."""
    word = slice(at - 0x1000, at - 0x1000 + 4)
    n = index + step
    while 0 <= n <= END:
        one, other = (n - 1, n) if step > 0 else (n, n + 1)
        if STEPS[one].memory[word] != STEPS[other].memory[word]:
            return n
        n += step
    return None


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize("move", ["stepi 30", "continue"])
def test_a_watchpoint_set_before_going_elsewhere(engine: str, move: str) -> None:
    """Under hw all frames are guarded for views when these have been emptied, as they are when the machine is put into
    another state; what is watched is to be seen nevertheless."""
    start = STEPS[150]
    with debugging(engine=engine) as bench:
        bench.do("watch count", f"go to {start.moment.retired}")
        assert "watchpoint 1: count was 0x0, is 0xa" in bench.do(move)
        assert index_of(bench) == changes(150, bench.machine.labels["count"], 1)


LABELS = ("fib", "small", "leaf", "handler", "leaf2", "_start")


@pytest.mark.soak
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_random_sessions(data: st.DataObject) -> None:
    """Commands in any order, under any engine: each leads where the recording says, and the machine is as it was."""
    with debugging(engine=data.draw(st.sampled_from(HERE))) as bench:
        labels = bench.machine.labels
        places: set[int] = set()
        watched = data.draw(st.booleans())
        if watched:
            bench.do("watch count")
        index = 0
        for _ in range(data.draw(st.integers(1, 12))):
            command = data.draw(st.sampled_from(("c", "rc", "si", "rsi", "go", "break", "ni", "rni", "switch")))
            if command == "break":
                label = data.draw(st.sampled_from(LABELS))
                if labels[label] not in places:
                    places.add(labels[label])
                    bench.do(f"break {label}")
                continue
            if command == "switch":
                bench.do(f"switch to {data.draw(st.sampled_from(HERE))}")
            elif command == "go":
                index = data.draw(st.integers(0, END - 1))
                bench.do(f"go to {STEPS[index].moment.retired}")
                index = next(n for n, step in enumerate(STEPS) if step.moment.retired == STEPS[index].moment.retired)
            elif command == "si":
                count = data.draw(st.integers(1, 30))
                expected = min(index + count, END)
                if watched and (met := changes(index, labels["count"], 1)) is not None:
                    expected = min(expected, met)
                bench.do(f"stepi {count}")
                index = expected
            elif command == "rsi":
                count = data.draw(st.integers(1, 5))
                bench.do(f"reverse-stepi {count}")
                index = max(index - count, 0)
            elif command in ("c", "rc"):
                way = 1 if command == "c" else -1
                found = [matching(index, places, way)]
                if watched:
                    found.append(changes(index, labels["count"], way))
                met_ = [n for n in found if n is not None]
                bench.do("continue" if way > 0 else "reverse-continue")
                index = (min(met_) if way > 0 else max(met_)) if met_ else END if way > 0 else 0
            elif command == "ni" and not places and not watched:
                bench.do("nexti")
                index = after_next(index) if index < END else END
            elif command == "rni" and not places and not watched:
                bench.do("reverse-nexti")
                index = before_next(index)
            assert index_of(bench) == index, command


def test_statements() -> None:
    """`la` is two instructions and one statement; `step` goes into calls, `next` does not."""
    with debugging() as bench:
        bench.do("step")
        bench.do("step")
        assert bench.now.retired == 3
        bench.do("reverse-step")
        assert bench.now.retired == 1
        bench.do("next 3")
        call = bench.now.retired
        assert STEPS[call].calls
        bench.do("step")
        assert bench.at("fib")
        bench.do("reverse-step")
        assert bench.now.retired == call
        bench.do("next")
        assert bench.pc == STEPS[call].pc + 4 and bench.machine.reg["a0"] == 5
        bench.do("reverse-next")
        assert bench.now.retired == call


LOOPS = """
_start: li a0, 0
        li a1, 100
loop:   addi a0, a0, 1
        bne a0, a1, loop
after:  li a2, 7
        li t0, 0xf0
        out t0, zero
"""


@pytest.mark.parametrize("engine", HERE)
def test_until_and_advance(engine: str) -> None:
    with debugging(LOOPS, engine) as bench:
        bench.do("step 3")
        assert bench.pc == bench.machine.labels["loop"] + 4
        bench.do("until")
        assert bench.at("after") and bench.machine.reg["a0"] == 100
        bench.do("advance after+4")
        assert bench.machine.reg["a2"] == 7
        bench.do("reverse-until loop")
        assert bench.at("loop") and bench.machine.reg["a0"] == 99
        bench.do("until after")
        assert bench.at("after")


def test_the_ends_of_a_run() -> None:
    """A guest that has ended stays where it is; what goes on with it is said, and nothing hangs."""
    with debugging(LOOPS) as bench:
        assert "exit code 0" in bench.do("continue")
        end = bench.now
        for command in ("continue", "stepi", "next", "step", "finish", "until"):
            assert "exit code 0" in bench.do(command)
            assert bench.now == end
        assert "exit code 0" in bench.do("go to 1M")
        assert bench.now == end
        assert "beginning" in bench.do("reverse-continue")
        for command in ("reverse-stepi", "reverse-step", "reverse-next", "reverse-continue", "reverse-finish"):
            assert "beginning" in bench.do(command)
            assert bench.now == (0, 0)


def test_steps_are_recorded_steps() -> None:
    assert isinstance(STEPS[0], Step) and STEPS[0].moment == (0, 0)


ENDLESS = """
_start: li a0, 0
        la a1, memory
loop:   addi a0, a0, 1
        lw a2, 0(a1)
        j loop
        .data
memory: .word 0
"""


@pytest.mark.soak
@pytest.mark.parametrize("engine", ["interp", HERE[-1]])
def test_a_search_that_is_stopped_leaves_the_machine_where_it_was(engine: str) -> None:
    """Nothing is found in millions of instructions that are interpreted; the user has enough of it."""
    with debugging(ENDLESS, engine) as bench:
        bench.do("go to 3M", "rwatch *0x2000")
        here, registers = bench.now, dict(bench.machine.reg)
        timer = threading.Timer(0.5, bench.machine.interrupt)
        timer.start()
        assert "stopped: the machine is where it was" in bench.fails("reverse-continue")
        timer.join()
        assert (bench.now, dict(bench.machine.reg)) == (here, registers)
        timer = threading.Timer(0.5, bench.machine.interrupt)
        timer.start()
        assert "Ctrl-C stopped the guest" in bench("continue")
        timer.join()
        assert bench.now > here
        bench.do("delete", "go to 10", "stepi", "reverse-stepi")
        assert bench.now == (10, 0)


HOT = """
_start: li a0, 0
        li a1, 2000000
loop:   addi a0, a0, 1
        andi a2, a0, 3
        beqz a2, fourth
        addi a3, a3, 2
        j both
fourth: addi a3, a3, 7
both:   bne a0, a1, loop
        li t0, 0xf0
        out t0, zero
"""


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(name, marks=pytest.mark.long if name == "kvm" else pytest.mark.soak if name in HERE[3:] else ())
        for name in HERE[1:]
    ],
)
def test_breakpoints_in_hot_code(engine: str) -> None:
    """Code that has become traces stops where it is asked to, and is as fast again: every count by arithmetic."""
    rounds = (6, 6, 6, 5)  # instructions of four rounds, the fourth of which has no jump; three come before
    with debugging(HOT, engine) as bench:
        bench.do("go to 3M", "break fourth")
        for _ in range(5):
            bench.do("continue")
            number = bench.machine.reg["a0"]
            assert number % 4 == 0 and bench.at("fourth")
            assert bench.now.retired == 3 + number // 4 * sum(rounds) - 2
        bench.do("reverse-continue")
        assert bench.machine.reg["a0"] == number - 4
        bench.do("delete", "break both if a0 == 20000", "go to 0", "continue")
        assert bench.machine.reg["a0"] == 20_000
        assert bench.now.retired == 3 + 20_000 // 4 * sum(rounds) - 1
        bench.do("delete")
        assert "exit code 0" in bench.do("continue")
        assert bench.now.retired == 3 + 500_000 * sum(rounds) + 2
