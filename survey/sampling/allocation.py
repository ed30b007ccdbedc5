"""Sharing a sample over the strata: exact to the unit, between a minimum and what a stratum has.

Not for the sample's size itself (see `sizes`), nor for who is drawn (see `draws`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from survey.sampling.errors import ImpossibleAllocation

Method = Literal["proportional", "equal"]
ZERO = Fraction(0)
Bounds = dict[str, tuple[int, int]]


def allocate(
    strata: Mapping[str, int], total: int, method: Method = "proportional", minimum: int = 2
) -> dict[str, int]:
    """Share a total over strata of given sizes; the shares sum to it exactly.

    The share of stratum h is λ·w_h held between min(minimum, N_h) and N_h, with w_h = N_h
    (proportional) or 1 (equal) and the one λ that reaches the total; fractions go to the largest
    remainders, ties to the larger stratum, then to the earlier name. Two a stratum is the least
    from which a variance can be estimated (Cochran 1977, §5A.12 on strata of one unit).

    Args:
        strata: the number of units N_h of each stratum.

    Raises:
        ImpossibleAllocation: the total is below the sum of the minima or above the sum of the sizes.
    """
    bounds = {name: (max(0, min(minimum, size)), size) for name, size in strata.items()}
    least, most = (sum(bound[side] for bound in bounds.values()) for side in (0, 1))
    if not least <= total <= most or min(strata.values(), default=0) < 0:
        raise ImpossibleAllocation(total=total, least=least, most=most)
    weights = {name: size if method == "proportional" else int(size > 0) for name, size in strata.items()}
    shares = _shares(bounds, weights, total)
    order = sorted(shares, key=lambda name: (-(shares[name] % 1), -strata[name], name))
    given_up = total - sum(int(share) for share in shares.values())
    raised = set(order[:given_up])
    return {name: int(shares[name]) + (name in raised) for name in sorted(strata)}


def _shares(bounds: Bounds, weights: Mapping[str, int], total: int) -> dict[str, Fraction]:
    """Find λ between two neighbouring points where a stratum meets a bound; there the sum is a line."""

    def at(scale: Fraction) -> dict[str, Fraction]:
        return {
            name: min(max(scale * weights[name], Fraction(low)), Fraction(high))
            for name, (low, high) in bounds.items()
        }

    meets = {
        Fraction(bound, weights[name]) for name, pair in bounds.items() for bound in pair if weights[name]
    }
    for low, high in pairwise(sorted({ZERO, *meets})):
        below, above = sum(at(low).values(), ZERO), sum(at(high).values(), ZERO)
        if below <= total <= above:
            step = (total - below) / (above - below) if above > below else ZERO
            return at(low + step * (high - low))
    return at(ZERO)
