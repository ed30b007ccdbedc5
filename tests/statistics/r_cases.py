"""Read the R reference cases and say which of them this room computes, and how.

Not the assertions (test_reference_values.py). Source: tests/data/stats/README.md.
"""

import csv
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from survey.aggregation import (
    Analysis,
    Measure,
    SampleDesign,
    analyse,
    cross,
    indicators,
    proportions,
    ratios,
    totals,
)

DATA = Path(__file__).parents[1] / "data" / "stats"
SAMPLES = ("srs", "strat", "strat_nofpc", "clus1", "clus1_nofpc")

TESTS = Path(__file__).parents[1]
_CALIBRATED = "statistics/test_calibrated_reference_values.py"
_FURTHER = "statistics/test_further_reference_values.py"
#: Cases with a test file of their own, one by one, so that none is passed over in silence.
ELSEWHERE = {
    **{f"{sample}.ciprop_schwide_likelihood": _FURTHER for sample in SAMPLES},
    **{
        f"clus1_{kind}.{statistic}": _CALIBRATED
        for kind in ("post", "rake", "greg", "calraking")
        for statistic in ("mean", "total", "by_stype", "by_comp", "ratio")
    },
    **{
        f"clus1_{kind}.weights": "unit/aggregation/weighting/samples.py"
        for kind in ("post", "rake", "greg", "calraking")
    },
    "strat.quantile": _FURTHER,
    "clus1.var": _FURTHER,
    "strat.ttest": _FURTHER,
    "clus1.chisq": _FURTHER,
    "clus1.jk1_mean": _CALIBRATED,
    "strat.alpha": "unit/aggregation/reliability/test_alpha.py",
    "p.adjust_bh_holm": "unit/aggregation/test_multiplicity.py",
}


@dataclass(frozen=True)
class Case:
    """One reference case."""

    id: str
    data: str
    design: str
    expr: str
    tol_rel: float
    result: dict[str, Any]

    @property
    def sample(self) -> str:
        return self.id.split(".")[0]

    @property
    def statistic(self) -> str:
        return self.id.split(".", 1)[1]


@cache
def cases() -> dict[str, Case]:
    """Read every case by its id."""
    document = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))
    return {
        one["id"]: Case(one["id"], one["data"], one["design"], one["expr"], one["tol_rel"], one["result"])
        for one in document["cases"]
    }


@cache
def table(name: str) -> dict[str, np.ndarray]:
    """Read a CSV as columns: numbers with NaN, or text with None."""
    with (DATA / name).open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return {column: _column([row[column] for row in rows]) for column in rows[0]}


def _column(texts: list[str]) -> np.ndarray:
    try:
        return np.array([float(text) if text else math.nan for text in texts])
    except ValueError:
        return np.array([text or None for text in texts], dtype=object)


def design_of(case: Case) -> SampleDesign:
    """Build the design that the case's R code describes."""
    x = table(case.data)
    return SampleDesign.build(
        weights=x["pw"],
        strata=x["stype"] if "strata=~stype" in case.design else None,
        psu=x["dnum"] if "id=~dnum" in case.design else None,
        fpc=x["fpc"] if "fpc=~fpc" in case.design else None,
    )


def means(case: Case, *items: str, by: Any = None) -> Analysis:
    """Estimate item means."""
    x = table(case.data)
    return analyse(
        design_of(case),
        {item: x[item] for item in items},
        domains=by,
        measure=Measure("mean"),
        level=level_of(case),
    )


def level_of(case: Case) -> float:
    """Return the confidence level of a case."""
    return {"ci_t_90": 0.90, "ci_t_99": 0.99}.get(case.statistic, 0.95)


def _factor_total(case: Case) -> Analysis:
    x = table(case.data)
    return totals(design_of(case), indicators(x["stype"]))


def _yes(case: Case, *columns: str) -> Analysis:
    x = table(case.data)
    answers = {column: (x[column] == "Yes").astype(np.int8) for column in columns}
    return analyse(design_of(case), answers, measure=Measure("top_share", (1,)))


def _ratio(case: Case, by: Any = None) -> Analysis:
    x = table(case.data)
    return ratios(design_of(case), {"api.stu": x["api.stu"]}, {"enroll": x["enroll"]}, domains=by, level=0.95)


def _total(case: Case, *items: str, by: Any = None) -> Analysis:
    x = table(case.data)
    return totals(design_of(case), {item: x[item] for item in items}, domains=by)


def _two_way(case: Case) -> Analysis:
    x = table(case.data)
    return means(case, "api00", by=cross(x["sch.wide"], x["stype"], separator="."))


def _by(column: str) -> Callable[[Case], Analysis]:
    return lambda case: means(case, "api00", by=table(case.data)[column])


#: How each statistic of the reference is asked for here. Results: the whole's items, or the domains.
WHOLE_SAMPLE: dict[str, Callable[[Case], Analysis]] = {
    "mean": lambda case: means(case, "api00", "api99", "enroll", "meals"),
    "mean_deff": lambda case: means(case, "api00", "enroll"),
    "mean_deff_replace": lambda case: means(case, "api00", "enroll"),
    "total": lambda case: _total(case, "enroll", "api.stu"),
    "total_deff": lambda case: _total(case, "enroll"),
    "prop_factor": lambda case: proportions(design_of(case), table(case.data)["stype"]),
    "total_factor": _factor_total,
    "prop_indicator": lambda case: _yes(case, "sch.wide", "comp.imp"),
    "ratio": _ratio,
    "ratio_deff": _ratio,
    "na_rm_mean": lambda case: means(case, "target"),
    "ci_t_90": lambda case: means(case, "api00"),
    "ci_t_99": lambda case: means(case, "api00"),
}
BY_DOMAIN: dict[str, Callable[[Case], Analysis]] = {
    "by_stype_mean": _by("stype"),
    "by_stype_mean_cov": _by("stype"),
    "by_schwide_stype_mean": _two_way,
    "by_comp_total": lambda case: _total(case, "enroll", by=table(case.data)["comp.imp"]),
    "by_awards_ratio": lambda case: _ratio(case, by=table(case.data)["awards"]),
}
#: Statistics with a test of their own.
SINGLE = {"degf", "subset_degf", "subset_mean", "index_linear", "diff_domains", "svytable"}
PROPORTION = re.compile(r"ciprop_schwide_(\w+)")


def in_scope() -> list[Case]:
    """List the cases that test_reference_values.py computes."""
    return [case for case in cases().values() if case.id not in ELSEWHERE]


def of_kind(known: Any) -> list[Case]:
    """List the cases in scope whose statistic is one of those known."""
    return [case for case in in_scope() if case.statistic in known]


def intervals_of_proportions() -> list[Case]:
    """List the cases of `svyciprop` in scope."""
    return [case for case in in_scope() if PROPORTION.fullmatch(case.statistic)]
