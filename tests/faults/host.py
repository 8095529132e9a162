"""A run of ring1 on a host that does not do what it should, and what may come of it."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUEST = ("bench/memory/touch.s", "--max-insns", "40000")
"""It maps pages, uses them and maps others: whatever a run asks of the host, this one does."""
LIMITED = 121
REFUSED = 123
INTERRUPTED = 130
TERMINATED = 143
SECONDS = 900
"""More than any of these runs takes on a host that has much else to do."""
CPU_SECONDS = 60
"""Of processor time, after which the host ends a run: it hangs."""


@dataclass
class Fault:
    """What is wrong with the host."""

    name: str
    ends: tuple[int, ...] = (LIMITED,)
    """Exit statuses that may come of it; LIMITED is that of an undisturbed run."""
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[int, int] = field(default_factory=dict)
    signals: tuple[tuple[float, int], ...] = ()
    """What comes after so many seconds."""
    options: tuple[str, ...] = ()


def refusal(call: str, first: int, number: int, count: int, *options: str) -> Fault:
    """Calls `first` to `first + count - 1` of a kind fail (see refusing/sitecustomize.py)."""
    folder = f"{ROOT / 'tests/faults/refusing'}{os.pathsep}{ROOT}"
    environment = {"RING1_REFUSE": f"{call} {first} {number} {count}", "PYTHONPATH": folder}
    name = f"{call} {first}..{first + count - 1}: {os.strerror(number)} {' '.join(options)}"
    return Fault(name, (LIMITED, REFUSED), environment, options=options)


def start(fault: Fault, cache: Path) -> subprocess.Popen[bytes]:
    """Start the guest on such a host."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RING1", "PYTHON"))}
    environment = {**kept, "PYTHONPATH": str(ROOT), "RING1_CACHE": str(cache), **fault.environment}

    def limit() -> None:
        for kind, value in {resource.RLIMIT_CPU: CPU_SECONDS, **fault.limits}.items():
            resource.setrlimit(kind, (value, value))

    return subprocess.Popen(
        [sys.executable, "-m", "ring1", "run", "--quiet", "--json", *fault.options, *GUEST],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,
    )


def run(fault: Fault, cache: Path, expected: object, ready: Callable[[float], None] = time.sleep) -> int:
    """Run the guest to its end: the status. AssertionError if it is none that may be, or the guest went wrong."""
    with start(fault, cache) as process:
        for seconds, number in fault.signals:
            ready(seconds)
            process.send_signal(number)
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise AssertionError(f"{fault.name}: a hang") from None
    said = err.decode(errors="replace")
    # While Python itself comes up, Ctrl-C is answered by Python: in its words, but not by any of ours.
    foreign = bool(fault.signals) and "KeyboardInterrupt" in said and f"{ROOT}/" not in said
    assert "Traceback" not in said or foreign, f"{fault.name}: {said[-1500:]}"
    assert process.returncode in fault.ends, f"{fault.name}: status {process.returncode}: {said[-500:]}"
    if process.returncode == LIMITED:
        assert state(out) == expected, f"{fault.name}: another state"
    elif not fault.signals:
        assert said, f"{fault.name}: status {process.returncode}, and nothing said"
    return process.returncode


def state(out: bytes) -> object:
    """The state that a run ends in, by the JSON that it prints."""
    return json.loads(out)["state"]


def undisturbed(cache: Path) -> object:
    """The state that the guest ends in, by the reference."""
    with start(Fault("none", options=("--engine", "interp")), cache) as process:
        out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == LIMITED, err
    return state(out)
