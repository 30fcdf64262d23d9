"""What is out of time is found without a look at every attempt; a regrade knows what its preview had seen."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_record"
down_revision = "2026_12_02_use"
branch_labels = None
depends_on = None

OPEN = sa.text("submitted_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_attempts_open", "attempts", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("regrades", sa.Column("seen_answer_id", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("regrades", "seen_answer_id")
    op.drop_index("ix_attempts_open", "attempts")
