"""What Alembic runs: it only ever uses the connection that bot/store/revisions.py hands over."""

from alembic import context

from bot.store.indexes import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
