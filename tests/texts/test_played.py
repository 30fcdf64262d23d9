"""Sounds and films in texts: with controls, never by themselves, and from this site only."""

from __future__ import annotations

import pytest

from quizapp.texts.markup import render, render_text

OWN = {"a.mp3": "/media/" + "0" * 64, "longer-a.mp3": "/media/" + "1" * 64}


@pytest.mark.parametrize(
    "markup",
    [
        '<audio src="media:a.mp3" autoplay loop onplay="x()"></audio>',
        '<video controls><source src="media:a.mp3" type="video/mp4">No film here.</video>',
    ],
)
def test_they_have_controls_and_begin_when_somebody_wants(markup: str) -> None:
    shown = render_text({"en": markup, "format": "html"}, "en", media=OWN)
    assert 'controls="controls"' in shown
    assert f'src="{OWN["a.mp3"]}"' in shown
    assert not any(word in shown for word in ("autoplay", "loop", "onplay"))


@pytest.mark.parametrize(
    "address", ["https://example.org/a.mp3", "//example.org/a.mp3", "/\\example.org", "data:audio/wav,"]
)
def test_they_come_from_nowhere_else(address: str) -> None:
    shown = render(f'<audio src="{address}"></audio><video><source src="{address}"></video>', "html")
    assert "src" not in shown


def test_of_two_names_the_longer_one_is_meant() -> None:
    shown = render_text({"en": "![](media:longer-a.mp3) ![](media:a.mp3)"}, "en", media=OWN | {"a": "/wrong"})
    assert [address in shown for address in OWN.values()] == [True, True]
    assert "wrong" not in shown
