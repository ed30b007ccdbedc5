"""The rows of a summary: its units, their totals, the index tree, and every figure as it was computed.

Not the order and places of units (ranked_units.py) nor the tables of items (items.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.aggregation import Estimate
from survey.reports import DataRow, FactorRow, UnitRow
from survey.services.indices import WHOLE, Indices
from survey.services.ranked_units import RankedUnit, tree_order
from survey.services.rounds import Board
from survey.services.shown.figures import is_withheld
from survey.storage.snapshots import Snapshot
from survey.units import load_units


def unit_row(one: RankedUnit, indices: Indices, received: Mapping[str, int]) -> UnitRow:
    """Make the row of a unit; forms that came back are not told where its figures are withheld."""
    return UnitRow(
        group=one.line.block,
        name=load_units().get(one.line.unit_id).full_name,
        issued=one.line.issued,
        returned=None if one.valid is None else received.get(one.line.unit_id, 0),
        valid=one.valid,
        overall=indices.as_percent(one.overall),
        policy=_side(indices, "policy", one.line.unit_id),
        service=_side(indices, "service", one.line.unit_id),
        rank=one.rank,
    )


def totals_row(counts: Board, indices: Indices, snapshot: Snapshot) -> UnitRow:
    """Make the row of the whole; its forms are not told where its index is withheld."""
    gone = is_withheld(indices.overall)
    return UnitRow(
        group="",
        name="",
        issued=counts.issued,
        returned=None if gone else sum(snapshot.manifest["received"].values()),
        valid=None if gone else snapshot.rows,
        overall=indices.as_percent(indices.overall),
        policy=_side(indices, "policy", WHOLE),
        service=_side(indices, "service", WHOLE),
    )


def factor_rows(indices: Indices, language: str) -> Iterator[FactorRow]:
    """List the indices of the whole in the order of the index tree."""
    for node, depth in tree_order(indices.formula.root):
        estimate = indices.as_percent(indices.line("index", node.id))
        yield FactorRow(node.id, node.title.in_(language), depth, estimate)


def data_rows(indices: Indices, language: str) -> Iterator[DataRow]:
    """List every figure of every unit for the tidy sheet, in its own scale."""
    titles = {node.id: node.title.in_(language) for node in indices.formula.nodes()}
    titles |= {item.id: item.text.in_(language) for item in indices.questionnaire.items}
    tree = load_units()
    for line in indices.lines:
        name = tree.get(line.unit).full_name if line.unit else ""
        yield DataRow(line.unit, name, line.statistic, titles[line.statistic], line.kind, line.estimate)


def _side(indices: Indices, node: str, unit: str) -> Estimate | None:
    estimate = indices.find("index", node, unit)
    return None if estimate is None else indices.as_percent(estimate)
