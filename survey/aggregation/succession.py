"""Units that were renamed or merged between two rounds: the labels of the earlier one in today's units.

Not the register of units and their dates (survey.units): links come from there, or from an analyst.
A difference between rounds is about one area only if both rounds use the same units.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import cast

import numpy as np

from survey.aggregation.errors import BadRequest, listed
from survey.aggregation.labels import Labels
from survey.errors import Invalid

#: Which unit became which, straight from the earlier round's units to the later round's.
Links = Mapping[Hashable, Hashable] | Iterable[tuple[Hashable, Hashable]]


class SplitUnit(Invalid):
    """A unit that became several, so that nobody knows which of them its answers belong to."""

    code = "SVY-422-180"
    texts = {
        "vi": "Đơn vị đã chia thành nhiều đơn vị, không quy đổi được: {units}.",
        "en": "A unit became several units and cannot be carried over: {units}.",
    }


def succeed(labels: Labels, links: Links) -> list[Hashable]:
    """Put each label (rows,) in the later round's units; labels that no link names stay as they are.

    Links are applied once, not followed: they lead from the earlier round to the later one. Several old
    units may become one new unit.

    Raises:
        SplitUnit: an old unit with several new ones.
        BadRequest: a link without a unit, or whose old unit is there in another type, such as 7 and "7".
    """
    after = successors(links)
    column = cast("list[Hashable]", labels.tolist() if isinstance(labels, np.ndarray) else list(labels))
    refuse_other_types(set(column), set(after))
    return [after.get(label, label) for label in column]


def successors(links: Links) -> dict[Hashable, Hashable]:
    """Return the one new unit of each old unit.

    Raises:
        SplitUnit, BadRequest.
    """
    after: dict[Hashable, dict[Hashable, None]] = {}
    for old, new in links.items() if isinstance(links, Mapping) else links:
        if old in (None, "") or new in (None, ""):
            raise BadRequest(problem=f"liên kết thiếu đơn vị / a link without a unit: {old!r} → {new!r}")
        after.setdefault(old, {})[new] = None
    split = [f"{old} → {', '.join(map(str, new))}" for old, new in after.items() if len(new) > 1]
    if split:
        raise SplitUnit(units=listed(split))
    return {old: next(iter(new)) for old, new in after.items()}


def refuse_other_types(labels: set[Hashable], others: set[Hashable]) -> None:
    """Refuse labels that are others only when written as text, which would pass unseen.

    Raises:
        BadRequest: naming one.
    """
    written = {_written(label): label for label in others - labels}
    for label in sorted(labels - others, key=_written):
        other = written.get(_written(label))
        if other is not None:
            problem = f"nhãn khác kiểu / labels of different types: {label!r}, {other!r}"
            raise BadRequest(problem=problem)


def _written(label: Hashable) -> str:
    return " / ".join(map(str, label)) if isinstance(label, tuple) else str(label)
