"""Which units gave inputs that the criteria set does not take: the first is refused, in full.

The same refusals as those of one unit (survey.scoring.refusals), which says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from survey.scoring.batch.columns import BoolArray, Kind, LeafColumns
from survey.scoring.batch.leaves import Leaves
from survey.scoring.batch.tree import NOWHERE, Tree
from survey.scoring.errors import RefusedInputs
from survey.scoring.refusals import Inputs, is_amount, refusals


def refuse_unfit(
    tree: Tree, columns: LeafColumns, leaves: Leaves, exempt: BoolArray, inputs: Mapping[str, Inputs] | None
) -> None:
    """Refuse the first unit whose inputs do not fit.

    Args:
        exempt: (nodes, units) the nodes that do not apply, named themselves.
        inputs: as they were given, where they were not given as columns.

    Raises:
        RefusedInputs: with one problem for every refused input of that unit.
    """
    unfit = unfit_units(tree, columns, leaves, exempt)
    if not all(is_amount(value) for value in leaves.best.values()):
        unfit[:] = True
    if unfit.any():
        row = int(np.flatnonzero(unfit)[0])
        given = columns.given(row) if inputs is None else inputs[columns.units[row]]
        raise RefusedInputs(refusals(tree.criteria_set, given, leaves.best))


def unfit_units(tree: Tree, columns: LeafColumns, leaves: Leaves, exempt: BoolArray) -> BoolArray:
    """Say (units,) whose inputs the set does not take."""
    below = tree.below(exempt)
    known = {node.criterion.id: node for node in tree.nodes}
    every = tree.whole(exempt)
    unfit = np.all(every[list(tree.top)], axis=0) if tree.top else np.ones(len(columns.units), np.bool_)
    for name, column in columns.columns.items():
        node = known.get(name)
        if node is None:
            unfit |= column.present
            continue
        if node.parent != NOWHERE:
            unfit |= column.present & below[node.parent]
        is_exempt = column.kind == Kind.EXEMPT
        taken = leaves.sound[node.leaf] if node.leaf != NOWHERE else np.False_
        unfit |= column.present & np.where(is_exempt, not node.criterion.exemptible, ~taken)
    return np.asarray(unfit, dtype=np.bool_)
