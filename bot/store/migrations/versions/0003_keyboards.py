"""The buttons of a message are one row. Those that were shown before are answered as buttons that nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "keyboards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("chat_id", ID, nullable=True),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyboards")),
    )
    op.create_index(op.f("ix_keyboards_expires_at"), "keyboards", ["expires_at"], unique=False)
    op.create_index(op.f("ix_keyboards_owner_id"), "keyboards", ["owner_id"], unique=False)
    op.drop_table("buttons")


def downgrade() -> None:
    op.create_table(
        "buttons",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("chat_id", ID, nullable=True),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("repeatable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("acted_at", TIME, nullable=True),
        sa.Column("acted_by", ID, nullable=True),
        sa.Column("acted_update", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buttons")),
    )
    op.create_index(op.f("ix_buttons_expires_at"), "buttons", ["expires_at"], unique=False)
    op.create_index("ix_buttons_group", "buttons", ["group_id"], unique=False)
    op.create_index(op.f("ix_buttons_owner_id"), "buttons", ["owner_id"], unique=False)
    op.drop_table("keyboards")
