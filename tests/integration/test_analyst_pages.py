"""The analysts' pages on a result: the figures of the commands, for analysts only, and nothing written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from survey.reports import number_text
from survey.services.data_quality import data_quality
from survey.services.small_areas import small_areas
from survey.services.snapshot_sample import read_sample
from survey.services.unit_names import unit_name
from survey.services.unit_ranks import unit_ranks
from survey.storage.snapshots import read_snapshot
from survey.storage.store import Store
from tests.conftest import SetClock
from tests.integration.analyst_rounds import FEW, ONE_CLUSTER, UNITS, freeze_round
from tests.integration.journeys import Person
from tests.integration.office_fixture import ELSEWHERE, official

People = Callable[[], Person]
CODE = "phan-tich-thu"
PAGES = ("ranks", "quality", "small-areas")


def _address(page: str, code: str = CODE, formula: str = "item-average") -> str:
    return f"/analysis/rounds/{code}/results/{code}-0001/{formula}/{page}"


@pytest.fixture
def analyst(store: Store, clock: SetClock, person: People) -> Person:
    return official(store, clock, person(), role="analyst")


def test_ranks_stand_with_their_intervals_and_units_apart_say_why(
    store: Store, clock: SetClock, analyst: Person
) -> None:
    folder = freeze_round(store, clock, CODE).folder
    page = analyst.open(_address("ranks"))
    (block,) = unit_ranks(read_sample(read_snapshot(folder))).blocks
    for one in block.ranked:
        assert one.index.value is not None
        index = number_text(one.index.value * 100)
        assert f"{one.rank} {unit_name(one.unit)} {one.low} – {one.high} {index}" in page.text
    apart = page.text.split("Không xếp hạng")[1]
    assert f"{unit_name(FEW)} " in apart
    assert "ít phiếu" in apart
    assert f"{unit_name(ONE_CLUSTER)} " in apart
    assert "không có khoảng tin cậy" in apart
    assert "survey ranks phan-tich-thu-0001 --formula item-average" in page.text


def test_every_bar_lies_on_its_strip_and_needs_no_style(
    store: Store, clock: SetClock, analyst: Person
) -> None:
    freeze_round(store, clock, CODE)
    for page in ("ranks", "small-areas"):
        html = analyst.open(_address(page)).html
        assert "<svg" in html
        assert "style=" not in html
        bars = [part.split("/>")[0] for part in html.split('<rect class="strip-bar')[1:]]
        assert len(bars) >= len(UNITS) - 2
        for bar in bars:
            start, width = (float(bar.split(f' {name}="')[1].split('"')[0]) for name in ("x", "width"))
            assert 0 <= start <= 100
            assert 0 < width <= 100.5 - start


def test_the_review_shows_the_index_with_and_without_and_what_has_no_data(
    store: Store, clock: SetClock, analyst: Person
) -> None:
    folder = freeze_round(store, clock, CODE).folder
    text = analyst.open(_address("quality")).text
    found = data_quality(read_sample(read_snapshot(folder)))
    assert found.whole is not None
    assert f"Phiếu cần xem lại {len(found.flagged)}" in text
    assert f"Chỉ số khi bỏ phiếu cần xem lại {number_text(found.whole.without_flagged * 100)}" in text
    assert text.count("không có dữ liệu") == 5
    assert "không phiếu nào bị loại" in text
    worst = found.units[0]
    assert f"{unit_name(worst.unit)} {worst.n} {worst.flagged}" in text


def test_model_based_estimates_are_named_so_beside_the_direct_ones(
    store: Store, clock: SetClock, analyst: Person
) -> None:
    folder = freeze_round(store, clock, CODE).folder
    text = analyst.open(_address("small-areas")).text
    assert "Ước lượng theo mô hình (Fay-Herriot), không phải ước lượng trực tiếp." in text
    for one in small_areas(read_sample(read_snapshot(folder))).areas:
        assert one.direct.value is not None
        direct, model = number_text(one.direct.value * 100), number_text(one.model.value * 100)
        row = text.split(f"{unit_name(one.unit)} {one.direct.n} {direct}")[1]
        assert model in row[:40]
    assert "phương sai lấy từ đường làm trơn" in text


def test_too_few_units_for_a_model_is_a_page_that_says_so(
    store: Store, clock: SetClock, analyst: Person
) -> None:
    freeze_round(store, clock, "mot-tinh", units={"p34-68": 0.5})
    page = analyst.open(_address("small-areas", "mot-tinh"))
    assert page.status == 200
    assert "Không lập được mô hình" in page.text
    assert "cần ít nhất 3" in page.text
    assert "Danh sách chỉ có một đơn vị" in analyst.open(_address("ranks", "mot-tinh")).text


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_lead_to_one_another_in_both_languages(
    store: Store, clock: SetClock, analyst: Person, page: str
) -> None:
    freeze_round(store, clock, CODE)
    shown = analyst.open(_address(page))
    assert {_address(other) for other in PAGES} <= set(shown.links)
    analyst.client.set_cookie("language", "en")
    english = analyst.open(_address(page)).text
    for text in ("Ranks and rank intervals", "Data quality", "Small-area estimates"):
        assert text in english
    assert "Simulated data" in english


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("role", "unit", "status"), [
    ("official", "p34-68", 403), ("administrator", "p34-68", 403), ("analyst", ELSEWHERE, 404),
])  # fmt: skip
def test_nobody_else_sees_them(
    store: Store, clock: SetClock, person: People, page: str, role: str, unit: str, status: int
) -> None:
    freeze_round(store, clock, CODE)
    somebody = official(store, clock, person(), role=role, unit_id=unit)
    assert somebody.open(_address(page)).status == status


@pytest.mark.parametrize("page", PAGES)
def test_a_snapshot_or_formula_that_is_not_there_is_not_found_and_a_changed_one_is_refused(
    store: Store, clock: SetClock, analyst: Person, page: str
) -> None:
    folder = freeze_round(store, clock, CODE).folder
    assert analyst.open(_address(page).replace("-0001", "-0009")).status == 404
    assert analyst.open(_address(page, formula="khong-co")).status == 404
    data = next(folder.rglob("*.parquet"))
    data.chmod(0o600)
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    changed = analyst.open(_address(page))
    assert changed.status in (409, 422, 503)
    assert "SVY-" in changed.text
