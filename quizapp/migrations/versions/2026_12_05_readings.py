"""What large uploads held, read once by a process of its own. Those that wait are to be read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_12_05_readings"
down_revision = "2026_12_04_results"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LARGE = 256 * 1024


def upgrade() -> None:
    readings = op.create_table(
        "upload_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("way", JSON, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_readings_upload_id_uploads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_readings")),
        sa.UniqueConstraint("upload_id", name=op.f("uq_upload_readings_upload_id")),
    )
    with op.batch_alter_table("upload_readings") as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_readings_done_at"), ["done_at"], unique=False)
    waiting = op.get_bind().execute(
        sa.text(
            "SELECT id, format, language, encoding FROM uploads WHERE applied_at IS NULL AND length(data) > :large"
        ),
        {"large": LARGE},
    )
    rows = [
        {"upload_id": number, "tries": 0, "claimed_by": "",
         "way": {"form": form, "language": language, "encoding": encoding, "columns": []}}
        for number, form, language, encoding in waiting
    ]  # fmt: skip
    if rows:
        op.bulk_insert(readings, rows)


def downgrade() -> None:
    op.drop_table("upload_readings")
