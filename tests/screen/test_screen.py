"""The full-screen view, driven by Textual's pilot: keys, commands, clicks, and what each panel then shows."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.text import Text
from textual.pilot import Pilot
from textual.widgets import Input, RichLog, Static, TabbedContent

import ring1
from ring1.dbt.screen.app import Screen
from ring1.dbt.screen.panels import HERE, STOP
from ring1.dbt.screen.seen import CHANGED
from tests.cli.conftest import EXAMPLES, Command, environment
from tests.cli.conftest import ring1 as command_fixture
from tests.cli.test_debug import read_until
from tests.gdb.test_gdb import PAGED

__all__ = ["command_fixture", "environment"]

LOOP = """_start: li a0, 0
        la a1, counter
loop:   addi a0, a0, 1
        sw a0, 0(a1)
        j loop
        .data
counter: .word 0
"""


class Seat:
    """Who sits before the screen."""

    def __init__(self, app: Screen, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def settle(self) -> None:
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def types(self, *lines: str) -> None:
        for line in lines:
            self.app.query_one("#line").focus()
            self.app.query_one("#line", Input).value = line
            await self.pilot.press("enter")
            await self.settle()

    async def presses(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    def panel(self, name: str) -> Text:
        content = self.app.query_one(f"#{name}", Static).content
        assert isinstance(content, Text)
        return content

    def styled(self, name: str, style: str) -> list[str]:
        """What a panel shows in a style."""
        text = self.panel(name)
        return [
            text.plain[span.start : span.end]
            for span in text.spans
            if span.style == style and not text.plain[span.start : span.end].isspace()
        ]

    @property
    def log(self) -> str:
        """What the debugger has said, however it is broken into lines."""
        return " ".join(word for line in self.app.query_one("#log", RichLog).lines for word in line.text.split())


def seated(
    act: Callable[[Seat], Awaitable[None]],
    text: str = LOOP,
    size: tuple[int, int] = (120, 40),
    scripts: tuple[str, ...] = (),
    **options: object,
) -> None:
    async def run() -> None:
        with ring1.Machine("pg32", text=text, ram=1 << 20, **options) as machine:  # type: ignore[arg-type]
            app = Screen(machine, scripts)
            async with app.run_test(size=size) as pilot:
                seat = Seat(app, pilot)
                await seat.settle()
                await act(seat)

    asyncio.run(run())


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_every_panel_shows_the_machine(size: tuple[int, int]) -> None:
    async def act(seat: Seat) -> None:
        await seat.types("break loop", "continue")
        assert seat.styled("source", HERE) == ["loop:   addi a0, a0, 1"] and seat.styled("source", STOP) == ["o"]
        assert "a0       00000000" in seat.panel("words").plain and "psw" in seat.panel("words").plain
        assert seat.panel("memory").plain.startswith("00001000  00 00 00 00")
        assert "after 3 instructions under" in seat.panel("bar").plain
        assert "breakpoint 1, after 3 instructions" in seat.log
        assert "at 0x0000000c (loop" in seat.panel("breakpoints").plain
        assert "paging is off" in seat.panel("page-tables").plain and "console: ports" in seat.panel("devices").plain
        assert "exits to the VMM" in seat.panel("exits").plain
        for name in ("source", "words", "stack", "memory", "bar", "log", "line"):
            region = seat.app.query_one(f"#{name}").region
            assert region.right <= size[0] and region.bottom <= size[1] + (name == "words") * 20, name
            assert region.width > 20 and region.height >= 1, name

    seated(act, size=size)


def test_keys_move_forward_and_back_and_changes_are_marked() -> None:
    async def act(seat: Seat) -> None:
        machine = seat.app.session.machine
        await seat.types("until loop")
        await seat.presses("f8")
        assert machine.reg["a0"] == 1 and "00000001" in seat.styled("words", CHANGED)
        assert seat.styled("source", HERE) == ["        sw a0, 0(a1)"]
        assert not seat.styled("memory", CHANGED)
        await seat.presses("f8")
        assert seat.styled("memory", CHANGED) == ["01"]
        await seat.types("info exits")  # moves nothing
        assert seat.styled("memory", CHANGED) == ["01"]
        await seat.presses("shift+f8")
        assert seat.styled("memory", CHANGED) == ["00"] and machine.mem.word("counter") == 0
        await seat.presses("f20")  # as terminals say shift+f8
        assert machine.reg["a0"] == 0
        await seat.types("break loop if a0 == 9")
        await seat.presses("f5")
        assert machine.reg["a0"] == 9
        await seat.presses("f6", "f7")
        assert seat.styled("source", HERE) == ["        j loop"]
        await seat.presses("shift+f5")
        assert machine.reg["a0"] == 9 and seat.styled("source", HERE) == ["loop:   addi a0, a0, 1"]

    seated(act)


@pytest.mark.soak
def test_the_timeline_is_clicked_and_goes_by_keys() -> None:
    async def act(seat: Seat) -> None:
        machine = seat.app.session.machine
        await seat.types("go to 1000000")
        width = seat.app.query_one("#bar").content_size.width - len(" after 1,000,000 instructions under bt")
        await seat.pilot.click("#bar", offset=(2 + width // 2, 1))
        await seat.settle()
        assert abs(machine.count - 500_000) < 2 * 1_000_000 // width, machine.count
        line = seat.panel("bar").plain
        assert abs(line.index("●") - width // 2) <= 1  # what is known behind it is still there
        seat.app.query_one("#bar").focus()
        before = machine.count
        await seat.presses("right")
        await seat.presses("right")
        assert machine.count == before + 2
        await seat.presses("left")
        assert machine.count == before + 1
        await seat.presses("home")
        assert machine.count == 0
        await seat.types("go to 1000", "set a0 = 77")
        assert "─" not in seat.panel("bar").plain  # another future

    seated(act, engine="bt")


@pytest.mark.soak
def test_a_guest_that_runs_is_stopped_by_escape() -> None:
    async def act(seat: Seat) -> None:
        seat.app.query_one("#line", Input).value = "continue"
        await seat.pilot.press("enter")
        for _ in range(100):
            await seat.pilot.pause(0.02)
            if seat.app.session.timeline.body.probe.live:
                break
        assert seat.app.running and seat.app.query_one("#source").border_subtitle == "running"
        await seat.pilot.press("f8")  # is refused meanwhile
        assert "the machine is running" in seat.log
        await seat.presses("escape")
        assert not seat.app.running and seat.app.query_one("#source").border_subtitle == ""
        count = seat.app.session.machine.count
        assert count > 0
        await seat.presses("f8")
        assert seat.app.session.machine.count == count + 1

    seated(act)


@pytest.mark.soak
def test_leaving_while_the_guest_runs() -> None:
    async def act(seat: Seat) -> None:
        seat.app.query_one("#line", Input).value = "continue"
        await seat.pilot.press("enter")
        await seat.pilot.pause(0.1)
        await seat.pilot.press("ctrl+q")
        assert not seat.app.running

    seated(act)


def test_quit_and_scripts(tmp_path: Path) -> None:
    script = tmp_path / "script.gdb"
    script.write_text("break loop if a0 == 4\ncontinue\n")

    async def act(seat: Seat) -> None:
        await seat.settle()
        assert seat.app.session.machine.reg["a0"] == 4
        await seat.types("quit")
        assert not seat.app.is_running

    seated(act, scripts=(str(script),))


def test_memory_is_turned_over_and_looked_at_elsewhere() -> None:
    async def act(seat: Seat) -> None:
        seat.app.query_one("#memory").focus()
        await seat.presses("down")
        assert seat.panel("memory").plain.startswith("00001008")
        await seat.presses("pageup")
        assert seat.panel("memory").plain.startswith("00000f88")
        await seat.presses("pagedown", "up")
        assert seat.panel("memory").plain.startswith("00001000")
        await seat.types("x/2xw 0xffff0")
        rows = seat.panel("memory").plain.splitlines()
        assert rows[0].startswith("000ffff8") and "-- -- --" in rows[1]  # behind the end of RAM

    seated(act)


def test_paging_rings_and_instructions_without_source() -> None:
    async def act(seat: Seat) -> None:
        await seat.types("break *0x5004", "continue")
        assert "00005000-00005fff -> 00003000" in seat.panel("page-tables").plain
        assert "addi a0, a0, 4" in seat.panel("source").plain
        await seat.types("set pc = 0x6000")
        assert "nothing can be fetched" in seat.panel("source").plain

    seated(act, text=PAGED)


def test_console_input_and_completion() -> None:
    async def act(seat: Seat) -> None:
        await seat.types("continue", 'input "Q"', "continue")
        assert seat.panel("console").plain == "Q"
        line = seat.app.query_one("#line", Input)
        line.focus()
        await seat.pilot.press(*"reverse-c")
        await seat.pilot.pause(0.3)
        await seat.pilot.press("right")
        assert line.value == "reverse-continue"
        tabs = seat.app.query_one(TabbedContent)
        tabs.active = "tab-3"
        await seat.pilot.pause()
        assert seat.app.query_one("#exits").region.height >= 1

    seated(act, text="_start: in a0, zero\n        out zero, a0\n        li t0, 0xf0\n        out t0, zero\n")


def test_bad_commands_are_told(tmp_path: Path) -> None:
    async def act(seat: Seat) -> None:
        await seat.types("nonsense", "break nowhere", "x/4xw 0xf0000000", "")
        assert "there is no command nonsense" in seat.log and "nowhere" in seat.log

    seated(act)


@pytest.mark.soak
def test_on_a_terminal(command_fixture: Command) -> None:
    """In a process of its own, on a terminal of 100 columns: it is drawn, and left by its key."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        command_fixture.argv("debug", "--full-screen", EXAMPLES / "fib.s"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=command_fixture.environment | {"TERM": "xterm-256color"},
        cwd=command_fixture.folder,
    )
    os.close(theirs)
    try:
        shown = read_until(ours, b"Registers") + read_until(ours, b"Timeline")
        assert b"Source" in shown
        os.write(ours, b"\x11")  # Ctrl-Q
        deadline = time.monotonic() + 60
        while process.poll() is None:
            assert time.monotonic() < deadline
            if select.select([ours], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):  # the other end has been closed
                    os.read(ours, 1 << 16)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()
        os.close(ours)


def test_without_terminal_or_textual(command_fixture: Command) -> None:
    assert "wants a terminal" in command_fixture("debug", "--full-screen", EXAMPLES / "fib.s", status=123).err
    script = (
        "import sys; sys.modules['textual'] = None; from importlib import util; util.find_spec = lambda name: None\n"
        f"from ring1.dbt.cli.main import main; sys.exit(main(['debug', '--full-screen', {str(EXAMPLES / 'fib.s')!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=command_fixture.environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 123 and "pip install 'ring1[screen]'" in done.stderr
