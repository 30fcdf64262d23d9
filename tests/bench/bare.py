"""The measure: a bare Flask application of the same stack, on the same database with the same durability.

`POST /save` is log-in, user load and one ORM insert with its commit; `GET /page/<size>` is log-in, user load and a
template, compiled once, that fills a page of so many bytes. What our pages cost beyond it is what we have added.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, render_template, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import DateTime, ForeignKey, String, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from quizapp.config import normalised
from quizapp.db import engine_options

PAGE = """<!doctype html><html lang="ko"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<p>{{ current_user.name }}</p><ol>{% for line in lines %}<li class="line">{{ line }}</li>
{% endfor %}</ol></body></html>"""
AS_IT_COMES = {"isolation_level": None, "skip_autocommit_rollback": False}
"""The database's own transactions, around all that a request does."""
LINE = "가나다라마바사 " * 8
LINE_BYTES = len(f'<li class="line">{LINE}</li>\n'.encode())


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})


if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True

        def __init__(self, **columns: Any) -> None: ...

else:
    Model = db.Model


class Person(UserMixin, Model):
    __tablename__ = "bare_people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Saved(Model):
    __tablename__ = "bare_saved"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("bare_people.id"))
    text: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def insert(row: Any) -> None:
    db.session.add(row)
    db.session.commit()


def durable(connection: Any, _record: Any) -> None:
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def make_tables() -> None:
    """Before the workers start: two that make the same table at once fail on PostgreSQL."""
    with create().app_context():
        db.create_all()
        db.engine.dispose()


def create() -> Flask:
    url = normalised(os.environ["QUIZAPP_DATABASE_URL"])
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": PAGE})
    app.config.update(
        SECRET_KEY="a secret of the bench, long enough",
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url) | AS_IT_COMES,
    )
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", durable)
    login = LoginManager(app)

    @login.user_loader
    def load(name: str) -> Person | None:
        return db.session.get(Person, int(name))

    @app.get("/login/<int:number>")
    def enter(number: int) -> str:
        person = db.session.get(Person, number)
        if person is None:
            person = Person(id=number, name=f"사람 {number}")
            insert(person)
        login_user(person)
        return "ok"

    @app.post("/save")
    @login_required
    def save() -> dict[str, Any]:
        row = Saved(person_id=current_user.id, text=request.form["text"], at=datetime.now(UTC))
        insert(row)
        return {"id": row.id}

    @app.get("/page/<int:size>")
    @login_required
    def page(size: int) -> str:
        return render_template("page.html", title="한 쪽", lines=[LINE] * (size // LINE_BYTES))

    return app


if __name__ == "__main__":
    make_tables()
