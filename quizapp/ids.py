"""Public ids: what an address may name. They can't be guessed and say nothing about order or number."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 12


def public_id() -> str:
    """Twelve characters of an alphabet without look-alikes: about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def seed() -> str:
    """A secret of 128 bits for shuffling an attempt; it never leaves the server."""
    return secrets.token_hex(16)
