"""Invitations of version 0.1.0 keep their links and their ballots through the migration, there and back."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from survey.services.collection import submit_response
from survey.services.links.invitations import Invitee, Judgement, Person, invite, invite_people
from survey.services.links.personal import forms_of_link, open_personal_link
from survey.storage import schema
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.test_sealing import _raw
from tests.rounds import COMMUNES, make_round

CODE = "truoc-0-2"


def _rows(store: Store, statement: str) -> list[tuple[object, ...]]:
    with store.reading() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def _move(store: Store, *, down: bool) -> None:
    config = schema._config()
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, "0001" if down else "head")


@both_databases
def test_links_work_and_answers_are_found_after_going_down_and_up(store: Store, clock: SetClock) -> None:
    make_round(
        store, clock, code=CODE, questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=COMMUNES,
    )  # fmt: skip
    invitees = [Invitee(f"Người {n}", COMMUNES[n // 3], "Đại biểu", "", 1.5) for n in range(6)]
    links = invite(store=store, clock=clock, round_code=CODE, invitees=invitees)
    opened = open_personal_link(store=store, token=links[0].token)
    form = forms_of_link(store=store, link=opened)[0]
    submit_response(store=store, clock=clock, respondent=form.respondent, raw=_raw(1))
    told = (
        'SELECT person_ref, judges, "group", cluster, design_weight, token_hash, sent_on FROM {} ORDER BY 1'
    )
    joined = "invitation JOIN invited_judgement ON invitation_id = id"
    before = _rows(store, told.format(joined))
    _move(store, down=True)
    assert _rows(store, told.format("invitation")) == before
    assert len(_rows(store, "SELECT 1 FROM response")) == 1
    _move(store, down=False)
    assert _rows(store, told.format(joined)) == before
    assert _rows(store, "SELECT ballot = token_hash, reminders, email FROM invitation") == [(1, 0, None)] * 6
    opened = open_personal_link(store=store, token=links[0].token)
    assert [one.standing for one in forms_of_link(store=store, link=opened)] == ["sent"]
    assert open_personal_link(store=store, token=links[5].token).units == (COMMUNES[1],)


@both_databases
def test_of_several_units_the_older_tables_keep_the_first(store: Store, clock: SetClock) -> None:
    make_round(
        store, clock, code=CODE, questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=COMMUNES,
    )  # fmt: skip
    people = [Person(f"Người {n}", tuple(Judgement(one, "Đại biểu") for one in COMMUNES)) for n in range(3)]
    invite_people(store=store, clock=clock, round_code=CODE, people=people, actor="tests")
    _move(store, down=True)
    assert _rows(store, "SELECT judges FROM invitation") == [(min(COMMUNES),)] * 3
    _move(store, down=False)
    assert len(_rows(store, "SELECT 1 FROM invited_judgement")) == 3
