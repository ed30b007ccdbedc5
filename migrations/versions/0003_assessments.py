"""assessments

Revision: 0003, after 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text  # JSONB is rendered with it
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


#: Rows of these tables are only ever added; the database itself refuses anything else.
APPEND_ONLY = (
    "criteria_set",
    "assessment_entry",
    "assessment_minutes",
    "assessment_publication",
    "assessment_remedy",
)
#: Rows of these change their state and stay.
NEVER_DELETED = ("assessment_evidence", "assessment_request")
BEFORE = ("official", "analyst", "administrator", "enumerator")
NEW = ("unit", "unit_head", "appraiser")


def upgrade() -> None:
    _allow_roles(BEFORE + NEW)
    op.create_table(
        "criteria_set",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("set_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_criteria_set_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_criteria_set")),
    )
    with op.batch_alter_table("criteria_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criteria_set_set_id"), ["set_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title_vi", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("self_assessment_due", sa.Date(), nullable=True),
        sa.Column("appraisal_due", sa.Date(), nullable=True),
        sa.Column("reply_due", sa.Date(), nullable=True),
        sa.Column("council_due", sa.Date(), nullable=True),
        sa.Column("publication_due", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('internal', 'national')", name=op.f("ck_assessment_kind")),
        sa.CheckConstraint(
            "stage IN ('preparing', 'self_assessment', 'appraisal', 'reply', 'council', 'published')",
            name=op.f("ck_assessment_stage"),
        ),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_assessment_year")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("code", name=op.f("uq_assessment_code")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assessment_block",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("criteria_set_sha256", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_block_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["criteria_set_sha256"],
            ["criteria_set.sha256"],
            name=op.f("fk_assessment_block_criteria_set_sha256"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", "block", name=op.f("pk_assessment_block")),
    )
    op.create_table(
        "assessment_minutes",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "evidence_sha256 IS NULL OR length(evidence_sha256) = 64",
            name=op.f("ck_assessment_minutes_evidence_sha256"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_assessment_minutes_number")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_minutes_assessment_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_assessment_minutes")),
    )
    op.create_table(
        "assessment_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column(
            "details",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(decision = 'waiting') = (decided_by IS NULL)", name=op.f("ck_assessment_request_decided_by")
        ),
        sa.CheckConstraint("action IN ('publish', 'change_set')", name=op.f("ck_assessment_request_action")),
        sa.CheckConstraint(
            "decision IN ('waiting', 'granted', 'refused')", name=op.f("ck_assessment_request_decision")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_assessment_request_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_request_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_request")),
    )
    with op.batch_alter_table("assessment_request", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_request_assessment", ["assessment_id", "decision"], unique=False)

    op.create_table(
        "assessment_area",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.String(length=40), nullable=False),
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id", "block"],
            ["assessment_block.assessment_id", "assessment_block.block"],
            name=op.f("fk_assessment_area_assessment_id_block"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_area_assessment_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_area_unit_id")),
        sa.PrimaryKeyConstraint("assessment_id", "block", "node", name=op.f("pk_assessment_area")),
    )
    with op.batch_alter_table("assessment_area", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_area_unit", ["unit_id"], unique=False)

    op.create_table(
        "assessment_publication",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("granted_by", sa.String(length=80), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("granted_by <> asked_by", name=op.f("ck_assessment_publication_two_persons")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_assessment_publication_sha256")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_assessment_publication_number")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_publication_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["assessment_request.id"], name=op.f("fk_assessment_publication_request_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_assessment_publication")),
        sa.UniqueConstraint("request_id", name=op.f("uq_assessment_publication_request_id")),
    )
    op.create_table(
        "assessment_unit",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("block", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=100), nullable=True),
        sa.Column("contact", sa.String(length=254), nullable=True),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_through", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_by", sa.String(length=80), nullable=True),
        sa.Column("returned_at", sa.DateTime(), nullable=True),
        sa.Column("returned_by", sa.String(length=80), nullable=True),
        sa.Column("returned_for", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name=op.f("ck_assessment_unit_approved")
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_through IS NULL)",
            name=op.f("ck_assessment_unit_approved_through"),
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by IS NULL)", name=op.f("ck_assessment_unit_submitted")
        ),
        sa.CheckConstraint(
            "submitted_at IS NULL OR approved_at IS NOT NULL",
            name=op.f("ck_assessment_unit_submitted_approved"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id", "block"],
            ["assessment_block.assessment_id", "assessment_block.block"],
            name=op.f("fk_assessment_unit_assessment_id_block"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_unit_assessment_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_unit_unit_id")),
        sa.PrimaryKeyConstraint("assessment_id", "unit_id", name=op.f("pk_assessment_unit")),
    )
    with op.batch_alter_table("assessment_unit", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_unit_unit", ["unit_id"], unique=False)

    op.create_table(
        "assessment_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("leaf", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("criteria_set_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "input",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(step = 'appraisal') = (decision IS NOT NULL)", name=op.f("ck_assessment_entry_decided")
        ),
        sa.CheckConstraint(
            "(step = 'council') = (minutes IS NOT NULL)", name=op.f("ck_assessment_entry_minuted")
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('accepted', 'adjusted', 'returned')",
            name=op.f("ck_assessment_entry_decision"),
        ),
        sa.CheckConstraint(
            "step IN ('self', 'appraisal', 'reply', 'council', 'survey')",
            name=op.f("ck_assessment_entry_step"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_assessment_entry_number")),
        sa.ForeignKeyConstraint(
            ["assessment_id", "minutes"],
            ["assessment_minutes.assessment_id", "assessment_minutes.number"],
            name=op.f("fk_assessment_entry_assessment_id_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id", "unit_id"],
            ["assessment_unit.assessment_id", "assessment_unit.unit_id"],
            name=op.f("fk_assessment_entry_assessment_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["criteria_set_sha256"],
            ["criteria_set.sha256"],
            name=op.f("fk_assessment_entry_criteria_set_sha256"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_entry")),
        sa.UniqueConstraint(
            "assessment_id",
            "unit_id",
            "leaf",
            "step",
            "number",
            name=op.f("uq_assessment_entry_assessment_id_unit_id_leaf_step_number"),
        ),
    )
    op.create_table(
        "assessment_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("leaf", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("checked", sa.String(length=10), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "checked IN ('waiting', 'clean', 'refused')", name=op.f("ck_assessment_evidence_checked")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_assessment_evidence_withdrawn")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_assessment_evidence_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_assessment_evidence_size")),
        sa.ForeignKeyConstraint(
            ["assessment_id", "unit_id"],
            ["assessment_unit.assessment_id", "assessment_unit.unit_id"],
            name=op.f("fk_assessment_evidence_assessment_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_evidence")),
    )
    with op.batch_alter_table("assessment_evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assessment_evidence_leaf", ["assessment_id", "unit_id", "leaf"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assessment_evidence_sha256"), ["sha256"], unique=False)

    op.create_table(
        "assessment_remedy",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("leaf", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=2000), nullable=False),
        sa.Column("measure", sa.String(length=2000), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'under_way', 'done', 'dropped')", name=op.f("ck_assessment_remedy_status")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_assessment_remedy_number")),
        sa.ForeignKeyConstraint(
            ["assessment_id", "unit_id"],
            ["assessment_unit.assessment_id", "assessment_unit.unit_id"],
            name=op.f("fk_assessment_remedy_assessment_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint(
            "assessment_id", "unit_id", "leaf", "number", name=op.f("pk_assessment_remedy")
        ),
    )

    for table in APPEND_ONLY:
        _forbid(table, ("UPDATE", "DELETE"))
    for table in NEVER_DELETED:
        _forbid(table, ("DELETE",))


def _allow_roles(roles: tuple[str, ...]) -> None:
    condition = f"role IN ({', '.join(repr(role) for role in roles)})"
    if op.get_bind().dialect.name == "sqlite":
        _make_accounts_again(condition)
        return
    op.drop_constraint(op.f("ck_account_role"), "account", type_="check")
    op.create_check_constraint(op.f("ck_account_role"), "account", condition)


def _make_accounts_again(condition: str) -> None:
    """Change a CHECK on SQLite, which only a new table can; rows that point at accounts wait for it."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE moved AS SELECT * FROM account")
    op.drop_table("account")
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(condition, name=op.f("ck_account_role")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.execute(
        "INSERT INTO account (id, login, full_name, role, unit_id, password_hash, created_at, active) "
        "SELECT id, login, full_name, role, unit_id, password_hash, created_at, active FROM moved"
    )
    op.execute("DROP TABLE moved")


def _forbid(table: str, verbs: tuple[str, ...]) -> None:
    told = "append-only" if "UPDATE" in verbs else "never deleted"
    if op.get_bind().dialect.name == "sqlite":
        for verb in verbs:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is {told}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is {told}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE {' OR '.join(verbs)} OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_kept()"
    )


def downgrade() -> None:
    op.drop_table("assessment_remedy")
    with op.batch_alter_table("assessment_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_evidence_sha256"))
        batch_op.drop_index("ix_assessment_evidence_leaf")

    op.drop_table("assessment_evidence")
    op.drop_table("assessment_entry")
    with op.batch_alter_table("assessment_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_unit_unit")

    op.drop_table("assessment_unit")
    op.drop_table("assessment_publication")
    with op.batch_alter_table("assessment_area", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_area_unit")

    op.drop_table("assessment_area")
    with op.batch_alter_table("assessment_request", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_request_assessment")

    op.drop_table("assessment_request")
    op.drop_table("assessment_minutes")
    op.drop_table("assessment_block")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_unit_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("criteria_set", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criteria_set_set_id"))

    op.drop_table("criteria_set")
    op.execute(
        "DELETE FROM login_session WHERE account_id IN "
        "(SELECT id FROM account WHERE role IN ('unit', 'unit_head', 'appraiser'))"
    )
    op.execute(
        "DELETE FROM assignment WHERE account_id IN "
        "(SELECT id FROM account WHERE role IN ('unit', 'unit_head', 'appraiser'))"
    )
    op.execute("DELETE FROM account WHERE role IN ('unit', 'unit_head', 'appraiser')")
    _allow_roles(BEFORE)
    if op.get_bind().dialect.name != "sqlite":
        for table in (*APPEND_ONLY, *NEVER_DELETED):
            op.execute(f"DROP FUNCTION {table}_is_kept")
