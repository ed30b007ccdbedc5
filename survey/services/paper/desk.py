"""What the paper desk's pages show besides the ledger itself: counts, printings, one form's history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from survey.services.paper.errors import NoSuchForm
from survey.services.rounds import round_named
from survey.storage import paper, rounds
from survey.storage.models import PaperFormRow, RoundRow, UnitRow
from survey.storage.paper import UnitCount
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class DeskOverview:
    """A round's paper at a glance.

    Attributes:
        batches: printings, the newest first: number, forms, first and last form.
        enumerators: logins that forms can be handed to.
    """

    units: tuple[UnitRow, ...]
    counts: tuple[UnitCount, ...]
    batches: tuple[tuple[int, int, str, str], ...]
    enumerators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormHistory:
    """One form, how often it was keyed, and how many items a third person decided."""

    form: PaperFormRow
    keyings: int
    decided: int


def desk_overview(*, store: Store, round_: RoundRow, units: Collection[str]) -> DeskOverview:
    """Gather what stands around a round's ledger; enumerators are those of some units."""
    with store.reading(consistent=True) as session:
        return DeskOverview(
            tuple(rounds.units_judged(session, round_.code)),
            tuple(paper.units_counted(session, round_.id)),
            tuple(paper.batches_of(session, round_.id)),
            tuple(one.login for one in paper.enumerators_of(session, units)),
        )


def batch_sizes(*, store: Store, code: str) -> dict[int, int]:
    """Count the forms of each printing of a round.

    Raises:
        NoSuchRound: there is no round of that code.
    """
    with store.reading() as session:
        return {one[0]: one[1] for one in paper.batches_of(session, round_named(session, code).id)}


def paper_round(*, store: Store, code: str) -> RoundRow:
    """Find a round by its code, for the command line.

    Raises:
        NoSuchRound: there is no round of that code.
    """
    with store.reading() as session:
        return round_named(session, code)


def form_history(*, store: Store, round_: RoundRow, number: str) -> FormHistory:
    """Find a form of a round.

    Raises:
        NoSuchForm: the round has none of that number.
    """
    with store.reading() as session:
        form = paper.form_of(session, number)
        if form is None or form.round_id != round_.id:
            raise NoSuchForm(number, number=number)
        return FormHistory(
            form, len(paper.keyings_of(session, number)), len(paper.decided_of(session, number))
        )
