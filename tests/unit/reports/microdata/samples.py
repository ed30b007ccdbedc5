"""Small frozen rounds to write and read back, hostile texts included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from survey.questionnaires import Text
from survey.reports import (
    NOT_ASKED,
    About,
    CodedValue,
    IndexFormula,
    IndexNode,
    Kind,
    Microdata,
    SurveyDesign,
    Variable,
    variable_names,
)
from survey.reports.microdata.values import schema_of

MADE_AT = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)
DATA_SHA256, ASKED_SHA256 = "a" * 64, "b" * 64
#: Every letter that Vietnamese adds, and texts that other programs have choked on.
VIETNAMESE = "Ắẳặ Ềểễ Ợỡở Ừửữ Ỵỹỷ đĐ – Ông/Bà hài lòng đến mức nào?"
HOSTILE = (
    "=HYPERLINK(1)",
    "+84 lỗi",
    "-5",
    "@SUM(A1)",
    "dòng một\r\ndòng hai\n=1",
    "NUL \x00 và \x1b thoát",
    "Ế" * 500,
    "e\u0301" * 300,
    'dấu " nháy; chấm phẩy, phẩy',
)
SCALE = (
    CodedValue(1, Text.of({"vi": "Rất không hài lòng", "en": "Very dissatisfied"}), "bad"),
    CodedValue(5, Text.of({"vi": "Rất hài lòng", "en": "Very satisfied"}), "good"),
    CodedValue(-1, Text.of({"vi": "Không biết", "en": "Don't know"}), "unknown", missing=True),
    CodedValue(NOT_ASKED, Text.of({"vi": "Không hỏi", "en": "Not asked"}), missing=True),
)


def both(text: str) -> Text:
    """Make a text that says the same in both languages."""
    return Text.of({"vi": text, "en": text})


def question(name: str, label: str = VIETNAMESE, values: tuple[CodedValue, ...] = SCALE) -> Variable:
    return Variable(name, f"item.{name}", "answer", Kind.INTEGER, both(label), values, "ordinal")


def questions(sources: Sequence[str]) -> tuple[Variable, ...]:
    """Make a question for each id, named as the exporter names it."""
    names = variable_names(sources)
    return tuple(
        Variable(names[one], one, "answer", Kind.INTEGER, both(f"Câu {one}"), SCALE) for one in sources
    )


DESIGN = (
    Variable("unit_name", "unit", "unit", Kind.TEXT, both("Tên đơn vị")),
    Variable(
        "stratum", "stratum", "stratum", Kind.INTEGER, both("Tầng"), (CodedValue(1, both("Xã Đạ Huoai")),)
    ),
    Variable("psu", "psu", "psu", Kind.INTEGER, both("PSU")),
    Variable("base_weight", "base_weight", "weight", Kind.NUMBER, both("Trọng số"), scale="scale"),
    Variable("day", "day", "collection", Kind.DATE, both("Ngày"), scale="scale"),
)


def microdata(
    answers: dict[Variable, list[int | None]],
    *,
    weights: Sequence[float | None] | None = None,
    units: Sequence[str | None] | None = None,
    days: Sequence[date | None] | None = None,
    simulated: bool = True,
    rows: int | None = None,
    batch: int = 2,
) -> Microdata:
    """Make a frozen round of these answers; `rows` is what it claims to hold."""
    count = len(next(iter(answers.values())))
    columns: dict[str, Any] = {
        "unit_name": list(units or ["Phường Xuân Hương - Đà Lạt"] * count),
        "stratum": [1] * count,
        "psu": list(range(1, count + 1)),
        "base_weight": list(weights or [1.5] * count),
        "day": list(days or [date(2026, 3, 2)] * count),
        **{variable.name: codes for variable, codes in answers.items()},
    }
    variables = (*DESIGN, *answers)
    table = pa.table(columns, schema=schema_of(variables))
    first = next(iter(answers)).name
    return Microdata(
        about=About(
            snapshot="mau-0001",
            data_sha256=DATA_SHA256,
            questionnaire="mau",
            questionnaire_version="1.0.0",
            questionnaire_sha256=ASKED_SHA256,
            questionnaire_note=both("không chính thức"),
            round_title=both("Đợt mẫu"),
            simulated=simulated,
            rows=count if rows is None else rows,
            exclusions=(("partial", 2),),
            made_at=MADE_AT,
            code_version="0.1.0",
        ),
        design=SurveyDesign("stratum", "psu", "base_weight", "adjust"),
        variables=variables,
        formulas=(
            IndexFormula(
                "share",
                both("Tỷ lệ"),
                "top_share",
                (4, 5),
                (0.0, 1.0),
                (IndexNode("overall", both("Chung"), ((1.0, (first,)),)),),
                is_default=True,
            ),
        ),
        batches=lambda: iter(table.to_batches(max_chunksize=batch)),
    )
