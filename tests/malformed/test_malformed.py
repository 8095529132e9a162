"""Some cases of the campaign, always the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.malformed import campaign
from tests.malformed.targets import TARGETS

ALWAYS = {"cache": 300, "description": 30}
"""Of how many cases a test runs each time, if not of 60: entries of the cache mostly end alike, and descriptions take
long. `make soak` runs those up to 300."""
SECONDS = 60.0
"""What hangs, hangs; how long the rest takes is the campaign's to watch."""


@pytest.mark.parametrize("longer", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", TARGETS)
def test_a_documented_end(name: str, longer: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RING1_CACHE", str(tmp_path / "ring1"))
    report = campaign.run(TARGETS[name](tmp_path), 0, range(300 if longer else ALWAYS.get(name, 60)), SECONDS)
    assert [f"{finding.case}: {finding.what}" for finding in report.findings] == []
    assert len(report.ends) > 1, "all cases end alike"
