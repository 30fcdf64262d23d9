"""Which format a file has: content first, then the suffix."""

from __future__ import annotations

import pytest

from quizapp.formats.detect import detect


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"items:\n- kind: essay\n  stem: {en: x}\n", "", "yaml"),
        (b"items:\n- kind: essay\n  stem: {en: x}\n", "bank.json", "yaml"),
        (b'{"items": [{"kind": "essay"}]}', "bank.yaml", "json"),
        (b"", "bank.yml", "yaml"),
        (b"", "BANK.JSON", "json"),
        (b"", "", None),
        (b"what is this?", "letter.doc", None),
        (b"\x89PNG\r\n\x1a\n", "picture.png", None),
    ],
)
def test_detect(data, name, expected):
    assert detect(data, name) == expected
