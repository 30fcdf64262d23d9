"""The database: one `db`, one way to write (`atomic`), and what SQLite and PostgreSQL need."""

from quizapp.db.functions import listed, one_of
from quizapp.db.schema import integrity_problems, keep_private, upgrade
from quizapp.db.session import (
    AWAY,
    after_commit,
    atomic,
    begin_writing,
    each,
    engine_options,
    give_connection_back,
    locked,
    prepare,
    take_turns,
    writing_engine,
)
from quizapp.db.tables import Base, Json, Model, UTCDateTime, db, shared

__all__ = [
    "AWAY",
    "Base",
    "Json",
    "Model",
    "UTCDateTime",
    "after_commit",
    "atomic",
    "begin_writing",
    "db",
    "each",
    "engine_options",
    "give_connection_back",
    "integrity_problems",
    "keep_private",
    "listed",
    "locked",
    "one_of",
    "prepare",
    "shared",
    "take_turns",
    "upgrade",
    "writing_engine",
]
