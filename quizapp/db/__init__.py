"""The database: one `db`, one way to write (`atomic`), and what SQLite and PostgreSQL need."""

from quizapp.db.schema import integrity_problems, upgrade
from quizapp.db.session import AWAY, after_commit, atomic, engine_options, locked, prepare, write_lock
from quizapp.db.tables import Base, Json, Model, UTCDateTime, db

__all__ = [
    "AWAY",
    "Base",
    "Json",
    "Model",
    "UTCDateTime",
    "after_commit",
    "atomic",
    "db",
    "engine_options",
    "integrity_problems",
    "locked",
    "prepare",
    "upgrade",
    "write_lock",
]
