"""The guest program of a command line: assembled, or kept from the last time, or a raw image."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from ring1.dbt.cli import streams
from ring1.dbt.cli.cflags import Build
from ring1.dbt.cli.files import digest
from ring1.dbt.cli.outcome import Failure
from ring1.isa import store
from ring1.isa.files import contents
from ring1.isa.model import Isa

if TYPE_CHECKING:
    from ring1.isa.asm.program import Program

ASSEMBLY = (".s", ".asm")
START = "_start"
"""Where an assembled program begins."""
GLOBAL_MAIN = re.compile(rb"^[ \t]*\.glob(?:a)?l[ \t][^#/\n]*(?<![\w.$])main(?![\w.$])", re.MULTILINE)
BEGINS = re.compile(rb"(?<![\w.$])_start[ \t]*[:=]|[ \t,]_start[ \t]*,|\.include\b")
"""What may define the place where a program begins."""
START_UP = {"lui", "addi", "jalr", "lw", "wrcr", "rfe"}
"""Instructions without which a machine cannot have the C start-up."""
WHOLE = {".bin": "a raw image", ".elf": "a linked file"}
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
        self.arguments: tuple[bytes, ...] = ()
        """Of the program, its own name first; none to one that takes none."""

    def give(self, name: str, words: Sequence[str]) -> None:
        """Let the program have these words as its arguments. Raises Failure if it takes none, and there are some."""
        from ring1.dbt.machine.loading import wanted

        if wanted(self.image, self.entry) is not None:
            self.arguments = tuple(os.fsencode(word) for word in (name, *words))
        elif words:
            raise Failure(f"{name} takes no arguments: it does not begin with the C start-up (docs/c.md)")

    @property
    def room(self) -> int:
        """Bytes of RAM that the program needs at least."""
        from ring1.dbt.machine.loading import arranged

        return max(self.size, len(self.image)) + (len(arranged(self.arguments, 0)) if self.arguments else 0)

    @cached_property
    def program(self) -> Program:
        """The program with its symbols and lines."""
        return self.whole()


def load(isa: Isa, names: Sequence[str], build: Build | None = None, words: Sequence[str] = ()) -> Guest:
    """The program in these files, made as `build` says, with these words for arguments. Without C, the macros that are
    defined are symbols. Raises AsmError, OSError with the file's name,
    Failure."""
    kinds = [kind_of(name) for name in names]
    for name, kind in zip(names, kinds, strict=True):
        os.stat(name)
        if kind not in (*ASSEMBLY, *WHOLE, ".c"):
            raise Failure(f"{name}: neither C (.c) nor assembly (.s) nor a raw image (.bin) nor linked (.elf)")
    for kind, make in ((".bin", raw), (".elf", partial(linked, isa))):
        if kind in kinds:
            if len(names) > 1:
                raise Failure(f"{WHOLE[kind]} is a whole program: give one {kind} and nothing else")
            guest = make(names[0])
            break
    else:
        guest = assembled(isa, names, build or Build())
    guest.give(names[0], words)
    return guest


def raw(name: str) -> Guest:
    """A raw image: it begins at address 0. Nothing is known of it but its bytes, unless its names are beside it."""
    if os.stat(name).st_size > MOST:
        raise Failure(f"{name}: larger than any RAM")
    image = contents(name)
    from ring1.dbt.cli import symbols

    named = symbols.read(name, image)
    return nameless(image) if named is None else Guest(image, 0, named.size, lambda: named)


def kind_of(name: str) -> str:
    """What a file is, by the end of its name; without any, it may say itself that it is linked."""
    kind = os.path.splitext(name)[1].lower()
    if kind in ("", ".out") and os.path.isfile(name):
        with open(name, "rb") as file:
            return ".elf" if file.read(4) == b"\x7fELF" else kind
    return kind


def linked(isa: Isa, name: str) -> Guest:
    """A linked ELF file, its instructions encoded anew, or as they were the last time. Raises ElfError."""
    data = contents(name)
    entry = store.key("elf", isa.digest, name, data)
    known: Program | None = store.load("program", entry)
    if known is None:
        from ring1.isa.elf.convert import convert

        known = convert(isa, name, data)
        store.save("program", entry, known)
    program = known
    return Guest(program.image, program.entry, program.size, lambda: program)


def nameless(image: bytes) -> Guest:
    """A program of which nothing is known but its bytes."""

    def whole() -> Program:
        from ring1.isa.asm.program import Program

        return Program(image, 0, len(image), {}, (), (), {}, ())

    return Guest(image, 0, len(image), whole)


def assembled(isa: Isa, names: Sequence[str], build: Build) -> Guest:
    """The program assembled from these files: the one from last time if none of its sources has changed."""
    read = map(contents, (*names, *isa.files))
    # Names as they were given are part of a program's messages; where they lead decides what it includes.
    paths = map(os.path.abspath, names)
    entry = store.key(*map(os.fsencode, (*names, *paths, *build.gcc)), f"{build.stack} {build.confined}", *read)

    def whole() -> Program:
        program: Program | None = store.load("program", entry)
        return program or assemble(isa, names, build)[0]

    cached = store.load("image", entry)
    if cached is not None and all(digest(file) == was for file, was in cached[0].items()):
        image, begin, size = cached[1]
        return Guest(image, begin, size, whole)
    program, files = assemble(isa, names, build)
    store.save("program", entry, program)
    sources = {file: digest(file) for file in files}
    begins = program.entry if START in program.symbols else None
    store.save("image", entry, (sources, (program.image, begins, program.size)))
    return Guest(program.image, begins, program.size, lambda: program)


def warn(guest: Guest) -> None:
    """Tell the user of a program that begins where nobody said that it should."""
    if guest.lost:
        from ring1.isa.asm.near import suggestion

        named = guest.program.symbol(0)
        place = "" if named.startswith("0x") else f" ({named})"
        meant = suggestion(START, guest.program.symbols)
        streams.say(f"warning: there is no {START}: the program begins at address 0{place}{meant}")


def begins_like_c(isa: Isa, names: Sequence[str]) -> bool:
    """Have these assembly files a global `main`, and nothing that begins before it, on a machine that can begin so?"""
    if not isa.instructions.keys() >= START_UP:
        return False
    texts = [contents(name) for name in names]
    return any(map(GLOBAL_MAIN.search, texts)) and not any(map(BEGINS.search, texts))


def assemble(isa: Isa, names: Sequence[str], build: Build) -> tuple[Program, list[str]]:
    """The program, and the files that it was made from; C, and what begins like C, is linked with the C library."""
    from ring1.dbt.cli import confine

    reach = confine.reach(names, build.confined)
    if any(name.lower().endswith(".c") for name in names) or begins_like_c(isa, names):
        from ring1.dbt.cli.compiler import compile_all
        from ring1.isa.asm.assemble import assemble as link

        compiled = compile_all(names, build)
        program = link(isa, compiled.sources, definitions=compiled.definitions, reach=reach, keep=True)
        return program, list(compiled.files)
    from ring1.isa.asm.assemble import assemble_files

    program = assemble_files(isa, list(names), definitions=build.definitions, reach=reach, keep=True)
    return program, [file for file, _ in program.sources]
