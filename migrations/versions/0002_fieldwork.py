"""fieldwork

Revision: 0002, after 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text  # JSONB is rendered with it
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


#: Rows of these tables are only ever added; the database itself refuses anything else.
APPEND_ONLY = ("response_paradata", "response_exclusion")
ROLES = "role IN ('official', 'analyst', 'administrator'{})"


def upgrade() -> None:
    _allow_roles(", 'enumerator'")
    op.create_table(
        "rate_count",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", "minute", name=op.f("pk_rate_count")),
    )
    op.create_table(
        "recording",
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("sound_sha256", sa.String(length=64), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("language", "text_sha256", name=op.f("pk_recording")),
    )
    op.create_table(
        "language_pack",
        sa.Column("questionnaire_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_language_pack_sha256")),
        sa.ForeignKeyConstraint(
            ["questionnaire_sha256"],
            ["questionnaire.sha256"],
            name=op.f("fk_language_pack_questionnaire_sha256"),
        ),
        sa.PrimaryKeyConstraint("questionnaire_sha256", "language", name=op.f("pk_language_pack")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column(
            "facts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reviewed_by", sa.String(length=80), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'justified', 'dismissed')", name=op.f("ck_alarm_status")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_alarm_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_alarm_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint(
            "round_id",
            "unit_id",
            "day",
            "kind",
            "device",
            name=op.f("uq_alarm_round_id_unit_id_day_kind_device"),
        ),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column(
            "details",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(decision = 'waiting') = (decided_by IS NULL)", name=op.f("ck_approval_decided_by")
        ),
        sa.CheckConstraint(
            "decision IN ('waiting', 'granted', 'refused')", name=op.f("ck_approval_decision")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_approval_two_persons")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_approval_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index("ix_approval_round", ["round_id", "decision"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("stratum", sa.String(length=80), nullable=False),
        sa.Column("psu", sa.String(length=80), nullable=False),
        sa.Column("base_weight", sa.Double(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.CheckConstraint("status IN ('open', 'done', 'withdrawn')", name=op.f("ck_assignment_status")),
        sa.CheckConstraint("base_weight > 0", name=op.f("ck_assignment_base_weight")),
        sa.CheckConstraint("wanted > 0", name=op.f("ck_assignment_wanted")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_account_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assignment_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_round_id"), ["round_id"], unique=False)

    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("stand", sa.String(length=120), nullable=False),
        sa.Column("option_order", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(), nullable=True),
        sa.Column("app_version", sa.String(length=40), nullable=True),
        sa.Column("queue_length", sa.Integer(), nullable=True),
        sa.Column("queue_oldest_h", sa.Integer(), nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('kiosk', 'tablet')", name=op.f("ck_device_kind")),
        sa.CheckConstraint("option_order IN ('written', 'reversed')", name=op.f("ck_device_option_order")),
        sa.CheckConstraint(
            "status IN ('waiting', 'active', 'paused', 'revoked')", name=op.f("ck_device_status")
        ),
        sa.CheckConstraint("battery IS NULL OR battery BETWEEN 0 AND 100", name=op.f("ck_device_battery")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_device_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_device_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_device_secret_hash")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("length(file_sha256) = 64", name=op.f("ck_import_batch_file_sha256")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_import_batch_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("round_id", "file_sha256", name=op.f("uq_import_batch_round_id_file_sha256")),
    )
    op.create_table(
        "page_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("page", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_page_count_round_id")),
        sa.PrimaryKeyConstraint("round_id", "channel", "page", "day", name=op.f("pk_page_count")),
    )
    op.create_table(
        "paper_form",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("stratum", sa.String(length=80), nullable=False),
        sa.Column("psu", sa.String(length=80), nullable=False),
        sa.Column("base_weight", sa.Double(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_to", sa.String(length=120), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("rejected_for", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(status = 'rejected') = (rejected_for IS NOT NULL)", name=op.f("ck_paper_form_rejected_for")
        ),
        sa.CheckConstraint(
            "status IN ('printed', 'issued', 'returned', 'valid', 'rejected', 'lost')",
            name=op.f("ck_paper_form_status"),
        ),
        sa.CheckConstraint("base_weight > 0", name=op.f("ck_paper_form_base_weight")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_form_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_form_unit_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_paper_form")),
    )
    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_form_round_id"), ["round_id"], unique=False)

    op.create_table(
        "recheck_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("frame_size", sa.Integer(), nullable=False),
        sa.Column(
            "frame",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("drawn_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_recheck_sample_share")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_recheck_sample_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck_sample")),
    )
    with op.batch_alter_table("recheck_sample", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recheck_sample_round_id"), ["round_id"], unique=False)

    op.create_table(
        "slip_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("procedure_group", sa.String(length=120), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_slip_batch_size")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_slip_batch_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_slip_batch_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_batch")),
    )
    with op.batch_alter_table("slip_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slip_batch_round_id"), ["round_id"], unique=False)

    op.create_table(
        "enrolment_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_enrolment_code_device_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolment_code")),
    )
    with op.batch_alter_table("enrolment_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_code_device_id"), ["device_id"], unique=False)

    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("queue_length", sa.Integer(), nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_heartbeat_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.create_index("ix_heartbeat_device", ["device_id", "at"], unique=False)

    op.create_table(
        "paper_adjudication",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column(
            "answer",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["paper_form.number"], name=op.f("fk_paper_adjudication_number")),
        sa.PrimaryKeyConstraint("number", "item", name=op.f("pk_paper_adjudication")),
    )
    op.create_table(
        "paper_keying",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("pass_number", sa.Integer(), nullable=False),
        sa.Column("keyed_by", sa.String(length=80), nullable=False),
        sa.Column("keyed_on", sa.Date(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint("pass_number IN (1, 2)", name=op.f("ck_paper_keying_pass_number")),
        sa.ForeignKeyConstraint(["number"], ["paper_form.number"], name=op.f("fk_paper_keying_number")),
        sa.PrimaryKeyConstraint("number", "pass_number", name=op.f("pk_paper_keying")),
        sa.UniqueConstraint("number", "keyed_by", name=op.f("uq_paper_keying_number_keyed_by")),
    )
    op.create_table(
        "quarantined_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("round_code", sa.String(length=60), nullable=True),
        sa.Column("response_id", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'released', 'kept_out')", name=op.f("ck_quarantined_record_status")
        ),
        sa.CheckConstraint("length(raw_sha256) = 64", name=op.f("ck_quarantined_record_raw_sha256")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_quarantined_record_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_record")),
        sa.UniqueConstraint("raw_sha256", name=op.f("uq_quarantined_record_raw_sha256")),
    )
    op.create_table(
        "slip_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(code_hash) = 64", name=op.f("ck_slip_code_code_hash")),
        sa.ForeignKeyConstraint(["batch_id"], ["slip_batch.id"], name=op.f("fk_slip_code_batch_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_slip_code")),
    )
    with op.batch_alter_table("slip_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slip_code_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "recheck",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("collected_by", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'reached', 'not_reached', 'refused')", name=op.f("ck_recheck_status")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "response_id"],
            ["response.round_id", "response.response_id"],
            name=op.f("fk_recheck_round_id_response_id"),
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["recheck_sample.id"], name=op.f("fk_recheck_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck")),
        sa.UniqueConstraint("sample_id", "response_id", name=op.f("uq_recheck_sample_id_response_id")),
    )
    op.create_table(
        "transaction_count",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("transactions", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("transactions >= 0", name=op.f("ck_transaction_count_transactions")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_transaction_count_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_transaction_count")),
    )
    op.create_table(
        "response_exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_response_exclusion_approval_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "response_id"],
            ["response.round_id", "response.response_id"],
            name=op.f("fk_response_exclusion_round_id_response_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_exclusion")),
    )
    with op.batch_alter_table("response_exclusion", schema=None) as batch_op:
        batch_op.create_index("ix_response_exclusion_response", ["round_id", "response_id"], unique=False)

    op.create_table(
        "response_paradata",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("collected_by", sa.String(length=80), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("option_order", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("assisted_by", sa.String(length=10), nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("clock_offset_s", sa.Integer(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("procedure_group", sa.String(length=120), nullable=True),
        sa.Column("procedure_month", sa.Date(), nullable=True),
        sa.Column(
            "flags",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "assisted_by IN ('family', 'enumerator', 'official')",
            name=op.f("ck_response_paradata_assisted_by"),
        ),
        sa.CheckConstraint(
            "option_order IN ('written', 'reversed')", name=op.f("ck_response_paradata_option_order")
        ),
        sa.CheckConstraint(
            "duration_s IS NULL OR duration_s >= 0", name=op.f("ck_response_paradata_duration_s")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_response_paradata_assignment_id")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_response_paradata_device_id")),
        sa.ForeignKeyConstraint(
            ["round_id", "response_id"],
            ["response.round_id", "response.response_id"],
            name=op.f("fk_response_paradata_round_id_response_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", "response_id", name=op.f("pk_response_paradata")),
    )
    with op.batch_alter_table("response_paradata", schema=None) as batch_op:
        batch_op.create_index("ix_response_paradata_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_response_paradata_device", ["device_id"], unique=False)

    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("sealed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("attributable_on", sa.Date(), nullable=True))

    _judge_several_units()
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_draft_device_id"), "device", ["device_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_draft_device_id"), ["device_id"], unique=False)

    for table in APPEND_ONLY:
        _forbid_changes(table)


def _allow_roles(more: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The table is made again, and SQLite lets no row point at it meanwhile: everybody signs in again.
        op.execute("DELETE FROM login_session")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_account_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_account_role"), ROLES.format(more))


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
    )


def _judge_several_units() -> None:
    """Move what one person was asked to judge into a table of its own; a first token stays the ballot."""
    op.execute("CREATE TEMPORARY TABLE moved AS SELECT * FROM invitation")
    op.drop_table("invitation")
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invited_to", sa.Integer(), nullable=False),
        sa.Column("person_ref", sa.String(length=200), nullable=False),
        sa.Column("ballot", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(ballot) = 64", name=op.f("ck_invitation_ballot")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_invitation_token_hash")),
        sa.CheckConstraint("reminders >= 0", name=op.f("ck_invitation_reminders")),
        sa.ForeignKeyConstraint(["invited_to"], ["round.id"], name=op.f("fk_invitation_invited_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("ballot", name=op.f("uq_invitation_ballot")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_invited_to"), "invitation", ["invited_to"], unique=False)
    op.create_table(
        "invited_judgement",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("judges", sa.String(length=40), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.Column("cluster", sa.String(length=80), nullable=False),
        sa.Column("design_weight", sa.Double(), nullable=False),
        sa.CheckConstraint("design_weight > 0", name=op.f("ck_invited_judgement_design_weight")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invited_judgement_invitation_id")
        ),
        sa.ForeignKeyConstraint(["judges"], ["unit.id"], name=op.f("fk_invited_judgement_judges")),
        sa.PrimaryKeyConstraint("invitation_id", "judges", name=op.f("pk_invited_judgement")),
    )
    op.execute(
        "INSERT INTO invitation (id, invited_to, person_ref, ballot, token_hash, sent_on, revoked_on, "
        "reminders) SELECT id, invited_to, person_ref, token_hash, token_hash, sent_on, revoked_on, 0 "
        "FROM moved"
    )
    op.execute(
        'INSERT INTO invited_judgement (invitation_id, judges, "group", cluster, design_weight) '
        'SELECT id, judges, "group", cluster, design_weight FROM moved'
    )
    op.execute("DROP TABLE moved")


def _judge_one_unit() -> None:
    """Move judgements back beside their invitation; of several units only the first by its id has a place."""
    op.execute(
        'CREATE TEMPORARY TABLE moved AS SELECT i.*, j.judges, j."group", j.cluster, j.design_weight '
        "FROM invitation i JOIN invited_judgement j ON j.invitation_id = i.id WHERE j.judges = "
        "(SELECT min(f.judges) FROM invited_judgement f WHERE f.invitation_id = i.id)"
    )
    op.drop_table("invited_judgement")
    op.drop_table("invitation")
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invited_to", sa.Integer(), nullable=False),
        sa.Column("person_ref", sa.String(length=200), nullable=False),
        sa.Column("judges", sa.String(length=40), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.Column("cluster", sa.String(length=80), nullable=False),
        sa.Column("design_weight", sa.Double(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("design_weight > 0", name=op.f("ck_invitation_design_weight")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_invitation_token_hash")),
        sa.ForeignKeyConstraint(["invited_to"], ["round.id"], name=op.f("fk_invitation_invited_to")),
        sa.ForeignKeyConstraint(["judges"], ["unit.id"], name=op.f("fk_invitation_judges")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_invited_to"), "invitation", ["invited_to"], unique=False)
    op.execute(
        'INSERT INTO invitation (id, invited_to, person_ref, judges, "group", cluster, design_weight, '
        'token_hash, sent_on, revoked_on) SELECT id, invited_to, person_ref, judges, "group", cluster, '
        "design_weight, token_hash, sent_on, revoked_on FROM moved"
    )
    op.execute("DROP TABLE moved")


def downgrade() -> None:
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_device_id"))
        batch_op.drop_constraint(op.f("fk_draft_device_id"), type_="foreignkey")
        batch_op.drop_column("device_id")

    _judge_one_unit()
    # Dropped as they are: made again without them, the table could not have rows that point at it.
    for column in ("attributable_on", "sealed_on", "closed_on"):
        op.drop_column("round", column)

    with op.batch_alter_table("response_paradata", schema=None) as batch_op:
        batch_op.drop_index("ix_response_paradata_device")
        batch_op.drop_index("ix_response_paradata_assignment")

    op.drop_table("response_paradata")
    with op.batch_alter_table("response_exclusion", schema=None) as batch_op:
        batch_op.drop_index("ix_response_exclusion_response")

    op.drop_table("response_exclusion")
    op.drop_table("transaction_count")
    op.drop_table("recheck")
    with op.batch_alter_table("slip_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slip_code_batch_id"))

    op.drop_table("slip_code")
    op.drop_table("quarantined_record")
    op.drop_table("paper_keying")
    op.drop_table("paper_adjudication")
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.drop_index("ix_heartbeat_device")

    op.drop_table("heartbeat")
    with op.batch_alter_table("enrolment_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_code_device_id"))

    op.drop_table("enrolment_code")
    with op.batch_alter_table("slip_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slip_batch_round_id"))

    op.drop_table("slip_batch")
    with op.batch_alter_table("recheck_sample", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recheck_sample_round_id"))

    op.drop_table("recheck_sample")
    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_form_round_id"))

    op.drop_table("paper_form")
    op.drop_table("page_count")
    op.drop_table("import_batch")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_unit_id"))

    op.drop_table("device")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_round_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_account_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_round")

    op.drop_table("approval")
    op.drop_table("alarm")
    op.drop_table("language_pack")
    op.drop_table("recording")
    op.drop_table("rate_count")
    op.execute(
        "DELETE FROM login_session WHERE account_id IN (SELECT id FROM account WHERE role = 'enumerator')"
    )
    op.execute("DELETE FROM account WHERE role = 'enumerator'")
    _allow_roles("")
    if op.get_bind().dialect.name != "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only")
