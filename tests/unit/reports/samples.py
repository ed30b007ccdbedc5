"""A made-up round for the tests of reports; every figure here is simulated."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from survey.aggregation.estimates import Estimate
from survey.reports import (
    DataRow,
    FactorRow,
    Formula,
    Heading,
    ItemRow,
    ItemTable,
    Provenance,
    QuestionnaireSource,
    ScoreRow,
    ScoreSection,
    SummaryReport,
    UnitRow,
)

HANOI_TIME = timezone(timedelta(hours=7))
LEVELS = ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng")
METHOD = "trung bình có trọng số, tuyến tính hóa Taylor, phân phối t"


def estimate(value: float | None, n: int = 400, *flags: str, unit: str = "percent") -> Estimate:
    """Return an estimate with a plausible interval."""
    if value is None:
        return Estimate(None, None, None, None, 0.95, n, None, None, 0, METHOD, unit, flags)
    whole = 1.0 if unit == "share" else 4.0 if unit == "score" else 100.0
    share = min(max(value / whole, 0.01), 0.99)
    se = whole * math.sqrt(1.4 * share * (1 - share) / max(n, 2))
    low, high = value - 1.97 * se, min(value + 1.97 * se, whole if unit != "score" else 5.0)
    return Estimate(value, se, low, high, 0.95, n, n / 1.4, 1.4, 30, METHOD, unit, flags)


def unit_row(name: str, value: float | None, **more: object) -> UnitRow:
    """Return a unit's row whose interval is there unless `overall` is given."""
    n = more.pop("n", 400)
    assert isinstance(n, int)
    row = UnitRow(
        group="Cấp tỉnh", name=name, issued=n + 60, returned=n + 12, valid=n, overall=estimate(value, n)
    )
    return replace(row, **more)  # type: ignore[arg-type]  # keyword values are those of UnitRow


def rows(names: list[tuple[str, str]], seed: int = 7) -> tuple[UnitRow, ...]:
    """Return a row for every (group, name), ranked over all, every 20th with few respondents."""
    chance = random.Random(seed)
    made = []
    for index, (group, name) in enumerate(names):
        n = 18 if index % 20 == 19 else chance.randint(180, 620)
        value = round(chance.uniform(76, 92), 4)
        made.append(
            unit_row(
                name,
                value,
                n=n,
                group=group,
                policy=estimate(value - 0.6, n),
                service=estimate(value + 0.5, n),
                change=round(chance.uniform(-2, 3), 2),
                rank_change=chance.randint(-6, 9),
            )
        )
    order = sorted((row for row in made if row.n >= 30), key=lambda row: -(row.overall.value or 0))
    place = {row.name: rank for rank, row in enumerate(order, start=1)}
    return tuple(
        replace(row, rank=place[row.name], rank_interval=(max(1, place[row.name] - 6), place[row.name] + 5))
        if row.name in place
        else row
        for row in made
    )


def item_row(item_id: str, title: str, n: int, top: float) -> ItemRow:
    shares = (0.01, 0.04, 0.95 - top, top * 0.6, top * 0.4)
    counts = tuple(round(share * n) for share in shares)
    return ItemRow(
        item_id, title, n, counts, shares, estimate(top, n, unit="share"), estimate(4.1, n, unit="score")
    )


def score() -> ScoreSection:
    return ScoreSection(
        title="Chỉ số cải cách hành chính",
        status_note="Bộ tiêu chí minh họa, không phải bộ tiêu chí chính thức",
        rows=(
            ScoreRow("1", "Công tác chỉ đạo điều hành", 0, 10, 9.25, source_note="Thẩm định (mô phỏng)"),
            ScoreRow("2", "Tác động đến người dân", 0, 10, 8.394, 8.21, 8.57, "Khảo sát SIPAS (mô phỏng)"),
            ScoreRow("2.1", "Mức độ hài lòng", 1, 10, None, source_note="Chưa công bố"),
        ),
        total=ScoreRow("", "Tổng cộng", 0, 20, 17.644, 17.46, 17.82),
        band="B (80 – <90)",
    )


def report(units: tuple[UnitRow, ...] | None = None, **more: object) -> SummaryReport:
    """Return a whole simulated report; keyword arguments replace its fields."""
    group_names = [("Sở, ban, ngành", f"Sở số {i}") for i in range(1, 13)] + [
        ("Xã, phường", f"Xã số {i}") for i in range(1, 31)
    ]
    units = rows(group_names) if units is None else units
    n = sum(row.n for row in units)
    made = SummaryReport(
        heading=Heading(
            superior="Ủy ban nhân dân tỉnh Minh Họa",
            agency="Sở Nội vụ",
            place="Minh Họa",
            signed_on=date(2027, 1, 5),
            title=("Tổng hợp kết quả đo lường sự hài lòng của người dân", "năm 2026"),
            number="12/BC-SNV",
        ),
        round_title="Khảo sát hài lòng năm 2026",
        period="01/10/2026 – 30/11/2026",
        population="người dân từ đủ 18 tuổi",
        simulated=True,
        status_note="Số liệu mô phỏng để minh họa phần mềm, không phải kết quả chính thức.",
        formula=Formula(
            "Bình quân các yếu tố", "Chỉ số chung = trung bình cộng chỉ số chính sách và dịch vụ.", METHOD
        ),
        provenance=Provenance(
            "a" * 64,
            "b" * 64,
            "survey 0.1.0",
            datetime(2027, 1, 5, 8, 30, tzinfo=HANOI_TIME),
            QuestionnaireSource("sipas-2024", "1", "c" * 64, "Cấu trúc theo Quyết định 1001/QĐ-BNV"),
        ),
        rows=units,
        totals=UnitRow(
            "",
            "",
            n + 2520,
            n + 504,
            n,
            estimate(83.94, n),
            estimate(83.84, n),
            estimate(84.09, n),
            change=1.28,
        ),
        factors=(
            FactorRow("overall", "Chỉ số hài lòng chung", 0, estimate(83.94, n)),
            FactorRow("service", "Cung ứng dịch vụ hành chính công", 1, estimate(84.09, n)),
            FactorRow("service.access", "Tiếp cận dịch vụ", 2, estimate(0.8427, n, unit="share")),
            FactorRow(
                "service.officers",
                "Công chức trực tiếp giải quyết công việc",
                2,
                estimate(None, 0, "no_interval"),
            ),
        ),
        item_tables=(
            ItemTable(
                "Thang 5 mức hài lòng",
                LEVELS,
                "Hài lòng trở lên",
                tuple(
                    item_row(
                        f"B2.{i}",
                        f"Tiêu chí minh họa số {i} về cung ứng dịch vụ hành chính công tại nơi tiếp nhận hồ sơ",
                        400,
                        0.8 + i / 100,
                    )
                    for i in range(1, 9)
                ),
            ),
        ),
        score=score(),
        notes=("Phiếu thu qua ứng dụng và bưu điện.",),
        data=tuple(
            DataRow(f"u{i}", row.name, "overall", "Chỉ số hài lòng chung", "index", row.overall)
            for i, row in enumerate(units)
        ),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # keyword values are those of SummaryReport
