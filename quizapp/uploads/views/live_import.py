"""An import that our script listens to: a line of JSON for each step, and at the end where to go, or what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from flask import Response, current_app, request, stream_with_context
from flask_babel import gettext as _

from quizapp.accounts.models import User
from quizapp.banks.import_progress import Finished, Listener, Progress, run_with_progress
from quizapp.clock import now
from quizapp.db import AWAY, db, give_connection_back
from quizapp.errors import QuizError
from quizapp.uploads import actions as imports
from quizapp.uploads import queries
from quizapp.uploads.models import Upload
from quizapp.web.errors import STATUS
from quizapp.web.i18n import translated

LINES = "application/x-ndjson"


def listens() -> bool:
    """Whether the request comes from our script, which shows how far an import is."""
    return any(name == LINES for name, _quality in request.accept_mimetypes)


def live_import(upload: Upload, user_id: int, readable_only: bool, address: str) -> Response:
    """Import, and say how far it is. The transaction is the import's own: whoever stops listening doesn't stop it."""
    app, name = current_app._get_current_object(), upload.public_id  # type: ignore[attr-defined]

    def work(progress: Listener) -> None:
        with app.app_context():
            user = db.session.get_one(User, user_id)
            imports.apply(queries.upload(name, user_id), user, readable_only, now(), progress)

    def lines() -> Iterator[str]:
        with closing(run_with_progress(work)) as messages:
            for message in messages:
                yield json.dumps(line(message, address)) + "\n"

    give_connection_back()  # this request only listens
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream_with_context(lines()), mimetype=LINES, headers=headers)


def line(message: Progress | Finished, address: str) -> dict[str, Any]:
    """A message of the import as our script reads it."""
    if isinstance(message, Progress):
        return {"step": message.stage, "done": message.done, "total": message.total}
    if message.error is None:
        return {"location": address}
    if isinstance(message.error, QuizError):
        return {"message": translated(message.error)}
    current_app.logger.error("an import failed", exc_info=message.error)
    return {"message": _(STATUS[503 if isinstance(message.error, AWAY) else 500])}
