"""The disk image of examples/os: a read-only file system with the user programs. Its format is in abi.s.

python -m ring1.examples.os.image OUT [FILE...]

Programs (.s) are assembled for USER_BASE; other files are put there as they are. Without FILEs: the programs in
user/ and the texts in files/.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load

HERE = Path(__file__).parent
LIBRARY = ("start.s", "lib.s")
"""Sources in user/ that are parts of programs."""

USER_BASE = 0x40000000
PAGE = 4096
MAGIC = int.from_bytes(b"R1FS", "little")
VERSION = 1
HEADER = struct.Struct("<IIIII12x")
"""Magic, version, pages of the file system, files, and what makes the sum of the directory's words 0."""
ENTRY = struct.Struct("<24sII")
"""Name, first page, bytes."""
MOST_FILES = PAGE // ENTRY.size - 1
MOST_NAME = 23


def build(files: Mapping[str, bytes]) -> bytes:
    """The image with these files. Raises ValueError if there are too many, or a name cannot be one."""
    if len(files) > MOST_FILES:
        raise ValueError(f"{len(files)} files; the directory holds {MOST_FILES}")
    page, entries, data = 1, b"", b""
    for name, content in sorted(files.items()):
        label = name.encode()
        if not 0 < len(label) <= MOST_NAME or b"\0" in label or b" " in label:
            raise ValueError(f"{name!r}: a name has 1 to {MOST_NAME} bytes, no blanks among them")
        entries += ENTRY.pack(label, page, len(content))
        padded = content + bytes(-len(content) % PAGE)
        data += padded
        page += len(padded) // PAGE
    entries = entries.ljust(PAGE - HEADER.size, b"\0")
    directory = HEADER.pack(MAGIC, VERSION, page, len(files), 0) + entries
    check = -sum(struct.unpack(f"<{PAGE // 4}I", directory)) % 2**32
    return HEADER.pack(MAGIC, VERSION, page, len(files), check) + entries + data


def contents(paths: Sequence[Path]) -> dict[str, bytes]:
    """Name on the disk -> contents. Raises AsmError, OSError."""
    return {path.stem if path.suffix == ".s" else path.name: content(path) for path in paths}


def content(path: Path) -> bytes:
    return assemble_files(load("pg32"), [str(path)], USER_BASE).image if path.suffix == ".s" else path.read_bytes()


def sources() -> list[Path]:
    """The files of the standard image."""
    programs = [path for path in HERE.glob("user/*.s") if path.name not in LIBRARY]
    return sorted([*programs, *HERE.glob("files/*")])


def main(arguments: Sequence[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    out, *paths = map(Path, arguments)
    image = build(contents(paths or sources()))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(image)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
