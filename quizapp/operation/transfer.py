"""Moving a whole site: backup, restore, and the copy from one database to another.

A backup is always one SQLite file, whatever database the site runs on. Every copy is proved: the same number of
rows in each table, and the same hash over all their values.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, Table, create_engine, func, insert, select, text

from quizapp import config
from quizapp.db import Base, begin_writing, db, engine_options, keep_private, upgrade, writing_engine
from quizapp.errors import ConfigError, QuizError

BATCH = 1000
Proof = dict[str, dict[str, Any]]
"""By table: `rows` and the `hash` over them."""
MakeApp = Callable[..., Flask]
"""Makes an application for settings; without any, for those of the environment."""


class NotEqual(QuizError):
    status = 500
    template = "The copy differs from its source in: %(tables)s. The source is untouched; try again."


def backup(dst: Path, make_app: MakeApp) -> Proof:
    """Write the site into a new SQLite file, consistent as of one moment, while others write.

    Raises ConfigError if the file exists already.
    """
    if dst.exists():
        raise ConfigError("%(path)s exists already; a backup never overwrites one.", path=dst)
    source = db.engine
    dst.parent.mkdir(parents=True, exist_ok=True)
    part = dst.with_suffix(dst.suffix + ".part")
    part.unlink(missing_ok=True)
    try:
        if source.dialect.name == "sqlite":
            copy_file(Path(str(source.url.database)), part)
            refuse_broken(part)
            found = proof_of(part)
        else:
            found = copy_site(
                source.url.render_as_string(hide_password=False), f"sqlite:///{part.absolute()}", make_app
            )
        sync(part)
        part.rename(dst)
    finally:
        for rest in ("", "-wal", "-shm"):
            part.with_name(part.name + rest).unlink(missing_ok=True)
    return found


def copy_file(src: Path, dst: Path) -> None:
    """SQLite's own copy of a live file: consistent, whoever writes meanwhile; only its owner can read it."""
    keep_private(dst)
    with closing(sqlite3.connect(src)) as source, closing(sqlite3.connect(dst)) as target:
        source.backup(target)


def restore(src: Path, make_app: MakeApp) -> Proof:
    """Put a backup in the place of the database; on SQLite the file is exchanged in one step."""
    refuse_broken(src)
    settings = config.from_environment()
    path = config.sqlite_path(settings.database_url)
    if path is None:
        return copy_site(f"sqlite:///{src.absolute()}", settings.database_url, make_app)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".restoring")
    part.unlink(missing_ok=True)
    copy_file(src, part)
    sync(part)
    for leftover in (f"{path}-wal", f"{path}-shm"):
        Path(leftover).unlink(missing_ok=True)
    part.rename(path)
    with make_app().app_context():
        upgrade()
        with db.engine.connect() as connection:
            return proof(connection)


def copy_site(src: str, dst: str, make_app: MakeApp) -> Proof:
    """Copy every table into an empty database of either kind, and prove it.

    Raises ConfigError if the target holds rows, NotEqual if the proof fails.
    """
    # A pooler may stand before either; a copy is as quick without prepared statements.
    settings = config.Settings(database_url=dst, secret_key="only copying", pooler=True)  # noqa: S106
    # One state of the source, whoever writes to it meanwhile; of SQLite's, see `copy_into`.
    one_state = {"isolation_level": "REPEATABLE READ"} if src.startswith("postgresql") else {}
    source = create_engine(src, **engine_options(src, pooler=True) | one_state)
    try:
        with make_app(settings).app_context():
            try:
                return copy_into(source)
            finally:
                db.engine.dispose()
    finally:
        source.dispose()


def copy_into(source: Engine) -> Proof:
    """Copy every table of the source into the application's database, in one transaction, and prove it."""
    upgrade()
    with source.connect() as reading, writing_engine().begin() as writing:
        begin_writing(writing)
        if source.dialect.name == "sqlite":
            reading.exec_driver_sql("BEGIN")  # one state of the source, whoever writes to it meanwhile
        refuse_filled(writing)
        copy_tables(reading, writing)
        before, after = proof(reading), proof(writing)
        different = [name for name in before if before[name] != after[name]]
        if different:
            raise NotEqual(tables=", ".join(different))
    return after


def refuse_filled(writing: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if writing.execute(select(func.count()).select_from(table)).scalar_one():
            raise ConfigError("The target isn't empty (%(table)s has rows).", table=table.name)


def copy_tables(reading: Connection, writing: Connection) -> None:
    """All rows, parents first. Two tables point at each other: the pointer back is set afterwards."""
    late = {"questions": "current_id"}
    for table in Base.metadata.sorted_tables:
        rows = batches(reading, table)
        for batch in rows:
            writing.execute(
                insert(table), [row | ({late[table.name]: None} if table.name in late else {}) for row in batch]
            )
    for name, column in late.items():
        table = Base.metadata.tables[name]
        for batch in batches(reading, table):
            for row in batch:
                if row[column] is not None:
                    writing.execute(table.update().where(table.c.id == row["id"]).values({column: row[column]}))
    if writing.dialect.name == "postgresql":
        advance_sequences(writing)


def advance_sequences(writing: Connection) -> None:
    """Rows that brought their ids left PostgreSQL's counters behind."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.c:
            writing.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                {"name": table.name, "last": (writing.execute(select(func.max(table.c.id))).scalar() or 0) + 1},
            )


def batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    ordered = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=BATCH).execute(ordered)
    for part in result.mappings().partitions(BATCH):
        yield [dict(row) for row in part]


def proof(connection: Connection) -> Proof:
    """Rows and hash of every table, the same for the same content on every database."""
    found: Proof = {}
    for table in Base.metadata.sorted_tables:
        digest, rows = hashlib.sha256(), 0
        for batch in batches(connection, table):
            for row in batch:
                digest.update(repr([canonical(value) for value in row.values()]).encode())
            rows += len(batch)
        found[table.name] = {"rows": rows, "hash": digest.hexdigest()[:16]}
    return found


def canonical(value: Any) -> Any:
    """A value in the one shape that both databases give: JSON objects lose their order in PostgreSQL."""
    if isinstance(value, dict):
        return sorted((key, canonical(item)) for key, item in value.items())
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def proof_of(path: Path) -> Proof:
    """The proof of a backup file."""
    engine = create_engine(f"sqlite:///file:{path.absolute()}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            return proof(connection)
    finally:
        engine.dispose()


def refuse_broken(path: Path) -> None:
    """Raise ConfigError unless the file is a whole SQLite database of ours."""
    try:
        with closing(sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
            ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    except sqlite3.DatabaseError as error:
        raise ConfigError("%(path)s is not an SQLite database: %(why)s.", path=path, why=error) from error
    if said != "ok":
        raise ConfigError("%(path)s is damaged: %(why)s.", path=path, why=said)
    if ours is None:
        raise ConfigError("%(path)s is not a backup of quizapp.", path=path)


def sync(path: Path) -> None:
    """Have the file on the disk, not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
