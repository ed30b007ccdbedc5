"""Which numeric modules are mutated, and the fast tests that should notice, the likeliest first.

Not all tests of a module: those that take long, or go through the engines and the command line, are left out.
"""

from __future__ import annotations

_UNIT = "tests/unit/aggregation"
_R = "tests/statistics/test_reference_values.py"
_R_MORE = "tests/statistics/test_further_reference_values.py"
_R_CALIBRATED = "tests/statistics/test_calibrated_reference_values.py"


def _unit(*names: str) -> tuple[str, ...]:
    folder, _, _ = names[0].rpartition("/")
    return tuple(f"{_UNIT}/{folder}/test_{name.rpartition('/')[2]}.py".replace("//", "/") for name in names)


_RANKING = _unit("ranking/joint_ranks", "ranking_words", "ranking_faults", "rank_probabilities")
_SMALL_AREA = _unit(
    "small_area/fay_herriot", "small_area_details", "small_area_faults", "benchmark", "smoothing"
)
_WEIGHTING = _unit(
    "weighting/golden_weights",
    "distances",
    "weighting_details",
    "weighting_faults",
    "calibrating",
    "residuals",
    "trimming",
)

#: By the module's place in survey/aggregation.
TESTS: dict[str, tuple[str, ...]] = {
    "intervals": (_R, *_unit("intervals", "interval_edges")),
    "likelihood": (_R_MORE, *_unit("likelihood")),
    "variance": (_R, *_unit("variance_details", "lonely", "two_stage", "analysis")),
    "selection": (_R, *_unit("variance_details", "lonely", "two_stage", "design", "analysis")),
    "population": (_R, *_unit("design", "population_sizes", "two_stage")),
    "estimators": (_R, _R_MORE, *_unit("analysis", "contrasts", "indices", "replicates", "units_of_sums")),
    "indices": (_R, *_unit("analysis", "index_weights", "indices", "units_of_sums")),
    "residuals": (_R, *_unit("analysis", "indices", "units_of_sums")),
    "design_effects": (*_unit("design_effects"), _R, _R_MORE, *_unit("analysis")),
    "replicates": (_R_CALIBRATED, *_unit("replicates", "replicate_defaults", "lonely")),
    "calibration_residuals": (_R_CALIBRATED, *_unit("calibrated")),
    "uncertainty": (_R, _R_CALIBRATED, *_unit("replicates", "calibrated")),
    "collapse": (_R, *_unit("collapse", "analysis", "indices", "units_of_sums")),
    "sums": (*_unit("sums"), _R, *_unit("collapse", "analysis", "units_of_sums")),
    "grid": (_R, *_unit("collapse", "analysis", "units_of_sums")),
    "comparisons": (_R, _R_CALIBRATED, *_unit("analysis", "contrasts", "lonely", "replicates", "calibrated")),
    "multiplicity": _unit("multiplicity", "families"),
    **dict.fromkeys(
        (f"ranking/{name}" for name in ("covariances", "differences", "intervals", "joint")), _RANKING
    ),
    **dict.fromkeys((f"ranking/{name}" for name in ("probabilities", "quantiles", "ranked")), _RANKING),
    **dict.fromkeys((f"small_area/{name}" for name in ("areas", "benchmark", "diagnostics")), _SMALL_AREA),
    **dict.fromkeys((f"small_area/{name}" for name in ("eblup", "model", "reml", "smoothing")), _SMALL_AREA),
    **dict.fromkeys((f"weighting/{name}" for name in ("calibrated", "distances", "newton")), _WEIGHTING),
    **dict.fromkeys((f"weighting/{name}" for name in ("projection", "raking")), _WEIGHTING),
}
