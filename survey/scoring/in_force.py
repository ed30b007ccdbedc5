"""Which criteria set holds for a kind of unit on a day, and who claims the same day twice.

Not where imported sets are kept (the storage room), nor what a set says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from survey.scoring.criteria import CriteriaSet
from survey.scoring.errors import NoSetInForce, SeveralSetsInForce
from survey.scoring.problems import Problem, problem

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """The days on which a set really holds, both included; `last` None: no end known.

    A published set does not change, so one that is replaced in mid-year keeps its own dates; its
    successor's `replaces` ends it.
    """

    criteria_set: CriteriaSet
    first: date
    last: date | None

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def shared_with(self, other: Term) -> tuple[date, date | None] | None:
        """Give the first and last day that both claim, None when there is none."""
        first = max(self.first, other.first)
        ends = [end for end in (self.last, other.last) if end is not None]
        last = min(ends, default=None)
        return None if last is not None and last < first else (first, last)


def terms(sets: Collection[CriteriaSet]) -> tuple[Term, ...]:
    """Give the term of each set, ended where another replaces it; one that never held has none."""
    found = (term_of(one, sets) for one in sets)
    return tuple(term for term in found if term.last is None or term.first <= term.last)


def term_of(criteria_set: CriteriaSet, others: Iterable[CriteriaSet]) -> Term:
    ends = [criteria_set.valid_to] if criteria_set.valid_to else []
    ends += [one.valid_from - DAY for one in others if is_successor(one, criteria_set)]
    return Term(criteria_set, criteria_set.valid_from, min(ends, default=None))


def is_successor(one: CriteriaSet, other: CriteriaSet) -> bool:
    """Say whether one set names the other as the one it replaces."""
    named = one.replaces
    return named is not None and (named.id, named.version) == (other.id, other.version)


def in_force(
    sets: Collection[CriteriaSet],
    *,
    unit_type: str,
    day: date,
    year: int | None = None,
    kind: str | None = None,
    illustrations: bool = False,
) -> CriteriaSet:
    """Choose the one set that holds for a type of unit on a day.

    Args:
        day: for a year's assessment the day by which the province judges, such as 31 December: a
            set that was replaced in mid-year then gives way to its successor.
        year: the year assessed; sets that name years, and not this one, are passed over.
        kind: of the unit, in the words of the units room, where blocks have sets of their own.
        illustrations: whether sets made for illustration may answer too.

    Raises:
        NoSetInForce: none holds.
        SeveralSetsInForce: two or more claim the day.
    """
    able = [one for one in sets if one.unit_type == unit_type and covers(one, kind)]
    able = [one for one in able if (illustrations or not one.is_illustration) and is_of(one, year)]
    holding = [term.criteria_set for term in terms(able) if term.holds_on(day)]
    if not holding:
        raise NoSetInForce(unit_type=unit_type, day=f"{day:%d/%m/%Y}")
    if len(holding) > 1:
        raise SeveralSetsInForce(
            unit_type=unit_type, day=f"{day:%d/%m/%Y}", sets="; ".join(map(edition, holding))
        )
    return holding[0]


def covers(criteria_set: CriteriaSet, kind: str | None) -> bool:
    """Say whether a set is for a kind of unit; one without blocks of kinds is for every kind."""
    kinds = kinds_of(criteria_set)
    return kind is None or not kinds or kind in kinds


def kinds_of(criteria_set: CriteriaSet) -> set[str]:
    return {kind for block in criteria_set.blocks for kind in block.kinds}


def is_of(criteria_set: CriteriaSet, year: int | None) -> bool:
    return year is None or not criteria_set.years or year in criteria_set.years


def edition(criteria_set: CriteriaSet) -> str:
    return f"{criteria_set.id} {criteria_set.version}"


def overlap_problems(criteria_set: CriteriaSet, others: Sequence[CriteriaSet]) -> list[Problem]:
    """Find every other set that claims the same units and days; the path is in `criteria_set`.

    An illustration and an official set never claim the same day, since an illustration is not in
    force; two sets for different years, or for blocks of different kinds, do not either.
    """
    together = [one for one in (criteria_set, *others) if one.unit_type == criteria_set.unit_type]
    held = {id(term.criteria_set): term for term in terms(together)}
    mine = held.get(id(criteria_set))
    rivals = [held[id(one)] for one in together[1:] if id(one) in held and is_rival(one, criteria_set)]
    return [] if mine is None else [found for term in rivals for found in claimed(mine, term)]


def is_rival(one: CriteriaSet, other: CriteriaSet) -> bool:
    if edition(one) == edition(other) and one.sha256 == other.sha256:
        return False
    same_status = one.is_illustration == other.is_illustration
    return same_status and meets(set(one.years), set(other.years)) and meets(kinds_of(one), kinds_of(other))


def meets(one: set[int] | set[str], other: set[int] | set[str]) -> bool:
    """Say whether two lists share anything; an empty list stands for everything."""
    return not one or not other or not one.isdisjoint(other)


def claimed(mine: Term, other: Term) -> Iterable[Problem]:
    shared = mine.shared_with(other)
    if shared is not None:
        first, last = shared
        rival = other.criteria_set
        yield problem(
            "/valid_from", "same_day_claimed", id=rival.id, version=rival.version,
            first=f"{first:%d/%m/%Y}", last="…" if last is None else f"{last:%d/%m/%Y}",
        )  # fmt: skip
