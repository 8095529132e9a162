"""These tests use tests/profile.py's hypothesis, and keep no translations, which might hide what is wrong."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

import tests.profile  # noqa: F401  registers it

settings.load_profile("ring1")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RING1_CACHE", os.devnull)
