"""The clusters sample of R `survey`, its golden cases, and random samples with their populations.

Not real answers. Data and results: tests/data/stats/README.md.
"""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from survey.aggregation.weighting import Calibration, Margin, NumericTotal, calibrate, poststratify, rake

DATA = Path(__file__).resolve().parents[3] / "data" / "stats"
TYPES = {"E": 4421, "H": 755, "M": 1018}
SCHOOLWIDE = {"No": 1072, "Yes": 5122}


@cache
def golden(case: str) -> dict[str, Any]:
    """Find a case of R survey 4.5 by id."""
    cases = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))["cases"]
    return next(one for one in cases if one["id"] == case)


@cache
def clusters() -> dict[str, np.ndarray]:
    """Read apiclus1.csv by column, numbers as numbers where every value is one."""
    with (DATA / "apiclus1.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numeric = ("pw", "fpc", "dnum", "api00", "api99", "enroll")
    return {
        name: np.array([float(row[name]) if name in numeric else row[name] for row in rows])
        for name in rows[0]
    }


def types() -> Margin:
    return Margin("stype", clusters()["stype"], TYPES)


def schoolwide() -> Margin:
    return Margin("sch.wide", clusters()["sch.wide"], SCHOOLWIDE)


def prior_score() -> NumericTotal:
    return NumericTotal("api99", clusters()["api99"], 3914069)


def calibrated_as(case: str) -> Calibration:
    """Calibrate the clusters sample as the R code of a golden case does."""
    weights = clusters()["pw"]
    made = {
        "clus1_post": lambda: poststratify(weights, types()),
        "clus1_rake": lambda: rake(weights, [types(), schoolwide()], convention="rake"),
        "clus1_greg": lambda: calibrate(weights, [types()], [prior_score()]),
        "clus1_calraking": lambda: calibrate(weights, [types(), schoolwide()], distance="raking"),
    }
    return made[case]()


GOLDEN = ("clus1_post", "clus1_rake", "clus1_greg", "clus1_calraking")


@st.composite
def populations(draw: st.DrawFn, rows: int = 60) -> dict[str, Any]:
    """Draw weights, two columns, a number, and the totals of a population near to the sample.

    Every pair of labels is sampled, so that raking has a solution.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ages, areas = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    weights = rng.uniform(0.5, 4.0, rows)
    age, area = np.arange(rows) % ages, (np.arange(rows) // ages) % areas
    size = rng.normal(10, 3, rows)
    truth = weights * rng.uniform(0.7, 1.4, rows) * draw(st.sampled_from([1.0, 0.01, 250.0]))
    return {
        "weights": weights,
        "truth": truth,
        "age": Margin("age", age, dict(enumerate(np.bincount(age, truth).tolist()))),
        "area": Margin("area", area, dict(enumerate(np.bincount(area, truth).tolist()))),
        "size": NumericTotal("size", size, float(truth @ size)),
    }


def are_within_reach(drawn: dict[str, Any], lower: np.ndarray | float, upper: np.ndarray | float) -> bool:
    """Ask a linear program whether any weights within bounds meet all totals of a drawn population."""
    sides = [drawn["age"], drawn["area"]]
    rows = [one.labels == label for one in sides for label in one.totals] + [drawn["size"].values]
    totals = [total for one in sides for total in one.totals.values()] + [drawn["size"].total]
    size = drawn["weights"].size
    ends = np.column_stack([np.broadcast_to(lower, size), np.broadcast_to(upper, size)]) / totals[0]
    equations = np.array(rows, dtype=float)
    return bool(
        linprog(np.zeros(size), A_eq=equations, b_eq=np.array(totals) / totals[0], bounds=ends).success
    )
