"""What the answers amount to: estimates with standard errors from the sample design.

design = SampleDesign.build(weights=w, strata=province, psu=commune)
analysis = analyse(design, answers, domains=province, measure=Measure("top_share", (4, 5)),
                   indices=[IndexDefinition.averaged("service", {"b1": 0.5, "b2": 0.5})])
analysis.estimate("Lâm Đồng", "service")
"""

from survey.aggregation.analyse import Missing, analyse
from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import ItemBlock, Measure
from survey.aggregation.assemble import Domains
from survey.aggregation.changes import Change, Changes, change, changes
from survey.aggregation.chi_square import BadTable, ChiSquareTest, chi_square_test
from survey.aggregation.descriptives import indicators, proportions, ratios, totals
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import Convention
from survey.aggregation.dispersion import PopulationVariances, population_variances
from survey.aggregation.domains import WHOLE, Domain, DomainSet, cross, domain_set
from survey.aggregation.errors import (
    BadAnswers,
    BadIndex,
    BadPopulation,
    BadReplicates,
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
from survey.aggregation.hypothesis_tests import TTest, WrongGroups, t_test
from survey.aggregation.indices import IndexDefinition, IndexTerm
from survey.aggregation.intervals import (
    arcsine_interval,
    beta_interval,
    korn_graubard_interval,
    logit_interval,
    t_interval,
    wilson_interval,
)
from survey.aggregation.likelihood import likelihood_interval
from survey.aggregation.methods import IntervalMethod
from survey.aggregation.multiplicity import BadPValues, Family, adjust_family, two_sided_p
from survey.aggregation.population import Population
from survey.aggregation.quantiles import BadProbability, Quantiles, quantiles
from survey.aggregation.replicates import (
    Replicates,
    balanced_half_samples,
    jackknife,
    rao_wu,
    supplied_replicates,
)
from survey.aggregation.request import (
    Answer,
    answer_document,
    answer_text,
    build_request,
    estimate,
    read_request,
)
from survey.aggregation.selection import LonelyRule, Selection
from survey.aggregation.succession import SplitUnit, succeed
from survey.aggregation.wording import describe_method

__all__ = [
    "WHOLE",
    "Analysis",
    "Answer",
    "BadAnswers",
    "BadIndex",
    "BadPValues",
    "BadPopulation",
    "BadProbability",
    "BadReplicates",
    "BadRequest",
    "BadTable",
    "BadWeights",
    "Change",
    "Changes",
    "ChiSquareTest",
    "Convention",
    "DifferentLengths",
    "Domain",
    "DomainSet",
    "Domains",
    "EmptySample",
    "Estimate",
    "Family",
    "IndexDefinition",
    "IndexTerm",
    "IntervalMethod",
    "ItemBlock",
    "LonelyPsu",
    "LonelyRule",
    "Measure",
    "Missing",
    "MissingLabels",
    "Population",
    "PopulationVariances",
    "Quantiles",
    "Replicates",
    "SampleDesign",
    "Selection",
    "SplitUnit",
    "TTest",
    "UnknownResult",
    "WrongGroups",
    "adjust_family",
    "analyse",
    "answer_document",
    "answer_text",
    "arcsine_interval",
    "balanced_half_samples",
    "beta_interval",
    "build_request",
    "change",
    "changes",
    "chi_square_test",
    "cross",
    "describe_method",
    "domain_set",
    "estimate",
    "fingerprint",
    "indicators",
    "jackknife",
    "korn_graubard_interval",
    "likelihood_interval",
    "logit_interval",
    "population_variances",
    "proportions",
    "quantiles",
    "rao_wu",
    "ratios",
    "read_request",
    "succeed",
    "supplied_replicates",
    "t_interval",
    "t_test",
    "totals",
    "two_sided_p",
    "wilson_interval",
]
