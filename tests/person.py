"""A person at a browser without scripts: fetches pages, looks at them, and sends the forms that it finds there."""

from __future__ import annotations

import contextvars
import re
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from quizapp import clock
from quizapp.accounts import sessions
from quizapp.accounts.models import User
from quizapp.config import PACKAGE
from quizapp.db import db
from quizapp.web import styles


@cache
def styled() -> dict[str, set[str]]:
    """The classes that each of our style sheets styles."""
    sheets = {path.name: path.read_text() for path in (PACKAGE / "static").glob("*.css")}
    return {name: set(re.findall(r"\.([a-z][\w-]*)(?=[^{};]*\{)", text)) for name, text in sheets.items()}


class Page:
    """A fetched page, checked on arrival: whatever a page shows, it is well built."""

    def __init__(self, person: Person, response: Any) -> None:
        self.person, self.response = person, response
        self.status: int = response.status_code
        self.url: str = response.request.full_path.rstrip("?")
        self.source: str = response.get_data(as_text=True)
        self.tree = html.fromstring(self.source)
        self.check()

    def check(self) -> None:
        """One h1, a title, a language, unique ids, a label for every control, no inline script or style."""
        tree = self.tree
        assert len(tree.xpath("//h1")) == 1, f"{self.url}: {len(tree.xpath('//h1'))} h1"
        assert (tree.findtext(".//title") or "").strip(), f"{self.url}: no title"
        assert tree.get("lang") in ("ko", "en"), f"{self.url}: no lang"
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), f"{self.url}: ids twice: {sorted(i for i in ids if ids.count(i) > 1)}"
        assert not tree.xpath("//script[not(@src)][not(@type='application/json')]"), f"{self.url}: inline script"
        assert not tree.xpath("//style | //*[@style]"), f"{self.url}: inline style"
        assert not tree.xpath("//@*[starts-with(name(), 'on')]"), f"{self.url}: inline handler"
        for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
            name = control.get("id")
            labelled = control.get("aria-label") or control.get("aria-labelledby") or control.xpath("ancestor::label")
            assert labelled or (name and tree.xpath("//label[@for=$name]", name=name)), (
                f"{self.url}: no label: {html.tostring(control)[:120]!r}"
            )
        for reference in tree.xpath("//@aria-labelledby | //@aria-describedby | //@for"):
            for name in reference.split():
                assert name in ids, f"{self.url}: refers to a missing id: {name}"
        self.check_styles()

    def check_styles(self) -> None:
        """No class that only a style sheet styles which the page doesn't load."""
        links = " ".join(self.tree.xpath("//link[@rel='stylesheet']/@href"))
        if "/styles/" in links:
            links += "".join(f" /{name}.css" for name in (*styles.SHEETS, styles.PRINTED))
        loaded = {sheet for sheet in styled() if f"/{sheet}" in links}
        has = set().union(*(styled()[sheet] for sheet in loaded))
        classes = {one for words in set(self.tree.xpath("//@class")) for one in words.split()}
        for sheet in styled().keys() - loaded:
            used = classes & styled()[sheet]
            assert used <= has, f"{self.url}: without {sheet}, which styles {sorted(used - has)}"

    @property
    def text(self) -> str:
        """What stands in the main part, white space folded."""
        return " ".join(self.tree.xpath("string(//main)").split())

    @property
    def heading(self) -> str:
        return " ".join(self.tree.xpath("string(//h1)").split())

    def links(self) -> list[str]:
        """The addresses within the site that the page links to."""
        return [link for link in self.tree.xpath("//a/@href") if link.startswith("/")]

    def link(self, words: str) -> str:
        """The address of the link with these words in it."""
        return next(a.get("href") for a in self.tree.xpath("//a[@href]") if words in a.text_content())

    def form(self, has: str) -> html.FormElement:
        """The form whose address ends so, or that has a field of that name."""
        for form in self.tree.forms:
            if (form.action or self.url).split("?")[0].endswith(has) or has in form.fields:
                return form
        raise AssertionError(f"{self.url}: no form {has!r} among {[form.action for form in self.tree.forms]}")

    def send(self, has: str, button: tuple[str, str] | None = None, **fields: Any) -> Page:
        """Fill in a form, press a button, and follow to the next page."""
        form = self.form(has)
        values: list[tuple[str, str]] = [(k, v) for k, v in form.form_values() if k not in fields]
        for name, value in fields.items():
            values += [(name, one) for one in (value if isinstance(value, list) else [value])]
        values += [button] if button else []
        data: dict[str, Any] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        return self.person.post(form.action or self.url, data)


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, app: Flask, user: User | None = None, language: str = "en") -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Accept-Language": language}
        if user is not None:
            with self.client.session_transaction() as session:
                session["_user_id"] = sessions.begin(user, "", clock.now())
                session["_fresh"] = True

    def send(self, method: str, url: str, **kwargs: Any) -> Any:
        """One request, in a context of its own, as a server's worker has it; the test then reads what is stored."""
        kwargs.setdefault("headers", self.headers)
        reply = contextvars.Context().run(self.client.open, url, method=method, **kwargs)
        db.session.rollback()
        return reply

    def get(self, url: str, status: int = 200) -> Page:
        response = self.send("GET", url, follow_redirects=True)
        assert response.status_code == status, f"{url}: {response.status_code}\n{response.text[:2000]}"
        return Page(self, response)

    def post(self, url: str, data: dict[str, Any]) -> Page:
        return Page(self, self.send("POST", url, data=data, follow_redirects=True))

    def token(self) -> str:
        """A CSRF token, from the lightest page that has one."""
        found = re.search('name="csrf_token" value="([^"]+)"', self.send("GET", "/search").text)
        assert found
        return found[1]

    def fetch(self, url: str, data: dict[str, Any]) -> Any:
        """What our scripts send: a form in the background, answered with JSON."""
        headers = self.headers | {"Accept": "application/json"}
        return self.send("POST", url, data={"csrf_token": self.token(), **data}, headers=headers)
