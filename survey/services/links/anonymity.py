"""What a round may promise to who answers by personal link: "anonymous" or "confidential", by its mode alone.

Nobody writes these sentences for one round (experience.md §4.4-5). They are marked for translation where the
pages show them (web/personal/presenters.py); here stands which of them hold.
"""

from __future__ import annotations

from typing import Literal

from survey.storage.models import RoundRow

#: "sealed": cut off for good. "sealable": at least three people alike, joined only by a key that is
#: destroyed at sealing. "attributable": somebody confirmed that fewer than three may be alike.
Mode = Literal["sealed", "sealable", "attributable"]


def mode_of(round_: RoundRow) -> Mode:
    """Say what a round by personal link may promise."""
    if round_.attributable_on is not None:
        return "attributable"
    return "sealed" if round_.sealed_on is not None else "sealable"
