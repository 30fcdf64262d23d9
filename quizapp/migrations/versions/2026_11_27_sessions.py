"""Sessions are rows: a log-out ends one on the server. Those that go on today go on after the upgrade."""

import hashlib
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_sessions"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    sessions = op.create_table(
        "login_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions") as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_sessions_seen_at"), ["seen_at"], unique=False)
    keep_the_present_ones(sessions)


def keep_the_present_ones(sessions: sa.Table) -> None:
    """Cookies of earlier versions hold the public id and the epoch, signed: that is one session for each user."""
    connection, now = op.get_bind(), datetime.now(UTC)
    users = connection.execute(sa.text("SELECT id, public_id, epoch FROM users ORDER BY id")).all()
    for start in range(0, len(users), BATCH):
        rows = [
            {
                "user_id": user.id,
                "token_hash": hashlib.sha256(f"{user.public_id}.{user.epoch}".encode()).hexdigest(),
                "device": "",
                "created_at": now,
                "seen_at": now,
            }
            for user in users[start : start + BATCH]
        ]
        connection.execute(sessions.insert(), rows)


def downgrade() -> None:
    op.drop_table("login_sessions")
