"""From an `assessmentItem` to our item: its kind with the feedback, points, title, stimulus and media around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import MAX_QUESTIONS, Collector
from quizapp.formats.items import Item, Media
from quizapp.formats.made_ids import forget_made_id
from quizapp.formats.markup import text_from_plain
from quizapp.formats.qti.package import Package, Shelf, is_elsewhere, is_huge, local, parse_document
from quizapp.formats.qti2.choices import Reading, maximum_of
from quizapp.formats.qti2.kinds import read_item
from quizapp.formats.qti2.source import Source
from quizapp.formats.qti2.vocabularies import undress
from quizapp.formats.qti12.items import XML_LANG, huge, kept_as_it_is
from quizapp.formats.qti12.scoring import Unsupported
from quizapp.formats.qti12.source import Wrong
from quizapp.formats.schema import MAX_POINTS
from quizapp.kinds.base import Text, nfc

REFERENCES = ("src", "href", "data", "poster")
SOLUTION = "SOLUTION"
WRONG_MARKS = ("incorrect", "wrong", "false")
RIGHT_MARKS = ("correct", "right", "true")


@dataclass
class ItemFile:
    """One item: its file, category, and, for a file that isn't in a package, what it was read from."""

    root: Any
    name: str
    category: tuple[str, ...] = ()
    language: str | None = None
    source: bytes = b""


def take_item(file: ItemFile, package: Package, collector: Collector) -> None:
    """Read one item into the collector: as a question, as one kept as it is, or as a problem."""
    line = file.root.sourceline
    if collector.reading.found >= MAX_QUESTIONS:
        collector.refuse_many(line, file.name)
        return
    if is_huge(file.root):
        collector.fail([huge()], line, file.name)
        return
    undress(file.root)
    source = Source(file.root, Shelf(package, file.name), language_for(file))
    try:
        item = read(source, file, package)
    except Wrong as wrong:
        collector.fail([wrong.problem, *source.problems], line, file.name)
        return
    except Unsupported as reason:
        item = opaque(source, file)
        source.problems.append(kept_as_it_is(reason))
    forget_made_id(item)
    collector.take(item, [*source.problems, *source.shelf.problems()], line, file.name)


def language_for(file: ItemFile) -> str:
    """The language that was asked for, or declared, or that of the letters."""
    declared = file.root.get(XML_LANG)
    if file.language:
        return file.language
    if declared:
        return declared.split("-")[0].lower() or "en"
    body = next((node for node in file.root if local(node) == "itemBody"), file.root)
    return language_of("".join(body.itertext()))


def read(source: Source, file: ItemFile, package: Package) -> Item:
    found = read_item(source)
    draft = found.draft
    if not draft.stem and draft.kind != "cloze":
        raise Wrong(N_("The question has no text."), "no-text", N_("Write what is asked."))
    item = base_item(source, file)
    item.kind, item.response, item.scoring = draft.kind, draft.response, draft.scoring
    item.stem, item.shuffle = draft.stem or {}, found.shuffle
    own = source.stimulus_block
    item.stimulus = source.text(own) if own is not None else shared_stimulus(source, package)
    item.points = points_of(source, found)
    item.feedback = feedback_of(source, found, item)
    if found.right and not source.has_processing:
        source.problems.append(
            Problem(
                N_("It doesn't say how it is scored; the answers declared as right are used."),
                code="no-processing",
                severity="warning",
            )
        )
    item.media = media_of(source)
    return item


def base_item(source: Source, file: ItemFile) -> Item:
    element = source.element
    ident, title = nfc(element.get("identifier") or ""), nfc(element.get("title") or "").strip()
    return Item(
        id=ident,
        title={} if title in ("", ident) else text_from_plain(title, source.language),
        category=list(file.category),
        provenance={"source_id": ident} if ident else {},
    )


def opaque(source: Source, file: ItemFile) -> Item:
    """A question that we can't play: its source, and every file that it refers to under the address it uses."""
    item = base_item(source, file)
    item.kind = "opaque"
    item.stem = source.stem(*source.interactions) if any(local(node) == "itemBody" for node in source.element) else {}
    written = file.source or source.shelf.package.files[file.name]
    item.provenance["original"] = etree.tostring(parse_document(written), encoding="unicode", with_tail=False)
    shelf = source.shelf
    for node in source.element.iter():
        for key in REFERENCES:
            if isinstance(node.tag, str) and node.get(key) and not is_elsewhere(node.get(key)):
                shelf.address(node.get(key))
    item.media = media_of(source)
    return item


def media_of(source: Source) -> list[Media]:
    for medium in source.shelf.media.values():
        medium.alt = medium.alt or source.alts.get(medium.name, "")
    return list(source.shelf.media.values())


def shared_stimulus(source: Source, package: Package) -> Text:
    """The text that several items share, which stands in a file of its own."""
    for node in source.element:
        if local(node) != "assessmentStimulusRef":
            continue
        name = package.find(node.get("href") or "", source.shelf.beside)
        stimulus = stimulus_of(name, source.language, package) if name else None
        if stimulus is None:
            source.shelf.missing.append(node.get("href") or "")
            continue
        taken = source.shelf.media
        if any(key in taken and taken[key].data != one.data for key, one in stimulus.media.items()):
            # Its pictures need other names in this item.
            stimulus = read_stimulus(stimulus.name, source.language, package, taken) or stimulus
        taken.update({key: replace(one) for key, one in stimulus.media.items() if key not in taken})
        source.alts.update(stimulus.alts)
        source.shelf.missing += stimulus.missing
        return stimulus.text
    return {}


@dataclass
class Stimulus:
    """A text that items share, with what it shows."""

    name: str
    text: Text
    media: dict[str, Media]
    alts: dict[str, str]
    missing: list[str]


def stimulus_of(name: str, language: str, package: Package) -> Stimulus | None:
    """The shared text in a file, read once; None, with a warning noted, if it can't be read."""
    key = (name, language)
    if key not in package.shared:
        package.shared[key] = read_stimulus(name, language, package, {})
    return package.shared[key]


def read_stimulus(name: str, language: str, package: Package, taken: dict[str, Media]) -> Stimulus | None:
    """The shared text in a file, its media named so that they keep apart from those that are taken."""
    document = package.document(name)
    if document is None:
        return None
    if is_huge(document.root):
        package.problems.append(replace(huge(), severity="warning", place=name))
        return None
    root = undress(document.root)
    inner = Source(root, Shelf(package, name, dict(taken)), language)
    body = next((one for one in root if local(one) == "stimulusBody"), root)
    text = inner.text(body)
    return Stimulus(name, text, inner.shelf.media, inner.alts, inner.shelf.missing)


def points_of(source: Source, found: Reading) -> float:
    """The declared maximum, else the score of the right response, else 1."""
    if found.draft.kind == "description":
        return 1
    points = maximum_of(source) or (source.processing.score(found.right) if found.right else 0)
    points = round(points, 5)
    if not 0 < points <= MAX_POINTS:
        return 1
    return int(points) if points == int(points) else points


def feedback_of(source: Source, found: Reading, item: Item) -> dict[str, Text]:
    """The modal feedback by moment; what a single choice brings up goes to that choice."""
    texts = {
        (node.get("outcomeIdentifier", ""), node.get("identifier", "")): source.text(node)
        for node in source.element
        if local(node) == "modalFeedback" and node.get("showHide", "show") == "show"
    }
    if not texts:
        return {}
    shown = source.processing.feedback
    nothing = shown({})
    right = shown(found.right) if found.right else nothing
    by_choice = {name: shown(probe) for name, probe in found.probes.items()}
    feedback: dict[str, Text] = {}
    for key, text in texts.items():
        choices = [name for name, keys in by_choice.items() if key in keys]
        moment = moment_of(key, right, nothing, choices, len(by_choice))
        if moment:
            feedback.setdefault(moment, text)
        elif len(choices) == 1 and give_to_choice(item, found.ids[choices[0]], text):
            continue
        elif text:
            source.problems.append(unshown(key[1]))
    return {moment: text for moment, text in feedback.items() if text}


def unshown(ident: str) -> Problem:
    return Problem(
        N_("The feedback “%(ident)s” is left out: it can't be told when it is shown."),
        {"ident": ident},
        code="feedback",
        severity="loss",
    )


def moment_of(
    key: tuple[str, str], right: set[tuple[str, str]], nothing: set[tuple[str, str]], choices: list[str], count: int
) -> str:
    """When feedback is shown: for any answer, for a right or a wrong one; "" where it goes with a choice."""
    name = key[1].lower()
    if key[0] == SOLUTION or name == "solution":
        return "solution"
    if key in right and (len(choices) == count if count else key in nothing):
        return "general"
    marked = next((moment for moment, marks in (("wrong", WRONG_MARKS), ("right", RIGHT_MARKS))
                   if any(mark in name for mark in marks)), "")  # fmt: skip
    if len(choices) == 1:
        return marked if not name.startswith("choice_") and name != choices[0].lower() else ""
    if key in right:
        return "right"
    return "wrong" if key in nothing or len(choices) > 1 or marked == "wrong" else ""


def give_to_choice(item: Item, name: str, text: Text) -> bool:
    """Add feedback to the choice of this id; whether there is one."""
    if item.kind == "truefalse":
        item.response.setdefault("feedback", {}).setdefault(name, text)
        return True
    for choice in item.response.get("choices", ()):
        if choice["id"] == name:
            choice.setdefault("feedback", text)
            return True
    return False
