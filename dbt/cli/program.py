"""The guest program of a command line: assembled, or kept from the last time, or a raw image."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from dbt.cli import cflags, streams
from dbt.cli.outcome import Failure
from isa import store
from isa.files import contents
from isa.model import Isa

if TYPE_CHECKING:
    from isa.asm.program import Program

ASSEMBLY = (".s", ".asm")
START = "_start"
"""Where an assembled program begins."""
MOST = 1 << 32
"""Bytes of the largest image that any RAM can hold."""


class Guest:
    """What a virtual machine is given: `image` at address 0, in a RAM of at least `size` bytes.

    What the addresses mean to the author is much more, and loaded only when somebody asks.
    """

    def __init__(self, image: bytes, entry: int | None, size: int, whole: Callable[[], Program]) -> None:
        self.image = image
        self.entry = entry or 0
        self.lost = entry is None
        """Has nobody said where it begins?"""
        self.size = size
        self.whole = whole

    @cached_property
    def program(self) -> Program:
        """The program with its symbols and lines."""
        return self.whole()


def load(isa: Isa, names: Sequence[str], flags: Sequence[str] = ("-O2",)) -> Guest:
    """The program in these files, those in C compiled with `flags`; without C, those of them that define
    macros define symbols. Raises AsmError, OSError with the file's name,
    Failure."""
    kinds = [os.path.splitext(name)[1].lower() for name in names]
    for name, kind in zip(names, kinds, strict=True):
        os.stat(name)
        if kind not in (*ASSEMBLY, ".bin", ".c"):
            raise Failure(f"{name}: neither C (.c) nor assembly (.s) nor a raw image (.bin)")
    if ".bin" in kinds:
        if len(names) > 1:
            raise Failure("a raw image is a whole program: give one .bin and nothing else")
        return raw(names[0])
    return assembled(isa, names, flags)


def raw(name: str) -> Guest:
    """A raw image: it begins at address 0, and nothing is known of it but its bytes."""
    if os.stat(name).st_size > MOST:
        raise Failure(f"{name}: larger than any RAM")
    return nameless(contents(name))


def nameless(image: bytes) -> Guest:
    """A program of which nothing is known but its bytes."""

    def whole() -> Program:
        from isa.asm.program import Program

        return Program(image, 0, len(image), {}, (), (), {}, ())

    return Guest(image, 0, len(image), whole)


def assembled(isa: Isa, names: Sequence[str], flags: Sequence[str]) -> Guest:
    """The program assembled from these files: the one from last time if none of its sources has changed."""
    read = map(contents, (*names, *isa.files))
    # Names as they were given are part of a program's messages; where they lead decides what it includes.
    paths = map(os.path.abspath, names)
    entry = store.key(*map(os.fsencode, (*names, *paths, *flags)), *read)

    def whole() -> Program:
        program: Program | None = store.load("program", entry)
        return program or assemble(isa, names, flags)[0]

    cached = store.load("image", entry)
    if cached is not None and all(digest(file) == was for file, was in cached[0].items()):
        image, begin, size = cached[1]
        return Guest(image, begin, size, whole)
    program, files = assemble(isa, names, flags)
    store.save("program", entry, program)
    sources = {file: digest(file) for file in files}
    begins = program.entry if START in program.symbols else None
    store.save("image", entry, (sources, (program.image, begins, program.size)))
    return Guest(program.image, begins, program.size, lambda: program)


def warn(guest: Guest) -> None:
    """Tell the user of a program that begins where nobody said that it should."""
    if guest.lost:
        from isa.asm.near import suggestion

        named = guest.program.symbol(0)
        place = "" if named.startswith("0x") else f" ({named})"
        meant = suggestion(START, guest.program.symbols)
        streams.say(f"warning: there is no {START}: the program begins at address 0{place}{meant}")


def assemble(isa: Isa, names: Sequence[str], flags: Sequence[str]) -> tuple[Program, list[str]]:
    """The program, and the files that it was made from; C is compiled and linked with the C library."""
    from dbt.cli import confine

    reach = confine.reach(names, flags)
    if any(name.lower().endswith(".c") for name in names):
        from dbt.cli.compiler import compile_all
        from isa.asm.assemble import assemble as link

        compiled = compile_all(names, flags)
        return link(isa, compiled.sources, reach=reach), list(compiled.files)
    from isa.asm.assemble import assemble_files

    program = assemble_files(isa, list(names), definitions=cflags.definitions(flags), reach=reach)
    return program, [file for file, _ in program.sources]


def digest(file: str) -> bytes:
    """Of a file's contents; empty if it cannot be read."""
    try:
        return blake2b(contents(file), digest_size=16).digest()
    except OSError:
        return b""
