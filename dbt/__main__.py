"""`python -m dbt` is the command `ring1`."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn


def main() -> int:
    """Run `ring1` with the process's arguments; the exit status. A signal while modules are loaded is no accident either."""
    try:
        signal.signal(signal.SIGTERM, terminate)
        from dbt.cli.main import main as command

        status = command()
    except KeyboardInterrupt as stopped:
        status = 128 + (signal.SIGINT if type(stopped) is KeyboardInterrupt else signal.SIGTERM)
    for number in (signal.SIGINT, signal.SIGTERM):  # it is over: Python has to take itself down in peace
        signal.signal(number, signal.SIG_IGN)
    return status


def terminate(number: int, frame: object) -> NoReturn:
    """SIGTERM ends what is under way as Ctrl-C does."""
    from dbt.cli.outcome import Terminated

    raise Terminated


if __name__ == "__main__":
    sys.exit(main())
