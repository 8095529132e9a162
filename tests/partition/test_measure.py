"""What is measured of partitions: exact where it is virtual time, the same under every technique, and shown."""

from __future__ import annotations

import json
from html import escape

import pytest

from ring1.dbt.engines import table
from ring1.dbt.partition import measure as m
from ring1.dbt.report.bench.partitions import sections, tables
from tests.partition.test_partitions import HERE

ENGINES = table.ENGINES
FEW = 10


@pytest.mark.parametrize("engine", [name for name in HERE if name != "kvm"])
def test_latencies_in_virtual_time(engine: str) -> None:
    """A line is seen at once; a doorbell is heard when the other's slot begins, whatever the technique."""
    assert set(m.line(ENGINES[engine], ENGINES, FEW)["instructions"]) == {0}
    heard = m.bell(ENGINES[engine], ENGINES, FEW)
    wanted = m.bell(ENGINES["interp"], ENGINES, FEW)["instructions"]
    assert heard["instructions"][:FEW] == wanted[:FEW] and all(0 < each <= m.LENGTH for each in wanted)
    assert all(each > 0 for each in heard["ns"])


def test_words_and_pages() -> None:
    """A page is faster, as generated code is not left."""
    ports, pages = (sorted(m.words(ENGINES["bt"], ENGINES, 100, pages)) for pages in (False, True))
    assert ports[0] > pages[0] > 0


@pytest.mark.long
def test_the_whole() -> None:
    quick = m.QUANTITIES[True]
    told: list[str] = []
    chosen = [ENGINES[name] for name in ("interp", "bt", "hw", "para") if name in ENGINES]
    found = m.measure(chosen, ENGINES, True, told.append)
    assert told == ["interp", "bt", "hw", "para", "neighbours"]
    rows = {row["name"]: row["cells"] for row in found["rows"]}
    assert rows.keys() == m.ROWS.keys()
    for name, cells in rows.items():
        assert cells["para"] == {"why_not": "its guests are built for it"}
        assert ("samples" in cells["hw"]) == (name in ("line", "doorbell")), name
        cell = cells["bt"]
        assert (
            cell["p0"] <= cell["p50"] <= cell["p99"] <= cell["p100"] and sum(cell["bins"]["counts"]) == cell["samples"]
        )
    assert rows["line"]["bt"]["samples"] >= quick.samples > rows["line"]["interp"]["samples"]
    assert found["neighbours"]["cells"].keys() == m.SITUATIONS.keys()
    assert found["neighbours"]["cells"]["alone"]["slowdown"] == 1
    assert found["size"]["bt"]["host_bytes"] > found["size"]["bt"]["guest_insns"] > 20
    result = {"partitions": json.loads(json.dumps(found)), "colours": {"bt": "#123456"}, "suites": {}}
    page = "\n".join(sections(result))
    assert all(escape(text) in page for _, text in m.ROWS.values())
    assert "nothing isolates them here" in page and "#123456" in page
    assert len(list(tables(found))) == 4


def test_a_distribution() -> None:
    found = m.distribution([float(n) for n in range(1000)])
    assert (found["samples"], found["p0"], found["p50"], found["p99"], found["p100"]) == (1000, 0, 500, 990, 999)
    assert found["bins"]["counts"][-1] == 100 + 1 and sum(found["bins"]["counts"]) == 1000
    assert m.distribution([7.0])["p50"] == 7
