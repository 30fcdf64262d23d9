"""Questions that answer one another: the right answer of one stands in what another shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.rules.authoring import Question, letters, remark

CHOSEN = {"ko": 10, "en": 20}
"""Letters from which on the words of an option are its own, and not a name or a term that any question may use: its own
question shows an option anyway, so that a mere mention of it elsewhere tells nothing."""
TYPED = {"ko": 5, "en": 8}
"""Letters from which on a word that has to be typed is told by one who writes it elsewhere."""
MANY = {"chosen": 3, "typed": 2}
"""A key that more questions than this have in their texts is a common term, and gives nothing away."""


def giveaways(items: Sequence[Question]) -> Iterator[tuple[Question, Problem]]:
    """Questions whose key stands in another one's text, unless the two are never drawn together."""
    said = set()
    for language in CHOSEN:
        for (place, key), others in holders(items, language).items():
            most = MANY["chosen" if key in chosen(items[place], language) else "typed"]
            for one in others if len(others) <= most else ():
                if (place, one) not in said and are_strangers(items[place], items[one]):
                    said.add((place, one))
                    yield items[place], given_away(items[one])


def holders(items: Sequence[Question], language: str) -> dict[tuple[int, str], list[int]]:
    """For each key with its question's place the places of the others that hold it. Goes through each text once."""
    beginning = min(CHOSEN[language], TYPED[language])
    shown = [texts_of(item, language) for item in items]
    keys: dict[str, set[tuple[int, str]]] = {}
    for place, item in enumerate(items):
        for key in telling_keys(item, language, shown[place]):
            keys.setdefault(key[:beginning], set()).add((place, key))
    found: dict[tuple[int, str], list[int]] = {}
    for place, text in enumerate(shown):
        held = {
            (owner, key)
            for at in range(len(text) - beginning + 1)
            for owner, key in keys.get(text[at : at + beginning], ())
            if owner != place and text.startswith(key, at)
        }
        for one in sorted(held):
            found.setdefault(one, []).append(place)
    return found


def given_away(other: Question) -> Problem:
    return remark(
        N_("The right answer appears in the question “%(other)s”."),
        "given-away",
        mend=N_("Reword one of them, or mark them as never drawn together."),
        other=other.id,
    )


def gives_away(other: str) -> Problem:
    """The same, said of the question that holds the other's key."""
    return remark(
        N_("This gives away the right answer to the question “%(other)s”."),
        "gives-away",
        mend=N_("Reword one of them, or mark them as never drawn together."),
        other=other,
    )


def are_strangers(one: Question, other: Question) -> bool:
    """Whether they may be drawn together: a question for lessons only is never drawn."""
    return not one.use and not other.use and other.id not in one.enemies and one.id not in other.enemies


def telling_keys(item: Question, language: str, shown: str) -> set[str]:
    """The right answers that are words of their own; of those to type, what the question itself doesn't show."""
    words = {
        letters(one["text"]) for part in parts_of(item) for one in right(part, "answers") if "*" not in one["text"]
    }
    return chosen(item, language) | {key for key in words if len(key) >= TYPED[language] and key not in shown}


def chosen(item: Question, language: str) -> set[str]:
    """The options that are right and have words of their own; of several right ones each is a part of the key."""
    found = {letters(one["text"].get(language, "")) for part in parts_of(item) for one in right(part, "choices")}
    return {key for key in found if len(key) >= CHOSEN[language]}


def parts_of(item: Question) -> list[Mapping[str, Any]]:
    """What is answered by itself: the gaps of a text, else the question."""
    parts: list[Mapping[str, Any]] = item.response.get("gaps") or [{**item.response, "kind": item.kind}]
    return [part for part in parts if part.get("kind") in ("choice", "multiple", "text")]


def right(part: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """What of a list is right. An option of several right ones may earn a share only."""
    least = 1 if name == "answers" or part["kind"] == "choice" else 0.01
    return [one for one in part.get(name, ()) if one.get("fraction", 0) >= least]


def texts_of(item: Question, language: str) -> str:
    """What a question shows before it is answered, as letters, with a mark between the texts."""
    body = item.response
    entries = [entry for name in ("choices", "options", "rows", "items") for entry in body.get(name, [])]
    shown = [item.stimulus, item.stem, body.get("text", {}), *(entry.get("text", {}) for entry in entries)]
    return "\n".join(letters(text.get(language, "")) for text in shown if isinstance(text, Mapping))
