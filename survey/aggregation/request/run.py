"""From a request to its answer: read, build the design, estimate, compare. Nothing is written here.

Not the formulas and not the command. Whatever fails, fails before there is an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeAlias

from survey.aggregation.design import SampleDesign
from survey.aggregation.request.answer import Answer, AnswerLine, ComparisonLine, CovarianceTable, DataNote
from survey.aggregation.request.building import build_request, read_request
from survey.aggregation.request.calibrating import calibrate_design
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.comparing import adjusted, compare, compared_domains, statistic_of
from survey.aggregation.request.declared import check_types
from survey.aggregation.request.domains import DomainPlan, plan_domains
from survey.aggregation.request.errors import TooLargeMatrix, located
from survey.aggregation.request.estimating import Analysed, analysed
from survey.aggregation.request.files import DataFile, open_data, table_in_memory
from survey.aggregation.request.line_by_line import LINE_KINDS, lines_of
from survey.aggregation.request.needed import columns_needed, replicate_columns
from survey.aggregation.request.notes import (
    describe_calibration,
    describe_design,
    describe_replicates,
    notes_of,
)
from survey.aggregation.request.replicating import replicate_design
from survey.aggregation.request.request import ComparisonRequest, EstimateRequest, StatisticRequest
from survey.aggregation.request.sample import build_design

#: Rows of a covariance matrix at most: its square is written out.
MOST_MATRIX_ROWS = 2_000

#: A table in memory: Arrow, columns by name, or whatever Arrow reads (a pandas or Polars data frame).
Table: TypeAlias = Any


def estimate(request: Mapping[str, Any] | Path | str, *, table: Table | None = None) -> Answer:
    """Answer a request for estimates: the path of a JSON file, or the same as a mapping.

    Args:
        request: docs/estimate.md explains its keys. A file's data path is relative to it; a mapping's
            to the working folder.
        table: the data, where a program holds them already; `data` then only names them.

    Raises:
        SurveyError: whatever is wrong with the request, the data or the design, before any result.
    """
    if isinstance(request, Mapping):
        return answer_request(build_request(request), table=table)
    path = Path(request)
    return answer_request(read_request(path), folder=path.parent, table=table)


def answer_request(request: EstimateRequest, *, folder: Path = Path(), table: Table | None = None) -> Answer:
    """Answer a checked request.

    Raises:
        SurveyError: as `estimate`.
    """
    with _opened(request, folder, table) as file:
        needed = columns_needed(request, file.names)
        columns = Columns(
            file.read(tuple(needed) or file.names[:1]), file.is_text, dict(request.data.types), needed
        )
    check_types(columns, request.data.types)
    return _answer(request, file, columns)


@contextmanager
def _opened(request: EstimateRequest, folder: Path, table: Table | None) -> Iterator[DataFile]:
    if table is None:
        with open_data(request.data, folder) as file:
            yield file
        return
    yield table_in_memory(table, Path(request.data.path).name)


def _answer(request: EstimateRequest, file: DataFile, columns: Columns) -> Answer:
    design = _design(request, file, columns)
    made = [_estimated(design, columns, request, one) for one in request.statistics]
    order = {one.id: place for place, one in enumerate(request.compare)}
    compared = sorted((line for one in made for line in one.comparisons), key=lambda line: order[line.id])
    family = adjusted(compared, request.adjust)
    return Answer(
        title=request.title,
        request_sha256=request.sha256,
        version=program_version(),
        data=DataNote(file.name, file.format, file.sha256, columns.rows),
        design=describe_design(design, request.design),
        calibration=describe_calibration(design),
        replicates=describe_replicates(design),
        lines=tuple(line for one in made for line in one.lines),
        covariances=tuple(one.covariance for one in made if one.covariance is not None),
        comparisons=family.lines,
        family=family.described,
        notes=notes_of(design, columns, request, [one.plan for one in made]),
    )


def program_version() -> str:
    """Return the version of this program."""
    try:
        return version("survey")
    except PackageNotFoundError:
        return "unknown"


def _design(request: EstimateRequest, file: DataFile, columns: Columns) -> SampleDesign:
    design = build_design(columns, request.design)
    if request.calibrate:
        return calibrate_design(design, columns, request.calibrate)
    if request.replicates:
        names = replicate_columns(request.replicates, file.names)
        return replicate_design(design, columns, request.replicates, names)
    return design


@dataclass(frozen=True, slots=True)
class _Made:
    lines: tuple[AnswerLine, ...]
    plan: DomainPlan
    covariance: CovarianceTable | None = None
    comparisons: tuple[ComparisonLine, ...] = ()


def _estimated(
    design: SampleDesign, columns: Columns, request: EstimateRequest, statistic: StatisticRequest
) -> _Made:
    compared = [one for one in request.compare if statistic_of(one, request.statistics) is statistic]
    plan = plan_domains(columns, statistic, compared_domains(compared))
    if statistic.kind in LINE_KINDS:
        return _Made(lines_of(design, columns, statistic, plan), plan)
    found = analysed(design, columns, statistic, plan)
    lines = found.lines()
    return _Made(
        lines=lines,
        plan=plan,
        covariance=_covariance(found, lines) if statistic.covariance else None,
        comparisons=_comparisons(found, compared),
    )


def _comparisons(found: Analysed, compared: Sequence[ComparisonRequest]) -> tuple[ComparisonLine, ...]:
    return tuple(line for one in compared for line in compare(one, found))


def _covariance(found: Analysed, lines: tuple[AnswerLine, ...]) -> CovarianceTable:
    path = f"{found.request.path}.covariance"
    if len(lines) > MOST_MATRIX_ROWS:
        raise TooLargeMatrix(path=path, rows=len(lines), limit=MOST_MATRIX_ROWS)
    wanted = [(named.domain, asked.key) for named in found.plan.listed for asked in found.asked]
    with located(path):
        return CovarianceTable(found.request.id, lines, found.analysis.covariance(wanted))
