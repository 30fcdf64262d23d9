"""Banks can be shared or public, and every wording of a lesson is kept, so that citations can be followed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "bank_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["banks.id"], name=op.f("fk_bank_members_bank_id_banks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_bank_members_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_members")),
        sa.UniqueConstraint("bank_id", "user_id", name=op.f("uq_bank_members_bank_id_user_id")),
    )
    op.create_table(
        "lesson_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_lesson_versions_course_id_courses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_versions")),
    )
    with op.batch_alter_table("bank_members") as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_members_user_id"), ["user_id"], unique=False)
    with op.batch_alter_table("lesson_versions") as batch_op:
        batch_op.create_index("ix_lesson_versions_course_slug", ["course_id", "slug", "at"], unique=False)
    with op.batch_alter_table("banks") as batch_op:
        batch_op.add_column(sa.Column("visibility", sa.String(length=10), server_default="private", nullable=False))
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.add_column(sa.Column("encoding", sa.String(length=20), server_default="", nullable=False))
    with op.batch_alter_table("quizzes") as batch_op:
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "INSERT INTO lesson_versions (course_id, slug, body, at) "
        "SELECT course_id, slug, body, CURRENT_TIMESTAMP FROM lessons ORDER BY id"
    )


def downgrade() -> None:
    with op.batch_alter_table("quizzes") as batch_op:
        batch_op.drop_column("created_at")
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.drop_column("encoding")
    with op.batch_alter_table("banks") as batch_op:
        batch_op.drop_column("visibility")
    op.drop_table("lesson_versions")
    op.drop_table("bank_members")
