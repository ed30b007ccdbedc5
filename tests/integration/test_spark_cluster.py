"""The SQL engine on a real Spark cluster: one master and two workers on loopback, one killed in mid-run.

The statement itself is held in tests/unit/aggregation/engines; here it is run by Spark.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from survey.aggregation.engines.spark_engine import has_java

ROOT = Path(__file__).resolve().parents[2]
#: The run takes 30 to 60 s on two shared cores; past this it hangs.
SECONDS = 300


@pytest.mark.spark
@pytest.mark.skipif(not has_java(), reason="Spark needs Java 17 or newer, and this machine has none")
def test_a_cluster_gives_the_local_sums_also_when_a_worker_is_killed_in_mid_run() -> None:
    """Largest relative difference of any sum at most 1e-12, over awkward names, types and gaps."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.spark_cluster", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert max(found["difference"]) <= 1e-12
    assert 0 < found["tasks_done"] < found["tasks"], "the worker was not killed in mid-run"
    assert found["was_running"], "the answer was there before the worker was killed"
    assert found["executors"] == [2, 1]
    assert found["refusals"] == ["SVY-422-140", "SVY-422-140"]
