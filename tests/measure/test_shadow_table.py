"""The events of a shadow page table, which hardware without nested paging would need, are counted on a machine of its
own."""

from __future__ import annotations

from tempfile import TemporaryDirectory

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.measure import nano
from ring1.dbt.measure.result import of_paging
from ring1.dbt.measure.sampling import counted
from ring1.dbt.measure.trial import TrialSetting
from ring1.isa.load import load


def test_a_shadow_page_table_is_counted_where_generated_code_does_not_hide_it() -> None:
    """Of a page fault that maps the page: the fault, the page that is shown, and a part of a flush."""
    with TemporaryDirectory() as folder:
        setting = TrialSetting(load("pg32v"), [ENGINES["bare"], ENGINES["hw"]], folder, False)
        trials = {trial.name: trial for trial in nano.trials(setting)}
        events = {}
        for name in ("pgfault", "ptemod", "syscall"):
            make = trials[name].shadow
            assert make is not None
            found = counted(make, 0.003)
            assert not found.why_not
            events[name] = {why: n for why, n in found.events.items() if of_paging(why)}
    assert events["pgfault"]["guest page fault"] == pytest.approx(1, abs=0.1)
    assert events["pgfault"]["page shown"] == pytest.approx(1, abs=0.1)
    assert sum(events["pgfault"].values()) == pytest.approx(2 + 1 / 32, abs=0.2)
    assert sum(n for why, n in events["ptemod"].items() if "flush" in why) == pytest.approx(1, abs=0.1)
    assert events["ptemod"]["page shown"] == pytest.approx(1, abs=0.1)
    assert not events["syscall"]
