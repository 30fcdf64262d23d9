"""Which language a page speaks, and how it writes moments and lengths of time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from jinja2 import nodes

from quizapp.web import i18n
from tests.person import Person


@pytest.mark.parametrize(
    ("asked", "language"),
    [("ko-KR,ko;q=0.9", "ko"), ("en-US,en;q=0.9", "en"), ("fr-FR", "ko"), ("", "ko"), ("en;q=0.4,ko;q=0.8", "ko")],
)
def test_the_browser_s_language_and_korean_first(app: Flask, asked: str, language: str) -> None:
    assert Person(app, language=asked).get("/courses").tree.get("lang") == language


@pytest.mark.parametrize(
    ("language", "written", "length"),
    [("ko", "2026년 12월 31일 오후 11:59", "2일 3시간"), ("en", "Dec 31, 2026, 11:59\u202fPM", "2 days 3 hours")],
)
def test_moments_are_korean_time(app: Flask, language: str, written: str, length: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        moment = i18n.moment(datetime(2026, 12, 31, 14, 59, tzinfo=UTC))
        assert moment.replace("\u202f", " ") == written.replace("\u202f", " ")
        assert i18n.duration(2 * 86400 + 3 * 3600 + 59) == length


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(1, 2, "1"), (1.0, 2, "1"), (0.0, 2, "0"), (-0.001, 2, "0"), (1234567.891, 2, "1,234,567.89"), (2.5, 0, "2"),
     (-0.25, 2, "-0.25"), (66.66666, 0, "67")],
)  # fmt: skip
def test_numbers(app: Flask, value: float, digits: int, written: str) -> None:
    with app.test_request_context():
        assert i18n.number(value, digits) == written


def test_people_of_both_languages_take_turns(app: Flask) -> None:
    """Templates are compiled a language at a time; nobody gets the other's, nor a macro of it."""
    korean, english = Person(app, language="ko"), Person(app, language="en")
    for _turn in range(2):
        for person, words, menu in ((korean, "로그인", "과정"), (english, "Log in", "Courses")):
            page = person.get("/login")
            assert words in page.heading
            assert menu in page.tree.xpath("string(//nav)")


def test_addresses_follow_a_proxy_s_root(app: Flask) -> None:
    """They are compiled into the templates, too, but only where the site stands at the root of its host."""
    asked = app.test_client()
    for _turn in range(2):
        for root in ("", "/school"):
            page = asked.get("/login", environ_overrides={"SCRIPT_NAME": root}).text
            assert f'href="{root}/courses"' in page
            assert f'src="{root}/static/menus.js' in page


def test_what_is_the_same_on_every_page_is_compiled_into_it(app: Flask) -> None:
    written = """{{ _("Log in") }}{{ url_for("accounts.login", next="/a&b") }}{{ icon("cross") }}
        {{ _("Guest %(name)s", name="a") }}{{ url_for("accounts.login", next=there) }}{{ icon(drawn) }}
        {{ url_for("banks.editor.edit", **place) }}"""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        parsed = app.jinja_env.parse(written)
        calls = [one.node for one in parsed.find_all(nodes.Call)]
        said = [one.value for one in parsed.find_all(nodes.Const) if "/login" in str(one.value)]
        filled = [one.left for one in parsed.find_all(nodes.Mod)]
        hostile = app.jinja_env.from_string('{{ _("Guest %(name)s", name=name) }}').render(name="<b>")
    assert [one.name for one in calls if isinstance(one, nodes.Name)] == ["url_for", "icon", "url_for"]
    assert said == ["/login?next=/a%26b"]
    assert [one.value for one in filled if isinstance(one, nodes.Const)] == ["Guest %(name)s"]
    assert hostile == "Guest &lt;b&gt;"


def test_an_edition_is_compiled_in_its_own_language(app: Flask) -> None:
    """Whatever is spoken when a template of it is first taken in, as where a preview speaks both languages."""
    written = '{{ _("Log in") }} {{ _("Guest %(name)s", name="a") }}'
    with app.test_request_context(headers={"Accept-Language": "en"}):
        english = app.jinja_env.get_template("base.html").environment
        with i18n.speaking("ko"):
            korean = app.jinja_env.select_template(["base.html"]).environment
            assert english.from_string(written).render() == "Log in Guest a"
            assert english.get_template("part.html").environment is english
        assert korean.from_string(written).render() == "로그인 게스트 a"
