"""The Spark engine before any Java starts; on a cluster it is tested in tests/integration."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from survey.aggregation import Measure
from survey.aggregation.engines import CollapseRequest, EngineMissing
from survey.aggregation.engines.spark_engine import collapse_with_spark, is_loopback

REQUEST = CollapseRequest((Path("a.parquet"),), ("q",), Measure("mean"), psu="psu")


def test_without_pyspark_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineMissing, match=r"pip install 'survey\[spark\]'"):
        collapse_with_spark(REQUEST)


@pytest.mark.parametrize("variable", ["JAVA_HOME", "PATH"])
def test_without_java_the_error_says_which_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(EngineMissing, match="Java 17 or newer is needed"):
        collapse_with_spark(REQUEST)


@pytest.mark.parametrize(
    ("master", "expected"),
    [
        ("local[*]", True),
        ("local-cluster[2,1,1024]", True),
        ("spark://127.0.0.1:7077", True),
        ("spark://localhost:7077", True),
        ("spark://10.0.0.5:7077", False),
        ("spark://localhost.example:7077", False),
        ("yarn", False),
        ("k8s://https://10.0.0.5:6443", False),
    ],
)
def test_only_a_cluster_of_this_machine_is_bound_to_loopback(master: str, expected: bool) -> None:
    assert is_loopback(master) is expected
