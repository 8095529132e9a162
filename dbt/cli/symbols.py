"""Names beside a raw image: X.bin.sym says what the addresses in X.bin are called.

It is JSON: {"version": 1, "image": digest, "size": bytes in memory, "labels": [[address, name], ...]}. The digest is
the BLAKE2b, of 16 bytes, of the image that it is about, in hexadecimal. A file about another image, or none at all,
counts for nothing: a raw image is never more than its bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from ring1.dbt.cli import streams
from ring1.dbt.cli.files import open_text, put
from ring1.dbt.cli.outcome import Failure
from ring1.isa.files import contents

if TYPE_CHECKING:
    from ring1.isa.asm.program import Program

VERSION = 1
MOST = 1 << 26
"""Bytes of a file of names."""
MOST_NAME = 1 << 12
"""Characters."""


def beside(image: str) -> str:
    """The file of names of an image."""
    return f"{image}.sym"


def digest(image: bytes) -> str:
    return blake2b(image, digest_size=16).hexdigest()


def write(path: str, program: Program, inputs: Sequence[str]) -> None:
    """Write the names of the image that has been written to `path`, if that is a file. One that cannot be written is
    only missed."""
    if not os.path.isfile(path):
        return
    made = {
        "version": VERSION,
        "image": digest(program.image),
        "size": program.size,
        "labels": program.labels,
    }
    try:
        with open_text(beside(path), inputs) as file:
            put(file, json.dumps(made, separators=(",", ":")) + "\n")
    except Failure as failure:
        streams.say(f"note: the names of {path} are not written: {failure}")


def read(path: str, image: bytes) -> Program | None:
    """The program that the raw image at `path` is, with its names; None if there are none of it."""
    name = beside(path)
    try:
        made = json.loads(contents(name, MOST))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is malformed"
        streams.say(f"note: {name} is left aside: {reason}")
        return None
    program = checked(made, image)
    if program is None:
        stale = isinstance(made, dict) and made.get("version") == VERSION and made.get("image") != digest(image)
        streams.say(f"note: {name} is left aside: it is {'about another image' if stale else 'malformed'}")
    return program


def checked(made: object, image: bytes) -> Program | None:
    """The program with the names that such an object has; None if it makes no sense."""
    from ring1.isa.asm.program import Program

    match made:
        case {"version": 1, "image": str(known), "size": int(size), "labels": list(labels)} if known == digest(image):
            pass
        case _:
            return None
    found: list[tuple[int, str]] = []
    for label in labels:
        match label:
            case [int(address), str(name)] if (
                0 <= address < 1 << 32 and 0 < len(name) <= MOST_NAME and name.isprintable()
            ):
                found.append((address, name))
            case _:
                return None
    if not len(image) <= size <= 1 << 32 or isinstance(size, bool) or found != sorted(found):
        return None
    return Program(image, 0, size, {name: address for address, name in found}, tuple(found), (), {}, ())
