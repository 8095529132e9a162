"""What a machine is loaded with: a program from a file or a text, or nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ring1.dbt.api.errors import DescriptionError, ProgramError
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa
from ring1.isa.source import SourceError

ASSEMBLY = (".s", ".asm")


def described(isa: str | os.PathLike[str] | Isa) -> Isa:
    """Return a description by its name or file. Raises DescriptionError."""
    if isinstance(isa, Isa):
        return isa
    from ring1.isa.load import load

    try:
        return load(os.fspath(isa))
    except SourceError as error:
        raise DescriptionError(str(error)) from None
    except OSError as error:
        raise DescriptionError(f"{error.filename or isa}: {error.strerror or error}") from None


def program_of(
    isa: Isa, given: Sequence[str | os.PathLike[str] | Program], source: str | None, image: bytes | None
) -> Program:
    """Return the program that is given in one of these ways, or an empty one. Raises ProgramError."""
    made = [each for each in given if isinstance(each, Program)]
    if made:
        if len(given) > 1:
            raise ProgramError("a program that is linked is linked with nothing else")
        return made[0]
    if given:
        return program(isa, [os.fspath(name) for name in given if not isinstance(name, Program)])
    return raw(image or b"") if source is None else text(isa, source)


def program(isa: Isa, files: Sequence[str]) -> Program:
    """Return the program in these files: assembly files, one raw image or one linked file. Raises ProgramError."""
    try:
        kinds = [kind_of(name) for name in files]
        if all(kind in ASSEMBLY for kind in kinds):
            from ring1.isa.asm.assemble import assemble_files

            return assemble_files(isa, list(files))
        if len(files) > 1:
            raise ProgramError("several files are linked if they are assembly (.s); others are programs by themselves")
        if kinds[0] == ".bin":
            with open(files[0], "rb") as file:
                return raw(file.read())
        if kinds[0] == ".elf":
            from ring1.isa.elf.convert import convert
            from ring1.isa.files import contents

            return convert(isa, files[0], contents(files[0]))
        compiled = "; `ring1 cc` makes an image of C" if kinds[0] == ".c" else ""
        raise ProgramError(f"{files[0]}: neither assembly (.s) nor an image (.bin) nor linked (.elf){compiled}")
    except SourceError as error:
        raise ProgramError(str(error)) from None
    except OSError as error:
        raise ProgramError(f"{error.filename or files[0]}: {error.strerror or error}") from None


def text(isa: Isa, source: str, name: str = "<text>") -> Program:
    """Return the program that is assembled from a text. Raises ProgramError."""
    from ring1.isa.asm.assemble import assemble

    try:
        return assemble(isa, [(name, source)])
    except SourceError as error:
        raise ProgramError(str(error)) from None


def raw(image: bytes) -> Program:
    """Return a program of which nothing is known but its bytes."""
    return Program(image, 0, len(image), {}, (), (), {}, ())


def kind_of(name: str) -> str:
    """Return the kind of a file by its extension; .elf also for one that begins like a linked file."""
    kind = os.path.splitext(name)[1].lower()
    if kind in ("", ".out"):
        with open(name, "rb") as file:
            return ".elf" if file.read(4) == b"\x7fELF" else kind
    return kind
