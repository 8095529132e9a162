"""The C library: what was compiled beforehand, its headers, and what it computes against the host's."""

from __future__ import annotations

import json
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from ring1.dbt.cli import gcc, library
from ring1.dbt.cli.runtime import MADE, PORTS, Target, native, runtime
from ring1.isa.load import load
from tests.cli.conftest import Command

RT = runtime()
needs_gcc = pytest.mark.skipif(shutil.which(gcc.GCC) is None, reason=f"{gcc.GCC} is not installed")
needs_native = pytest.mark.skipif(
    not (shutil.which("gcc") and shutil.which("objcopy")), reason="gcc or objcopy is not installed"
)


@pytest.mark.parametrize("own", ["", "rv32"])
def test_what_was_compiled_beforehand_is_of_the_present_sources(own: str) -> None:
    target = native(load("rv32"), own) if own else PORTS
    made = json.loads(zlib.decompress((RT / own / MADE).read_bytes()))["members"]
    assert {name: entry[0] for name, entry in made.items()} == {
        path.name: digest for path, digest in library.sources(target).items() if path.suffix == ".c"
    }, "python -m ring1.dbt.cli.library makes it anew"


@needs_gcc
def test_it_is_what_the_compiler_makes() -> None:
    made = json.loads(zlib.decompress((RT / MADE).read_bytes()))
    if made["gcc"] != library.version():
        pytest.skip(f"it was compiled by {made['gcc']}")
    for name in ("double.c", "format.c", "getopt.c", "process.c"):
        fresh = library.member(RT / name)
        _, text, offers, names = made["members"][name]
        assert (text, frozenset(offers)) == (fresh.text, fresh.offers)
        assert set(names) <= fresh.names


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of the test's own, with a cache of its own."""
    folder = tmp_path / "rt"
    shutil.copytree(RT, folder)
    for module in (library, gcc):
        monkeypatch.setattr(module, "runtime", lambda: folder)
    monkeypatch.setenv("RING1_CACHE", str(tmp_path / "cache"))
    return folder


def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that will have been compiled."""
    names: list[str] = []
    real = library.member

    def noted(path: Path, target: Target) -> library.Member:
        if path.suffix == ".c":
            names.append(path.name)
        return real(path, target)

    monkeypatch.setattr(library, "member", noted)
    return names


@needs_gcc
def test_a_changed_source_is_compiled_afresh_and_kept(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = compiled(monkeypatch)
    library.library()
    assert names == []
    source = copied / "console.c"
    source.write_text(source.read_text() + "int added(void) { return 7; }\n")
    for _ in range(2):
        members = {m.name: m for m in library.library()}
        assert "added" in members["console.c"].offers and "added:" in members["console.c"].text
    assert names == ["console.c"]
    (copied / "extra.c").write_text("int extra(void) { return 7; }\n")
    assert "extra" in {symbol for m in library.library() for symbol in m.offers}
    assert names == ["console.c", "extra.c"]


@needs_gcc
@pytest.mark.parametrize("data", [b"", b"junk", zlib.compress(b"[]"), zlib.compress(b'{"members": {"a": 1}}')])
def test_a_damaged_file_counts_for_nothing(copied: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    (copied / MADE).write_bytes(data)
    for path in copied.glob("*.c"):
        if path.name not in ("console.c", "halt.c"):
            path.unlink()
    names = compiled(monkeypatch)
    assert {"puts", "_Exit", "_start"} <= {symbol for m in library.library() for symbol in m.offers}
    assert sorted(names) == ["console.c", "halt.c"]


HEADERS = sorted(str(path.relative_to(RT / "include")) for path in (RT / "include").rglob("*.h"))


@needs_gcc
def test_every_header_stands_alone(tmp_path: Path) -> None:
    flags = ["-march=rv32em", "-mabi=ilp32e", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I", str(RT / "include")]
    for standard, suffix in (("-std=gnu99", "c"), ("-std=gnu11", "c"), ("-std=gnu++17", "cc")):
        sources = []
        for n, header in enumerate(HEADERS):
            source = tmp_path / f"h{n}.{suffix}"
            source.write_text(f"#include <{header}>\n#include <{header}>\n")
            sources.append(str(source))
        subprocess.run([gcc.GCC, standard, *flags, *sources], check=True)


@pytest.mark.soak
@needs_native
def test_dates_and_options_are_the_host_s() -> None:
    done = subprocess.run(
        [RT / "check" / "run", "20000", "calendar", "options"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(", 0 different") == 2


PROGRAM = r"""
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static volatile sig_atomic_t came;
static void on(int number) { came = came * 100 + number; }

static void said(const char *what, int result)
{
    printf("%s %d %s\n", what, result, result < 0 ? strerror(errno) : "");
}

int main(void) {
    said("raise", (signal(SIGUSR1, on), raise(SIGUSR1)));
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    signal(SIGUSR2, on);
    sigprocmask(SIG_BLOCK, &set, &before);
    raise(SIGUSR2);
    printf("%d ", (int)came);
    sigprocmask(SIG_SETMASK, &before, NULL);
    printf("%d\n", (int)came);
    said("kill", signal(SIGKILL, on) == SIG_ERR ? -1 : 0);
    said("ignored", (signal(SIGTERM, SIG_IGN), raise(SIGTERM)));
    said("close", close(77));
    said("access", access("/nowhere/at/all", R_OK));
    said("stat", stat("/nowhere/at/all", &(struct stat){0}));
    said("open", open("/nowhere/at/all", O_RDONLY));
    said("fopen", fopen("/nowhere/at/all", "r") ? 0 : -1);
    said("nanosleep", nanosleep(&(struct timespec){0, 1000000000}, NULL));
    said("locale", setlocale(LC_ALL, "xx_YY") ? 0 : -2 + 2);
    printf("%s %s %d\n", setlocale(LC_ALL, NULL), localeconv()->decimal_point, fegetround());
    wchar_t wide[20];
    size_t length = mbstowcs(wide, "wide 42", 20);
    wchar_t *end;
    long number = wcstol(wide + 5, &end, 10);
    printf("%zu %zu %ld %d %d\n", length, wcslen(wide), number, (int)*end, (int)towupper(wide[0]));
    char narrow[20];
    said("narrow", (int)wcstombs(narrow, L"a\x3b1", 20));
    printf("%d\n", wcscmp(wcsstr(L"the whole", L"who"), L"whole"));
    setenv("ONE", "1", 1);
    setenv("ONE", "2", 0);
    putenv("TWO=22");
    printf("%s %s\n", getenv("ONE"), getenv("TWO"));
    unsetenv("ONE");
    printf("%d\n", getenv("ONE") == NULL);
    struct tm of = {.tm_year = 124, .tm_mon = 1, .tm_mday = 29};
    mktime(&of);
    char text[100];
    strftime(text, sizeof text, "%A %j", &of);
    puts(text);
    char *name = tmpnam(NULL);
    printf("%d\n", name && access(name, F_OK) < 0);
    fflush(stdout);
    said("write", (int)write(1, "written\n", 8) - 8);
    fflush(stdout);
    return came % 100;
}
"""


@needs_gcc
@needs_native
def test_what_posix_has_is_as_on_the_host(ring1: Command, tmp_path: Path) -> None:
    source = ring1.write("posix.c", PROGRAM)
    subprocess.run(["gcc", "-w", "-D_GNU_SOURCE", "-o", tmp_path / "native", source, "-lm"], check=True)
    native = subprocess.run([tmp_path / "native"], env={"TZ": "UTC"}, capture_output=True, text=True, check=False)
    done = ring1("run", source)
    assert (done.out, done.status) == (native.stdout, native.returncode)


@needs_gcc
def test_what_is_ring1_s_own(ring1: Command) -> None:
    source = ring1.write(
        "own.c",
        r"""
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static void fails(const char *what, int failed) { printf("%s %d %s\n", what, failed, strerror(errno)); }
int main(void) {
    time_t before = time(NULL);
    sleep(100);
    nanosleep(&(struct timespec){20, 500000000}, NULL);
    usleep(500000);
    printf("%d\n", (int)(time(NULL) - before));
    fails("fork", fork() < 0);
    fails("tmpfile", tmpfile() == NULL);
    fails("popen", popen("ls", "r") == NULL);
    fails("settimeofday", settimeofday(&(struct timeval){0, 0}, NULL) < 0);
    fails("lseek", lseek(0, 0, SEEK_SET) < 0);
    fails("fseek", fseek(stdin, 0, SEEK_SET) < 0);
    char line[99];
    printf("%d %.*s\n", isatty(0), (int)read(0, line, 99), line);
    abort();
}
""",
    )
    done = ring1("run", source, stdin=b"one\ntwo\n", status=6)
    assert done.out == (
        "121\nfork 1 Function not implemented\ntmpfile 1 Read-only file system\npopen 1 Function not implemented\n"
        "settimeofday 1 Operation not permitted\nlseek 1 Illegal seek\nfseek 1 Illegal seek\n1 one\n\nAborted\n"
    )
