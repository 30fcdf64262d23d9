"""Pages of challenges and notices: what learners say and are told, and where instructors answer."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.attempts import queries as attempts
from quizapp.attempts.disclosure import held_places, quiz_taken_id, released, slot_reveal
from quizapp.attempts.models import CHECK, PREVIEW, Attempt, Slot
from quizapp.attempts.overdue import as_of
from quizapp.attempts.presentation import PresentedQuestion, in_words, media_addresses, person_of, presented_to_learner
from quizapp.clock import now
from quizapp.errors import N_, Conflict, NotFound
from quizapp.gradebook import challenges
from quizapp.gradebook.actions import challenges as actions
from quizapp.gradebook.forms import KINDS_OF_CHALLENGE, ChallengeForm, ReplyForm
from quizapp.gradebook.models import Notice
from quizapp.kinds import KINDS
from quizapp.kinds.base import Text
from quizapp.notes.places import back_to
from quizapp.permissions import needs
from quizapp.quizzes.held import held_beside
from quizapp.quizzes.people_queries import holds
from quizapp.rules.scores import ACCEPT, AGAIN
from quizapp.web import panels
from quizapp.web.fields import options
from quizapp.web.i18n import in_language, language, translated

room = Blueprint("challenges", __name__)


def way_to_challenge(attempt: Attempt, asked: PresentedQuestion, **_more: Any) -> Markup:
    """Beside a question whose outcome shows: the way to say that it is wrong, wherever it was asked."""
    if attempt.purpose == PREVIEW or asked.outcome not in ("wrong", "partial", "right"):
        return Markup()
    objects = attempt.counts and asked.outcome != "right"
    message = N_("I don't agree") if objects else N_("Something is wrong with this question")
    where = {"attempt_id": attempt.public_id, "position": asked.slot.position}
    return panels.way(message, "gradebook.challenges.challenge", **where)


def notices_on_results(attempt: Attempt) -> Markup:
    """On an attempt's results: how its scores have changed since, and what was answered to challenges."""
    if attempt.purpose == PREVIEW or not released(attempt, now()):
        return Markup()
    notices, said = challenges.of_attempt(attempt)
    if not (notices or said):
        return Markup()
    told = disclosed_notices([one for one in notices if one.was != one.now], now())
    decided = {(one.slot, one.question_id) for one in said if one.slot and one.decision}
    known = {slot for slot, _question in disclosed(decided, now())}
    page = render_template(
        "gradebook/_notices_on_results.html",
        notices=[(one, corrected(one)) for one in told],
        said=[one for one in said if not one.decision or one.slot in known],
    )
    return Markup(page)  # noqa: S704 -- a template


@dataclass(frozen=True)
class Corrected:
    """What is right by the key that a score was changed by. `accepted`: the answers that count beside the key's own."""

    solution: str
    accepted: list[str]
    explained: list[Text]
    media: dict[str, str]


def corrected(notice: Notice) -> Corrected | None:
    """What the learner may see of the key behind a notice that may be told: nothing before right answers show, nor once
    it is undone."""
    batch = notice.batch
    if batch is None or batch.undone_by_id or batch.undone_at or batch.policy not in (AGAIN, ACCEPT):
        return None
    reveal = slot_reveal(notice.slot, now())
    if not reveal.solution:
        return None
    item = batch.version.item
    kind, words = KINDS[item.kind], language()
    texts = [item.feedback.get("general") if reveal.feedback else None, item.feedback.get("solution")]
    return Corrected(
        kind.text(item.body, kind.solution(item.body, words), words),
        [kind.text(item.body, one, words) for one in batch.accepted],
        [text for text in texts if text],
        media_addresses(item),
    )


def disclosed_notices(found: Sequence[Notice], at: datetime) -> list[Notice]:
    """Those whose learner may know how their questions stand."""
    known = disclosed({(one.slot, question_of(one)) for one in found}, at)
    return [one for one in found if (one.slot, question_of(one)) in known]


def question_of(notice: Notice) -> int:
    return notice.batch.question_id if notice.batch else notice.slot.question_id


def disclosed(asked: Set[tuple[Slot, int]], at: datetime) -> set[tuple[Slot, int]]:
    """Those slots with their questions of which the learner may know how they stand: a quiz's points may show before
    those of a question, and another examination may hold it."""
    back = held_beside({(quiz_taken_id(slot.attempt), question) for slot, question in asked}, at)
    return {
        (slot, question)
        for slot, question in asked
        if slot_reveal(slot, at, (quiz_taken_id(slot.attempt), question) in back).correctness
    }


def notices_at_home() -> Markup:
    """At home: what the learner hasn't read yet, of attempts that are still theirs and not another device's."""
    at = now()
    own = [one for one in challenges.unread(me.id) if one.slot.attempt.user_id == me.id]
    told = [
        (one, *place_of(one.slot))
        for one in disclosed_notices(own, at)
        if not one.slot.attempt.counts or released(one.slot.attempt, at)
    ]
    return Markup(render_template("gradebook/_notices_at_home.html", notices=told)) if told else Markup()  # noqa: S704


def place_of(slot: Slot) -> tuple[str, str]:
    """What a learner was at, where a slot stands, and where that is."""
    quiz = slot.attempt.quiz
    if quiz is None:
        return _("A question of a lesson") if slot.attempt.purpose == CHECK else _("Review"), back_to(slot)
    return f"{in_language(quiz.title)}, {_('Question %(n)s', n=slot.position)}", back_of(slot)


@room.post("/notices/reading")
@needs("learn")
def read() -> Any:
    actions.mark_notices_read(me, now())
    return redirect(url_for("progress.home"), 303)


@room.route("/attempts/<attempt_id>/questions/<int:position>/challenge", methods=["GET", "POST"])
@needs("learn")
def challenge(attempt_id: str, position: int) -> Any:
    """Say that one's answer should count, or that a question is wrong: of what shows its outcome."""
    at = now()
    slot = attempts.opened(attempt_id, position, me.id).slot
    as_of(slot.attempt, at)
    shown = presented_to_learner(slot, slot.item, at, held=position in held_places(slot.attempt, at))
    if slot.attempt.purpose == PREVIEW or not shown.outcome:
        raise NotFound
    form = ChallengeForm(kind=challenges.ANSWER) if slot.attempt.counts else ChallengeForm(kind=challenges.QUESTION)
    if not slot.attempt.counts:  # where nothing counts, no answer can
        form.kind.choices = options([(challenges.QUESTION, KINDS_OF_CHALLENGE[challenges.QUESTION])])
    if form.validate_on_submit() and objected(slot, form, at):
        in_results = _("The instructor reads it and replies; you will find the reply with these results.")
        at_home = _("The instructor reads it and replies; you will find the reply on your home page.")
        flash(in_results if slot.attempt.quiz else at_home, "success")
        return redirect(back_of(slot), 303)
    page = render_template("gradebook/challenge.html", form=form, asked=shown, back=back_of(slot))
    return page, 422 if form.errors else 200


def objected(slot: Slot, form: ChallengeForm, at: datetime) -> bool:
    """Keep what was sent; what can't be is said in the form, beside what was typed."""
    try:
        actions.challenge(slot, form.kind.data, form.text.data or "", me, at)
    except Conflict as error:
        form.text.errors = [translated(error)]
        return False
    return True


def back_of(slot: Slot) -> str:
    """The page on which the learner has met the slot's question."""
    attempt, position = slot.attempt, slot.position
    if attempt.quiz is None:
        return back_to(slot)
    if attempt.submitted_at is None:
        return url_for("attempts.question", attempt_id=attempt.public_id, position=position)
    return url_for("attempts.results", attempt_id=attempt.public_id, _anchor=f"question-{position}")


@room.get("/challenges")
@needs("grade")
def index() -> str:
    """What waits for an answer, what says the same together."""
    groups = challenges.waiting(me)
    return render_template(
        "gradebook/challenges.html",
        groups=[(group, group_words(group), [in_words(one.slot, one.response) for one in group.challenges if one.slot])
                for group in groups],
        form=ReplyForm(),
        person_of=person_of,
    )  # fmt: skip


def group_words(group: challenges.Group) -> str:
    """The answer that a group stands up for, in words."""
    item = group.version.item
    return KINDS[item.kind].text(item.body, group.challenges[0].response, language())


def shared_quiz(group: challenges.Group) -> str | None:
    """The quiz in which an answer is to be accepted, where it isn't the user's own: their own are done at once."""
    slot = group.challenges[0].slot
    quiz = slot.attempt.quiz if slot else None
    return None if quiz is None or holds(me, quiz) else quiz.public_id


IN_ADDRESS = 500
"""Characters of a reply that go along as the reason of the regrade: an address holds some 8,000 bytes."""


@room.post("/challenges/<public_id>/reply")
@needs("grade")
def reply(public_id: str) -> Any:
    """Answer all that say the same. An answer is accepted by the regrade that it leads to."""
    group = challenges.group_of(public_id, me)
    form = ReplyForm()
    if request.form.get("decision") == actions.ACCEPTED and group.by_regrade:
        where = url_for(
            "gradebook.regrades.question",
            public_id=group.question.public_id,
            policy="accept",
            answer=group.key,
            keep="y",
            quiz=shared_quiz(group),
            reason=(form.reply.data or "").strip()[:IN_ADDRESS] or None,
        )
        return redirect(where, 303)
    if not form.validate():
        flash(_("Write a reply: everybody who asked reads it."), "warning")
        return redirect(url_for("gradebook.challenges.index"), 303)
    actions.decide(group.challenges, form.decision.data or actions.DECLINED, form.reply.data or "", me, now())
    flash(_("Answered. Everybody who objected reads it with their results."), "success")
    return redirect(url_for("gradebook.challenges.index"), 303)
