"""The performance targets of ring1, beside the measurements."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import geometric_mean

from ring1.dbt.engines.technique import SOFTWARE
from ring1.dbt.report.bench.figures import Object, cell, playing, quotient, shown, time
from ring1.isa.record import Record

NANOSECONDS = (
    ("cr8wr", "setpsw", 3, ""),
    ("getpsw", "getpsw", 3, ""),
    ("cli", "cli", 3, ""),
    ("sti", "sti", 3, ""),
    ("syscall", "syscall and return", 150, ""),
    ("entropy", "in, through Python", 2000, ""),
    ("in", "in, a status port", 100, ""),
    ("cr8wr", "a write to a control register", 76, "QEMU's"),
    ("syscall", "syscall, with a handler", 376, "QEMU's"),
    ("console", "a byte to a device", 43, "QEMU's MMIO, not asked for"),
    ("smc", "a store to code", 3900, "QEMU's"),
)
"""Benchmark, quantity, the most nanoseconds, and whose figure that is."""
SLOWDOWNS: tuple[tuple[str, str, float], ...] = (("nano", "callret", 1.2), ("macro", "compute", 1.05))
"""Suite, benchmark, the largest slowdown relative to `bare`."""
KERNELS_MEAN, KERNELS_WORST = 1.35, 1.9
"""The largest slowdowns relative to native code."""
PEERS = (("qemu-riscv32", 1.6), ("qemu-system-riscv32", 2.3), ("unicorn", 9.0))
"""Peer, and the least speed-up over it as a geometric mean."""


class Goal(Record):
    """A figure and its target."""

    what: str
    wanted: str
    found: str
    met: bool | None
    """None if it was not measured."""


def targets(found: Object) -> list[Goal]:
    return [*operations(found), *kernels(found)]


def operations(found: Object) -> Iterator[Goal]:
    engine = playing(found, SOFTWARE)
    for benchmark, what, most, whose in NANOSECONDS:
        wanted = f"<= {most:,} ns" + (f" ({whose})" if whose else "")
        ns = cell(found, "nano", benchmark, engine).get("ns")
        yield Goal(what, wanted, time(ns["quartile"]) if ns else "", ns["quartile"] <= most if ns else None)
    for suite, benchmark, times in SLOWDOWNS:
        ratio = cell(found, suite, benchmark, engine).get("slowdown")
        text = f"{ratio['quartile']:.2f} ({ratio['low']:.2f} to {ratio['high']:.2f})" if ratio else ""
        yield Goal(f"{benchmark}, to bare", f"<= {times}", text, ratio["quartile"] <= times if ratio else None)


def kernels(found: Object) -> Iterator[Goal]:
    engine = playing(found, SOFTWARE)
    rows = found["suites"].get("kernels", ())
    native = [row["cells"].get(engine, {}).get("slowdown") for row in rows if row["reference"] == "native"]
    ratios = [each["quartile"] for each in native if each]
    if ratios:
        mean, worst = geometric_mean(ratios), max(ratios)
        yield Goal("kernels, to native, in mean", f"<= {KERNELS_MEAN}", f"{mean:.2f}", mean <= KERNELS_MEAN)
        yield Goal("kernels, to native, the worst", f"<= {KERNELS_WORST}", f"{worst:.2f}", worst <= KERNELS_WORST)
    for peer, least in PEERS:
        faster = {}
        for row in rows:
            times = quotient(row["cells"].get(peer, {}), row["cells"].get(engine, {}), found["seed"])
            if times is not None:
                faster[row["name"]] = times.quartile
        what, wanted = f"kernels, faster than {peer}, in mean", f">= {least} times"
        if not faster:
            yield Goal(what, wanted, "", None)
            continue
        mean, slowest = geometric_mean(faster.values()), min(faster, key=faster.__getitem__)
        yield Goal(what, wanted, f"{shown(mean)} times", mean >= least)
        if peer == PEERS[0][0]:
            text = f"{shown(faster[slowest])} times in {slowest}"
            yield Goal(f"kernels, faster than {peer}, each", "> 1 times", text, faster[slowest] > 1)
