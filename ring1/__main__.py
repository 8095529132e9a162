"""`python -m ring1` is the command `ring1`."""

from __future__ import annotations


def main() -> int:
    """Run `ring1` with the process's arguments; the exit status. A signal while modules load is no accident."""
    status = 130
    try:
        import signal

        signal.signal(signal.SIGTERM, terminate)
        from ring1.dbt.cli.main import main as command

        status = command()
        for number in (signal.SIGINT, signal.SIGTERM):  # it is over: Python has to take itself down in peace
            signal.signal(number, signal.SIG_IGN)
    except KeyboardInterrupt as stopped:
        status = status if type(stopped) is KeyboardInterrupt else 143
    return status


def terminate(number: int, frame: object) -> None:
    """SIGTERM ends what is under way as Ctrl-C does."""
    from ring1.dbt.cli.outcome import Terminated

    raise Terminated


if __name__ == "__main__":
    raise SystemExit(main())
