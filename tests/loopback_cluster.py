"""A real Spark cluster on loopback: one master and workers, each a process of its own that can be killed.

Not a session on it (survey.aggregation.engines.spark_engine).
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyspark

HOME = Path(pyspark.__file__).parent
SPARK_CLASS = HOME / "bin" / "spark-class"
DEPLOY = "org.apache.spark.deploy"
LOOPBACK = "127.0.0.1"
#: What the daemons take, in this and the executors' memory (spark_cluster.SETTINGS) beside it.
DAEMON_MEMORY = "256m"
#: For short lives on few cores: compile fast, collect garbage in one thread.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
START_SECONDS = 60.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Daemon:
    """A master or worker."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, pattern: str) -> str:
        """Wait until it says something, and return what the pattern's group caught.

        Raises:
            RuntimeError: it stopped, or said nothing of the kind in a minute.
        """
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            found = re.search(pattern, self.log.read_text("utf-8", "replace"))
            if found:
                return found.group(1)
            time.sleep(0.1)
        raise RuntimeError(f"no {pattern!r} in {self.log}:\n{self.log.read_text('utf-8', 'replace')[-2000:]}")

    def executors(self) -> list[psutil.Process]:
        """List the executors that a worker started."""
        if self.process.poll() is not None:
            return []
        return [one for one in psutil.Process(self.process.pid).children() if _is_executor(one)]

    def kill(self) -> None:
        """Kill it and its executors at once, as when a machine loses power."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass(frozen=True)
class LoopbackCluster:
    """A master's address and its workers."""

    master: str
    workers: tuple[Daemon, ...]

    def executors(self) -> int:
        """Count the executors alive."""
        return sum(len(worker.executors()) for worker in self.workers)


@contextmanager
def loopback_cluster(folder: Path, workers: int = 2) -> Iterator[LoopbackCluster]:
    """Run a master and workers of one core and 1 GB each on free ports of loopback until the block ends."""
    with ExitStack() as running:

        def start(role: str, *arguments: str) -> Daemon:
            daemon = _start(folder, role, arguments)
            running.callback(daemon.kill)
            return daemon

        master = start("master", f"{DEPLOY}.master.Master", *_address())
        address = master.wait_for(r"Starting Spark master at (spark://\S+)")
        started = [
            start(
                f"worker-{number}",
                f"{DEPLOY}.worker.Worker",
                *_address(),
                *("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"work-{number}")),
                address,
            )
            for number in range(workers)
        ]
        for worker in started:
            worker.wait_for(r"(Successfully registered with master)")
        yield LoopbackCluster(address, tuple(started))


def _is_executor(process: psutil.Process) -> bool:
    try:
        return "CoarseGrainedExecutorBackend" in " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return False


def _address() -> tuple[str, ...]:
    return ("--host", LOOPBACK, "--port", "0", "--webui-port", "0")


def _start(folder: Path, role: str, arguments: tuple[str, ...]) -> Daemon:
    log = folder / f"{role}.log"
    environment = {
        **os.environ,
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "spill"),
        "SPARK_DAEMON_MEMORY": DAEMON_MEMORY,
        "SPARK_DAEMON_JAVA_OPTS": JAVA_OPTIONS,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(SPARK_CLASS), *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    return Daemon(process, log)


def _die_with_parent() -> None:
    """Leave no daemon behind, however the test ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
