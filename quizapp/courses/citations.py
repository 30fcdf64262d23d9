"""Citations: the passage picker, how they stand after a lesson has changed, and which passages no question cites."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, render_template, request

from quizapp.courses import shelf
from quizapp.courses.shelf import Found
from quizapp.i18n import in_language
from quizapp.permissions import needs
from quizapp.web import page_number

room = Blueprint("citations", __name__)


@room.get("/passages")
@needs("banks")
def search() -> Any:
    """Passages for the picker, twenty at a time, as JSON.

    `q` words, `course`, `lesson` and `anchor` slugs, `page`; all may be absent.
    """
    sent = {name: clean(request.args.get(name, "")) for name in ("q", "course", "lesson", "anchor")}
    found, more = shelf.search(sent["q"], sent["course"], sent["lesson"], sent["anchor"], page_number())
    return jsonify(passages=[as_json(one) for one in found], more=more)


def as_json(found: Found) -> dict[str, str]:
    return {
        "course": found.lesson.course.slug,
        "course_title": in_language(found.lesson.course.title),
        "lesson": found.place.lesson,
        "lesson_title": in_language(found.lesson.title),
        "section": in_language(found.section),
        "anchor": found.place.anchor,
        "text": in_language(dict(found.wording)),
        "quote": found.quote,
    }


def clean(typed: str) -> str:
    """A typed text, short and without characters that a database refuses."""
    return "".join(character for character in typed[:200] if character.isprintable()).strip()


@room.get("/passages/picker")
@needs("banks")
def picker() -> str:
    """The dialog in which a passage is chosen, for the script that opens it."""
    return render_template("courses/_picker.html", lessons=shelf.lesson_list())
