"""Results of large quizzes: lists by an index that has all they sort by, what waits by another, and counted figures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_12_04_results"
down_revision = "2026_12_03_record"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
RESULTS = ["quiz_id", "purpose", "submitted_at", "due_at", "user_id", "waiting", "mark", "max_mark", "id"]


def upgrade() -> None:
    op.create_index("ix_attempts_results", "attempts", RESULTS)
    waits = sa.text("waiting > 0")
    op.create_index("ix_attempts_waiting", "attempts", ["quiz_id"], sqlite_where=waits, postgresql_where=waits)
    ended = sa.text("due_at = submitted_at")
    op.create_index("ix_attempts_by_clock", "attempts", ["quiz_id"], sqlite_where=ended, postgresql_where=ended)
    op.create_table(
        "quiz_figures",
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(length=200), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_figures_quiz_id_quizzes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quiz_id", name=op.f("pk_quiz_figures")),
    )


def downgrade() -> None:
    op.drop_table("quiz_figures")
    op.drop_index("ix_attempts_by_clock", table_name="attempts")
    op.drop_index("ix_attempts_waiting", table_name="attempts")
    op.drop_index("ix_attempts_results", table_name="attempts")
