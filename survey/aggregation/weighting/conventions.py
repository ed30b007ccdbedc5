"""The named ways to make calibrated weights and their variances, in fixed words.

Not the formulas: calibrated.py has those of the residuals.
"""

from __future__ import annotations

from typing import Literal

#: How weights were made: by cells; by proportional fitting; by a distance (Deville & Särndal 1992); trimmed.
Kind = Literal["poststratify", "rake", "linear", "raking", "truncated", "logit", "trimmed"]
#: Whose residuals enter the variance: those of the R function of that name.
Convention = Literal["calibrate", "poststratify", "rake"]

#: English and Vietnamese of each kind.
OF_KIND: dict[Kind, tuple[str, str]] = {
    "poststratify": ("calibrated by post-strata", "trọng số hiệu chỉnh theo tầng hậu nghiệm"),
    "rake": ("calibrated by raking", "trọng số hiệu chỉnh lần lượt theo nhiều biên (raking)"),
    "linear": ("calibrated by linear regression (GREG)", "trọng số hiệu chỉnh hồi quy tuyến tính (GREG)"),
    "raking": ("calibrated by raking distance", "trọng số hiệu chỉnh theo khoảng cách raking"),
    "truncated": ("calibrated by bounded linear distance", "trọng số hiệu chỉnh tuyến tính có giới hạn"),
    "logit": ("calibrated by bounded logit distance", "trọng số hiệu chỉnh logit có giới hạn"),
    "trimmed": ("calibrated and trimmed", "trọng số hiệu chỉnh và cắt ngưỡng"),
}
#: English and Vietnamese of each convention.
OF_CONVENTION: dict[Convention, tuple[str, str]] = {
    "calibrate": (
        "variance of design-weighted residuals (R calibrate)",
        "phương sai theo phần dư với trọng số thiết kế (quy ước calibrate của R)",
    ),
    "poststratify": (
        "variance of residuals from post-stratum means (R postStratify)",
        "phương sai theo phần dư so với trung bình tầng hậu nghiệm (quy ước postStratify của R)",
    ),
    "rake": (
        "variance of residuals from unweighted margin means (R rake)",
        "phương sai theo phần dư so với trung bình biên không trọng số (quy ước rake của R)",
    ),
}
#: The Vietnamese of every English phrase.
PHRASES: dict[str, str] = dict([*OF_KIND.values(), *OF_CONVENTION.values()])
