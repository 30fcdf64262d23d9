"""A loss that is told hides no other: what changes beside it is told too."""

from __future__ import annotations

import copy
import itertools
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from quizapp.formats import FORMATS
from quizapp.formats.base import written_language
from quizapp.formats.items import Item, from_json
from quizapp.formats.losses import ids_in
from quizapp.formats.reference import item_of
from quizapp.formats.schema import check_item
from quizapp.kinds import KINDS
from tests.formats.test_round_trip import EVERY

BESIDE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a licence": {"licence": "CC BY 4.0"},
    "a source": {"citations": [{"lesson": "intro", "anchor": "first"}]},
    "Markdown": {"stimulus": {"en": "Read *this*."}},
}
"""What some formats lose, whatever the question is."""


def called_anew(item: Item) -> Item:
    """The item with other ids of its parts than those that formats give by place."""
    written = json.dumps(item.response)
    for number, name in enumerate(dict.fromkeys(ids_in(item.response))):
        for old, new in (('"{}"', '"{}"'), ("{{{{{}}}}}", "{{{{{}}}}}")):
            written = written.replace(old.format(name), new.format(f"part-{number}x"))
    return from_json({**item.to_json(), "response": json.loads(written)})


def either() -> Item:
    """A choice between True and False."""
    choices = [{"id": name, "text": {"en": word}, "fraction": fraction}
               for name, word, fraction in (("a", "True", 1), ("b", "False", 0))]  # fmt: skip
    return from_json({"kind": "choice", "stem": {"en": "Is it so?"}, "response": {"choices": choices}})


def questions() -> Iterator[Item]:
    for kind in KINDS:
        yield called_anew(item_of(kind))
    yield either()


def test_the_questions_are_sound():
    assert [problem for item in questions() for problem in check_item(item.to_json())] == []


@EVERY
@pytest.mark.parametrize("beside", BESIDE)
def test_new_identifiers_and_another_kind_are_told_beside_any_loss(form, beside):
    for question in questions():
        item = from_json({**copy.deepcopy(question.to_json()), "id": "q1", **BESIDE[beside]})
        told = form.carries(item)
        if any(problem.is_error for problem in told):
            continue
        codes = {problem.code.removeprefix("lost-") for problem in told}
        read = form.read(form.write([item]), "en").items[0]
        assert read.kind == item.kind or codes & {"kind", "details"}
        before, after = list(ids_in(item.response)), list(ids_in(read.response))
        assert before == after or len(before) != len(after) or codes & {"ids", "details"}


CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"shuffle": False},
    {"status": "archived"},
    {"scoring": {"unit_penalty": 0.5}},
    {"scoring": {"method": "net-correct"}},
    {"feedback": {"general": {"en": "So it is."}, "partial": {"en": "Nearly."}}},
)
"""What one or the other format changes a little, or in silence elsewhere."""


def changed() -> Iterator[Item]:
    """Questions of each kind, each with a change of its own that is sound, or of one of its parts."""
    for kind in KINDS:
        plain = {**item_of(kind).to_json(), "id": "q1", "title": {"en": "A title"}}
        several = [plain | more for more in CHANGES]
        lists = [(key, place) for key, part in plain["response"].items() if isinstance(part, list)
                 for place in range(len(part))]  # fmt: skip
        for (key, place), more in itertools.product(lists, ({"fraction": 0.5}, {"pinned": True}, {"type": "relative"})):
            one = copy.deepcopy(plain)
            one["response"][key][place] |= more
            several.append(one)
        yield from (from_json(one) for one in several if not any(problem.is_error for problem in check_item(one)))


@EVERY
@pytest.mark.parametrize("beside", [{"licence": "CC BY 4.0"}, {"objectives": ["places"], "difficulty": 2}])
def test_what_is_told_of_a_question_is_told_beside_a_field_that_is_lost(form, beside):
    for item in changed():
        told = {problem.code for problem in form.carries(item)}
        assert told <= {problem.code for problem in form.carries(replace(item, **beside))}, item


@pytest.mark.parametrize("name", ["qti12", "qti21", "qti30"])
def test_a_question_is_read_back_from_its_package_without_a_zip(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip for each of thousands of questions would take long; what it would hold is read as it is in the zip."""
    form = FORMATS[name]
    items = [*form.read(form.SAMPLE).items, *questions()]
    told = [form.carries(item) for item in items]
    for item, problems in zip(items, told, strict=True):
        if not problems:
            (back,) = form.read(form.write([item]), written_language(item)).items
            assert (back.id or item.id, back.content()) == (item.id, item.content())
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert [form.carries(item) for item in items] == told
