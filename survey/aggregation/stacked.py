"""Two samples stacked: the strata and PSUs of two rounds as one selection, units of one label being one.

Not the estimates compared on it (changes.py). The same as one design over the rows of both rounds (R
`svydesign(data = rbind(earlier, later))`): n_h counts the PSUs of a stratum in either round. Which round a
PSU is in then counts as random, so that standard errors are too wide, never too narrow, where strata
differ and PSUs rotate; they are exact where all PSUs stay.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import BadPopulation, BadRequest, listed
from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.selection import Selection, select
from survey.aggregation.succession import Links, refuse_other_types, successors

#: Sizes that differ by this part are one size: sizes from fractions are rounded.
SAME_SIZE = 1e-9


@dataclass(frozen=True, slots=True)
class Stacked:
    """The union of two samples.

    Attributes:
        selection: its strata and PSUs.
        earlier, later: (psus of that round,) the number of each PSU in the union.
    """

    selection: Selection
    earlier: IntArray
    later: IntArray

    @property
    def shared(self) -> int:
        """Count the PSUs that are in both rounds."""
        return int(np.intersect1d(self.earlier, self.later).size)


@dataclass(frozen=True, slots=True)
class _Round:
    """The PSUs of one round: labels of stratum and PSU, both (psus,), and N_h of each stratum."""

    strata: Sequence[Hashable]
    psus: Sequence[Hashable]
    sizes: dict[Hashable, float]

    @property
    def keys(self) -> set[Hashable]:
        """Return the (stratum, PSU) labels."""
        return set(zip(self.strata, self.psus, strict=True))


def stack(earlier: SampleDesign, later: SampleDesign, links: Links | None = None) -> Stacked:
    """Stack two samples of one stage; `links` put the earlier one's strata and PSUs in today's units.

    Raises:
        BadRequest: two stages, replicates, rules that differ, collapsed strata of a finite population,
            PSUs that merging strata would confuse, or labels of different types.
        BadPopulation: sizes that differ between the rounds, or below the PSUs of both.
        SplitUnit; LonelyPsu: see `succeed` and `survey.aggregation.selection.select`.
    """
    _refuse(earlier, later)
    before, after = _round(earlier.selection, 0), _round(later.selection, 1)
    if links is not None:
        before = _succeeded(before, successors(links))
    refuse_other_types(before.keys, after.keys)
    strata, psus = [*before.strata, *after.strata], [*before.psus, *after.psus]
    both = SampleDesign.build(weights=np.ones(len(psus)), strata=strata, psu=psus, lonely="remove")
    first = replace(both.selection.first, population=_sizes(before, after, both.strata))
    selection = select(
        first,
        None,
        both.selection.unit_psu,
        lonely=later.lonely,
        lonely_domains=later.selection.lonely_domains,
        psu_labels=both.selection.psu_labels,
    )
    place = both.row_psu
    return Stacked(selection, place[: len(before.psus)], place[len(before.psus) :])


def _refuse(earlier: SampleDesign, later: SampleDesign) -> None:
    designs = (earlier, later)
    for problem, found in (
        (
            "mẫu hai giai đoạn có fpc / a second stage with fpc",
            any(one.selection.second is not None for one in designs),
        ),
        ("trọng số lặp / replicate weights", any(one.replicates is not None for one in designs)),
        (
            f"lonely={earlier.lonely!r}, {later.lonely!r}",
            (earlier.lonely, earlier.selection.lonely_domains)
            != (later.lonely, later.selection.lonely_domains),
        ),
        (
            "tầng đã gộp không so được khi có fpc hoặc không có mã đơn vị mẫu / "
            "collapsed strata with fpc or without PSU labels",
            any(one.selection.collapsed and (one.has_fpc or not one.selection.psu_labels) for one in designs),
        ),
    ):
        if found:
            raise BadRequest(problem=f"so sánh hai đợt / comparing two rounds: {problem}")


def _round(selection: Selection, number: int) -> _Round:
    first = selection.first
    if selection.collapsed:
        return _Round(*_columns(selection.psu_labels), {})
    strata: list[Hashable] = [first.labels[h] for h in first.stratum.tolist()]
    psus: Sequence[Hashable] = [(number, at) for at in range(selection.psus)]
    if selection.psu_labels:
        psus = _columns(selection.psu_labels)[1]
    return _Round(strata, psus, dict(zip(first.labels, first.population.tolist(), strict=True)))


def _columns(
    labels: Sequence[tuple[Hashable, Hashable]],
) -> tuple[tuple[Hashable, ...], tuple[Hashable, ...]]:
    return tuple(stratum for stratum, _ in labels), tuple(psu for _, psu in labels)


def _succeeded(before: _Round, after: dict[Hashable, Hashable]) -> _Round:
    """Put strata and PSUs in the later round's units; merged strata have their sizes together."""
    strata = [after.get(label, label) for label in before.strata]
    psus = [after.get(label, label) for label in before.psus]
    _refuse_confused(before, strata)
    sizes: dict[Hashable, float] = {}
    for old, size in before.sizes.items():
        new = after.get(old, old)
        sizes[new] = sizes.get(new, 0.0) + size
    return _Round(strata, psus, sizes)


def _refuse_confused(before: _Round, strata: Sequence[Hashable]) -> None:
    """Refuse merged strata in which one PSU label means two PSUs."""
    met: dict[tuple[Hashable, Hashable], Hashable] = {}
    for old, new, psu in zip(before.strata, strata, before.psus, strict=True):
        if met.setdefault((new, psu), old) != old:
            problem = f"{psu} ở {met[new, psu]} và {old} / PSU {psu} of {met[new, psu]} and of {old}: {new}"
            raise BadRequest(problem=problem)


def _sizes(before: _Round, after: _Round, strata: Sequence[Hashable]) -> FloatArray:
    """Return N_h of the union's strata: that of either round, which must be the same in both."""
    sizes = before.sizes | after.sizes
    differ = [
        label
        for label in before.sizes.keys() & after.sizes.keys()
        if not np.isclose(before.sizes[label], after.sizes[label], rtol=SAME_SIZE, atol=0)
    ]
    if differ:
        problem = "khác nhau giữa hai đợt / differs between the rounds"
        raise BadPopulation(problem=problem, strata=listed(sorted(differ, key=str)))
    return np.array([sizes.get(label, np.inf) for label in strata])
