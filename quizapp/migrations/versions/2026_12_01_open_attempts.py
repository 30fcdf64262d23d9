"""What is out of time and not handed in is found without a look at every attempt."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_open_attempts"
down_revision = "2026_11_30_loops"
branch_labels = None
depends_on = None

OPEN = sa.text("submitted_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_attempts_open", "attempts", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_attempts_open", "attempts")
