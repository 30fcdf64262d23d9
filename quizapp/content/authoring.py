"""What the authors of a course or of a question file had better look at: the remarks of `rules.authoring`, each with
its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as FilePath

from quizapp.content.folder import CourseFile, CourseFolder, LessonFile, checks_of, on_lines
from quizapp.errors import N_, Problem
from quizapp.formats.bank_document import line_of
from quizapp.formats.base import Reading
from quizapp.formats.items import Item
from quizapp.formats.near_copies import near_copies
from quizapp.formats.schema import unknown_enemies
from quizapp.formats.text import decode
from quizapp.formats.yaml_bank import load_lines
from quizapp.rules.authoring import remark, remarks, telling_lengths
from quizapp.rules.claims import cited, is_attributed, told_as_fact, unasked
from quizapp.rules.copies import SourceText, copied
from quizapp.rules.giveaways import giveaways
from quizapp.rules.reading import is_off, measured


def remarks_on_course(folder: FilePath, found: CourseFolder, source: SourceText | None) -> Iterator[Problem]:
    """On each question, each bank and each lesson, and on what course.yaml asks of them."""
    items = [item for reading in found.banks.values() for item in reading.items]
    given_away: dict[str, list[Problem]] = {}
    for item, problem in giveaways(items):
        given_away.setdefault(item.id, []).append(problem)
    for slug, reading in found.banks.items():
        file = found.files[slug]
        yield from (problem.at(place=str(file), line=1) for problem in telling_lengths(reading.items))
        said = [
            (item, one)
            for item in reading.items
            for one in [*own(item, source), *given_away.get(item.id, ()), *on_claims(item, found.course)]
        ]
        yield from on_lines(file, said) if said else ()
    for lesson in found.lessons.values():
        yield from remark_on_minutes(folder, lesson)
        yield from remarks_on_lesson(folder, lesson, source) if source else ()
    if found.course is not None:
        yield from remarks_of_course(folder, found.course, found, items)


def remarks_on_reading(reading: Reading, source: SourceText | None) -> Iterator[Problem]:
    """On the questions of a file of any format, each on its question's line. An enemy may stand in another file."""
    yield from (problem.at(line=1) for problem in telling_lengths(reading.items))
    said = [(item, problem) for item in reading.items for problem in own(item, source)]
    keys = {item.id for item in reading.items}
    unknown = [(item, problem) for item in reading.items for problem in unknown_enemies(item, keys)]
    strangers = [(item, replace(problem, severity="warning")) for item, problem in unknown]
    for item, problem in [*said, *giveaways(reading.items), *strangers]:
        yield problem.at(line=item.provenance.get("line"), place=str(item.provenance.get("place", "")))


def own(item: Item, source: SourceText | None) -> Iterator[Problem]:
    """What can be said of an item alone, or beside its source."""
    yield from remarks(item)
    yield from near_copies(item, source) if source else ()


def on_claims(item: Item, course: CourseFile | None) -> Iterator[Problem]:
    """Whether a question tells claims of the course's list as facts."""
    return told_as_fact(item, course.facts, course.attribution) if course else iter(())


def lines_of(file: FilePath) -> list[str]:
    """The lines of a lesson's file, in whatever encoding it was read."""
    return decode(file.read_bytes())[0].splitlines()


def remarks_on_lesson(folder: FilePath, lesson: LessonFile, source: SourceText) -> Iterator[Problem]:
    """Each paragraph that was copied, on its line."""
    for language in lesson.body:
        file = folder / "lessons" / f"{lesson.slug}.{language}.md"
        for number, line in enumerate(lines_of(file), 1):
            yield from (problem.at(place=str(file), line=number) for problem in copied(source, line))


def remark_on_minutes(folder: FilePath, lesson: LessonFile) -> Iterator[Problem]:
    """Whether the stated minutes are far from those that reading takes."""
    pages = lesson.pages
    checks = max((len(checks_of(page)) for page in pages.values()), default=0)
    minutes = measured({language: page.text for language, page in pages.items()}, checks)
    if is_off(lesson.minutes, minutes):
        said = remark(
            N_("The lesson says %(stated)s minutes, but takes about %(measured)s."),
            "minutes",
            mend=N_("Korean is counted at 500 letters a minute, English at 220 words, a check at half a minute."),
            stated=lesson.minutes,
            measured=minutes,
        )
        yield said.at(place=str(folder / "lessons" / f"{lesson.slug}.{min(pages, default='ko')}.md"), line=1)


def remarks_of_course(
    folder: FilePath, course: CourseFile, found: CourseFolder, items: list[Item]
) -> Iterator[Problem]:
    """Facts that nothing asks, and lessons, passages and questions that don't say whose claims they tell."""
    yield from unattributed(folder, course, found)
    passages = cited(citation for item in items for citation in item.citations)
    file = folder / "course.yaml"
    lines = load_lines(file.read_bytes())[1] if course.facts else {}
    for place, said in unasked(course.facts, passages):
        yield said.at(place=str(file), line=line_of(lines, ("facts", place)))
    for slug in sorted({lesson for lesson, _ in passages} & found.lessons.keys()) if course.attribution else ():
        for language, body in found.lessons[slug].body.items():
            if not is_attributed(body, course.attribution):
                said = remark(
                    N_("Questions are based on this lesson, but it never says whose claims it reports."),
                    "no-attribution",
                    mend=N_("Say so, for example with “%(phrase)s”."),
                    phrase=course.attribution[0],
                )
                yield said.at(place=str(folder / "lessons" / f"{slug}.{language}.md"), line=1)


def unattributed(folder: FilePath, course: CourseFile, found: CourseFolder) -> Iterator[Problem]:
    """Passages that tell a claim of the course's list as if it were a fact."""
    claims = [fact for fact in course.facts if fact.claim and fact.lesson in found.lessons]
    for fact in claims if course.attribution else ():
        for language, page in found.lessons[fact.lesson].pages.items():
            passage = page.passages.get(fact.anchor)
            if passage is not None and not is_attributed(passage, course.attribution):
                file = folder / "lessons" / f"{fact.lesson}.{language}.md"
                said = remark(
                    N_("This passage reports the claim “%(fact)s”, but doesn't say whose it is."),
                    "unattributed-claim",
                    mend=N_("Say so, for example with “%(phrase)s”."),
                    fact=fact.fact,
                    phrase=course.attribution[0],
                )
                lines = enumerate(lines_of(file), 1)
                line = next((number for number, text in lines if f"{{#{fact.anchor}}}" in text), 1)
                yield said.at(place=str(file), line=line)
