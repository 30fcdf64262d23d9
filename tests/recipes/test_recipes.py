"""The recipes of CONTRIBUTING, followed to the letter: a file, and its name in the tuple; nothing else is touched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PROJECT = ("quizapp", "templates", "questions", "tests", "pyproject.toml")


def register(package: Path, module: Path) -> None:
    """Put the module into the package, and its name into the import and the tuple of its `__init__`."""
    shutil.copy(module, package)
    names = package / "__init__.py"
    written, imported = re.subn(
        rf"(from quizapp\.{package.name} import \(?\s*)", rf"\g<1>{module.stem}, ", names.read_text(), count=1
    )
    written, listed = re.subn(
        r"(ALL: [^=]+= \(.*?),?\s*\)\n", rf"\g<1>, {module.stem})\n", written, count=1, flags=re.S
    )
    assert (imported, listed) == (1, 1)
    names.write_text(written)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with the new kind and the new format in it."""
    for name in PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)  # with what is compiled already
        else:
            shutil.copy(ROOT / name, tmp_path)
    register(tmp_path / "quizapp" / "kinds", HERE / "odd_one_out.py")
    register(tmp_path / "quizapp" / "formats", HERE / "piped.py")
    return tmp_path


def test_a_kind_and_a_format_are_a_file_each(project: Path) -> None:
    """The story passes, and so do the suites of kinds and formats for what is new."""
    editor = "tests/banks/test_editor.py"
    suites = [
        *("tests/recipes/story.py", "tests/kinds/test_conformance.py", "tests/rules/test_shuffle.py"),
        *("tests/formats/test_round_trip.py", f"{editor}::test_every_kind_opens_and_says_what_is_missing"),
        *(f"{editor}::test_a_preview_in_two_languages_shares_nothing", "tests/security/test_order_tells_nothing.py"),
    ]
    chosen = "(odd_one_out or piped or story or order_tells_nothing) and not postgresql"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, *suites],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert re.search(r"\b[4-9]\d passed", done.stdout), done.stdout[-300:]
