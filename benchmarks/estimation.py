"""How long estimates take: many items by many domains, against `svy`, in memory and from Parquet.

Not a test: it prints what it measured beside the bounds of issue and docs. CPU seconds of compute after
load, medians of interleaved rounds; memory is that of a process of its own.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import Bound, Figure
from benchmarks.populations import SETS, TOP, Round, index_of, simulate, write
from survey.aggregation import Analysis, ItemBlock, SampleDesign, analyse, rao_wu
from survey.aggregation.analyse import estimator_of
from survey.aggregation.answers import Measured
from survey.aggregation.collapse import collapse, layout_of
from survey.aggregation.domains import domain_sets
from survey.aggregation.uncertainty import uncertainty_of

ROUNDS = 3
SVY = "svy 0.35"


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def design_of(drawn: Round) -> SampleDesign:
    """Build the design of a round."""
    return SampleDesign.build(weights=drawn.weights, strata=drawn.stratum, psu=drawn.psu)


def ours(drawn: Round, design: SampleDesign, sets: tuple[tuple[str, ...], ...], **asked: Any) -> Analysis:
    """Estimate every item in every domain of some sets, with standard errors."""
    block = ItemBlock.from_matrix(drawn.items, drawn.answers)
    domains = {" × ".join(one): drawn.crossed(one) for one in sets}
    return analyse(design, block, domains=domains, measure=TOP, deff=False, **asked)


def svy_sample(drawn: Round, items: tuple[str, ...]) -> Any:
    """Make the peer's sample of some items, as 0 and 1."""
    import polars
    import svy

    satisfied = np.where(drawn.answers < 0, np.nan, (drawn.answers >= 4).astype(np.float64))
    columns = {item: satisfied[:, at] for at, item in enumerate(items)}
    columns |= {"_".join(one): drawn.crossed(one) for one in SETS}
    frame = polars.DataFrame(
        {**columns, "weight": drawn.weights, "stratum": drawn.stratum, "psu": drawn.psu}
    ).fill_nan(None)
    return svy.Sample(data=frame, design=svy.Design(stratum="stratum", psu="psu", wgt="weight"))


def svy_means(sample: Any, items: tuple[str, ...], by: tuple[str, ...]) -> list[Any]:
    """Estimate the same with the peer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [sample.estimation.mean(y=item, by="_".join(by), drop_nulls=True) for item in items]


def against_svy(
    drawn: Round, one: tuple[str, ...], times: float, peer_items: int, rounds: int = ROUNDS
) -> Figure:
    """Measure one set of domains beside the peer, which takes some items and is scaled up to all."""
    items = drawn.items[:peer_items]
    sample, design = svy_sample(drawn, items), design_of(drawn)
    check_agreement(ours(drawn, design, (one,)), svy_means(sample, items[:1], one)[0], one)
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(cpu(lambda: ours(drawn, design, (one,))))
        theirs.append(cpu(lambda: svy_means(sample, items, one)) * len(drawn.items) / peer_items)
    fastest, peer = statistics.median(mine), statistics.median(theirs)
    rows, count = drawn.answers.shape
    what = f"{rows:,} × {count} by {' × '.join(one)}"
    scaled = "" if peer_items == count else f"; peer on {peer_items} items, times {count / peer_items:g}"
    note = f"{peer / fastest:,.0f} times less (bound {times:g}){scaled}"
    return Figure(what, fastest, "CPU s", Bound(peer / times), (peer, SVY), note)


def check_agreement(analysis: Analysis, peer: Any, one: tuple[str, ...]) -> None:
    """Hold the first item's estimates and standard errors against the peer's."""
    theirs = {str(row.by_level[0]): row for row in peer.estimates}
    at = [place for place, domain in enumerate(analysis.domains) if domain.by]
    labels = [analysis.domains[place].value for place in at]
    for name, found in (("est", analysis.value), ("se", np.sqrt(analysis.variance))):
        expected = [getattr(theirs[label], name) for label in labels]
        np.testing.assert_allclose(found[at, 0], expected, rtol=1e-9, atol=1e-12)


def nine_sets(drawn: Round, bound: float) -> Figure:
    """Measure all sets at once, with a composite index."""
    design = design_of(drawn)
    work = partial(ours, drawn, design, SETS, indices=[index_of(drawn.items)])
    count = work().value.size
    rows, items = drawn.answers.shape
    measured = statistics.median(cpu(work) for _ in range(2 * ROUNDS + 1))
    what = f"{rows:,} × {items} and an index, nine sets of domains"
    return Figure(what, measured, "CPU s", Bound(bound), note=f"{count:,} estimates")


def replicates(drawn: Round, bound: float) -> Figure:
    """Measure 500 Rao-Wu replicates of every item and an index by province, after the collapse."""
    design = design_of(drawn)
    design = design.replicated(rao_wu(design.selection, 500, seed=1))
    readings = Measured(ItemBlock.from_matrix(drawn.items, drawn.answers), TOP)
    estimator, unions = estimator_of(drawn.items, TOP, [index_of(drawn.items)])
    layout = layout_of(readings, unions=unions, design_effects=False)
    sets = domain_sets({"province": drawn.dimensions["province"]}, design.rows)
    cells = collapse(design, readings, sets, layout)[1]

    def work() -> None:
        total = cells.sums.by(cells.grid.domain, cells.grid.groups)
        uncertainty_of(design, estimator, cells, total, None).variances()

    measured = statistics.median(cpu(work) for _ in range(2 * ROUNDS + 1))
    what = f"500 Rao-Wu replicates × 63 provinces × {len(estimator.described)} statistics"
    return Figure(what, measured, "CPU s", Bound(bound), note="after the collapse")


def ten_million(folder: Path) -> list[Figure]:
    """Measure ten million responses from a Parquet file, in a process of its own."""
    path = folder / "ten_million.parquet"
    write(path, (simulate(1_000_000, 20, 12_000, seed=part) for part in range(10)))
    runs = [streamed(path) for _ in range(ROUNDS)]
    found = sorted(runs, key=lambda one: one["collapse"] + one["analyse"])[len(runs) // 2]
    decode = statistics.median(one["decode"] for one in runs)
    collapse_, rest = found["collapse"], found["analyse"]
    return [
        Figure(
            "10,000,000 × 20 and an index, nine sets, from Parquet",
            collapse_ + rest,
            "CPU s",
            Bound(4.0),
            note=f"{found['estimates']:,} estimates; {found['cells']} cells; {found['wall']:.1f} s of wall",
        ),
        Figure(
            "  its collapse beside decoding the same columns",
            collapse_,
            "CPU s",
            Bound(2 * decode + decode),
            (decode, "decoding alone"),
            "the collapse decodes as well: the bound is decoding once and twice that for the sums",
        ),
        Figure("  memory at its highest", found["megabytes"], "MB", Bound(1500)),
    ]


def streamed(path: Path) -> dict[str, Any]:
    """Stream a file once, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.streaming", str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def run() -> list[Figure]:
    """Measure.

    Raises:
        AssertionError: the peer's numbers differ.
    """
    province = simulate(36_525, 40, 1_170)
    figures = [
        against_svy(province, ("province",), 150, 40),
        against_svy(province, ("province", "service"), 400, 40),
        against_svy(province, ("commune",), 800, 40),
        nine_sets(province, 0.25),
        replicates(province, 0.15),
    ]
    million = simulate(1_000_000, 20, 3_000)
    figures += [against_svy(million, ("province",), 300, 2), nine_sets(million, 1.2)]
    del million
    with tempfile.TemporaryDirectory() as folder:
        figures += ten_million(Path(folder))
    return figures
