"""What is installed: an environment as it is pinned, and a wheel that is the whole application."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.site import ROOT, Site


def run(*words: object, **how: object) -> str:
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, **how)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What git has of the checkout, and nothing that was made in it."""
    folder = tmp_path / "clone"
    for name in run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    assert not list(folder.rglob("*.mo"))
    return folder


@pytest.fixture
def environment(clone: Path, tmp_path: Path) -> Path:
    """An environment in which the wheel is installed. It finds the dependencies where the tests have theirs."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", tmp_path, clone)
    (wheel,) = tmp_path.glob("*.whl")
    shutil.rmtree(clone)
    folder = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    (packages,) = folder.glob("lib/*/site-packages")
    run(*pip, "--python", folder / "bin" / "python", "install", "-q", "--no-deps", "--no-index", wheel)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def test_a_wheel_serves_in_korean(environment: Path, tmp_path: Path) -> None:
    where = run(environment / "bin" / "python", "-c", "import quizapp; print(quizapp.__path__[0])", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(environment)
    site = Site(tmp_path)
    site.command = [str(environment / "bin" / "quizapp"), "serve", "--demo"]
    site.start()
    try:
        with urlopen(Request(f"{site.url}/login", headers={"Accept-Language": "ko"})) as reply:  # noqa: S310
            page = reply.read().decode()
    finally:
        site.end()
    assert "로그인" in page


@pytest.mark.parametrize("name", ["pip", "setuptools"])
def test_what_came_with_the_environment_is_pinned_too(name: str) -> None:
    """Python brings some release of them along; `make` replaces it by the one that has a hash."""
    pinned = re.search(rf"^{name}==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert pinned
    assert version(name) == pinned[1]
