"""Every node, part and total of every unit: sums, completeness, error, renormalisation, bonus.

The same arithmetic as tally.py and roll_up.py of one unit, in arrays. NaN is what None is there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from survey.scoring.batch.columns import BoolArray, FloatArray, IntArray, Kind, LeafColumns, seal
from survey.scoring.batch.leaves import Leaves
from survey.scoring.batch.spreads import Errors
from survey.scoring.batch.sums import exact_sum
from survey.scoring.batch.tree import NOWHERE, TOTAL, Branch, Tree
from survey.scoring.criteria import CriteriaSet
from survey.scoring.uncertainty import Correlations


@dataclass(frozen=True, slots=True)
class Sums:
    """What `NodeScore` says, in arrays (branches, units); the branches are those of the tree.

    Attributes:
        points, percent, rescaled: NaN while unknown or exempted.
        known_points, known_maximum: of the leaves that are known.
        applicable: the maximum less what the unit is exempted from; NaN where not known.
        se: of `points`; NaN where unknown. `df`: infinite for normal, 0 where there is no interval.
        missing: how many applicable leaves have no points.
        exempt, complete, simulated: as of one node.
    """

    points: FloatArray
    known_points: FloatArray
    known_maximum: FloatArray
    applicable: FloatArray
    percent: FloatArray
    rescaled: FloatArray
    se: FloatArray
    df: FloatArray
    missing: IntArray
    exempt: BoolArray
    complete: BoolArray
    simulated: BoolArray

    def __post_init__(self) -> None:
        seal(self)


@dataclass(frozen=True, slots=True)
class Totals:
    """What `Score` says above its nodes, (units,) each."""

    bonus: FloatArray
    points: FloatArray
    rescaled: FloatArray
    percent: FloatArray
    percent_se: FloatArray
    percent_df: FloatArray

    def __post_init__(self) -> None:
        seal(self)


@dataclass(frozen=True, slots=True)
class Held:
    """What every branch is summed from.

    Attributes:
        exempt, known: (leaves, units).
        points, maxima: (leaves, units), 0 where not known.
        exempted: (nodes, units) maxima of what does not apply; NaN where not known.
    """

    tree: Tree
    leaves: Leaves
    errors: Errors
    correlations: Correlations
    exempt: BoolArray
    known: BoolArray
    points: FloatArray
    maxima: FloatArray
    exempted: FloatArray


def exemptions(tree: Tree, columns: LeafColumns) -> BoolArray:
    """Say (nodes, units) which nodes do not apply, named themselves."""
    exempt = np.zeros((len(tree.nodes), len(columns.units)), dtype=np.bool_)
    for node in tree.nodes:
        column = columns.columns.get(node.criterion.id)
        if column is not None:
            exempt[node.row] = column.kind == Kind.EXEMPT
    return exempt


def hold(tree: Tree, leaves: Leaves, exempt: BoolArray, correlations: Correlations) -> Held:
    """Put together what every branch is summed from."""
    leaf_exempt = tree.below(exempt)[tree.leaf_nodes]
    known = ~np.isnan(leaves.points) & ~leaf_exempt
    return Held(
        tree,
        leaves,
        Errors.of(leaves.slots, known),
        correlations,
        leaf_exempt,
        known,
        np.where(known, leaves.points, 0.0),
        np.where(known, np.nan_to_num(tree.maxima())[:, None], 0.0),
        exempted_maxima(tree, exempt),
    )


def roll_up(held: Held) -> Sums:
    """Sum the leaves of every branch."""
    each = [sum_branch(held, branch) for branch in held.tree.branches]
    names = [field.name for field in fields(Sums)]
    return Sums(**{name: np.stack([getattr(one, name) for one in each]) for name in names})


def sum_branch(held: Held, branch: Branch) -> Sums:
    """Sum one branch; an unknown leaf makes the sum unknown, never smaller. Arrays are (units,)."""
    units, below = held.known.shape[1], branch.leaves
    exempt = held.exempt[below]
    missing = np.count_nonzero(~exempt & ~held.known[below], axis=0)
    none_apply = np.logical_and.reduce(exempt, axis=0) & bool(below.size)
    complete = (missing == 0) & branch.covered
    applicable = np.maximum(branch.maximum - exempted_of(held, branch), 0.0)
    subtotal = exact_sum(held.points[below], units)
    is_known = complete & ~none_apply
    points = np.where(is_known, np.fmin(subtotal, applicable), np.nan)
    spread = held.errors.spread(below, held.correlations, held.tree.leaves)
    return Sums(
        points=points,
        known_points=subtotal,
        known_maximum=exact_sum(held.maxima[below], units),
        applicable=applicable,
        percent=share(points, applicable, 100.0),
        rescaled=share(points, applicable, branch.maximum),
        se=np.where(is_known, spread.se, np.nan),
        df=np.where(is_known, spread.df, np.nan),
        missing=missing,
        exempt=none_apply,
        complete=complete,
        simulated=np.logical_or.reduce(held.leaves.simulated[below] & ~exempt, axis=0),
    )


def exempted_of(held: Held, branch: Branch) -> FloatArray:
    """Give the maxima of what does not apply in a branch; NaN where not known, and outside the base."""
    units = held.known.shape[1]
    if not branch.has_percent:
        return np.full(units, np.nan)
    if branch.node != NOWHERE:
        return np.asarray(held.exempted[branch.node])
    if branch.id == TOTAL:
        return exact_sum(held.exempted[list(held.tree.top)], units)
    maxima = held.tree.maxima()[branch.leaves]
    return exact_sum(np.where(held.exempt[branch.leaves], maxima[:, None], 0.0), units)


def exempted_maxima(tree: Tree, exempt: BoolArray) -> FloatArray:
    """Give (nodes, units) the maxima of what does not apply, each counted where it was named."""
    exempted = np.zeros(exempt.shape)
    if not exempt.any():
        return exempted
    children: dict[int, list[int]] = {}
    for node in reversed(tree.nodes):
        below = exact_sum(exempted[children.get(node.row, [])], exempt.shape[1])
        exempted[node.row] = np.where(exempt[node.row], node.maximum, below)
        children.setdefault(node.parent, []).insert(0, node.row)
    return exempted


def total_up(tree: Tree, sums: Sums) -> Totals:
    """Join the total inside the base with bonus and penalty."""
    kept, total = tree.criteria_set, len(tree.branches) - 1
    units = sums.points.shape[1]
    bonus = limited(exact_sum(sums.points[list(tree.outside)], units), kept)
    points, rescaled = (with_bonus(inside[total], bonus, kept) for inside in (sums.points, sums.rescaled))
    se = share(sums.se[total], sums.applicable[total], 100.0)
    has_percent = ~np.isnan(rescaled)
    return Totals(
        bonus=bonus,
        points=points,
        rescaled=rescaled,
        percent=100 * rescaled / kept.base,
        percent_se=np.where(has_percent, se, np.nan),
        percent_df=np.where(has_percent & ~np.isnan(se), sums.df[total], np.nan),
    )


def limited(bonus: FloatArray, kept: CriteriaSet) -> FloatArray:
    """Hold all bonus and penalty together within what the set allows."""
    limits = kept.bonus_limits
    return bonus if limits is None else np.clip(bonus, limits.lowest, limits.highest)


def with_bonus(points: FloatArray, bonus: FloatArray, kept: CriteriaSet) -> FloatArray:
    """Add bonus and penalty, and keep the sum within the base where the set says so."""
    together = points + bonus
    return np.clip(together, 0.0, kept.base) if kept.bounded else together


def share(points: FloatArray, whole: FloatArray, times: float) -> FloatArray:
    """Take points as a share of a whole, times something; NaN where any of it is not known, or of nothing."""
    some = np.where(whole > 0, whole, np.nan)
    return np.where(some == times, points, points / some * times)
