"""The option --json of commands that run a guest: an object, written whatever becomes of the run."""

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
    """Around all that a command does: what is yielded writes the object, to stdout if `path` is -, nowhere if there is
    none. Where an exception comes before that, the object says so, beside what is `known`. No file of `inputs` is
    overwritten. Raises Failure if the object cannot be written."""
    if path is None:
        yield lambda made: None
        return
    put = False
    # Opened before the run: nobody should wait for a result that then cannot be written.
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
    """The object of a run that has come to nothing."""
    from ring1.dbt.cli.complaint import complaint

    made = complaint(error)
    reason = "interrupt" if isinstance(error, KeyboardInterrupt) else "error"
    stop = {"reason": reason, "exit_code": None, "trap": None}
    return {**known, "stop": stop, "status": made.status, "errors": list(made.errors)}
