"""The question editor: a form for every kind, a live preview in both languages, and saving as a new version.

A button that adds, drops or moves a row sends the form, and the page comes back with it changed; a script does the
same in the background. So there is one way to change the form, and it works without scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, get_template_attribute, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.utils import secure_filename

from quizapp.accounts.visitor import me
from quizapp.banks import actions, queries
from quizapp.banks.changes import changes
from quizapp.banks.media_types import type_of
from quizapp.banks.models import Bank, Question
from quizapp.banks.presentation import opening_of, solved
from quizapp.banks.question_forms import QuestionForm, form_of
from quizapp.banks.warnings import Neighbours, warnings
from quizapp.clock import now
from quizapp.errors import N_, NotFound, Problem, QuizError
from quizapp.formats import schema
from quizapp.formats.items import Item, Media, from_json
from quizapp.kinds import KINDS
from quizapp.permissions import needs
from quizapp.texts.clean import whole
from quizapp.web import panels
from quizapp.web.bodies import take_larger_body
from quizapp.web.fields import ROW_ACTIONS, count_rows, fields_at, form_value, name_of_field, prune, refuse_many_rows
from quizapp.web.i18n import LOCALES, advised, speaking, translated
from quizapp.web.pages import csrf

room = Blueprint("editor", __name__, url_prefix="/banks")

MAX_FILE = 10 * 1024 * 1024


class NotShown(QuizError):
    """A file of a type that pages don't show."""

    status = 415
    template = N_("“%(name)s” can't be shown in a question. Choose a PNG, JPEG, GIF or WebP image, MP3 or Ogg, or MP4.")


class TooLarge(QuizError):
    status = 413
    template = N_("“%(name)s” is larger than %(limit)s MB. Make it smaller and choose it again.")


@dataclass
class QuestionDraft:
    """A question as it stands in the form. `version` is the number that the editing began with; 0 for a new one."""

    kind: str
    form: QuestionForm
    version: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def item(self) -> Item:
        """What the form says; it may not hold together yet."""
        return from_json(self.content())

    @property
    def shuffles(self) -> bool:
        """Whether the question has lists that are shuffled where it asks for it."""
        return self.kind in KINDS and any(one.shuffled == "asked" for one in KINDS[self.kind].LISTS.values())

    def content(self) -> dict[str, Any]:
        return {**form_value(self.form), "kind": self.kind}

    def check(self) -> None:
        """Find everything that keeps it from being a question."""
        content = self.content()
        # The stored bytes aren't here to be compared with their hash.
        content["media"] = [{key: one[key] for key in one if key != "hash"} for one in content.get("media", [])]
        self.problems = [one for one in schema.check_item(content) if one.is_error]

    def said(self, problems: Iterable[Problem] | None = None) -> dict[str, list[str]]:
        """The problems, or others than these, by the id of their field; those that no field shows by ""."""
        found: dict[str, list[str]] = {}
        for problem in self.problems if problems is None else problems:
            fields = list(fields_at(self.form, problem.path))
            words = translated(problem) if problem.is_error else advised(problem)
            found.setdefault(fields[-1].id if fields else "", []).append(words)
        return found

    def named(self, problems: Iterable[Problem] | None = None) -> dict[str, str]:
        """What the form calls the fields that `said` speaks of, by their id."""
        told = self.problems if problems is None else problems
        paths = [list(fields_at(self.form, problem.path)) for problem in told]
        return {path[-1].id: name_of_field(path) for path in paths if path}

    def previews(self) -> dict[str, Markup]:
        """The question as a learner sees it, by language; none while it can't be played."""
        if self.problems:
            return {}
        found = {}
        for locale in LOCALES:
            with speaking(locale):
                learner_view = get_template_attribute("macros/question.html", "learner_view")
                found[locale] = learner_view(solved(self.item, "preview", f"-seen-{locale}"))
        return found


@room.get("/<slug>/questions/new")
@needs("banks")
def new(slug: str) -> str:
    """The form of a new question of the kind in the address; without a kind, the choice of one."""
    bank = queries.editable_bank(slug, me.id)
    kind = request.args.get("kind", "")
    if kind not in KINDS:
        return render_template("banks/kinds.html", bank=bank, kinds=KINDS.values(), cited=cited())
    begun = {"citations": cited(), "response": KINDS[kind].NEW}
    return page(bank, None, QuestionDraft(kind, form_of(kind)(data=begun)))


def cited() -> list[dict[str, str]]:
    """The passage that the address names: what the new question is to stand on."""
    found = {key: request.args[key] for key in schema.CITATION_KEYS if request.args.get(key)}
    return [found] if found else []


@room.get("/<slug>/questions/<public_id>/copy")
@needs("banks")
def copy(slug: str, public_id: str) -> str:
    """The form of a new question that begins as a copy of another."""
    bank = queries.editable_bank(slug, me.id)
    content, kind, _number = current(queries.question(bank.id, public_id))
    return page(bank, None, QuestionDraft(kind, form_of(kind)(data=content)))


@room.get("/<slug>/questions/<public_id>/edit")
@needs("banks")
def edit(slug: str, public_id: str) -> str:
    bank = queries.editable_bank(slug, me.id)
    question = queries.question(bank.id, public_id)
    content, kind, number = current(question)
    return page(bank, question, QuestionDraft(kind, form_of(kind)(data=content), number))


def current(question: Question) -> tuple[dict[str, Any], str, int]:
    """The content that the question has now, its kind, and the number of that version."""
    if question.current is None:
        raise NotFound
    refuse_many_rows(count_rows(question.current.content))
    return question.current.content, question.current.item.kind, question.current.number


@room.post("/<slug>/questions/new")
@csrf.exempt  # only until the limit is raised: `take_larger_body` checks the token
@needs("banks")
def create(slug: str) -> Any:
    take_larger_body()
    bank = queries.editable_bank(slug, me.id)
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise NotFound
    return act(bank, None, kind)


@room.post("/<slug>/questions/<public_id>/edit")
@csrf.exempt  # as above
@needs("banks")
def revise(slug: str, public_id: str) -> Any:
    take_larger_body()
    bank = queries.editable_bank(slug, me.id)
    question = queries.question(bank.id, public_id)
    return act(bank, question, current(question)[1])


def act(bank: Bank, question: Question | None, kind: str) -> Any:
    """Do what the pressed button says: change the form's rows, or check and save."""
    do, _colon, name = request.form.get("do", "").partition(":")
    draft = QuestionDraft(kind, form_of(kind)(request.form), sent_version())
    try:
        files = stored_files(draft)
    except QuizError as error:
        return page(bank, question, draft, problem=translated(error)), error.status
    data = draft.form.data
    if do in ROW_ACTIONS or files:
        data["media"] = [*data.get("media", []), *files]
        focus = ROW_ACTIONS[do](data, name) if do in ROW_ACTIONS else "media"
        return page(bank, question, QuestionDraft(kind, form_of(kind)(data=data), draft.version), focus=focus)
    draft = pruned(draft)
    draft.check()
    if draft.problems:
        return page(bank, question, draft), 422
    return save(bank, question, draft, do)


def pruned(draft: QuestionDraft) -> QuestionDraft:
    """The same without the rows in which nothing was typed."""
    prune(draft.form)
    return QuestionDraft(draft.kind, form_of(draft.kind)(data=draft.form.data), draft.version)


def save(bank: Bank, question: Question | None, draft: QuestionDraft, do: str) -> Any:
    try:
        saved = actions.write_question(bank, question, draft.item, draft.version, me, now())
    except actions.Edited as error:
        draft.version = error.current.number
        theirs = changes(error.current.content, draft.item.content())
        return page(bank, question, draft, problem=translated(error), theirs=theirs), 409
    number = saved.current.number if saved.current else 1
    if question is None:
        flash(_("The question is saved."), "success")
    elif number == draft.version:
        flash(_("Nothing was changed, so there is no new version."), "info")
    else:
        flash(_("Saved as version %(number)s.", number=number), "success")
    if do == "next":
        return redirect(url_for("banks.editor.new", slug=bank.slug, kind=draft.kind), 303)
    return redirect(url_for("banks.question", slug=bank.slug, public_id=saved.public_id), 303)


@room.post("/<slug>/questions/preview")
@needs("banks")
def preview(slug: str) -> str:
    """The preview of what was sent, as a part of a page, for the script."""
    bank = queries.editable_bank(slug, me.id)
    kind = request.form.get("kind", "")
    draft = pruned(QuestionDraft(kind, form_of(kind)(request.form)))
    draft.check()
    public_id = request.args.get("question")
    question = queries.question(bank.id, public_id) if public_id else None
    others = queries.to_keep_apart(bank.id, question, draft.form.enemies.written())
    return render_template("banks/_editor_preview.html", **seen_in(draft, bank, question, others))


def seen_in(draft: QuestionDraft, bank: Bank, question: Question | None, others: Neighbours) -> dict[str, Any]:
    """What the preview shows of a checked draft: it in both languages, what had better be mended, what is missing."""
    warned = [] if draft.problems else list(warnings(draft.item, bank, question, others))
    return {
        "previews": draft.previews(),
        "missing": draft.said(),
        "missing_named": draft.named(),
        "warned": draft.said(warned),
        "warned_named": draft.named(warned),
        "elsewhere": "" if draft.problems else panels.of("editor", bank=bank, item=draft.item),
    }


def page(
    bank: Bank,
    question: Question | None,
    draft: QuestionDraft,
    *,
    problem: str = "",
    theirs: Any = (),
    focus: str = "",
) -> str:
    said = draft.said()
    others = queries.to_keep_apart(bank.id, question, draft.form.enemies.written())
    draft.form.enemies.offer(apart(others))
    checked = pruned(QuestionDraft(draft.kind, form_of(draft.kind)(data=draft.form.data)))
    checked.check()
    return render_template(
        "banks/editor.html",
        bank=bank,
        question=question,
        draft=draft,
        form=draft.form,
        said=said,
        named=draft.named(),
        **seen_in(checked, bank, question, others),
        problem=problem,
        theirs=theirs,
        focus=focus,
    )


def apart(others: Neighbours) -> Iterator[tuple[str, str]]:
    """The questions that one can be kept apart from: their keys, and what the page calls them."""
    for other, names_it in others:
        if other.current is not None:
            words = opening_of(other.current.item)
            yield other.key, _("%(words)s (set there already)", words=words) if names_it else words


def sent_version() -> int:
    return whole(request.form.get("version", ""))


def stored_files(draft: QuestionDraft) -> list[dict[str, str]]:
    """Keep the files that were sent, and name them as rows of the form. Raises NotShown, TooLarge."""
    names = {row["name"] for row in draft.form.data.get("media", [])}
    found = []
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        data = file.read(MAX_FILE + 1)
        if len(data) > MAX_FILE:
            raise TooLarge(name=file.filename, limit=MAX_FILE // 1024**2)
        kind = type_of(data)
        if not kind:
            raise NotShown(name=file.filename)
        media = Media(free_name(secure_filename(file.filename) or kind.replace("/", "."), names), data, kind)
        actions.keep_media(media, now())
        names.add(media.name)
        found.append({"name": media.name, "hash": media.hash, "type": media.type, "alt": ""})
    return found


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number in front where it is taken."""
    return next(one for number in range(len(taken) + 1) if (one := f"{number}-{name}" if number else name) not in taken)
