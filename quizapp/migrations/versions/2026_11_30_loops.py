"""What the loops need: a daily review, examinations, and scores that follow a mended key. Every row stays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_loops"
down_revision = "2026_11_29_enemies"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    make_tables()
    widen_answers()
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.alter_column("quiz_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("lesson_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sitter_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("given", JSON, server_default="{}", nullable=False))
        batch_op.create_index(op.f("ix_attempts_lesson_id"), ["lesson_id"])
        batch_op.create_index(op.f("ix_attempts_sitter_id"), ["sitter_id"])
        batch_op.create_foreign_key(
            op.f("fk_attempts_lesson_id_lessons"), "lessons", ["lesson_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            op.f("fk_attempts_sitter_id_sitters"), "sitters", ["sitter_id"], ["id"], ondelete="SET NULL"
        )
    op.add_column("quizzes", sa.Column("access_code", sa.String(length=40), server_default="", nullable=False))
    op.add_column("quizzes", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("quizzes", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("slots", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("slots", sa.Column("hints", sa.Integer(), server_default="0", nullable=False))
    op.add_column("slots", sa.Column("certainty", sa.Integer(), nullable=True))
    op.add_column("slots", sa.Column("dropped", sa.Boolean(), server_default=sa.false(), nullable=False))


def widen_answers() -> None:
    """Columns for the table that has most of the rows: added in place, as a copy takes long and loses its trigger."""
    op.add_column("answers", sa.Column("detail", JSON, nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("answers", sa.Column("batch_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_answers_batch_id_regrades"), "answers", "regrades", ["batch_id"], ["id"])
    else:
        op.execute(
            "ALTER TABLE answers ADD COLUMN batch_id INTEGER "
            "CONSTRAINT fk_answers_batch_id_regrades REFERENCES regrades (id)"
        )
    there = sa.text("batch_id IS NOT NULL")
    op.create_index("ix_answers_batch", "answers", ["batch_id"], sqlite_where=there, postgresql_where=there)
    keep_what_is_new()


def keep_what_is_new() -> None:
    """The new columns are as immutable as the others, once something stands there."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for column in ("detail", "batch_id"):
        stands = f"WHEN (OLD.{column} IS NOT NULL)"
        refuse = (
            f"FOR EACH ROW {stands} EXECUTE FUNCTION answers_are_immutable()"
            if postgresql
            else f"{stands} BEGIN SELECT RAISE(ABORT, 'answers are never updated'); END"
        )
        op.execute(f"CREATE TRIGGER answers_{column}_immutable BEFORE UPDATE OF {column} ON answers {refuse}")


def make_tables() -> None:
    op.create_table(
        "accommodations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("extra_tries", sa.Integer(), nullable=False),
        sa.Column("extra_hours", sa.Double(), nullable=False),
        sa.Column("no_clock", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_accommodations_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_accommodations_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodations")),
        sa.UniqueConstraint("owner_id", "number", name=op.f("uq_accommodations_owner_id_number")),
        sa.UniqueConstraint("owner_id", "user_id", name=op.f("uq_accommodations_owner_id_user_id")),
    )
    op.create_index(op.f("ix_accommodations_user_id"), "accommodations", ["user_id"])

    op.create_table(
        "review_settings",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("chosen", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_review_settings_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_review_settings")),
    )
    op.create_table(
        "bookmarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.String(length=80), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_bookmarks_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_bookmarks_question_id_questions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bookmarks_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmarks")),
    )
    op.create_index(op.f("ix_bookmarks_lesson_id"), "bookmarks", ["lesson_id"])
    op.create_index(op.f("ix_bookmarks_question_id"), "bookmarks", ["question_id"])
    op.create_index("ix_bookmarks_user_at", "bookmarks", ["user_id", "at"])

    op.create_table(
        "cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("missed_sure", sa.Boolean(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_cards_question_id_questions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_cards_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("user_id", "question_id", name=op.f("uq_cards_user_id_question_id")),
    )
    op.create_index(op.f("ix_cards_question_id"), "cards", ["question_id"])
    op.create_index("ix_cards_user_due", "cards", ["user_id", "suspended_at", "due_at"])

    op.create_table(
        "saved_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_saved_comments_question_id_questions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_comments_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_comments")),
    )
    op.create_index(op.f("ix_saved_comments_question_id"), "saved_comments", ["question_id"])
    op.create_index(op.f("ix_saved_comments_user_id"), "saved_comments", ["user_id"])

    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_announcements_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_announcements_quiz_id_quizzes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index(op.f("ix_announcements_quiz_id"), "announcements", ["quiz_id"])

    op.create_table(
        "quiz_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_members_quiz_id_quizzes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_quiz_members_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_members")),
        sa.UniqueConstraint("quiz_id", "user_id", name=op.f("uq_quiz_members_quiz_id_user_id")),
    )
    op.create_index(op.f("ix_quiz_members_user_id"), "quiz_members", ["user_id"])

    op.create_table(
        "regrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=10), nullable=False),
        sa.Column("response", JSON, nullable=True),
        sa.Column("keep_higher", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_slot_id", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_regrades_by_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_regrades_question_id_questions")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_regrades_quiz_id_quizzes")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["users.id"], name=op.f("fk_regrades_undone_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_versions.id"], name=op.f("fk_regrades_version_id_question_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
        sa.UniqueConstraint("public_id", name=op.f("uq_regrades_public_id")),
    )
    op.create_index(op.f("ix_regrades_question_id"), "regrades", ["question_id"])
    op.create_index(op.f("ix_regrades_quiz_id"), "regrades", ["quiz_id"])

    op.create_table(
        "sitters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("given", JSON, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_sitters_quiz_id_quizzes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sitters_user_id_users"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitters")),
        sa.UniqueConstraint("quiz_id", "code", name=op.f("uq_sitters_quiz_id_code")),
    )
    op.create_index(op.f("ix_sitters_user_id"), "sitters", ["user_id"])

    op.create_table(
        "attempt_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_attempt_events_attempt_id_attempts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_attempt_events_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_events")),
    )
    op.create_index(op.f("ix_attempt_events_attempt_id"), "attempt_events", ["attempt_id"])

    op.create_table(
        "presences",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_presences_attempt_id_attempts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_presences")),
    )
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("response", JSON, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["regrades.id"], name=op.f("fk_challenges_batch_id_regrades")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_challenges_by_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_challenges_question_id_questions")),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slots.id"], name=op.f("fk_challenges_slot_id_slots"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_challenges_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_versions.id"], name=op.f("fk_challenges_version_id_question_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("public_id", name=op.f("uq_challenges_public_id")),
    )
    op.create_index("ix_challenges_question_decision", "challenges", ["question_id", "decision"])
    op.create_index(op.f("ix_challenges_slot_id"), "challenges", ["slot_id"])
    op.create_index(op.f("ix_challenges_user_id"), "challenges", ["user_id"])

    op.create_table(
        "grade_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slots.id"], name=op.f("fk_grade_drafts_slot_id_slots"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_grade_drafts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_drafts")),
        sa.UniqueConstraint("slot_id", "user_id", name=op.f("uq_grade_drafts_slot_id_user_id")),
    )
    op.create_index(op.f("ix_grade_drafts_user_id"), "grade_drafts", ["user_id"])

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("was", sa.Double(), nullable=True),
        sa.Column("now", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["regrades.id"], name=op.f("fk_notices_batch_id_regrades")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_notices_slot_id_slots"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_batch_id"), "notices", ["batch_id"])
    op.create_index(op.f("ix_notices_slot_id"), "notices", ["slot_id"])
    op.create_index("ix_notices_user_read", "notices", ["user_id", "read_at"])

    op.create_table(
        "review_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_review_acts_answer_id_answers"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_review_acts_question_id_questions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_review_acts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_acts")),
    )
    op.create_index(op.f("ix_review_acts_question_id"), "review_acts", ["question_id"])
    op.create_index("ix_review_acts_user_question", "review_acts", ["user_id", "question_id"])


def downgrade() -> None:
    """There is none: reviews and checks belong to no quiz, and have no place in the older schema."""
    raise RuntimeError("this change has no way back: restore the backup from before it")
