"""What can be wrong with estimates that are to be ranked.

Not a rank that nobody can be sure of: that is no error, its interval is wide.
"""

from __future__ import annotations

from survey.errors import Invalid


class BadEstimates(Invalid):
    """Nothing to rank, an estimate that is not a number, a negative standard error or a repeated name."""

    code = "SVY-422-110"
    texts = {
        "vi": "Không xếp hạng được: {problem}: {names}.",
        "en": "The estimates cannot be ranked: {problem}: {names}.",
    }


class BadCovariance(Invalid):
    """A matrix that is no covariance matrix of the estimates."""

    code = "SVY-422-111"
    texts = {
        "vi": "Ma trận hiệp phương sai của các ước lượng không hợp lệ: {problem}.",
        "en": "The covariance matrix of the estimates is not valid: {problem}.",
    }
