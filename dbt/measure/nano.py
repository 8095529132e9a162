"""The nanobenchmarks: the seven of Adams and Agesen and some more, each a guest in bench/nano.

(Adams, Agesen, "A comparison of software and hardware techniques for x86 virtualization", ASPLOS 2006, section 6.3.)
"""

from __future__ import annotations

from ring1.dbt.measure.benchmark import Benchmark
from ring1.dbt.measure.trial import Trial, TrialSetting, endless
from ring1.dbt.share import share

DISK_STATUS, ENTROPY = 0x13, 0x20
"""Port numbers."""


def nano(
    name: str, operation: str, file: str = "", cycle: int = 1, paravirtual: bool = True, **constants: int
) -> Benchmark:
    return Benchmark(name, operation, share("bench", "nano", f"{file or name}.s"), constants, cycle, paravirtual)


PAPER = (
    nano("syscall", "a system call from ring 3, and the return"),
    nano("in", "a port read: the status of the disk", PORT=DISK_STATUS),
    nano("cr8wr", "a write that masks interrupts: setpsw", cycle=32),
    nano("callret", "a call through a register, and the return", cycle=64),
    nano("pgfault", "a page fault in ring 3, handled by mapping the page", cycle=32),
    nano("divzero", "a division by zero in ring 3, handled by going on behind it"),
    nano("ptemod", "a page-table entry changed, flushed, and used", cycle=64),
)
OURS = (
    nano("interrupt", "a timer interrupt in ring 3; the kernel sets the timer again"),
    nano("switch", "a yield to another program: all registers, and the address space"),
    nano("space", "another address space, and a load there", cycle=2),
    nano("timer", "the timer set: both words of timecmp"),
    nano("console", "a byte to the console"),
    nano("smc", "an instruction overwritten, and executed"),
    nano("lines", "a write to ie"),
    nano("entropy", "a port read that nobody foresees", "in", PORT=ENTROPY),
    nano("getpsw", "the status word read", cycle=32, paravirtual=False),
    nano("cli", "interrupts masked", "mask", cycle=32, paravirtual=False, SET=0),
    nano("sti", "interrupts unmasked", "mask", cycle=32, paravirtual=False, SET=1),
)
BENCHMARKS = PAPER + OURS


QUICK = ("interrupt", "switch", "smc")
"""Those of OURS in a quick measurement."""


def trials(setting: TrialSetting) -> list[Trial]:
    chosen = [each for each in BENCHMARKS if not setting.quick or each in PAPER or each.name in QUICK]
    return [endless("nano", benchmark, setting) for benchmark in chosen]
