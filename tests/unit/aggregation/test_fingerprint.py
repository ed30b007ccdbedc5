"""The hash of an analysis: the same for the same numbers, another for any other."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import Analysis, IndexDefinition, Measure, SampleDesign, analyse, fingerprint
from survey.aggregation.fingerprint import canonical

INDICES = (
    IndexDefinition.averaged("averaged", {"a": 0.5, "b": 0.5}),
    IndexDefinition.pooled("pooled", ["a", "b"]),
)


def small(
    answers: dict[str, list[int]] | None = None,
    order: slice = slice(None),
    indices: tuple[IndexDefinition, ...] = INDICES,
) -> Analysis:
    columns = answers or {"a": [5, 4, 3, 2, 5, -1, 4, 1], "b": [4, 4, -1, 1, 5, 5, 2, 2]}
    return analyse(
        SampleDesign.build(
            weights=np.array([1.0, 2.5, 0.5, 1.25, 3.0, 1.0, 0.75, 2.0])[order],
            psu=[1, 1, 2, 2, 3, 3, 4, 4][order],
        ),
        {item: np.array(column, dtype=np.int8)[order] for item, column in columns.items()},
        domains={"province": ["x", "y", "x", "x", "y", "y", "x", "y"][order]},
        measure=Measure("top_share", (4, 5)),
        indices=indices,
    )


def test_the_hash_of_a_fixed_sample_is_fixed() -> None:
    """It changes only on purpose, with the format's number: a published hash must stay provable."""
    assert fingerprint(small()) == "1db50dc6dbfd92ba6641b91c39acd34fd4fa8dd31da21f6b35d096cf3764edc7"


def test_the_order_of_rows_and_of_indices_does_not_matter() -> None:
    assert fingerprint(small(order=slice(None, None, -1))) == fingerprint(small())
    assert fingerprint(small(indices=INDICES[::-1])) == fingerprint(small())


@settings(deadline=None)
@given(item=st.sampled_from("ab"), row=st.integers(0, 7))
def test_one_changed_answer_changes_the_hash(item: str, row: int) -> None:
    answers = {"a": [5, 4, 3, 2, 5, -1, 4, 1], "b": [4, 4, -1, 1, 5, 5, 2, 2]}
    answers[item][row] = 1 if answers[item][row] in (4, 5) else 5
    assert fingerprint(small(answers)) != fingerprint(small())


def test_the_last_bits_of_a_sum_do_not_change_the_hash() -> None:
    analysis = small()
    nudged = dataclasses.replace(analysis, value=np.nextafter(analysis.value, 2))
    assert fingerprint(nudged) == fingerprint(analysis)


@pytest.mark.parametrize(
    ("figure", "written"),
    [(None, ""), (0.0, "0.000000000e+00"), (-0.0, "0.000000000e+00"), (79.745, "7.974500000e+01")],
)
def test_figures_are_written_at_ten_significant_digits(figure: float | None, written: str) -> None:
    assert canonical(figure) == written
