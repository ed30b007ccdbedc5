"""The PDF of a round's paper forms: a printing part by part, or a specimen without a number."""

from __future__ import annotations

from survey.questionnaires import Questionnaire
from survey.reports.print.paper_form import PaperCopy, PaperFrame, paper_form_pdf
from survey.services.paper.errors import NoSuchForm
from survey.services.paper.questionnaire import asked_on_paper, paper_questionnaire
from survey.storage import paper
from survey.storage.models import RoundRow
from survey.storage.store import Store
from survey.units import load_units

#: Copies in one PDF: thirty of the longest form are 450 pages, made in about two seconds.
COPIES_A_FILE = 30


def parts_of(forms: int) -> int:
    """Say how many files a printing is handed out in."""
    return max(1, -(-forms // COPIES_A_FILE))


def printing_pdf(
    *, store: Store, round_: RoundRow, batch: int, part: int = 1, help_phone: str | None = None
) -> bytes:
    """Typeset one part of a printing; parts are numbered from 1.

    Raises:
        NoSuchForm: there is no such printing, or no such part.
    """
    with store.reading() as session:
        listed = paper.batch_of(session, round_.id, batch)
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
    chosen = listed[(part - 1) * COPIES_A_FILE : part * COPIES_A_FILE] if part > 0 else []
    if not chosen:
        raise NoSuchForm(f"batch {batch}, part {part}", number=f"{batch}/{part}")
    tree = load_units()
    copies = [PaperCopy(form.number, tree.get(form.unit_id).full_name, form.psu) for form in chosen]
    return paper_form_pdf(questionnaire, _frame(round_, help_phone), copies)


def specimen_pdf(*, store: Store, round_: RoundRow, help_phone: str | None = None) -> bytes:
    """Typeset a round's form without a number, to be read and approved, not answered."""
    with store.reading() as session:
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
    return paper_form_pdf(questionnaire, _frame(round_, help_phone), ())


def questionnaire_pdf(questionnaire: Questionnaire) -> bytes:
    """Typeset a questionnaire that no round asks yet, as a specimen."""
    asked = paper_questionnaire(questionnaire)
    return paper_form_pdf(asked, PaperFrame(asked.title.in_("vi")), ())


def _frame(round_: RoundRow, help_phone: str | None) -> PaperFrame:
    return PaperFrame(round_.title("vi"), round_.simulated, help_phone)
