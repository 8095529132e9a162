"""Recording of what a CPU gets from devices, for the follower."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from ring1.dbt.machine.posts import Posts
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.machine.supervisor import Layer

Found = TypeVar("Found")


class Recorder(Layer):
    """A layer between the bare machine and the technique that records the answers of devices and lines."""

    def __init__(self, cpu: Cpu, moved: Callable[[], None]) -> None:
        """`moved` is called when a VMM has set registers."""
        super().__init__(cpu.supervisor)
        self.cpu = cpu
        self.tell = moved
        self.seen: deque[tuple[str, object]] = deque()
        """Calls and their results, in order: a value, the time that a wait took, Stopped, for "write" address and
        bytes, or for "posted", a write that has been posted, port, value and time."""
        self.recording = self.following = False
        cpu.supervise(self)

    def kept(self, name: str, ask: Callable[[], Found], what: Callable[[Found], object]) -> Found:
        """Make a call, and record `what` of its result."""
        if not self.recording:
            return ask()
        self.recording = False
        try:
            found = ask()
        except Stopped as stopped:
            self.seen.append((name, stopped))
            raise
        finally:
            self.recording = True
        self.seen.append((name, what(found)))
        return found

    def posted(self, posts: Posts) -> None:
        """Record the writes that have been posted and not been made."""
        self.seen += [("posted", each) for each in posts.each(self.cpu.time)]

    def port_in(self, port: int) -> int:
        return self.kept("port_in", lambda: self.below.port_in(port), int)

    def port_out(self, port: int, value: int) -> None:
        self.kept("port_out", lambda: self.below.port_out(port, value), lambda nothing: nothing)

    def line(self, number: int) -> int:
        return self.kept("line", lambda: self.below.line(number), int)

    def wait(self) -> None:
        before = self.cpu.time
        self.kept("wait", self.below.wait, lambda nothing: self.cpu.time - before)

    def moved(self) -> None:
        super().moved()
        self.tell()
