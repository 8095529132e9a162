"""A debugging session: a machine, its points, and what the user is told."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.api.errors import MachineError
from ring1.dbt.api.machine import Machine
from ring1.dbt.debug.flow import Flows
from ring1.dbt.debug.points import Points
from ring1.dbt.machine.stop import Stop
from ring1.dbt.report.place import describe, describe_stop, word_at
from ring1.dbt.travel.timeline import Timeline

Say = Callable[[str], None]
Ask = Callable[[], bytes | None]
"""Returns console input that the guest waits for: None at its end, b"" if there is none yet. Raises
KeyboardInterrupt."""


def nothing() -> bytes | None:
    return None


def never() -> bool:
    return False


class Session:
    """What the commands work on."""

    def __init__(self, machine: Machine, say: Say, ask: Ask = nothing) -> None:
        """`say` shows a text to the user, which ends its line. `ask` has what the guest reads from its console."""
        self.machine = machine
        self.say = say
        self.ask = ask
        self.attend: Callable[[], bool] = never
        """Called when a run forward was interrupted, between two instructions: does it go on?"""
        self.points = Points(machine)
        self.flows = Flows(machine.isa)
        self.displays: dict[int, str] = {}
        """Expressions shown at each stop, by number."""
        self.shown = 0
        """How many there have been."""
        self.history: list[int] = []
        """Values printed: $1, $2 ..."""
        self.listed: tuple[str, int] | None = None
        """File and line that `list` goes on from."""
        self.examined: tuple[int, str, int] | None = None
        """Address, format and count with which `x` goes on."""
        self.over = False
        """Has the user asked to leave?"""
        self.files = True
        """May commands name files of the host's?"""

    # --- Looking -----------------------------------------------------------------------

    @property
    def timeline(self) -> Timeline:
        return self.machine.now()

    def word(self) -> int | None:
        """Return the instruction word at pc; None if it cannot be fetched."""
        return word_at(self.timeline.body.cpu, self.machine.pc)

    def fetch(self, at: int) -> int | None:
        """Return the instruction word at an address; None if it cannot be read."""
        try:
            return self.machine.mem.instruction(at)
        except MachineError:
            return None

    def place(self) -> str:
        """Describe the present place."""
        return describe(self.timeline.body.cpu, self.machine.program, self.machine.pc)

    def show_place(self, why: str = "") -> None:
        """Say where the machine is, why it has stopped there, and what is displayed."""
        self.say(f"{why + ', ' if why else ''}after {self.timeline.now}\n=> {self.place()}")
        self.listed = None
        for number, text in self.displays.items():
            self.say(f"{number}: {text} = {self.valued(text)}")

    def valued(self, text: str) -> str:
        """Return the value of an expression as text, or why it has none."""
        from ring1.dbt.debug.expression import parsed

        try:
            return f"{parsed(text, self.machine)(self.machine):#x}"
        except MachineError as error:
            return f"({error})"

    def tell_stop(self, stop: Stop) -> None:
        """Say why the guest has stopped by itself, or was stopped."""
        if stop.reason == "exit":
            self.say(f"the guest has switched the machine off, with exit code {stop.code}")
        self.show_place("" if stop.reason == "exit" else self.reason(stop))

    def reason(self, stop: Stop) -> str:
        """Return why a run has stopped that no point has stopped."""
        if stop.trap is not None or stop.reason in ("halt", "input", "output", "interrupt"):
            said = describe_stop(self.timeline.body.cpu, self.machine.program, stop)
            return said.partition(" after ")[0] if stop.trap is None else said
        return stop.reason
