"""What Aiken loses of an item, and which items it can't hold at all."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

from quizapp.errors import N_, Problem
from quizapp.formats.aiken.reader import ANSWER, EXPLANATION, OPTION
from quizapp.formats.aiken.writer import one_line, stem_lines
from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.formats.losses import RENAMED, loss, lost_fields, lost_texts
from quizapp.kinds.base import say


def losses_of(item: Item) -> list[Problem]:
    """Aiken takes single choices whose stem can't be mistaken for options."""
    if item.kind != "choice":
        return [Problem(N_("Aiken holds single choices only."), code="kind")]
    language = written_language(item)
    choices = item.response["choices"]
    if len(choices) > len(ascii_uppercase):
        return [
            Problem(N_("Aiken has letters for %(limit)s choices."), {"limit": len(ascii_uppercase)}, code="choices")
        ]
    if sum(choice.get("fraction") == 1 for choice in choices) > 1:
        return [Problem(N_("Aiken holds one right choice only; this question has several."), code="two-right")]
    problems = [*lost_fields(item, ()), *lost_texts(item)]
    if [choice["id"] for choice in choices] != list(ascii_lowercase[: len(choices)]):
        problems.append(loss(RENAMED, "lost-ids"))
    if any(choice.get("fraction", 0) not in (0, 1) for choice in choices):
        problems.append(loss(N_("Partly right and negative choices become wrong ones."), "lost-fractions"))
    if any(choice.get("feedback") or choice.get("pinned") for choice in choices):
        problems.append(loss(N_("The choices' feedback and fixed places are left out."), "lost-choices"))
    texts = [say(choice["text"], language) for choice in choices]
    if [one_line(text) for text in texts] != texts or stem_lines(item, language) != say(item.stem, language):
        problems.append(loss(N_("Line breaks in choices and spaces at the end of lines are left out."), "lost-lines"))
    return problems + unwritable(item, language)


def unwritable(item: Item, language: str) -> list[Problem]:
    """Aiken has no escape: a stem that reads as an option or an answer can't be written."""
    stem = stem_lines(item, language)
    texts = [stem.strip(), *(one_line(say(choice["text"], language)) for choice in item.response["choices"])]
    if not all(texts):
        return [Problem(N_("A text is missing in %(language)s."), {"language": language}, code="no-text")]
    for line in stem.split("\n"):
        if OPTION.fullmatch(line) or ANSWER.fullmatch(line):
            return [Problem(N_("The stem's line “%(line)s” would be read as an option."), {"line": line}, code="stem")]
    first = stem.lstrip("\n").partition("\n")[0]
    if EXPLANATION.fullmatch(first):
        said = N_("The stem's line “%(line)s” would be read as the explanation of the question before.")
        return [Problem(said, {"line": first}, code="stem")]
    return []
