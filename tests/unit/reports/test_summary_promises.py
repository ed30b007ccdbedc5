"""What a summary must never do: pass simulation off as fact, rank on few answers, show a hidden figure."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from survey.reports import ItemRow, ItemTable, LevelsDiffer, write_summary
from tests.unit.reports import samples
from tests.unit.reports.workbooks import NASTY, column_of, line_of, made, opened, parts, unescaped


def texts(book: Workbook) -> list[str]:
    return [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]


@pytest.mark.parametrize(("language", "mark"), [("vi", "DỮ LIỆU MÔ PHỎNG"), ("en", "SIMULATED DATA")])
def test_simulated_figures_say_so_on_every_sheet_and_every_printed_page(language: str, mark: str) -> None:
    for sheet in opened(samples.report(language=language)):
        assert mark in str(sheet["A1"].value), sheet.title
        assert sheet["A1"].font.b
        assert mark in str(sheet.oddHeader.right.text)
        assert mark in str(sheet.firstHeader.right.text)


def test_real_figures_are_not_called_simulated() -> None:
    report = samples.report(simulated=False, status_note="Số liệu chính thức")
    report = replace(report, score=None)
    marked = {text for text in texts(opened(report)) if "MÔ PHỎNG" in text.upper()}
    assert marked == {"Mô phỏng"}, "only the label of the data sheet's empty column"
    assert "MÔ PHỎNG" not in parts(made(report))["xl/charts/chart1.xml"]


def test_a_unit_with_few_answers_is_grey_and_has_no_rank() -> None:
    """V10 and rule D4: n < 30."""
    few, enough = (
        samples.unit_row("Xã ít phiếu", 95.0, n=29, rank=1),
        samples.unit_row("Xã đủ", 80.0, n=30, rank=2),
    )
    sheet = opened(samples.report((few, enough)))["Tổng hợp"]
    rank = column_of(sheet, "Hạng")
    line, other = line_of(sheet, "Xã ít phiếu"), line_of(sheet, "Xã đủ")
    assert sheet.cell(line, rank).value == "–"
    assert sheet.cell(line, column_of(sheet, "Ghi chú")).value == "ít mẫu"
    assert all(cell.fill.start_color.rgb.endswith("D9D9D9") for cell in sheet[line])
    assert sheet.cell(other, rank).value == 2
    assert not sheet.cell(other, 1).fill.fill_type


def test_a_suppressed_figure_appears_nowhere() -> None:
    secret = samples.estimate(87.654321, 400, "suppressed")
    row = samples.unit_row("Xã ẩn", 0.0, overall=secret, policy=secret, rank=1, change=3.21)
    data = (replace(samples.report().data[0], unit_name="Xã ẩn", estimate=secret),)
    report = samples.report((row, samples.unit_row("Xã khác", 80.0, rank=2)), data=data)
    book = opened(report)
    figures = [
        cell.value
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, float)
    ]
    for hidden in (87.654321, secret.se, secret.ci_low, 3.21):
        assert hidden is not None
        assert not [figure for figure in figures if math.isclose(figure, hidden, abs_tol=0.0051)]
    sheet = book["Tổng hợp"]
    assert sheet.cell(line_of(sheet, "Xã ẩn"), column_of(sheet, "Ghi chú")).value == "ẩn số liệu"
    assert sheet.cell(line_of(sheet, "Xã ẩn"), column_of(sheet, "Hạng")).value == "–"


def test_a_unit_without_an_interval_shows_a_dash_and_no_invented_bound() -> None:
    lone = replace(samples.estimate(81.5, 400, "no_interval"), se=None, ci_low=None, ci_high=None, df=0)
    sheet = opened(samples.report((samples.unit_row("Xã một", 81.5, overall=lone, rank=1),)))["Tổng hợp"]
    line = line_of(sheet, "Xã một")
    assert sheet.cell(line, column_of(sheet, "Chỉ số hài lòng chung")).value == 81.5
    assert sheet.cell(line, column_of(sheet, "Từ")).value == "–"


def test_a_shared_rank_names_its_places() -> None:
    tied = [samples.unit_row(name, 80.0, rank=5, rank_last=6) for name in ("Xã A", "Xã B")]
    sheet = opened(samples.report(tuple(tied)))["Tổng hợp"]
    assert sheet.cell(line_of(sheet, "Xã B"), column_of(sheet, "Hạng")).value == "5–6"


def test_a_share_is_printed_as_percent_and_rounded_as_published() -> None:
    """Kon Tum 2023: the mean of 79.71 and 79.78 is published as 79.75."""
    row = samples.unit_row(
        "Kon Tum", 0.0, overall=samples.estimate((0.7971 + 0.7978) / 2, unit="share"), rank=1
    )
    sheet = opened(samples.report((row,)))["Tổng hợp"]
    assert sheet.cell(line_of(sheet, "Kon Tum"), column_of(sheet, "Chỉ số hài lòng chung")).value == 79.75


def test_the_data_sheet_keeps_every_digit_in_columns_named_for_programs() -> None:
    report = samples.report()
    sheet = opened(report)["Dữ liệu"]
    header = {cell.value: cell.column for cell in sheet[3]}
    assert [cell.value for cell in sheet[2]][:2] == ["Mã đơn vị", "Tên đơn vị"]
    for line, row in enumerate(report.data, start=4):
        for field in ("value", "se", "ci_low", "ci_high"):
            kept = sheet.cell(line, header[field]).value
            assert kept == pytest.approx(getattr(row.estimate, field), rel=1e-15)
        assert sheet.cell(line, header["n"]).value == row.estimate.n
        assert sheet.cell(line, header["simulated"]).value == "mô phỏng"
    assert sheet.max_row == len(report.data) + 3


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    write_summary(samples.report(), tmp_path / "a.xlsx")
    write_summary(samples.report(), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_nasty_names_and_notes_break_nothing_and_run_nothing() -> None:
    rows = tuple(samples.unit_row(f"{bad}", 80.0, group=bad, note=bad, rank=1) for bad in NASTY)
    report = samples.report(rows, notes=tuple(NASTY), round_title="=cmd|x", status_note="\x00@SUM(1)")
    book = opened(report)
    assert not [
        cell.coordinate
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    shown = {unescaped(text) for text in texts(book)}
    assert {"=1+1", "-5", "@SUM(1)", "_x0041_x0041_", "<r><t>x</t></r>", "␀", "+84 901 234 567"} <= shown


def test_an_item_with_another_number_of_levels_is_refused() -> None:
    row = ItemRow("q", "Câu hỏi", 10, (5, 5), (0.5, 0.5), None, None)
    with pytest.raises(LevelsDiffer):
        ItemTable("Thang 3 mức", ("thấp", "vừa", "cao"), "cao", (row,))


def test_english_sheets_speak_english() -> None:
    book = opened(samples.report(language="en"))
    assert book.sheetnames[0] == "Summary"
    assert column_of(book["Summary"], "95% interval")
    assert "Population surveyed: người dân từ đủ 18 tuổi" in texts(book)
