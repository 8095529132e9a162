"""The debugger: executes lines of commands on a session."""

from __future__ import annotations

from collections.abc import Iterable

from ring1.dbt.api.errors import MachineError
from ring1.dbt.debug import table
from ring1.dbt.debug.command import NO_FILES, BadCommand
from ring1.dbt.debug.info import PARTS
from ring1.dbt.debug.session import Session
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.timeline import Halted

MOST_NESTED = 16
"""How deep scripts may name scripts."""


class Debugger:
    """Executes commands. Whatever a command meets with, the session goes on; `failed` says whether the last one did."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.last = ""
        """The command that an empty line repeats."""
        self.failed = False
        self.nested = 0

    def execute(self, line: str) -> None:
        """Execute one line. KeyboardInterrupt stops the machine, and what the command does with it."""
        session = self.session
        line, self.failed = line.strip(), False
        if line.startswith("#"):
            return
        repeated = not line
        line = line or self.last
        if not line:
            return
        self.failed = True
        here = session.timeline.now
        try:
            with session.machine.interruptible(session.timeline):
                self.carry_out(line, repeated)
            self.failed = False
        except Halted as halted:
            self.return_to(here)
            stopped = halted.stop.reason == "interrupt"
            session.say("stopped: the machine is where it was" if stopped else str(halted))
        except (BadCommand, MachineError) as error:
            session.say(str(error))
        except KeyboardInterrupt:
            session.say("stopped by Ctrl-C")
        except OSError as error:
            session.say(f"the host refuses: {error.strerror or error}")

    def return_to(self, here: Moment) -> None:
        """Go back to where a command began that could not be carried out."""
        self.session.timeline.body.asked = False
        try:
            self.session.timeline.go(here)
        except Halted as halted:
            self.session.say(f"the machine is now {halted}")

    def carry_out(self, line: str, repeated: bool) -> None:
        word, rest = split(line)
        if word in ("help", "h"):
            self.session.say(table.help_text(rest))
            return
        if word == "source":
            self.source(rest.strip())
            return
        command = table.found(word)
        if repeated and not command.repeats:
            return
        # What an empty line repeats goes on where this one ends, so it names no place again.
        self.last = (
            (command.names[0] if rest.strip() and command.names[0] in ("list", "x") else line)
            if command.repeats
            else ""
        )
        command.run(self.session, "" if repeated and command.names[0] in ("list", "x") else rest)

    def source(self, path: str) -> None:
        """Execute the commands in a file, up to the first that fails. Raises BadCommand."""
        if not path:
            raise BadCommand("source FILE")
        if not self.session.files:
            raise BadCommand(NO_FILES)
        if self.nested >= MOST_NESTED:
            raise BadCommand(f"{path}: scripts that call scripts, {MOST_NESTED} deep")
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError as error:
            raise BadCommand(f"{path}: {error.strerror or error}") from None
        except ValueError:  # a null byte
            raise BadCommand(f"{path!r} is no file's name") from None
        self.nested += 1
        try:
            self.script(lines, path)
        finally:
            self.nested -= 1

    def script(self, lines: Iterable[str], path: str) -> None:
        """Execute lines up to the first that fails. Raises BadCommand, with its place."""
        for number, line in enumerate(lines, 1):
            if line.strip():
                self.execute(line)
            if self.failed and line.strip():
                raise BadCommand(f"{path}:{number}: the script ends here: {line.strip()}")
            if self.session.over:
                return

    # --- Completion ----------------------------------------------------------------------

    def completions(self, line: str, begin: str) -> list[str]:
        """Return the words that may stand at the end of a line, which begins with `begin`."""
        words = line.split()
        if len(words) < 1 or (len(words) == 1 and not line.endswith(" ")):
            return sorted(name for name in (*table.BY_NAME, "help", "source") if name.startswith(begin))
        machine = self.session.machine
        first = words[0]
        if first in ("info", "i"):
            pool: Iterable[str] = PARTS
        elif first in ("help", "h"):
            pool = table.BY_NAME
        elif first in ("switch", "compare"):
            pool = (*machine.registry, "to", "with")
        else:
            registers = (*machine.reg.numbers, *machine.control, "pc", "count")
            pool = (*machine.labels, *registers, *(f"${name}" for name in registers))
        return sorted({name for name in pool if name.startswith(begin)})


def split(line: str) -> tuple[str, str]:
    """Return a line's command and what follows it; `x/4xw` and `p/x` are commands with formats."""
    at = 0
    while at < len(line) and (line[at].isalnum() or line[at] in "-_"):
        at += 1
    return line[:at] or line.split()[0], line[at:] if at else line[len(line.split()[0]) :]
