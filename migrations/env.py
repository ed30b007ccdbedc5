"""Runs the migrations on the connection that the caller opened (survey.storage.schema)."""

from alembic import context

from survey.storage.models import Base
from survey.storage.models.base import UtcDateTime


def render_item(kind, item, _autogen):
    """Write our column types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
