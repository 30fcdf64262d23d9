"""A course's folder of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from quizapp.config import bundled
from tests.content.folders import COURSE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(bundled("questions") / COURSE, tmp_path / COURSE)
    return tmp_path / COURSE
