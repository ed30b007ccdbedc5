"""The text of the collapse: ANSI words and names of ours, nothing of a questionnaire."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey.aggregation import IndexDefinition, Measure
from survey.aggregation.engines import CollapseRequest
from survey.aggregation.engines.statement import collapse_statement
from tests.unit.aggregation.engines.agreement import ITEMS, MEASURES, awkward_request

FILES = (Path("responses.parquet"),)
ANSI_WORDS = {
    *("SELECT", "FROM", "GROUP", "BY", "GROUPING", "SETS", "AS", "COUNT", "SUM"),
    *("CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "IN", "NULL"),
}
OUR_NAMES = re.compile(
    r"responses|stratum|psu|weight|n_rows|members|bad_weights|(rolled_)?by_\d+|item_\d+"
    r"|(weighted|weight|answered|squares|union_weight|union_answered)_\d+"
)


def test_the_statement_of_a_share_reads_as_written_here() -> None:
    request = CollapseRequest(
        FILES,
        ("trust", "price"),
        Measure("top_share", (4, 5)),
        weights="w",
        stratum="h",
        psu="i",
        sets=(("place",), ("place", "age"), ("day",)),
        indices=(IndexDefinition.pooled("all", ("trust", "price")),),
    )
    assert (
        collapse_statement(request)
        == """\
SELECT
  stratum,
  psu,
  by_1,
  by_2,
  by_3,
  GROUPING(by_1) AS rolled_by_1,
  GROUPING(by_2) AS rolled_by_2,
  GROUPING(by_3) AS rolled_by_3,
  COUNT(*) AS n_rows,
  COUNT(CASE WHEN weight > 0 THEN 1 END) AS members,
  COUNT(CASE WHEN weight >= 0 AND weight <= 1.7976931348623157E308 THEN NULL ELSE 1 END) AS bad_weights,
  SUM(CASE WHEN item_1 IN (4, 5) THEN weight ELSE 0E0 END) AS weighted_1,
  SUM(CASE WHEN item_2 IN (4, 5) THEN weight ELSE 0E0 END) AS weighted_2,
  SUM(CASE WHEN item_1 >= 0 THEN weight ELSE 0E0 END) AS weight_1,
  SUM(CASE WHEN item_2 >= 0 THEN weight ELSE 0E0 END) AS weight_2,
  COUNT(CASE WHEN (item_1 >= 0) AND weight > 0 THEN 1 END) AS answered_1,
  COUNT(CASE WHEN (item_2 >= 0) AND weight > 0 THEN 1 END) AS answered_2,
  SUM(CASE WHEN item_1 >= 0 OR item_2 >= 0 THEN weight ELSE 0E0 END) AS union_weight_1,
  COUNT(CASE WHEN (item_1 >= 0 OR item_2 >= 0) AND weight > 0 THEN 1 END) AS union_answered_1
FROM responses
GROUP BY GROUPING SETS (
  (stratum, psu, by_2, by_1),
  (stratum, psu, by_3)
)"""
    )


def test_a_mean_also_sums_squares_for_its_design_effect() -> None:
    request = CollapseRequest(FILES, ("trust",), Measure("mean"), psu="i")
    text = collapse_statement(request)
    assert "SUM(CASE WHEN item_1 >= 0 THEN weight * item_1 ELSE 0E0 END) AS weighted_1" in text
    assert "SUM(CASE WHEN item_1 >= 0 THEN weight * item_1 * item_1 ELSE 0E0 END) AS squares_1" in text
    assert text.endswith("GROUP BY GROUPING SETS (\n  (psu)\n)")


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.kind)
def test_every_word_is_ansi_or_ours_whatever_the_columns_are_called(measure: Measure) -> None:
    text = collapse_statement(awkward_request(FILES, measure))
    words = set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", re.sub(r"\b[0-9.]+E[0-9]+\b", "", text)))
    assert {word for word in words - ANSI_WORDS if not OUR_NAMES.fullmatch(word)} == set()
    assert set(re.sub(r"\w", "", text)) <= set(" \n,.()*<>=")
    assert f"item_{len(ITEMS)}" in words
