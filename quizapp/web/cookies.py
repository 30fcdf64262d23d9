"""The session's cookie, signed as Flask signs it."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

SIGNER = "quizapp.signer"


class Cookies(SecureCookieSessionInterface):
    """Keeps what signs, which Flask makes anew for each request."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if SIGNER not in app.extensions:
            app.extensions[SIGNER] = super().get_signing_serializer(app)
        return app.extensions[SIGNER]
