"""Until when the attempts of somebody who has left are kept, without a name."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_07_retention"
down_revision = "2026_12_06_sitting"
branch_labels = None
depends_on = None

KEPT = sa.text("keep_until IS NOT NULL")


def upgrade() -> None:
    op.add_column("attempts", sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_attempts_keep_until", "attempts", ["keep_until"], sqlite_where=KEPT, postgresql_where=KEPT)


def downgrade() -> None:
    op.drop_index("ix_attempts_keep_until", table_name="attempts")
    op.drop_column("attempts", "keep_until")
