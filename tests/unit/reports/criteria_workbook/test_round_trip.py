"""A criteria set goes into a workbook and comes back as the same set."""

from __future__ import annotations

import hashlib
import io
import json
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey.reports.criteria_workbook import (
    TextsNotHeld,
    criteria_template,
    write_criteria_workbook,
    write_document,
)
from survey.scoring import document_of, dump, load, load_shipped, shipped
from tests.unit.reports.criteria_workbook.books import checked, told
from tests.unit.scoring.sample import built, document, groups, leaf, node
from tests.unit.scoring.variants import NAMES, variant


@pytest.mark.parametrize("name", [*shipped(), *NAMES])
def test_every_set_that_is_known_comes_back_equal(name: str) -> None:
    kept = variant(name) if name in NAMES else load_shipped(name)
    found = checked(write_criteria_workbook(kept))
    assert told(found) == []
    assert found.criteria_set is not None
    assert replace(found.criteria_set, sha256=kept.sha256) == kept
    assert found.raw == dump(kept)
    assert found.criteria_set.sha256 == hashlib.sha256(dump(kept)).hexdigest()


#: What a person may write into a name: anything a workbook holds as it stands, not only blanks.
WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x1EF9, exclude_categories=["Cs", "Cc", "Cn", "Mn", "Me"]),
    min_size=1, max_size=24,
).map(lambda text: unicodedata.normalize("NFC", text)).filter(str.strip)  # fmt: skip
TEXTS = st.fixed_dictionaries({"vi": WORDS, "en": WORDS})
POINTS = st.integers(1, 4000).map(lambda hundredths: hundredths / 100)
IDS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,11}\Z")


@st.composite
def rules(draw: st.DrawFn, maximum: float) -> dict[str, Any]:
    names = draw(st.lists(IDS, min_size=2, max_size=4, unique=True))
    low, high = sorted(draw(st.lists(st.integers(1, 99), min_size=2, max_size=2, unique=True)))
    weights = [0.5, 0.5] if len(names) == 2 else [0.5, 0.5, *[0] * (len(names) - 2)]
    listed = [
        {"id": name, "name": draw(TEXTS), "weight": weight}
        for name, weight in zip(names, weights, strict=True)
    ]
    return draw(
        st.sampled_from(
            [
                {"kind": "direct"},
                {"kind": "linear", "full_at": high},
                {"kind": "threshold_linear", "threshold": low, "full_at": high},
                {"kind": "count", "each": high / 10},
                {"kind": "normalised", "to": "best", "better": "lower"},
                {"kind": "normalised", "to": "target", "better": "higher", "target": high / 10},
                {"kind": "external_index", "index": names[0], "scale": high},
                {"kind": "survey", "weighting": "pooled", "groups": groups(*names)},
                {"kind": "survey", "weighting": "weights", "groups": listed},
                {
                    "kind": "choice",
                    "options": [
                        {"id": name, "name": draw(TEXTS), "points": maximum if place == 0 else 0}
                        for place, name in enumerate(names)
                    ],
                },
                {
                    "kind": "steps", "of": "count", "boundary": draw(st.sampled_from(["lower", "upper"])),
                    "steps": [
                        {"from": None, "to": low, "points": 0, "includes": "neither"},
                        {"from": low, "to": high, "points": maximum, "includes": "both"},
                        {"from": high, "to": None, "points": 0, "includes": "neither"},
                    ],
                },
            ]
        )
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(IDS, min_size=5, max_size=7, unique=True))
    maxima = [draw(POINTS) for _ in names[2:]]
    leaves = [
        leaf(name, maximum, draw(rules(maximum)), exemptible=draw(st.booleans())) | {"name": draw(TEXTS)}
        for name, maximum in zip(names[2:], maxima, strict=True)
    ]
    total = sum(round(maximum * 100) for maximum in maxima) / 100
    inner = node(names[1], total, *leaves, note=draw(TEXTS)) | {"name": draw(TEXTS)}
    return document(
        node(names[0], total, inner, sources=["s1"]) | {"name": draw(TEXTS)},
        base=total,
        bounded=draw(st.booleans()),
        years=draw(st.lists(st.integers(2000, 2100), max_size=3)),
        valid_from=draw(st.dates(date(2001, 1, 1), date(2024, 12, 31))).isoformat(),
        notes=draw(st.lists(TEXTS, max_size=2)),
        ranking={"tie": draw(st.sampled_from(["competition", "dense", "range"])), "tie_break": names[:2]},
        decision={"number": draw(WORDS), "date": "2024-12-05", "issuer": draw(WORDS)},
    )


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(made=documents())
def test_any_set_comes_back_equal_whatever_its_texts_begin_with(made: dict[str, Any]) -> None:
    kept = load(json.dumps(made).encode())
    found = checked(write_criteria_workbook(kept))
    assert told(found) == []
    assert found.raw == dump(kept)


def said(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


NASTY = ("=1+1", "+84", "-5", "@SUM(A1)", "<r>x</r>", "_x0041_x0041_", "1.10", "01/02")


def test_text_stays_text_and_is_never_a_formula() -> None:
    leaves = [
        leaf(str(place), 10, note=said(text)) | {"name": said(text)} for place, text in enumerate(NASTY)
    ]
    kept = built(*leaves, base=80)
    raw = write_criteria_workbook(kept)
    found = checked(raw)
    assert told(found) == []
    assert found.criteria_set is not None
    assert [one.name["vi"] for one in found.criteria_set.tree] == list(NASTY)
    cells = (cell for sheet in load_workbook(io.BytesIO(raw)) for row in sheet.iter_rows() for cell in row)
    assert all(cell.data_type != "f" for cell in cells)


def test_ids_that_look_like_numbers_keep_their_last_nought() -> None:
    kept = built(node("1", 100, leaf("1.1", 40), leaf("1.10", 60)))
    found = checked(write_criteria_workbook(kept))
    assert found.criteria_set is not None
    assert [one.id for one in found.criteria_set.walk()] == ["1", "1.1", "1.10"]


def test_a_text_in_a_third_language_is_refused_and_not_lost() -> None:
    made = document_of(load_shipped("par-2948-areas"))
    made["title"]["jra"] = "x"
    with pytest.raises(TextsNotHeld) as refused:
        write_document(made)
    assert "jra" in refused.value.text("vi")


def test_the_empty_template_says_cell_by_cell_what_has_to_be_filled() -> None:
    found = told(checked(criteria_template()))
    assert ("Thông tin", "B5", "/id", "cell_blank") in found
    assert ("Cây tiêu chí", "", "/tree", "too_few") in found
    assert all(sheet in ("Thông tin", "Cây tiêu chí") for sheet, _, _, _ in found)


def test_every_sheet_is_ready_for_the_screen_and_for_the_printer() -> None:
    book = load_workbook(io.BytesIO(write_criteria_workbook(load_shipped("par-illustration"))))
    assert book.sheetnames == [
        "Hướng dẫn", "Thông tin", "Cây tiêu chí", "Cách tính", "Xếp loại", "Khảo sát", "Khối xếp hạng",
        "Miễn chấm", "Cách chia", "Nguồn", "Danh mục",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert "MINH HỌA" in str(sheet.oddHeader.left.text)
        assert sheet["A1"].font.name == "Times New Roman"
    tree = book["Cây tiêu chí"]
    assert tree.freeze_panes == "D4"
    assert tree.print_title_rows == "$1:$3"
    lists = {str(one.sqref): one.formula1 for one in tree.data_validations.dataValidation}
    assert "H4:H1003" in lists
    assert "MINH HỌA" in str(tree["A1"].value)


def test_an_official_set_carries_no_mark_of_an_illustration() -> None:
    book = load_workbook(io.BytesIO(write_criteria_workbook(load_shipped("par-2948-areas"))))
    assert "MINH HỌA" not in str(book["Cây tiêu chí"]["A1"].value)
