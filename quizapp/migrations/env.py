"""How migrations run: on the application's own engine, one at a time, and without losing a row.

SQLite changes a table by copying it; with foreign keys on, dropping the old table would silently delete every
child row. So they are off during the migration and checked before its commit. Processes that start together take
turns: on PostgreSQL by an advisory lock, on SQLite by its write lock, both taken before the revision is read.
"""

from typing import Any

from alembic import context
from sqlalchemy import text

from quizapp.db import begin_writing, db, writing_engine

LOCK = 7_245_001


def run() -> None:
    engine = writing_engine()
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_as_batch=True,
                transactional_ddl=True,
                compare_type=True,
            )
            with context.begin_transaction():
                begin_writing(connection)
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                context.run_migrations()
                if sqlite:
                    orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
                    if orphans:
                        raise RuntimeError(f"the migration would leave rows without their parent: {orphans[:5]}")
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


run()
