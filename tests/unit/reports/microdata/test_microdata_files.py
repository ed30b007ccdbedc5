"""Each format written and read back by another program's rules: labels, missing codes, every bit of a weight."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.reports import (
    FORMATS,
    NOT_ASKED,
    CodedValue,
    Kind,
    RowsMissing,
    SuffixDiffers,
    TooManyMissingCodes,
    Variable,
    write_microdata,
)
from survey.reports.cells import plain_from_csv
from tests.unit.reports.microdata.samples import (
    HOSTILE,
    MADE_AT,
    SCALE,
    VIETNAMESE,
    both,
    microdata,
    question,
    questions,
)

CODES = [5, -1, None, NOT_ASKED, 1]
WEIGHTS = [0.1, 1 / 3, 30.694444444444446, 5e-324, 1.7976931348623157e300]
COUNT = len(CODES)


def written(folder: Path, data: Any, file_format: str, language: str = "vi") -> Path:
    target = folder / f"mau.{file_format}"
    write_microdata(data, target, file_format, language=language)
    return target


def read_sav(path: Path) -> tuple[pd.DataFrame, Any]:
    frame, about = pyreadstat.read_sav(path, user_missing=True)
    return frame, about


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_spss_has_labels_user_missing_codes_and_its_weights(tmp_path: Path) -> None:
    frame, about = read_sav(written(tmp_path, microdata({question("q"): CODES}, weights=WEIGHTS), "sav"))
    assert frame["q"].tolist()[:2] == [5, -1]
    assert np.isnan(frame["q"][2])
    assert frame["q"].tolist()[3:] == [NOT_ASKED, 1]
    assert frame["base_weight"].tolist() == WEIGHTS
    assert about.variable_value_labels["q"] == {
        1: "Rất không hài lòng",
        5: "Rất hài lòng",
        -1: "Không biết",
        NOT_ASKED: "Không hỏi",
    }
    assert {one["lo"] for one in about.missing_ranges["q"]} == {-1, NOT_ASKED}
    assert about.column_names_to_labels["q"] == VIETNAMESE
    assert about.variable_measure["q"] == "ordinal"
    assert about.file_encoding == "UTF-8"
    assert frame["day"].tolist() == [date(2026, 3, 2)] * COUNT
    declared, _ = pyreadstat.read_sav(tmp_path / "mau.sav")
    assert declared["q"].dropna().tolist() == [5, 1]


def test_stata_has_extended_missing_values_and_a_blank_stays_a_blank(tmp_path: Path) -> None:
    """ReadStat writes a blank beside integers as 0; pandas reads format 118 by its own code."""
    path = written(tmp_path, microdata({question("q"): CODES}, weights=WEIGHTS), "dta")
    frame, about = pyreadstat.read_dta(path, user_missing=True)
    assert frame["q"].tolist()[:2] == [5, "a"]
    assert np.isnan(frame["q"][2])
    assert frame["q"].tolist()[3:] == ["z", 1]
    assert about.variable_value_labels["q"] == {
        1: "Rất không hài lòng",
        5: "Rất hài lòng",
        "a": "Không biết",
        "z": "Không hỏi",
    }
    assert about.column_names_to_labels["q"] == VIETNAMESE
    assert path.read_bytes().startswith(b"<stata_dta><header><release>118</release>")
    other = pd.read_stata(path, convert_categoricals=False, convert_missing=True)
    assert [str(cell) for cell in other["q"]] == ["5.0", ".a", ".", ".z", "1.0"]
    assert other["base_weight"].tolist() == WEIGHTS
    assert {moment.date() for moment in other["day"]} == {date(2026, 3, 2)}
    assert set(other["unit_name"]) == {"Phường Xuân Hương - Đà Lạt"}


def test_parquet_carries_its_labels_its_snapshot_and_its_design(tmp_path: Path) -> None:
    table = pq.read_table(written(tmp_path, microdata({question("q"): CODES}, weights=WEIGHTS), "parquet"))
    assert table.column("q").to_pylist() == CODES
    assert table.column("base_weight").to_pylist() == WEIGHTS
    told = {key.decode(): value.decode() for key, value in table.schema.field("q").metadata.items()}
    assert told["label"] == told["label.vi"] == VIETNAMESE
    assert json.loads(told["values"])["5"] == {"vi": "Rất hài lòng", "en": "Very satisfied"}
    assert json.loads(told["missing"]) == [-1, NOT_ASKED]
    whole = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert whole["survey.data_sha256"] == "a" * 64
    assert json.loads(whole["survey.design"])["weights"] == "base_weight"
    assert json.loads(whole["survey.questionnaire"])["sha256"] == "b" * 64


def test_csv_has_codes_every_digit_and_a_file_of_labels(tmp_path: Path) -> None:
    path = written(tmp_path, microdata({question("q"): CODES}, weights=WEIGHTS), "csv")
    assert path.read_bytes().startswith("\ufeffunit_name,".encode())
    rows = read_csv(path)
    assert [row["q"] for row in rows] == ["5", "-1", "", "-99", "1"]
    assert [float(row["base_weight"]) for row in rows] == WEIGHTS
    assert {row["day"] for row in rows} == {"2026-03-02"}
    labels = read_csv(tmp_path / "mau.labels.csv")
    (good,) = [row for row in labels if (row["variable"], row["code"]) == ("q", "5")]
    assert (good["value_vi"], good["value_en"], good["missing"]) == ("Rất hài lòng", "Very satisfied", "0")
    assert [row["missing"] for row in labels if row["code"] == "-99"] == ["1"]
    assert [row["label_vi"] for row in labels if row["variable"] == "base_weight"] == ["Trọng số"]


@settings(deadline=None, max_examples=8)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 5, -1, NOT_ASKED, None]),
            st.floats(min_value=0, max_value=1e300, allow_subnormal=True),
            st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_codes_weights_and_days_come_back_from_every_format(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int | None, float, date | None]]
) -> None:
    folder = tmp_path_factory.mktemp("formats")
    codes, weights, days = (list(column) for column in zip(*rows, strict=True))
    data = microdata({question("q"): codes}, weights=weights, days=days, batch=5)
    table = pq.read_table(written(folder, data, "parquet")).to_pydict()
    lines = read_csv(written(folder, data, "csv"))
    frame, _ = read_sav(written(folder, data, "sav"))
    stata = pd.read_stata(written(folder, data, "dta"), convert_categoricals=False)
    as_float = [np.nan if code is None else float(code) for code in codes]
    valid = [np.nan if code is None or code < 0 else float(code) for code in codes]
    assert (table["q"], table["day"]) == (codes, days)
    assert [int(line["q"]) if line["q"] else None for line in lines] == codes
    assert [date.fromisoformat(line["day"]) if line["day"] else None for line in lines] == days
    np.testing.assert_array_equal(frame["q"].to_numpy(float), as_float)
    np.testing.assert_array_equal(stata["q"].to_numpy(float), valid)
    for found in (
        table["base_weight"],
        [float(line["base_weight"]) for line in lines],
        frame["base_weight"],
        stata["base_weight"],
    ):
        assert [float(one).hex() for one in found] == [one.hex() for one in weights]
    assert [None if pd.isna(day) else day for day in frame["day"]] == days


@pytest.mark.parametrize("file_format", FORMATS)
def test_hostile_texts_are_labels_like_any_other(tmp_path: Path, file_format: str) -> None:
    values = tuple(CodedValue(code, both(text)) for code, text in enumerate(HOSTILE))
    answers = {question(f"q{at}", text, values): [at, None] for at, text in enumerate(HOSTILE)}
    path = written(tmp_path, microdata(answers, units=["=1+1", "Xã\x00 Đạ\nTẻh" + "ẹ" * 300]), file_format)
    for one in ("mau.codebook.xlsx", "mau.codebook.json"):
        assert (tmp_path / one).stat().st_size > 0
    if file_format in ("sav", "dta"):
        read = pyreadstat.read_sav if file_format == "sav" else pyreadstat.read_dta
        frame, about = read(path, user_missing=True)
        longest = {"sav": 256, "dta": 320}[file_format]
        for at, text in enumerate(HOSTILE):
            label = about.column_names_to_labels[f"q{at}"]
            assert 0 < len(label.encode()) <= longest
            assert label[:1] == text[:1] or "\u0301" in text
            assert len(about.variable_value_labels[f"q{at}"]) == len(HOSTILE)
        assert frame["unit_name"].tolist()[0] == "=1+1"
        assert frame["unit_name"].tolist()[1] == "Xã␀ Đạ Tẻh" + "ẹ" * 300
    if file_format == "csv":
        for cell in _cells(path) + _cells(tmp_path / "mau.labels.csv"):
            assert not cell.startswith(("=", "+", "@", "\t")), cell
            assert cell[:1] != "-" or cell[1:].isdigit(), cell
            assert "\x00" not in cell
        assert plain_from_csv(read_csv(path)[0]["unit_name"]) == "=1+1"


def _cells(path: Path) -> list[str]:
    return [cell or "" for row in read_csv(path) for cell in row.values()]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_question_that_nobody_answered_is_a_column_of_blanks(tmp_path: Path, file_format: str) -> None:
    data = microdata({question("none"): [None] * 3, question("q"): [1, 5, -1]}, units=[None, "", "Xã"])
    path = written(tmp_path, data, file_format)
    readers = {
        "parquet": lambda: pq.read_table(path).to_pandas(),
        "csv": lambda: pd.read_csv(path, encoding="utf-8-sig"),
        "sav": lambda: read_sav(path)[0],
        "dta": lambda: pd.read_stata(path, convert_categoricals=False),
    }
    frame = readers[file_format]()
    assert frame["none"].isna().all()
    assert frame["q"].tolist()[:2] == [1, 5]
    book = json.loads((tmp_path / "mau.codebook.json").read_text("utf-8"))
    (empty,) = [one for one in book["variables"] if one["name"] == "none"]
    assert (empty["n_valid"], empty["n_blank"]) == (0, 3)


@pytest.mark.parametrize("file_format", FORMATS)
def test_three_hundred_questions_whose_names_begin_alike_keep_their_own_answers(
    tmp_path: Path, file_format: str
) -> None:
    """SPSS also keeps names of eight letters: they must not mix the long ones up."""
    asked = questions(
        [f"mot-tieu-chi-rat-dai-va-giong-nhau-{number}" for number in range(298)] + ["a.b", "a-b"]
    )
    answers = {variable: [(1, 5)[at % 2], at] for at, variable in enumerate(asked)}
    path = written(tmp_path, microdata(answers), file_format)
    readers = {
        "parquet": lambda: pq.read_table(path).to_pandas(),
        "csv": lambda: pd.read_csv(path, encoding="utf-8-sig"),
        "sav": lambda: read_sav(path)[0],
        "dta": lambda: pd.read_stata(path, convert_categoricals=False),
    }
    frame = readers[file_format]()
    assert [int(frame[variable.name][1]) for variable in asked] == list(range(300))
    assert [int(frame[variable.name][0]) for variable in asked] == [1, 5] * 150
    if file_format == "sav":
        labels = read_sav(path)[1].column_names_to_labels
        assert [labels[variable.name] for variable in asked] == [
            f"Câu {variable.source}" for variable in asked
        ]


def test_many_missing_codes_are_a_range_in_spss_and_too_many_for_stata_are_refused(tmp_path: Path) -> None:
    def with_missing(count: int) -> Variable:
        options = tuple(
            CodedValue(-code, both(f"khuyết {code}"), missing=True) for code in range(1, count + 1)
        )
        return question("q", values=(CodedValue(0, both("không")), *options, SCALE[-1]))

    data = microdata({with_missing(25): [0, -1, -25, NOT_ASKED, None]})
    _, about = read_sav(written(tmp_path, data, "sav"))
    assert about.missing_ranges["q"] == [{"lo": NOT_ASKED, "hi": -1}]
    frame, _ = pyreadstat.read_dta(written(tmp_path, data, "dta"), user_missing=True)
    assert frame["q"].tolist()[:4] == [0, "a", "y", "z"]
    with pytest.raises(TooManyMissingCodes):
        with_missing(26)


def test_labels_in_english_when_asked(tmp_path: Path) -> None:
    data = microdata({question("q"): [5]})
    _, about = read_sav(written(tmp_path, data, "sav", "en"))
    assert about.variable_value_labels["q"][5] == "Very satisfied"


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_snapshot_gives_the_same_bytes_and_the_only_time_is_its_own(
    tmp_path: Path, file_format: str
) -> None:
    data = microdata({question("q"): CODES})
    first = write_microdata(data, tmp_path / f"mau.{file_format}", file_format)
    again = write_microdata(data, tmp_path / f"mau.{file_format}", file_format)
    assert first == again
    if file_format in ("sav", "dta"):
        read = pyreadstat.read_sav if file_format == "sav" else pyreadstat.read_dta
        _, about = read(first.files[0][0])
        assert about.creation_time == MADE_AT.replace(tzinfo=None, second=5 if file_format == "sav" else 0)


def test_simulated_data_say_so_in_every_file(tmp_path: Path) -> None:
    data = microdata({question("q"): CODES})
    assert "MÔ PHỎNG" in read_sav(written(tmp_path, data, "sav"))[1].file_label
    assert "MÔ PHỎNG" in pyreadstat.read_dta(written(tmp_path, data, "dta"))[1].file_label
    real = microdata({question("q"): CODES}, simulated=False)
    assert "MÔ PHỎNG" not in read_sav(written(tmp_path, real, "sav"))[1].file_label


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("claimed", [4, 6])
def test_rows_lost_or_added_on_the_way_leave_the_old_file_and_nothing_beside_it(
    tmp_path: Path, file_format: str, claimed: int
) -> None:
    target = tmp_path / f"mau.{file_format}"
    target.write_text("cũ")
    with pytest.raises(RowsMissing):
        write_microdata(microdata({question("q"): CODES}, rows=claimed), target, file_format)
    assert target.read_text() == "cũ"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_named_as_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuffixDiffers):
        write_microdata(microdata({question("q"): CODES}), tmp_path / "mau.csv", "sav")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_in_the_last_file_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("survey.reports.microdata.files.write_labels", fails)
    with pytest.raises(OSError, match="disk full"):
        write_microdata(microdata({question("q"): CODES}), tmp_path / "mau.csv", "csv")
    assert list(tmp_path.iterdir()) == []


def test_a_kind_is_written_by_its_declaration(tmp_path: Path) -> None:
    """A number that looks like a code is a number: no label, no missing code."""
    plain = Variable("figure", "figure", "weight", Kind.NUMBER, both("Số"), scale="scale")
    data = microdata({question("q"): [1, 5], plain: [-1, -99]})
    frame, about = read_sav(written(tmp_path, data, "sav"))
    assert frame["figure"].tolist() == [-1, -99]
    assert "figure" not in about.missing_ranges
