"""Uploads wait for a decision in a table of their own, and questions can be searched."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BATCH = 500
TAGS_OF_HTML = re.compile("<[^>]*>")


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("bank_slug", sa.String(length=80), nullable=False),
        sa.Column("bank_title", JSON, nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("left_out", JSON, nullable=False),
        sa.Column("outcome", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("public_id", name=op.f("uq_uploads_public_id")),
    )
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.create_index(batch_op.f("ix_uploads_user_id"), ["user_id"], unique=False)
    with op.batch_alter_table("questions") as batch_op:
        batch_op.add_column(sa.Column("search", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("tags", sa.Text(), server_default="", nullable=False))
    fill()


def fill() -> None:
    """Give the questions that are there what a later write would give them."""
    questions = sa.table("questions", sa.column("id"), sa.column("current_id"), sa.column("search"), sa.column("tags"))
    versions = sa.table("question_versions", sa.column("id"), sa.column("content", JSON))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(questions.c.id, versions.c.content).join_from(
            questions, versions, questions.c.current_id == versions.c.id
        )
    ).all()
    statement = (
        sa.update(questions)
        .where(questions.c.id == sa.bindparam("question"))
        .values(search=sa.bindparam("words"), tags=sa.bindparam("labels"))
    )
    for start in range(0, len(rows), BATCH):
        connection.execute(
            statement,
            [
                {"question": row.id, "words": words(row.content), "labels": labels(row.content)}
                for row in rows[start : start + BATCH]
            ],
        )


def words(content: dict) -> str:
    """The texts of title, stimulus, stem and gaps, as `quizapp.banks.models.words_of` wrote them at this revision."""
    texts = [content.get("title"), content.get("stimulus"), content.get("stem")]
    texts.append((content.get("response") or {}).get("text"))
    lines = [
        " ".join(TAGS_OF_HTML.sub(" ", value).split())
        for text in texts
        if isinstance(text, dict)
        for key, value in sorted(text.items())
        if key != "format" and isinstance(value, str)
    ]
    return unicodedata.normalize("NFC", "\n".join(lines)).casefold()


def labels(content: dict) -> str:
    tags = [unicodedata.normalize("NFC", " ".join(tag.split())) for tag in content.get("tags") or ()]
    return "\n" + "\n".join(tags) + "\n" if tags else ""


def downgrade() -> None:
    with op.batch_alter_table("questions") as batch_op:
        batch_op.drop_column("tags")
        batch_op.drop_column("search")
    op.drop_table("uploads")
