"""examples/os: scripted sessions under every engine, with outputs written down by hand; the disk image; failures.

Every session runs under each engine, and output, exit code, instructions and state must be the same.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from zlib import crc32

import pytest

from ring1.dbt.engines import table
from ring1.dbt.machine.paging import STORE, Walk, Walker
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.examples.os import image
from ring1.isa.asm.assemble import assemble, assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.load import load
from ring1.isa.python import Trap
from tests.ways import present, way

ENGINES = present()
OTHERS = 2
"""Engines that a session is compared under."""
OS = Path(image.__file__).resolve().parent
MOST = 20_000_000
"""Instructions: far more than any session executes."""
MEMORY = 16 << 20


@cache
def kernel(settings: str = "") -> Program:
    """The kernel, with assembly in front of it."""
    return assemble(load("pg32"), [(str(OS / "kernel.s"), settings + (OS / "kernel.s").read_text())])


@cache
def standard() -> Mapping[str, bytes]:
    """The files of the standard image."""
    return image.contents(image.sources())


def user(text: str, folder: Path) -> bytes:
    """A user program's file, from the assembly of its `main` and what is behind it."""
    source = folder / "program.s"
    source.write_text(f'.include "{OS}/user/start.s"\nmain:\n{text}\n.include "{OS}/user/lib.s"\n')
    return image.content(source)


MakeWalker = Callable[[Cpu], Walker]


@dataclass
class Outcome:
    output: str
    stop: Stop
    state: Snapshot


def run(
    engine: str,
    script: str | bytes,
    disk: Path | None,
    memory: int = MEMORY,
    settings: str = "",
    walker: MakeWalker | None = None,
    isa: str = "pg32",
    most: int = MOST,
) -> Outcome:
    program, output = kernel(settings), io.BytesIO()
    source = script.encode() if isinstance(script, str) else script
    with Vm(load(isa), memory, source=source, output=output, disk=str(disk) if disk else None) as vm:
        vm.load(program.image, program.entry)
        if walker is not None:
            vm.cpu.walker = walker(vm.cpu)
        name, mmu = way(engine)
        vm.engine = table.make(name, vm, program.image, mmu)
        stop = vm.run(most)
        return Outcome(output.getvalue().decode(errors="replace"), stop, vm.state())


def several(script: str | bytes) -> list[str]:
    """The reference and some of the other engines, by turns, so that each has about a third of the sessions."""
    first = crc32(script.encode() if isinstance(script, str) else script)
    return [ENGINES[0], *(ENGINES[1 + (first + n) % (len(ENGINES) - 1)] for n in range(min(OTHERS, len(ENGINES) - 1)))]


def session(
    script: str | bytes,
    tmp_path: Path,
    files: Mapping[str, bytes] | None = None,
    disk: bytes | None = None,
    memory: int = MEMORY,
    code: int = 0,
) -> str:
    """What the console shows, the same under several engines. `files` are on the disk beside the standard ones."""
    path = tmp_path / "disk.img"
    path.write_bytes(image.build({**standard(), **(files or {})}) if disk is None else disk)
    first, *others = [run(engine, script, path, memory) for engine in several(script)]
    for other in others:
        assert other == first
    assert first.stop == Stop("exit", code), first
    return first.output


# --- Sessions ------------------------------------------------------------------


def test_programs(tmp_path: Path) -> None:
    script = "hello\n\n  echo  how   now   # brown cow\necho\nprimes 50\ncat motd\nnonsense\nhello & \nhello\n"
    assert session(script, tmp_path) == (
        "$ Hello from process 2\n"
        "$ $ how now\n"
        "$ \n"
        "$ 15 primes below 50, the greatest is 47\n"
        f"$ {standard()['motd'].decode()}"
        "$ nonsense: no such file\n"
        "$ $ Hello from process 8\n"
        "Hello from process 9\n"
        "$ "
    )


def test_ls(tmp_path: Path) -> None:
    names = sorted(standard())
    expected = "".join(f"{name} {len(standard()[name])}\n" for name in names)
    assert session("ls\n", tmp_path) == f"$ {expected}$ "
    assert {"sh", "ls", "cat", "echo", "primes", "hello", "crash", "forkbomb", "motd"} < set(names)


@pytest.mark.parametrize(
    ("script", "code"),
    [("", 0), ("halt\nhello\n", 0), ("exit\n", 0), ("exit 7\n", 7), ("exit 119", 119), ("exit 200\n", 6)],
)
def test_exit(script: str, code: int, tmp_path: Path) -> None:
    died = "kernel: the shell died\n" if code == 6 else ""
    assert session(script, tmp_path, code=code) == f"$ {died}"


def test_shown_lines(tmp_path: Path) -> None:
    assert session("set -v\necho 1\nexit 3\n", tmp_path, code=3) == "$ $ echo 1\n1\n$ exit 3\n"


def test_end_of_input_without_newline(tmp_path: Path) -> None:
    assert session("echo 1\necho 2", tmp_path) == "$ 1\n$ 2\n$ "


def test_cat_copies_the_input(tmp_path: Path) -> None:
    text = "x" * 127 + "\n" + "y" * 128 + "\n" + "z" * 300 + "\nend"
    assert session("cat\n" + text, tmp_path) == f"$ {text}$ "


def test_long_lines(tmp_path: Path) -> None:
    word = "w" * 120
    script = f"echo {word} {word}\necho {word} {word} {word}\necho {'x ' * 15}\necho {'x ' * 16}\necho end\n"
    long = "sh: the line is too long\n"
    expected = f"$ {word} {word}\n$ {long}$ {' '.join('x' * 15)}\n$ {long}$ end\n$ "
    assert session(script, tmp_path) == expected


def test_other_processes_run_meanwhile(tmp_path: Path) -> None:
    """`primes` needs several quanta; the other has its turn between them."""
    script = "primes 10000 &\nhello\nsleep 40\n"
    expected = "$ $ Hello from process 3\n$ 1229 primes below 10000, the greatest is 9973\n$ "
    assert session(script, tmp_path) == expected


def test_sleep(tmp_path: Path) -> None:
    """The shorter sleep ends first; three ticks of 100,000 take no less, and not half a tick more."""
    program = user(
        r"""
        syscall SYS_FORK
        snez a0, a0
        slli a0, a0, 1
        addi s0, a0, 1                  # the child 1, the parent 3
        rdtime s1
        mv a0, s0
        syscall SYS_SLEEP
        rdtime a0
        sub a0, a0, s1
        li t0, 100000
        remu gp, a0, t0
        divu a0, a0, t0
        call print_number
        li t0, 50000
        bltu gp, t0, 1f
        say " late"
1:      say "\n"
        li a0, 0
        syscall SYS_EXIT
        """,
        tmp_path,
    )
    assert session("nap\nsleep 4\n", tmp_path, {"nap": program}) == "$ 1\n3\n$ $ "


WORKLOAD = "forkwait 2\nchurn 1 2\nspin 150 &\nspin 150 &\nsyscalls 5\nfaults 3\nswitches 5\ncat motd\n"


def test_nothing_leaks(tmp_path: Path) -> None:
    """What the workload took is free again afterwards: the two `free`s agree."""
    script = f"free\n{WORKLOAD}crash zero\nsleep 10\nfree\n"
    output = session(script, tmp_path)
    free = re.findall(r"(\d+) frames are free", output)
    assert len(free) == 2 and free[0] == free[1]
    assert "\n$ 2 children came and went\n$ 2 pages churned\n" in output
    for what in ("5 system calls", "3 page faults", "10 context switches"):
        assert re.search(rf"^[$ ]*{what}, \d+ ticks of virtual time$", output, re.MULTILINE)


def test_tallies(tmp_path: Path) -> None:
    """Forks: forkwait, its three children, tallies. Pages read: the directory, and for each of sh, forkwait and tallies
    the page of the header when it begins and the same page again, as text, when it is touched; forkwait has data."""
    output = session("forkwait 3\ntallies\n", tmp_path)
    assert re.search(r"^\$ 5 forks\n\d+ page faults\n\d+ context switches\n8 pages read", output, re.MULTILINE), output


def test_forkbomb(tmp_path: Path) -> None:
    """32 processes at most: the shell, forkbomb and 30 more."""
    expected = "$ 30 children, and then: too many processes\n30 have ended\n$ Hello from process 33\n$ "
    assert session("forkbomb\nhello\n", tmp_path) == expected


def test_every_way_to_crash(tmp_path: Path) -> None:
    program = assemble_files(load("pg32"), [str(OS / "user/crash.s")], image.USER_BASE)
    at = program.symbols

    def word(name: str) -> str:
        return f"{struct.unpack_from('<I', program.image, at[name] - image.USER_BASE)[0]:08x}"

    stack = 0x80000000 - 1024 - 16  # the arguments, and what main's `enter` takes
    ways = [
        ("null", "load from 00000000", at["null"]),
        ("kernel", "store to 00001000", at["kernel"] + 4),
        ("text", f"store to {at['text']:08x}", at["text"] + 8),
        ("jump", f"jump to {stack:08x}", stack),
        # The stack ends at 7ffc0000, and steps are of 1024 bytes.
        ("stack", f"stack overflow {0x7FFC0000 - 16:08x}", at["stack"] + 4),
        ("zero", "division by zero", at["zero_"]),
        ("illegal", "illegal instruction 00000000", at["illegal"]),
        ("misaligned", f"misaligned {stack + 1:08x}", at["misaligned"] + 4),
        ("break", "breakpoint", at["break"]),
        *((way, f"privileged instruction {word(way)}", at[way]) for way in ("in", "hlt", "setptb")),
    ]
    expected = "".join(
        f"$ kernel: crash (pid {n}) killed: {reason} at {pc:08x}\n" for n, (_, reason, pc) in enumerate(ways, 2)
    )
    expected += "$ syscall: no such system call\n$ string: bad address\n$ Hello from process 16\n$ "
    script = "".join(f"crash {way}\n" for way in [*(way for way, _, _ in ways), "syscall", "string"])
    assert session(script + "hello\n", tmp_path) == expected


def test_session_in_the_readmes(tmp_path: Path) -> None:
    shown = (OS / "README.md").read_text().split("```\n")[3]
    assert session((OS / "demo.txt").read_text(), tmp_path) == shown
    assert shown in (OS.parent.parent / "README.md").read_text()


# --- Memory --------------------------------------------------------------------


@pytest.mark.parametrize("memory", [220 << 10, 260 << 10, 300 << 10])
def test_out_of_memory(memory: int, tmp_path: Path) -> None:
    """Some program is killed or fails, and the shell lives to the end, with as many frames as before."""
    script = "free\nhog &\nhog &\nhog\nforkbomb\nchurn 1 30\nfree\n"
    output = session(script, tmp_path, memory=memory)
    assert "out of memory" in output and "panic" not in output and output.endswith("$ ")
    free = re.findall(r"(\d+) frames are free", output)
    assert len(set(free)) == (memory > 240 << 10)


def test_too_little_memory(tmp_path: Path) -> None:
    """The kernel and its tables, but no frame for the shell's."""
    memory = (kernel().size + 4095 & -4096) + (1 << 12)
    assert session("", tmp_path, memory=memory, code=5) == "kernel: not enough memory to begin with\n"


# --- Files and the disk ----------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 10_000])
def test_files_of_all_sizes(size: int, tmp_path: Path) -> None:
    content = bytes(32 + n * 7 % 90 for n in range(size))
    expected = f"$ {content.decode()}{content.decode()}nofile: no such file\n$ "
    assert session("cat text text nofile\n", tmp_path, {"text": content}) == expected


def test_what_is_not_a_program(tmp_path: Path) -> None:
    hello = standard()["hello"]
    magic, start, text, data, end = struct.unpack_from("<5I", hello)
    broken = {
        "empty": b"",
        "short": hello[:3],
        "magic": struct.pack("<I", magic ^ 1) + hello[4:],
        "text": struct.pack("<5I", magic, start, 0x3FFFFFFF, data, end) + hello[20:],
        "data": struct.pack("<5I", magic, start, text, text - 1, end) + hello[20:],
        "long": struct.pack("<5I", magic, start, text, 0x40002000, 0x40002000) + hello[20:],
        "end": struct.pack("<5I", magic, start, text, data, data - 1) + hello[20:],
        "huge": struct.pack("<5I", magic, start, text, data, 0xFFFFFFFF) + hello[20:],
    }
    expected = "".join(f"$ {name}: not a program\n" for name in broken)
    wild = struct.pack("<5I", magic, 0x50000000, text, data, end) + hello[20:]
    expected += "$ kernel: wild (pid 10) killed: jump to 50000000 at 50000000\n$ "
    assert session("\n".join([*broken, "wild"]), tmp_path, {**broken, "wild": wild}) == expected


def changed(offset: int, value: int) -> bytes:
    """The standard image with another word in its directory."""
    made = bytearray(image.build(standard()))
    struct.pack_into("<I", made, offset, value)
    return bytes(made)


SMALL = "the disk is too small for a file system"
BAD_DISKS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "empty": (lambda: b"", 1, "there is no disk"),
    "half a sector": (lambda: bytes(300), 1, "there is no disk"),
    "small": (lambda: image.build(standard())[: 4096 - 512], 3, SMALL),
    "small and odd": (lambda: image.build(standard())[:4095], 3, SMALL),
    "zeros": (lambda: bytes(1 << 20), 3, "the disk has no file system: bad magic"),
    "magic": (lambda: changed(0, 0x12345678), 3, "the disk has no file system: bad magic"),
    "version": (lambda: changed(4, 2), 3, "the file system has a version that this kernel does not know"),
    "count": (lambda: changed(12, 128), 3, "the directory of the file system is damaged"),
    "entry": (lambda: changed(60, 1), 3, "the directory of the file system is damaged"),
    "cut": (lambda: image.build(standard())[:-512], 3, "the disk is smaller than its file system"),
    "cut to an odd size": (lambda: image.build(standard())[:-1], 3, "the disk is smaller than its file system"),
    "no files": (lambda: image.build({}), 4, "the disk has no shell that can be run"),
    "no shell": (lambda: image.build({"sh": b"#!/bin/sh\n"}), 4, "the disk has no shell that can be run"),
}


@pytest.mark.parametrize("name", BAD_DISKS)
def test_bad_disk(name: str, tmp_path: Path) -> None:
    make, code, message = BAD_DISKS[name]
    assert session("hello\n", tmp_path, disk=make(), code=code) == f"kernel: {message}\n"


def test_no_disk() -> None:
    for engine in ENGINES:
        outcome = run(engine, "hello\n", None)
        assert (outcome.output, outcome.stop) == ("kernel: there is no disk\n", Stop("exit", 1))


def test_disk_of_odd_size(tmp_path: Path) -> None:
    disk = image.build(standard()) + b"more"
    assert session("hello\n", tmp_path, disk=disk) == "$ Hello from process 2\n$ "


@pytest.mark.parametrize("engine", ENGINES)
def test_disk_that_vanishes(engine: str, tmp_path: Path) -> None:
    """The file is cut off at the shell's first prompt: the kernel has the directory, and the shell its page."""
    path, program, output = tmp_path / "disk.img", kernel(), io.BytesIO()
    path.write_bytes(image.build(standard()))
    with Vm(load("pg32"), source=b"hello\nfree\nexit 9\n", output=output, disk=str(path)) as vm:
        vm.load(program.image, program.entry)
        name, mmu = way(engine)
        vm.engine = table.make(name, vm, program.image, mmu)
        while b"$" not in output.getvalue():
            assert vm.run(vm.cpu.retired + 100) == Stop("limit")
        path.write_bytes(b"")
        assert vm.run(MOST) == Stop("exit", 9)
    assert output.getvalue() == b"$ hello: disk error\n$ free: disk error\n$ "


def spoilt(seed: int) -> bytes:
    """The standard image with bytes changed by chance, and a checksum of its directory that mostly says that all is
    well."""
    r, made = Random(seed), bytearray(image.build(standard()))
    for _ in range(r.choice((1, 3, 10, 100))):
        at = r.randrange(len(made)) if r.random() < 0.5 else r.randrange(32 * (2 + len(standard())))
        made[at] = r.choice((0, 0xFF, made[at] ^ 1 << r.randrange(8), r.getrandbits(8)))
    if r.random() < 0.8:
        made[16:20] = bytes(4)
        struct.pack_into("<I", made, 16, -sum(struct.unpack("<1024I", made[:4096])) % 2**32)
    return bytes(made)


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_disks(seed: int, tmp_path: Path) -> None:
    """Whatever is on the disk, shell and programs included, the kernel makes no mistake, and every engine shows the
    same."""
    path = tmp_path / "disk.img"
    path.write_bytes(spoilt(seed))
    script = f"ls\ncat motd\nprimes 50 &\nhello\nfaults 3\nexit {seed % 99}\n"
    first, *others = [run(engine, script, path, most=2_000_000) for engine in several(script)]
    assert first.stop.reason == "limit" or (first.stop.reason == "exit" and first.stop.code != 99), first
    assert "panic" not in first.output
    for other in others:
        assert other == first


def test_page_that_cannot_be_read(tmp_path: Path) -> None:
    """A program whose second page lies behind the end of the disk; the directory does not tell."""
    program = user("la t0, far\n jr t0\n .space 4096\nfar: ret", tmp_path)
    made = bytearray(image.build({"sh": standard()["sh"], "zz": program}))
    pages, check = struct.unpack_from("<I", made, 8)[0], struct.unpack_from("<I", made, 16)[0]
    struct.pack_into("<I", made, 8, pages - 1)
    struct.pack_into("<I", made, 16, check + 1)
    output = session("zz\nzz\n", tmp_path, disk=bytes(made[:-4096]))
    assert re.fullmatch(r"(\$ kernel: zz \(pid \d\) killed: disk error at 4000[0-9a-f]{4}\n){2}\$ ", output)


# --- What a program can rely on ----------------------------------------------------


def test_registers_and_flags_are_kept(tmp_path: Path) -> None:
    """Through interrupts, switches and system calls: every register but the result, and the flags in psw."""
    names = ["ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a1", "a2", "a3", "a4", "a5"]
    fill = "\n".join(f"li {name}, 0x1234{n:04x}" for n, name in enumerate(names))
    check = "\n".join(f"li a0, 0x1234{n:04x}\n bne a0, {name}, bad" for n, name in enumerate(names))
    program = user(
        f"""
        li a0, 0xa500
        setpsw a0
        syscall SYS_FORK
        {fill}
        lui a0, 30                      # more than two quanta
1:      addi a0, a0, -1
        bnez a0, 1b
        {check}
        syscall SYS_YIELD
        {check}
        getpsw a0
        srli a0, a0, 8
        li a1, 0xa5
        bne a0, a1, bad
        la sp, stack
        say "kept\\n"
        li a0, 0
        syscall SYS_WAIT
        syscall SYS_EXIT
bad:    la sp, stack
        say "lost\\n"
        syscall SYS_EXIT
        .bss
        .space 64
stack:
        """,
        tmp_path,
    )
    assert session("regs\n", tmp_path, {"regs": program}) == "$ kept\nkept\n$ "


BAD_CALLS = """
        addi sp, sp, -8
        .macro call_with number, first=0, second=0, third=0
        li a0, \\first
        li a1, \\second
        li a2, \\third
        syscall \\number
        neg a0, a0
        call print_number
        say " "
        .endm
"""


def test_bad_arguments(tmp_path: Path) -> None:
    """Each gives the error that abi.s says, and the process lives on."""
    calls = [
        ("SYS_READ, 3, buffer, 1", 7),
        ("SYS_READ, -1, buffer, 1", 7),
        ("SYS_READ, 1, buffer, 1", 7),
        ("SYS_WRITE, 0, buffer, 1", 7),
        ("SYS_WRITE, 3, buffer, 1", 7),
        ("SYS_WRITE, 1, 0, 1", 6),
        ("SYS_WRITE, 1, 0x80000000, 1", 6),
        ("SYS_WRITE, 1, -1, 1", 6),
        ("SYS_WRITE, 1, 0x50000000, 1", 6),
        ("SYS_CLOSE, 11", 7),
        ("SYS_OPEN, 0", 6),
        ("SYS_OPEN, nowhere", 1),
        ("SYS_OPEN, long", 9),
        ("SYS_EXEC, nowhere, 0", 1),
        ("SYS_EXEC, motd, vector", 2),
        ("SYS_EXEC, hello, 0", 6),
        ("SYS_EXEC, hello, badvector", 6),
        ("SYS_EXEC, hello, longvector", 9),
        ("SYS_EXEC, hello, manyvector", 9),
        ("SYS_WAIT, 0", 5),
        ("SYS_SBRK, 0x40000000", 3),
        ("SYS_SBRK, 0x7fffffff", 3),
        ("SYS_SBRK, -1", 3),
        ("SYS_SBRK, -0x80000000", 3),
        ("SYS_READDIR, 0, main", 6),
        ("SYS_READDIR, 0, 4096", 6),
        ("14", 11),
        ("65535", 11),
    ]
    data = """
        li a0, 0
        syscall SYS_EXIT
        .section .rodata
nowhere: .asciz "nowhere"
motd:    .asciz "motd"
hello:   .asciz "hello"
long:    .asciz "a name that is far too long for a file"
big:     .fill 2000, 1, 'x'
         .byte 0
         .align 2
vector:  .word hello, 0
badvector: .word hello, 4096, 0
longvector: .word hello, big, 0
manyvector: .rept 17
         .word hello
         .endr
         .word 0
         .bss
buffer:  .space 16
    """
    text = BAD_CALLS + "\n".join(f"call_with {call}" for call, _ in calls) + data
    expected = "$ " + "".join(f"{error} " for _, error in calls) + "$ "
    assert session("bad\n", tmp_path, {"bad": user(text, tmp_path)}) == expected


def test_what_a_system_call_reads_and_writes_across_pages(tmp_path: Path) -> None:
    """A buffer whose pages are: never touched (bss), shared with the parent; a write that ends in nothing: all or none
    of it may have been shown, and the result is an error."""
    program = user(
        """
        la a0, name
        syscall SYS_OPEN
        mv s0, a0
        la s1, buffer + 4090
        mv a1, s1
        li a2, 12
        syscall SYS_READ            # onto two pages that were never touched
        syscall SYS_FORK
        mv gp, a0
        bnez a0, 1f
        mv a0, s0
        mv a1, s1
        li a2, 12
        syscall SYS_READ            # the child, onto the shared pages
1:      li a0, 0
        syscall SYS_WAIT
        li a0, 1
        mv a1, s1
        li a2, 12
        syscall SYS_WRITE
        li a0, 0
        syscall SYS_EXIT
        .section .rodata
name:   .asciz "text"
        .bss
        .align 12
buffer: .space 8192
        """,
        tmp_path,
    )
    files = {"pages": program, "text": b"first line.\nother line.\n"}
    assert session("pages\n", tmp_path, files) == "$ other line.\nfirst line.\n$ "


def test_files_are_closed_and_opened_again(tmp_path: Path) -> None:
    program = user(
        """
        li s0, 20
1:      la a0, name
        syscall SYS_OPEN
        li t0, 3
        bne a0, t0, bad
        syscall SYS_CLOSE
        addi s0, s0, -1
        bnez s0, 1b
        li s0, 8
2:      la a0, name
        syscall SYS_OPEN
        bltz a0, bad
        addi s0, s0, -1
        bnez s0, 2b
        la a0, name
        syscall SYS_OPEN            # the ninth
bad:    mv a1, a0
        la a0, name
        call complain
        syscall SYS_EXIT
        .section .rodata
name:   .asciz "motd"
        """,
        tmp_path,
    )
    assert session("open\n", tmp_path, {"open": program}) == "$ motd: too many open files\n$ "


def hostile(seed: int, folder: Path) -> bytes:
    """A program's file: instructions at random, system calls often, on registers that hold addresses that matter."""
    r, isa = Random(seed), load("pg32")
    values = (0, 1, 3, -1, 4096, image.USER_BASE, image.USER_BASE + 0x1FFE, 0x7FFBFFFE, 0x7FFFFFFE, 0x80000000)
    unprivileged = [insn for insn in isa.instructions.values() if insn.match >> 24 < 0x80]
    words = []
    for _ in range(300):
        insn = isa.instructions["syscall"] if r.random() < 0.2 else r.choice(unprivileged)
        operands = r.getrandbits(32) & r.choice((0x00FFF0FF, 0x00FFF00C, 0xFFFFFFFF))
        words.append(insn.match | operands & ~insn.mask)
    text = "\n".join(f"li {names[0]}, {r.choice(values)}" for names in isa.registers[1:])
    return user(text + "".join(f"\n.word {word}" for word in words) + "\n.bss\n.space 8192", folder)


@pytest.mark.parametrize("seed", [1, 2])
def test_hostile_programs(seed: int, tmp_path: Path) -> None:
    """Whatever they do, the shell ends when it is told to, or where they have read its input to the end."""
    names = [f"z{n}" for n in range(6)]
    files = {name: hostile(seed * 100 + n, tmp_path) for n, name in enumerate(names)}
    path = tmp_path / "disk.img"
    path.write_bytes(image.build({**standard(), **files}))
    script = " &\n".join(names) + " &\nsleep 10\nhello\nexit 9\n"
    first, *others = [run(engine, script, path) for engine in several(script)]
    assert first.stop in (Stop("exit", 9), Stop("exit", 0)) and "panic" not in first.output
    for other in others:
        assert other == first


# --- Any machine that the manual allows ----------------------------------------------


@pytest.mark.parametrize("tick", [900, (1 << 32) - 1])
def test_interrupts_at_other_times(tick: int, tmp_path: Path) -> None:
    """The kernel works whatever the length of a quantum. One does not end in the whole session."""
    path = tmp_path / "disk.img"
    path.write_bytes(image.build(standard()))
    script = "hello\nforkwait 2\nchurn 1 2\ncat motd\n"
    settings = f".equ TICK, {tick}\n"
    outcome = run("interp", script, path, settings=settings)
    assert outcome.output == run("interp", script, path).output
    assert outcome.stop == Stop("exit", 0)


class KeepingWalker(Walker):
    """A machine with a TLB that keeps every entry until `tlbflush`, as the manual allows: also one that is not valid,
    if `invalid`. Tagged with the ASID. An entry is looked at anew only to set its A or D."""

    def __init__(self, cpu: Cpu, invalid: bool) -> None:
        self.__dict__.update(cpu.walker.__dict__)
        self.machine, self.keeps_invalid = cpu, invalid
        self.kept: dict[tuple[int, int], tuple[int, int, int]] = {}
        self.used = 0

    def flush(self) -> None:
        self.kept.clear()

    def look_up(self, address: int) -> tuple[int, int, int]:
        """The leaf entry (0 if there is none), where it is, and the page's physical address."""
        table = self.root(self.cpu) << 12
        at = table + (address >> 22) * 4
        entry = self.memory.words[at >> 2]
        if entry & 1 and entry & 14:
            return entry, at, (entry & ~0xFFF) + (address & 0x3FF000)
        if not entry & 1:
            return 0, at, 0
        at = (entry & ~0xFFF) + (address >> 12 & 1023) * 4
        entry = self.memory.words[at >> 2]
        return (entry if entry & 1 else 0), at, entry & ~0xFFF

    def walk(self, address: int, kind: int) -> Walk:
        key = self.machine.control("ptb") >> 1 & 255, address >> 12
        wanted = self.paging.accessed | (self.paging.dirty if kind == STORE else 0)
        found = self.kept.get(key)
        self.used += found is not None
        if found is None or (found[0] and wanted & ~found[0]):
            found = self.look_up(address)
        entry, at, page = found
        allowed, cause = self.rights[kind]
        granted = entry and allowed(self.cpu, entry) and not self.denials[kind](self.cpu, entry)
        marked = entry | wanted if granted else entry
        if entry or self.keeps_invalid:
            self.kept[key] = marked, at, page
        if not granted:
            raise Trap(cause, address)
        return Walk(page | address & 0xFFF, (at,), entry, marked, 12)

    def translate(self, address: int, kind: int) -> int:
        walk = self.walk(address, kind)
        self.commit(address, kind, walk)
        return walk.physical

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        if walk.marked != walk.entry:
            self.memory.write(walk.path[-1], walk.marked.to_bytes(4, "little"))


@pytest.mark.parametrize("isa", ["pg32v", "pg32h"])
def test_on_the_variants(isa: str, tmp_path: Path) -> None:
    """The kernel uses holes, in ring 0, where they are the same on all three."""
    path = tmp_path / "disk.img"
    path.write_bytes(image.build(standard()))
    script = "hello\nforkwait 2\ncrash hlt\nexit 3\n"
    plain = run("interp", script, path)
    assert plain.stop == Stop("exit", 3)
    for engine in ENGINES:
        assert run(engine, script, path, isa=isa) == plain


STALE = r"""
        li a0, 2 * PAGE
        syscall SYS_SBRK
        li t0, PAGE
        add s0, a0, t0
        sw s0, 0(s0)                    # a page of the heap that goes and comes again
        li a0, -2 * PAGE
        syscall SYS_SBRK
        li a0, 2 * PAGE
        syscall SYS_SBRK
        lw a0, 0(s0)
        call print_number
        la s0, buffer
        sw zero, 0(s0)
        syscall SYS_FORK
        mv s1, a0
        lw t0, 0(s0)                    # the TLB has the page that is shared, read-only,
        la a0, name
        syscall SYS_OPEN
        mv a1, s0
        li a2, 4
        syscall SYS_READ                # and it is the kernel that stores to it
        lw t0, 0(s0)
        snez a0, t0
        call print_number
        li a0, 0
        syscall SYS_WAIT
        bltz a0, 1f
        say "\n"
1:      li a0, 0
        syscall SYS_EXIT
        .section .rodata
name:   .asciz "motd"
        .bss
        .align 2
buffer: .space 4
"""


@pytest.mark.parametrize("invalid", [False, True])
def test_with_a_tlb_that_keeps_all_it_may(invalid: bool, tmp_path: Path) -> None:
    path = tmp_path / "disk.img"
    path.write_bytes(image.build({**standard(), "stale": user(STALE, tmp_path)}))
    made: list[KeepingWalker] = []

    def walker(cpu: Cpu) -> Walker:
        made.append(KeepingWalker(cpu, invalid))
        return made[0]

    script = "hello &\nforkwait 2\nspin 150 &\nchurn 2 2\nstale\ncrash null\nfree\n"
    outcome = run("interp", script, path, walker=walker)
    assert "\n$ 011\n" in outcome.output
    plain = run("interp", script, path)
    assert outcome.output == plain.output
    assert made[0].used > outcome.state.instructions  # it was asked, and had what it was asked for


# --- The image -------------------------------------------------------------------


def entries(disk: bytes) -> dict[str, bytes]:
    """The files of an image, read by the format as abi.s has it."""
    words = struct.unpack("<1024I", disk[:4096])
    magic, version, pages, files = words[:4]
    assert (magic, version, pages * 4096, sum(words) % 2**32) == (0x53463152, 1, len(disk), 0)
    found = {}
    for n in range(1, files + 1):
        name, page, size = struct.unpack_from("<24sII", disk, 32 * n)
        found[name.rstrip(b"\0").decode()] = disk[page * 4096 : page * 4096 + size]
        end = page * 4096 + size
        assert not any(disk[end : end + -end % 4096])
    return found


def test_image_round_trip() -> None:
    files = {"a": b"", "b": b"x" * 4096, "name-of-23-bytes-at-most": b""}
    with pytest.raises(ValueError, match="23 bytes"):
        image.build(files)
    files = {"a": b"", "b": b"x" * 4096, "c": b"y" * 4097, "name-of-just-23-bytes..": b"z"}
    assert entries(image.build(files)) == files
    assert entries(image.build(standard())) == standard()


def test_image_is_reproducible(tmp_path: Path) -> None:
    files = standard()
    assert image.build(dict(reversed(list(files.items())))) == image.build(files)
    assert image.main([str(tmp_path / "build/os.img")]) == 0
    assert (tmp_path / "build/os.img").read_bytes() == image.build(files)


def test_image_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "poem").write_bytes(b"roses\n")
    sources = [str(OS / "user/sh.s"), str(tmp_path / "poem")]
    assert image.main([str(tmp_path / "a.img"), *sources]) == 0
    assert entries((tmp_path / "a.img").read_bytes()) == {"sh": standard()["sh"], "poem": b"roses\n"}


@pytest.mark.parametrize("name", ["", "two words", "n" * 24, "é" * 12, "nul\0"])
def test_image_refuses_names(name: str) -> None:
    with pytest.raises(ValueError, match="a name has 1 to 23 bytes"):
        image.build({name: b""})


def test_image_holds_127_files() -> None:
    files = {f"file{n}": b"%d" % n for n in range(127)}
    assert entries(image.build(files)) == files
    with pytest.raises(ValueError, match="128 files; the directory holds 127"):
        image.build({**files, "one-more": b""})


def test_constants_are_those_of_the_kernel() -> None:
    """image.py and abi.s say the same."""
    symbols = kernel().symbols
    for name, value in (("PAGE", image.PAGE), ("USER_BASE", image.USER_BASE), ("FS_MAGIC", image.MAGIC)):
        assert symbols.get(name, value) == value
    text = (OS / "abi.s").read_text()
    for name, value in (("USER_BASE", image.USER_BASE), ("FS_MAGIC", image.MAGIC), ("EXEC_MAGIC", 0x45583152)):
        found = re.search(rf"\.equ\s+{name},\s+(\w+)", text)
        assert found and int(found[1], 0) == value
