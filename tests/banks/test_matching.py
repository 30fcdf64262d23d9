"""Which question of a bank an item without an id is likely to be: offered, never taken for sure."""

from __future__ import annotations

import time

from quizapp.banks.diff import ADDED, CHANGED, SAME, Diff, HeldQuestion, diff, incoming_item
from quizapp.banks.matching import Guesses, HeldText, guesses
from quizapp.banks.summary import words_of
from quizapp.formats.items import Item


def asked(stem: str, key: bool = True, title: str = "", number: str = "", name: str = "") -> Item:
    return Item(
        id=name,
        kind="truefalse",
        stem={"en": stem},
        response={"answer": key},
        title={"en": title} if title else {},
        provenance={"number": number} if number else {},
    )


Bank = tuple[dict[str, HeldQuestion], list[HeldText]]


def bank(*items: Item) -> Bank:
    held: dict[str, HeldQuestion] = {}
    texts = []
    for place, item in enumerate(items):
        one = incoming_item(item)
        held[one.key] = HeldQuestion(place, f"q{place}", 1, one.hash, False)
        titles = tuple(item.title.values())
        number = item.provenance.get("number", "")
        texts.append(HeldText(one.key, f"q{place}", words_of(item), titles, number, place))
    return held, texts


def matched(before: Bank, *items: Item) -> tuple[Guesses, Diff]:
    incoming = [incoming_item(item) for item in items]
    found = guesses(diff(before[0], incoming), before[1])
    return found, diff(before[0], incoming, {key: question.key for key, question in found.changes.items()})


CAPITAL, KING = asked("What is the capital of Korea?"), asked("Which king created Hangul, the Korean script?")


def test_a_mended_question_is_offered_as_a_change() -> None:
    mended = asked("What is the capital city of Korea?")
    found, compared = matched(bank(CAPITAL, KING), mended, KING)
    assert [(one.status, one.guessed, one.held and one.held.id) for one in compared.comparisons] == [
        (CHANGED, True, 0),
        (SAME, False, 1),
    ]
    assert not found.alike


def test_a_mended_key_is_a_change_of_the_same_wording() -> None:
    _, compared = matched(bank(CAPITAL, KING), asked("What is the capital of Korea?", key=False))
    assert [(one.status, one.guessed, one.held and one.held.id) for one in compared.comparisons] == [(CHANGED, True, 0)]


def test_what_was_changed_so_is_the_same_when_it_comes_again() -> None:
    held, _ = bank(CAPITAL, KING)
    mended = incoming_item(asked("What is the capital city of Korea?"))
    first = next(iter(held))
    held[first] = HeldQuestion(0, "q0", 2, mended.hash, False)  # its key is that of the first wording
    assert [one.status for one in diff(held, [mended]).comparisons] == [SAME]


def test_no_question_is_taken_twice_and_the_likeliest_is_taken() -> None:
    near, nearer = asked("What is the capital town of Korea?"), asked("What is the capital of Korea!", key=False)
    found, compared = matched(bank(CAPITAL), near, nearer)
    assert [one.status for one in compared.comparisons] == [ADDED, CHANGED]
    assert next(iter(found.alike.values())).public_id == "q0", "the other one is at least said to be alike"


def test_a_question_with_an_id_of_its_own_changes_no_other() -> None:
    found, compared = matched(bank(CAPITAL), asked("What is the capital city of Korea?", name="mine"))
    assert [one.status for one in compared.comparisons] == [ADDED]
    assert [question.public_id for question in found.alike.values()] == ["q0"]


def test_what_the_file_holds_as_it_is_is_no_candidate() -> None:
    found, compared = matched(bank(CAPITAL), CAPITAL, asked("What is the capital city of Korea?"))
    assert [one.status for one in compared.comparisons] == [SAME, ADDED]
    assert [question.public_id for question in found.alike.values()] == ["q0"]


OLD, NEW = "Sound travels fastest through steel.", "Sound is fastest in steel, not in air."


def test_a_name_or_a_number_makes_up_for_another_wording() -> None:
    others = [CAPITAL, KING]
    for title, number in (("Sound 1", ""), ("", "17")):
        before = bank(*others, asked(OLD, title=title, number=number))
        found, _ = matched(before, asked(NEW, title=title, number=number))
        assert [question.public_id for question in found.changes.values()] == ["q2"], (title, number)
    assert not matched(before, asked(NEW, number="170"))[0].changes


def test_a_number_alone_says_nothing() -> None:
    assert not matched(bank(asked(OLD, number="1")), asked("Which planet is the largest?", number="1"))[0].changes


def test_ten_thousand_mended_rows_beside_ten_thousand_questions_take_seconds() -> None:
    towns = ("Seoul", "Busan", "Daegu", "Jeju", "Ulsan", "Suwon", "Jeonju")
    stems = [f"Question {n} asks about {towns[n % 7]}: how many are {n * 7919 % 9973}?" for n in range(10_000)]
    before = bank(*(asked(stem) for stem in stems))
    mended = [asked(f"{stem} Say so.") for stem in stems]
    start = time.process_time()
    found, _ = matched(before, *mended)
    assert time.process_time() - start < 20
    expected = {incoming_item(item).key: f"q{place}" for place, item in enumerate(mended)}
    assert {key: question.public_id for key, question in found.changes.items()} == expected
