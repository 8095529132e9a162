"""The option --json of commands that run a guest: an object is written whatever becomes of the run."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ring1.dbt.cli import files, streams
from ring1.dbt.cli.outcome import Failure

Put = Callable[[dict[str, Any]], None]


def option(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--json", metavar="FILE", nargs="?", const="-", help=text)


@contextlib.contextmanager
def awaited(path: str | None, inputs: Sequence[str], **known: object) -> Iterator[Put]:
    """Wrap everything that a command does. Yields the function that writes the object, to stdout if `path` is -,
    nowhere if it is None. If an exception comes first, an object with the error and what is `known` is written. No file
    of `inputs` is overwritten. Raises Failure if the object cannot be written."""
    if path is None:
        yield lambda made: None
        return
    put = False
    # Opened before the run: a long run must not end with a result that cannot be written.
    with contextlib.nullcontext() if path == "-" else files.open_text(path, inputs) as file:

        def write(made: dict[str, Any]) -> None:
            nonlocal put
            import json

            put, text = True, json.dumps(made, indent=2) + "\n"
            if file is None:
                streams.write(text)
            else:
                files.put(file, text)

        try:
            yield write
        except BaseException as error:
            if not put:
                with contextlib.suppress(Failure):
                    write(failed(error, known))
            raise


def failed(error: BaseException, known: dict[str, object]) -> dict[str, Any]:
    """Return the object of a run that failed."""
    from ring1.dbt.cli.complaint import complaint

    made = complaint(error)
    reason = "interrupt" if isinstance(error, KeyboardInterrupt) else "error"
    stop = {"reason": reason, "exit_code": None, "trap": None}
    return {**known, "stop": stop, "status": made.status, "errors": list(made.errors)}
