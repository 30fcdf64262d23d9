"""What tables are made of: their base, the names of their constraints, and the types of their columns."""

from __future__ import annotations

import json
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import JSON, ColumnElement, DateTime, Engine, MetaData, Text, TypeDecorator, cast, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether a transaction that writes is under way."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ReadingSession(Session):
    """Reads without a transaction, where each statement commits by itself; `atomic` writes in one.

    SQLite's driver begins none by itself, and PostgreSQL's is told so by its isolation level.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_bind(*args, **kwargs)
        return with_transactions(found) if writing.get() else found


@lru_cache(maxsize=8)
def with_transactions(engine: Engine) -> Engine:
    """The engine whose connections have transactions; one for each, as a session keeps a connection for each. SQLite's
    have them where `sqlite.begin` begins one."""
    postgresql = engine.dialect.name == "postgresql"
    return engine.execution_options(isolation_level="READ COMMITTED") if postgresql else engine


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": ReadingSession, "expire_on_commit": False, "autoflush": False},
)

if TYPE_CHECKING:

    class Model(Base):
        """What `db.Model` is, said so that a type checker follows."""

        __abstract__ = True

        def __init__(self, **columns: Any) -> None: ...

else:
    Model = db.Model

Json = JSON().with_variant(JSONB(), "postgresql")


@lru_cache(maxsize=4096)
def loaded(text: str) -> Any:
    return json.loads(text)


class Shared(TypeDecorator[Any]):
    """JSON of a column that pages only look at, by `shared`: it is read once for each wording, and all who ask share
    what was read, so nobody may change it."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else loaded(value)


def shared(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column as a page that only looks selects it."""
    return type_coerce(cast(column, Text), Shared).label(column.key) if isinstance(column.type, JSON) else column


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; a naive time is a defect and raises."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
