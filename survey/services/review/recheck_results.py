"""What the re-check found: by who collected, how many were reached and how far the answers agree.

Agreement is the share of closed questions answered both times whose answers are the same. Its interval is
Korn and Graubard's, with forms as clusters (survey.aggregation): answers of one form are not independent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from survey.aggregation.intervals import korn_graubard_interval
from survey.questionnaires import Questionnaire
from survey.services.asked import questionnaire_asked
from survey.services.paper.errors import NoSuchRecheck
from survey.services.paper.reading import on_paper
from survey.storage import rechecks
from survey.storage.models import RecheckRow, ResponseRow, RoundRow
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two askings agree over some forms.

    Attributes:
        agree, compared: closed questions answered both times.
        low, high: ends of the 95 % interval of the share; None below two forms.
    """

    agree: int
    compared: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        return self.agree / self.compared if self.compared else None


@dataclass(frozen=True, slots=True)
class CollectorLine:
    """One collector's forms in a sample; `unconfirmed` are those where nobody could be asked again."""

    collected_by: str
    drawn: int
    reached: int
    not_reached: int
    refused: int
    waiting: int
    agreement: Agreement

    @property
    def unconfirmed(self) -> int:
        return self.drawn - self.reached


@dataclass(frozen=True, slots=True)
class RecheckTable:
    """The disagreement table of one sample: a line a collector, and all together."""

    lines: tuple[CollectorLine, ...]
    total: CollectorLine


def recheck_table(*, store: Store, round_: RoundRow, sample_id: int) -> RecheckTable:
    """Compare the second answers with the first, by who collected.

    Raises:
        NoSuchRecheck: the round has no such sample.
    """
    with store.reading(consistent=True) as session:
        if rechecks.sample_with_frame(session, round_.id, sample_id) is None:
            raise NoSuchRecheck(str(sample_id))
        rows = rechecks.rechecks_of(session, sample_id)
        questionnaire = questionnaire_asked(session, round_.questionnaire_sha256)
        pairs = rechecks.compared_of(session, sample_id)
    told = {again.id: _compare(questionnaire, again, first) for again, first in pairs}
    names = sorted({row.collected_by for row in rows})
    lines = tuple(_line(name, [row for row in rows if row.collected_by == name], told) for name in names)
    return RecheckTable(lines, _line("", rows, told))


def agreement(forms: Sequence[tuple[int, int]]) -> Agreement:
    """Pool (agreeing, compared) counts of forms and give the share's interval with forms as clusters.

    The standard error is that of a ratio mean over forms drawn with replacement; where every form agrees
    wholly, or none does, Korn and Graubard's interval takes the questions as independent.
    """
    told = [(agree, compared) for agree, compared in forms if compared]
    agree, compared = sum(one for one, _ in told), sum(one for _, one in told)
    if len(told) < 2:
        return Agreement(agree, compared, None, None)
    share, size = agree / compared, len(told)
    spread = np.array([one - share * of for one, of in told]) / compared
    se = float(np.sqrt(size / (size - 1) * np.sum(np.square(spread))))
    low, high = korn_graubard_interval(share, se, compared, size - 1)
    found = (float(low), float(high))
    if any(np.isnan(end) for end in found):
        return Agreement(agree, compared, None, None)
    return Agreement(agree, compared, *found)


def _compare(questionnaire: Questionnaire, again: RecheckRow, first: ResponseRow) -> tuple[int, int]:
    second = on_paper(questionnaire, again.answers or {}).answers
    closed = [item.id for item in questionnaire.items if item.kind != "text"]
    both = [item for item in closed if item in second and item in first.answers]
    same = sum(_plain(second[item]) == _plain(first.answers[item]) for item in both)
    return same, len(both)


def _plain(answer: object) -> object:
    return tuple(answer) if isinstance(answer, list) else answer


def _line(name: str, rows: Sequence[RecheckRow], told: Mapping[UUID, tuple[int, int]]) -> CollectorLine:
    by_status = Counter(row.status for row in rows)
    return CollectorLine(
        name,
        len(rows),
        by_status["reached"],
        by_status["not_reached"],
        by_status["refused"],
        by_status["waiting"],
        agreement([told[row.id] for row in rows if row.id in told]),
    )
