"""The R reference cases as requests of `survey estimate`: what is asked, and where the answer stands.

Not the comparison (test_estimate_command.py). A case that a request cannot say gives None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATS = Path(__file__).resolve().parents[1] / "data" / "stats"
CASES: list[dict[str, Any]] = json.loads((STATS / "reference.json").read_text(encoding="utf-8"))["cases"]
FACTORS = {"stype": ["E", "H", "M"]}
TYPES, SCHWIDE = {"E": 4421, "H": 755, "M": 1018}, {"No": 1072, "Yes": 5122}
#: R's calls after svydesign, and the same as a request.
ADJUSTMENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "postStratify(d",
        {"calibrate": {"kind": "poststratify", "margins": [{"column": "stype", "totals": TYPES}]}},
    ),
    (
        "rake(d",
        {"calibrate": {"kind": "rake", "margins": {"stype": TYPES, "sch.wide": SCHWIDE}}},
    ),
    (
        'calfun="raking"',
        {
            "calibrate": {
                "kind": "raking",
                "margins": [{"column": "stype", "totals": TYPES}, {"column": "sch.wide", "totals": SCHWIDE}],
            }
        },
    ),
    (
        "calibrate(d",
        {
            "calibrate": {
                "kind": "greg",
                "totals": {"(Intercept)": 6194, "stypeH": 755, "stypeM": 1018, "api99": 3914069},
            }
        },
    ),
    ('type="JK1"', {"replicates": {"kind": "JK1"}}),
)


@dataclass(frozen=True)
class Asked:
    """A case as a request.

    Attributes:
        whole: whether it is of the whole sample, so that R's degrees of freedom are the domain's.
    """

    case: dict[str, Any]
    request: dict[str, Any]
    whole: bool = True

    @property
    def id(self) -> str:
        return str(self.case["id"])

    @property
    def result(self) -> dict[str, Any]:
        return dict(self.case["result"])


def request_of(case: dict[str, Any]) -> Asked | None:
    """Say a case as a request, or None where a request has no such statistic."""
    for pattern, making in EXPRESSIONS:
        found = re.fullmatch(pattern, case["expr"])
        if found:
            told = making(case, *found.groups())
            request = {"data": str(STATS / case["data"]), "design": design_of(case["design"]), **told}
            request.update(next((more for call, more in ADJUSTMENTS if call in case["design"]), {}))
            whole = not any(one.get("by") or one.get("where") for one in request["statistics"])
            return Asked(case, request, whole)
    return None


def design_of(code: str) -> dict[str, Any]:
    told: dict[str, Any] = {"weights": "pw"}
    call = code.splitlines()[0]
    for key, name in (("id", "psu"), ("strata", "strata"), ("fpc", "fpc")):
        found = re.search(rf"{key}=~(\w+)", call)
        if found and found[1] != "1":
            told[name] = found[1]
    return told


def _statistic(**told: Any) -> dict[str, Any]:
    return {"statistics": [told]}


def _names(formula: str) -> list[str]:
    return formula.split("+")


def _mean(case: dict[str, Any], call: str, formula: str, options: str | None) -> dict[str, Any]:
    items, kind = _names(formula), "mean" if call == "svymean" else "total"
    told: dict[str, Any] = {"kind": kind, "items": items, "covariance": True}
    if items[0] in FACTORS:
        told["kind"] = "proportion" if kind == "mean" else "total"
        told["levels"] = FACTORS[items[0]]
    if options and "deff" in options:
        told["deff"] = "replace" if "replace" in options else True
    level = re.search(r"_(\d\d)$", case["id"])
    told["interval"] = {"method": "t", "level": int(level[1]) / 100 if level else 0.95}
    return _statistic(**told)


def _indicators(case: dict[str, Any]) -> dict[str, Any]:
    return _statistic(
        kind="top_box", items=["sch.wide", "comp.imp"], levels=["Yes"], interval="t", covariance=True
    )


def _ratio(case: dict[str, Any], y: str, x: str, options: str | None) -> dict[str, Any]:
    return _statistic(kind="ratio", items=[y], denominator=x, deff=bool(options), covariance=True)


def _by(
    case: dict[str, Any], y: str, by: str, x: str | None, call: str, options: str | None
) -> dict[str, Any]:
    kind = {"svymean": "mean", "svytotal": "total", "svyratio": "ratio"}[call]
    more = {"denominator": x} if x else {}
    return _statistic(kind=kind, items=[y], by=_names(by), covariance=bool(options), **more)


def _subset(case: dict[str, Any], column: str, value: str) -> dict[str, Any]:
    return _statistic(kind="mean", items=["api00"], where={column: value})


def _share(case: dict[str, Any], method: str) -> dict[str, Any]:
    return _statistic(kind="proportion", items=["sch.wide"], levels=["Yes"], interval={"method": method})


def _degrees(case: dict[str, Any]) -> dict[str, Any]:
    return _statistic(kind="mean", items=["api00"])


def _index(case: dict[str, Any]) -> dict[str, Any]:
    weights = {"api00": 0.5, "api99": 0.3, "meals": -0.2}
    return _statistic(kind="index", items=list(weights), index_weights=weights)


def _difference(case: dict[str, Any]) -> dict[str, Any]:
    told = _statistic(kind="mean", items=["api00"], by="stype", id="m")
    return told | {"compare": [{"statistic": "m", "domain": {"stype": "E"}, "other": {"stype": "M"}}]}


def _t_test(case: dict[str, Any]) -> dict[str, Any]:
    told = _statistic(kind="mean", items=["api00"])
    return told | {"compare": [{"domains": [{"comp.imp": "Yes"}, {"comp.imp": "No"}]}]}


def _quantile(case: dict[str, Any]) -> dict[str, Any]:
    return _statistic(kind="quantile", items=["api00"], probabilities=[0.25, 0.5, 0.75])


def _alpha(case: dict[str, Any]) -> dict[str, Any]:
    return _statistic(kind="alpha", items=["api00", "api99", "avg.ed", "full"])


def _variance(case: dict[str, Any]) -> dict[str, Any]:
    return _statistic(kind="variance", items=["api00"])


def _table(case: dict[str, Any]) -> dict[str, Any]:
    return _statistic(kind="total", items=["sch.wide"], levels=["No", "Yes"], by="stype")


NAMES = r"([a-z0-9.]+(?:\+[a-z0-9.]+)*)"
NAME = r"([a-z0-9.]+)"
EXPRESSIONS: tuple[tuple[str, Callable[..., dict[str, Any]]], ...] = (
    (rf"(svymean|svytotal)\(~{NAMES}, d(?:, (deff=.*|na\.rm=TRUE))?\)", _mean),
    (r"svymean\(~I\(as\.numeric.*, d\)", _indicators),
    (rf"svyratio\(~{NAME}, ~{NAME}, d(?:, (deff=TRUE))?\)", _ratio),
    (rf"svyby\(~{NAME}, ~{NAMES},(?: denominator=~{NAME},)? d, (\w+)(?:, (covmat=TRUE))?\)", _by),
    (rf'svymean\(~api00, subset\(d, {NAME}=="(\w+)"\)\)', _subset),
    (rf'degf\(subset\(d, {NAME}=="(\w+)"\)\)', _subset),
    (r"degf\(d\)", _degrees),
    (r'svyciprop\(~I\(sch\.wide=="Yes"\), d, method="(\w+)"\)', _share),
    (r"svycontrast\(svymean\(.*", _index),
    (r"svycontrast\(svyby\(.*", _difference),
    (r"svyttest\(.*", _t_test),
    (r"svyquantile\(.*", _quantile),
    (r"svycralpha\(.*", _alpha),
    (r"svyvar\(.*", _variance),
    (r"as\.data\.frame\(svytable\(.*", _table),
)
ASKED = tuple(asked for asked in map(request_of, CASES) if asked is not None)
UNSAID = tuple(case["id"] for case in CASES if request_of(case) is None)
