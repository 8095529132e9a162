"""These tests use tests/profile.py's hypothesis, and the command as those of the command line do."""

from __future__ import annotations

from hypothesis import settings

import tests.profile  # noqa: F401  registers it
from tests.cli.conftest import call, environment

__all__ = ["call", "environment"]

settings.load_profile("ring1")
