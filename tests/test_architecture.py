"""Rules that hold for the whole application: who may come where, and that nothing is left unsaid in Korean."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import nodes

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.permissions import ROLES
from quizapp.web.pages import page_context
from tests.conftest import SECRET

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite3"
    return create_app(Settings(database_url=f"sqlite:///{path}", secret_key=SECRET))


def test_every_route_says_who_may_come(any_app: Flask) -> None:
    verbs = {verb for own in ROLES.values() for verb in own} | {"public"}
    for rule in any_app.url_map.iter_rules():
        if rule.endpoint in ("static", "bootstrap.static"):
            continue
        permission = getattr(any_app.view_functions[rule.endpoint], "permission", None)
        assert permission in verbs, f"{rule.endpoint} bears neither @needs nor @public"


def test_every_message_is_korean(tmp_path: Path) -> None:
    """What code and templates say in English now, the catalogue says in Korean, with the same places to fill."""
    pot = tmp_path / "messages.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "babel.cfg",
        "-k",
        "N_",
        "-k",
        "_l",
    ]
    subprocess.run([*command, "-o", str(pot), "."], cwd=ROOT, check=True)
    with pot.open("rb") as opened:
        wanted = {message.id: message for message in read_po(opened) if message.id}
    with (ROOT / "quizapp/translations/ko/LC_MESSAGES/messages.po").open("rb") as opened:
        korean = {message.id: message for message in read_po(opened, locale="ko") if message.id}
    missing = [key for key in wanted if key not in korean or not all(strings(korean[key].string))]
    assert not missing
    for key in wanted:
        english = strings(key)[-1]
        for string in strings(korean[key].string):
            assert places(string) == places(english), f"{english!r} and {string!r} have other places to fill"


def strings(text: object) -> list[str]:
    return list(text) if isinstance(text, (tuple, list)) else [str(text or "")]


def places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s|\{(\w+)\}", text))


def test_no_module_is_a_drawer() -> None:
    """Files have a subject; none is a place for whatever fits nowhere else."""
    drawers = {"utils", "helpers", "common", "misc", "managers"}
    assert not [path for path in (ROOT / "quizapp").rglob("*.py") if path.stem in drawers]


TEMPLATES = ROOT / "templates"
SHARED = ("macros", "controls", "pages")
USES = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
RENDERS = re.compile(r"""(?:render_template|get_template_attribute)\(\s*["']([^"']+)["']""")


LONG_WORDS = re.compile(r""""[^"]{60,}"|'[^']{60,}'""")


def test_a_template_can_be_read_line_by_line() -> None:
    """140 characters, but for a message that is longer by itself. `{%-` breaks a line without a space on the page."""
    pages = {page.relative_to(TEMPLATES): page.read_text().splitlines() for page in TEMPLATES.rglob("*.html")}
    lines = {f"{name}:{n}": line for name, all in pages.items() for n, line in enumerate(all, 1)}
    assert len(lines) > 4000
    assert [where for where, line in lines.items() if len(LONG_WORDS.sub("", line)) > 140] == []


def test_no_page_gives_a_name_that_every_page_has(any_app: Flask) -> None:
    """What base.html sets would hide what a view gives to its own template, and a view what all pages are made with."""
    with any_app.test_request_context("/"):
        of_all = set(page_context())
        base = any_app.jinja_env.parse((TEMPLATES / "base.html").read_text())
    of_base = {one.target.name for one in base.body if isinstance(one, nodes.Assign | nodes.AssignBlock)}  # type: ignore[attr-defined]
    assert {"here", "tones", "token_field"} <= of_base
    assert "theme" in of_all
    given = {
        f"{path.name}:{call.lineno}": {one.arg for one in call.keywords} & (of_all | of_base)
        for path in (ROOT / "quizapp").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "render_template"
    }
    assert len(given) > 80
    assert {where: names for where, names in given.items() if names} == {}


def test_only_a_part_without_macros_turns_escaping_off() -> None:
    """A module of macros is one for all threads: while one of them is in such a block, the others escape HTML twice."""
    loose = {str(page.relative_to(TEMPLATES)): text for page in TEMPLATES.rglob("*.html")
             if "autoescape" in (text := page.read_text())}  # fmt: skip
    assert list(loose) == ["attempts/_navigator.html"]
    assert "{% macro" not in loose["attempts/_navigator.html"]


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_template_uses_its_own_rooms_and_what_is_shared(template: Path) -> None:
    room = template.relative_to(TEMPLATES).parts[0]
    for used in USES.findall(template.read_text()):
        folder = used.rpartition("/")[0].partition("/")[0]
        assert folder in ("", room, *SHARED), f"{used} is another room's: make it a macro, or a panel that app.py wires"


@pytest.mark.parametrize(
    "module", sorted((ROOT / "quizapp").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_room_renders_its_own_templates(module: Path) -> None:
    room = module.relative_to(ROOT / "quizapp").parts[0]
    for used in RENDERS.findall(module.read_text()):
        assert used.partition("/")[0] in (room, *SHARED), f"{used} is another room's"


def test_the_package_itself_loads_nothing() -> None:
    """`import quizapp.formats` is for tools too: it brings neither Flask nor a database."""
    heavy = "{'flask', 'sqlalchemy', 'alembic', 'wtforms'}"
    code = f"import sys, quizapp.formats, quizapp.rules.settings; print(*sorted({heavy} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == ""
