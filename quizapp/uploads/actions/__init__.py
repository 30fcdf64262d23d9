"""Writes of uploads: kept, decided upon, imported, undone."""

from __future__ import annotations

from quizapp.uploads.actions.deciding import choose_columns, drop, keep, mend, read_again, take, take_all
from quizapp.uploads.actions.importing import Barred, Nothing, Unreadable, apply
from quizapp.uploads.actions.reading import read_next
from quizapp.uploads.actions.undoing import undo
