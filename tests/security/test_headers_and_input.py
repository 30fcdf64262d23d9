"""What every reply carries, and what becomes of input that means harm: headers, cookies, scripts, odd bodies."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import limits, sessions
from quizapp.accounts.models import LoginFailure, User
from quizapp.app import create_app
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Slot
from quizapp.config import Settings, from_environment, normalised
from quizapp.db import atomic, db
from quizapp.errors import ConfigError
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.attempts.test_story import quiz_with
from tests.conftest import SECRET, make_app, user_of
from tests.person import Page, Person

pytestmark = pytest.mark.pages

SCRIPTS = (
    "<script>alert('x')</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}${7*7}",
    "javascript:alert(1)",
)


def walk(person: Person, *starts: str, most: int = 60) -> list[Page]:
    """Every page that links lead to, one for each shape of address; each is checked by `Page` on arrival."""
    pages: list[Page] = []
    shapes: set[str] = set()
    waiting = list(starts)
    while waiting and len(pages) < most:
        url = waiting.pop(0).partition("#")[0]
        shape = re.sub(r"/[a-z0-9-]*\d[a-z0-9]*|(?<=lessons/)[^/]+", "/*", url.partition("?")[0])
        if shape in shapes or "download" in url or url.startswith(("/static", "/settings/data")):
            continue
        shapes.add(shape)
        reply = person.send("GET", url, follow_redirects=True)
        if reply.mimetype == "text/html":
            pages.append(Page(person, reply))
            waiting += pages[-1].links()
    return pages


# --- headers ---


def test_nothing_keeps_what_is_taken_away(app: Flask, instructor: Person) -> None:
    """It is of one person, and of one moment: a sheet that is taken again after a regrade is another one."""
    quiz = quiz_with("deferred")
    with atomic():
        quiz.owner_id = user_of("instructor").id
    at = f"/quizzes/{quiz.public_id}"
    for address in (f"{at}/results/sheet.csv", f"{at}/results/sheet.xlsx", f"{at}/roster.csv",
                    "/banks/board/export/yaml?partial=1", "/settings/data"):  # fmt: skip
        reply = instructor.send("GET", address)
        assert reply.status_code == 200, address
        assert "attachment" in reply.headers["Content-Disposition"], address
        assert "private" in reply.headers["Cache-Control"], address
        assert "max-age" not in reply.headers["Cache-Control"], address


def test_no_view_sends_a_file_by_itself() -> None:
    """What it sent would be kept for a year, as the files of `static/` are."""
    package = Path(__file__).parents[2] / "quizapp"
    assert [one.name for one in package.rglob("*.py") if "send_file(" in one.read_text()] == ["pages.py"]


@pytest.mark.parametrize("who", ["visitor", "learner", "instructor"])
def test_every_page_forbids_what_it_does_not_need(request: pytest.FixtureRequest, app: Flask, who: str) -> None:
    attempt = actions.start(user_of("learner"), quiz_with("deferred"), clock.now())
    pages = walk(request.getfixturevalue(who), "/courses", "/login", "/home", "/settings", "/banks", "/grading",
                 "/nothing-here", f"/attempts/{attempt.public_id}/questions/1")  # fmt: skip
    assert len(pages) >= 8
    for page in pages:
        headers = page.response.headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'", page.url
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", page.url
        assert policy["form-action"] == "'self'", page.url
        assert not re.search("unsafe|http:|https:|[*]", headers["Content-Security-Policy"]), page.url
        assert headers["X-Content-Type-Options"] == "nosniff", page.url
        assert headers["X-Frame-Options"] == "DENY", page.url
        assert headers["Referrer-Policy"] == "same-origin", page.url
        assert "private" in headers["Cache-Control"], page.url
        assert "Cookie" in headers["Vary"], page.url
        assert "Content-Encoding" not in headers, f"{page.url}: packed beside a token, its length tells of it"
        foreign = page.tree.xpath("//@src[starts-with(., 'http') or starts-with(., '//')]")
        assert not foreign, f"{page.url}: {foreign}"


@pytest.mark.parametrize("url", ["/healthz", "/static/theme.css", "/static/nothing", "/settings/data", "/media/none"])
def test_replies_that_are_no_page_have_the_headers_too(learner: Person, url: str) -> None:
    reply = learner.send("GET", url)
    reply.close()
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert name in reply.headers, name


# --- cookies and sessions ---


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_out_of_reach(database_url: str, secure: bool) -> None:
    settings = Settings(database_url=normalised(database_url), secret_key=SECRET, secure_cookies=secure)
    app = create_app(settings, TESTING=True)
    with app.app_context():
        visitor = Person(app)
        base = "https://localhost" if secure else "http://localhost"
        token = re.search(
            r'csrf_token" type="hidden" value="([^"]+)', visitor.send("GET", "/login", base_url=base).text
        )
        assert token
        fields = {"csrf_token": token[1], "email": "learner@example.com", "password": "learner-demo"}
        headers = {"Referer": f"{base}/login"}
        reply = visitor.send("POST", "/login", data=fields, base_url=base, headers=headers)
        assert reply.status_code == 302
        cookies = reply.headers.getlist("Set-Cookie")
        prefix = "__Host-" if secure else ""
        assert {cookie.partition("=")[0] for cookie in cookies} == {f"{prefix}session", f"{prefix}remember_token"}
        for cookie in cookies:
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert ("Secure" in cookie) == secure
            assert "Domain" not in cookie
            assert "Path=/" in cookie
        assert ("Strict-Transport-Security" in reply.headers) == secure
        db.session.remove()
        db.engine.dispose()


def test_no_session_is_taken_over(app: Flask, visitor: Person) -> None:
    """A cookie planted before the log-in isn't the one after it, and what it held is gone."""
    before = visitor.token()
    planted = visitor.client.get_cookie("session")
    assert planted
    visitor.get("/login").send("password", email="learner@example.com", password="learner-demo")
    entered = visitor.client.get_cookie("session")
    assert entered
    assert entered.value != planted.value
    other = Person(app)
    other.client.set_cookie("session", planted.value)
    assert other.get("/home").url.startswith("/login")
    assert visitor.send("POST", "/preferences", data={"csrf_token": before, "theme": "dark"}).status_code == 400


@pytest.mark.parametrize("name", ["session", "remember_token"])
def test_a_made_up_cookie_is_nobody(app: Flask, visitor: Person, name: str) -> None:
    user = user_of("learner")
    token = sessions.begin(user, "", clock.now())
    for value in (token, f"{token}|0", "eyJfdXNlcl9pZCI6IjEifQ.x.y", "\xff\xfe", "a" * 4000, ""):
        visitor.client.set_cookie(name, value)
        assert visitor.send("GET", "/home").status_code == 302
        visitor.client.delete_cookie(name)


def test_logging_out_takes_both_cookies_away(visitor: Person) -> None:
    visitor.get("/login").send("password", email="learner@example.com", password="learner-demo")
    visitor.get("/courses").send("logout")
    assert visitor.client.get_cookie("remember_token") is None
    assert visitor.get("/home").url.startswith("/login")


# --- addresses ---

ELSEWHERE = (
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example",
    "/%09/evil.example\t", "http:evil.example", "javascript:alert(1)", "\x00//evil.example", " //evil.example",
    "/home\r\nSet-Cookie: planted=1", "/home\nLocation: https://evil.example", "data:text/html,x", "evil.example",
)  # fmt: skip


def test_no_way_out_of_the_site(app: Flask, learner: Person) -> None:
    """After a log-in or a choice of language, and for somebody who is logged in already."""
    for target in ELSEWHERE:
        leads_home(Person(app), learner, target)


def leads_home(visitor: Person, learner: Person, target: str) -> None:
    login = visitor.send("GET", "/login", query_string={"next": target})
    page = Page(visitor, login)
    for url in page.links():
        assert not url.startswith("//"), url
    fields = {"email": "learner@example.com", "password": "learner-demo", "csrf_token": visitor.token()}
    replies = [
        visitor.send("POST", "/login", data=fields, query_string={"next": target}),
        learner.send("GET", "/login", query_string={"next": target}),
        learner.send("POST", "/preferences", data={"csrf_token": learner.token(), "next": target}),
    ]
    for reply in replies:
        assert reply.status_code == 302
        assert reply.headers["Location"] == "/home"
        assert not [cookie for cookie in reply.headers.getlist("Set-Cookie") if cookie.startswith("planted")]


@pytest.mark.parametrize(
    "url", ["//evil.example/home", "/courses//evil.example", "/%2f%2fevil.example", "/\\evil.example"]
)
def test_slashes_lead_nowhere_else(visitor: Person, url: str) -> None:
    reply = visitor.client.open(path=url, base_url="http://localhost")
    assert re.match(r"(http://localhost)?/(?!/)|^$", reply.headers.get("Location", "")), reply.headers["Location"]


HOSTS = ("evil.example", "evil.example:80", "localhost@evil.example", "a b", "", "[::1", "x" * 300)


def test_a_host_of_somebody_s_choosing_is_not_repeated(learner: Person, visitor: Person) -> None:
    asked = ((visitor, "/courses"), (visitor, "/home"), (learner, "/home"), (visitor, "/nothing"))
    for (person, url), host in itertools.product(asked, HOSTS):
        reply = person.send("GET", url, headers={"Host": host, "X-Forwarded-Host": "evil.example"})
        assert reply.status_code < 500
        assert "evil.example" not in reply.text + reply.headers.get("Location", ""), url


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_an_address_is_believed_from_one_s_own_proxies_only(database_url: str, proxies: int, counted: str) -> None:
    settings = Settings(database_url=normalised(database_url), secret_key=SECRET, proxies=proxies)
    app = create_app(settings, TESTING=True)
    with app.app_context():
        visitor = Person(app)
        fields = {"csrf_token": visitor.token(), "email": "learner@example.com", "password": "wrong password"}
        visitor.send("POST", "/login", data=fields, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
        keys = set(db.session.scalars(select(LoginFailure.key)))
        assert keys == {*limits.of_password("learner@example.com", counted)}
        db.session.remove()
        db.engine.dispose()


# --- bodies ---

BODIES = (b"", b"{", b"\xff\xfe\x00", b"--x\r\n\r\n", b"seq=1&seq=2", b'{"choice": "a"}', b"&=&=" * 9000)


def test_a_huge_body_is_refused_with_a_page(learner: Person) -> None:
    data = {"csrf_token": learner.token(), "email": "x" * (2 * 1024 * 1024)}
    for url in ("/login", "/preferences", "/logout"):
        reply = learner.send("POST", url, data=data)
        assert reply.status_code == 413
        assert Page(learner, reply).heading
        assert learner.send("POST", url, data=data, headers={"Accept": "application/json"}).json["error"] == 413
    assert learner.send("POST", "/nothing-here", data=data).status_code in (404, 413)


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/json", "application/json; charset=utf-7", "multipart/form-data", "application/xml",
     "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "x/y/z",
     "application/x-www-form-urlencoded; charset=utf-16",
     "\xff", "multipart/form-data; boundary=" + "x" * 500],
)  # fmt: skip
def test_odd_bodies_are_refused(learner: Person, content_type: str) -> None:
    attempt = actions.start(user_of("learner"), quiz_with("deferred"), clock.now())
    headers = {"X-CSRFToken": learner.token(), "Accept": "application/json"}
    url = f"/attempts/{attempt.public_id}/questions/1"
    methods = (("POST", {400, 413, 415, 422}), ("PUT", {405}), ("DELETE", {405}), ("TRACE", {405}))
    for (method, status), body in itertools.product(methods, BODIES):
        reply = learner.send(method, url, data=body, content_type=content_type, headers=headers)
        nothing = reply.status_code == 200 and reply.json["seq"] == 0  # a readable form without an answer
        assert nothing or reply.status_code in status, f"{method}: {reply.status_code} {reply.text[:200]}"
    assert queries.slot(attempt.public_id, 1, user_of("learner").id).seq == 0


MARKS = ("nan", "inf", "-1", "1e999999", "1e-999999", "sNaN", "0x1", "9" * 500, "", "½", "١", "\0")


def test_an_odd_mark_is_refused_or_taken(app: Flask, instructor: Person) -> None:
    slot_id = handed_in_essay("An answer.")
    token = instructor.token()
    for mark in MARKS:
        reply = instructor.send("POST", f"/grading/{slot_id}", data={"csrf_token": token, "mark": mark, "seq": "1"})
        assert reply.status_code in (303, 409, 422), mark
        slot = fresh(slot_id)
        assert slot.fraction is None or 0 <= slot.fraction <= 1, mark


def handed_in_essay(text: str) -> int:
    """An essay of the learner's, handed in and waiting; the id of its slot."""
    user = user_of("learner")
    quiz = db.session.scalars(select(Quiz).where(Quiz.slug == "writing-tasks")).one()
    attempt = actions.start(user, quiz, clock.now())
    give_answer(user, attempt.public_id, 1, {"text": text}, 0, clock.now())
    actions.submit(user, attempt.public_id, clock.now())
    return queries.slot(attempt.public_id, 1, user.id).id


def fresh(slot_id: int) -> Slot:
    db.session.expire_all()
    return db.session.get_one(Slot, slot_id)


# --- scripts in what people type ---


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_comes_back_as_one(app: Flask, learner: Person, instructor: Person, script: str) -> None:
    """In a name, an essay and a comment, each where its writer and others see it; in addresses and searches too."""
    token = learner.token()
    learner.send("POST", "/settings/name", data={"csrf_token": token, "name": script})
    slot_id = handed_in_essay(script)
    instructor.send(
        "POST",
        f"/grading/{slot_id}",
        data={"csrf_token": instructor.token(), "mark": "1", "comment": script, "seq": "1"},
    )
    attempt = fresh(slot_id).attempt.public_id
    pages = [
        learner.get("/settings"), learner.get("/home"), learner.get(f"/attempts/{attempt}/results"),
        instructor.get("/grading"), instructor.get(f"/grading/{slot_id}"),
        Page(learner, learner.send("GET", "/login", query_string={"next": f"/home?{script}"}, follow_redirects=True)),
        Page(learner, learner.send("GET", "/courses", query_string={"page": script, script: script})),
        Page(instructor, instructor.send("GET", "/banks", query_string={"q": script})),
        Page(learner, learner.send("POST", f"/preferences?{script}", data={script: script, "name": script})),
    ]  # fmt: skip
    seen = 0
    for page in pages:
        assert script.startswith(("{", "java")) or script not in page.source, page.url
        assert not page.tree.xpath("//script[not(@src)] | //*[@onerror or @onload]"), page.url
        assert not page.tree.xpath("//@href[starts-with(., 'javascript:')]"), page.url
        seen += script in page.tree.text_content() or script in page.tree.xpath("//@value")
    assert seen >= 4, "what was typed is shown as it was typed"


def test_a_script_in_a_fresh_answer_stays_text(app: Flask, learner: Person) -> None:
    """A typed answer comes back to its own page, into JSON, and beside another tab's."""
    attempt = actions.start(user_of("learner"), quiz_with("deferred", whole=True), clock.now())
    slot = next(slot for slot in queries.slots(attempt.id) if slot.version.item.kind in ("text", "essay", "number"))
    url = f"/attempts/{attempt.public_id}/questions/{slot.position}"
    for seq, script in enumerate(SCRIPTS[:3]):
        reply = learner.fetch(url, {"seq": seq, "text": script})
        assert reply.mimetype == "application/json"
        stale = learner.send("POST", url, data={"csrf_token": learner.token(), "seq": 0, "text": f"{script}!"})
        for page in (learner.get(url), *([Page(learner, stale)] if stale.status_code == 409 else [])):
            assert script not in page.source
            assert not page.tree.xpath("//script[not(@src)] | //*[@onerror or @onload]")


# --- accounts ---


def test_a_log_in_tells_nothing_of_accounts(app: Flask) -> None:
    """Same status, same text and same headers for an account that there is and one that there isn't."""
    looks = []
    for email in ("learner@example.com", "nobody@example.com"):
        visitor = Person(app)
        fields = {"csrf_token": visitor.token(), "email": email, "password": "wrong password"}
        reply = visitor.send("POST", "/login", data=fields)
        text = re.sub(r'value="[^"]*"', "", reply.text)
        looks.append((reply.status_code, text, sorted(name for name, _ in reply.headers)))
    assert looks[0] == looks[1]


def test_the_limit_holds_over_two_servers(app: Flask, database_url: str) -> None:
    """Two applications on one database, as two machines are: failures at one count at the other."""
    other = make_app(database_url)
    here, there = Person(app), Person(other)
    fields = {"email": "learner@example.com", "password": "wrong password"}
    for person in (here, there) * (limits.TRIES // 2):
        reply = person.send("POST", "/login", data=fields | {"csrf_token": person.token()})
        assert "Too many" not in reply.text
    for person in (here, there):
        right = fields | {"csrf_token": person.token(), "password": "learner-demo"}
        reply = person.send("POST", "/login", data=right)
        assert reply.status_code == 422
        assert "Too many failed log-ins" in reply.text
    with other.app_context():
        db.engine.dispose()


def test_one_address_can_t_try_all_accounts(app: Flask, visitor: Person) -> None:
    now = clock.now()
    with atomic():
        ((key, most),) = limits.of_network("password", "127.0.0.1").items()
        db.session.add_all(LoginFailure(key=key, at=now) for _ in range(most))
    fields = {"csrf_token": visitor.token(), "email": "learner@example.com", "password": "learner-demo"}
    assert "Too many failed log-ins" in visitor.send("POST", "/login", data=fields).text


@pytest.mark.parametrize("field", ["name", "email", "password"])
def test_characters_that_a_database_refuses(app: Flask, visitor: Person, field: str) -> None:
    """NUL can't be stored by PostgreSQL: it is left out or refused, never an error of ours."""
    fields = {"name": "New", "email": "new@example.com", "password": "four words in a row"}
    reply = visitor.send(
        "POST", "/signup", data={"csrf_token": visitor.token(), **fields, field: f"\0{fields[field]}\0"}
    )
    assert reply.status_code in (302, 422)
    made = db.session.scalar(select(User).where(User.name == "New"))
    assert made is None or "\0" not in f"{made.name}{made.email}"


# --- settings ---


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"HOST": "0.0.0.0"}, "QUIZAPP_SECRET_KEY is missing"),  # noqa: S104
        ({"QUIZAPP_DATABASE_URL": "postgresql://localhost/quizapp"}, "QUIZAPP_SECRET_KEY is missing"),
        ({"QUIZAPP_SECRET_KEY": "short"}, "too short"),
        ({"QUIZAPP_SECURE_COOKIES": "yes"}, "QUIZAPP_SECURE_COOKIES=yes"),
        ({"QUIZAPP_PROXIES": "-1"}, "QUIZAPP_PROXIES=-1"),
    ],
)
def test_unsafe_settings_stop_the_start(tmp_path: Path, environ: dict[str, str], said: str) -> None:
    base = {"QUIZAPP_DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3"}
    with pytest.raises(ConfigError, match=re.escape(said)):
        from_environment(base | environ)


def test_the_kept_secret_is_whole_and_its_owner_s(tmp_path: Path) -> None:
    base = {"QUIZAPP_DATABASE_URL": f"sqlite:///{tmp_path}/var/site.sqlite3"}
    file = tmp_path / "var" / "secret_key"
    first = from_environment(base).secret_key
    assert len(first) == 64
    assert file.stat().st_mode & 0o077 == 0
    assert from_environment(base).secret_key == first
    file.write_text("")
    with pytest.raises(ConfigError, match="holds no secret"):
        from_environment(base)
