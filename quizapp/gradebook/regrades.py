"""Pages of a regrade: what to do, what that would do, what was done, and its undoing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from quizapp.accounts.visitor import me
from quizapp.attempts.presentation import person_of
from quizapp.attempts.regrading import Rule
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.clock import now
from quizapp.db import db
from quizapp.errors import Conflict
from quizapp.gradebook import previews
from quizapp.gradebook.actions import regrades
from quizapp.gradebook.forms import POLICIES, RuleForm
from quizapp.kinds import KINDS
from quizapp.permissions import needs
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import can, holds
from quizapp.rules import scores
from quizapp.web.fields import options
from quizapp.web.i18n import in_language, language, translated
from quizapp.web.pages import page_number

room = Blueprint("regrades", __name__, url_prefix="/regrades")


def answers_of_question(bank: Bank, question: Question, can_edit: bool) -> Markup:
    """A question's panel: how many have answered it, and the way to regrade it."""
    count = sum(people for _quiz, people in previews.quizzes_of(question, me))
    if not count:
        return Markup()
    page = render_template("gradebook/_question_panel.html", question=question, count=count)
    return Markup(page)  # noqa: S704 -- a template


@dataclass(frozen=True)
class RegradeRequest:
    """A regrade as it was asked for; `rule` is None as long as it can't be made."""

    form: RuleForm
    quiz: Quiz | None
    rule: Rule | None


def regrade_request(question: Question, sent: MultiDict[str, str]) -> RegradeRequest:
    """The form as it was sent, by GET or POST, with the rule that it makes."""
    form = RuleForm(sent, meta={"csrf": request.method == "POST"})
    here = {quiz.public_id: (quiz, people) for quiz, people in previews.quizzes_of(question, me)}
    titles = [(key, f"{in_language(quiz.title)} ({count_of_people(people)})") for key, (quiz, people) in here.items()]
    all_mine = [("", _("All my quizzes"))] if any(holds(me, one) for one, _n in here.values()) else []
    form.quiz.choices = options([*all_mine, *titles])
    if not all_mine and not form.quiz.data:
        form.quiz.data = next(iter(here))
    quiz = here[form.quiz.data][0] if form.quiz.data in here else None
    answers = {one.key: one for one in previews.common_responses(question, where(quiz))}
    form.answer.choices = options((key, option_words(one)) for key, one in answers.items())
    if not sent.get("policy") or not form.validate():
        return RegradeRequest(form, quiz, None)
    accepts = form.policy.data == scores.ACCEPT
    accepted = tuple(answers[one].response for one in form.answer.data or () if accepts)
    return RegradeRequest(form, quiz, Rule(form.policy.data, question.current_id or 0, accepted, bool(form.keep.data)))


def where(quiz: Quiz | None) -> Any:
    return previews.own(me) if quiz is None else Quiz.id == quiz.id


def option_words(one: previews.CommonResponse) -> str:
    """A response in words, by the version that was asked, and how many gave it."""
    item = db.session.get_one(QuestionVersion, one.version_id).item
    words = " ".join(KINDS[item.kind].text(item.body, one.response, language()).split())
    return f"{words[:120]} ({count_of_people(one.people)})"


def count_of_people(people: int) -> str:
    return ngettext("%(num)s person", "%(num)s people", people)


@room.route("/questions/<public_id>", methods=["GET", "POST"])
@needs("grade")
def question(public_id: str) -> Any:
    """Choose what to do and see what that would do; with POST, do it."""
    found = previews.question_of(public_id, me)
    sent = regrade_request(found, request.form if request.method == "POST" else request.args)
    problem, status = "", 422 if sent.form.errors else 200
    try:
        if sent.rule is not None:
            regrades.check(found, sent.rule.policy, where(sent.quiz))
            token, reason = sent.form.token.data, sent.form.reason.data or ""
            if request.method == "POST" and token and not reason:
                sent.form.reason.errors, status = [_("Say why: everybody whose score changes reads it.")], 422
            elif request.method == "POST" and token:
                made = regrades.make(found, sent.rule, sent.quiz, reason, token, me, now())
                return redirect(url_for("gradebook.regrades.regrade", public_id=made.public_id), 303)
    except Conflict as error:
        problem, status = translated(error), error.status
    return regrade_page(found, sent, problem), status


def regrade_page(found: Question, sent: RegradeRequest, problem: str) -> str:
    page = page_number()
    sent.form.reason.flags.required = True
    preview = previews.preview(found, sent.rule, where(sent.quiz)) if sent.rule and not problem else None
    lines = preview.lines[(page - 1) * previews.PAGE : page * previews.PAGE] if preview else []
    unreadable = preview.unreadable[: previews.PAGE] if preview else []
    quizzes = {quiz.id: quiz for quiz, _people in previews.quizzes_of(found, me)}
    quiz = sent.quiz or (next(iter(quizzes.values())) if len(quizzes) == 1 else None)
    return render_template(
        "gradebook/regrade.html",
        question=found,
        item=found.current.item if found.current else None,
        form=sent.form,
        problem=problem,
        preview=preview,
        lines=lines,
        unreadable=unreadable,
        attempts=previews.attempts([*lines, *unreadable]),
        quizzes=quizzes,
        quiz=quiz,
        may_edit=quiz is not None and can(me, quiz, "edit"),
        person_of=person_of,
        history=previews.history(found, me),
        policies=POLICIES,
        page=page,
        pages=-(-len(preview.lines) // previews.PAGE) if preview else 1,
        query={name: tuple(request.values.getlist(name)) for name in ("policy", "answer", "quiz", "keep")},
    )


@room.get("/<public_id>")
@needs("grade")
def regrade(public_id: str) -> str:
    """What was done, how far it is, and the way back."""
    found, of = previews.regrade_of(public_id, me)
    quiz = found.quiz
    item, readable = found.version.item, previews.may_see(of, me)
    again = {
        "policy": found.policy,
        "quiz": quiz.public_id if quiz else "",
        "keep": "y" if found.keep_higher else None,
        "answer": [previews.key_of(one) for one in found.accepted],
    }
    return render_template(
        "gradebook/regraded.html",
        quiz=quiz,
        may_edit=quiz is not None and can(me, quiz, "edit"),
        regrade=found,
        accepted=[KINDS[item.kind].text(item.body, one, language()) for one in found.accepted if readable],
        again=url_for("gradebook.regrades.question", public_id=of.public_id, **again),
        question=of,
        item=of.current.item if of.current and readable else None,
        state=previews.state(found),
        done=regrades.is_done(found),
        policies=POLICIES,
    )


@room.post("/<public_id>/undoing")
@needs("grade")
def undo(public_id: str) -> Any:
    found, _of = previews.regrade_of(public_id, me)
    regrades.undo(found, me, now())
    flash(_("The regrade is undone: scores are what they were without it."), "success")
    return redirect(url_for("gradebook.regrades.regrade", public_id=public_id), 303)
