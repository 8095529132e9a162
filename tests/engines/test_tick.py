"""Ctrl-C at any moment leaves no virtual CPU to be interrupted once it is gone."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from unittest import mock

import pytest

from ring1.dbt.engines.kvm import tick


def test_a_tick_that_was_entered_half_is_stopped() -> None:
    run = SimpleNamespace(immediate_exit=0)
    made = tick.Tick(run, threading.Event())  # type: ignore[arg-type]
    with mock.patch.object(tick._clock().wake, "set", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        made.__enter__()
    made.stop()
    assert made not in tick._clock().running
