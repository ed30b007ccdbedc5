"""SPSS .sav and Stata .dta (format 118), with labels and missing values declared as each program does.

Not Parquet or CSV (arrow_files.py). Written by ReadStat, whole table at once; the file's own time stamp
is replaced by the snapshot's, so that the same snapshot gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.reports.microdata.frames import days_since, frame_of, numbers, texts
from survey.reports.microdata.labels import cut_bytes, cut_letters
from survey.reports.microdata.stamps import stamp_dta, stamp_sav
from survey.reports.microdata.values import CodedValue, Microdata, Variable
from survey.reports.responses.columns import SIMULATED_MARK, Kind

SAV_LABEL_BYTES, SAV_VALUE_BYTES, SAV_TEXT_BYTES, SAV_FILE_BYTES, SAV_NOTE_BYTES = 256, 120, 32_767, 64, 80
DTA_LABEL_LETTERS, DTA_VALUE_BYTES, DTA_TEXT_BYTES = 80, 32_000, 2_045
#: SPSS takes three missing codes one by one, or a range.
SAV_DISCRETE_MISSING = 3
#: ReadStat writes format 118 as version 14; version 15 means 119, for more than 32,767 variables.
DTA_118 = 14
_SPSS_EPOCH, _STATA_EPOCH = -141_428, -3_653  # 1582-10-14 and 1960-01-01, in days from 1970-01-01
_SECONDS_A_DAY = 86_400.0


def write_sav(microdata: Microdata, path: Path, codebook: Mapping[str, Any], language: str) -> None:
    """Write SPSS: negative codes user-missing, labels cut at SPSS's bytes."""
    import pyreadstat

    variables = microdata.variables
    pyreadstat.write_sav(
        frame_of(microdata, _sav_column),
        path,
        file_label=cut_bytes(_file_label(microdata), SAV_FILE_BYTES),
        column_labels={one.name: cut_bytes(one.label.in_(language), SAV_LABEL_BYTES) for one in variables},
        note=[cut_bytes(line, SAV_NOTE_BYTES) for line in _notes(microdata)],
        row_compress=True,
        variable_value_labels={
            one.name: {v.code: cut_bytes(_said(v, language), SAV_VALUE_BYTES) for v in one.values}
            for one in variables
            if one.values
        },
        missing_ranges={one.name: _sav_missing(one.missing) for one in variables if one.missing},
        variable_measure={one.name: one.scale for one in variables},
        variable_format=_formats(
            variables, {Kind.INTEGER: "F8.0", Kind.NUMBER: "F16.8", Kind.DATE: "EDATE10"}
        ),
    )
    stamp_sav(path, microdata.about.made_at)


def write_dta(microdata: Microdata, path: Path, codebook: Mapping[str, Any], language: str) -> None:
    """Write Stata: negative codes as .a, .b, … and .z, labels cut at Stata's 80 letters."""
    import pyreadstat

    variables = microdata.variables
    pyreadstat.write_dta(
        frame_of(microdata, _dta_column),
        path,
        file_label=cut_letters(_file_label(microdata), DTA_LABEL_LETTERS),
        column_labels={
            one.name: cut_letters(one.label.in_(language), DTA_LABEL_LETTERS) for one in variables
        },
        version=DTA_118,
        variable_value_labels={one.name: _dta_values(one, language) for one in variables if one.values},
        missing_user_values={one.name: list(one.stata_letters.values()) for one in variables if one.missing},
        variable_format=_formats(
            variables, {Kind.INTEGER: "%8.0g", Kind.NUMBER: "%12.0g", Kind.DATE: "%tdDD/NN/CCYY"}
        ),
    )
    stamp_dta(path, microdata.about.made_at)


def _sav_column(variable: Variable, column: Any) -> NDArray[Any]:
    if variable.kind is Kind.TEXT:
        return texts(column, SAV_TEXT_BYTES)
    if variable.kind is Kind.DATE:
        return days_since(column, _SPSS_EPOCH) * _SECONDS_A_DAY
    return numbers(column)


def _dta_column(variable: Variable, column: Any) -> NDArray[Any]:
    if variable.kind is Kind.TEXT:
        return texts(column, DTA_TEXT_BYTES)
    if variable.kind is Kind.DATE:
        return days_since(column, _STATA_EPOCH)
    found = numbers(column)
    return _lettered(found, variable.stata_letters) if variable.missing else found


def _lettered(found: NDArray[np.float64], letters: Mapping[int, str]) -> NDArray[Any]:
    """Put letters for missing codes. Numbers stay float: beside integers ReadStat writes a blank as 0."""
    codes, place = np.unique(found, return_inverse=True)
    said: list[float | str] = [letters.get(int(code), code) if code < 0 else code for code in codes.tolist()]
    cells = np.empty(len(said), dtype=object)
    cells[:] = said
    return cells[place]


def _sav_missing(codes: tuple[int, ...]) -> list[Any]:
    if len(codes) <= SAV_DISCRETE_MISSING:
        return sorted(codes)
    return [{"lo": min(codes), "hi": max(codes)}]


def _dta_values(variable: Variable, language: str) -> dict[Any, str]:
    letters = variable.stata_letters
    return {
        letters.get(value.code, value.code): cut_bytes(_said(value, language), DTA_VALUE_BYTES)
        for value in variable.values
    }


def _said(value: CodedValue, language: str) -> str:
    return value.label.in_(language).strip() or value.option or str(value.code)


def _file_label(microdata: Microdata) -> str:
    mark = f"{SIMULATED_MARK} | " if microdata.about.simulated else ""
    return f"{mark}{microdata.about.snapshot}"


def _notes(microdata: Microdata) -> tuple[str, ...]:
    about, design = microdata.about, microdata.design
    return (
        _file_label(microdata),
        "SHA-256 of the snapshot's data:",
        about.data_sha256,
        "SHA-256 of the questionnaire:",
        about.questionnaire_sha256,
        f"Design: strata {design.strata}, PSU {design.psu}, weights {design.weights}",
    )


def _formats(variables: tuple[Variable, ...], by_kind: Mapping[Kind, str]) -> dict[str, str]:
    return {one.name: by_kind[one.kind] for one in variables if one.kind in by_kind}
