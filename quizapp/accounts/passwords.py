"""Password hashes by argon2. One hash costs 64 MiB and a tenth of a second, so few run at once."""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MIN_LENGTH = 8
MAX_LENGTH = 200

hasher = PasswordHasher()
_turn = BoundedSemaphore(2)
# Compared with where there is no account, so that the time taken says nothing.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$wwOT8iU45y8bd3lKeOPIrw$Cn5fx9g/5JEKEmzwuAiDkhi+qn9u/HHvWv/Ymo9a9Hc"


def normalised(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def hashed(password: str) -> str:
    with _turn:
        return hasher.hash(normalised(password))


def verified(password: str, stored: str | None) -> bool:
    """Whether the password is right; takes as long for an unknown account."""
    with _turn:
        try:
            return hasher.verify(stored or _NOBODY, normalised(password)) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False
