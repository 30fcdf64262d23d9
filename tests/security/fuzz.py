"""Hostile forms, made of what the application itself says: its address map, the fields of its pages' forms, and the
names that its views read.

A `World` holds something behind every argument of an address, and the forms that its people's pages have. `attack`
sends one of them with something wrong in it.
"""

from __future__ import annotations

import ast
import io
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from flask import Flask
from lxml import html
from werkzeug.routing import Rule

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.permissions import can
from tests.conftest import user_of
from tests.person import Person
from tests.security.things import addresses, things

NUMBERS = (
    "²", "٣", "①", "1_0", "9" * 5000, "-" + "9" * 5000, "1e15", "1e308", "1e999", "1e-999", "nan", "-nan", "inf",
    "-inf", "-0", "0", "-1", "0x10", "1.5", "99999999999", "2147483648", "9223372036854775808", " 1 ", "1\n", "１",
)  # fmt: skip
MOMENTS = (
    "0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2026-02-30T00:00",
    "2026-W01-1", "2026-01-01", "0001-01-01", "0001-01-31", "9999-12-31", "0000-00-00T00:00", "T",
    "2026-01-01T00:00:00.000000000001",
)  # fmt: skip
LETTERS = (
    "", " ", "\0", "a\0b", "\ud800", "a\udfffb", "\ufffe", "\u202e", "\u2028", "\x85", "\x1b[31m", "\x7f", "a\r\nb",
    "\u1100\u1161", "\U0001f600", "=1+1", "＝1+1", "<b class=x>", "%s%n%(x)s", "{0}{{1}}", "\\", "'", '"', "../..",
)  # fmt: skip
LONG = (
    "x" * 60_000, "가" * 60_000, "[" * 100_000, "(" * 20_000, "{" * 100_000, "$" * 10_000, "*" * 20_000, "> " * 5_000,
    "<div>" * 3_000, "a " * 30_000, "\n" * 30_000, "-" * 20_000, "https://" + "a" * 5000, '{"x":' * 20_000,
)  # fmt: skip
RARE = 30
"""One in so many is long: it takes as much time as all the others, and finds less."""
LINE = 4_000
"""Characters of an address: the server takes no more."""
STRUCTURES = (
    "{}", "[]", "null", "1", '"x"', '{"x": 1}', '{"ko": "x"}', '{"format": []}', '{"format": "html"}',
    '{"ja": "\\ud800"}',
    '{"ja": "\\u0000"}', '{"\\ud800": "x"}', '{"\\u0000": "x"}', '{"x": 1e999}',
    '{"format": "' + "x" * 500 + '"}',
)  # fmt: skip
EXTREMES = {
    "lowest": ("0001-01-01", "0001-01-01T00:00", "-1e308", "-99999999999", "-1", "nan", "0"),
    "highest": ("9999-12-31", "9999-12-31T23:59", "1e308", "9" * 5000, "99999999999", "inf"),
}
"""The ends of what a date, a time or a number can be."""
HOSTILE = NUMBERS + MOMENTS + LETTERS + STRUCTURES
PLACES = ("²", "٣", "9" * 5000, "99999999999", "-1", "", "0x0", "1e3")
"""What may stand in a field's name where a row's number does."""
STEPS = ("add", "drop", "up", "down", "refresh", "pick", "go-²", "go-99999999999", "import", "all", "next", "apply", "")
FIGURES = ".//input[@inputmode or @type='number' or @type='date' or @type='time' or @type='datetime-local']/@name"
READS = {"get", "getlist", "pop", "sent_number", "places"}
"""How a view reads a field."""


@dataclass(frozen=True)
class Sheet:
    """A form of a page, or a view's own names: who may send it, how, where to, and what it holds."""

    who: str
    method: str
    url: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    """The fields for a date, a time or a number."""


@dataclass
class World:
    """Something of everything, and people who may do something with it."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)

    def __post_init__(self) -> None:
        email = f"{clock.now().timestamp()}@example.com"
        learner = accounts.create(email, "Learner", "a long password", "learner", clock.now())
        self.people = {
            "visitor": Person(self.app), "learner": Person(self.app, learner),
            "instructor": Person(self.app, user_of("instructor")),
        }  # fmt: skip
        self.tokens = {who: person.token() for who, person in self.people.items()}
        self.values = things(learner)
        self.look()

    def look(self) -> None:
        """Fetch every page, each as everybody who may see it, and keep its forms, every shape of a form once."""
        seen: dict[Any, Sheet] = {}
        for who in self.people:
            for method, rule in routes(self.app):
                view: Any = self.app.view_functions[rule.endpoint]
                if view.permission != "public" and not can(who, view.permission):
                    continue
                fields = tuple((name, "1") for name in sorted(names_read(view)))
                for url in addresses(rule, self.values):
                    seen.setdefault((who, method, rule.endpoint), Sheet(who, method, url, fields))
                    for sheet in self.forms(who, url) if method == "GET" else ():
                        shape = frozenset(re.sub(r"\d+|=.*", "", name) for name, _ in sheet.fields)
                        seen.setdefault((who, sheet.method, re.sub(r"\d|[a-z0-9]{12}", "", sheet.url), shape), sheet)
                        if sheet.url.endswith(("/questions/new", "/edit")) and "/banks/" in sheet.url:
                            preview = f"/banks/{self.values['own']['slug']}/questions/preview"
                            seen.setdefault((who, preview, shape), replace(sheet, url=preview, files=()))
        self.sheets = list(seen.values())

    def forms(self, who: str, url: str) -> Iterator[Sheet]:
        reply = self.people[who].send("GET", url, follow_redirects=True)
        assert reply.status_code < 500, f"{url}: {reply.status_code}"
        if reply.mimetype != "text/html":
            return
        tree = html.fromstring(reply.get_data(as_text=True))
        for form in tree.forms:
            fields = [(str(name), str(value)) for name, value in form.form_values()]
            unset = {str(name) for name in form.fields} - {name for name, _ in fields}
            files = tuple(form.xpath(".//input[@type='file']/@name"))
            fields += [(name, "") for name in sorted(unset - set(files))]
            fields += [(name, value) for name, value in zip(form.xpath(".//button/@name"),
                       form.xpath(".//button[@name]/@value"), strict=False)][:1]  # fmt: skip
            action = (form.action or reply.request.full_path).rstrip("?")
            if action == "/logout":
                continue
            yield Sheet(who, form.method, action, tuple(f for f in fields if f[0] != "csrf_token"), files,
                        tuple(dict.fromkeys(map(str, form.xpath(FIGURES)))))  # fmt: skip

    def attack(self, chance: random.Random) -> tuple[Sheet, Any]:
        """Send one form with something wrong in it; what was sent, and the reply after its redirects."""
        sheet = chance.choice(self.sheets)
        fields = wrong(list(sheet.fields), chance)
        person = self.people[sheet.who]
        if sheet.method == "GET":
            url = (sheet.url + ("&" if "?" in sheet.url else "?") + encoded(fields))[:LINE]
            return Sheet(sheet.who, "GET", url, ()), person.send("GET", url, follow_redirects=True)
        sent = Sheet(sheet.who, "POST", sheet.url, tuple(fields), sheet.files)
        return sent, post(person, sent, self.tokens[sheet.who], chance)


def post(person: Person, sheet: Sheet, token: str, chance: random.Random) -> Any:
    """Send a form in the encoding that fits, sometimes as our scripts do."""
    fields = [("csrf_token", token), *sheet.fields]
    headers = person.headers | ({"Accept": "application/json"} if chance.random() < 0.2 else {})
    if sheet.files:
        data: dict[str, Any] = {}
        for name, value in fields:
            data.setdefault(name.replace("\r", "").replace("\n", ""), []).append(stored(value))
        name = chance.choice(("a.yaml", "a\0.gift", "\u202e.csv", "x" * 500 + ".json", "", "a\r\nb.txt", "²"))
        data |= {one: (io.BytesIO(stored(hostile(chance)).encode()), name) for one in sheet.files}
        return person.send("POST", sheet.url, data=data, headers=headers, follow_redirects=True)
    kind = "application/x-www-form-urlencoded"
    return person.send("POST", sheet.url, data=encoded(fields), content_type=kind, headers=headers,
                       follow_redirects=True)  # fmt: skip


def hostile(chance: random.Random) -> str:
    return chance.choice(HOSTILE) if chance.randrange(RARE) else chance.choice(LONG)


def stored(text: str) -> str:
    return text.encode(errors="replace").decode()


def encoded(fields: Sequence[tuple[str, str]]) -> str:
    """As a browser would write it, lone surrogates too, which no browser does."""
    return "&".join("=".join(quote_plus(part, errors="surrogatepass") for part in pair) for pair in fields)


def wrong(fields: list[tuple[str, str]], chance: random.Random) -> list[tuple[str, str]]:
    """The fields with one to three things wrong."""
    if not fields:
        return [(chance.choice(("page", "q", "next")), hostile(chance))]
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(fields))
        name, value = fields[place]
        match chance.randrange(10):
            case 0:
                fields.append((name, hostile(chance)))  # given twice
            case 1 if len(fields) > 1:
                del fields[place]
            case 2 if re.search(r"\d", name):
                fields[place] = re.sub(r"\d+", lambda _: chance.choice(PLACES), name, count=1), value
            case 3:
                fields.append((name + chance.choice(("-0", "-0-0", "-ko", "-rest", "-x")), hostile(chance)))
            case 4:
                fields.append(("do", f"{chance.choice(STEPS)}:{name}{chance.choice(('', '-0', '-²', '-9'))}"))
            case _:
                fields[place] = name, hostile(chance)
    return fields


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method of every route that isn't a file and doesn't end the session."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint not in ("static", "bootstrap.static", "accounts.logout"):
            yield from ((method, rule) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def names_read(view: Any) -> set[str]:
    """The names of fields that the module of a view, and what it hands a request on to, reads."""
    code = Path(getattr(view, "__wrapped__", view).__code__.co_filename).read_text()
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in READS and re.fullmatch("[a-z_]+", str(node.args[0].value)):
                found.add(node.args[0].value)
    return found | {"page", "q", "kind", "difficulty", "tag", "objective"}
