"""The engine kvm on the command line: what is missing, what goes wrong, and which host it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ring1.dbt.engines.kvm import host
from ring1.dbt.engines.kvm.engine import Kvm
from ring1.dbt.host.x86_64.kvm import ioctl
from ring1.dbt.native import cpu
from ring1.isa.model import Isa
from tests.cli.conftest import EXAMPLES, Outcome

Call = Callable[..., Outcome]


@pytest.mark.skipif(host.kind() in host.NATIVE, reason="this host's KVM emulates nothing")
def test_an_instruction_that_kvm_cannot_emulate_ends_the_run_with_125(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if ring1 took the host for one that runs CPL 0 natively: it uses BMI2 there."""
    if "bmi2" not in cpu.flags():
        pytest.skip("the processor has no BMI2")
    genuine = Kvm.__init__

    def init(policy: Kvm, isa: Isa) -> None:
        genuine(policy, isa)
        assert policy.hardware is not None
        object.__setattr__(policy.hardware, "emulated", frozenset())

    monkeypatch.setattr(Kvm, "__init__", init)
    source = tmp_path / "shift.s"
    source.write_text("_start: lw a0, 0(zero)\nlw a1, 4(zero)\nsll a0, a0, a1\nhlt\n")
    done = call("run", source, "--engine", "kvm")
    assert done.status == 125
    for words in ("KVM_EXIT_INTERNAL_ERROR", "shlx", "sll a0, a0, a1", "rax", "cr3", f"({host.kind()}: "):
        assert words in done.err, words


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("kind", "flags", "error", "words"),
    [
        (None, {"vmx"}, None, "modprobe kvm_intel"),
        (None, {"hypervisor"}, None, "nested virtualization must be enabled"),
        (None, set[str](), None, "enable it in the firmware"),
        ("svm", {"svm"}, PermissionError(13, "Permission denied"), "usermod -aG kvm"),
        ("svm", {"svm"}, OSError(16, "Device or resource busy"), "Device or resource busy"),
    ],
)
def test_what_is_missing_is_said_with_how_to_get_it(
    call: Call, monkeypatch: pytest.MonkeyPatch, kind: str | None, flags: set[str], error: OSError | None, words: str
) -> None:
    def refuse(path: str, flags: int) -> int:
        assert path == ioctl.DEVICE and error is not None
        raise error

    monkeypatch.setattr(host, "kind", lambda: kind)
    monkeypatch.setattr(cpu, "flags", lambda: frozenset(flags))
    monkeypatch.setattr(host, "open_device", refuse)
    lines = call("engines").out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("kvm "))
    assert lines[at].split()[1] == "no" and words in lines[at + 1]
    done = call("run", EXAMPLES / "hello.s", "--engine", "kvm")
    assert done.status == 123 and words in done.err


def test_the_host_is_in_the_json(call: Call) -> None:
    done = call("run", EXAMPLES / "fib.s", "--engine", "kvm", "--json")
    made = json.loads(done.out[done.out.index("{") :])
    assert made["host"] == {"kvm": host.kind(), "cpu": cpu.model()} and host.kind()
