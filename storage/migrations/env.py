"""Runs migrations on the connection that `storage.migrate` hands over; never opens one by itself."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
