"""Symbol files of raw images: X.bin.sym names addresses in X.bin.

They are JSON: {"version": 1, "image": digest, "size": bytes in memory, "labels": [[address, name], ...]}. The digest is
the 16-byte BLAKE2b of the image, in hexadecimal. A file with the digest of another image, or a malformed one, is
ignored: a raw image never needs more than its bytes.
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
"""The most bytes of a symbol file."""
MOST_NAME = 1 << 12
"""The most characters of a name."""


def beside(image: str) -> str:
    """Return the path of the symbol file of an image."""
    return f"{image}.sym"


def digest(image: bytes) -> str:
    return blake2b(image, digest_size=16).hexdigest()


def write(path: str, program: Program, inputs: Sequence[str]) -> None:
    """Write the symbols of the image that has been written to `path`, if that is a regular file. A failure is only
    noted on stderr, since a symbol file is optional."""
    if not os.path.isfile(path):
        return
    made = {
        "version": VERSION,
        "image": digest(program.image),
        "size": program.size,
        "labels": program.labels,
    }
    if program.base:
        made["base"] = program.base
    try:
        with open_text(beside(path), inputs) as file:
            put(file, json.dumps(made, separators=(",", ":")) + "\n")
    except Failure as failure:
        streams.say(f"note: the names of {path} are not written: {failure}")


def read(path: str, image: bytes, base: int = 0) -> Program | None:
    """Return the program of the raw image at `path`, which begins at `base`, with its symbols; None if there are none
    for it."""
    name = beside(path)
    try:
        made = json.loads(contents(name, MOST))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is malformed"
        streams.say(f"note: {name} is left aside: {reason}")
        return None
    program = checked(made, image, base)
    if program is None:
        stale = isinstance(made, dict) and made.get("version") == VERSION and made.get("image") != digest(image)
        streams.say(f"note: {name} is left aside: it is {'about another image' if stale else 'malformed'}")
    return program


def checked(made: object, image: bytes, base: int) -> Program | None:
    """Return the program with the symbols in such an object; None if it is malformed."""
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
    assert isinstance(made, dict)
    if (
        made.get("base", 0) != base
        or not base + len(image) <= size <= 1 << 32
        or isinstance(size, bool)
        or found != sorted(found)
    ):
        return None
    names = {name: address for address, name in found}
    return Program(image, base, size, names, tuple(found), (), {}, (), base=base)
