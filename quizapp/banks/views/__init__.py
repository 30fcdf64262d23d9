"""Pages of banks, sorted by what one does there. None of them changes anything but through the actions."""

from __future__ import annotations

from quizapp.banks.editor import room as editor
from quizapp.banks.views.bulk import room as bulk
from quizapp.banks.views.exports import room as exports
from quizapp.banks.views.questions import media_reply, room
from quizapp.banks.views.sharing import room as sharing

for part in (exports, editor, sharing, bulk):
    room.register_blueprint(part)
