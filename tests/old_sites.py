"""Sites at an older revision of the schema, with rows in every table: made up, or those of a site in use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Engine, Float, Integer, LargeBinary, MetaData, Table, select

from quizapp.db import Base
from quizapp.operation.transfer import canonical

ROWS = 3
WORDS = "é 가 \"'\\ %s {{g1}} 😀 "
"""What a column of text must bear: quotes, placeholders, and letters of more than one byte."""

Site = dict[str, list[dict[str, Any]]]
"""The rows of every table, by its name."""


def reflect(engine: Engine) -> dict[str, Table]:
    """The tables as they are in the database, whatever the models say."""
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
    return {name: table for name, table in metadata.tables.items() if name != "alembic_version"}


def snapshot(engine: Engine) -> Site:
    """Every row of every table, in the order of their keys."""
    with engine.connect() as connection:
        return {
            name: [
                {key: canonical(value) for key, value in row.items()}
                for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for name, table in reflect(engine).items()
        }


def fill(engine: Engine, site: Site | None = None) -> None:
    """Put the site's rows into the tables that are there, in the columns that are there; make up what is missing."""
    tables = reflect(engine)
    rows = {name: columns_of(table, (site or {}).get(name, [])) or made_up(table) for name, table in tables.items()}
    with engine.begin() as writing:
        for table in parents_first(tables):
            late = late_columns(table)
            writing.execute(table.insert(), [row | dict.fromkeys(late) for row in rows[table.name]])
        for table in tables.values():
            for row in rows[table.name]:
                values = {name: row[name] for name in late_columns(table) if row[name] is not None}
                if values:
                    writing.execute(table.update().where(table.c.id == row["id"]).values(values))


def columns_of(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{column.name: row[column.name] for column in table.columns} for row in rows]


def late_columns(table: Table) -> list[str]:
    """Columns that refer to a row and may be empty: they are filled when every row is there."""
    return [column.name for column in table.columns if column.foreign_keys and column.nullable]


def parents_first(tables: dict[str, Table]) -> list[Table]:
    """The tables so that each stands after those to which its rows must refer."""
    done: list[Table] = []
    while len(done) < len(tables):
        for table in tables.values():
            needed = {
                key.column.table for column in table.columns if not column.nullable for key in column.foreign_keys
            }
            if table not in done and needed <= {*done, table}:
                done.append(table)
    return done


def made_up(table: Table) -> list[dict[str, Any]]:
    """Rows of which one has everything filled in, and the next nothing that may be empty."""
    return [{column.name: value(column, number) for column in table.columns} for number in range(1, ROWS + 1)]


def value(column: Column[Any], number: int) -> Any:
    """Something of the column's type that no other row has, or nothing where the second row may have nothing."""
    if column.nullable and number == 2:
        return None
    kind = column.type
    if column.foreign_keys or isinstance(kind, Integer):
        return number
    if isinstance(kind, Boolean):
        return number == 1
    if isinstance(kind, Float):
        return number + 0.1 + 0.2
    if isinstance(kind, DateTime):
        return datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC) + timedelta(days=number)
    if isinstance(kind, LargeBinary):
        return bytes(range(256)) * number
    if isinstance(kind, JSON):
        return {"ko": f"{WORDS}{number}", "n": [0.1, -1, 2**40, None, True, {}], "tags": ["가  나", "é"]}
    length = getattr(kind, "length", None)
    return (f"{number}{WORDS}")[:length] if length is None or length < 200 else f"{number}{WORDS}".ljust(length, "끝")


def in_use() -> Site:
    """The rows of the application's database, which is at the newest revision."""
    from quizapp.db import db

    with db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }
