"""Alembic's entry: runs the migrations on the connection that database.py hands over."""

from alembic import context

from cadence.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
