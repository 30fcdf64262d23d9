"""What statements are made of beside tables: functions that SQLite and PostgreSQL call differently, and short lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, ColumnElement, Float, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement


class listed(FunctionElement[Any]):
    """The rows of a group as one list of lists, in no order; None for no rows.

    For each row that a thread fetches it lets the others pass, and waits for its turn: a page's rows are better one.
    """

    type = JSON()
    inherit_cache = True


@compiles(listed, "postgresql")
def on_postgresql(rows: listed, compiler: Any, **more: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(rows.clauses, **more)}))"


@compiles(listed, "sqlite")
def on_sqlite(rows: listed, compiler: Any, **more: Any) -> str:
    columns = ", ".join(exactly(column, compiler.process(column, **more)) for column in rows.clauses)
    return f"json_group_array(json_array({columns}))"


def exactly(column: Any, written: str) -> str:
    """SQLite's JSON has fifteen digits of a number, which may then be another one; `quote` has as many as it takes."""
    return f"json(lower(quote({written})))" if isinstance(column.type, Float) else written


def one_of(column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether it is one of these few. An `in_` is written out anew for each execution, which pages feel."""
    return or_(*(column == value for value in values))
