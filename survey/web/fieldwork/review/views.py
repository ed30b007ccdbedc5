"""The province's review of a round: what is implausible, broken or contradictory, decided by persons (K11).

Each queue's views stand in a file of their own; here they are gathered for the site.
"""

from survey.web.fieldwork.review import (
    alarms_views,
    conflicts_views,
    exclusions_views,
    quarantine_views,
    requests_views,
)
from survey.web.fieldwork.review.frame import review

__all__ = [
    "alarms_views",
    "conflicts_views",
    "exclusions_views",
    "quarantine_views",
    "requests_views",
    "review",
]
