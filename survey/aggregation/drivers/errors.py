"""What can be wrong with a request for the drivers of overall satisfaction.

Not what reliability shares with it (too few cases, a constant item: survey.aggregation.reliability).
"""

from __future__ import annotations

from survey.errors import Invalid


class CollinearItems(Invalid):
    """Items of which one follows from the others, so that no weight can be told apart."""

    code = "SVY-422-139"
    texts = {
        "vi": "Một tiêu chí suy ra được từ các tiêu chí khác, không tách được tầm quan trọng: {items}.",
        "en": "An item follows from the others, so their importance cannot be told apart: {items}.",
    }
