"""Compute one index again from an exported CSV and its codebook, with numpy alone.

Independent of the program that made the file: it imports nothing of it. Run
`python reproduce_index.py DATA.csv --compare FIGURES.json`; README.md beside it explains every step.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

LEVEL = 0.95
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Responses:
    """The file: one entry a row. A blank cell is NaN."""

    unit: np.ndarray
    stratum: np.ndarray
    psu: np.ndarray
    weight: np.ndarray
    answers: dict[str, np.ndarray]


def read_responses(path: Path, codebook: dict[str, Any], variables: list[str]) -> Responses:
    """Read the columns that the index and the design need."""
    design = codebook["design"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    def numbers(name: str) -> np.ndarray:
        return np.array([float(row[name]) if row[name] else math.nan for row in rows])

    return Responses(
        unit=np.array([row["unit_id"] for row in rows]),
        stratum=numbers(design["strata"]).astype(int),
        psu=numbers(design["psu"]).astype(int),
        weight=numbers(design["weights"]),
        answers={name: numbers(name) for name in variables},
    )


def estimate(
    responses: Responses, formula: dict[str, Any], terms: list[dict[str, Any]], unit: str
) -> dict[str, Any]:
    """Estimate Σ weight × (Σ w y / Σ w r) over available cases, with its linearised standard error."""
    member = np.ones(responses.weight.size, bool) if unit == "" else responses.unit == unit
    value, z, kept = 0.0, np.zeros(responses.weight.size), 0.0
    for term in terms:
        upper, lower = _sums(responses, formula, term["variables"], member)
        base = lower.sum()
        if base > 0:  # a term that nobody answered leaves its weight to the others
            ratio = upper.sum() / base
            value += term["weight"] * ratio
            z += term["weight"] * (upper - ratio * lower) / base
            kept += term["weight"]
    if kept == 0:
        return dict.fromkeys(("value", "se", "ci_low", "ci_high")) | {"df": 0}
    rescaled = sum(term["weight"] for term in terms) / kept
    value, z = value * rescaled, z * rescaled
    spread, df = _variance(responses, z, member)
    se = math.sqrt(spread) if df >= 1 and math.sqrt(spread) > 1e-12 else None
    low, high = _interval(value, se, df, is_share=formula["measure"] == "top_share")
    return {"value": value, "se": se, "ci_low": low, "ci_high": high, "df": df}


def _sums(
    responses: Responses, formula: dict[str, Any], variables: list[str], member: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give each row's Σ w r y and Σ w r over the items that a term pools; negative codes are out."""
    upper, lower = np.zeros(member.size), np.zeros(member.size)
    for name in variables:
        code = responses.answers[name]
        answered = member & (code >= 0)
        figure = np.isin(code, formula["levels"]) if formula["measure"] == "top_share" else code
        upper[answered] += (responses.weight * figure)[answered]
        lower[answered] += responses.weight[answered]
    return upper, lower


def _variance(responses: Responses, z: np.ndarray, member: np.ndarray) -> tuple[float, int]:
    """Sum over strata n/(n-1) Σ (z_i - mean)²; n counts the PSUs of the whole sample, not of the domain.

    A stratum with one PSU takes the squared distance from the mean of all PSUs (R's rule "adjust").
    """
    psus, row = np.unique(responses.psu, return_inverse=True)
    total = np.bincount(row, weights=z)
    stratum = np.zeros(psus.size, int)
    stratum[row] = responses.stratum
    present = np.isin(stratum, responses.stratum[member])
    middle = total[present].sum() / present.sum()
    spread = 0.0
    for one in np.unique(stratum[present]):
        here = total[stratum == one]
        if here.size == 1:
            spread += float((here[0] - middle) ** 2)
        else:
            spread += here.size / (here.size - 1) * float(((here - here.mean()) ** 2).sum())
    live = member & (responses.weight > 0)
    df = np.unique(responses.psu[live]).size - np.unique(responses.stratum[live]).size
    return spread, int(df)


def _interval(
    value: float, se: float | None, df: int, *, is_share: bool
) -> tuple[float | None, float | None]:
    """Give the t interval; for a share, on the log odds (R `svyciprop` "xlogit")."""
    if se is None or (is_share and not 0 < value < 1):
        return None, None
    quantile = t_quantile(df, LEVEL)
    if not is_share:
        return value - quantile * se, value + quantile * se
    odds, half = math.log(value / (1 - value)), quantile * se / (value * (1 - value))
    return 1 / (1 + math.exp(half - odds)), 1 / (1 + math.exp(-half - odds))


def t_quantile(df: int, level: float) -> float:
    """Find the two-sided quantile of Student's t: Newton's method on the integral of its density."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)

    def density(x: Any) -> Any:
        return scale * (1 + x * x / df) ** (-(df + 1) / 2)

    low, high = 0.0, 2 * NormalDist().inv_cdf((1 + level) / 2)
    while high / 2 * (weights @ density(high / 2 * (nodes + 1))) < level / 2:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle / 2 * (weights @ density(middle / 2 * (nodes + 1))) < level / 2:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def reproduce(data: Path, codebook_path: Path, formula_id: str, index_id: str, unit: str) -> dict[str, Any]:
    """Read both files and estimate one index of one unit; "" is the default formula, root or whole."""
    codebook = json.loads(codebook_path.read_text(encoding="utf-8"))
    formula = next(
        one for one in codebook["formulas"] if one["id"] == formula_id or (not formula_id and one["default"])
    )
    index = next(one for one in formula["indices"] if one["id"] == index_id or not index_id)
    variables = sorted({name for term in index["terms"] for name in term["variables"]})
    responses = read_responses(data, codebook, variables)
    found = estimate(responses, formula, index["terms"], unit)
    return {"formula": formula["id"], "index": index["id"], "unit": unit, **found}


def differences(found: dict[str, Any], figures: dict[str, Any]) -> list[str]:
    """Say where the figures of `survey recompute --output json` differ by more than 1e-9, relative."""
    if figures["formula"] != found["formula"]:
        return [f"formula: {found['formula']} here, {figures['formula']} there"]
    told = next(
        line
        for line in figures["figures"]
        if (line["kind"], line["statistic"], line["unit"]) == ("index", found["index"], found["unit"])
    )
    return [
        f"{name}: {found[name]} here, {told[name]} there"
        for name in ("value", "se", "ci_low", "ci_high", "df")
        if not _same(found[name], told[name])
    ]


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def main() -> int:
    """Print the index; end with 1 when it differs from the figures given."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--codebook", type=Path)
    asked.add_argument("--formula", default="", help="the questionnaire's own if left out")
    asked.add_argument("--index", default="", help="the root of the formula if left out")
    asked.add_argument("--unit", default="", help="the whole if left out")
    asked.add_argument("--compare", type=Path, help="what `survey recompute … --output json` printed")
    given = asked.parse_args()
    codebook = given.codebook or given.data.with_suffix(".codebook.json")
    found = reproduce(given.data, codebook, given.formula, given.index, given.unit)
    for name, figure in found.items():
        print(f"{name:8} {figure}")
    if given.compare is None:
        return 0
    figures = json.loads(given.compare.read_text(encoding="utf-8"))
    wrong = differences(found, figures)
    print("\n".join(wrong) or f"the same as {figures['snapshot']} to 1e-9")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
