"""From when on answers are late, how far one has come without a way back, and versions frozen at the opening."""

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
    op.add_column("quizzes", sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "frozen_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_frozen_versions_quiz_id_quizzes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_frozen_versions_question_id_questions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["question_versions.id"],
            name=op.f("fk_frozen_versions_version_id_question_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_versions")),
        sa.UniqueConstraint(
            "quiz_id", "source", "question_id", name=op.f("uq_frozen_versions_quiz_id_source_question_id")
        ),
    )
    op.create_index("ix_frozen_versions_question_id", "frozen_versions", ["question_id"])
    op.create_index("ix_frozen_versions_version_id", "frozen_versions", ["version_id"])


def downgrade() -> None:
    op.drop_table("frozen_versions")
    op.drop_column("quizzes", "frozen_at")
    op.drop_index("ix_answers_late", "answers")
    op.drop_column("attempts", "reached")
    op.drop_column("attempts", "late_from")
