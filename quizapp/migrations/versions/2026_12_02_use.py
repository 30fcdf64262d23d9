"""Questions for lessons only: each repeats what it is for, so that no quiz draws it. All are for quizzes so far."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_02_use"
down_revision = "2026_11_30_loops"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("questions") as batch_op:
        batch_op.add_column(sa.Column("use", sa.String(10), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("questions") as batch_op:
        batch_op.drop_column("use")
