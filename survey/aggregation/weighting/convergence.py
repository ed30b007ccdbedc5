"""Whether weights reach the population totals: every margin's target, what was reached, and the worst.

Not how the weights were found (raking.py, newton.py).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from survey.aggregation.errors import listed
from survey.aggregation.weighting.errors import NotConverged

#: Totals are met when every one is reached within this share of it.
TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class MarginFit:
    """How closely one population total is reached.

    Attributes:
        name: the column.
        label: its label; None for the total of a numeric column or of the population.
        target, reached: the population total, and what the weights give.
        relative_error: their distance over the target (over Σ w|x| where a total of mixed signs is smaller).
    """

    name: str
    label: Hashable | None
    target: float
    reached: float
    relative_error: float

    @property
    def title(self) -> str:
        """Name the total: `column=label`, or the column."""
        return self.name if self.label is None else f"{self.name}={self.label}"


@dataclass(frozen=True, slots=True)
class ConvergenceReport:
    """What an iteration came to.

    Attributes:
        converged: whether every total is reached within `tolerance`.
        iterations: sweeps of raking, or steps of Newton.
        margins: every total, in the order they were given.
        tolerance: the largest relative error that counts as reached.
        impossible: whether it is proven that no weights (within the bounds) reach all totals together.
        redundant: columns that follow from others and so were left out of the equations.
    """

    converged: bool
    iterations: int
    margins: tuple[MarginFit, ...]
    tolerance: float = TOLERANCE
    impossible: bool = False
    redundant: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[MarginFit, ...]:
        """List the totals that are not reached, the worst first."""
        missed = [fit for fit in self.margins if not fit.relative_error <= self.tolerance]
        return tuple(sorted(missed, key=lambda fit: -fit.relative_error))

    @property
    def worst(self) -> MarginFit:
        """Return the total with the largest relative error."""
        return max(self.margins, key=lambda fit: fit.relative_error)


_IMPOSSIBLE = "không có trọng số nào như vậy / no such weights exist"
_UNFINISHED = "chưa hội tụ / not converged"


def demand(report: ConvergenceReport) -> None:
    """Refuse weights that do not reach their totals.

    Raises:
        NotConverged: naming the worst total, what it reaches and by how much it fails.
    """
    if report.converged:
        return
    worst = report.worst
    raise NotConverged(
        iterations=report.iterations,
        margin=worst.title,
        target=f"{worst.target:.10g}",
        reached=f"{worst.reached:.10g}",
        residual=f"{worst.relative_error:.2e}",
        reason=_IMPOSSIBLE if report.impossible else _UNFINISHED,
        failed=listed(fit.title for fit in report.failed),
    )
