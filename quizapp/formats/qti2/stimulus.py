"""What stands above an item of QTI 2 and 3: texts that several items share, rubrics of sections, and its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from quizapp.formats.items import Media
from quizapp.formats.markup import html_of, paragraphs, text_from_html
from quizapp.formats.qti.documents import is_huge, local
from quizapp.formats.qti.media import MediaShelf
from quizapp.formats.qti.package_reader import QtiPackage
from quizapp.formats.qti.refusals import too_many_elements
from quizapp.formats.qti2.assessment_item import AssessmentItem
from quizapp.formats.qti2.vocabularies import to_qti2_names
from quizapp.kinds.base import Text

LEARNER = "candidate"
"""The view of a rubric that learners see."""


@dataclass(frozen=True)
class Block:
    """A rubric of a section: its file, its place there, and its element."""

    file: str
    place: int
    element: Any


@dataclass
class Stimulus:
    """A text that items share, with its media."""

    name: str
    text: Text
    media: dict[str, Media]
    alts: dict[str, str]
    missing: list[str]


def stimulus_of(question: AssessmentItem, package: QtiPackage, above: tuple[Block, ...]) -> Text:
    """The texts above an item as one: of its sections, shared by other items, and its own rubrics for learners."""
    if (own := question.stimulus_block) is not None:
        return question.text(own)
    texts = [*shared_texts(question, package, above), question.rubric(LEARNER)]
    return joined_texts([text for text in texts if text], question.language)


def joined_texts(texts: list[Text], language: str) -> Text:
    """Several texts as one, each a paragraph at least."""
    if len(texts) < 2:
        return texts[0] if texts else {}
    return text_from_html(paragraphs([html_of(text, language) for text in texts]), language)


def shared_texts(question: AssessmentItem, package: QtiPackage, above: tuple[Block, ...]) -> Iterator[Text]:
    """The texts of the sections and those in files of their own to which the item refers."""
    for block in above:
        key = (block.file, block.place, question.language)
        yield given(question, package, key, lambda taken, block=block: read_block(block, question, package, taken))
    for node in question.element:
        if local(node) != "assessmentStimulusRef":
            continue
        name = package.find(node.get("href") or "", question.shelf.beside)
        if name is None:
            question.shelf.missing.append(node.get("href") or "")
            continue
        key = (name, question.language)
        yield given(question, package, key, lambda taken, name=name: read_stimulus(name, question, package, taken))


def given(
    question: AssessmentItem,
    package: QtiPackage,
    key: tuple[Any, ...],
    read: Callable[[dict[str, Media]], Stimulus | None],
) -> Text:
    """A shared text, read once; {} where it can't be read. Its media come to the item."""
    if key not in package.shared:
        package.shared[key] = read({})
    stimulus: Stimulus | None = package.shared[key]
    if stimulus is None:
        question.shelf.missing.append(key[0])
        return {}
    taken = question.shelf.media
    if any(name in taken and taken[name].data != one.data for name, one in stimulus.media.items()):
        stimulus = read(taken) or stimulus  # its pictures need other names in this item
    taken.update({name: replace(one) for name, one in stimulus.media.items() if name not in taken})
    question.alts.update(stimulus.alts)
    question.shelf.missing += stimulus.missing
    return stimulus.text


def read_block(block: Block, question: AssessmentItem, package: QtiPackage, taken: dict[str, Media]) -> Stimulus:
    """The text of a rubric, its media under names that aren't `taken`."""
    inner = AssessmentItem(block.element, MediaShelf(package, block.file, dict(taken)), question.language)
    text = inner.text(block.element)
    return Stimulus(block.file, text, inner.shelf.media, inner.alts, inner.shelf.missing)


def read_stimulus(name: str, question: AssessmentItem, package: QtiPackage, taken: dict[str, Media]) -> Stimulus | None:
    """The shared text in a file, its media under names that aren't `taken`; None, with a warning, if it is damaged."""
    document = package.document(name)
    if document is None:
        return None
    if is_huge(document.root):
        package.problems.append(replace(too_many_elements(), severity="warning", place=name))
        return None
    root = to_qti2_names(document.root)
    inner = AssessmentItem(root, MediaShelf(package, name, dict(taken)), question.language)
    body = next((one for one in root if local(one) == "stimulusBody"), root)
    return Stimulus(name, inner.text(body), inner.shelf.media, inner.alts, inner.shelf.missing)
