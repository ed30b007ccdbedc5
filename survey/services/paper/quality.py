"""How often two keyings differ, by item, and how often each keyer's was not what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from survey.questionnaires import Item
from survey.services.accounts import Account
from survey.services.paper.questionnaire import asked_on_paper
from survey.services.paper.reading import Entries, differing
from survey.services.permissions import round_for
from survey.storage import paper
from survey.storage.models import PaperKeyingRow
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class ItemDisagreement:
    """How often one item was keyed by two persons, and how often otherwise."""

    item: Item
    number: int
    keyed: int
    differing: int


@dataclass(frozen=True, slots=True)
class KeyerErrors:
    """One keyer's work on forms that two persons keyed.

    Attributes:
        entries: items that this person or the other keyed.
        differing: of them, those on which the two differ.
        overruled: of these, those decided otherwise than this person keyed.
        open: of these, those not decided yet.
    """

    login: str
    forms: int
    entries: int
    differing: int
    overruled: int
    open: int


@dataclass(frozen=True, slots=True)
class KeyingQuality:
    """The disagreement of a round's keyings; items that nobody filled are not counted."""

    forms: int
    items: tuple[ItemDisagreement, ...]
    keyers: tuple[KeyerErrors, ...]


def keying_quality(*, store: Store, account: Account, code: str) -> KeyingQuality:
    """Compare the two keyings of every form of a round.

    Raises:
        NoSuchRound: it is elsewhere or nowhere.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading(consistent=True) as session:
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
        pairs = _pairs(paper.all_keyings(session, round_.id))
        decided = {(one.number, one.item): one.answer for one in paper.all_decided(session, round_.id)}
    keyed, differ = Counter[str](), Counter[str]()
    keyers: dict[str, Counter[str]] = {}
    for first, second in pairs:
        filled = _filled(first.answers) | _filled(second.answers)
        unlike = differing(questionnaire, first.answers, second.answers)
        keyed.update(filled)
        differ.update(unlike)
        for own in (first, second):
            counts = keyers.setdefault(own.keyed_by, Counter())
            counts.update(forms=1, entries=len(filled), differing=len(unlike))
            for item in unlike:
                final = decided.get((own.number, item))
                if final is None:
                    counts["open"] += 1
                elif differing(questionnaire, {item: _kept(own.answers, item)}, {item: final}):
                    counts["overruled"] += 1
    return KeyingQuality(
        len(pairs),
        tuple(
            ItemDisagreement(item, number, keyed[item.id], differ[item.id])
            for number, item in enumerate(questionnaire.items, start=1)
            if keyed[item.id]
        ),
        tuple(_errors(login, keyers[login]) for login in sorted(keyers)),
    )


def _pairs(rows: Iterator[PaperKeyingRow]) -> list[tuple[PaperKeyingRow, PaperKeyingRow]]:
    grouped = (list(one) for _number, one in groupby(rows, key=lambda row: row.number))
    return [(pair[0], pair[1]) for pair in grouped if len(pair) == 2]


def _filled(entries: Entries) -> set[str]:
    return set(entries)


def _kept(entries: Entries, item: str) -> dict[str, object]:
    return dict(entries.get(item, {"value": None}))


def _errors(login: str, counts: Counter[str]) -> KeyerErrors:
    names = ("forms", "entries", "differing", "overruled", "open")
    return KeyerErrors(login, *(counts[name] for name in names))
