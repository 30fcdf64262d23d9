"""Which question an item without an id is a newer wording of, and which new ones a bank seems to hold already. Pure.

A file says by a number, a name or its wording only that it may be the same question: nobody but a person knows. So
what is found here is offered, and decided in the preview; the command line goes by it and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from quizapp.banks.diff import ADDED, Comparison, Diff
from quizapp.banks.summary import words_of
from quizapp.rules.similarity import nearest, similarity

STILL = 0.4
"""So alike at least are two wordings of one question, where a number, a name or the place says that it is one."""


@dataclass(frozen=True, slots=True)
class HeldText:
    """What a question in use is known by: the words of it that are searched, its titles, its number in its file."""

    key: str
    public_id: str
    words: str
    titles: tuple[str, ...] = ()
    number: str = ""
    position: int = -1


@dataclass(frozen=True)
class Guesses:
    """By an item's key the question that it changes, and the one that it is much like without changing it."""

    changes: dict[str, HeldText] = field(default_factory=dict)
    alike: dict[str, HeldText] = field(default_factory=dict)

    def decided(self, as_new: Collection[str] = ()) -> dict[str, str]:
        """By an item's key that of the question which it changes, but for those that are added all the same."""
        return {key: question.key for key, question in self.changes.items() if key not in as_new}


def guesses(found: Diff, held: Sequence[HeldText]) -> Guesses:
    """What the items that a diff takes for new may be of the questions in use."""
    new = [one for one in found.comparisons if one.status == ADDED]
    words = {one.incoming.key: words_of(one.incoming.item) for one in new}
    gone = {one.public_id for one in found.gone}
    free = [one for one in held if one.public_id in gone]
    nameless = [one for one in new if one.incoming.is_nameless]
    likely = [*by_sign(nameless, free, words), *by_likeness(nameless, free, words)]
    changes: dict[str, HeldText] = {}
    taken: set[str] = set()
    for _, key, question in sorted(likely, key=lambda one: -one[0]):
        if key not in changes and question.key not in taken:
            changes[key] = question
            taken.add(question.key)
    rest = [one for one in new if one.incoming.key not in changes]
    alike = {key: question for _, key, question in by_likeness(rest, held, words)}
    return Guesses(changes, alike)


Likely = tuple[float, str, HeldText]
Signs = Sequence[object]


def by_likeness(new: Sequence[Comparison], held: Sequence[HeldText], words: dict[str, str]) -> Iterable[Likely]:
    texts = {one.incoming.key: words[one.incoming.key] for one in new}
    found = nearest(texts, ((question, question.words) for question in held))
    return [(likeness, key, question) for key, (question, likeness) in found.items()]


def by_sign(new: Sequence[Comparison], held: Sequence[HeldText], words: dict[str, str]) -> Iterable[Likely]:
    """Those that have the name, the number or the place of one question, and are still somewhat like it."""
    signs: tuple[tuple[float, Callable[[Comparison], Signs], Callable[[HeldText], Signs]], ...] = (
        (0.3, lambda one: titles_of(one.incoming.item.title), lambda question: question.titles),
        (0.2, number_of, lambda question: [question.number] if question.number else []),
        (0.1, lambda one: [one.place], lambda question: [question.position]),
    )
    for worth, sign_of_item, sign_of_question in signs:
        holders: dict[object, list[HeldText]] = {}
        for question in held:
            for sign in sign_of_question(question):
                holders.setdefault(sign, []).append(question)
        for one in new:
            for sign in sign_of_item(one):
                if len(with_it := holders.get(sign, [])) == 1:
                    likeness = similarity(words[one.incoming.key], with_it[0].words)
                    if likeness >= STILL:
                        yield likeness + worth, one.incoming.key, with_it[0]


def titles_of(title: dict[str, str]) -> tuple[str, ...]:
    return tuple(value for key, value in title.items() if key != "format" and value)


def number_of(one: Comparison) -> list[str]:
    number = str(one.incoming.item.provenance.get("number", ""))
    return [number] if number else []
