"""The SQL engine beyond one machine: Apache Spark, on a cluster whose every machine sees the files.

Not needed for a province (docs/engines.md says when to use which). PySpark is an optional extra and
is imported only here, when it is used; it needs Java.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from survey.aggregation.engines.cell_table import CellTable
from survey.aggregation.engines.collapse_request import CollapseRequest
from survey.aggregation.engines.errors import EngineFailed, EngineMissing, UnreadableFile
from survey.aggregation.engines.responses_view import VIEW, ResponsesView, ViewColumn, view_of
from survey.aggregation.engines.sql import collapse_sql, first_line
from survey.aggregation.errors import listed
from survey.errors import SurveyError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, SparkSession

ENGINE = "Apache Spark"
APPLICATION = "survey"
_JAVA = "cần Java 17 trở lên / Java 17 or newer is needed"
#: What Spark says of a file that it cannot read.
_UNREADABLE = ("FAILED_READ_FILE", "PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA")
#: What the statement needs, whatever the cluster is set to: names told apart by case, nothing skipped.
_STATEMENT_SETTINGS = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.session.timeZone": "UTC",
}
_QUIET = {
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
#: A driver whose cluster is on the same machine opens no port to the network.
_LOOPBACK = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


def collapse_with_spark(
    request: CollapseRequest, *, master: str = "local[*]", settings: Mapping[str, str] | None = None
) -> tuple[CellTable, ...]:
    """Sum every response into its cells: one table for each maximal set of dimensions.

    Args:
        master: such as "spark://host:7077"; by default the cores of this machine.
        settings: of Spark's own, such as {"spark.executor.memory": "4g"}.

    Raises:
        EngineMissing; UnreadableFile, ChangedColumns, BadValues; EngineFailed: no cluster at that
            address, or one that stopped.
    """
    with spark_session(master, settings) as session:
        return collapse_in_spark(request, session)


@contextmanager
def spark_session(master: str, settings: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """Open a session on a cluster and close it at the end; one that is open already is taken as it is.

    Raises:
        EngineMissing: no PySpark or no Java. EngineFailed: no cluster at that address.
    """
    session_class = _pyspark()
    there = session_class.getActiveSession()
    if there is not None:
        yield there
        return
    told = {**_QUIET, **(_LOOPBACK if is_loopback(master) else {}), **(settings or {})}
    builder = session_class.builder.master(master).appName(APPLICATION)
    for name, value in told.items():
        builder = builder.config(name, value)
    with _failures(master):
        session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def collapse_in_spark(request: CollapseRequest, session: SparkSession) -> tuple[CellTable, ...]:
    """Do the same in a session that is open; its views and settings stay as they are.

    Raises:
        UnreadableFile, ChangedColumns, BadValues, EngineFailed.
    """
    view = view_of(request)
    own = session.newSession()
    for name, value in _STATEMENT_SETTINGS.items():
        own.conf.set(name, value)
    with _failures(listed(file.path.name for file in view.files)):
        _make_view(own, view)

        def execute(statement: str) -> pa.Table:
            return own.sql(statement).toArrow()

        return collapse_sql(view, execute)


def is_loopback(master: str) -> bool:
    """Say whether a master is this process or on this machine."""
    host = urlsplit(master).hostname
    return master.startswith("local") or host in ("127.0.0.1", "localhost", "::1")


def _make_view(session: SparkSession, view: ResponsesView) -> None:
    paths = [_path(file.path) for file in view.files]
    columns = [_column(one) for one in view.columns]
    session.read.parquet(*paths).select(*columns).createOrReplaceTempView(VIEW)


def _column(column: ViewColumn) -> Column:
    from pyspark.sql import functions

    if column.source is None:
        value = functions.lit(1)
    else:
        doubled = column.source.replace("`", "``")
        value = functions.col(f"`{doubled}`")
    return (value.cast(column.type.lower()) if column.type else value).alias(column.name)


def _path(path: Path) -> str:
    """Write a path as a local file on every machine, so that it means this file and no pattern.

    Raises:
        UnreadableFile: a name that Spark passes over.
    """
    if path.name.startswith(("_", ".")):
        problem = "Spark bỏ qua tên bắt đầu bằng _ hay dấu chấm / Spark skips names of _ or a dot first"
        raise UnreadableFile(file=path.name, problem=problem)
    plain = "".join(f"\\{sign}" if sign in "\\*?[]{}" else sign for sign in str(path.resolve()))
    return f"file://{plain}"


def _pyspark() -> type[SparkSession]:
    """Import PySpark, and look for Java.

    Raises:
        EngineMissing.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing(engine=ENGINE, problem="pip install 'survey[spark]'") from error
    if not has_java():
        raise EngineMissing(engine=ENGINE, problem=_JAVA)
    return SparkSession


def has_java() -> bool:
    """Say whether there is a Java where Spark looks for it."""
    told = os.path.expandvars("$JAVA_HOME/bin/java")
    return shutil.which("java" if told.startswith("$") else told) is not None


@contextmanager
def _failures(where: str) -> Iterator[None]:
    """Turn Spark's own errors into ours.

    Args:
        where: the files that are read or the cluster that is asked.
    """
    from py4j.protocol import Py4JError, Py4JJavaError  # type: ignore[import-untyped]  # it has no types
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            # PySpark 4.3 warns of pandas 3, which nothing here hands to it.
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            yield
    except Py4JJavaError as error:
        raise _ours([first_line(one) for one in _causes(error.java_exception)], where) from error
    except (PySparkException, Py4JError) as error:
        raise _ours([first_line(error)], where) from error


def _causes(thrown: Any) -> Iterator[str]:
    while thrown is not None:
        yield thrown.toString()
        thrown = thrown.getCause()


def _ours(lines: Sequence[str], where: str) -> SurveyError:
    """Return our error for what Spark says, the deepest cause last."""
    for line in lines:
        if "JAVA_GATEWAY_EXITED" in line:
            return EngineMissing(engine=ENGINE, problem=_JAVA)
        if any(condition in line for condition in _UNREADABLE):
            return UnreadableFile(file=where, problem=line)
    return EngineFailed(engine=ENGINE, problem=f"{where}: {lines[-1]}")
