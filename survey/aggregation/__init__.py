"""What the answers amount to: estimates with standard errors from the sample design.

design = SampleDesign.build(weights=w, strata=province, psu=commune)
analysis = analyse(design, answers, domains=province, measure=Measure("top_share", (4, 5)),
                   indices=[IndexDefinition.averaged("service", {"b1": 0.5, "b2": 0.5})])
analysis.estimate("Lâm Đồng", "service")
"""

from survey.aggregation.analyse import analyse
from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Figure, ItemBlock, Measure, read_answers
from survey.aggregation.assemble import Domains
from survey.aggregation.collapse import Cells, collapse
from survey.aggregation.descriptives import indicators, proportions, ratios, totals
from survey.aggregation.design import LonelyRule, Population, SampleDesign
from survey.aggregation.design_effects import Convention
from survey.aggregation.domains import WHOLE, Domain, DomainSet, cross, domain_set
from survey.aggregation.errors import (
    BadAnswers,
    BadIndex,
    BadPopulation,
    BadRequest,
    BadWeights,
    DifferentLengths,
    EmptySample,
    LonelyPsu,
    MissingLabels,
    UnknownResult,
)
from survey.aggregation.estimates import Estimate
from survey.aggregation.fingerprint import fingerprint
from survey.aggregation.indices import IndexDefinition, IndexTerm
from survey.aggregation.intervals import (
    arcsine_interval,
    beta_interval,
    korn_graubard_interval,
    logit_interval,
    t_interval,
    wilson_interval,
)
from survey.aggregation.methods import describe_method

__all__ = [
    "WHOLE",
    "Analysis",
    "BadAnswers",
    "BadIndex",
    "BadPopulation",
    "BadRequest",
    "BadWeights",
    "Cells",
    "Convention",
    "DifferentLengths",
    "Domain",
    "DomainSet",
    "Domains",
    "EmptySample",
    "Estimate",
    "Figure",
    "IndexDefinition",
    "IndexTerm",
    "ItemBlock",
    "LonelyPsu",
    "LonelyRule",
    "Measure",
    "MissingLabels",
    "Population",
    "SampleDesign",
    "UnknownResult",
    "analyse",
    "arcsine_interval",
    "beta_interval",
    "collapse",
    "cross",
    "describe_method",
    "domain_set",
    "fingerprint",
    "indicators",
    "korn_graubard_interval",
    "logit_interval",
    "proportions",
    "ratios",
    "read_answers",
    "t_interval",
    "totals",
    "wilson_interval",
]
