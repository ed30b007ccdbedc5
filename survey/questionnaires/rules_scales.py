"""Pass 2, scales: values that run the way they claim, and options fit for their kind.

A larger value is the better answer on every ordinal scale, whichever end is shown first.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.questionnaires.outline import Outline, counted
from survey.questionnaires.places import Place
from survey.questionnaires.problems import Problem, problem


def check_scales(outline: Outline) -> Iterator[Problem]:
    """Report directions, values, faces and options that do not fit their scale."""
    used = {item.place.word("scale") for item in outline.items}
    for scale in outline.scales:
        id = scale.word("id")
        if id is not None and id not in used:
            yield problem("unused-scale", scale.path, id=id)
        if isinstance(scale.data.get("options"), list) and len(counted(scale)) < 2:
            yield problem("too-few-options", scale.at("options"))
        if scale.word("kind") == "ordinal":
            yield from _ordinal(scale)
        elif scale.word("kind") == "nominal":
            yield from _nominal(scale)
        yield from _excluded(scale)
        yield from _faces(scale)


def _ordinal(scale: Place) -> Iterator[Problem]:
    if "direction" not in scale.data:
        yield problem("direction-missing", scale.at("direction"))
    before: int | None = None
    for option in counted(scale):
        value = option.whole("value")
        if value is None:
            if "value" not in option.data:
                yield problem("value-missing", option.at("value"))
            continue
        yield from _step(scale, option, before, value)
        before = value


def _step(scale: Place, option: Place, before: int | None, value: int) -> Iterator[Problem]:
    direction = scale.word("direction")
    rises = {"ascending": 1, "descending": -1}.get(direction or "")
    if before is not None and rises is not None and (value - before) * rises <= 0:
        yield problem("wrong-direction", option.at("value"), value=value, before=before, direction=direction)


def _nominal(scale: Place) -> Iterator[Problem]:
    if "direction" in scale.data:
        yield problem("direction-unexpected", scale.at("direction"))
    for option in counted(scale):
        if "value" in option.data:
            yield problem("value-unexpected", option.at("value"))


def _excluded(scale: Place) -> Iterator[Problem]:
    for option in scale.each("options"):
        if option.data.get("excluded") is True and "value" in option.data:
            yield problem("value-unexpected", option.at("value"))


def _faces(scale: Place) -> Iterator[Problem]:
    options = counted(scale)
    if any("face" in option.data for option in options):
        for option in options:
            if "face" not in option.data:
                yield problem("face-missing", option.at("face"))
