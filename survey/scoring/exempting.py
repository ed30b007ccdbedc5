"""The inputs that a ground of exemption makes: which nodes do not apply, and why.

Not what an exemption does to a score (roll_up.py), nor who grants one (services).
"""

from __future__ import annotations

from collections.abc import Collection

from survey.scoring.criteria import CriteriaSet
from survey.scoring.errors import RefusedInputs
from survey.scoring.inputs import NotApplicable
from survey.scoring.problems import problem


def exempted_by(
    criteria_set: CriteriaSet, grounds: Collection[str], *, language: str = "vi"
) -> dict[str, NotApplicable]:
    """Give NotApplicable for each node that the grounds take out, the ground's name as the reason.

    A node below another that is taken out too is left to the one above.

    Raises:
        RefusedInputs: the set has no such ground.
    """
    known = {ground.id: ground for ground in criteria_set.exemptions}
    unknown = [problem(name, "unknown_exemption", id=name) for name in grounds if name not in known]
    if unknown:
        raise RefusedInputs(unknown)
    named = {
        node: NotApplicable(known[name].name.get(language, known[name].name["vi"]))
        for name in grounds
        for node in known[name].nodes
    }
    below = {
        inner.id
        for node in criteria_set.walk()
        if node.id in named
        for inner in node.walk()
        if inner is not node
    }
    return {node: given for node, given in named.items() if node not in below}
