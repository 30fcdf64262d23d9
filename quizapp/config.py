"""Settings: read from the environment once, checked at start.

A setting that can't be used ends the program with one clear line; nothing falls back silently.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from quizapp.errors import ConfigError

PACKAGE = Path(__file__).parent
DEFAULT_DATABASE = "sqlite:///var/quizapp.sqlite3"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRET_LENGTH = 32
TOKEN_LENGTH = 16


def bundled(name: str) -> Path:
    """A folder that an installed package holds inside and a checkout holds beside the package."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class Mail:
    """How the site sends mail: by which server, from whom. `site` is its own address, for the links in a mail: what a
    request says of its host may be anybody's choice."""

    host: str
    port: int
    sender: str
    site: str
    tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """All settings. `secret_key` is made and kept beside the database where none is given.

    `proxies` is how many reverse proxies of one's own stand before the server: so many entries of X-Forwarded-For
    are believed, and the limits by address need the right one.
    `tries_per_address`: failed log-ins from one network address within a quarter of an hour; a school may share one.
    `retention_days`: so long after hand-in and closing the examination attempts of somebody who has left are kept.
    `mail`: None sends none; an admin sees what would have been sent.
    `pooler`: PgBouncer stands before PostgreSQL and gives a connection for one transaction only.
    `log` is "json", "text" or "" (text on a terminal); `metrics_token` opens /metrics, "" leaves it closed; `backups`
    is the folder for a backup a day, None makes none.
    """

    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    secure_cookies: bool = False
    proxies: int = 0
    tries_per_address: int = 1000
    retention_days: int = 365
    mail: Mail | None = None
    pooler: bool = False
    log: str = ""
    metrics_token: str = ""
    backups: Path | None = None
    questions: Path = field(default_factory=lambda: bundled("questions"))


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment asks for. Raises ConfigError naming the variable that is wrong."""
    database_url = normalised(environ.get("QUIZAPP_DATABASE_URL") or DEFAULT_DATABASE)
    host = environ.get("HOST") or "127.0.0.1"
    return Settings(
        database_url=database_url,
        secret_key=given_secret(environ) or kept_secret(database_url, host),
        host=host,
        port=number(environ, "PORT", 8000, 1, 65535),
        workers=number(environ, "WORKERS", 2, 1, 64),
        threads=number(environ, "THREADS", 4, 1, 64),
        secure_cookies=switch(environ, "QUIZAPP_SECURE_COOKIES"),
        proxies=number(environ, "QUIZAPP_PROXIES", 0, 0, 9),
        tries_per_address=number(environ, "QUIZAPP_TRIES_PER_ADDRESS", 1000, 10, 1_000_000),
        retention_days=number(environ, "QUIZAPP_RETENTION_DAYS", 365, 0, 36500),
        mail=mail(environ),
        pooler=switch(environ, "QUIZAPP_POOLER"),
        log=one_of(environ, "QUIZAPP_LOG", ("", "json", "text")),
        metrics_token=token(environ, "QUIZAPP_METRICS_TOKEN"),
        backups=Path(environ["QUIZAPP_BACKUPS"]).absolute() if environ.get("QUIZAPP_BACKUPS") else None,
    )


def number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    written = environ.get(name) or str(default)
    if not written.isascii() or not written.isdigit() or not least <= int(written) <= most:
        raise ConfigError("%(name)s=%(value)s: give a whole number from %(least)s to %(most)s.",
                          name=name, value=written, least=least, most=most)  # fmt: skip
    return int(written)


def switch(environ: Mapping[str, str], name: str) -> bool:
    written = environ.get(name, "").lower()
    if written not in ("", "0", "1"):
        raise ConfigError("%(name)s=%(value)s: give 1 (on) or 0 (off).", name=name, value=written)
    return written == "1"


def one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    written = environ.get(name, "").lower()
    if written not in allowed:
        raise ConfigError("%(name)s=%(value)s: give %(allowed)s.",
                          name=name, value=written, allowed=" or ".join(filter(None, allowed)))  # fmt: skip
    return written


def token(environ: Mapping[str, str], name: str) -> str:
    written = environ.get(name, "")
    if written and (len(written) < TOKEN_LENGTH or not written.isascii() or not written.isprintable()):
        raise ConfigError("%(name)s is too short or has unusual characters: give at least %(least)s plain ones.",
                          name=name, least=TOKEN_LENGTH)  # fmt: skip
    return written


def mail(environ: Mapping[str, str]) -> Mail | None:
    """The SMTP server that the environment names, with the two settings that it needs."""
    url = environ.get("QUIZAPP_SMTP_URL", "")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        usual = {"smtp": 587, "smtps": 465}[parts.scheme]
        port = parts.port or usual
    except (ValueError, KeyError):
        parts, port = urlsplit(""), 0
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError("QUIZAPP_SMTP_URL: give smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, "
                          "with special characters of the password written as %%40 and the like.")  # fmt: skip
    return Mail(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender(environ),
        site=site(environ),
    )


def sender(environ: Mapping[str, str]) -> str:
    written = environ.get("QUIZAPP_MAIL_FROM", "")
    name, address = parseaddr(written)
    if not written.isprintable() or not all(address.partition("@")) or not (name + address).isprintable():
        raise ConfigError("QUIZAPP_MAIL_FROM=%(value)s: give the sender of emails, such as quiz@example.org or "
                          "Quizzes <quiz@example.org>.", value=written)  # fmt: skip
    return written


def site(environ: Mapping[str, str]) -> str:
    written = environ.get("QUIZAPP_URL", "")
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError("QUIZAPP_URL=%(value)s: give the site's address for the links in emails, such as "
                          "https://quiz.example.org.", value=written)  # fmt: skip
    return written.rstrip("/")


def normalised(url: str) -> str:
    """The database's address as SQLAlchemy wants it, with the driver that we install."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise ConfigError(
        "QUIZAPP_DATABASE_URL=%(url)s: give sqlite:///PATH or postgresql://USER@HOST/NAME.",
        url=url.split("@")[-1],
    )


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address, absolute; None for another database."""
    return Path(url.removeprefix("sqlite:///")).absolute() if url.startswith("sqlite:///") else None


def given_secret(environ: Mapping[str, str]) -> str:
    secret = environ.get("QUIZAPP_SECRET_KEY", "")
    if secret and len(secret) < SECRET_LENGTH:
        raise ConfigError("QUIZAPP_SECRET_KEY is too short: give at least %(least)s random characters.",
                          least=SECRET_LENGTH)  # fmt: skip
    return secret


def kept_secret(database_url: str, host: str) -> str:
    """A secret made at the first start and kept beside the SQLite file, readable by its owner only.

    Several machines must share one secret, so PostgreSQL has no such default, and neither has a server that
    listens beyond this machine.
    """
    path = sqlite_path(database_url)
    if path is None or host not in LOOPBACK:
        raise ConfigError(
            "QUIZAPP_SECRET_KEY is missing: give at least 32 random characters, the same on every machine."
        )
    file = path.parent / "secret_key"
    if not file.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        make_secret(file)
    secret = file.read_text().strip()
    if len(secret) < SECRET_LENGTH:
        raise ConfigError("%(path)s holds no secret: delete it, and a new one will be made.", path=file)
    return secret


def make_secret(file: Path) -> None:
    """Write a secret aside and put it in its place whole, unless another process was first."""
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(secrets.token_hex(32))
    with suppress(FileExistsError):
        os.link(part, file)
    part.unlink()
