"""What the server says of its work: one line a request, with an id that the reply names too.

Lines are JSON, or readable pairs where a person watches (a terminal, or `QUIZAPP_LOG=text`). They hold no query
string, no form, no cookie and no header: nothing that could be a secret or an answer.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request, session
from gunicorn.glogging import Logger as GunicornLogger

HEADER = "X-Request-ID"
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = ("static", "bootstrap.static", "operation.healthz", "operation.metrics")
"""Endpoints whose requests are told only when they fail."""

log = logging.getLogger("quizapp.request")


def configure(style: str) -> None:
    """Send everything that any library logs to stderr in one shape. `style`: "json", "text", or "" for what suits."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    as_text = style == "text" or (not style and sys.stderr.isatty())
    last = structlog.processors.LogfmtRenderer if as_text else structlog.processors.JSONRenderer
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last(sort_keys=False)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


class ServerLogger(GunicornLogger):
    """gunicorn's own words, in the same shape; its log of requests is ours."""

    def setup(self, cfg: Any) -> None:
        self.error_log.handlers, self.error_log.propagate = [], True
        self.error_log.setLevel(logging.INFO)


def init(app: Flask) -> None:
    app.before_request(begin_request)
    app.after_request(send_request_id)
    app.teardown_request(log_request)


def begin_request() -> None:
    """Take over the id that a proxy gave, if it can't do harm, or make one."""
    given = request.headers.get(HEADER, "")
    known = given if SAFE_ID.fullmatch(given) else secrets.token_hex(8)
    g.began, g.request_id = time.perf_counter(), known
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=known)


def send_request_id(response: Response) -> Response:
    g.status = response.status_code
    if "request_id" in g:
        response.headers[HEADER] = g.request_id
    return response


def log_request(error: BaseException | None) -> None:
    """One line for the request that ends."""
    status = g.get("status", 500 if error else 0)
    if "began" not in g or not log.isEnabledFor(logging.INFO) or (request.endpoint in QUIET and status < 400):
        return
    log.log(
        logging.ERROR if status >= 500 else logging.INFO,
        "request",
        extra={
            "method": request.method,
            "path": request.path,
            "endpoint": request.endpoint,
            "status": status,
            "ms": round((time.perf_counter() - g.began) * 1000, 1),
            "user": str(session.get("_user_id", "")).partition(".")[0] or None,
        },
    )
