"""`make spark`: the collapse on a real cluster of this machine, once in peace and once while a worker dies.

It exits with 0 when both agree with the local engine. `--json` prints one line for the test that runs it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from survey.aggregation import Measure
from survey.aggregation.engines import CellTable, CollapseRequest, collapse_files
from survey.aggregation.engines.spark_engine import collapse_in_spark, has_java, spark_session
from survey.errors import SurveyError
from tests.loopback_cluster import JAVA_OPTIONS, LOOPBACK, LoopbackCluster, loopback_cluster
from tests.unit.aggregation.engines.agreement import (
    TOLERANCE,
    awkward_request,
    awkward_table,
    largest_difference,
    write_files,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FILES, ROWS, SEED = 32, 64_000, 20260301
#: The worker dies after this many of the files' tasks.
DIES_AFTER = 6
SETTINGS = {
    "spark.driver.memory": "512m",
    "spark.executor.memory": "768m",
    "spark.driver.extraJavaOptions": JAVA_OPTIONS,
    "spark.executor.extraJavaOptions": JAVA_OPTIONS,
    "spark.sql.shuffle.partitions": "4",
    # One task a file, so that a worker can die between two of them.
    "spark.sql.files.openCostInBytes": str(128 << 20),
    # Sums that died with their worker are missed after one second and not after fifteen.
    "spark.shuffle.io.retryWait": "1s",
    "spark.shuffle.io.maxRetries": "1",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the two runs showed.

    Attributes:
        seconds: of starting the cluster, of the run in peace and of the one with a death.
        difference: largest relative difference from the local engine, in peace and with a death.
        executors: that were alive before the death and at the end.
        tasks: of the files.
        tasks_done: when the worker was killed.
        was_running: whether the answer was still to come just after.
        refusals: the errors of a file that Spark would pass over, and of one with damaged pages.
    """

    seconds: tuple[float, float, float]
    difference: tuple[float, float]
    executors: tuple[int, int]
    tasks: int
    tasks_done: int
    was_running: bool
    refusals: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Say whether both runs gave the local engine's sums."""
        return max(self.difference) <= TOLERANCE


def run_cluster(folder: Path) -> Findings:
    """Start a cluster and run the statement twice, killing a worker in the second run."""
    os.environ["SPARK_LOCAL_IP"] = LOOPBACK
    files = write_files(awkward_table(ROWS, SEED), folder, FILES)
    request = awkward_request(files, Measure("mean"))
    expected = collapse_files(request)
    began = time.monotonic()
    with (
        loopback_cluster(folder) as cluster,
        spark_session(cluster.master, {**SETTINGS, "spark.local.dir": str(folder)}) as session,
    ):
        started = time.monotonic()
        peace = collapse_in_spark(request, session)
        before, calm = cluster.executors(), time.monotonic()
        death, tasks, done, was_running = _while_a_worker_dies(request, session, cluster)
        ended = time.monotonic()
        refusals = tuple(_refusal(path, session) for path in _unusable(files[0], folder))
        return Findings(
            seconds=(started - began, calm - started, ended - calm),
            difference=(
                largest_difference(request, peace, expected),
                largest_difference(request, death, expected),
            ),
            executors=(before, cluster.executors()),
            tasks=tasks,
            tasks_done=done,
            was_running=was_running,
            refusals=refusals,
        )


def _while_a_worker_dies(
    request: CollapseRequest, session: SparkSession, cluster: LoopbackCluster
) -> tuple[Sequence[CellTable], int, int, bool]:
    with ThreadPoolExecutor(1) as aside:
        answer = aside.submit(collapse_in_spark, request, session)
        tasks, done = 0, 0
        while done < DIES_AFTER and not answer.done():
            tasks, done = _progress(session)
            time.sleep(0.01)
        cluster.workers[0].kill()
        was_running = not answer.done()
        return answer.result(), tasks, done, was_running


def _progress(session: SparkSession) -> tuple[int, int]:
    """Return the tasks of the stage that reads the files, and how many of them are done."""
    tracker = session.sparkContext.statusTracker()
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    reading = [one for one in stages if one is not None and one.numTasks == FILES]
    return max(((one.numTasks, one.numCompletedTasks) for one in reading), default=(0, 0))


def _unusable(good: Path, folder: Path) -> tuple[Path, Path]:
    """Copy a file under a name that Spark passes over, and with every other byte of its pages turned."""
    hidden, damaged = folder / "_hidden.parquet", folder / "damaged.parquet"
    content = bytearray(good.read_bytes())
    hidden.write_bytes(content)
    content[100 : len(content) // 2 : 2] = bytes(byte ^ 0xFF for byte in content[100 : len(content) // 2 : 2])
    damaged.write_bytes(content)
    return hidden, damaged


def _refusal(path: Path, session: SparkSession) -> str:
    try:
        collapse_in_spark(awkward_request((path,), Measure("mean")), session)
    except SurveyError as error:
        return error.code
    return ""


def main(arguments: Sequence[str]) -> int:
    """Run the cluster and say what it showed; give 0 when the engines agree."""
    if not has_java():
        print("Spark needs Java 17 or newer (Debian: apt install openjdk-17-jre-headless).", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="survey-spark-") as folder:
        found = run_cluster(Path(folder))
    print(json.dumps(asdict(found)) if "--json" in arguments else _said(found))
    return 0 if found.agrees and found.was_running else 1


def _said(found: Findings) -> str:
    up, calm, death = found.seconds
    return (
        f"One master, two workers on {LOOPBACK}: up in {up:.0f} s; {FILES} files, {ROWS:,} rows\n"
        f"in peace:          {calm:5.1f} s, differs from the local engine by {found.difference[0]:.1e}\n"
        f"a worker killed:   {death:5.1f} s, differs from the local engine by {found.difference[1]:.1e}\n"
        f"                   killed after {found.tasks_done} of {found.tasks} tasks; "
        f"executors {found.executors[0]} → {found.executors[1]}\n"
        f"{'They agree' if found.agrees else 'THEY DISAGREE'} (bound {TOLERANCE:.0e})."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
