"""The example programs with what they must print: one table for every test that runs programs.

No output here comes from running ring1. It is computed by Python's libraries, by a model of a few lines that
shares nothing with the program but its parameters (the `.equ`s at the top of `examples/NAME.s`), or, where
only the manual can say, by hand.
"""

import hashlib
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@dataclass(frozen=True)
class Program:
    """One run of an example: its input, and what it must do.

    `name`        the file's name without `.s`; several runs may share a file
    `stdin`       the console's input
    `disk`        the disk's contents before the run, or None for a machine without a disk
    `output`      all that the console shows
    `exit_code`   what the program writes to the power port
    `disk_after`  the disk's contents after the run, or None for a machine without a disk
    """

    name: str
    stdin: bytes
    disk: bytes | None
    output: bytes
    exit_code: int
    disk_after: bytes | None = None

    @property
    def source(self) -> Path:
        """The program's assembly source."""
        return EXAMPLES / f"{self.name}.s"


def _fib(n: int = 20) -> bytes:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return b"fib(%d) = %d\n" % (n, a)


def _sieve(limit: int = 20000) -> bytes:
    primes: list[int] = []
    for number in range(2, limit):
        if all(number % prime for prime in primes if prime * prime <= number):
            primes.append(number)
    return b"%d primes below %d, the largest is %d\n" % (len(primes), limit, primes[-1])


def _quicksort(count: int = 2000, step: int = 250, seed: int = 12345) -> bytes:
    numbers: list[int] = []
    for _ in range(count):
        seed = (seed * 1664525 + 1013904223) % 2**32
        numbers.append(seed)
    return b"".join(b"%d\n" % number for number in sorted(numbers)[::step]) + b"in order\n"


def _escape_time(c_re: int, c_im: int, limit: int) -> int:
    """Steps until |z| > 2, at most `limit`. Numbers have 12 bits after the point and are rounded down."""
    re = im = 0
    for steps in range(limit):
        re2, im2 = re * re // 4096, im * im // 4096
        if re2 + im2 > 4 * 4096:
            return steps
        re, im = re2 - im2 + c_re, re * im // 2048 + c_im
    return limit


def _mandelbrot(width: int = 70, height: int = 24, limit: int = 60) -> bytes:
    def row(c_im: int) -> bytes:
        times = [_escape_time(-9216 + 176 * column, c_im, limit) for column in range(width)]
        return bytes(b"@"[0] if time == limit else b" .:-=+*%#o"[time % 10] for time in times) + b"\n"

    return b"".join(row(-4922 + 428 * line) for line in range(height))


LIFE_PICTURE = """\
.#......................#.......
..#.....................#.......
###.............................
................................
................................
...................##...........
...................##...........
................................
................................
..........###...................
................................
................................
............................##..
...........................##...
............................#...
........................#.......
"""


def _life(generations: int = 16, every: int = 4) -> bytes:
    rows = LIFE_PICTURE.split()
    height, width = len(rows), len(rows[0])
    alive = {(y, x) for y, line in enumerate(rows) for x, cell in enumerate(line) if cell == "#"}

    def around(y: int, x: int) -> Iterator[tuple[int, int]]:
        for dy, dx in ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)):
            yield (y + dy) % height, (x + dx) % width

    output = ""
    for generation in range(generations + 1):
        if generation % every == 0:
            output += f"generation {generation}\n"
            for y in range(height):
                output += "".join("#" if (y, x) in alive else "." for x in range(width)) + "\n"
        neighbours: dict[tuple[int, int], int] = {}
        for cell in alive:
            for place in around(*cell):
                neighbours[place] = neighbours.get(place, 0) + 1
        alive = {place for place, n in neighbours.items() if n == 3 or (n == 2 and place in alive)}
    return output.encode()


# An interrupt is taken as soon as `time`, the number of instructions retired, reaches `timecmp`, and `rdtime`
# sees those retired before it: the handler's first instruction reads the programmed time exactly. Of the
# 10000 instructions between two ticks 8 are the handler's; the others are the main loop's, two to a trip:
# 4996 trips. A halt moves time on to `timecmp`; the program prints thousands.
TIMER = b"""\
tick 1 at 10000
tick 2 at 20000, counted 4996
tick 3 at 30000, counted 4996
tick 4 at 40000, counted 4996
tick 5 at 50000, counted 4996
slept until 500 thousand
slept until 900 thousand
no handler ran
"""

# Causes and tval as in the manual's section "Traps and interrupts"; addresses as in the table that opens
# traps.s. "An access that faults in any byte changes nothing, and tval holds the lowest faulting address": lw
# at 40001ffe has its first half on a readable page, and sw at 40004ffe on a writable one. `misaligned` is
# checked first; `cas` needs write permission even when nothing is stored; a table outside RAM is a page
# fault, a leaf outside RAM a bus error.
TRAPS = b"""\
ring 0, paging off
  illegal, tval 00000000
  illegal, tval ffffffff
  breakpoint, tval 00000000
  syscall, tval 000004d2
  syscall, tval 0000ffff
  divzero, tval 00000000
  divzero, tval 00000000
  misaligned, tval 00203002
  misaligned, tval 00203001
  bus error, tval f0000004
  bus error, tval f0000005
  bus error, tval f0000000
ring 0, paging on
  fetch page fault, tval 40002000
  fetch page fault, tval 40001008
  load page fault, tval 40002004
  load page fault, tval 40002000
  load page fault, tval 40003003
  load page fault, tval 80000010
  store page fault, tval 40001008
  store page fault, tval 40001000
  store page fault, tval 40003fff
  store page fault, tval 40005000
  misaligned, tval 40002001
  bus error, tval f0000008
  bus error, tval f0000008
  bus error, tval f0000008
ring 3
  privileged, tval is the instruction word
  privileged, tval is the instruction word
  privileged, tval is the instruction word
  privileged, tval is the instruction word
  privileged, tval is the instruction word
  syscall, tval 0000004d
  breakpoint, tval 00000000
  divzero, tval 00000000
  load page fault, tval 40004000
  store page fault, tval 40004001
  fetch page fault, tval 00000100
  store page fault, tval 4000100c
back in ring 0
"""

# psw: RING 1:0, IE 2, PRING 4:3, PIE 5, FLAGS 15:8, others read 0: ring 0 writes fffffffc and reads ff3c.
# Down in ring 3 the flags are those that ring 0 set (a5) and RING is 3; after a system call PRING is 3 as
# well (a trap sets it, `rfe` leaves it): 1b, and `setpsw` of all ones adds ff00. ptb: EN, ASID 5 at bit 1,
# ROOT 200000; bits 11:9 read 0. Page table entries: 203000 + V R W = 7, with A (40) after the load.
HOLES = b"""\
ring 0
  getpsw                         00000000
  getpsw after setpsw ffffff..   0000ff3c
  lra 00012345, paging off       00012345
  getptb                         0020000b
  lra 40001123, the kernel's     00203123
  lra 40002456, ring 3's         00204456
  lra 40000000, not readable     ffffffff
  lra 40003000, not valid        ffffffff
  page table entry after lra     00203007
  page table entry after a load  00203047
ring 3, by jru
  getpsw                         0000a503
  getpsw after setpsw ffffff..   0000ff1b
  getpsw after setpsw 00000000   0000001b
  getptb                         0020000b
  lra 40001123, the kernel's     ffffffff
  lra 40002456, ring 3's         00204456
  lra 40000000, not readable     ffffffff
  lra 40003000, not valid        ffffffff
  getpsw after jru               0000001b
back in ring 0
"""

# holes.s on the variants of PG32, whose holes trap in ring 3: the handler shows each trap and makes the value
# 0. The last trap is that of `jru` on pg32v, where the program ends, and of the `getpsw` after it on pg32h.
# Ring 0 is as on PG32.
_TRAPPED = b"""\
ring 3, by jru
  trapped: privileged
  getpsw                         00000000
  trapped: privileged
  trapped: privileged
  getpsw after setpsw ffffff..   00000000
  trapped: privileged
  trapped: privileged
  getpsw after setpsw 00000000   00000000
  trapped: privileged
  getptb                         00000000
  trapped: privileged
  lra 40001123, the kernel's     00000000
  trapped: privileged
  lra 40002456, ring 3's         00000000
  trapped: privileged
  lra 40000000, not readable     00000000
  trapped: privileged
  lra 40003000, not valid        00000000
  trapped: privileged
"""
_RING_0 = HOLES.partition(b"ring 3, by jru")[0]
HOLES_ON_VARIANT: dict[str, bytes] = {
    "pg32v": _RING_0 + _TRAPPED + b"back in ring 0\n",
    "pg32h": _RING_0 + _TRAPPED + b"  getpsw after jru               00000000\nback in ring 0\n",
}

# "Instruction fetch sees every earlier store (self-modifying code needs no fence)."
SMC = b"""\
the next instruction, patched from 1 to 2: 2
1 and 2 in turn, 100 times: the sum is 150: 150
a routine that says 1: 1
the same, patched to say 2: 2
a routine across a page boundary that says 7: 7
the same, patched to say 400: 400
the same, patched back to 7: 7
the next instruction, patched by single bytes from 1 to 2: 2
a routine copied to where data was, that says 2: 2
"""


def _random_bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)


def _console(name: str, output: bytes, stdin: bytes = b"") -> Program:
    return Program(name, stdin, None, output, 0)


def _crc32(data: bytes) -> Program:
    return _console("crc32", b"%08x\n" % zlib.crc32(data), data)


def _sha256(data: bytes) -> Program:
    return _console("sha256", hashlib.sha256(data).hexdigest().encode() + b"\n", data)


def _disk(sectors: int, chunk: int = 8) -> Program:
    """A copy of sectors // 2 sectors: a read and a write for each chunk, and a flush; an interrupt each."""
    half = sectors // 2
    before = _random_bytes(sectors * 512)
    first, rest = before[: half * 512], before[2 * half * 512 :]
    interrupts = 2 * -(-half // chunk) + 1
    output = b"%d sectors copied, %d interrupts\n" % (half, interrupts)
    return Program("disk", b"", before, output, 0, first + first + rest)


PROGRAMS: tuple[Program, ...] = (
    _console("hello", b"Hello, world!\n"),
    _console("echo", b"", b""),
    _console("echo", b"how now\nbrown cow", b"how now\nbrown cow"),
    _console("echo", bytes(range(256)), bytes(range(256))),
    _console("echo", b"\xff" * 5000, b"\xff" * 5000),
    _console("fib", _fib()),
    _console("sieve", _sieve()),
    _console("crc32", b"cbf43926\n", b"123456789"),  # the check value of the CRC catalogues
    _crc32(b""),
    _crc32(b"\0"),
    _crc32(bytes(range(256))),
    _crc32(_random_bytes(20_000)),
    _console(  # FIPS 180-4's example
        "sha256", b"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n", b"abc"
    ),
    _sha256(b""),
    _sha256(b"a" * 55),  # the longest that leaves room for the length in its block
    _sha256(b"b" * 56),  # the shortest that does not
    _sha256(b"c" * 63),
    _sha256(b"d" * 64),
    _sha256(bytes(range(256))),
    _sha256(_random_bytes(10_000)),
    _console("quicksort", _quicksort()),
    _console("mandelbrot", _mandelbrot()),
    _console("life", _life()),
    _console("timer", TIMER),
    _console("traps", TRAPS),
    _console("holes", HOLES),
    _console("smc", SMC),
    _disk(2),
    _disk(32),
    _disk(41),  # the odd sector at the end stays as it is
    Program("disk", b"", None, b"no disk\n", 1),
)
