"""A course as a folder of files: `course.yaml`, `lessons/<slug>.<language>.md`, and one YAML file a bank.

`read_course` reads it whole and says everything that is wrong at once, each problem with its file (`place`) and
line. A broken file costs what is in it and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date as Day
from datetime import datetime
from pathlib import Path as FilePath
from typing import Any

from pydantic import (
    Field,
    ValidationError,
)

from quizapp.errors import N_, Path, Problem
from quizapp.formats import yaml_bank
from quizapp.formats.bank_document import line_of
from quizapp.formats.base import FormatError, Reading
from quizapp.formats.items import Item
from quizapp.formats.schema import missing_languages, unknown_enemies
from quizapp.formats.text import decode
from quizapp.kinds.base import LANGUAGES, Text
from quizapp.quizzes.content import BothLanguages, Part, QuizSource, Slug
from quizapp.rules.for_lessons import unknown, unsuited
from quizapp.rules.settings import QuizSettings
from quizapp.texts.directives import Directive
from quizapp.texts.lessons import LessonPage, anchors, directive_problems, lesson_page


class Banner(Part):
    headline: BothLanguages
    subline: BothLanguages
    cta: BothLanguages
    tags: list[BothLanguages] = []
    deadline: datetime | None = None
    places: int | None = Field(default=None, ge=1)


class Person(Part):
    name: BothLanguages
    about: BothLanguages


class SourceWork(Part):
    title: BothLanguages
    author: str = ""
    date: Day | None = None


class Objective(Part):
    id: str = Field(max_length=80)
    title: BothLanguages
    lesson: Slug


class Fact(Part):
    """A fact that some question has to ask, by citing the passage that teaches it."""

    fact: str
    lesson: Slug
    anchor: str
    claim: bool = False
    """Whether somebody claims it, so that the passage has to say who, in the words of `attribution`."""


class QuizPart(Part):
    slug: Slug
    title: BothLanguages
    summary: BothLanguages
    lesson: Slug | None = None
    sources: list[QuizSource] = Field(alias="from", min_length=1)
    settings: QuizSettings = QuizSettings()


class CourseFile(Part):
    """course.yaml."""

    slug: Slug
    title: BothLanguages
    summary: BothLanguages
    level: BothLanguages
    hours: float = Field(gt=0)
    banner: Banner
    instructor: Person
    source: SourceWork
    objectives: list[Objective] = Field(min_length=1)
    facts: list[Fact] = []
    attribution: list[str] = []
    lessons: list[Slug] = Field(min_length=1)
    banks: list[Slug] = Field(min_length=1)
    quizzes: list[QuizPart] = Field(min_length=1)


@dataclass
class LessonFile:
    """A lesson in all its languages. `pages` are by language."""

    slug: str
    title: Text = field(default_factory=dict)
    summary: Text = field(default_factory=dict)
    body: Text = field(default_factory=dict)
    minutes: int = 5
    first_line: dict[str, int] = field(default_factory=dict)
    """How many lines of the file stand before the body, by language."""

    @property
    def pages(self) -> dict[str, LessonPage]:
        return {language: lesson_page(body) for language, body in self.body.items()}


@dataclass
class CourseFolder:
    """What a folder held; `course` is None where course.yaml can't be used."""

    course: CourseFile | None = None
    lessons: dict[str, LessonFile] = field(default_factory=dict)
    banks: dict[str, Reading] = field(default_factory=dict)
    files: dict[str, FilePath] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        return self.course is not None and not any(problem.is_error for problem in self.problems)


def read_course(folder: FilePath) -> CourseFolder:
    """Read a course's folder and check it as a whole."""
    found = CourseFolder()
    lines = read_course_file(folder / "course.yaml", found)
    read_lessons(folder / "lessons", found)
    for file in sorted(folder.glob("*.yaml")):
        if file.name != "course.yaml":
            read_bank(file, found)
    for lesson in found.lessons.values():
        found.problems += check_references(lesson, found, folder / "lessons")
    keys = {item.id for reading in found.banks.values() for item in reading.items}
    for slug in found.banks:
        found.problems += in_bank(found, slug, lambda item: unknown_enemies(item, keys))
    if found.course is not None:
        found.problems += (
            problem.at(place=str(folder / "course.yaml"), line=line_of(lines, problem.path))
            for problem in course_references(found.course, found)
        )
    return found


def read_course_file(file: FilePath, found: CourseFolder) -> dict[Path, int]:
    if not file.is_file():
        found.problems.append(Problem(N_("The course has no course.yaml."), place=str(file), line=1))
        return {}
    value, lines, problems = yaml_bank.load_lines(file.read_bytes())
    found.problems += (problem.at(place=str(file)) for problem in problems)
    if problems:
        return lines
    try:
        found.course = CourseFile.model_validate(value)
    except ValidationError as error:
        for detail in error.errors():
            path = tuple("from" if part == "sources" else part for part in detail["loc"])
            found.problems.append(
                Problem(
                    N_("%(where)s: %(what)s"),
                    {"where": ".".join(map(str, path)), "what": detail["msg"]},
                    code="course",
                    line=line_of(lines, path),
                    place=str(file),
                )
            )
    return lines


def read_lessons(folder: FilePath, found: CourseFolder) -> None:
    for file in sorted(folder.glob("*.md")):
        slug, _, language = file.stem.rpartition(".")
        if not slug or language not in LANGUAGES:
            found.problems.append(Problem(N_("Name a lesson SLUG.ko.md or SLUG.en.md."), place=str(file), line=1))
            continue
        lesson = found.lessons.setdefault(slug, LessonFile(slug))
        found.problems += (problem.at(place=str(file)) for problem in read_lesson(file, language, lesson))
    for lesson in found.lessons.values():
        found.problems.extend(same_anchors(lesson, folder))


def read_lesson(file: FilePath, language: str, lesson: LessonFile) -> Iterator[Problem]:
    try:
        source, _encoding = decode(file.read_bytes())
    except FormatError as error:
        yield Problem(error.template, error.values, line=1)
        return
    opening, _, rest = source.partition("---\n")
    front, closing, body = rest.partition("\n---\n")
    if opening.strip() or not closing:
        yield Problem(N_("A lesson starts with its front matter, between two lines of ---."), line=1)
        return
    values, lines, problems = yaml_bank.load_lines(front.encode())
    yield from (replace(problem, line=(problem.line or 1) + 1) for problem in problems)
    values = values if isinstance(values, dict) else {}
    for key in sorted(set(values) - {"title", "summary", "minutes"}):
        yield Problem(N_("Unknown key “%(key)s”."), {"key": key}, line=lines.get((key,), 1) + 1)
    for key, texts in (("title", lesson.title), ("summary", lesson.summary)):
        if isinstance(values.get(key), str):
            texts[language] = values[key]
        else:
            yield Problem(N_("The lesson lacks “%(key)s” in its front matter."), {"key": key}, line=1)
    minutes = values.get("minutes", lesson.minutes)
    if isinstance(minutes, int) and not isinstance(minutes, bool) and minutes > 0:
        lesson.minutes = minutes
    else:
        said = N_("“minutes” is a whole number above 0, without quotation marks.")
        yield Problem(said, line=lines.get(("minutes",), 1) + 1)
    lesson.body[language] = body
    lesson.first_line[language] = source.count("\n") - body.count("\n")
    yield from (replace(one, line=(one.line or 1) + lesson.first_line[language]) for one in directive_problems(body))
    seen: set[str] = set()
    for anchor in anchors(body):
        if anchor in seen:
            yield Problem(
                N_("The anchor “%(anchor)s” appears twice in this lesson."),
                {"anchor": anchor},
                line=anchor_line(source, anchor),
            )
        seen.add(anchor)


def anchor_line(source: str, anchor: str) -> int:
    return next((n for n, line in enumerate(source.splitlines(), 1) if f"#{anchor}" in line), 1)


def same_anchors(lesson: LessonFile, folder: FilePath) -> Iterator[Problem]:
    """A lesson exists in every language, with the same anchors: a citation must hold in each."""
    for language in LANGUAGES:
        if language not in lesson.body:
            file = str(folder / f"{lesson.slug}.{language}.md")
            yield Problem(N_("The lesson is missing in this language."), line=1, place=file)
    sets = {language: set(anchors(body)) for language, body in lesson.body.items()}
    for language, own in sets.items():
        file = str(folder / f"{lesson.slug}.{language}.md")
        for anchor in sorted(set().union(*sets.values()) - own):
            yield Problem(
                N_("The anchor “%(anchor)s” is missing here; the other language has it."),
                {"anchor": anchor},
                line=1,
                place=file,
            )


def check_references(lesson: LessonFile, found: CourseFolder, folder: FilePath) -> Iterator[Problem]:
    """What a lesson's checks name must be there, and for lessons only: a check shows its key."""
    items = {(slug, item.id): item for slug, reading in found.banks.items() for item in reading.items}
    named = {language: checks_of(page) for language, page in lesson.pages.items()}
    for language, checks in named.items():
        file = str(folder / f"{lesson.slug}.{language}.md")
        for one in checks:
            problem = unusable(one, found.banks, items.get((one.bank, one.key)))
            yield from [replace(problem, line=one.line + lesson.first_line[language], place=file)] if problem else []
        if any([one.argument for one in other] != [one.argument for one in checks] for other in named.values()):
            yield Problem(
                N_("The checks of this lesson aren't the same in the other language."),
                code="other-checks",
                line=1,
                place=file,
                mend=N_("Ask the same questions in the same order."),
            )


def checks_of(page: LessonPage) -> list[Directive]:
    return [one for one in page.directives if one.bank]


def unusable(check: Directive, banks: Collection[str], item: Item | None) -> Problem | None:
    """Why a lesson can't ask the question that a check names."""
    if check.bank not in banks:
        return Problem(N_("There is no bank “%(bank)s” in this course."), {"bank": check.bank}, code="check-bank")
    if item is None:
        return unknown(check.bank, check.key)
    return unsuited(check.key, item.use, item.kind, retired=item.status != "ready")


def read_bank(file: FilePath, found: CourseFolder) -> None:
    reading = yaml_bank.read(file.read_bytes())
    found.problems += (problem.at(place=str(file)) for problem in reading.problems)
    slug = str(reading.meta.get("bank") or file.stem)
    if slug in found.banks:
        found.problems.append(
            Problem(N_("Another file has the bank “%(bank)s” already."), {"bank": slug}, place=str(file), line=1)
        )
    found.banks[slug], found.files[slug] = reading, file
    found.problems += in_bank(found, slug, lambda item: item_references(item, found))


def in_bank(found: CourseFolder, slug: str, problems_of: Callable[[Item], Iterable[Problem]]) -> Iterator[Problem]:
    """The problems of a bank's items, each with its file and line."""
    wrong = [(item, problem) for item in found.banks[slug].items for problem in problems_of(item)]
    if wrong:
        yield from on_lines(found.files[slug], wrong)


def on_lines(file: FilePath, wrong: Iterable[tuple[Item, Problem]]) -> Iterator[Problem]:
    """Problems of items of a YAML file, each on its line."""
    lines = yaml_bank.load_lines(file.read_bytes())[1]
    starts = {line: path for path, line in lines.items() if path and isinstance(path[-1], int) and len(path) <= 2}
    for item, problem in wrong:
        start = starts.get(item.provenance.get("line", 1), ())
        yield problem.at(place=str(file), line=line_of(lines, (*start, *problem.path)))


def item_references(item: Item, found: CourseFolder) -> Iterator[Problem]:
    """Master content is complete in both languages and stands on a passage that exists."""
    yield from missing_languages(item)
    if not item.citations and item.kind not in ("description", "opaque"):
        yield Problem(N_("“%(id)s” cites no passage: name the lesson and the anchor."), {"id": item.id})
    for n, citation in enumerate(item.citations):
        lesson = found.lessons.get(citation.get("lesson", ""))
        anchor = citation.get("anchor", "")
        if lesson is None or not any(anchor in page.passages for page in lesson.pages.values()):
            yield Problem(
                N_("“%(id)s” cites “%(lesson)s#%(anchor)s”, and there is no such passage."),
                {"id": item.id, "lesson": citation.get("lesson", ""), "anchor": anchor},
                code="citation",
                path=("citations", n, "anchor"),
            )
    known = {objective.id for objective in found.course.objectives} if found.course else set(item.objectives)
    for n, objective in enumerate(item.objectives):
        if objective not in known:
            yield Problem(
                N_("“%(id)s” has the objective “%(objective)s”, which course.yaml doesn't list."),
                {"id": item.id, "objective": objective},
                path=("objectives", n),
            )


def course_references(course: CourseFile, found: CourseFolder) -> Iterator[Problem]:
    """What course.yaml names must exist, and what exists must be named."""
    unknown = N_("There is no %(what)s named “%(name)s”.")

    def missing(what: str, names: list[tuple[str, Path]], known: set[str]) -> Iterator[Problem]:
        for name, path in names:
            if name not in known:
                yield Problem(unknown, {"what": what, "name": name}, path=path)

    lessons, banks = set(found.lessons), set(found.banks)
    yield from missing("lesson", [(name, ("lessons", n)) for n, name in enumerate(course.lessons)], lessons)
    yield from missing("bank", [(name, ("banks", n)) for n, name in enumerate(course.banks)], banks)
    yield from missing(
        "lesson", [(part.lesson, ("objectives", n, "lesson")) for n, part in enumerate(course.objectives)], lessons
    )
    yield from twice("objective", [part.id for part in course.objectives], "objectives")
    yield from twice("quiz", [part.slug for part in course.quizzes], "quizzes")
    for n, quiz in enumerate(course.quizzes):
        yield from missing("lesson", [(quiz.lesson, ("quizzes", n, "lesson"))] if quiz.lesson else [], lessons)
        sources = [(source.bank, ("quizzes", n, "from", m, "bank")) for m, source in enumerate(quiz.sources)]
        yield from missing("bank", sources, set(course.banks))
    keys = [item.id for reading in found.banks.values() for item in reading.items]
    for name in sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem(N_("The question identifier “%(id)s” is used in two banks of this course."), {"id": name})


def twice(what: str, names: list[str], key: str) -> Iterator[Problem]:
    for n, name in enumerate(names):
        if name in names[:n]:
            yield Problem(N_("The %(what)s “%(name)s” appears twice."), {"what": what, "name": name}, path=(key, n))


def as_content(course: CourseFile) -> dict[str, Any]:
    """The course file as JSON, for storing with the course."""
    return course.model_dump(mode="json", by_alias=True)
