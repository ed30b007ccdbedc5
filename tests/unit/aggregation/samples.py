"""Random small samples for property tests: strata, PSUs, weights, answers with gaps, domains.

Not real answers.
"""

import numpy as np
from hypothesis import strategies as st

from survey.aggregation import Measure, SampleDesign

ITEMS = ("a", "b", "c")
TOP = Measure("top_share", (4, 5))


@st.composite
def columns(draw: st.DrawFn, rows: int = 40) -> dict[str, np.ndarray]:
    """Draw the columns of a sample: two strata at least, two PSUs at least in each."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    strata = draw(st.integers(1, 4))
    stratum = np.arange(rows) % strata
    psu = (np.arange(rows) // strata) % draw(st.integers(2, 5))
    missing = draw(st.floats(0, 0.6))
    answers = rng.integers(1, 6, (rows, len(ITEMS))).astype(np.int8)
    answers[rng.random(answers.shape) < missing] = -1
    return {
        "weights": rng.uniform(0.2, 5.0, rows),
        "stratum": stratum,
        "psu": psu,
        "domain": rng.choice(["x", "y", "z"], rows),
        **dict(zip(ITEMS, answers.T, strict=True)),
    }


def design_of(table: dict[str, np.ndarray], order: np.ndarray | slice = slice(None)) -> SampleDesign:
    """Build the design of drawn columns, in an order of rows."""
    return SampleDesign.build(
        weights=table["weights"][order], strata=table["stratum"][order], psu=table["psu"][order]
    )


def answers_of(
    table: dict[str, np.ndarray], order: np.ndarray | slice = slice(None)
) -> dict[str, np.ndarray]:
    """Take the answers of drawn columns, in an order of rows."""
    return {item: table[item][order] for item in ITEMS}


def sample() -> st.SearchStrategy[tuple]:
    """Draw a design, its answers and its domains."""
    return columns().map(lambda table: (design_of(table), answers_of(table), table["domain"]))


def weights_of_index() -> st.SearchStrategy[dict[str, float]]:
    """Draw index weights that sum to 1."""
    parts = st.lists(st.floats(0.05, 1.0), min_size=len(ITEMS), max_size=len(ITEMS))
    return parts.map(lambda each: {item: part / sum(each) for item, part in zip(ITEMS, each, strict=True)})
