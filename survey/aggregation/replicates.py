"""Replicate weights: the same sample weighted many times over, whose spread is the variance.

Not the variance itself (uncertainty.py). Design replicates multiply whole PSUs by one factor, so that
estimates follow from PSU sums; replicate columns supplied with the data weight single responses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import hadamard

from survey.aggregation.errors import BadReplicates, listed
from survey.aggregation.labels import FloatArray
from survey.aggregation.selection import Selection


@dataclass(frozen=True, slots=True)
class Replicates:
    """R replicates of a design.

    Attributes:
        factors: (R, psus) what the PSU's weights are multiplied by; or, `by_row`, (R, rows) weights.
        by_row: which of the two.
        scale, rscales: variance = scale Σ rscales_r (θ_r - centre)² (R `svrVar`).
        mse: the centre is the estimate itself; else the mean of the replicates.
        method: one of the phrases of methods.py.
        seed: of the random draws, if there were any.
        df: degrees of freedom at most (R `degf`: rank of the weights less 1); None for those of the PSUs.
    """

    factors: FloatArray
    by_row: bool
    scale: float
    rscales: FloatArray
    mse: bool
    method: str
    seed: int | None = None
    df: int | None = None

    @property
    def count(self) -> int:
        """Count the replicates."""
        return len(self.factors)

    @property
    def roots(self) -> FloatArray:
        """Return √(scale rscales) (R,)."""
        roots: FloatArray = np.sqrt(self.scale * self.rscales)
        return roots


def jackknife(selection: Selection, *, mse: bool = False) -> Replicates:
    """Leave out one PSU at a time: JK1 without strata, JKn with them (Wolter 2007, ch. 4).

    A finite population correction scales each stratum by 1 - f (R `as.svrepdesign`).

    Raises:
        BadReplicates: a lone PSU under a rule that has no meaning here, lone PSUs only, or a second stage.
    """
    _check(selection)
    first = selection.first
    sampled = first.sampled[first.stratum].astype(np.float64)
    kept = np.flatnonzero(sampled > 1)
    if kept.size == 0:
        raise BadReplicates(problem="không tầng nào có hai đơn vị mẫu / no stratum has two PSUs")
    factors = np.ones((kept.size, selection.psus))
    for row, psu in enumerate(kept.tolist()):
        mates = first.stratum == first.stratum[psu]
        factors[row, mates] = sampled[psu] / (sampled[psu] - 1)
        factors[row, psu] = 0.0
    rest = first.unsampled[first.stratum]
    rscales = ((sampled - 1) / sampled * rest)[kept]
    if selection.strata == 1:
        return Replicates(factors, False, float(rscales[0]), np.ones(kept.size), mse, "jackknife JK1")
    return Replicates(factors, False, 1.0, rscales, mse, "jackknife JKn")


def balanced_half_samples(selection: Selection, *, rho: float = 0.0, mse: bool = False) -> Replicates:
    """Balance half samples of strata with two PSUs: BRR, or Fay's method for 0 < ρ < 1 (Judkins 1990).

    The Hadamard matrix is Sylvester's, of the next power of 2 above the number of strata.

    Raises:
        BadReplicates: a stratum without exactly two PSUs, ρ outside [0, 1), or a finite population.
    """
    _check(selection)
    if not 0 <= rho < 1:
        raise BadReplicates(problem=f"rho={rho}")
    first = selection.first
    wrong = np.flatnonzero(first.sampled != 2)
    if wrong.size:
        names = listed(first.labels[h] for h in wrong)
        raise BadReplicates(problem=f"BRR cần đúng 2 đơn vị mỗi tầng / BRR needs 2 PSUs a stratum: {names}")
    if selection.has_fpc:
        raise BadReplicates(problem="BRR không có hiệu chỉnh tổng thể / BRR knows no fpc")
    order = 1 << selection.strata.bit_length()
    signs = hadamard(order)[:, 1 : selection.strata + 1].astype(np.float64)
    first_of_pair = np.r_[True, first.stratum[1:] != first.stratum[:-1]]
    side = np.where(first_of_pair, 1.0, -1.0)
    factors = 1 + (1 - rho) * signs[:, first.stratum] * side
    method = "Fay's balanced half samples" if rho else "balanced half samples BRR"
    return Replicates(factors, False, 1 / (order * (1 - rho) ** 2), np.ones(order), mse, method)


def rao_wu(selection: Selection, replicates: int = 500, *, seed: int, mse: bool = False) -> Replicates:
    """Draw n_h - 1 of the n_h PSUs of each stratum with replacement (Rao & Wu 1988; R "subbootstrap").

    With a finite population correction factors are 1 - λ + λ (their value without it), λ = √(1 - f)
    (Rao, Wu & Yue 1992; Beaumont & Patak 2012). The generator is PCG64.

    Raises:
        BadReplicates: fewer than 2 replicates, or a lone PSU under a rule that has no meaning here.
    """
    _check(selection)
    if replicates < 2:
        raise BadReplicates(problem=f"replicates={replicates}")
    first, draw = selection.first, np.random.Generator(np.random.PCG64(seed))
    factors = np.ones((replicates, selection.psus))
    starts = np.r_[0, np.cumsum(first.sampled)]
    for h in np.flatnonzero(first.sampled > 1).tolist():
        n = int(first.sampled[h])
        times = draw.multinomial(n - 1, np.full(n, 1 / n), size=replicates)
        root = np.sqrt(first.unsampled[h])
        factors[:, starts[h] : starts[h + 1]] = 1 - root + root * times * (n / (n - 1))
    return Replicates(
        factors, False, 1 / (replicates - 1), np.ones(replicates), mse, "Rao-Wu bootstrap", seed
    )


def supplied_replicates(
    weights: ArrayLike,
    *,
    scale: float = 1.0,
    rscales: ArrayLike | None = None,
    mse: bool = False,
) -> Replicates:
    """Take replicate weights (rows, R) that came with the data, sampling weights included.

    As R `svrepdesign(type="other", combined.weights=TRUE)`; df is the rank of the weights less 1.

    Raises:
        BadReplicates: negative, missing or only zero weights, fewer than 2 columns, or scales that do not
            fit.
    """
    columns = _numbers(weights)
    if columns.ndim != 2 or columns.shape[1] < 2 or not columns.any():
        raise BadReplicates(problem=f"shape {columns.shape}, {np.count_nonzero(columns)} > 0")
    if not np.isfinite(columns).all() or (columns < 0).any():
        count = int((~(np.isfinite(columns) & (columns >= 0))).any(axis=1).sum())
        raise BadReplicates(problem=f"thiếu hoặc âm ở {count} dòng / missing or negative in {count} rows")
    factors = np.ascontiguousarray(columns.T)
    each = np.ones(len(factors)) if rscales is None else _numbers(rscales).reshape(-1)
    each = np.full(len(factors), each[0]) if each.size == 1 else each
    if each.size != len(factors) or not np.isfinite(each).all() or (each < 0).any() or not 0 < scale < np.inf:
        raise BadReplicates(problem=f"scale={scale}, {each.size} rscales, {len(factors)} columns")
    rank = int(np.linalg.matrix_rank(columns / columns.max()))
    return Replicates(factors, True, float(scale), each, mse, "replicate weights supplied", None, rank - 1)


def _numbers(given: ArrayLike) -> FloatArray:
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as wrong:
        raise BadReplicates(problem="không phải là số / not a number") from wrong


def _check(selection: Selection) -> None:
    if selection.second is not None:
        raise BadReplicates(problem="mẫu hai giai đoạn có fpc / a second stage with fpc")
    if selection.first.lone.any() and selection.lonely not in ("remove", "certainty"):
        raise BadReplicates(problem=f"lonely={selection.lonely!r}")
