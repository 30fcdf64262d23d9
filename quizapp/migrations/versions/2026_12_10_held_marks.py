"""A mark waits while another examination holds a question that it counts. What was handed in before shows as it did."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_10_held_marks"
down_revision = "2026_12_09_indexes"
branch_labels = None
depends_on = None

HELD = sa.text("mark_held")


def upgrade() -> None:
    op.add_column("attempts", sa.Column("mark_held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_attempts_mark_held", "attempts", ["id"], sqlite_where=HELD, postgresql_where=HELD)


def downgrade() -> None:
    op.drop_index("ix_attempts_mark_held", "attempts")
    op.drop_column("attempts", "mark_held")
