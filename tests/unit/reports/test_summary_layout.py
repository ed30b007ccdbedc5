"""The summary looks as Vietnamese offices file it; checked in the XML that other programs read.

Rules V1, V3, V4, V8 of the reporting habits; Decree 30/2020/NĐ-CP, Annex I, for heading and page.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from survey.reports import SummaryReport
from tests.unit.reports import samples
from tests.unit.reports.workbooks import column_of, line_of, made, opened, parts

PRINTED = ("Tổng hợp", "Biểu đồ", "Theo yếu tố", "Theo tiêu chí", "Điểm CCHC", "Dữ liệu", "Ghi chú")


@pytest.fixture(scope="module")
def report() -> SummaryReport:
    return samples.report()


@pytest.fixture(scope="module")
def xml(report: SummaryReport) -> dict[str, str]:
    return parts(made(report))


def sheets(xml: dict[str, str]) -> list[str]:
    return [xml[f"xl/worksheets/sheet{number}.xml"] for number in range(1, len(PRINTED) + 1)]


def test_the_sheets_stand_in_reading_order(report: SummaryReport) -> None:
    assert opened(report).sheetnames == list(PRINTED)


def test_every_font_of_cells_and_charts_is_times_new_roman(xml: dict[str, str]) -> None:
    fonts = re.search("<fonts.*?</fonts>", xml["xl/styles.xml"], re.DOTALL)
    assert fonts is not None
    assert set(re.findall('<name val="([^"]+)"', fonts.group())) == {"Times New Roman"}
    assert set(re.findall('typeface="([^"]+)"', xml["xl/charts/chart1.xml"])) == {"Times New Roman"}
    assert set(re.findall('<sz val="([^"]+)"', fonts.group())) <= {"11", "12", "13", "14"}


def test_every_page_is_a4_landscape_and_one_page_wide(xml: dict[str, str]) -> None:
    for name, sheet in zip(PRINTED, sheets(xml), strict=True):
        setup = re.search("<pageSetup[^>]*>", sheet)
        assert setup is not None
        assert 'paperSize="9"' in setup.group()
        assert 'orientation="landscape"' in setup.group()
        if name != "Biểu đồ":  # one chart a page by page breaks, which Excel ignores when it fits to width
            assert 'fitToWidth="1"' in setup.group()
            assert 'fitToHeight="0"' in setup.group()
            assert "<pageSetUpPr" in sheet
            assert 'fitToPage="1"' in sheet


def test_header_rows_stay_on_screen_and_on_every_page(report: SummaryReport) -> None:
    book = opened(report)
    sheet = book["Tổng hợp"]
    numbers = line_of(sheet, "(1)")
    assert sheet.freeze_panes == f"C{numbers + 1}"
    assert sheet.print_title_rows == f"${numbers - 2}:${numbers}"
    assert [cell.value for cell in sheet[numbers]][:3] == ["(1)", "(2)", "(3)"]
    assert all(book[name].print_title_rows for name in PRINTED[2:6])


def test_the_first_four_rows_name_agency_and_country() -> None:
    """Decree 30/2020/NĐ-CP, Annex I: agency left, country and motto right, place and date in italics."""
    sheet = opened(samples.report(simulated=False))["Tổng hợp"]
    said = [[cell.value for cell in row if cell.value] for row in sheet.iter_rows(max_row=4)]
    assert said == [
        ["ỦY BAN NHÂN DÂN TỈNH MINH HỌA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["SỞ NỘI VỤ", "Độc lập - Tự do - Hạnh phúc"],
        ["Số: 12/BC-SNV"],
        ["Minh Họa, ngày 05 tháng 01 năm 2027"],
    ]
    date = next(cell for cell in sheet[4] if cell.value)
    assert date.font.i
    title = sheet.cell(line_of(sheet, "NĂM 2026"), 1)
    assert title.font.b
    assert title.alignment.horizontal == "center"
    assert line_of(sheet, "Đơn vị tính: %") > title.row


def test_figures_are_true_numbers_with_vietnamese_formats(report: SummaryReport) -> None:
    """V1: never text numbers (Accounting Law); the reader's locale draws the comma."""
    sheet = opened(report)["Tổng hợp"]
    line = line_of(sheet, report.rows[0].name)
    index = sheet.cell(line, column_of(sheet, "Chỉ số hài lòng chung"))
    issued = sheet.cell(line, column_of(sheet, "Phát ra"))
    change = sheet.cell(line, column_of(sheet, "Điểm phần trăm"))
    assert (index.data_type, index.number_format) == ("n", "#,##0.00")
    assert index.value == pytest.approx(report.rows[0].overall.value, abs=0.005)
    assert (issued.data_type, issued.number_format, issued.value) == ("n", "#,##0", report.rows[0].issued)
    assert change.number_format.startswith("+#,##0.00")
    assert index.border.left.style == index.border.bottom.style == "thin"


def test_numbering_restarts_in_each_group_and_follows_rank(report: SummaryReport) -> None:
    """V4."""
    sheet = opened(report)["Tổng hợp"]
    first = line_of(sheet, "(1)") + 1
    orders = [sheet.cell(line, 1).value for line in range(first, line_of(sheet, "Tổng cộng/Bình quân"))]
    assert orders == ["I", *range(1, 13), "II", *range(1, 31)]
    ranks = [sheet.cell(line, column_of(sheet, "Hạng")).value for line in range(first + 14, first + 44)]
    numbers = [rank for rank in ranks if rank != "–"]
    assert numbers == sorted(numbers)
    assert ranks == numbers + ["–"] * (len(ranks) - len(numbers))


def test_the_total_row_is_bold_and_ends_the_table(report: SummaryReport) -> None:
    sheet = opened(report)["Tổng hợp"]
    line = line_of(sheet, "Tổng cộng/Bình quân")
    assert all(cell.font.b for cell in sheet[line])
    assert sheet.cell(line, column_of(sheet, "Chỉ số hài lòng chung")).value == 83.94
    assert line_of(sheet, "Ghi chú:") > line
    assert line_of(sheet, "NGƯỜI LẬP BIỂU") == line_of(sheet, "THỦ TRƯỞNG ĐƠN VỊ")


def test_a_rank_never_stands_without_n_and_interval(report: SummaryReport) -> None:
    """V10."""
    sheet = opened(report)["Tổng hợp"]
    for header in ("Số người trả lời (n)", "Khoảng tin cậy 95%", "Hạng", "Khoảng hạng"):
        assert column_of(sheet, header)


def test_columns_without_a_figure_are_left_out() -> None:
    bare = tuple(
        replace(row, policy=None, service=None, change=None, rank_change=None, rank_interval=None)
        for row in samples.rows([("", "Sở A"), ("", "Sở B")])
    )
    sheet = opened(samples.report(bare, totals=None))["Tổng hợp"]
    headers = {cell.value for row in sheet.iter_rows(max_row=15) for cell in row}
    assert headers.isdisjoint({"Chính sách công", "So với kỳ trước", "Khoảng hạng"})
    assert {"Phát ra", "Hạng", "Khoảng tin cậy 95%"} <= headers


def test_the_chart_is_native_with_intervals_and_a_mean_line(xml: dict[str, str]) -> None:
    chart = xml["xl/charts/chart1.xml"]
    assert "<barChart>" in chart
    assert "<lineChart>" in chart
    bars = chart.split("</barChart>")[0]
    assert '<errValType val="cust"' in bars
    assert re.findall(r"<plus>.*?<f>('Biểu đồ'!\$E\$\d+:\$E\$\d+)</f>", bars)
    assert '<min val="0"' in chart
    assert "DỮ LIỆU MÔ PHỎNG" in chart


def test_the_chart_draws_every_unit_once(report: SummaryReport) -> None:
    """A chart holds 64 names; a province of 124 communes takes two, of nearly equal length."""
    many = samples.rows([("Xã, phường", f"Xã số {number}") for number in range(124)])
    xml = parts(made(samples.report(many)))
    ranges = [
        re.search(r"<val>.*?\$C\$(\d+):\$C\$(\d+)</f>", xml[f"xl/charts/chart{number}.xml"])
        for number in (1, 2)
    ]
    spans = [(int(found.group(1)), int(found.group(2))) for found in ranges if found]
    assert [last - first + 1 for first, last in spans] == [62, 62]
    assert spans[1][0] == spans[0][1] + 1
    assert "xl/charts/chart3.xml" not in xml


def test_factors_are_indented_by_their_depth(report: SummaryReport) -> None:
    sheet = opened(report)["Theo yếu tố"]
    indents = [sheet.cell(line_of(sheet, row.title), 2).alignment.indent for row in report.factors]
    assert indents == [1, 3, 5, 5]


def test_levels_of_an_item_add_up_to_all(report: SummaryReport) -> None:
    sheet = opened(report)["Theo tiêu chí"]
    line = line_of(sheet, "B2.1")
    row = [cell.value for cell in sheet[line]]
    assert sum(row[4:14:2]) == pytest.approx(100, abs=0.05)
    assert row[3:13:2] == list(report.item_tables[0].rows[0].counts)
    assert row[13] == 81


def test_items_of_another_scale_take_a_sheet_of_their_own() -> None:
    table = samples.report().item_tables[0]
    names = opened(samples.report(item_tables=(table, table))).sheetnames
    assert names[3:5] == ["Theo tiêu chí", "Theo tiêu chí (2)"]


def test_an_unknown_point_says_so_and_is_not_zero(report: SummaryReport) -> None:
    sheet = opened(report)["Điểm CCHC"]
    line = line_of(sheet, "Mức độ hài lòng")
    assert sheet.cell(line, column_of(sheet, "Điểm đạt")).value == "chưa có"
    assert sheet.cell(line, column_of(sheet, "Tỷ lệ so với tối đa (%)")).value == "–"
    assert line_of(sheet, "Bộ tiêu chí minh họa, không phải bộ tiêu chí chính thức")


def test_the_notes_name_formula_interval_and_hashes(report: SummaryReport) -> None:
    sheet = opened(report)["Ghi chú"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert facts["SHA-256 bản chốt số liệu"] == report.provenance.snapshot_sha256
    assert facts["SHA-256 kết quả tính"] == report.provenance.result_sha256
    assert report.formula.text in facts["Công thức chỉ số"]
    assert facts["Thời điểm lập"] == "05/01/2027 08:30 +0700"
    assert facts["Ghi chú 1"] == report.notes[0]


def test_sheets_without_content_are_left_out() -> None:
    book = opened(samples.report((), totals=None, factors=(), item_tables=(), score=None, data=()))
    assert book.sheetnames == ["Tổng hợp", "Dữ liệu", "Ghi chú"]
