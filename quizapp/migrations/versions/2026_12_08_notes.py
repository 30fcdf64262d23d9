"""A note names its passage so that it outlives the lesson, lessons can be searched, and cards can be out of date."""

import json
import secrets
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_12_08_notes"
down_revision = "2026_12_07_retention"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
UNREAD = str.maketrans("", "", "*_`~#>|")


def upgrade() -> None:
    op.create_table(
        "stale_reviews",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_stale_reviews_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_stale_reviews")),
    )
    with op.batch_alter_table("lessons") as batch_op:
        batch_op.add_column(sa.Column("search", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("bookmarks") as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("course_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lesson", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("quote", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("search", sa.Text(), server_default="", nullable=False))
    fill()
    with op.batch_alter_table("bookmarks") as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=12), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_bookmarks_public_id"), ["public_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_bookmarks_course_id_courses"), "courses", ["course_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_bookmarks_version_id_question_versions"), "question_versions", ["version_id"], ["id"],
            ondelete="SET NULL",
        )  # fmt: skip
        batch_op.drop_constraint(batch_op.f("fk_bookmarks_lesson_id_lessons"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_bookmarks_lesson_id_lessons"), "lessons", ["lesson_id"], ["id"], ondelete="SET NULL"
        )


def fill() -> None:
    """What a later write would give to what is there."""
    connection = op.get_bind()
    lessons = sa.table(
        "lessons", sa.column("id"), sa.column("course_id"), sa.column("slug"), sa.column("search"),
        *(sa.column(name, JSON) for name in ("title", "summary", "body")),
    )  # fmt: skip
    marks = sa.table(
        "bookmarks",
        *(sa.column(name) for name in ("id", "public_id", "lesson_id", "course_id", "lesson", "note", "search")),
    )
    for row in connection.execute(sa.select(lessons)).all():
        words = searched(row.title, row.summary, row.body)
        connection.execute(sa.update(lessons).where(lessons.c.id == row.id).values(search=words))
    places = {row.id: (row.course_id, row.slug) for row in connection.execute(sa.select(lessons)).all()}
    for row in connection.execute(sa.select(marks)).all():
        course, lesson = places.get(row.lesson_id, (None, ""))
        name = "".join(secrets.choice(LETTERS) for _ in range(12))
        connection.execute(
            sa.update(marks)
            .where(marks.c.id == row.id)
            .values(public_id=name, course_id=course, lesson=lesson, search=searched({"": row.note}))
        )


def searched(*texts: dict | str) -> str:
    """As `quizapp.courses.shelf.searched` wrote it at this revision."""
    known = [json.loads(text) if isinstance(text, str) else text for text in texts]
    joined = "\n".join(str(part) for text in known for key, part in text.items() if key != "format")
    return unicodedata.normalize("NFC", joined).casefold().translate(UNREAD)


def downgrade() -> None:
    with op.batch_alter_table("bookmarks") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_bookmarks_lesson_id_lessons"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_bookmarks_lesson_id_lessons"), "lessons", ["lesson_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.drop_constraint(batch_op.f("fk_bookmarks_course_id_courses"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_bookmarks_version_id_question_versions"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_bookmarks_public_id"), type_="unique")
        for name in ("public_id", "course_id", "lesson", "quote", "version_id", "search"):
            batch_op.drop_column(name)
    with op.batch_alter_table("lessons") as batch_op:
        batch_op.drop_column("search")
    op.drop_table("stale_reviews")
