"""The peers of the kernels: each does the work that it is asked for, and what it prints is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.engines import table
from ring1.dbt.measure import kernels
from ring1.dbt.measure.peers.table import PEERS, TIMES, PeerWork
from ring1.dbt.measure.subject import Failed
from ring1.dbt.measure.trial import TrialSetting, asked
from ring1.isa.load import load

PARTS = kernels.PARTS[True]


def output(name: str) -> bytes:
    """What a kernel prints, by one of the engines."""
    from ring1.dbt.measure.benchmark import assembled
    from ring1.dbt.measure.subject import MeasuredGuest, session

    isa = load("pg32v")
    program = assembled(isa, [kernels.HERE / f"{name}.s", kernels.HERE / "program.s"], {"PARTS": PARTS})
    return session(MeasuredGuest(isa, program.image, program.entry), asked(table.ENGINES.reference))[1]


needs_native_code = pytest.mark.skipif(bool(table.ENGINES["bare"].why_not()), reason=table.ENGINES["bare"].why_not())


@needs_native_code
@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_does_the_work(peer: str, tmp_path: Path) -> None:
    reason = PEERS[peer].why_not()
    if reason:
        pytest.skip(f"{peer} is {reason}")
    expected = output("crc32")
    assert expected.startswith(b"crc32: ")
    subject = PEERS[peer].make(PeerWork("crc32", PARTS, expected, tmp_path))
    sample = subject.sample()
    assert sample.operations in (1, TIMES) and sample.seconds > 0
    subject.close()
    wrong = PEERS[peer].make(PeerWork("crc32", PARTS, b"crc32: 00000000\n", tmp_path))
    with pytest.raises(Failed, match="another result"):
        wrong.sample()


def test_a_peer_that_is_absent_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert kernels.versions()["qemu-riscv32"].startswith("absent: there is no ")
    setting = TrialSetting(load("pg32v"), [table.ENGINES["interp"]], str(tmp_path), True)
    trial = kernels.trial("crc32", setting)
    assert trial.reference == "bare"
    subjects = trial.subjects()
    assert "absent: there is no gcc" in str(subjects["native"])
    assert "peers/install gets it" in str(subjects["qemu-system-riscv32"])


@needs_native_code
def test_kernels_print_the_same_as_programs(tmp_path: Path) -> None:
    """Under the minimal kernel, of which there is another build, as on the bare machine."""
    setting = TrialSetting(load("pg32v"), [table.ENGINES[name] for name in ("bare", "trap")], str(tmp_path), True)
    subjects = kernels.trial("fib", setting).subjects()
    assert subjects["trap"] == table.DIRECT.why == "its programs run as under bare"
    make = subjects["bare"]
    assert not isinstance(make, str)
    subject = make()
    subject.warm(0.001)
    found = subject.sample()
    assert found.operations == pytest.approx(round(found.operations), abs=0.1) and found.operations >= 1
    subject.close()
