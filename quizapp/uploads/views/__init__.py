"""Pages of uploads. None of them changes anything but through the actions."""

from __future__ import annotations

from quizapp.uploads.views import deciding as deciding
from quizapp.uploads.views.room import room
from quizapp.uploads.views.sending import blank_sheets, waiting_uploads
