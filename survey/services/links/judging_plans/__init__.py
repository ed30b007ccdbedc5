"""Who judges whom, as data: which groups of people judge which units.

Plans are JSON files that an office can check and replace (docs/collection/links.md); the one shipped here is
an illustration. Not the list of people (people_lists.py), and not the launch check (launch_check.py).
"""

from survey.services.links.judging_plans.plan import (
    WHICH_UNITS,
    JudgingPlan,
    PlanGroup,
    PlanRule,
    load_plan,
    read_plan,
    shipped_plans,
)

__all__ = ["WHICH_UNITS", "JudgingPlan", "PlanGroup", "PlanRule", "load_plan", "read_plan", "shipped_plans"]
