"""Who may do what: one table, role -> verbs, and the two marks that every route bears.

A route is `@public` or `@needs(verb)`. A verb says what kind of thing a role may do at all; whether this very
object is one's own is decided where the object is looked up, and somebody else's object is a 404.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import redirect, request, url_for
from flask_login import current_user

from quizapp.errors import N_, NotAllowed, QuizError

LEARN = frozenset({"learn"})
ACCOUNT = LEARN | {"account"}
TEACH = ACCOUNT | {"banks", "grade"}

ROLES: dict[str, frozenset[str]] = {
    "guest": LEARN,
    "learner": ACCOUNT,
    "instructor": TEACH,
    "admin": TEACH | {"users"},
}

SIGN_UP = N_("This needs an account. Sign up or log in: everything that you have done as a guest is kept.")

View = TypeVar("View", bound=Callable[..., Any])


class LoginNeeded(QuizError):
    """A form or a background request without a log-in; whoever fetches a page is sent to the log-in form instead."""

    status = 401
    template = N_("You are logged out. Log in again in another tab, then press save: nothing that you typed is lost.")


def can(role: str, verb: str) -> bool:
    return verb in ROLES.get(role, frozenset())


def public(view: View) -> View:
    """Anybody may come."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def needs(verb: str) -> Callable[[View], View]:
    """Only roles that have the verb; without a log-in, the log-in form comes first."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            user: Any = current_user._get_current_object()
            if not user.is_authenticated:
                if request.method != "GET" or wants_json():
                    raise LoginNeeded
                return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))
            if not user.can(verb):
                raise NotAllowed(SIGN_UP if user.is_guest else "")
            return view(*args, **kwargs)

        guarded.permission = verb  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def wants_json() -> bool:
    """Whether the request comes from our scripts and not from a page load: they ask for JSON before all else."""
    return request.headers.get("Accept", "").startswith("application/json")
