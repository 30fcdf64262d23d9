"""Which slots are scored otherwise than by their own key is found without reading their record."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_09_rescored"
down_revision = "2026_12_08_notes"
branch_labels = None
depends_on = None

RESCORED = sa.text("source IN ('override', 'regrade')")


def upgrade() -> None:
    op.create_index("ix_answers_rescored", "answers", ["slot_id"], sqlite_where=RESCORED, postgresql_where=RESCORED)


def downgrade() -> None:
    op.drop_index("ix_answers_rescored", "answers")
