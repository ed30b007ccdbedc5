"""The replicates of a request: built from the design, or taken from columns of the data.

Not the variance from them (survey.aggregation.uncertainty).
"""

from __future__ import annotations

import numpy as np

from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import BadReplicates
from survey.aggregation.labels import FloatArray
from survey.aggregation.replicates import (
    Replicates,
    balanced_half_samples,
    jackknife,
    rao_wu,
    supplied_replicates,
)
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.errors import located
from survey.aggregation.request.request import ReplicatesRequest

#: Replicates of the bootstrap where the request does not say.
BOOTSTRAP_REPLICATES = 500


def replicate_design(
    design: SampleDesign, columns: Columns, told: ReplicatesRequest, names: tuple[str, ...]
) -> SampleDesign:
    """Let the design take its variances from replicates.

    Args:
        names: the replicate columns, in order; empty where replicates are built.

    Raises:
        BadReplicates: a kind that the design does not fit, or columns that are no weights.
        NotNumbers.
    """
    with located("replicates.columns" if names else "replicates"):
        made = _supplied(design, columns, told, names) if names else _built(design, told)
        return design.replicated(made)


def _built(design: SampleDesign, told: ReplicatesRequest) -> Replicates:
    selection = design.selection
    if not (selection.first.sampled > 1).any():
        raise BadReplicates(problem="không tầng nào có hai đơn vị mẫu / no stratum has two PSUs")
    if told.kind in ("jk1", "jkn"):
        if told.kind == "jk1" and selection.strata > 1:
            problem = f"JK1 không có tầng, thiết kế có {selection.strata} / JK1 knows no strata; use JKn"
            raise BadReplicates(problem=problem)
        return jackknife(selection, mse=told.mse)
    if told.kind in ("brr", "fay"):
        rho = (0.3 if told.kind == "fay" else 0.0) if told.rho is None else told.rho
        return balanced_half_samples(selection, rho=rho, mse=told.mse)
    return rao_wu(selection, told.replicates or BOOTSTRAP_REPLICATES, seed=told.seed, mse=told.mse)


def _supplied(
    design: SampleDesign, columns: Columns, told: ReplicatesRequest, names: tuple[str, ...]
) -> Replicates:
    weights = np.stack([columns.numbers(name, "replicates.columns") for name in names], axis=1)
    if not told.combined:
        weights = weights * design.weights[:, None]
    return supplied_replicates(
        weights,
        scale=_scale(told, len(names)),
        rscales=_rscales(told, len(names)),
        mse=told.mse,
    )


def _scale(told: ReplicatesRequest, count: int) -> float:
    """Return the scale given, or the one that R `svrepdesign` takes for the kind."""
    if told.scale is not None:
        return told.scale
    rho = told.rho or 0.0
    by_kind = {
        "jk1": (count - 1) / count,
        "brr": 1 / count,
        "fay": 1 / (count * (1 - rho) ** 2),
        "raowu": 1 / (count - 1),
        "bootstrap": 1 / (count - 1),
    }
    return by_kind.get(told.kind, 1.0)


def _rscales(told: ReplicatesRequest, count: int) -> FloatArray | None:
    if told.rscales is None:
        return None
    given = np.array(told.rscales, dtype=np.float64)
    return np.full(count, given[0]) if given.size == 1 else given
