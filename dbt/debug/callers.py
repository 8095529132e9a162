"""Who called the function that the guest is in: found by running again, not by reading the stack."""

from __future__ import annotations

from ring1.dbt.debug.flow import Flows
from ring1.dbt.report.place import before, word_at
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.probe import Interest
from ring1.dbt.travel.search import windows
from ring1.dbt.travel.timeline import Halted, Timeline

CALL, RETURN = 1, -1


class Calls:
    """Notes calls and returns as they happen."""

    def __init__(self, timeline: Timeline, flows: Flows) -> None:
        self.timeline = timeline
        self.flows = flows
        self.events: list[tuple[int, int]] = []
        """CALL or RETURN, and the count at which the instruction retires that does it."""
        self.before = -1, 0, 0
        """Address, word and count of the last instruction."""

    def __call__(self, pc: int, word: int) -> None:
        cpu = self.timeline.body.cpu
        at, last, count = self.before
        self.before = pc, word, cpu.retired
        if at < 0 or cpu.retired != count + 1 or pc == at + cpu.lengths.size(last):
            return
        flow = self.flows.of(last)
        if flow.calls:
            self.events.append((CALL, count))
        elif flow.indirect:
            if any(self.flows.of(behind).calls for _, behind in before(cpu, pc)):
                self.events.append((RETURN, count))


def caller(timeline: Timeline, flows: Flows) -> int | None:
    """Return the count at which the call retired by which the guest came to where it is; None if it was not called. The
    machine is then anywhere before. Raises Halted for "interrupt"."""
    depth, here = 0, timeline.now.retired
    for low, high in windows(timeline.start.retired, here):
        calls = Calls(timeline, flows)
        timeline.go(Moment(low))
        interest = Interest(told=(calls,))
        # One more instruction than the window has, to see where its last one leads.
        stop = timeline.run(high, interest)
        if timeline.now.retired < high:
            raise Halted(stop, timeline.now)
        calls(timeline.body.cpu.pc, word_at(timeline.body.cpu, timeline.body.cpu.pc) or 0)
        for kind, count in reversed(calls.events):
            depth -= kind
            if depth < 0:
                return count
    return None
