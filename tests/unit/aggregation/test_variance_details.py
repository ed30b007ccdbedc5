"""Variances where strata merge inside domains, several domains at once.

Source: Rust & Kalton 1987 (collapsed strata); plain loops over the formula in plain.py.
"""

import numpy as np
import pytest

from survey.aggregation import SampleDesign, totals
from tests.unit.aggregation.plain import Plan, first_stage, influences

STRATUM = list("kkkllllmmmnnnn")
PSU = [1, 2, 2, 1, 1, 2, 2, 1, 2, 2, 1, 1, 2, 2]
#: "a" has one PSU of k and of n; "b" one of l; the rest of the rows is in none.
DOMAIN = ["a", "", "b", "a", "b", "a", "", "a", "a", "b", "a", "b", "", "b"]
Y = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7]
WEIGHTS = [1.0, 2, 1.5, 1, 3, 1, 1, 2, 2, 1, 1, 4, 1, 1]
SIZES = {"k": 5.0, "l": 9.0, "m": 4.0, "n": 8.0}


@pytest.mark.parametrize("sizes", [None, SIZES])
@pytest.mark.parametrize("rule", ["collapse", "adjust", "average", "remove"])
def test_each_domain_merges_its_own_lone_strata(sizes: dict[str, float] | None, rule: str) -> None:
    design = SampleDesign.build(
        weights=WEIGHTS,
        strata=STRATUM,
        psu=PSU,
        fpc=sizes,
        lonely=rule,  # type: ignore[arg-type]  # one of the rules
        lonely_domains=True,
    )
    analysis = totals(design, {"y": np.array(Y)}, domains=DOMAIN)
    plan = Plan(STRATUM, PSU, sizes, rule, lonely_domains=True)
    for domain in ("a", "b"):
        inside = [one == domain for one in DOMAIN]
        wanted = first_stage(plan, influences("total", WEIGHTS, Y, [True] * len(Y), inside), inside)
        assert analysis.variance[analysis.place(domain, "y")] == pytest.approx(wanted, rel=1e-12)
        assert analysis.covariance([(domain, "y")])[0, 0] == pytest.approx(wanted, rel=1e-12)
