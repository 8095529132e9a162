"""The SIGSEGV handler: guests' faults come back as results, everybody else's go where they went before."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ring1.dbt.host.interface import FAULTED
from ring1.dbt.host.x86_64 import fault
from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.stubs import HALF
from ring1.dbt.native.libc import PAGE, SA_NODEFER, SA_SIGINFO, Sigaction, sigaction
from ring1.dbt.native.slots import BUDGET, FAULT_ADDRESS, FAULT_AT, VMM, WINDOW
from ring1.dbt.native.window import Window

if TYPE_CHECKING:
    from tests.native.conftest import Rig

Script = Callable[..., "subprocess.CompletedProcess[str]"]
LEAVING = f"call [rbp + {VMM}]"


@pytest.fixture
def ram() -> Iterator[int]:
    """A memfd of one page of zeros."""
    fd = os.memfd_create("ring1-test-ram")
    os.ftruncate(fd, PAGE)
    yield fd
    os.close(fd)


def test_a_load_from_an_unmapped_page(rig: Rig) -> None:
    prologue = "add r8d, 1; sub r14, 3"
    code = rig.place(f"{prologue}; mov ecx, [r15 + rbx + 8]; add r8d, 1; {LEAVING}")
    with Window() as window:
        rig[WINDOW], rig[BUDGET] = window.base, 50
        for index, register in enumerate(HALF):
            rig[register] = 0xF000_0000 + 0x1001 * index
        before = {register: rig[register] for register in HALF}
        assert rig.run(code) == FAULTED
        assert rig[FAULT_ADDRESS] == window.base + 0xF000_0008
        assert rig[FAULT_AT] == code + len(assemble(prologue))
        assert {register: rig[register] for register in HALF} == before | {"r8": before["r8"] + 1}
        assert rig[BUDGET] == 47


def test_a_store_to_a_protected_page(rig: Rig, ram: int) -> None:
    code = rig.place(f"mov [r15 + rbx], ecx; {LEAVING}")
    with Window() as window:
        window.map(0x5000, ram, 0, PAGE, writable=True)
        rig[WINDOW], rig["rbx"] = window.base, 0x5010
        for value, writable in ((7, True), (8, False), (9, True)):
            window.protect(0x5000, PAGE, writable=writable)
            rig["rcx"] = value
            assert (rig.run(code) == FAULTED) is not writable
            assert os.pread(ram, 4, 0x10) == (value if writable else 7).to_bytes(4, "little")
        assert (rig[FAULT_AT], rig[FAULT_ADDRESS]) == (code, window.base + 0x5010)


def test_forgotten_code_faults(rig: Rig) -> None:
    code = rig.place(f"add ebx, 1; {LEAVING}")
    rig.code.reset(rig.stubs.size)
    assert rig.run(code) == FAULTED
    assert (rig[FAULT_AT], rig["rbx"]) == (code, 0)


def test_threads_fault_in_parallel(make_rig: Callable[[], Rig], ram: int) -> None:
    """Each thread's code walks its own window, where every other page is missing, and has its own faults."""
    rounds, pages = 100, 32

    def walk(rig: Rig) -> int:
        load = rig.place(f"next: add ebx, {PAGE}; mov eax, [r15 + rbx]; dec ecx; jne next; {LEAVING}")
        resume = load + len(assemble(f"add ebx, {PAGE}; mov eax, [r15 + rbx]"))
        faults = 0
        with Window() as window:
            for page in range(0, pages, 2):
                window.map(page * PAGE, ram, 0, PAGE, writable=False)
            rig[WINDOW] = window.base
            for _ in range(rounds):
                rig["rbx"], rig["rcx"] = 2**32 - PAGE, pages
                target = load
                while rig.run(target) == FAULTED:
                    assert rig[FAULT_ADDRESS] == window.base + rig["rbx"]
                    assert rig["rbx"] // PAGE % 2 == 1
                    faults += 1
                    fault.install()
                    target = resume
        return faults

    rigs = [make_rig(), make_rig()]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(walk, rigs)) == [rounds * pages // 2] * 2


def test_a_signal_that_was_sent_is_not_a_fault(script: Script) -> None:
    """SIGSEGV sent to a thread inside generated code goes to the handler below, and the code goes on."""
    done = script(
        PRELUDE
        + """
import threading, time
below = plant(f"movabs rax, {counter}; inc qword ptr [rax]; ret")
put(below)
fault.install()
rig = Rig()
rig[slots.BUDGET] = 1 << 34
spin = f"spin: cmp dword ptr [rbp + {slots.WINDOW}], 0; jne seen; dec r14; jns spin"
code = rig.place(f"{spin}; seen: call [rbp + {slots.VMM}]")
results = []
thread = threading.Thread(target=lambda: results.append(rig.run(code)))
thread.start()
time.sleep(0.2)
for _ in range(50):
    signal.pthread_kill(thread.ident, signal.SIGSEGV)
    time.sleep(0.001)
rig[slots.WINDOW] = 1
thread.join()
print(results[0] != FAULTED, rig[slots.FAULT_AT], count.value > 0)
"""
    )
    assert (done.stdout, done.returncode) == ("True 0 True\n", 0)


def test_install_changes_nothing_when_in_place() -> None:
    fault.install()
    first = sigaction(signal.SIGSEGV).handler
    fault.install()
    assert sigaction(signal.SIGSEGV).handler == first


def test_install_comes_back_after_another_handler(rig: Rig) -> None:
    ours = sigaction(signal.SIGSEGV).handler
    code = rig.place(f"mov eax, [r15]; {LEAVING}")
    sigaction(signal.SIGSEGV, Sigaction(handler=0, flags=SA_SIGINFO | SA_NODEFER))
    fault.install()
    assert sigaction(signal.SIGSEGV).handler not in (0, ours)
    assert rig.run(code) == FAULTED


def test_many_threads_install_one_handler(script: Script) -> None:
    done = script(
        PRELUDE
        + """
from concurrent.futures import ThreadPoolExecutor
def work(_):
    fault.install()
    return libc.sigaction(signal.SIGSEGV).handler
with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(work, range(64)))), len(fault._handlers._records))
"""
    )
    assert done.stdout == "1 1\n"


PRELUDE = """
import ctypes, faulthandler, os, signal, sys
from conftest import Rig, plant
from ring1.dbt.host.x86_64 import fault
from ring1.dbt.native import libc, slots
from ring1.dbt.host.interface import FAULTED
count = ctypes.c_uint64()
counter = ctypes.addressof(count)
FLAGS = libc.SA_SIGINFO | libc.SA_NODEFER | libc.SA_ONSTACK
def put(handler, flags=FLAGS):
    return libc.sigaction(signal.SIGSEGV, libc.Sigaction(handler=handler, flags=flags)).handler
def guest():
    rig = Rig()
    rig[slots.WINDOW] = 0x123
    assert rig.run(rig.place(f"mov eax, [r15]; call [rbp + {slots.VMM}]")) == FAULTED
    assert rig[slots.FAULT_ADDRESS] == 0x123
    rig.code.close()
def crash():
    print("crash", flush=True)
    ctypes.string_at(0)
"""
TRACEBACK = "Fatal Python error: Segmentation fault"
ON, OFF, US = "faulthandler.enable()", "faulthandler.disable()", "fault.install(); guest()"


@pytest.mark.parametrize(
    ("steps", "tracebacks"),
    [
        ([US], 0),
        ([ON, US], 1),
        ([US, ON, US], 1),
        ([US, ON], 1),
        ([ON, US, OFF, US], 0),
        ([US, ON, US, OFF, US], 0),
        ([ON, US, OFF, ON, US], 1),
        ([US, *[ON, US, OFF] * 5, ON, US], 1),
        ([ON, US, "signal.signal(signal.SIGSEGV, signal.SIG_DFL)", US], 0),
        (["signal.signal(signal.SIGSEGV, signal.SIG_IGN)", US], 0),
    ],
    ids=lambda value: (
        "-".join({ON: "on", OFF: "off", US: "us"}.get(step, "signal") for step in value)
        if isinstance(value, list)
        else str(value)
    ),
)
def test_a_real_fault_ends_the_process_as_ever(script: Script, steps: list[str], tracebacks: int) -> None:
    done = script("\n".join([PRELUDE, *steps, "crash()"]))
    assert done.stdout == "crash\n"
    assert done.returncode == -signal.SIGSEGV
    assert done.stderr.count(TRACEBACK) == tracebacks
    assert done.stderr.count("in crash\n") == tracebacks


@pytest.mark.parametrize(("before", "survives"), [("", False), ("signal.signal(signal.SIGSEGV, signal.SIG_IGN)", True)])
def test_a_sent_signal_acts_as_before(script: Script, before: str, survives: bool) -> None:
    send = "print('sent', flush=True); os.kill(os.getpid(), signal.SIGSEGV); print('alive')"
    done = script("\n".join([PRELUDE, before, US, send]))
    assert done.stdout == ("sent\nalive\n" if survives else "sent\n")
    assert done.returncode == (0 if survives else -signal.SIGSEGV)


# A handler that counts and then calls whom it found when it was put in place, and one that repairs: it skips
# the two bytes of `mov eax, [rcx]` in code outside of the arena.
FOREIGN = (
    PRELUDE
    + """
saved = ctypes.c_uint64()
counting = f"movabs rax, {counter}; inc qword ptr [rax]"
chaining = plant(f"{counting}; movabs rax, {ctypes.addressof(saved)}; jmp [rax]")
repairing = plant(f"{counting}; add qword ptr [rdx + 168], 2; ret")
broken = ctypes.CFUNCTYPE(ctypes.c_uint64)(plant("xor ecx, ecx; mov eax, [rcx]; mov eax, 5; ret"))
def chain():
    saved.value = put(chaining)
"""
)


@pytest.mark.parametrize(
    "steps",
    [
        "{us}; chain(); {us}",
        "{us}; chain(); {us}; chain(); {us}",
        "{us}; chain(); {us}; faulthandler.enable(); {us}; chain(); {us}",
        "faulthandler.enable(); {us}; chain(); {us}; faulthandler.disable(); faulthandler.enable(); {us}",
    ],
)
def test_handlers_that_call_each_other_come_to_an_end(script: Script, steps: str) -> None:
    done = script(FOREIGN + steps.format(us=US) + "\ncrash()")
    assert done.stdout == "crash\n"
    assert done.returncode == -signal.SIGSEGV
    assert done.stderr.count(TRACEBACK) == ("enable" in steps)


@pytest.mark.parametrize("steps", ["put(repairing); {us}", "{us}; put(repairing); {us}"])
def test_a_handler_that_repairs_gets_its_faults(script: Script, steps: str) -> None:
    done = script(FOREIGN + steps.format(us=US) + "\nprint(broken(), broken(), count.value)")
    assert (done.stdout, done.returncode) == ("5 5 2\n", 0)


def test_a_handler_for_one_fault_gets_one(script: Script) -> None:
    once = "put(repairing, FLAGS | libc.SA_RESETHAND); fault.install(); guest(); guest()"
    done = script(FOREIGN + once + "\nprint(broken(), count.value, flush=True); broken()")
    assert (done.stdout, done.returncode) == ("5 1\n", -signal.SIGSEGV)


def test_replacing_the_handler_without_end_is_an_error(script: Script) -> None:
    done = script(
        FOREIGN
        + """
try:
    for turn in range(3000):
        put(chaining if turn % 2 else repairing)
        saved.value = 0
        fault.install()
except RuntimeError as error:
    print(turn, error)
"""
    )
    assert done.stdout == "1024 the SIGSEGV handler was replaced 1024 times\n"


def test_an_exit_outside_of_the_arena_is_not_taken(script: Script) -> None:
    """The fault goes to the handler below, with nothing written to what does not look like a state block."""
    done = script(
        FOREIGN
        + """
from ring1.dbt.host.x86_64.stubs import exit_text
put(repairing)
fault.install()
rig = Rig()
rig[slots.FAULT_EXIT] = plant(exit_text(("mov eax, 99",), {}))
left = rig.run(rig.place(f"xor ecx, ecx; mov eax, [rcx]; call [rbp + {slots.VMM}]"))
print(left - rig.code.base == rig.code.used, count.value, rig[slots.FAULT_AT])
"""
    )
    assert done.stdout == "True 1 0\n"


@pytest.mark.parametrize(
    "mistake",
    [
        "rig.code.close(); rig.run(code)",
        "rig[slots.FAULT_EXIT] = 0; rig.run(code)",
        "rig[slots.FAULT_EXIT] = 0x7fff_0000_0000; rig.run(code)",
        "rig.stubs.enter(0, code)",
        "rig.stubs.enter(2**64 - 4096, code)",
        "rig.run(0)",
    ],
)
def test_our_own_mistakes_end_the_process_with_a_traceback(script: Script, mistake: str) -> None:
    program = f"""
faulthandler.enable()
fault.install()
rig = Rig()
code = rig.place(f"mov eax, [r15]; call [rbp + {{slots.VMM}}]")
print("crash", flush=True)
{mistake}
"""
    done = script(PRELUDE + program)
    assert (done.stdout, done.returncode) == ("crash\n", -signal.SIGSEGV)
    assert done.stderr.count(TRACEBACK) == 1


def test_generated_code_runs_on_beside_faulthandler_without_a_word(script: Script) -> None:
    done = script(PRELUDE + "\n".join([ON, US, "for _ in range(100): guest()"]))
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
