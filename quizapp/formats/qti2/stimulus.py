"""The texts that several items of QTI 2 and 3 share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quizapp.formats.items import Media
from quizapp.formats.qti.documents import is_huge, local
from quizapp.formats.qti.media import MediaShelf
from quizapp.formats.qti.package import QtiPackage
from quizapp.formats.qti.refusals import huge
from quizapp.formats.qti2.assessment_item import AssessmentItem
from quizapp.formats.qti2.vocabularies import to_qti2_names
from quizapp.kinds.base import Text


def shared_stimulus(question: AssessmentItem, package: QtiPackage) -> Text:
    """The text in a file of its own to which the item refers; {} if there is none."""
    for node in question.element:
        if local(node) != "assessmentStimulusRef":
            continue
        name = package.find(node.get("href") or "", question.shelf.beside)
        stimulus = stimulus_of(name, question.language, package) if name else None
        if stimulus is None:
            question.shelf.missing.append(node.get("href") or "")
            continue
        taken = question.shelf.media
        if any(key in taken and taken[key].data != one.data for key, one in stimulus.media.items()):
            # Its pictures need other names in this item.
            stimulus = read_stimulus(stimulus.name, question.language, package, taken) or stimulus
        taken.update({key: replace(one) for key, one in stimulus.media.items() if key not in taken})
        question.alts.update(stimulus.alts)
        question.shelf.missing += stimulus.missing
        return stimulus.text
    return {}


@dataclass
class Stimulus:
    """A text that items share, with its media."""

    name: str
    text: Text
    media: dict[str, Media]
    alts: dict[str, str]
    missing: list[str]


def stimulus_of(name: str, language: str, package: QtiPackage) -> Stimulus | None:
    """The shared text in a file, read once; None, with a warning noted, if it can't be read."""
    key = (name, language)
    if key not in package.shared:
        package.shared[key] = read_stimulus(name, language, package, {})
    return package.shared[key]


def read_stimulus(name: str, language: str, package: QtiPackage, taken: dict[str, Media]) -> Stimulus | None:
    """The shared text in a file, its media under names that aren't `taken`."""
    document = package.document(name)
    if document is None:
        return None
    if is_huge(document.root):
        package.problems.append(replace(huge(), severity="warning", place=name))
        return None
    root = to_qti2_names(document.root)
    inner = AssessmentItem(root, MediaShelf(package, name, dict(taken)), language)
    body = next((one for one in root if local(one) == "stimulusBody"), root)
    text = inner.text(body)
    return Stimulus(name, text, inner.shelf.media, inner.alts, inner.shelf.missing)
