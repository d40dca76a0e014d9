"""Alembic's entry: runs on the connection that the engine hands over, batch mode for SQLite."""

from alembic import context

from hall_server.ledger.rows import LedgerRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=LedgerRow.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
