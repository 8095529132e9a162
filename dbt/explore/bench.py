"""A page's machine: loaded, moved and looked at by one thread, whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ring1.dbt.api.errors import Closed, MachineError
from ring1.dbt.api.machine import Machine
from ring1.dbt.debug import table
from ring1.dbt.debug.command import BadCommand
from ring1.dbt.debug.debugger import Debugger, split
from ring1.dbt.debug.session import Session
from ring1.dbt.engines.registry import Registry
from ring1.dbt.explore import faults, panels
from ring1.dbt.explore.opened import Opened
from ring1.dbt.explore.subject import Subject
from ring1.dbt.explore.worker import PATIENCE, Worker
from ring1.dbt.travel.moment import Moment
from ring1.isa import boards
from ring1.isa.model import Isa
from ring1.isa.record import replace
from ring1.isa.source import SourceError

FORWARD = frozenset(("continue", "stepi", "nexti", "step", "next", "until", "advance", "finish", "run", "go"))
"""Commands that answer questions on the way: they go on where they were interrupted."""
MOST_SAID = 500
"""Texts of the debugger that are kept."""
MOST_TEXT = 20_000
"""Characters of one of them."""
GLANCE = 0.6
"""Seconds that a look at a machine that is busy may take; then what was seen last is shown."""
MOST_PLACES = 1 << 14
"""Most places from which exits are counted one by one."""
ELSEWHERE = -1
"""The place of all others."""
QUIT = "quit"
PLACE = "=> "
"""How a debugger's line begins that says where the machine is."""


class NoMachine(MachineError):
    """There is no machine: its program or its description has faults."""


class Bench:
    """A machine on a page. Methods whose names begin with `do_` belong to the worker's thread."""

    def __init__(self, subject: Subject, registry: Registry, engine: str | None = None) -> None:
        """Raises EngineUnavailable, SourceError, MachineError if there can be no machine, but for faults of the
        program: the page shows these."""
        self.registry = registry
        self.subject = subject
        self.opened = Opened({}, opening=True)
        self.session: Session | None = None
        self.isa: Isa = subject.description.read()
        self.build = 0
        """Number of the program and description that the machine is made of."""
        self.faults: list[dict[str, Any]] = []
        """What is wrong with the program that was to be loaded last."""
        self.said: list[tuple[int, str]] = []
        self.spoken = 0
        self.latest = self.entries = 0
        """Up to where the run is known, and of how many changes from outside that is the run."""
        self.places: Counter[tuple[str, int]] = Counter()
        """Exits to the VMM by reason and place."""
        self.fed: list[tuple[int, bytes | None]] = []
        """Console input, and after how many instructions it came; None is its end."""
        self.stop = ""
        """Why the machine has stopped where it is."""
        self.last: dict[str, Any] = {}
        """What was seen last."""
        self.worker = Worker(self.interrupt, self.calm)
        try:
            self.worker.ask(lambda: self.do_load(subject, engine), 600)
        except BaseException:
            self.worker.close()
            raise
        self.opened.opening = False

    @property
    def engine(self) -> str | None:
        return self.session.machine.engine if self.session else None

    def interrupt(self) -> None:
        """See `Worker`."""
        session = self.session
        if session is not None:
            with suppress(Closed):
                session.machine.interrupt()

    def calm(self) -> None:
        """See `Worker`."""
        session = self.session
        if session is not None and session.machine.timeline is not None:
            session.timeline.body.asked = False

    def close(self) -> None:
        """End what runs, and release the host's resources."""
        self.worker.close()
        if self.session is not None:
            self.session.machine.close()

    # --- Made ------------------------------------------------------------------------------

    def do_load(self, subject: Subject, engine: str | None) -> None:
        """Make a machine of a subject, in the place of the one there is. Faults of its program are noted, and leave
        that one as it is. Raises SourceError for faults of the description, MachineError."""
        self.faults = []
        isa = self.isa if subject.description == self.subject.description else subject.description.read()
        if not self.opened.opening and isa.board not in ("", self.isa.board, *boards.shipped()):
            raise MachineError(f"ring1 comes with no board {isa.board}, and its file was not opened with the machine")
        opened = self.opened if self.opened.opening else self.opened.having(dict(subject.files))
        try:
            program = subject.program(isa, opened)
        except SourceError as error:
            self.faults = faults.as_objects(error)
            if self.session is None:
                self.subject, self.isa, self.opened = subject, isa, opened
            return
        machine = subject.machine(isa, program, engine or self.engine, self.registry)
        if subject.files:
            subject = replace(subject, files=self.with_included(subject, machine))
        self.put(machine)
        self.subject, self.isa, self.opened = subject, isa, opened
        self.build += 1
        self.last = self.do_view()

    @staticmethod
    def with_included(subject: Subject, machine: Machine) -> tuple[tuple[str, str], ...]:
        """Return the files of a program, with those that they include behind them."""
        own = subject.files[: subject.main]
        names = {name for name, _ in own}
        rest = {name: text for name, text in machine.program.sources if text and name not in names}
        return (*own, *rest.items())

    def put(self, machine: Machine) -> None:
        old, points = self.session, []
        if old is not None:
            points = [(point.text, point.enabled) for point in old.points.all.values() if not point.kind]
            old.machine.close()
        self.session = session = Session(machine, self.say, lambda: b"")
        session.files = False
        session.attend = self.worker.attend
        self.debugger = Debugger(session)
        self.places.clear()
        self.fed.clear()
        self.latest = self.entries = 0
        self.stop = ""
        self.watch_exits(True)
        for text, enabled in points:  # those whose places are still there
            self.debugger.execute(f"break {text}")
            if not self.debugger.failed and not enabled:
                session.points[session.points.made].enabled = False

    def known(self) -> Session:
        """Return the session. Raises NoMachine."""
        if self.session is None:
            raise NoMachine("there is no machine yet: the program has errors")
        return self.session

    # --- Moved -------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        self.spoken += 1
        self.said.append((self.spoken, text[:MOST_TEXT]))
        del self.said[:-MOST_SAID]

    def command(self, line: str) -> None:
        """Begin a command of the debugger's. Raises UnderWay, MachineError."""
        session = self.known()
        meant = line.strip() or self.debugger.last  # an empty line does the last command again
        word = split(meant)[0] if meant else ""
        name = word
        if word not in ("", "help", "h", "source"):
            name = table.found(word).names[0]
        if name == QUIT:
            raise BadCommand("close the page, or press Ctrl-C where ring1 was started")

        def task() -> None:
            self.say(f"(ring1) {line.strip()}")
            before, spoken = session.timeline.now, self.spoken
            self.debugger.execute(line)
            self.trim(session)
            if session.timeline.now != before or name in FORWARD:
                told = [said for number, text in self.said if number > spoken for said in text.split("\n")]
                self.stop = "; ".join(said for said in told if not said.startswith(PLACE))
            self.last = self.do_view()

        self.worker.begin(line.strip() or "again", task, name in FORWARD)

    def trim(self, session: Session) -> None:
        """Forget what has been fed in a future that is no more."""
        # The journal has an entry for each that was fed, and for other changes.
        if len(session.timeline.journal) < len(self.fed):
            self.fed = [each for each in self.fed if each[0] <= session.timeline.now.retired]

    def do_feed(self, data: bytes | None) -> None:
        """Type on the guest's console; None ends the input. Raises MachineError."""
        session = self.known()
        now = session.timeline.now.retired
        if session.timeline.body.source.closed:
            raise MachineError("the console's input has ended")
        if data is None:
            session.machine.console.close()
        else:
            session.machine.console.feed(data)
        self.fed = [*(each for each in self.fed if each[0] <= now), (now, data)]

    def do_switch(self, engine: str) -> None:
        """Go on under another engine. Raises EngineUnavailable."""
        session = self.known()
        session.machine.switch(engine)
        self.places.clear()
        self.say(f"the engine is {engine}, after {session.timeline.now}")

    def replay(self, fed: list[tuple[int, bytes | None]], count: int) -> Callable[[], None]:
        """Return a task that brings a new machine to a moment, with this input on the way."""

        def task() -> None:
            session = self.known()
            for at, data in fed:
                self.debugger.execute(f"go to {at}")
                if session.timeline.now.retired != at:
                    break
                self.do_feed(data)
            else:
                self.debugger.execute(f"go to {count}")
            self.last = self.do_view()

        return task

    # --- Watched -----------------------------------------------------------------------------

    def watch_exits(self, on: bool) -> None:
        """Count exits by the places that they come from, or do so no more."""
        session = self.known()
        session.points.exits = self.exited if on else None

    def exited(self, reason: str) -> None:
        assert self.session is not None
        key = reason, self.session.machine.pc
        if key not in self.places and len(self.places) >= MOST_PLACES:
            key = reason, ELSEWHERE
        self.places[key] += 1

    # --- Looked at ---------------------------------------------------------------------------

    def do_view(self) -> dict[str, Any]:
        """Return what the page always shows of the machine."""
        session = self.known()
        timeline = session.timeline
        if len(timeline.journal) != self.entries:
            self.entries, self.latest = len(timeline.journal), timeline.now.retired
        self.latest = max(self.latest, timeline.now.retired)
        extent = {"start": timeline.start.retired, "latest": self.latest}
        return {**panels.overview(session), **extent, "stop": self.stop, "exits_watched": bool(session.points.exits)}

    def state(self, since: int) -> dict[str, Any]:
        """Return the state of everything, with what has been said since a number; of a machine that is busy, what was
        seen last, and how far it is."""
        view, task = self.last, self.worker.task  # before the look: who sees that nothing is under way sees its end
        if self.session is not None:
            with suppress(MachineError):
                view = self.last = self.worker.ask(self.do_view, GLANCE)
        session, progress = self.session, 0
        if session is not None and session.machine.timeline is not None:
            progress = session.timeline.body.cpu.retired
        return {
            "build": self.build,
            "task": task,
            "progress": progress,
            "machine": view or None,
            "faults": self.faults,
            "said": [list(each) for each in self.said if each[0] > since],
        }

    def look(self, what: Callable[[Session], Any]) -> Any:
        """Return what the machine is asked for. Raises MachineError."""
        return self.worker.ask(lambda: what(self.known()), PATIENCE)

    def at(self) -> Moment:
        return self.known().timeline.now
