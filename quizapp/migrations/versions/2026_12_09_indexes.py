"""No page of a learner goes through a table that grows with what others do. What is asked about few of many rows is
answered by an index of those rows alone: which slots are scored otherwise than by their own key, which quizzes keep
their keys closed, and which are of courses."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_09_indexes"
down_revision = "2026_12_08_notes"
branch_labels = None
depends_on = None

RESCORED = sa.text("source IN ('override', 'regrade')")
CLOSED = sa.text("""CAST(settings AS TEXT) LIKE '%"closed"%' OR CAST(settings AS TEXT) LIKE '%"never"%'""")
OF_A_COURSE = sa.text("course_id IS NOT NULL")
COLUMNS = (("challenges", "decision"), ("audit_entries", "target"), ("banks", "visibility"))


def upgrade() -> None:
    op.create_index("ix_answers_rescored", "answers", ["slot_id"], sqlite_where=RESCORED, postgresql_where=RESCORED)
    op.create_index("ix_quizzes_closed", "quizzes", ["ends_at"], sqlite_where=CLOSED, postgresql_where=CLOSED)
    op.create_index(
        "ix_quizzes_of_courses", "quizzes", ["position", "id"], sqlite_where=OF_A_COURSE, postgresql_where=OF_A_COURSE
    )
    for table, column in COLUMNS:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_index("ix_quizzes_of_courses", "quizzes")
    op.drop_index("ix_quizzes_closed", "quizzes")
    op.drop_index("ix_answers_rescored", "answers")
