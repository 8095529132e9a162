"""The full-screen view of a debugging session, with Textual. The machine runs in a thread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.suggester import Suggester
from textual.widgets import Footer, Input, RichLog, Static, TabbedContent, TabPane

from ring1.dbt.api.machine import Machine
from ring1.dbt.debug.debugger import Debugger
from ring1.dbt.debug.session import Session
from ring1.dbt.screen import panels
from ring1.dbt.screen.seen import Seen

MOVES = (
    ("f5", "continue", "reverse-continue"),
    ("f6", "step", "reverse-step"),
    ("f7", "next", "reverse-next"),
    ("f8", "stepi", "reverse-stepi"),
    ("f9", "finish", "reverse-finish"),
)
"""Keys, the command of each, and with shift the one that takes back: most terminals make F17 to F21 of these."""
SHIFT = 12
HELP = "help lists the commands; Escape stops a guest that runs"
PAGE = 128
"""Bytes by which memory is turned over."""


class Completion(Suggester):
    """What a line may go on with: commands, labels, registers."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.debugger = debugger

    async def get_suggestion(self, value: str) -> str | None:
        """See `Suggester.get_suggestion`."""
        begin = value.split(" ")[-1]
        found = self.debugger.completions(value, begin) if begin else []
        return value.removesuffix(begin) + found[0] if found else None


class Bar(Static):
    """The run as a line: a click goes to a moment, and so do the arrow keys."""

    can_focus = True

    def on_click(self, event: events.Click) -> None:
        app = self.app
        assert isinstance(app, Screen)
        app.go_to(event.x - self.gutter.left, self.content_size.width)

    def on_key(self, event: events.Key) -> None:
        app = self.app
        assert isinstance(app, Screen)
        first, _, _ = app.extent.counts()
        steps = {"left": "go -1", "right": "go +1", "home": f"go to {first}", "end": "go end"}
        if event.key in steps:
            event.stop()
            app.command(steps[event.key])


class Screen(App[None]):
    """The application."""

    TITLE = "ring1"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #left { width: 1fr; }
    #right { width: 47; }
    .panel { border: round $primary; padding: 0 1; height: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    #source { height: 2fr; }
    .panel:focus-within, .panel:focus { border: round $accent; }
    #registers { height: auto; max-height: 60%; }
    #log { height: 8; }
    #parts { height: 1fr; }
    #bar { height: 3; border: round $primary; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            binding
            for key, command, back in MOVES
            for binding in (
                Binding(key, f"command('{command}')", command, priority=True),
                Binding(
                    f"f{int(key[1:]) + SHIFT},shift+{key}",
                    f"command('{back}')",
                    back,
                    show=False,
                    priority=True,
                ),
            )
        ),
        Binding("escape", "stop", "stop", priority=True),
        Binding("ctrl+q", "leave", "quit", priority=True),
    ]

    def __init__(self, machine: Machine, scripts: Sequence[str] = ()) -> None:
        """`scripts` are executed first."""
        super().__init__()
        self.session = Session(machine, self.say, lambda: b"")
        self.debugger = Debugger(self.session)
        self.running = False
        self.waiting = [f"source {script}" for script in scripts]
        """Commands that are executed when the present one has ended."""
        self.shown = self.state()
        self.seen = {name: Seen() for name in ("registers", "memory", "stack")}
        self.extent = panels.Extent(self.session)
        self.turned = 0
        """Bytes by which memory has been turned over."""

    # --- What there is -------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `App.compose`."""
        with Horizontal():
            with Vertical(id="left"):
                yield Static(id="source", classes="panel")
                with TabbedContent(id="parts"):
                    for name in panels.PARTS:
                        with TabPane(name), VerticalScroll():
                            yield Static(id=name.lower().replace(" ", "-"), markup=False)
                yield RichLog(id="log", classes="panel", wrap=True, min_width=1, max_lines=10_000)
                yield Input(id="line", placeholder=HELP, select_on_focus=False, suggester=Completion(self.debugger))
            with Vertical(id="right"):
                with VerticalScroll(id="registers", classes="panel"):
                    yield Static(id="words")
                yield Static(id="stack", classes="panel")
                yield Memory(id="memory", classes="panel")
        yield Bar(id="bar")
        yield Footer()

    def on_mount(self) -> None:
        titles = {"source": "Source", "registers": "Registers", "stack": "Stack", "memory": "Memory"}
        for name, title in {**titles, "log": "Debugger", "bar": "Timeline"}.items():
            self.query_one(f"#{name}").border_title = title
        self.query_one("#line").focus()
        self.call_after_refresh(self.done)

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    def say(self, text: str) -> None:
        """Show what the debugger says; it does so in the thread of a command."""
        self.call_from_thread(self.query_one("#log", RichLog).write, Text(text))

    # --- Commands ------------------------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.input.clear()
        self.command(event.value)

    def action_command(self, line: str) -> None:
        self.command(line)

    def command(self, line: str) -> None:
        """Execute a command, unless one is under way."""
        log = self.query_one("#log", RichLog)
        if self.running:
            log.write(Text("the machine is running: Escape stops it", panels.STOP))
            return
        if line.strip():
            log.write(Text(f"(ring1) {line}", panels.DIM))
        self.running = True
        self.query_one("#source").border_subtitle = "running"
        self.execute(line)

    @work(thread=True)
    def execute(self, line: str) -> None:
        try:
            self.debugger.execute(line)
        finally:
            self.call_from_thread(self.done)

    def done(self) -> None:
        """A command has come to its end."""
        self.running = False
        self.session.timeline.body.asked = False
        self.query_one("#source").border_subtitle = ""
        if self.state() != self.shown:
            self.shown = self.state()
            for seen in self.seen.values():
                seen.stop()
        if self.session.over:
            self.exit()
            return
        self.show()
        if self.waiting:
            self.command(self.waiting.pop(0))

    def state(self) -> tuple[object, ...]:
        """Return what tells the machine's states apart: the moment, and the changes from outside."""
        timeline = self.session.timeline
        return timeline.now, len(timeline.journal), self.session.machine.engine

    def action_stop(self) -> None:
        if self.running:
            self.session.machine.interrupt()

    async def action_leave(self) -> None:
        """Leave; a guest that runs is stopped first."""
        self.action_stop()
        await self.workers.wait_for_complete()
        self.exit()

    def go_to(self, cell: int, width: int) -> None:
        """Go to the moment at a cell of the bar."""
        if not self.running:
            self.command(f"go to {self.extent.count(width, cell)}")

    # --- Showing ------------------------------------------------------------------------

    def show(self) -> None:
        """Show the machine, which is at rest."""
        if self.running:
            return

        def put(name: str, text: Text) -> None:
            self.query_one(f"#{name}", Static).update(text)

        def height(name: str) -> int:
            return max(self.query_one(f"#{name}").content_size.height, 1)

        session = self.session
        put("source", panels.source(session, height("source")))
        put("words", panels.registers(session, self.seen["registers"]))
        put("stack", panels.stack(session, self.seen["stack"], height("stack")))
        put("memory", panels.memory(session, self.seen["memory"], self.looked_at(), height("memory")))
        for name, made in panels.PARTS.items():
            put(name.lower().replace(" ", "-"), made(session))
        put("bar", self.extent.bar(self.query_one("#bar").content_size.width))

    def looked_at(self) -> int:
        """Return the address from which memory is shown: where the last `x` was, else the program's data."""
        program = self.session.machine.program
        if self.session.examined is not None:
            first = self.session.examined[0]
        else:
            data = [at for at, _ in program.labels if not program.is_code(at)]
            first = min((at for at in data if at < program.size), default=0)
        return ((first & ~(panels.ROW - 1)) + self.turned) & 0xFFFFFFFF

    def turn(self, count: int) -> None:
        """Turn memory over."""
        self.turned += count
        self.show()


class Memory(Static):
    """Memory: page up and page down turn it over."""

    can_focus = True

    def on_key(self, event: events.Key) -> None:
        app = self.app
        assert isinstance(app, Screen)
        if event.key in ("pageup", "pagedown", "up", "down"):
            event.stop()
            count = PAGE if event.key.startswith("page") else panels.ROW
            app.turn(-count if event.key.endswith("up") else count)


def run(machine: Machine, scripts: Sequence[str]) -> None:
    """Show a machine until the user leaves."""
    Screen(machine, scripts).run()
