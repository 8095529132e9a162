"""Subjects that take turns: their order, what they fail of, and what proves that they do the same work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from ring1.dbt.measure.sampling import LEAST, Cell, Rounds, cell, measure, same_work
from ring1.dbt.measure.statistics import interval
from ring1.dbt.measure.subject import Failed, Measured, Sample
from tests.measure.results import measured


class Fake:
    """A subject that says when it is asked."""

    def __init__(self, name: str, said: list[str], fails_at: int = 99) -> None:
        self.name, self.said, self.fails_at = name, said, fails_at
        self.samples = 0

    def warm(self, seconds: float) -> None:
        self.said.append(f"{self.name} warm")
        if not self.fails_at:
            raise Failed("it is broken")

    def sample(self) -> Sample:
        self.samples += 1
        if self.samples == self.fails_at:
            raise Failed("it broke")
        self.said.append(self.name)
        return Sample(2e-6, 4, 40)

    def events(self) -> Counter[str]:
        return Counter({"exit": 8})

    def close(self) -> None:
        self.said.append(f"{self.name} closed")


def test_subjects_take_turns() -> None:
    said: list[str] = []
    steps: list[int] = []
    fakes = {"a": lambda: Fake("a", said), "b": lambda: Fake("b", said)}
    cells = measure(fakes, Rounds(2, 0.1), lambda: steps.append(1))
    assert said == ["a warm", "b warm", "a", "b", "a", "b", "b closed", "a closed"]
    assert len(steps) == 3
    assert cells["a"] == Cell("", (500.0, 500.0), 10.0, 8.0, {"exit": 1.0})


def test_what_cannot_be_measured_says_why_and_the_others_go_on() -> None:
    said: list[str] = []

    def none() -> Measured:
        raise OSError("no memory")

    def breaks() -> Measured:
        raise RuntimeError("a bug")

    subjects: dict[str, Callable[[], Measured] | str] = {
        "absent": "cannot run here: no such processor",
        "none": none,
        "bug": breaks,
        "broken": lambda: Fake("broken", said, 0),
        "breaks": lambda: Fake("breaks", said, 2),
        "well": lambda: Fake("well", said),
    }
    cells = measure(subjects, Rounds(3, 0.1), lambda: None)
    assert {name: each.why_not for name, each in cells.items()} == {
        "absent": "cannot run here: no such processor",
        "none": "no memory",
        "bug": "broke: RuntimeError: a bug",
        "broken": "it is broken",
        "breaks": "it broke",
        "well": "",
    }
    assert len(cells["well"].ns) == 3
    assert {"broken closed", "breaks closed", "well closed"} <= set(said)


def test_a_stop_of_the_user_closes_all() -> None:
    said: list[str] = []

    def stop() -> None:
        if said.count("a") == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure({"a": lambda: Fake("a", said)}, Rounds(9, 0.1), stop)
    assert said[-1] == "a closed"


def test_operations_that_are_counted_whole_are_told_by_instructions() -> None:
    """Two samples of 150 instructions, 3 operations of 100 in both: neither has 1 or 2, but 1.5."""
    found = cell([Sample(1.5e-6, 1, 150), Sample(1.5e-6, 2, 150)], Counter())
    assert found.instructions == 100 and found.ns == pytest.approx((1000.0, 1000.0))
    assert "no operation ended" in cell([Sample(1.0, 0, 150)], Counter()).why_not


def test_looks_at_the_clock_are_no_events() -> None:
    """Unless there is one for each operation: a timer's."""
    samples = [Sample(1e-6, 10, 100)]
    assert cell(samples, Counter({"budget": 4, "in": 10})).events == {"in": 1.0}
    assert cell(samples, Counter({"preemption timer": 10})).events == {"preemption timer": 1.0}


def test_a_budget_of_time_ends_the_rounds_but_for_a_few() -> None:
    said: list[str] = []
    cells = measure({"a": lambda: Fake("a", said)}, Rounds(50, 0.1, limit=0.0), lambda: None)
    assert len(cells["a"].ns) == LEAST


class Jumpy(Fake):
    """A subject whose samples take less and less time, and then always the same."""

    def sample(self) -> Sample:
        done = super().sample()
        return Sample(done.seconds * max(9 - self.samples, 1), done.operations, done.instructions)


def test_more_rounds_are_made_while_a_figure_is_noisy() -> None:
    said: list[str] = []
    steps: list[int] = []
    subjects = {"calm": lambda: Fake("calm", said), "jumpy": lambda: Jumpy("jumpy", said)}
    cells = measure(subjects, Rounds(4, 0.1, budget=60.0), lambda: steps.append(1))
    assert len(cells["calm"].ns) == len(cells["jumpy"].ns) > 10 and len(steps) == 5
    assert not interval(cells["jumpy"].ns).noisy
    assert interval(cells["jumpy"].ns[:-1]).noisy


def test_the_time_for_more_rounds_ends() -> None:
    said: list[str] = []
    cells = measure({"a": lambda: Jumpy("a", said)}, Rounds(4, 0.1, budget=0.0), lambda: None)
    assert len(cells["a"].ns) == 4


def test_other_work_is_refused() -> None:
    cells = {"a": measured(1.0), "b": measured(1.0, instructions=6.001), "c": measured(1.0, instructions=7.0)}
    same_work(cells, ["a", "b"], 1)
    assert not any(each.why_not for each in cells.values())  # c has a guest of its own
    same_work(cells, ["a", "b", "c"], 1)
    assert not cells["a"].why_not and not cells["b"].why_not
    assert cells["c"].why_not == "does other work: 7.0 instructions an operation, not 6.0"
    same_work({"absent": Cell("why")}, ["absent"], 1)
