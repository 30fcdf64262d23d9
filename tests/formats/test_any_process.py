"""A file becomes the same in every process: what one shows in a preview, another one imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "files", [["3"], pytest.param(["1000", "--marks"], marks=pytest.mark.explore)], ids=["some", "all"]
)
def test_the_order_of_sets_decides_nothing(files: list[str]) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.formats.digests", *files],
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, text=True,
        )
        for seed in ("1", "2")
    ]  # fmt: skip
    one, other = (process.communicate()[0].splitlines() for process in running)
    assert [process.returncode for process in running] == [0, 0]
    assert len(one) > 100
    assert [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]] == []
