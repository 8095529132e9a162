"""In a process that has this folder on its path: the host is another one, as far as Python can tell.

RING1_ELSEWHERE is one of HOSTS. What another host's Python lacks is taken away: modules, functions and constants,
files, and packages that have no wheels there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

HOSTS = {
    "macos-arm64": ("darwin", "Darwin", "arm64"),
    "linux-aarch64": ("linux", "Linux", "aarch64"),
    "windows": ("win32", "Windows", "AMD64"),
    "no-keystone": ("linux", "Linux", "x86_64"),
}
"""Name -> sys.platform, and what uname says of system and machine."""
WHEELS = frozenset({"keystone", "capstone"})
UNIX = frozenset({"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "syslog", "_posixshmem"})
"""Modules that are only there on Unix (Python's library reference)."""
LINUX_ONLY = (
    *(
        "memfd_create",
        "MFD_CLOEXEC",
        "sched_getaffinity",
        "sched_setaffinity",
        "eventfd",
        "pidfd_open",
        "copy_file_range",
    ),
    *("posix_fadvise", "posix_fallocate", "getrandom", "epoll"),
)
UNIX_ONLY = (
    *("pread", "pwrite", "preadv", "pwritev", "O_CLOEXEC", "SEEK_DATA", "SEEK_HOLE", "getuid", "geteuid", "getgid"),
    *("getegid", "getloadavg", "uname", "sysconf", "fork", "forkpty", "setsid", "killpg", "fchmod", "fchown", "chown"),
    *("O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "getpgid", "statvfs", "mkfifo"),
)
MAPPING = ("MAP_SHARED", "MAP_PRIVATE", "MAP_ANONYMOUS", "MAP_ANON", "PROT_READ", "PROT_WRITE", "PROT_EXEC")
LOADED = (
    *(
        "argparse",
        "asyncio",
        "ctypes",
        "ctypes.util",
        "hashlib",
        "importlib.metadata",
        "json",
        "mmap",
        "multiprocessing",
    ),
    *("multiprocessing.context", "pathlib", "platform", "select", "selectors", "shutil", "signal", "socket", "ssl"),
    *("subprocess", "tempfile", "threading", "uuid", "webbrowser", "concurrent.futures.process", "runpy", "sqlite3"),
    "sysconfig",
)
"""What is imported before the host changes: Python's own library must not see it."""


class Hidden(MetaPathFinder):
    """Modules that are not installed."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def without(module: Any, names: Sequence[str]) -> None:
    for name in names:
        if hasattr(module, name):
            delattr(module, name)


def hide_files(*folders: str) -> None:
    """Nothing is there."""
    import builtins
    import errno
    import io

    def hidden(path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(folders)

    def checked(real: Any) -> Any:
        def call(path: object, *arguments: Any, **options: Any) -> Any:
            if hidden(path):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            return real(path, *arguments, **options)

        return call

    builtins.open = io.open = checked(open)
    for name in ("open", "stat", "lstat", "listdir"):
        setattr(os, name, checked(getattr(os, name)))


def go(host: str) -> None:
    """Be on another host from now on."""
    import importlib

    system, name, machine = HOSTS[host]
    sys.dont_write_bytecode = True
    for module in LOADED:
        importlib.import_module(module)
    sys.modules["sysconfig"].get_config_vars()
    hidden = WHEELS | (UNIX if system == "win32" else frozenset())
    for module in [module for module in sys.modules if module.split(".")[0] in hidden]:
        del sys.modules[module]
    sys.meta_path.insert(0, Hidden(hidden))
    real = os.uname()
    os.uname = lambda: os.uname_result((name, real.nodename, real.release, real.version, machine))
    if host == "no-keystone":
        return
    import ctypes
    import mmap
    import select
    import signal

    if system != "linux":
        hide_files("/proc/", "/sys/", "/dev/kvm")
        without(os, LINUX_ONLY)
        without(select, LINUX_ONLY)
        without(mmap, ("MAP_NORESERVE", "MAP_POPULATE"))
    if system == "win32":
        without(os, UNIX_ONLY)
        without(mmap, MAPPING)
        without(select, ("poll",))
        without(signal, ("SIGHUP", "SIGPROF", "SIGALRM", "setitimer", "alarm", "pthread_kill", "sigaction", "SIGUSR1"))

        def only_sockets(*waited: object) -> None:
            raise OSError(10038, "An operation was attempted on something that is not a socket")

        class Library(ctypes.CDLL):
            def __init__(self, name: str | None, *arguments: Any, **options: Any) -> None:
                if name is None:
                    raise TypeError("LoadLibrary() argument 1 must be str, not None")
                super().__init__(name, *arguments, **options)

        select.select = only_sockets  # type: ignore[assignment]
        vars(ctypes)["CDLL"] = Library
    sys.platform = system


if os.environ.get("RING1_ELSEWHERE"):
    go(os.environ["RING1_ELSEWHERE"])
