"""As much of Protocol Buffers as Anki's packages need: the fields of a message by number."""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST_VARINT = 10


def message_fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The number and value of each field in order. Raises ValueError for what is not a message."""
    place = 0
    while place < len(message):
        key, place = varint(message, place)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, place = varint(message, place)
            yield number, value
            continue
        if wire == BYTES:
            length, place = varint(message, place)
        elif wire in (FIXED64, FIXED32):
            length = 8 if wire == FIXED64 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if place + length > len(message):
            raise ValueError("the message ends too early")
        yield number, message[place : place + length]
        place += length


def varint(message: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, and the position after it."""
    value = 0
    for count in range(LONGEST_VARINT):
        if place >= len(message):
            break
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value, place
    raise ValueError("a number has no end")


def text_fields(message: object) -> dict[int, str]:
    """The fields that are text; {} for what is not a message."""
    try:
        found = dict(message_fields(message if isinstance(message, bytes) else b""))
    except ValueError:
        return {}
    return {number: value.decode("utf-8", "replace") for number, value in found.items() if isinstance(value, bytes)}
