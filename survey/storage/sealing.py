"""Shuffling the responses of a round: copied under new random ids in the order of those, the old ones gone.

Not who may ask for it (survey.services.links.sealing). All of it stands in one transaction: the triggers that
forbid changes are lifted and set again inside it, and what is there before and after is compared.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Column, Engine, Table, Uuid, delete, insert, literal, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import MetaData

from survey.storage.models import (
    DraftRow,
    ExclusionRow,
    ParadataRow,
    RecheckRow,
    ResponseConflictRow,
    ResponseRow,
)

_RESPONSE, _CONFLICT, _EXCLUSION, _PARADATA, _RECHECK, _DRAFT = (
    cast(Table, row.__table__)
    for row in (ResponseRow, ResponseConflictRow, ExclusionRow, ParadataRow, RecheckRow, DraftRow)
)
#: Tables whose rows are copied with the response that they name; a re-check has an id of its own and stays.
#: No personal link's response has paradata or a re-check, but the round may hold paper too.
_FOLLOWERS = (_EXCLUSION, _CONFLICT, _PARADATA)
#: The response itself last: the others go before what they point at.
_APPEND_ONLY = (*_FOLLOWERS, _RESPONSE)
_IDS = Table(
    "sealing_ids",
    MetaData(),
    Column("old", Uuid, primary_key=True),
    Column("new", Uuid, nullable=False),
    prefixes=["TEMPORARY"],
)
#: A response without its id: what must be the same before and after, as often as before.
Leaf = str


def shuffle(session: Session, round_id: int) -> bool:
    """Give every response of a round a new random id, and drop its drafts; say whether all else is the same.

    Conflicts, exclusions and corrections follow their responses. The caller rolls back when the answer is
    no.
    """
    before = _leaves(session, round_id)
    old = session.scalars(select(_RESPONSE.c.response_id).where(_RESPONSE.c.round_id == round_id)).all()
    session.execute(delete(_DRAFT).where(_DRAFT.c.round_id == round_id))
    if old:
        connection = session.connection()
        _IDS.create(connection)
        session.execute(insert(_IDS), [{"old": one, "new": uuid4()} for one in old])
        with _changeable(session):
            _copy(session, round_id)
            _drop_old(session, round_id)
        _IDS.drop(connection)
    return before == _leaves(session, round_id) and not _any_left(session, round_id, set(old))


def clean_files(engine: Engine) -> None:
    """Have the database forget what was deleted: its own files are written again, as far as it can.

    Not in a transaction. SQLite writes the whole file anew and empties its log; PostgreSQL gives the room of
    dead rows free, and overwrites it as it is used.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not sqlite:
            for table in (*_APPEND_ONLY, _DRAFT):
                connection.execute(text(f"VACUUM {table.name}"))
            return
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:
            driver.execute("COMMIT")
        driver.execute("VACUUM")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy(session: Session, round_id: int) -> None:
    """Copy responses and what points at them; one statement each, so that keys hold at its end."""
    earlier = _IDS.alias("earlier")
    own = _RESPONSE.c
    told = {
        **{column.name: column for column in own},
        "response_id": _IDS.c.new,
        "supersedes": earlier.c.new,
    }
    session.execute(
        insert(_RESPONSE).from_select(
            list(told),
            select(*told.values())
            .join(_IDS, _IDS.c.old == own.response_id)
            .outerjoin(earlier, earlier.c.old == own.supersedes)
            .where(own.round_id == round_id)
            .order_by(_IDS.c.new),
        )
    )
    for table in _FOLLOWERS:
        follow = {column.name: column for column in table.c if column.name != "id"}
        follow["response_id"] = _IDS.c.new
        # Rows of one response stay in their order: of several exclusions the newest holds.
        order = [_IDS.c.new, table.c.id] if "id" in table.c else [_IDS.c.new]
        session.execute(
            insert(table).from_select(
                list(follow),
                select(*follow.values())
                .join(_IDS, _IDS.c.old == table.c.response_id)
                .where(table.c.round_id == round_id)
                .order_by(*order),
            )
        )
    new = select(_IDS.c.new).where(_IDS.c.old == _RECHECK.c.response_id).scalar_subquery()
    session.execute(update(_RECHECK).where(_RECHECK.c.round_id == round_id).values(response_id=new))


def _drop_old(session: Session, round_id: int) -> None:
    old = select(_IDS.c.old)
    for table in _APPEND_ONLY:
        session.execute(
            delete(table).where(table.c.round_id == literal(round_id), table.c.response_id.in_(old))
        )


def _leaves(session: Session, round_id: int) -> Counter[Leaf]:
    """Count what is kept of each response, its id left out: its columns, its place in a chain of corrections,
    its conflicts and exclusions."""
    rows = session.execute(select(_RESPONSE).where(_RESPONSE.c.round_id == round_id)).mappings().all()
    told = {row["response_id"]: _told(row) for row in rows}
    beside: dict[UUID, list[str]] = {one: [] for one in told}
    for table in (*_FOLLOWERS, _RECHECK):
        order = table.c.id if table in (_CONFLICT, _EXCLUSION) else table.c.response_id
        there = select(table).where(table.c.round_id == round_id).order_by(order)
        for row in session.execute(there).mappings():
            beside[row["response_id"]].append(table.name + _told(row))
    return Counter(
        _hash([told[row["response_id"]], told.get(row["supersedes"], ""), *beside[row["response_id"]]])
        for row in rows
    )


def _told(row: Any) -> str:
    left_out = ("response_id", "supersedes", "id")
    kept = {name: value for name, value in row.items() if name not in left_out}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str)


def _hash(parts: list[str]) -> Leaf:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _any_left(session: Session, round_id: int, old: set[UUID]) -> bool:
    """Say whether an old id is still there."""
    now = session.scalars(select(_RESPONSE.c.response_id).where(_RESPONSE.c.round_id == round_id))
    return any(one in old for one in now)


@contextmanager
def _changeable(session: Session) -> Iterator[None]:
    """Lift the triggers that make tables append-only, and set the very same again at the end."""
    names = [table.name for table in _APPEND_ONLY]
    if session.get_bind().dialect.name != "sqlite":
        for name in names:
            session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        yield
        for name in names:
            session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        return
    # Deleted rows are overwritten with zeros.
    session.execute(text("PRAGMA secure_delete = ON"))
    triggers = [
        (row[0], row[1])
        for table in names
        for row in session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": table},
        )
    ]
    for name, _sql in triggers:
        session.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    for _name, sql in triggers:
        session.execute(text(str(sql).replace(":", r"\:")))
