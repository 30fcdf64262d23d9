"""Which Chromium the tests drive, and how it is started.

Debian's headless shell is the same engine without the frame of a desktop browser, for half of the processor's time.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there is used; tests/install-browser.sh makes sure that there is one."""
QUIET = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-quic")  # fmt: skip


def launch_options() -> dict[str, Any]:
    """What Playwright's `launch` is given. Only root, who can have no sandbox, goes without one."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    return {"executable_path": program, "args": [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]}
