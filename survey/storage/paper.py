"""What is asked of the paper ledger: forms by number, their keyings, what was decided, counts by unit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, func, select, update
from sqlalchemy.orm import Session

from survey.storage.models import (
    AccountRow,
    AdjudicationRow,
    PaperFormRow,
    PaperKeyingRow,
    ParadataRow,
    ResponseRow,
    RoundRow,
    RoundUnitRow,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which forms of a round are listed; "" and 0 mean all."""

    status: str = ""
    unit_id: str = ""
    batch: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One form as the ledger lists it."""

    form: PaperFormRow
    keyings: int


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How many of a unit's forms came how far (report habit B1)."""

    unit_id: str
    unit: str
    block: str
    printed: int
    issued: int
    returned: int
    valid: int
    rejected: int
    lost: int


def lock_round(session: Session, round_id: int) -> None:
    """Let one transaction at a time number forms of a round."""
    session.execute(select(RoundRow.id).where(RoundRow.id == round_id).with_for_update())


def last_of(session: Session, round_id: int) -> tuple[str | None, int]:
    """Give the number printed last in a round, and its last batch (0 where there is none)."""
    # One width of serials in a round: the order of the texts is the order of the serials.
    row = session.execute(
        select(func.max(PaperFormRow.number), func.max(PaperFormRow.batch)).where(
            PaperFormRow.round_id == round_id
        )
    ).one()
    return row[0], row[1] or 0


def form_of(session: Session, number: str, *, locked: bool = False) -> PaperFormRow | None:
    """Find a form by its number; locked: others wait until the transaction ends."""
    asked = select(PaperFormRow).where(PaperFormRow.number == number)
    return session.scalar(asked.with_for_update() if locked else asked)


def numbers_of(session: Session, round_id: int) -> Sequence[str]:
    """List the numbers of all forms of a round."""
    return session.scalars(select(PaperFormRow.number).where(PaperFormRow.round_id == round_id)).all()


def locked_forms(session: Session, round_id: int, numbers: Collection[str]) -> Sequence[PaperFormRow]:
    """Find forms of a round and keep others from moving them until the transaction ends."""
    return session.scalars(
        select(PaperFormRow)
        .where(PaperFormRow.round_id == round_id, PaperFormRow.number.in_(numbers))
        .order_by(PaperFormRow.number)
        .with_for_update()
    ).all()


def batch_of(session: Session, round_id: int, batch: int) -> Sequence[PaperFormRow]:
    """List the forms of one printing in the order of their numbers."""
    return session.scalars(
        select(PaperFormRow)
        .where(PaperFormRow.round_id == round_id, PaperFormRow.batch == batch)
        .order_by(PaperFormRow.number)
    ).all()


def batches_of(session: Session, round_id: int) -> Sequence[tuple[int, int, str, str]]:
    """List the printings of a round, the newest first: batch, forms, first and last number."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in session.execute(
            select(
                PaperFormRow.batch, func.count(), func.min(PaperFormRow.number), func.max(PaperFormRow.number)
            )
            .where(PaperFormRow.round_id == round_id)
            .group_by(PaperFormRow.batch)
            .order_by(PaperFormRow.batch.desc())
        )
    ]


def ledger_of(
    session: Session, round_id: int, wanted: LedgerFilter, *, offset: int, limit: int
) -> tuple[Sequence[LedgerEntry], int]:
    """List forms of a round in the order of their numbers, and count all that fit the filter."""
    fits = _fits(round_id, wanted)
    total = session.scalar(select(func.count()).select_from(PaperFormRow).where(fits)) or 0
    rows = session.execute(
        select(PaperFormRow, _keyings()).where(fits).order_by(PaperFormRow.number).offset(offset).limit(limit)
    )
    return [LedgerEntry(*row) for row in rows], total


def units_counted(session: Session, round_id: int) -> Sequence[UnitCount]:
    """Count a round's forms by unit; a unit without any form is not listed."""
    status = PaperFormRow.status
    rows = session.execute(
        select(
            UnitRow.id,
            UnitRow.name,
            RoundUnitRow.block,
            func.count(),
            func.count(PaperFormRow.issued_on),
            func.count(PaperFormRow.returned_on),
            func.sum(case((status == "valid", 1), else_=0)),
            func.sum(case((status == "rejected", 1), else_=0)),
            func.sum(case((status == "lost", 1), else_=0)),
        )
        .join(UnitRow, UnitRow.id == PaperFormRow.unit_id)
        .join(
            RoundUnitRow,
            and_(
                RoundUnitRow.round_id == PaperFormRow.round_id, RoundUnitRow.unit_id == PaperFormRow.unit_id
            ),
        )
        .where(PaperFormRow.round_id == round_id)
        .group_by(UnitRow.id, UnitRow.name, UnitRow.sort_key, RoundUnitRow.block)
        .order_by(RoundUnitRow.block, UnitRow.sort_key)
    )
    return [UnitCount(*row) for row in rows]


def count_issued(session: Session, round_id: int, units: Collection[str]) -> None:
    """Make the board's count of forms handed out follow the ledger in some units."""
    handed_out = (
        select(func.count(PaperFormRow.issued_on))
        .where(PaperFormRow.round_id == RoundUnitRow.round_id, PaperFormRow.unit_id == RoundUnitRow.unit_id)
        .scalar_subquery()
    )
    session.flush()
    session.execute(
        update(RoundUnitRow)
        .where(RoundUnitRow.round_id == round_id, RoundUnitRow.unit_id.in_(units))
        .values(issued=handed_out)
        .execution_options(synchronize_session=False)
    )


def keyings_of(session: Session, number: str) -> Sequence[PaperKeyingRow]:
    """List the keyings of a form, the first first."""
    return session.scalars(
        select(PaperKeyingRow).where(PaperKeyingRow.number == number).order_by(PaperKeyingRow.pass_number)
    ).all()


def keyings_of_forms(session: Session, numbers: Collection[str]) -> Sequence[PaperKeyingRow]:
    """List the keyings of some forms."""
    return session.scalars(select(PaperKeyingRow).where(PaperKeyingRow.number.in_(numbers))).all()


def key_anew(session: Session, number: str) -> None:
    """Take a form's keyings and what was decided on it away, so that two persons key it again."""
    for table in (AdjudicationRow, PaperKeyingRow):
        session.execute(delete(table).where(table.number == number))


def numbers_keyed_by(session: Session, round_id: int, login: str) -> Sequence[str]:
    """List the numbers of a round's forms that a person keyed."""
    return session.scalars(
        select(PaperFormRow.number)
        .join(PaperKeyingRow, PaperKeyingRow.number == PaperFormRow.number)
        .where(PaperFormRow.round_id == round_id, PaperKeyingRow.keyed_by == login)
    ).all()


def decided_of(session: Session, number: str) -> Sequence[AdjudicationRow]:
    """List what was decided on a form, by item."""
    return session.scalars(
        select(AdjudicationRow).where(AdjudicationRow.number == number).order_by(AdjudicationRow.item)
    ).all()


def forms_to_key(
    session: Session, units: Collection[str], login: str, *, limit: int
) -> Sequence[tuple[PaperFormRow, RoundRow, int]]:
    """List returned forms, in rounds of some units, that a person can key: keyed by nobody, or once by
    somebody else. Those keyed once come first."""
    by_me = select(1).where(PaperKeyingRow.number == PaperFormRow.number, PaperKeyingRow.keyed_by == login)
    keyings = _keyings()
    return [
        (row[0], row[1], row[2])
        for row in session.execute(
            select(PaperFormRow, RoundRow, keyings)
            .join(RoundRow, RoundRow.id == PaperFormRow.round_id)
            .where(
                RoundRow.unit_id.in_(units), PaperFormRow.status == "returned", keyings < 2, ~by_me.exists()
            )
            .order_by(keyings.desc(), PaperFormRow.number)
            .limit(limit)
        )
    ]


def forms_keyed_twice(session: Session, round_id: int) -> Sequence[PaperFormRow]:
    """List the returned forms that two persons have keyed and nobody has settled."""
    return session.scalars(
        select(PaperFormRow)
        .where(PaperFormRow.round_id == round_id, PaperFormRow.status == "returned", _keyings() == 2)
        .order_by(PaperFormRow.number)
    ).all()


def all_keyings(session: Session, round_id: int) -> Iterator[PaperKeyingRow]:
    """Give the keyings of a round form by form, the first first."""
    yield from session.scalars(
        select(PaperKeyingRow)
        .join(PaperFormRow, PaperFormRow.number == PaperKeyingRow.number)
        .where(PaperFormRow.round_id == round_id)
        .order_by(PaperKeyingRow.number, PaperKeyingRow.pass_number)
    )


def all_decided(session: Session, round_id: int) -> Sequence[AdjudicationRow]:
    """List what was decided in a round."""
    return session.scalars(
        select(AdjudicationRow)
        .join(PaperFormRow, PaperFormRow.number == AdjudicationRow.number)
        .where(PaperFormRow.round_id == round_id)
    ).all()


def valid_numbers(session: Session, round_id: int) -> Sequence[str]:
    """List the numbers of a round's valid forms."""
    return session.scalars(
        select(PaperFormRow.number)
        .where(PaperFormRow.round_id == round_id, PaperFormRow.status == "valid")
        .order_by(PaperFormRow.number)
    ).all()


def enumerator_of(session: Session, login: str) -> AccountRow | None:
    """Find the enumerator of a login."""
    return session.scalar(
        select(AccountRow).where(AccountRow.login == login, AccountRow.role == "enumerator")
    )


def enumerators_of(session: Session, units: Collection[str]) -> Sequence[AccountRow]:
    """List the enumerators of some units who may sign in."""
    return session.scalars(
        select(AccountRow)
        .where(AccountRow.role == "enumerator", AccountRow.active, AccountRow.unit_id.in_(units))
        .order_by(AccountRow.login)
    ).all()


def response_of(session: Session, round_id: int, response_id: UUID) -> ResponseRow | None:
    return session.get(ResponseRow, (round_id, response_id))


def superseding(session: Session, round_id: int, response_id: UUID) -> ResponseRow | None:
    """Find the response that took the place of another."""
    return session.scalar(
        select(ResponseRow).where(ResponseRow.round_id == round_id, ResponseRow.supersedes == response_id)
    )


def paradata_of(session: Session, round_id: int, response_id: UUID) -> ParadataRow | None:
    return session.get(ParadataRow, (round_id, response_id))


def _keyings() -> Any:
    counted = select(func.count()).where(PaperKeyingRow.number == PaperFormRow.number)
    return counted.correlate(PaperFormRow).scalar_subquery()


def _fits(round_id: int, wanted: LedgerFilter) -> Any:
    parts = [PaperFormRow.round_id == round_id]
    if wanted.status:
        parts.append(PaperFormRow.status == wanted.status)
    if wanted.unit_id:
        parts.append(PaperFormRow.unit_id == wanted.unit_id)
    if wanted.batch:
        parts.append(PaperFormRow.batch == wanted.batch)
    if wanted.text:
        parts.append(
            PaperFormRow.number.contains(wanted.text, autoescape=True)
            | PaperFormRow.issued_to.contains(wanted.text, autoescape=True)
        )
    return and_(*parts)
