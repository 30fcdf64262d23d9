"""Every message renders: a bare per cent sign, or a place that nothing fills, would end a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT / "quizapp/translations/ko/LC_MESSAGES/messages.po"
PLACE = re.compile(r"%\((\w+)\)[sd]")
MARKING = "N_"
RAISED = re.compile(r"Problem|\w*Error|NotFound|NotAllowed|Conflict|TooMany|Barred|Unreadable|Nothing|CannotCarry")


class Plausible(dict[str, int]):
    """A value for whatever a message asks for."""

    def __missing__(self, name: str) -> int:
        return 7


@cache
def calls() -> tuple[ast.Call, ...]:
    trees = (ast.parse(path.read_text()) for path in sorted((ROOT / "quizapp").rglob("*.py")))
    return tuple(node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def literal(node: ast.expr | None) -> str | None:
    """The text that stands in the code, marked for translation or not."""
    if isinstance(node, ast.Call) and name_of(node) == MARKING:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def raised() -> Iterator[tuple[ast.Call, str, str]]:
    """Every problem and error that is made with its words in place: the call, the sentence, and how to mend it."""
    for call in calls():
        if RAISED.fullmatch(name_of(call)):
            at = 1 if name_of(call) == "ResponseError" else 0
            mend = next((literal(one.value) for one in call.keywords if one.arg == "mend"), None)
            sentence = literal(call.args[at]) if len(call.args) > at else None
            yield call, sentence or "", mend or ""


def in_code() -> set[str]:
    marked = {literal(call) for call in calls() if name_of(call) == MARKING}
    return {text for text in marked if text} | {text for _, *texts in raised() for text in texts if text}


def in_korean() -> dict[str, str]:
    with CATALOGUE.open("rb") as opened:
        found = {message.id: message.string for message in read_po(opened, locale="ko") if message.id}
    return {text: str(found[text]) for text in in_code() if text in found}


def is_renderable(text: str) -> bool:
    try:
        shown = text % Plausible()
    except (ValueError, TypeError):
        return False
    return bool(shown) and "%" not in PLACE.sub("", text.replace("%%", ""))


def test_every_message_renders_in_each_language() -> None:
    assert len(in_code()) > 700
    assert len(in_korean()) > 700
    assert not [text for text in (*in_code(), *in_korean().values()) if not is_renderable(text)]


@pytest.mark.parametrize("text", ["put “%” before", "100% of it", "5 %", "%s of them", "a %(name) b", "%(name)"])
def test_what_cannot_be_rendered_is_seen(text: str) -> None:
    assert not is_renderable(text)


def test_what_a_message_asks_for_is_given() -> None:
    """Where a problem stands in the code with its words and values, no place of its sentences stays empty."""
    checked = 0
    for call, sentence, mend in raised():
        given = values_of(call)
        if given is None or not sentence:
            continue
        checked += 1
        assert set(PLACE.findall(sentence + mend)) <= given, sentence
    assert checked > 200


def values_of(call: ast.Call) -> set[str] | None:
    """The names of the values that go into the sentence; None where the code doesn't spell them out."""
    named = [one.arg for one in call.keywords]
    if name_of(call) != "Problem":
        return None if None in named else {name for name in named if name}
    values = (
        call.args[1] if len(call.args) > 1 else next((one.value for one in call.keywords if one.arg == "values"), None)
    )
    if values is None:
        return None if None in named else set()
    if not isinstance(values, ast.Dict) or not all(isinstance(key, ast.Constant) for key in values.keys):
        return None
    return {str(key.value) for key in values.keys if isinstance(key, ast.Constant)}
