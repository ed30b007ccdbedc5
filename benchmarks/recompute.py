"""How long a recompute takes: 36,525 responses × 51 items by 63 provinces, with 20 indices.

Not a test: it prints what it measured beside the bound it is held to and beside its peer, the same
estimates by plain numpy loops over items and domains, run in the same process. CPU seconds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Bound, Figure
from survey.aggregation import (
    Analysis,
    IndexDefinition,
    ItemBlock,
    Measure,
    SampleDesign,
    analyse,
    fingerprint,
)

ROWS, ITEMS, PROVINCES, PSUS = 36_525, 51, 63, 1_170
BOUND_CPU_SECONDS = 0.5
ROUNDS = 5
SATISFIED = (4, 5)


@dataclass(frozen=True, slots=True)
class Sample:
    """A simulated round: no real answers."""

    weights: NDArray[np.float64]
    province: NDArray[np.int64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    answers: NDArray[np.int8]


def simulate(seed: int = 2024) -> Sample:
    """Draw a round: PSUs spread over provinces and two strata in each, levels 1-5, 4 % missing."""
    rng = np.random.default_rng(seed)
    psu = np.sort(rng.integers(0, PSUS, ROWS))
    psu_province = np.arange(PSUS) % PROVINCES
    psu_stratum = psu_province * 2 + (np.arange(PSUS) // PROVINCES) % 2
    level = rng.normal(3.9, 0.4, PSUS)[psu][:, None] + rng.normal(0, 0.9, (ROWS, ITEMS))
    answers = np.clip(np.rint(level), 1, 5).astype(np.int8)
    answers[rng.random(answers.shape) < 0.04] = -1
    weights = rng.uniform(0.5, 2.0, ROWS)
    return Sample(weights, psu_province[psu], psu_stratum[psu], psu, answers)


def index_tree() -> list[IndexDefinition]:
    """Make 20 indices as a report has: factors of their items, two halves, the whole, and pooled ones."""
    names = item_names()
    factors = [names[start : start + 4] for start in range(0, ITEMS, 4)]
    groups = [*factors, names[:26], names[26:], names]
    averaged = [
        IndexDefinition.averaged(f"index{at}", {item: 1 / len(group) for item in group})
        for at, group in enumerate(groups)
    ]
    pooled = [IndexDefinition.pooled(f"pooled{at}", group) for at, group in enumerate(groups[-4:])]
    return averaged + pooled


def item_names() -> tuple[str, ...]:
    """Name the items."""
    return tuple(f"b{number}" for number in range(1, ITEMS + 1))


def recompute(sample: Sample) -> Analysis:
    """Estimate all items and indices, from columns to intervals."""
    design = SampleDesign.build(weights=sample.weights, strata=sample.stratum, psu=sample.psu)
    return analyse(
        design,
        ItemBlock.from_matrix(item_names(), sample.answers),
        domains=sample.province,
        measure=Measure("top_share", SATISFIED),
        indices=index_tree(),
    )


def loop_over_items_and_domains(sample: Sample) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Estimate the same by plain loops: values and standard errors (domains, statistics)."""
    names = list(item_names())
    stratum_of_psu = np.zeros(PSUS, dtype=np.int64)
    stratum_of_psu[sample.psu] = sample.stratum
    psus = np.bincount(stratum_of_psu)
    figures = [(sample.answers[:, k] >= 0, np.isin(sample.answers[:, k], SATISFIED)) for k in range(ITEMS)]
    values, errors = [], []
    for province in (None, *range(PROVINCES)):
        member = np.ones(ROWS, dtype=bool) if province is None else sample.province == province
        estimates = [_pooled(sample, member, figures, [k]) for k in range(ITEMS)]
        for index in index_tree():
            parts = [
                (term.weight, _pooled(sample, member, figures, [names.index(i) for i in term.items]))
                for term in index.terms
            ]
            value = sum(weight * part[0] for weight, part in parts)
            estimates.append((value, sum(weight * part[1] for weight, part in parts)))
        values.append([value for value, _ in estimates])
        errors.append([_standard_error(z, stratum_of_psu, psus) for _, z in estimates])
    return np.array(values), np.array(errors)


def _pooled(
    sample: Sample,
    member: NDArray[np.bool_],
    figures: list[tuple[NDArray[np.bool_], NDArray[np.bool_]]],
    items: list[int],
) -> tuple[float, NDArray[np.float64]]:
    upper, lower = np.zeros(PSUS), np.zeros(PSUS)
    for k in items:
        answered, satisfied = figures[k]
        rows = member & answered
        upper += np.bincount(sample.psu[rows], sample.weights[rows] * satisfied[rows], minlength=PSUS)
        lower += np.bincount(sample.psu[rows], sample.weights[rows], minlength=PSUS)
    ratio = upper.sum() / lower.sum()
    return ratio, (upper - ratio * lower) / lower.sum()


def _standard_error(z: NDArray[np.float64], stratum: NDArray[np.int64], psus: NDArray[np.int64]) -> float:
    mean = np.bincount(stratum, z) / psus
    squares = np.bincount(stratum, (z - mean[stratum]) ** 2)
    return float(np.sqrt((psus / (psus - 1) * squares).sum()))


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def run() -> list[Figure]:
    """Measure.

    Raises:
        AssertionError: the peer's numbers differ.
    """
    sample = simulate()
    analysis = recompute(sample)
    values, errors = loop_over_items_and_domains(sample)
    np.testing.assert_allclose(analysis.value, values, rtol=1e-10)
    np.testing.assert_allclose(np.sqrt(analysis.variance), errors, rtol=1e-8)
    ours, peer = [], []
    for _ in range(ROUNDS):
        ours.append(_cpu(lambda: recompute(sample)))
        peer.append(_cpu(lambda: loop_over_items_and_domains(sample)))
    what = f"recompute {ROWS} responses × {ITEMS} items × {PROVINCES} provinces, {len(index_tree())} indices"
    against = (statistics.median(peer), "loops over items and domains")
    return [
        Figure(what, statistics.median(ours), "CPU s", Bound(BOUND_CPU_SECONDS), against),
        Figure(
            "  result hash", _cpu(lambda: fingerprint(analysis)), "CPU s", note=f"{values.size} estimates"
        ),
    ]
