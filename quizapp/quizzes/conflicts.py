"""Two people change a quiz at once: what the one has saved meanwhile, beside what the other was about to save."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from quizapp.accounts.models import AuditEntry, User
from quizapp.db import db
from quizapp.errors import N_
from quizapp.quizzes.models import Quiz
from quizapp.rules.settings import QuizSettings, Words, setting_words
from quizapp.web.i18n import in_language, moment, number

Content = Mapping[str, Any]
SETTINGS = tuple(QuizSettings.model_fields)
PART_LABELS = {
    "title": N_("Title"),
    "summary": N_("What it is about"),
    "sources": N_("Questions"),
    "access_code": N_("Access code"),
}
PARTS = (*PART_LABELS, *SETTINGS)
DIGITS = 8
"""Of the hash of each part."""


@dataclass(frozen=True)
class Difference:
    """A part that somebody else has changed. `kept`: what the form has instead, where it was changed there too."""

    label: str
    now: str
    kept: str | None


@dataclass(frozen=True)
class EditConflict:
    """Who has saved the quiz last and when, as far as that is known, and which parts aren't what they were."""

    by: str
    at: datetime | None
    parts: list[Difference]


def content(quiz: Quiz) -> dict[str, Any]:
    found = {"title": quiz.title, "summary": quiz.summary, "sources": quiz.sources, "settings": quiz.settings}
    return found | ({"access_code": quiz.access_code} if quiz.access_code else {})


def parts_of(content: Content) -> dict[str, Any]:
    """The parts as they count: what isn't said is as usual."""
    settings = QuizSettings.of(content.get("settings", {})).model_dump(mode="json")
    return {name: content.get(name) or None for name in PART_LABELS} | settings


def mark_of(quiz: Quiz) -> str:
    """What tells one state of a quiz from another, part by part."""
    return "".join(marks_of(content(quiz)).values())


def marks_of(content: Content) -> dict[str, str]:
    return {name: mark(part) for name, part in parts_of(content).items()}


def mark(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:DIGITS]


def seen_marks(seen: str) -> dict[str, str]:
    """The parts' marks that a form was made with; of one that can't be read, none is known."""
    if len(seen) != DIGITS * len(PARTS):
        return {}
    return {name: seen[place * DIGITS : (place + 1) * DIGITS] for place, name in enumerate(PARTS)}


def merged(seen: str, theirs: Content, mine: Content) -> dict[str, Any]:
    """What the form goes on with: one's own changes, and theirs where one has changed nothing."""
    before, now = seen_marks(seen), marks_of(mine)
    of = {name: theirs if before.get(name) == now[name] else mine for name in PARTS}
    found: dict[str, Any] = {name: of[name][name] for name in PART_LABELS if of[name].get(name)}
    settings = {name: of[name].get("settings", {}) for name in SETTINGS}
    return found | {"settings": {name: one[name] for name, one in settings.items() if name in one}}


def edit_conflict(quiz: Quiz, seen: str, theirs: Content, mine: Content) -> EditConflict:
    """What was changed meanwhile, and by whom."""
    name, at = last_change(quiz)
    return EditConflict(name, at, list(differences(seen, theirs, mine)))


def differences(seen: str, theirs: Content, mine: Content) -> Iterator[Difference]:
    before, now, own = seen_marks(seen), marks_of(theirs), marks_of(mine)
    their_parts, my_parts = parts_of(theirs), parts_of(mine)
    for name in PARTS:
        if now[name] != before.get(name) and now[name] != own[name]:
            label = PART_LABELS.get(name) or setting_words(name).label
            both = own[name] != before.get(name)
            yield Difference(
                _(label), part_in_words(name, their_parts[name]), part_in_words(name, my_parts[name]) if both else None
            )


def part_in_words(name: str, value: Any) -> str:
    """A part in words; "" where it would take a page to say it."""
    if name in ("title", "summary"):
        return in_language(value or {})
    if name == "access_code" or value is None:
        return value or _("none")
    if name == "sources":
        return ""
    return in_words(value, setting_words(name))


def in_words(value: Any, words: Words) -> str:
    if words.entry == "table":
        return ""
    if words.entry == "moment":
        return moment(datetime.fromisoformat(value))
    if words.entry == "percent":
        return f"{number(value * 100)}%"
    if words.entry == "switch":
        return _("yes") if value else _("no")
    if words.entry == "lines":
        return ", ".join(value) or _("none")
    return _(words.values[str(value)]) if words.values else number(value)


def last_change(quiz: Quiz) -> tuple[str, datetime | None]:
    """Who has changed a quiz last, by the audit log, and when; nothing of it where it isn't known."""
    row = db.session.execute(
        select(User.name, AuditEntry.at)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.verb == "change a quiz", AuditEntry.target == f"quiz {quiz.public_id}")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    return (row[0] or "", row[1]) if row else ("", None)
