"""Public ids: what an address may name. They can't be guessed and say nothing about order or number."""

from __future__ import annotations

from secrets import SystemRandom

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 12

chance = SystemRandom()


def public_id() -> str:
    """Twelve characters of an alphabet without look-alikes: about 59 bits."""
    return "".join(chance.choice(ALPHABET) for _ in range(LENGTH))


def seed() -> str:
    """A secret of 128 bits for shuffling an attempt; it never leaves the server."""
    return chance.randbytes(16).hex()
