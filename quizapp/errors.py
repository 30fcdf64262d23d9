"""What can go wrong, said so that it can be mended.

Two shapes, used by every other module: a `Problem` is something found in a file or in a question and is
collected, so that all of them are shown at once; a `QuizError` is raised and ends the request or the command.
Both carry an English template and its values, so that the pages can translate the sentence (`N_` marks it for
the extraction of messages) and this module needs no web framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Path = tuple[str | int, ...]
"""Where in a structure something stands: `("choices", 2, "fraction")`."""

Severity = Literal["error", "warning", "loss"]
"""error: can't be used as it is. warning: usable, but look. loss: usable, and something was left behind."""


def N_(template: str) -> str:
    """Mark a sentence for translation; it is translated where it is shown."""
    return template


NAMES = {"ko": N_("Korean"), "en": N_("English")}
"""What sentences call the languages of texts."""
OF_LANGUAGES = ("language", "kept", "left", "lent")
"""The values of sentences that are languages, by their codes; several with commas between."""


def worded(values: Mapping[str, Any], say: Callable[[str], str] = str) -> dict[str, Any]:
    """A sentence's values as it says them: languages by their names, which `say` may translate."""
    called = {key: values[key].split(", ") for key in OF_LANGUAGES if isinstance(values.get(key), str)}
    named = {key: ", ".join(say(NAMES[one]) if one in NAMES else one for one in codes) for key, codes in called.items()}
    return {**values, **named}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file or a question.

    `line` counts from 1 and is None where the source has no lines. `place` names what lines can't (a sheet's
    cell, a member of a zip). `text` is what stands there; `mend` says what to do.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    line: int | None = None
    path: Path = ()
    severity: Severity = "error"
    place: str = ""
    text: str = ""
    mend: str = ""

    @property
    def message(self) -> str:
        """The sentence in English, with its values."""
        return self.template % worded(self.values)

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def at(self, *, line: int | None = None, path: Path = (), place: str = "") -> Problem:
        """The same problem, moved below `path` and placed."""
        return replace(self, line=line or self.line, path=path + self.path, place=place or self.place)


class QuizError(Exception):
    """Anything a person may run into. `status` is the HTTP status, `template` % `values` the sentence."""

    status = 400
    template = N_("This can't be done.")

    def __init__(self, template: str = "", /, **values: Any) -> None:
        self.template = template or type(self).template
        self.values = values
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return self.template % self.values


class NotFound(QuizError):
    """It isn't there, or it is somebody else's: the two must look the same."""

    status = 404
    template = N_("There is nothing at this address. Check it, or go back to the start page.")


class NotAllowed(QuizError):
    """The role lacks the verb."""

    status = 403
    template = N_("Your role doesn't allow this. Ask an instructor or an admin.")


class Conflict(QuizError):
    """The object has moved on since the page was made."""

    status = 409
    template = N_("This was changed elsewhere in the meantime. Reload the page and look at it again.")


class TooMany(QuizError):
    """A limit on tries was reached."""

    status = 429
    template = N_("Too many tries. Wait a little and try again.")


class ResponseError(QuizError):
    """A response has the wrong shape; `field` names the part of it."""

    status = 422

    def __init__(self, field_name: str, template: str, /, **values: Any) -> None:
        self.field = field_name
        super().__init__(template, **values)


class ConfigError(QuizError):
    """A setting can't be used; the program doesn't start."""

    status = 500
