"""Questions that are never drawn together: each repeats the names of its enemies, for the draw. None has any yet."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_enemies"
down_revision = "2026_11_28_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("questions") as batch_op:
        batch_op.add_column(sa.Column("enemies", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("questions") as batch_op:
        batch_op.drop_column("enemies")
