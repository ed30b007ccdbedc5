"""The rules of publication as data: limits with their source, and the sets of them in use.

Not how a cell is measured against them (primary.py) nor how wide a hidden cell must stay (protection.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

from survey.aggregation.disclosure.errors import BadRules

#: 1 - p is not shown; may be derived, so a footnote warns of it; stands beside p, so must pass as well.
Complement = Literal["ignored", "footnote", "shown"]
LowSample = Literal["suppress", "review"]

PARKER: Final = (
    "Parker et al. 2017, NCHS Data Presentation Standards for Proportions, Vital Health Stat 2(175)"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits a figure must keep to be published; None turns a rule off.

    Widths are of the Korn-Graubard interval as the NCHS publishes it, in shares (0-1).

    Attributes:
        name, source: what the set is called and where it comes from.
        min_n, min_n_eff: suppress below this sample size, or effective sample size (n / deff).
        low_n: "review" shows a figure below `min_n` or `min_n_eff` with a warning instead.
        max_width: suppress a proportion whose interval is this wide or wider.
        narrow_width: intervals up to this width are never judged relative to p.
        max_relative_width: suppress a proportion whose width / p exceeds it (1.30 is 130 %).
        complement: whether width / (1 - p) counts too.
        min_df: review below these degrees of freedom.
        review_at_ends: review a proportion of 0 or 1.
        max_relative_error: suppress a mean or index whose se / |value| exceeds it.
        k: suppress below this many respondents, and a level chosen by 1 to k - 1 of them.
        k_complement: also suppress a level that all but 1 to k - 1 respondents chose.
        min_psus: suppress below this many primary sampling units.
        level: confidence level of the interval.

    Raises:
        BadRules.
    """

    name: str
    source: str
    min_n: int | None = 30
    min_n_eff: float | None = 30.0
    low_n: LowSample = "suppress"
    max_width: float | None = 0.30
    narrow_width: float = 0.05
    max_relative_width: float | None = 1.30
    complement: Complement = "footnote"
    min_df: int | None = 8
    review_at_ends: bool = True
    max_relative_error: float | None = None
    k: int | None = 5
    k_complement: bool = False
    min_psus: int | None = 2
    level: float = 0.95

    def __post_init__(self) -> None:
        limits = {
            "min_n": self.min_n,
            "min_n_eff": self.min_n_eff,
            "max_width": self.max_width,
            "narrow_width": self.narrow_width,
            "max_relative_width": self.max_relative_width,
            "min_df": self.min_df,
            "max_relative_error": self.max_relative_error,
            "k": self.k,
            "min_psus": self.min_psus,
        }
        for name, limit in limits.items():
            if limit is not None and not (math.isfinite(limit) and limit > 0):
                raise BadRules(problem=f"{name}={limit!r}")
        if not 0 < self.level < 1:
            raise BadRules(problem=f"level={self.level!r}")


#: Reliability alone, as the NCHS states it.
NCHS_2017: Final = Rules("nchs-2017", PARKER, k=None, min_psus=None)

#: What goes to the public: reliable, and nobody can be singled out.
PUBLICATION: Final = replace(
    NCHS_2017,
    name="publication",
    source=f"{PARKER}; k = 5 respondents and 2 PSUs: this project's default, after common practice (3 to 10)",
    k=5,
    min_psus=2,
)

#: Cells that cross a sensitive trait (ethnicity, disability) with a commune.
SENSITIVE: Final = replace(PUBLICATION, name="sensitive", k=10)

#: Boards inside an agency: few respondents are marked and shown, groups under k are not.
BOARD: Final = replace(
    PUBLICATION,
    name="board",
    source="This project's rule for internal boards: under 30 respondents is shown as few, under k never",
    low_n="review",
    max_width=None,
    max_relative_width=None,
    min_psus=None,
)
