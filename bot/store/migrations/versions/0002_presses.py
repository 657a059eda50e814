"""A button remembers which update used it up: the next try of that update, also after a kill, goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("buttons", sa.Column("acted_update", kind, nullable=True))


def downgrade() -> None:
    op.drop_column("buttons", "acted_update")
