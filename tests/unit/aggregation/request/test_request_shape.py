"""The schema of a request: published, closed to unknown keys, and every departure named by its path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from survey.aggregation.request import SCHEMA_FILE, RequestRefused, RequestUnreadable, build_request
from survey.aggregation.request.document import parse_document
from survey.aggregation.request.shape import check_shape

ROOT = Path(__file__).resolve().parents[4]
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
MEAN = {"kind": "mean", "items": ["q1"]}
LEAST = {"data": "a.csv", "statistics": [MEAN]}


def refusal(told: Any) -> RequestRefused:
    with pytest.raises(RequestRefused) as caught:
        check_shape(told)
    return caught.value


def paths(told: Any) -> list[str]:
    return [problem.path for problem in refusal(told).problems]


def of_statistic(**told: Any) -> dict[str, Any]:
    return LEAST | {"statistics": [MEAN, MEAN | told]}


def test_the_published_schema_is_the_one_that_is_used() -> None:
    published = (ROOT / "docs" / "estimate-request.schema.json").read_bytes()
    assert published == SCHEMA_FILE.read_bytes()


def test_the_schema_is_a_schema_and_accepts_the_least_request() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    check_shape(LEAST)


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield path, schema
        for key, inner in schema.items():
            yield from objects(inner, f"{path}/{key}")
    elif isinstance(schema, list):
        for place, inner in enumerate(schema):
            yield from objects(inner, f"{path}/{place}")


def test_every_object_with_named_keys_is_closed_to_others() -> None:
    found = dict(objects(SCHEMA))
    assert len(found) >= 9
    is_open = [path for path, one in found.items() if one.get("additionalProperties") is not False]
    # The cells of a crossed margin are keyed by the request's own columns; building.py holds them to those.
    assert is_open == ["/$defs/margin/properties/totals/oneOf/1/items"]


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ([], ""),
        ({"statistics": [MEAN]}, "data"),
        ({"data": "a.csv"}, "statistics"),
        ({"data": "a.csv", "statistics": []}, "statistics"),
        (LEAST | {"data": 5}, "data"),
        (LEAST | {"data": {"path": "a", "sha256": "12"}}, "data.sha256"),
        (LEAST | {"data": {"path": "a", "types": {"q1": "float"}}}, "data.types.q1"),
        (LEAST | {"level": 1}, "level"),
        (LEAST | {"adjust": "sidak"}, "adjust"),
        (LEAST | {"design": {"psu": ["a", "b", "c"]}}, "design.psu"),
        (LEAST | {"design": {"fpc": 3}}, "design.fpc"),
        (LEAST | {"design": {"lonely": "ignore"}}, "design.lonely"),
        (LEAST | {"calibrate": {"kind": "raking"}}, "calibrate.margins"),
        (LEAST | {"calibrate": {"kind": "rak", "margins": {"a": {"x": 1}}}}, "calibrate.kind"),
        (LEAST | {"calibrate": {"kind": "rake", "margins": {"a": {"x": "1"}}}}, "calibrate.margins.a.x"),
        (LEAST | {"replicates": {"kind": "JK2"}}, "replicates.kind"),
        (LEAST | {"replicates": {"kind": "Fay", "rho": 1}}, "replicates.rho"),
        (LEAST | {"replicates": {"seed": 3}}, "replicates.kind"),
        (of_statistic(items=[]), "statistics[1].items"),
        (of_statistic(items=[1]), "statistics[1].items[0]"),
        (of_statistic(items=["q1", "q1"]), "statistics[1].items"),
        (of_statistic(kind="average"), "statistics[1].kind"),
        (of_statistic(kind="ratio"), "statistics[1].denominator"),
        (of_statistic(denominator="q2"), "statistics[1].denominator"),
        (of_statistic(kind="top_box"), "statistics[1].levels"),
        (of_statistic(levels=[4, 5]), "statistics[1].levels"),
        (of_statistic(index_weights=[1]), "statistics[1].index_weights"),
        (of_statistic(probabilities=[0.5]), "statistics[1].probabilities"),
        (of_statistic(kind="quantile", probabilities=[0.5, 1]), "statistics[1].probabilities[1]"),
        (of_statistic(kind="importance_performance"), "statistics[1].outcome"),
        (of_statistic(missing="pairwise"), "statistics[1].missing"),
        (of_statistic(interval="wald"), "statistics[1].interval"),
        (of_statistic(interval={"level": 95}), "statistics[1].interval.level"),
        (of_statistic(deff="yes"), "statistics[1].deff"),
        (of_statistic(where={"sex": None}), "statistics[1].where.sex"),
        (of_statistic(where={"sex": []}), "statistics[1].where.sex"),
        (LEAST | {"compare": [{"domain": "all"}]}, "compare[0].domain"),
        (LEAST | {"compare": [{"domain": {"a": 1}, "part": {"a": 1}}]}, "compare[0].part"),
        (LEAST | {"compare": [{"domains": [{"a": 1}]}]}, "compare[0].domains"),
    ],
)
def test_a_departure_is_named_by_its_path(told: Any, path: str) -> None:
    assert path in paths(told)


def test_every_departure_is_reported_at_once_in_both_languages() -> None:
    told = {"data": 1, "design": {"weight": "w"}, "statistics": [MEAN | {"by": 3}]}
    error = refusal(told)
    assert [problem.path for problem in error.problems] == ["data", "design.weight", "statistics[0].by"]
    for language in ("vi", "en"):
        said = error.text(language)
        assert all(path in said for path in ("data:", "design.weight:", "statistics[0].by:"))
    assert "khóa" in error.text("vi")
    assert "unknown key" in error.text("en")


def test_an_unknown_key_is_told_with_the_known_ones() -> None:
    (problem,) = refusal(LEAST | {"statistics": [MEAN | {"item": "q1"}]}).problems
    assert problem.path == "statistics[0].item"
    assert "index_weights, interval, items" in problem.en


@pytest.mark.parametrize(
    "raw",
    [b"", b"[1,", b"\xff", b'{"a": 1, "a": 2}', b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000],
)
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(RequestUnreadable):
        parse_document(raw)


def test_a_mapping_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(RequestUnreadable):
        build_request(LEAST | {"level": float("nan")})


def test_names_are_read_in_nfc_but_a_path_is_kept() -> None:
    apart = "Lâm"
    told = parse_document(json.dumps({"data": {"path": apart}, "x": apart}).encode()).data
    assert told == {"data": {"path": apart}, "x": "Lâm"}


def test_the_order_of_keys_leaves_a_programs_request_the_same() -> None:
    one = build_request({"data": "a.csv", "statistics": [MEAN]})
    other = build_request({"statistics": [MEAN], "data": "a.csv"})
    assert one == other
