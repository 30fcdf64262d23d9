"""What is late, a way to the answers that came after the end, and how far one has come without a way back."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_06_sitting"
down_revision = "2026_12_05_readings"
branch_labels = None
depends_on = None

LATE = sa.text("source = 'late'")


def upgrade() -> None:
    op.add_column("attempts", sa.Column("late_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attempts", sa.Column("reached", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_answers_late", "answers", ["slot_id"], sqlite_where=LATE, postgresql_where=LATE)


def downgrade() -> None:
    op.drop_index("ix_answers_late", "answers")
    op.drop_column("attempts", "reached")
    op.drop_column("attempts", "late_from")
