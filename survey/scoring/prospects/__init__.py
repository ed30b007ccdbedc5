"""What it would take: what-if, the cheapest plan to a target, the sensitivity of the place.

Not what was scored (roll_up.py) nor the ranking of all units. One unit moves; the others stand still,
and every answer says so.
"""

from survey.scoring.prospects.changing import Change, NewGroupMean, NewInput, NewShare
from survey.scoring.prospects.cheapest import cheapest
from survey.scoring.prospects.plan import Effort, Objective, Plan, Step, Target, ToPercent, ToPlace
from survey.scoring.prospects.rivals import PlaceAmong, Rivals, chance_ahead, place_among
from survey.scoring.prospects.sensitivity import LeafSensitivity, Neighbour, Sensitivity, sensitivity
from survey.scoring.prospects.shares import Items, ItemShares
from survey.scoring.prospects.what_if import NodeMove, Outcome, WhatIf, what_if

__all__ = [
    "Change",
    "Effort",
    "ItemShares",
    "Items",
    "LeafSensitivity",
    "Neighbour",
    "NewGroupMean",
    "NewInput",
    "NewShare",
    "NodeMove",
    "Objective",
    "Outcome",
    "PlaceAmong",
    "Plan",
    "Rivals",
    "Sensitivity",
    "Step",
    "Target",
    "ToPercent",
    "ToPlace",
    "WhatIf",
    "chance_ahead",
    "cheapest",
    "place_among",
    "sensitivity",
    "what_if",
]
