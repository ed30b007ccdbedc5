"""Which figures of a snapshot may be printed: the rules of summaries, applied with every sum around them.

Not the cells (shown/cells.py), nor what was handed out before (shown/before.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from survey.aggregation import Estimate
from survey.aggregation.disclosure import PUBLICATION, Candidate, Protected, Rules, Tabulation, protect
from survey.questionnaires import Questionnaire
from survey.services.indices import WHOLE
from survey.services.shown.answer_sums import AnswerSums
from survey.services.shown.cells import CellId, Figure, Printed, by_item, is_level, printed
from survey.services.snapshot_sample import LEVEL

#: Of results pages and the Excel summary, which travels (docs/decisions/0009): nobody can be singled
#: out. Thin figures are not withheld: they are printed grey, with n and interval, and have no rank.
SUMMARY: Final[Rules] = replace(
    PUBLICATION,
    name="summary",
    source="This project's rule for summaries: k = 5 respondents and 2 PSUs; thin figures are marked",
    min_n=None,
    min_n_eff=None,
    max_width=None,
    max_relative_width=None,
    complement="ignored",
    min_df=None,
    review_at_ends=False,
)
FEWEST: Final = SUMMARY.k or 1
FEWEST_PSUS: Final = SUMMARY.min_psus or 1
#: How many further units may be withheld for the sake of others; more only where fewer do not suffice.
_POOLS: Final = (1, 2, 4, 16, None)


#: Makes the cells of earlier summaries, by item, for the whole and some units.
Beside = Callable[[Collection[str]], Mapping[str, Tabulation]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What is withheld of one snapshot.

    Attributes:
        withheld: the cells, of all formulas.
        small: how many of them tell of too few people by themselves.
        protected: the decision on each item with its audit; it holds true values and stays inside.
    """

    withheld: frozenset[CellId]
    small: int
    protected: Mapping[str, Protected]

    @property
    def exposed(self) -> int:
        """Count the withheld figures that the audit could work out from the others."""
        return sum(len(one.audit.failures) for one in self.protected.values())

    def assert_protected(self) -> None:
        """Refuse figures of which a withheld one can be worked out.

        Raises:
            NotProtected.
        """
        for one in self.protected.values():
            one.assert_protected()


def is_small(figure: Figure) -> bool:
    """Say whether a figure tells of too few people by itself."""
    counted = figure.n if figure.count is None else figure.count
    return 0 < counted < FEWEST or figure.psus < FEWEST_PSUS


def small_units(sums: AnswerSums) -> frozenset[str]:
    """List the units of which any item was answered by too few people, or in too few PSUs."""
    return frozenset(
        unit
        for unit in sums.units
        if any(own.n < FEWEST or own.psus < FEWEST_PSUS for own in sums.items[unit].values())
    )


def decide(
    sums: AnswerSums,
    questionnaire: Questionnaire,
    *,
    touched: Collection[str] = (),
    beside: Beside = lambda units: {},
) -> Decided:
    """Decide what of a snapshot is withheld, in all formulas of its questionnaire at once.

    A withheld index binds nothing, because it is one unknown more in its only sum. So indices go with
    any item they are made of, and each item is a small problem of its own, solved with as few further
    units as will do.

    Args:
        touched: units that earlier summaries withheld, or that changed by too few answers since.
    """
    small = small_units(sums) | frozenset(touched)
    others = sorted((unit for unit in sums.units if unit not in small), key=lambda unit: sums.sizes[unit])
    made: dict[str, Protected] = {}
    for extra in _POOLS if small else (0,):
        units = [*(unit for unit in sums.units if unit in small), *others[:extra]]
        cells, before = printed(sums, questionnaire, units), beside(units)
        for item, plain in by_item(cells).items():
            if item not in made or not is_good(made[item]):
                made[item] = _protected(plain, before.get(item))
        if all(is_good(one) for one in made.values()):
            break
    return _decided(cells, made)


def is_good(made: Protected) -> bool:
    """Say whether a decision protects, and the whole keeps what is not small by itself."""
    return made.audit.protected and not any(
        "complementary" in decision.reasons and is_of_whole(id) for id, decision in made.decisions.items()
    )


def is_of_whole(id: Hashable) -> bool:
    """Say whether a cell is a share or a mean of the whole."""
    return isinstance(id, tuple) and id[0] == WHOLE and not is_level(id[1])


def _protected(cells: Printed, beside: Tabulation | None) -> Protected:
    candidates = [_candidate(id, figure) for id, figure in cells.figures.items()]
    return protect(candidates, relations=cells.relations, rules=SUMMARY, beside=beside)


def _decided(cells: Printed, made: Mapping[str, Protected]) -> Decided:
    verdicts = {id: one.verdict for part in made.values() for id, one in part.decisions.items()}
    hidden = {id for id in cells.figures if verdicts.get(id) == "suppress"}
    indices = {id for id, terms in cells.terms.items() if is_small(cells.figures[id]) or hidden & terms}
    small = sum(is_small(figure) for figure in cells.figures.values())
    return Decided(frozenset(hidden | indices), small, made)


def _candidate(id: CellId, figure: Figure) -> Candidate:
    domain, statistic = id
    share = is_level(statistic) or not statistic.startswith("mean ")
    estimate = Estimate(
        value=figure.value,
        se=None,
        ci_low=None,
        ci_high=None,
        level=LEVEL,
        n=figure.n,
        n_eff=None,
        deff=None,
        df=max(figure.psus - 1, 0),
        method="sums of answers",
        unit="share" if share else "score",
    )
    kept = domain == WHOLE and not is_level(statistic)
    return Candidate(
        domain,
        statistic,
        estimate,
        psus=figure.psus,
        count=figure.count,
        bounds=figure.bounds,
        standing="kept" if kept else "free",
        cost=float(figure.cost),
    )
