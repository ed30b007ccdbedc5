"""Duplicates: percent match against a walk over all pairs, groups, tiles, and what is left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import DifferentLengths
from survey.aggregation.quality import Rules, duplicates, review

LOOSE = Rules(duplicate_items=1, uniform_share=1.0)


@st.composite
def responses(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, items = draw(st.integers(1, 24)), draw(st.integers(1, 8))
    matrix = rng.integers(1, draw(st.integers(2, 5)), (rows, items)).astype(float)
    matrix[rng.random(matrix.shape) < draw(st.sampled_from([0.0, 0.3]))] = np.nan
    return matrix, rng.integers(-1, 3, rows)


def match_of(one: np.ndarray, other: np.ndarray, least: int) -> float:
    either = (~np.isnan(one) | ~np.isnan(other)).sum()
    return float((one == other).sum() / either) if either >= least else 0.0


@settings(deadline=None, max_examples=50)
@given(responses(), st.integers(1, 6), st.sampled_from([1, 3, 2048]))
def test_the_nearest_is_the_one_a_walk_over_all_pairs_finds(
    drawn: tuple[np.ndarray, np.ndarray], least: int, tile: int
) -> None:
    """Percent match (Kuriakose & Robbins 2016), in tiles of any size."""
    matrix, group = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "TILE_ROWS", tile)
        found = duplicates.nearest(
            duplicates.level_codes(matrix), group, least, duplicates.no_matches(len(matrix))
        )
    for row in range(len(matrix)):
        others = [other for other in range(len(matrix)) if other != row and group[other] == group[row] >= 0]
        shares = [match_of(matrix[row], matrix[other], least) for other in others]
        assert found.compared[row] == bool(others)
        assert found.share[row] == pytest.approx(max(shares, default=0.0), abs=1e-12)
        if found.share[row] > 0:
            assert found.partner[row] == others[int(np.argmax(np.float32(shares)))]
        else:
            assert found.partner[row] == -1


@settings(deadline=None, max_examples=50)
@given(responses())
def test_exact_duplicates_are_rows_equal_in_every_answer_and_gap(
    drawn: tuple[np.ndarray, np.ndarray],
) -> None:
    matrix, _ = drawn
    report = review(dict(enumerate_items(matrix)), rules=LOOSE)
    answered = ~np.isnan(matrix).all(axis=1)
    for row in range(len(matrix)):
        same = [
            other
            for other in range(len(matrix))
            if other != row and np.array_equal(matrix[row], matrix[other], equal_nan=True)
        ]
        assert report.flagged_by("exact_duplicate")[row] == bool(same and answered[row])


def enumerate_items(matrix: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [(f"q{at}", column) for at, column in enumerate(matrix.T)]


@settings(deadline=None, max_examples=25)
@given(responses(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_no_flag(drawn: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    matrix, group = drawn
    order = np.random.default_rng(seed).permutation(len(matrix))
    labels = [f"g{one}" if one >= 0 else None for one in group]
    rules = Rules(duplicate_items=3, uniform_share=0.9, match_share=0.6)
    one = review(dict(enumerate_items(matrix)), rules=rules, groups={"psu": labels})
    other = review(
        dict(enumerate_items(matrix[order])), rules=rules, groups={"psu": [labels[at] for at in order]}
    )
    assert one.bits[order].tolist() == other.bits.tolist()


def varied(rows: int, items: int, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 6, (rows, items)).astype(float)


def test_near_duplicates_begin_at_the_threshold() -> None:
    """Of 20 answers, 17 the same are 85 %; 16 are not enough."""
    matrix = varied(4, 20)
    matrix[1], matrix[3] = matrix[0], matrix[2]
    matrix[1, :3], matrix[3, :4] = 6, 6
    labels = ["a", "a", "b", "b"]
    report = review(dict(enumerate_items(matrix)), groups={"psu": labels})
    assert report.flagged_by("near_duplicate").tolist() == [True, True, False, False]
    assert report.flagged_by("exact_duplicate").tolist() == [False] * 4
    assert report.matches is not None
    assert report.matches.share.tolist() == [0.85, 0.85, 0.8, 0.8]
    assert report.matches.partner.tolist() == [1, 0, 3, 2]


def test_near_duplicates_are_looked_for_within_groups_and_exact_ones_everywhere() -> None:
    matrix = varied(2, 20)
    matrix[1] = matrix[0]
    apart = review(dict(enumerate_items(matrix)), groups={"psu": ["a", "b"]})
    assert apart.words(0) == ("exact_duplicate",)
    joined = review(dict(enumerate_items(matrix)), groups={"psu": ["a", "b"], "device": ["k1", "k1"]})
    assert joined.words(0) == ("exact_duplicate", "near_duplicate")


def test_missing_answers_do_not_match_each_other() -> None:
    """25 items, 20 answered by each, the same five left out by both: those five count for nothing."""
    matrix = varied(2, 25)
    matrix[:, 20:] = np.nan
    matrix[1, :16] = matrix[0, :16]
    matrix[1, 16:20] = matrix[0, 16:20] % 5 + 1
    report = review(dict(enumerate_items(matrix)), groups={"psu": ["a", "a"]})
    assert report.matches is not None
    assert report.matches.share.tolist() == [16 / 20, 16 / 20]


def test_a_gap_against_an_answer_is_a_difference() -> None:
    matrix = varied(2, 40)
    matrix[1] = matrix[0]
    matrix[1, 30:] = np.nan
    report = review(dict(enumerate_items(matrix)), groups={"psu": ["a", "a"]})
    assert report.matches is not None
    assert report.matches.share.tolist() == [0.75, 0.75]


def test_uniform_answers_are_left_to_straight_lining() -> None:
    """Two contented citizens who answer 4 throughout are no copies of each other."""
    matrix = np.full((2, 20), 4.0)
    report = review(dict(enumerate_items(matrix)), groups={"psu": ["a", "a"]})
    assert not report.flagged.any()
    finding = report.finding("exact_duplicate")
    assert finding is not None
    assert (finding.judged, finding.share) == (0, None)
    judged = review(dict(enumerate_items(matrix)), rules=Rules(uniform_share=1.0), groups={"psu": ["a", "a"]})
    assert judged.words(0) == ("exact_duplicate", "near_duplicate")


def test_short_forms_are_not_compared() -> None:
    matrix = varied(2, 19)
    matrix[1] = matrix[0]
    assert not review(dict(enumerate_items(matrix)), groups={"psu": ["a", "a"]}).flagged.any()


def test_many_distinct_values_keep_the_tiles_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each value stands in two rows, so that there are as many levels as cells of half the table."""
    matrix = np.arange(60 * 20, dtype=float).reshape(60, 20)
    matrix = np.concatenate([matrix, matrix[::-1]])
    tallest = []
    marks = duplicates._marks

    def recorded(levels: np.ndarray, width: int) -> np.ndarray:
        tallest.append(len(levels) * width)
        return marks(levels, width)

    monkeypatch.setattr(duplicates, "_marks", recorded)
    monkeypatch.setattr(duplicates, "TILE_CELLS", 30_000)
    best, partner = duplicates.nearest_in_group(duplicates.level_codes(matrix), 20)
    assert max(tallest) <= 30_000
    assert best.tolist() == [1.0] * 120
    assert partner.tolist() == list(range(119, -1, -1))


def test_group_labels_of_another_length_are_refused() -> None:
    with pytest.raises(DifferentLengths):
        review({"q0": np.array([1, 2])}, groups={"psu": ["a"]})
