"""One diff: what a preview says is what the import does, and the same again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quizapp import clock
from quizapp.banks import actions, queries
from quizapp.banks.diff import ADDED, CHANGED, REPEATED, SAME, HeldQuestion, diff, incoming_item
from quizapp.banks.models import Bank
from quizapp.formats import FORMATS
from quizapp.formats.items import Item
from quizapp.uploads import actions as imports
from quizapp.uploads.comparing import compared_content
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.preview import preview
from quizapp.uploads.reading import content_of
from tests.conftest import user_of

State = dict[str, tuple[str, int, bool]]
"""Of each question by key: the hash and the number of its current version, and whether it is archived."""

Q = ["a", "b", "c", "d", "e", ""]
"""Ids of items; one without an id goes by its content."""


def item(name: str, wording: int) -> Item:
    stem = {"en": f"Wording {wording}" + (f" of {name}" if name else "")}
    return Item(id=name, kind="truefalse", stem=stem, response={"answer": True})


wordings = st.tuples(st.sampled_from(Q), st.integers(1, 3))
held = st.lists(st.tuples(wordings, st.booleans()), max_size=6)
sent = st.lists(wordings, max_size=7)


def question(number: int, one: Item, archived: bool = False) -> HeldQuestion:
    return HeldQuestion(number, f"q{number}", 1, one.content_hash(), archived)


def test_each_item_has_one_status_and_what_is_not_sent_is_gone() -> None:
    before = {
        "same": question(1, item("same", 1)),
        "changed": question(2, item("changed", 1)),
        "back": question(3, item("back", 1), archived=True),
        "gone": question(4, item("gone", 1)),
        "gone before": question(5, item("gone before", 1), archived=True),
    }
    arriving = [item("same", 1), item("changed", 2), item("new", 1), item("back", 1), item("new", 2), item("same", 2)]
    found = diff(before, [incoming_item(one) for one in arriving])
    assert [(one.place, one.status) for one in found.comparisons] == [
        (0, SAME), (1, CHANGED), (2, ADDED), (3, CHANGED), (4, REPEATED), (5, REPEATED),
    ]  # fmt: skip
    assert [one.id for one in found.gone] == [4]
    assert found
    assert not diff(before, [incoming_item(item("same", 1))])


def state_of(bank: Bank) -> State:
    return {key: (one.hash, one.number, one.archived) for key, one in queries.held_questions(bank.id).items()}


def filled(slug: str, questions: Sequence[tuple[tuple[str, int], bool]]) -> Bank:
    """A bank with these questions, some of them archived."""
    owner, now = user_of("instructor"), clock.now()
    actions.import_items(owner, slug, {"en": slug}, [item(*wording) for wording, _ in questions], now)
    bank = queries.bank(slug)
    by_key = queries.held_questions(bank.id)
    archived = {by_key[incoming_item(item(*wording)).key].id for wording, out in questions if out}
    actions.archive(sorted(archived), now)
    return bank


slugs = (f"bank-{number}" for number in count())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(before=held, arriving=sent, unticked=st.sets(st.integers(0, 6)))
@example(before=[(("a", 1), False)], arriving=[("", 1)], unticked=set())
def test_an_import_does_what_its_preview_says(
    app: Flask,
    before: list[tuple[tuple[str, int], bool]],
    arriving: list[tuple[str, int]],
    unticked: set[int],
) -> None:
    owner, now = user_of("instructor"), clock.now()
    bank = filled(next(slugs), before)
    data = FORMATS["json"].write([item(*one) for one in arriving])
    (upload,) = imports.keep(owner, [("sent.json", data)], bank, "", ReadingOptions("json"), now)
    found = compared_content(upload, content_of(upload)).comparisons
    imports.store_ticks(upload, {one.place for one in found}, {one.place for one in found} - unticked)
    was, expected = state_of(bank), state_of(bank)
    keys = {one.id: key for key, one in queries.held_questions(bank.id).items()}
    for one in found:
        if one.status in (ADDED, CHANGED) and one.place not in unticked:
            key = keys[one.held.id] if one.held else one.incoming.key  # a guessed one keeps its key
            expected[key] = (one.incoming.hash, one.held.number + 1 if one.held else 1, False)
    if expected == was:
        assert preview(upload, 1, "").taking == 0
        with pytest.raises(imports.NothingTicked):
            imports.apply(upload, owner, True, now)
        assert state_of(bank) == was
        return

    changing = preview(upload, 1, "").taking
    done = imports.apply(upload, owner, True, now)
    assert state_of(bank) == expected
    assert done.outcome["counts"]["added"] + done.outcome["counts"]["changed"] == changing

    (again,) = imports.keep(owner, [("sent.json", data)], bank, "", ReadingOptions("json"), now)
    imports.store_ticks(again, {one.place for one in found}, {one.place for one in found} - unticked)
    assert preview(again, 1, "").taking == 0
    with pytest.raises(imports.NothingTicked):
        imports.apply(again, owner, True, now)
    assert state_of(bank) == expected

    imports.undo(done, owner, now)
    added = {key: (*one[:2], True) for key, one in expected.items() if key not in was}
    assert state_of(bank) == was | added


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(before=held, arriving=sent)
def test_the_command_does_what_its_dry_run_says(
    app: Flask, before: list[tuple[tuple[str, int], bool]], arriving: list[tuple[str, int]]
) -> None:
    """Here an item may come twice: nobody has read a file."""
    owner, now = user_of("instructor"), clock.now()
    bank = filled(next(slugs), before)
    items, was = [item(*one) for one in arriving], state_of(bank)
    said = actions.import_items(owner, bank.slug, {}, items, now, dry_run=True)
    assert state_of(bank) == was
    assert actions.import_items(owner, bank.slug, {}, items, now) == said
    assert len(said.added) + len(said.changed) + len(said.same) + len(said.repeated) == len(items)
    keys = {one.id: key for key, one in queries.held_questions(bank.id).items()}  # a guessed one keeps its key
    changed = {keys[one.held.id] if one.held else one.incoming.key:
               (one.incoming.hash, one.held.number + 1 if one.held else 1, False)
               for one in (*said.added, *said.changed)}  # fmt: skip
    assert state_of(bank) == was | changed
    assert not actions.import_items(owner, bank.slug, {}, items, now)
    assert state_of(bank) == was | changed
