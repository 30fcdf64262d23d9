"""Markdown and HTML by authors: what is shown, what is taken out, and the passages of a lesson."""

from __future__ import annotations

import re

import pytest
from lxml.html import fragment_fromstring

from quizapp.texts.lessons import HEADINGS, anchors, lesson_page
from quizapp.texts.markup import BLOCK, portable, render, render_text


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**강조(強調)**는", "<p><strong>강조(強調)</strong>는</p>"),
        ("이것은 **굵게**입니다", "<p>이것은 <strong>굵게</strong>입니다</p>"),
        ("가*나*다", "<p>가<em>나</em>다</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("a **b** c", "<p>a <strong>b</strong> c</p>"),
        ("~~그만~~", "<p><s>그만</s></p>"),
    ],
)
def test_emphasis_beside_korean(source: str, html: str) -> None:
    assert render(source).strip() == html


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" &#106;avascript:alert(1)">x</a>',
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="https://evil.example"></iframe>',
        '<p style="position:fixed">x</p>',
        '<form action="https://evil.example"><input name="a"></form>',
        '<p id="answer">x</p>',
        "<style>*{display:none}</style>",
        "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    ],
)
def test_nothing_that_runs_or_restyles_survives(form: str, attack: str) -> None:
    shown = render(attack, form).lower()
    for sign in ("<script", "onerror", "javascript:", "<iframe", "style", "<form", "<input", "<svg", "id=", "xlink"):
        assert sign not in shown


COVERING = "position-fixed top-0 start-0 vw-100 vh-100 z-3 bg-white visually-hidden btn alert table-scroll"


@pytest.mark.parametrize("form", ["markdown", "html", "words"])
@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("tag", sorted(BLOCK | HEADINGS | {"section", "button", "input"}))
def test_no_class_of_an_author_s_choosing_survives(form: str, inline: bool, tag: str) -> None:
    """Whatever element has it, alone or beside one that may be there: only our own are left."""
    for value in (COVERING, f"language-python {COVERING}", f"{COVERING} k", COVERING.replace(" ", "\t\n")):
        source = f'<{tag} class="{value}">x</{tag}>'
        for shown in (render(source, form, inline), portable(source), lesson_page(source).html):
            left = {name for found in classes(shown) for name in found.split()}
            assert left <= {"language-python", "k", "table-scroll"}
            assert "table-scroll" not in left or (tag in ("div", "table") and "<div" in shown)
    fenced = render(f"~~~ {COVERING.replace(' ', '.')}\nx\n~~~\n")
    assert re.findall(r'class="([^"]*)"', fenced) == [f"language-{COVERING.replace(' ', '.')[:40]}"]


def classes(markup: str) -> list[str]:
    return fragment_fromstring(markup, create_parent="main").xpath("//@class")


def test_the_classes_of_coloured_code_stay() -> None:
    shown = render("```python\nimport re\n```\n\n$\\nothing{$")
    assert '<code class="language-python"><span class="kn">import</span>' in shown
    assert '<code class="tex-error"' in shown
    assert '<div class="table-scroll" tabindex="0"><table>' in lesson_page("|a|\n|-|\n|b|\n").html


def test_plain_text_is_shown_as_it_stands() -> None:
    assert render("<b>*a*</b>\nb", "plain") == "&lt;b&gt;*a*&lt;/b&gt;<br>\nb"


def test_a_text_falls_back_to_the_language_that_it_has() -> None:
    assert "english" in render_text({"en": "english"}, "ko")


def test_media_get_their_address() -> None:
    shown = render_text({"en": "![x](media:a.png)"}, "en", media={"a.png": "/media/123"})
    assert 'src="/media/123"' in shown


LESSON = "## 제목\n\n{#one}\n첫 **대목**은\n두 줄\n\n{#two}\n| a | b |\n|---|---|\n| 1 | 2 |\n\n{#one}\n다시\n"


def test_a_lesson_has_headings_and_passages() -> None:
    page = lesson_page(LESSON)
    assert [heading.title for heading in page.headings] == ["제목"]
    assert page.passages["two"] == "a b 1 2"
    assert '<table id="two">' in page.html
    assert anchors(LESSON) == ["one", "two", "one"]


def test_a_quote_survives_spacing_and_not_another_word() -> None:
    first = lesson_page("{#a}\n한 대목입니다.").quote("a")
    assert lesson_page("{#a}\n한\n대목입니다.").quote("a") == first
    assert lesson_page("{#a}\n두 대목입니다.").quote("a") != first
