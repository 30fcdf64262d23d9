"""The settings that a question has only in Moodle: kept for the way back, or reported as lost."""

from __future__ import annotations

import re
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.kinds.base import nfc

READ = frozenset({
    "name", "questiontext", "generalfeedback", "defaultgrade", "hidden", "idnumber", "tags", "coursetags", "hint",
    "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "shuffleanswers", "answer", "single",
    "usecase", "units", "unitgradingtype", "unitpenalty", "subquestion", "gradingtype", "minwordlimit",
    "maxwordlimit", "responsetemplate", "graderinfo", "image", "image_base64", "selectoption", "dragbox",
})  # fmt: skip
"""The elements that other modules read."""
SETTING = re.compile(r"[a-z][a-z0-9_]{0,63}")
HINT_OPTIONS = ("shownumcorrect", "clearwrong", "options")
MAX_SETTING = 1000
"""The most characters that a setting may have."""


def keep_settings(item: Item, element: Any) -> list[Problem]:
    """Keep the settings that only Moodle has, and report what can't be kept."""
    settings: dict[str, str] = {}
    lost = []
    for child in element:
        name = child.tag if isinstance(child.tag, str) else ""
        if name in READ:
            continue
        value = nfc("".join(child.itertext())).strip()
        if not len(child) and SETTING.fullmatch(name) and len(value) <= MAX_SETTING:
            settings[name] = value
        elif value or child.find(".//file") is not None:
            lost.append(name)
    if settings:
        item.provenance["moodle"] = settings
    hints = [options_of(hint) for hint in element.findall("hint") if (hint.findtext("text") or "").strip()]
    if any(hints):
        item.provenance["moodle_hints"] = hints
    return [
        loss(N_("“%(name)s” of the question in Moodle is left out."), "lost-part", name=name)
        for name in dict.fromkeys(lost)
    ]


def options_of(hint: Any) -> dict[str, str]:
    """What Moodle does beside showing the hint."""
    return {name: (hint.findtext(name) or "").strip() for name in HINT_OPTIONS if hint.find(name) is not None}


def settings_of(item: Item) -> dict[str, str]:
    """The settings to give back to Moodle. An uploaded item may hold anything; what can't be a setting is ignored."""
    settings = item.provenance.get("moodle")
    if not isinstance(settings, dict):
        return {}
    return {name: str(value) for name, value in settings.items() if name not in READ and SETTING.fullmatch(str(name))}


def hint_options(item: Item, index: int) -> dict[str, str]:
    """The options of the hint at a place."""
    hints = item.provenance.get("moodle_hints")
    found = hints[index] if isinstance(hints, list) and index < len(hints) else None
    return {name: str(found[name]) for name in HINT_OPTIONS if name in found} if isinstance(found, dict) else {}
