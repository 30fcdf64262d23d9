"""Korean and English: which one a page speaks, and how it writes dates, numbers and lengths of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, has_request_context, request, session
from flask_babel import (
    Babel,
    force_locale,
    format_datetime,
    get_locale,
    gettext,
    lazy_gettext,
    ngettext,
)
from flask_login import current_user
from markupsafe import Markup

from quizapp.errors import Problem, QuizError, worded
from quizapp.kinds.base import Text, say

LOCALES = ("ko", "en")
THEMES = ("light", "dark", "auto")
ZONE = ZoneInfo("Asia/Seoul")
LANGUAGE_KEY = "quizapp.language"

# The ready-made Korean formats print "PM 3:05".
DATES = {"ko": "y년 M월 d일", "en": "MMMM d, y"}
MOMENTS = {"ko": "y년 M월 d일 aaaa h:mm", "en": "MMM d, y, h:mm a"}

babel = Babel()
request_proxy = cast("Any", request)

# Translated when it is shown. To a type checker it is the text that it becomes.
_l = cast("Callable[[str], str]", lazy_gettext)


def init(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["PACKAGE"] / "translations")
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    babel.init_app(app, locale_selector=choose_locale, timezone_selector=lambda: ZONE.key)
    install_catalogue(app)
    app.add_template_filter(date)
    app.add_template_filter(moment)
    app.add_template_filter(number)
    app.add_template_filter(duration)
    app.add_template_filter(in_language)
    app.add_template_filter(translated)
    app.add_template_filter(advised)


def install_catalogue(app: Flask) -> None:
    """Let templates look words up themselves: a page says a hundred, and Flask-Babel finds its way anew for each."""
    folder = app.config["BABEL_TRANSLATION_DIRECTORIES"]
    known = {locale: Translations.load(folder, [locale]) for locale in LOCALES}

    def one(words: str) -> str:
        return known[language()].gettext(words)

    def several(one_of_them: str, many: str, count: int) -> str:
        return known[language()].ngettext(one_of_them, many, count)

    @lru_cache(maxsize=4096)
    def markup(locale: str, words: str) -> Markup:
        return Markup(known[locale].gettext(words))  # noqa: S704 -- from templates and the catalogue only

    @lru_cache(maxsize=4096)
    def plain(locale: str, words: str) -> Markup:
        return markup(locale, words) % {}

    def said(words: str, /, **variables: Any) -> Markup:
        return markup(language(), words) % variables if variables else plain(language(), words)

    environment: Any = app.jinja_env
    environment.install_gettext_callables(one, several, newstyle=True)
    environment.globals["_"] = said
    environment.sentence = markup


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say everything in this language within the block."""
    before, request.environ[LANGUAGE_KEY] = language(), locale
    try:
        with force_locale(locale):
            yield
    finally:
        request.environ[LANGUAGE_KEY] = before


def choose_locale() -> str:
    """The account's language, else this session's, else the browser's; Korean where none is known."""
    user: Any = current_user._get_current_object()
    if user.is_authenticated and user.locale:
        return user.locale
    chosen = session.get("locale")
    return chosen if chosen in LOCALES else request.accept_languages.best_match(LOCALES) or "ko"


def choose_theme() -> str:
    user: Any = current_user._get_current_object()
    if user.is_authenticated:
        return user.theme
    chosen = session.get("theme", "")
    return chosen if chosen in THEMES else "auto"


def language() -> str:
    """The language of this page: "ko" or "en". A request's is found out once."""
    if not has_request_context():
        return str(get_locale() or "ko")
    kept = environ()
    return kept.get(LANGUAGE_KEY) or kept.setdefault(LANGUAGE_KEY, choose_locale())


def environ() -> dict[str, Any]:
    """The request's, past the proxy: a page asks for it a hundred times."""
    return request_proxy._get_current_object().environ


def date(at: datetime) -> str:
    return to_the_day(at.replace(minute=0, second=0, microsecond=0), language())


@lru_cache(maxsize=4096)
def to_the_day(at: datetime, locale: str) -> str:
    return format_datetime(at, DATES[locale])


def moment(at: datetime) -> str:
    return to_the_minute(at.replace(second=0, microsecond=0), language())


@lru_cache(maxsize=4096)
def to_the_minute(at: datetime, locale: str) -> str:
    """Babel reads the pattern anew for each time, and a list has many, a class's mostly the same."""
    return format_datetime(at, MOMENTS[locale])


def number(value: float, digits: int = 2) -> str:
    """A number with at most `digits` decimals, in the page's way of writing."""
    return number_text(round(value, digits) + 0, language())  # a sum with 0 is never -0


@lru_cache(maxsize=4096)
def number_text(value: float, locale: str) -> str:
    """Babel reads the pattern anew for each number, and a page of results has many, mostly the same."""
    return format_decimal(value, locale=locale)


LENGTHS: tuple[Callable[[int], str], ...] = (
    lambda count: ngettext("%(num)s day", "%(num)s days", count),
    lambda count: ngettext("%(num)s hour", "%(num)s hours", count),
    lambda count: ngettext("%(num)s minute", "%(num)s minutes", count),
    lambda count: ngettext("%(num)s second", "%(num)s seconds", count),
)


def duration(seconds: float) -> str:
    """A length of time in words, in the two largest units: "2 days 3 hours"."""
    left = timedelta(seconds=max(0, int(seconds)))
    hours, rest = divmod(left.seconds, 3600)
    amounts = enumerate((left.days, hours, *divmod(rest, 60)))
    parts = [(unit, amount) for unit, amount in amounts if amount][:2] or [(len(LENGTHS) - 1, 0)]
    return " ".join(length(language(), unit, amount) for unit, amount in parts)


@lru_cache(maxsize=1024)
def length(_locale: str, unit: int, count: int) -> str:
    """So many of a unit, in words. To look them up costs more than the rest, and the live view has a thousand every few
    seconds."""
    return LENGTHS[unit](count)


def in_language(text: Text | None) -> str:
    """A text of ours or an author's in the page's language, as plain text."""
    return say(text, language())


def translated(said: Problem | QuizError) -> str:
    """The sentence of a problem or an error in the page's language. `what` in it may be words of ours: “the tags”."""
    values = worded(said.values, gettext)
    if values.get("what"):
        values["what"] = gettext(str(values["what"]))
    return gettext(said.template) % values


def advised(said: Problem) -> str:
    """The sentence of a problem, and what to do about it."""
    mend = gettext(said.mend) % worded(said.values, gettext) if said.mend else ""
    return f"{translated(said)} {mend}".strip()
