"""A campaign over a cluster of this machine's own, with a Redis database that a second campaign goes on from."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.campaign import Batch, Campaign, CampaignPlan

distributed: Any = pytest.importorskip("dask.distributed", reason="the extra `cluster` is not installed")
redis = pytest.importorskip("redis", reason="the extra `cluster` is not installed")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis server of the test's own."""
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)
        for _ in range(300):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.1)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def test_cluster(database: str, tmp_path: Path) -> None:
    from ring1.dbt.fuzz import cluster

    plan = CampaignPlan(("pg32v",), (ENGINES["interp"], ENGINES["bt"]), 1)
    campaign = Campaign(plan, tmp_path, cluster.database(database))
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as local:
        crew = cluster.Cluster(local.scheduler_address)
        for result in crew.results(plan, iter(range(60))):
            assert isinstance(result, Batch)
            campaign.take(result)
        crew.close()
    assert campaign.programs == 60 and not campaign.findings
    another = Campaign(plan, tmp_path / "other", cluster.database(database))
    kept, _ = another.resume()
    assert kept > 3 and another.cells["pg32v"]
