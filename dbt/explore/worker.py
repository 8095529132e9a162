"""The thread that a machine belongs to: it does one task at a time, and answers questions between its steps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLong
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

from ring1.dbt.api.errors import MachineError

T = TypeVar("T")
PATIENCE = 10.0
"""Seconds that an answer is waited for."""
BEAT = 0.2
"""Seconds after which a task is interrupted again that has not answered."""


class UnderWay(MachineError):
    """Something is under way that has to end, or be cancelled, first."""


def nothing() -> None:
    return


def fulfil(answer: Future[T], question: Callable[[], T]) -> None:
    """Put what comes of a question into its answer, unless nobody waits for it any more."""
    if not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(question())
    except BaseException as error:
        answer.set_exception(error)


class Worker:
    """A thread with a queue. A task that is attentive calls `attend` whenever it was interrupted; others answer nothing
    before they end."""

    def __init__(self, interrupt: Callable[[], None] = nothing, calm: Callable[[], None] = nothing) -> None:
        """`interrupt` has an attentive task call `attend` soon, and any task end that has been cancelled; `calm` takes
        that back."""
        self.interrupt = interrupt
        self.calm = calm
        self.queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self.lock = threading.Lock()
        self.task = ""
        """What is under way; empty if nothing is."""
        self.idle = threading.Event()
        """Is nothing under way?"""
        self.idle.set()
        self.attentive = self.cancelled = False
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    # --- For other threads -----------------------------------------------------------------

    def ask(self, question: Callable[[], T], seconds: float = PATIENCE) -> T:
        """Return the answer to a question, or raise what it raises. Raises UnderWay if that takes too long."""
        answer: Future[T] = Future()
        self.queue.put(lambda: fulfil(answer, question))
        end = monotonic() + seconds
        while True:
            with self.lock:
                if self.attentive:
                    self.interrupt()
            try:
                return answer.result(min(BEAT, max(end - monotonic(), 0)))
            except TooLong:  # what runs may have changed just then, and not been interrupted
                if monotonic() >= end and answer.cancel():
                    raise UnderWay(f"the machine is busy: {self.task or 'with a question'}") from None

    def do(self, name: str, task: Callable[[], T], seconds: float = PATIENCE) -> T:
        """Begin a task that is soon done, and return what comes of it, or raise what it raises. Raises UnderWay if
        there is one, or it takes too long."""
        answer: Future[T] = Future()
        self.begin(name, lambda: fulfil(answer, task))
        try:
            return answer.result(seconds)
        except TooLong:
            raise UnderWay(f"this takes long, and goes on: {name}") from None

    def begin(self, name: str, task: Callable[[], None], attentive: bool = False) -> None:
        """Begin a task. Raises UnderWay if there is one."""
        with self.lock:
            if self.task:
                raise UnderWay(f"first cancel what is under way: {self.task}")
            self.task, self.attentive, self.cancelled = name, attentive, False
            self.idle.clear()
        self.queue.put(lambda: self.carry_out(task))

    def cancel(self) -> None:
        """Ask the task that is under way to end."""
        with self.lock:
            if self.task:
                self.cancelled = True
                self.interrupt()

    def close(self) -> None:
        """End the thread, behind what is under way."""
        self.cancel()
        self.queue.put(None)
        self.thread.join(PATIENCE)

    # --- In the thread -----------------------------------------------------------------------

    def work(self) -> None:
        while (each := self.queue.get()) is not None:
            each()

    def carry_out(self, task: Callable[[], None]) -> None:
        try:
            task()
        finally:
            with self.lock:
                self.task, self.attentive = "", False
                self.calm()
                self.idle.set()

    def attend(self) -> bool:
        """The task is between two of its steps: answer what was asked. Does it go on?"""
        while True:
            try:
                each = self.queue.get_nowait()
            except Empty:
                return not self.cancelled
            if each is None:  # it ends behind the task
                self.queue.put(None)
                return False
            each()
