"""What every registered format keeps to, whatever it is."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import FORMATS
from quizapp.formats.base import CannotCarry, Format, Reading
from quizapp.formats.detect import detect
from quizapp.formats.items import NOT_PLAYED, Item, from_json
from quizapp.kinds import KINDS
from tests.formats.strategies import damaged

EVERY = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())


def sums_up(reading: Reading) -> bool:
    return reading.found == len(reading.items) + reading.skipped + reading.failed


def contents(items: list[Item]) -> list[tuple[str, dict]]:
    return [(item.id, item.content()) for item in items]


def writable(form: Format, items: list[Item]) -> list[Item]:
    return [item for item in items if not any(problem.is_error for problem in form.carries(item))]


@EVERY
def test_the_sample_reads_without_errors(form):
    reading = form.read(form.SAMPLE)
    assert [problem.message for problem in reading.errors] == []
    assert reading.items
    assert sums_up(reading)


@EVERY
def test_every_item_can_be_played_or_says_that_it_cannot(form):
    for item in form.read(form.SAMPLE).items:
        assert item.kind in (*KINDS, *NOT_PLAYED)
        assert item.kind in NOT_PLAYED or KINDS[item.kind].check(item.body) == []
        assert item.kind != "opaque" or item.provenance.get("original")
        assert item.provenance["format"] == form.NAME or form.NAME == "zip"


@EVERY
def test_what_is_written_reads_the_same(form):
    items = writable(form, form.read(form.SAMPLE).items)
    assert contents(form.read(form.write(items)).items) == contents(items)


@EVERY
def test_what_cannot_be_carried_is_refused(form):
    for item in form.read(form.SAMPLE).items:
        if any(problem.is_error for problem in form.carries(item)):
            with pytest.raises(CannotCarry):
                form.write([item])


@EVERY
def test_a_kind_that_a_format_does_not_know_is_refused_or_kept_whole(form):
    """A new kind needs no word in any format: a writer says that it can't, or writes it as any other."""
    new = Item(id="new", kind="odd_one_out", stem={"en": "Which?"}, response={"things": [], "odd": "a"})
    if any(problem.is_error for problem in form.carries(new)):
        with pytest.raises(CannotCarry):
            form.write([new])
    else:
        problems = form.read(form.write([new])).problems
        assert [problem.values.get("value") for problem in problems] == ["odd_one_out"]


@EVERY
@pytest.mark.parametrize("source", FORMATS.values(), ids=FORMATS.keys())
def test_any_format_in_any_format_out(form, source):
    """Questions of every sample are written wholly, with losses told, or refused with a reason."""
    items = source.read(source.SAMPLE).items
    for item in items:
        assert all(problem.message and problem.severity in ("loss", "error") for problem in form.carries(item))
    fit = writable(form, items)
    reading = form.read(form.write(fit))
    assert [problem.message for problem in reading.errors if fit] == []
    assert len(reading.items) == len(fit)


SEVERAL = from_json(
    {
        "stem": {"en": "Which is a vowel?"},
        "response": {
            "choices": [
                {"id": name, "text": {"en": name.upper()}, "fraction": fraction}
                for name, fraction in (("a", 1), ("b", 0), ("e", 1), ("y", 0.5))
            ]
        },
    }
)


@EVERY
@pytest.mark.parametrize("as_gap", [False, True])
def test_two_right_choices_are_both_kept_or_refused(form, as_gap):
    """Whichever is chosen earns all: no format makes one of them wrong, and each says it when it reads them."""
    made = SEVERAL
    if as_gap:
        gap = {"id": "g1", "kind": "choice", **SEVERAL.response}
        made = Item(kind="cloze", response={"text": {"en": "A vowel: {{g1}}"}, "gaps": [gap]})
    if writable(form, [made]):
        reading = form.read(form.write([made]), "en")
        choices = [
            choice
            for one in reading.items
            for part in (one.body, *one.response.get("gaps", ()))
            for choice in part.get("choices", ())
        ]
        assert [choice["fraction"] for choice in choices if choice["fraction"] in (0, 1)].count(1) == 2
        assert any(problem.code == "several-right" for problem in reading.problems)


@EVERY
def test_the_sample_is_told_from_those_of_other_formats(form):
    chances = {name: other.sniff(form.SAMPLE) for name, other in FORMATS.items()}
    assert max(chances, key=lambda name: chances[name]) == form.NAME
    assert all(0 <= chance <= 1 for chance in chances.values())
    assert detect(form.SAMPLE) == form.NAME
    assert detect(form.SAMPLE, f"x{form.SUFFIXES[0]}") == form.NAME


@EVERY
def test_an_empty_file_is_told(form):
    reading = form.read(b"")
    assert (reading.items, reading.found) == ([], 0)
    assert reading.problems


@EVERY
@settings(max_examples=40)
@given(data=st.data())
def test_no_bytes_whatever_raise(form, data):
    damage = data.draw(damaged(form.SAMPLE) | st.binary(max_size=200))
    reading = form.read(damage)
    assert sums_up(reading)
    assert 0 <= form.sniff(damage) <= 1
    assert all(problem.message and (not problem.mend or problem.mend % problem.values) for problem in reading.problems)
    for item in writable(form, reading.items):
        assert item.kind in NOT_PLAYED or KINDS[item.kind].check(item.body) == []


@pytest.mark.parametrize("original", ["<a", "<!DOCTYPE q [<!ENTITY x 'x'>]><q>&x;</q>", "\0", 5, None, {"a": 1}])
def test_a_forged_original_is_a_loss_and_no_crash(original: object) -> None:
    """What another file says of an item's origin may be anything; only what is sound goes back into a file."""
    for name, form in FORMATS.items():
        forged = from_json({"id": "q", "kind": "opaque", "stem": {"en": "x"}})
        forged.provenance = {"format": name, "original": original}
        for problem in form.carries(forged):
            assert problem.message
        with suppress(CannotCarry):
            form.write([forged])
