"""These tests use tests/profile.py's hypothesis."""

from __future__ import annotations

from hypothesis import settings

import tests.profile  # noqa: F401  registers it

settings.load_profile("ring1")
