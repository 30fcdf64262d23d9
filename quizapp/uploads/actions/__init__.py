"""Writes of uploads: kept, decided upon, imported, undone."""

from __future__ import annotations

from quizapp.uploads.actions.deciding import change_options, choose_columns, drop, keep, mend, store_ticks, tick_all
from quizapp.uploads.actions.importing import Barred, NothingTicked, Unreadable, apply
from quizapp.uploads.actions.large_files import read_next_large_file
from quizapp.uploads.actions.undoing import undo
