"""The five functions of the C library that ring1 needs and Python does not offer.

Each raises `OSError` with the call's errno. Numbers are those of x86-64 Linux (uapi asm-generic/mman-common.h and
asm-generic/signal-defs.h). Anonymous files come from `os.memfd_create`.
"""

from __future__ import annotations

import ctypes
import os

PAGE = 4096

PROT_NONE = 0
PROT_READ = 1
PROT_WRITE = 2
PROT_EXEC = 4

MAP_SHARED = 0x01
MAP_PRIVATE = 0x02
MAP_FIXED = 0x10
MAP_ANONYMOUS = 0x20
MAP_32BIT = 0x40
MAP_NORESERVE = 0x4000
MAP_POPULATE = 0x8000

MREMAP_MAYMOVE = 1
MREMAP_FIXED = 2

SIG_DFL = 0
SIG_IGN = 1
SA_SIGINFO = 0x4
SA_ONSTACK = 0x0800_0000
SA_NODEFER = 0x4000_0000
SA_RESETHAND = 0x8000_0000


class Sigaction(ctypes.Structure):
    """`struct sigaction` as glibc and musl lay it out on x86-64; the library fills in `restorer`."""

    _fields_ = (
        ("handler", ctypes.c_size_t),
        ("mask", ctypes.c_uint64 * 16),
        ("flags", ctypes.c_uint32),
        ("restorer", ctypes.c_size_t),
    )
    handler: int
    flags: int


_word, _int = ctypes.c_size_t, ctypes.c_int
_libc = ctypes.CDLL(None, use_errno=True)
_mmap = _libc.mmap
_mmap.restype = _word
_mmap.argtypes = (_word, _word, _int, _int, _int, ctypes.c_int64)
_munmap = _libc.munmap
_munmap.argtypes = (_word, _word)
_mprotect = _libc.mprotect
_mprotect.argtypes = (_word, _word, _int)
_mremap = _libc.mremap
_mremap.restype = _word
_mremap.argtypes = (_word, _word, _word, _int, _word)
_sigaction = _libc.sigaction
_sigaction.argtypes = (_int, ctypes.POINTER(Sigaction), ctypes.POINTER(Sigaction))

_MAP_FAILED = 2**64 - 1


def _error(call: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{call}: {os.strerror(number)}")


def mmap(address: int, length: int, prot: int, flags: int, fd: int = -1, offset: int = 0) -> int:
    """Map `length` bytes and return the address; with `address` 0 the kernel chooses it."""
    mapped: int = _mmap(address, length, prot, flags, fd, offset)
    if mapped == _MAP_FAILED:
        raise _error("mmap")
    return mapped


def reserve(length: int, at: int | None = None, near: int = 0) -> int:
    """Reserve address space without memory, where every access faults; return its address. `at` replaces what was
    mapped there; `near` is a hint."""
    fixed = 0 if at is None else MAP_FIXED
    return mmap(at or near, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | fixed)


def munmap(address: int, length: int) -> None:
    """Remove every mapping in [address, address + length)."""
    if _munmap(address, length):
        raise _error("munmap")


def map_again(address: int, length: int, at: int) -> None:
    """Map `length` bytes of shared memory a second time, at an address whose mappings are replaced.

    A shared mapping is duplicated instead of moved if its old size is given as 0 (mremap(2), "old_size").
    """
    if _mremap(address, 0, length, MREMAP_MAYMOVE | MREMAP_FIXED, at) == _MAP_FAILED:
        raise _error("mremap")


def mprotect(address: int, length: int, prot: int) -> None:
    """Set the protection of [address, address + length)."""
    if _mprotect(address, length, prot):
        raise _error("mprotect")


def sigaction(signum: int, new: Sigaction | None = None) -> Sigaction:
    """Return the disposition of `signum`; `new`, if given, replaces it."""
    old = Sigaction()
    if _sigaction(signum, None if new is None else ctypes.byref(new), ctypes.byref(old)):
        raise _error("sigaction")
    return old
