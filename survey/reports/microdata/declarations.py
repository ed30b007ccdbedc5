"""How each program is told of the design: the lines to paste, so that no standard error forgets it.

Not the computation. docs/analysis explains what each lonely-PSU rule does.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey.reports.microdata.values import SurveyDesign

#: Stata's words for R's rules; it has none for "average" and names the others so.
_SINGLE_UNIT = {"adjust": "centered", "certainty": "certainty", "remove": "certainty", "fail": "missing"}


def declarations(design: SurveyDesign) -> Mapping[str, tuple[str, ...]]:
    """Give the lines that declare a design, by program."""
    strata, psu, weights = design.strata, design.psu, design.weights
    single_unit = _SINGLE_UNIT.get(design.lonely, "scaled")
    return {
        "R": (
            "library(survey)",
            f'options(survey.lonely.psu = "{design.lonely}")',
            f"design <- svydesign(ids = ~{psu}, strata = ~{strata}, weights = ~{weights}, data = responses)",
        ),
        "Stata": (f"svyset {psu} [pweight={weights}], strata({strata}) singleunit({single_unit})",),
        "SPSS": (
            "CSPLAN ANALYSIS /PLAN FILE='design.csaplan'",
            f"  /PLANVARS ANALYSISWEIGHT={weights}",
            f"  /DESIGN STRATA={strata} CLUSTER={psu}",
            "  /ESTIMATOR TYPE=WR.",
        ),
    }
