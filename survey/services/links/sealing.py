"""Sealing a closed round: its answers are cut off from its links for good.

Two persons decide it. In their transaction the responses are shuffled under new random ids; then the round's
key is destroyed, and the database's own files are cleaned. A process that dies between the steps leaves marks
by which `finish_sealing` goes on. What is written about who answered: nothing (docs/decisions/0012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.services.clock import Clock, day_in_vietnam
from survey.services.links.errors import AlreadySealed, NotGranted, NotReadyToSeal, SealBroken
from survey.services.round_keys import awaits_cleaning, destroy_key, is_destroyed, note_cleaned
from survey.services.rounds import round_named
from survey.storage import audit, rounds
from survey.storage.models import ApprovalRow, RoundRow
from survey.storage.sealing import clean_files, shuffle
from survey.storage.store import FOLDER, Store

#: The action's word (services/review/approval_effects.py).
SEAL = "seal"
#: "open": nothing was done. "key": shuffled, the key is there still. "files": the key is destroyed, the files
#: are not cleaned. "done".
Step = Literal["open", "key", "files", "done"]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What finishing a sealing came upon, and that it is done now."""

    round_code: str
    found: Step


def seal(session: Session, clock: Clock, approval: ApprovalRow) -> None:
    """Shuffle a closed round's responses, in the transaction that grants it; its key dies with the commit.

    Raises:
        NotReadyToSeal, AlreadySealed, SealBroken: nothing is changed.
    """
    round_ = rounds.round_of(session, approval.round_id)
    session.refresh(round_, ["status", "sealed_on"], with_for_update=True)
    if round_.sealed_on is not None:
        raise AlreadySealed(round_.code)
    if round_.entry != "personal" or round_.status != "closed":
        raise NotReadyToSeal(round_.code)
    round_.sealed_on = day_in_vietnam(clock.now())
    session.flush()
    if not shuffle(session, round_.id):
        raise SealBroken(round_.code)
    _after_commit(session, round_.code)


def step_of(*, store: Store, round_: RoundRow) -> Step:
    """Say how far the sealing of a round is."""
    if round_.sealed_on is None:
        return "open"
    if not is_destroyed(store.keys, round_.code):
        return "key"
    return "files" if awaits_cleaning(store.keys, round_.code) else "done"


def finish_sealing(*, store: Store, clock: Clock, round_code: str, actor: str) -> Sealed:
    """Do what is left of a sealing that was granted: destroy the key, clean the files. Harmless to repeat.

    Raises:
        NoSuchRound, NotGranted.
    """
    with store.reading() as session:
        round_ = round_named(session, round_code)
    found = step_of(store=store, round_=round_)
    if found == "open":
        raise NotGranted(round_code, round=round_code)
    destroy_key(store.keys, round_code)
    # Ids that a freeze knew before the shuffle mean nothing any more.
    (store.folder / "known" / f"{round_code}.parquet").unlink(missing_ok=True)
    if found != "done":
        clean_files(store.engine)
        note_cleaned(store.keys, round_code)
        with store.transaction() as session:
            audit.record(session, at=clock.now(), actor=actor, action="sealing finished", subject=round_code)
    return Sealed(round_code, found)


def unfinished(*, store: Store) -> tuple[str, ...]:
    """List the rounds whose sealing was granted and is not done."""
    with store.reading() as session:
        sealed = [one for one in rounds.all_rounds(session) if one.sealed_on is not None]
    return tuple(one.code for one in sealed if step_of(store=store, round_=one) != "done")


def _after_commit(session: Session, round_code: str) -> None:
    """Destroy the key once the shuffle is on disk; not before, or a rolled-back deed would lose it."""
    keys = session.info[FOLDER] / "keys"

    def destroy(_session: Session) -> None:
        destroy_key(keys, round_code)

    event.listen(session, "after_commit", destroy, once=True)
