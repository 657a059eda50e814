"""What a follow-up leans on stands with the answer that it follows; what was left to lean on before is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_table("conversations")
    op.add_column("answers", sa.Column("context", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_answers_user_id"), table_name="answers")
    op.create_index("ix_answers_place", "answers", ["user_id", "chat_id", "thread_id", "answered_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_answers_place", table_name="answers")
    op.create_index(op.f("ix_answers_user_id"), "answers", ["user_id"], unique=False)
    op.drop_column("answers", "context")
    op.create_table(
        "conversations",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("thread_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", "user_id", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_expires_at"), "conversations", ["expires_at"], unique=False)
    op.create_index("ix_conversations_user", "conversations", ["user_id"], unique=False)
