"""How long it takes to score and place many units at once, and to simulate the places of provinces.

Not a test: it prints what it measured beside the bounds of the issue. CPU seconds on one core, medians;
the set and its inputs are made up (minh họa).
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable
from functools import partial

from benchmarks.figures import Bound, Figure
from benchmarks.scoring_sets import criteria_set, inputs
from survey.scoring import CriteriaSet, Scores, best_of, score, score_units
from survey.scoring.batch.reading import read_columns
from survey.scoring.chances import neighbour_chances, pair_sentence, rank_chances, simulate_totals
from survey.scoring.refusals import Inputs

LEAVES, UNITS, PROVINCES, DRAWS, ROUNDS = 120, 3400, 63, 10_000, 7
#: Units that the plain reading scores; its time is scaled up to all.
PLAIN_UNITS = 40


def cpu(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median CPU seconds of some work; the collector runs between the rounds, not in them."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def one_by_one(kept: CriteriaSet, units: dict[str, Inputs]) -> list[float | None]:
    """Score some units by the plain reading of the rules."""
    best = best_of(kept, units.values())
    return [score(kept, units[unit], best=best).percent for unit in list(units)[:PLAIN_UNITS]]


def check_agreement(scores: Scores, plain: list[float | None]) -> None:
    """Hold the first units' percents against the plain reading's.

    Raises:
        AssertionError: they differ.
    """
    found = list(scores.percents().values())[: len(plain)]
    for mine, theirs in zip(found, plain, strict=True):
        assert (mine is None) == (theirs is None)
        assert mine is None or theirs is None or math.isclose(mine, theirs, abs_tol=1e-9)


def many_units() -> list[Figure]:
    """Measure scoring and placing, from inputs as objects and in columns."""
    kept = criteria_set(LEAVES)
    units: dict[str, Inputs] = dict(inputs(kept, UNITS))
    names = [leaf.id for leaf in kept.leaves()]
    columns = read_columns(names, units)
    scores = score_units(kept, columns)
    plain = cpu(partial(one_by_one, kept, units), 1) * UNITS / PLAIN_UNITS
    check_agreement(scores, one_by_one(kept, units))
    what = f"{LEAVES} leaves × {UNITS:,} units"
    objects = UNITS * LEAVES
    return [
        Figure(
            f"{what} scored and ranked, from {objects:,} inputs",
            cpu(lambda: score_units(kept, units).ranks()),
            "CPU s",
            Bound(0.5),
            (plain, f"one by one, from {PLAIN_UNITS} units"),
        ),
        Figure("  of it: reading the inputs into columns", cpu(lambda: read_columns(names, units)), "CPU s"),
        Figure("  of it: ranking", cpu(scores.ranks), "CPU s"),
        Figure(
            f"{what} scored and ranked, from columns",
            cpu(lambda: score_units(kept, columns).ranks()),
            "CPU s",
        ),
        Figure("one unit in full, by name", cpu(lambda: scores["xã 0007"]), "CPU s"),
    ]


def places() -> list[Figure]:
    """Measure simulated totals, the places in every draw, and sentences about neighbours."""
    kept = criteria_set(LEAVES)
    scores = score_units(kept, dict(inputs(kept, PROVINCES)))
    totals = simulate_totals(scores, seed=1, draws=DRAWS)
    what = f"{DRAWS:,} draws × {PROVINCES} provinces"

    def whole() -> None:
        rank_chances(simulate_totals(scores, seed=1, draws=DRAWS), bands=kept.bands)

    def sentences() -> None:
        for chance in neighbour_chances(totals):
            pair_sentence(chance)

    return [
        Figure(f"{what}: totals, ranks, intervals, bands", cpu(whole), "CPU s", Bound(1.0)),
        Figure(
            "  of it: totals through the rules",
            cpu(lambda: simulate_totals(scores, seed=1, draws=DRAWS)),
            "CPU s",
            note=f"{len(scores.held.leaves.slots)} survey estimates a unit",
        ),
        Figure("  of it: ranks of every draw", cpu(lambda: rank_chances(totals, bands=kept.bands)), "CPU s"),
        Figure(f"sentences about {PROVINCES - 1} pairs of neighbours", cpu(sentences), "CPU s"),
    ]


def run() -> list[Figure]:
    """Measure.

    Raises:
        AssertionError: units scored together differ from units scored one by one.
    """
    return [*many_units(), *places()]
