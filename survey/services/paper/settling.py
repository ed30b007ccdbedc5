"""From what two persons agreed is on the paper to a response kept exactly once. Not the keying itself."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from survey.questionnaires import Questionnaire
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock
from survey.services.errors import OtherAnswersKept
from survey.services.keeping import Respondent, WholeForm, form_there, keep
from survey.services.paper.ledger import require_follows
from survey.services.paper.questionnaire import FromPaper, from_paper
from survey.services.paper.reading import UNREADABLE, Entries, Entry, OnPaper, on_paper
from survey.services.site_keys import site_key
from survey.storage import paper
from survey.storage.models import AdjudicationRow, PaperFormRow, PaperKeyingRow, RoundRow
from survey.storage.store import FOLDER

#: File of the site's secret in `instance/keys`. No round's code has a dot, so none can be called so.
KEY_FILE = "paper.secret"


def paper_key(keys: Path) -> bytes:
    """Give the site's secret behind the ids of its paper forms, making it at the first need."""
    return site_key(keys, KEY_FILE, lambda: secrets.token_bytes(32))


def key_in(session: Session) -> bytes:
    """Give the same secret inside a transaction that writes."""
    return paper_key(session.info[FOLDER] / "keys")


def response_id_of(key: bytes, round_code: str, number: str, revision: int = 0) -> UUID:
    """Derive the id of a form's response from round and number, so that a form is kept once.

    HMAC-SHA256 under the site's secret: numbers are printed in sequence, and whoever could work out an
    id could send another response under it first.
    """
    told = f"paper:{round_code}:{number}:{revision}".encode()
    return UUID(bytes=hmac.digest(key, told, "sha256")[:16])


def agreed_entries(keyings: Sequence[PaperKeyingRow], decided: Iterable[AdjudicationRow]) -> dict[str, Entry]:
    """Join what two keyings say with what was decided where they differ; what was decided wins."""
    entries = dict(keyings[0].answers)
    for one in decided:
        entries[one.item] = one.answer
    return {item: entry for item, entry in entries.items() if not _is_blank(entry)}


def settle(
    session: Session,
    clock: Clock,
    round_: RoundRow,
    form: PaperFormRow,
    questionnaire: Questionnaire,
    entries: Entries,
) -> bool:
    """Keep a form's response and set the form valid, in the caller's transaction; False: it has no answer.

    Raises:
        RoundClosed, NotThisUnit, OtherAnswersKept, OutOfOrder: nothing is written.
    """
    found = on_paper(questionnaire, entries)
    told = from_paper(found.answers)
    if not told.answers:
        return False
    require_follows(form, "valid")
    who = _respondent(session, round_, form, told, _flags(entries, found))
    # The day it came back: a form returned in time is kept also when it is keyed after the end (O5).
    whole = WholeForm(questionnaire, who, told.answers, completed_on=form.returned_on)
    if keep(session, clock, form_there(session, who), whole) is None:
        raise OtherAnswersKept(form.number)
    form.status = "valid"
    return True


def _respondent(
    session: Session, round_: RoundRow, form: PaperFormRow, told: FromPaper, flags: tuple[str, ...]
) -> Respondent:
    """Place the response where the ledger says; an enumerator who took the form is told beside it."""
    enumerator = paper.enumerator_of(session, form.issued_to or "")
    return Respondent(
        round_code=round_.code,
        response_id=response_id_of(key_in(session), round_.code, form.number),
        unit_id=form.unit_id,
        channel="paper",
        evidence=told.evidence,
        stratum=form.stratum,
        psu=form.psu,
        base_weight=form.base_weight,
        circumstances=Circumstances(
            collected_by=enumerator.login if enumerator else None,
            language="vi",
            assisted_by=told.assisted_by,
            flags=flags,
        ),
    )


def _flags(entries: Entries, found: OnPaper) -> tuple[str, ...]:
    unreadable = any(entry.get("mark") == UNREADABLE for entry in entries.values())
    told = (("paper_unreadable", unreadable), ("paper_impossible", bool(found.impossible)))
    return tuple(word for word, there in told if there)


def _is_blank(entry: Entry) -> bool:
    return entry.get("mark") != UNREADABLE and entry.get("value") in (None, "", [])
