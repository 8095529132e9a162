"""The guest program of a command line: assembled, taken from the cache, or a raw image."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
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
    from ring1.isa.board import Board

ASSEMBLY = (".s", ".asm")
START = "_start"
"""The symbol at which an assembled program begins."""
GLOBAL_MAIN = re.compile(rb"^[ \t]*\.glob(?:a)?l[ \t][^#/\n]*(?<![\w.$])main(?![\w.$])", re.MULTILINE)
BEGINS = re.compile(rb"(?<![\w.$])_start[ \t]*[:=]|[ \t,]_start[ \t]*,|\.include\b")
"""Text that may define the symbol where a program begins."""
PG32, RV32 = "pg32", "rv32"
WHOLE = {".bin": "a raw image", ".elf": "a linked file"}
MOST = 1 << 32
"""Bytes of the largest image that fits into any RAM."""


class Guest:
    """A program for a virtual machine: `image` at address `base`, in a RAM of at least `size` bytes from there on.

    Symbols and lines, which are much larger, are loaded only on demand.
    """

    def __init__(
        self, image: bytes, entry: int, size: int, whole: Callable[[], Program], lost: bool = False, base: int = 0
    ) -> None:
        self.image = image
        self.entry = entry
        self.lost = lost
        """Is the entry point unknown, and the beginning taken for it?"""
        self.base = base
        self.size = size
        self.whole = whole
        self.board: Board | None = None
        """The machine's board, if it has one."""
        self.tohost: int | None = None
        """The address of a word by which the program ends."""
        self.arguments: tuple[bytes, ...] = ()
        """Arguments of the program, its own name first; empty for one that takes none."""

    def give(self, name: str, words: Sequence[str]) -> None:
        """Pass these words to the program as arguments. Raises Failure if there are some and it takes none."""
        from ring1.dbt.machine.loading import wanted

        if wanted(self.image, self.entry, self.base) is not None:
            self.arguments = tuple(os.fsencode(word) for word in (name, *words))
        elif words:
            raise Failure(f"{name} takes no arguments: it does not begin with the C start-up (docs/c.md)")

    @property
    def room(self) -> int:
        """The least RAM in bytes that the program needs."""
        from ring1.dbt.machine.loading import arranged

        return max(self.size, len(self.image)) + (len(arranged(self.arguments, 0)) if self.arguments else 0)

    @cached_property
    def program(self) -> Program:
        """The program with its symbols and lines."""
        return self.whole()


def load(
    isa: Isa,
    names: Sequence[str],
    build: Build | None = None,
    words: Sequence[str] = (),
    board: Board | None = None,
) -> Guest:
    """Load the program in these files, built as `build` says for a board, with `words` for arguments. Without C, macros
    that are defined become symbols. Raises AsmError, OSError with the file's name, Failure."""
    kinds = [kind_of(name) for name in names]
    for name, kind in zip(names, kinds, strict=True):
        os.stat(name)
        if kind not in (*ASSEMBLY, *WHOLE, ".c"):
            raise Failure(f"{name}: neither C (.c) nor assembly (.s) nor a raw image (.bin) nor linked (.elf)")
    for kind, make in ((".bin", partial(raw, isa)), (".elf", partial(linked, isa))):
        if kind in kinds:
            if len(names) > 1:
                raise Failure(f"{WHOLE[kind]} is a whole program: give one {kind} and nothing else")
            guest = make(names[0])
            break
    else:
        guest = assembled(isa, names, build or Build(), board)
    guest.give(names[0], words)
    return guest


def raw(isa: Isa, name: str) -> Guest:
    """Load a raw image, which begins where RAM does. Nothing is known of it but its bytes, unless there is a file of
    names."""
    if os.stat(name).st_size > MOST:
        raise Failure(f"{name}: larger than any RAM")
    image = contents(name)
    from ring1.dbt.cli import symbols

    named = symbols.read(name, image, isa.memory)
    if named is None:
        return nameless(image, isa.memory)
    return Guest(image, isa.memory, named.room, lambda: named, base=isa.memory)


def machine_of(names: Sequence[str]) -> str:
    """Return the name of the machine that a program is for, whatever is wrong with it: that of a linked file for RISC-V
    with all registers is rv32, and all others are for pg32."""
    from ring1.isa.elf.machine import is_whole

    for name in names:
        with suppress(OSError):
            if kind_of(name) == ".elf" and is_whole(name):
                return RV32
    return PG32


def kind_of(name: str) -> str:
    """Return the kind of a file by its extension; .elf also for one without, or called .out, that begins like a linked
    file."""
    kind = os.path.splitext(name)[1].lower()
    if kind in ("", ".out") and os.path.isfile(name):
        with open(name, "rb") as file:
            return ".elf" if file.read(4) == b"\x7fELF" else kind
    return kind


def linked(isa: Isa, name: str) -> Guest:
    """Load a linked ELF file, its instructions encoded anew, or taken from the cache. Raises ElfError."""
    program = linked_program(isa, name, contents(name))
    guest = Guest(program.image, program.entry, program.room, lambda: program, base=program.base)
    guest.tohost = program.symbols.get("tohost") if isa.board else None
    return guest


def linked_program(isa: Isa, name: str, data: bytes) -> Program:
    """Return the program in a linked ELF file with these bytes. Raises ElfError."""
    entry = store.key("elf", isa.digest, name, data)
    known: Program | None = store.load("program", entry)
    if known is None:
        from ring1.isa.elf.convert import convert

        known = convert(isa, name, data)
        store.save("program", entry, known)
    return known


def nameless(image: bytes, base: int = 0) -> Guest:
    """Return a program of which nothing is known but its bytes, the first of them at `base`."""

    def whole() -> Program:
        from ring1.isa.asm.program import Program

        return Program(image, base, base + len(image), {}, (), (), {}, (), base=base)

    return Guest(image, base, len(image), whole, base=base)


def assembled(isa: Isa, names: Sequence[str], build: Build, board: Board | None = None) -> Guest:
    """Assemble a program from these files; the cached one is used if none of its sources has changed."""
    read = map(contents, (*names, *isa.files))
    # Messages contain file names as given; absolute paths decide what is included.
    paths = map(os.path.abspath, names)
    where = board.path if board else ""
    entry = store.key(*map(os.fsencode, (*names, *paths, *build.gcc)), f"{build.stack} {build.confined} {where}", *read)

    def whole() -> Program:
        program: Program | None = store.load("program", entry)
        return program or assemble(isa, names, build, board)[0]

    cached = store.load("image", entry)
    if cached is not None and all(digest(file) == was for file, was in cached[0].items()):
        image, begin, size, lost = cached[1]
        return Guest(image, begin, size, whole, lost, isa.memory)
    program, files = assemble(isa, names, build, board)
    store.save("program", entry, program)
    sources = {file: digest(file) for file in files}
    lost = START not in program.symbols
    store.save("image", entry, (sources, (program.image, program.entry, program.room, lost)))
    return Guest(program.image, program.entry, program.room, lambda: program, lost, program.base)


def warn(guest: Guest) -> None:
    """Warn the user about a program without a defined entry point."""
    if guest.lost:
        from ring1.isa.asm.near import suggestion

        named = guest.program.symbol(guest.entry)
        place = "" if named.startswith("0x") else f" ({named})"
        meant = suggestion(START, guest.program.symbols)
        at = f"{guest.entry:#x}" if guest.entry else "0"
        streams.say(f"warning: there is no {START}: the program begins at address {at}{place}{meant}")


def begins_like_c(isa: Isa, names: Sequence[str]) -> bool:
    """Do these assembly files have a global `main`, and nothing that begins before it, on a machine that can run the C
    start-up code?"""
    from ring1.dbt.cli.runtime import target_of

    if target_of(isa) is None:
        return False
    texts = [contents(name) for name in names]
    return any(map(GLOBAL_MAIN.search, texts)) and not any(map(BEGINS.search, texts))


def assemble(isa: Isa, names: Sequence[str], build: Build, board: Board | None = None) -> tuple[Program, list[str]]:
    """Return the program for a machine with a board, and the files that it was made from. C, and assembly that begins
    like C, is linked with the C library."""
    from ring1.dbt.cli import confine

    reach = confine.reach(names, build.confined)
    if any(name.lower().endswith(".c") for name in names) or begins_like_c(isa, names):
        from ring1.dbt.cli.compiler import compile_all
        from ring1.isa.asm.assemble import assemble as link

        compiled = compile_all(isa, board, names, build)
        program = link(isa, compiled.sources, definitions=compiled.definitions, reach=reach, keep=True)
        return program, list(compiled.files)
    from ring1.isa.asm.assemble import assemble_files

    program = assemble_files(isa, list(names), definitions=build.definitions, reach=reach, keep=True)
    return program, [file for file, _ in program.sources]
