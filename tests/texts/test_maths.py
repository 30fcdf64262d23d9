"""Formulas and code in texts: what is one, what becomes of it, what a broken one says, and how long it takes."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from pygments.token import STANDARD_TYPES

from quizapp.config import bundled
from quizapp.formats.schema import check_item
from quizapp.texts.lessons import lesson_page
from quizapp.texts.markdown import COLOURED, MOST_CODE, MOST_CODE_OF_TEXT, MOST_FORMULAS, STAND_IN, highlighted
from quizapp.texts.markup import portable, render, words
from quizapp.texts.maths import MOST_CHARACTERS, FormulaError, mathml
from quizapp.web.templating import MOST_OF_PAGE, gap_parts, md, md_words
from quizapp.web.templating import formulas as formulas_of

SQUARE = '<math display="inline" alttext="x^2"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'


def formulas(markup: str) -> list[str]:
    """The LaTeX of the formulas that the markup shows."""
    return [one.get("alttext") for one in html.fragment_fromstring(markup, create_parent=True).iter("math")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("$x^2$", ["x^2"]),
        ("넓이는 $x^2$입니다", ["x^2"]),
        ("넓이는$x^2$이고 둘레는$4x$이다.", ["x^2", "4x"]),
        ("the $n$th, an $x$-axis, ($y$)", ["n", "x", "y"]),
        ("$$\\frac12$$", ["\\frac12"]),
        ("$$\na\n= b\n- c\n$$", ["a = b - c"]),
        ("글 $$a$$ 글", ["a"]),
        ("| a |\n|---|\n| $x$ |", ["x"]),
        ("**$x$**", ["x"]),
        ("$a*b*c$ and $d_1 e_1$", ["a*b*c", "d_1 e_1"]),
        ("$5 and $10", []),
        ("$5", []),
        ("between $5 and $10 each", []),
        ("US$5$ and A$6$", []),
        ("$5~$10, $3/$4", []),
        ("가격은 $5, 할인가는 $3입니다.", []),
        ("$ x $", []),
        ("$$ $$", []),
        (r"\$x\$", []),
        ("`$x$`", []),
        ("$HOME and `$PATH`", []),
        ("    $x$", []),
        ("```\n$x$\n```", []),
        (r"\(x\)", []),
        ("a $\n\n$ b", []),
    ],
)
def test_what_is_a_formula_in_markdown(source: str, found: list[str]) -> None:
    assert formulas(render(source)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (r"<p>값은 \(x^2 &lt; 3\)이다.</p>", ["x^2 < 3"]),
        (r"<p>\[\frac{1}{2}\]</p>", [r"\frac{1}{2}"]),
        (r"\[a \\[2pt] b\]", [r"a \\[2pt] b"]),
        (r"\(a&nbsp;+ b\) $$c$$ $d$", ["a + b", "c", "d"]),
        (r"<code>\(x\)</code> <pre>$$x$$</pre>", []),
        ('<a href="https://example.org/$x$">$5 and $10</a>', []),
        (r"\(never closed, \(x\)", ["x"]),
        (r"\(a <b>b</b>\)", []),
    ],
)
def test_what_is_a_formula_in_html(source: str, found: list[str]) -> None:
    assert formulas(render(source, "html")) == found


def test_plain_text_has_formulas_and_no_other_markup() -> None:
    shown = render("*$x$* \\(x\\) <b>\n$5", "plain")
    assert shown.startswith("*<math")
    assert shown.count("<math") == 2
    assert shown.endswith(" &lt;b&gt;<br>\n$5")


@pytest.mark.parametrize("words", [r"C:\new\(old", r"$\nope$ and \(\nope\)", "from $5 to $7", "a * b"])
def test_what_is_no_whole_formula_stays_as_it_stands(words: str) -> None:
    assert render(words, "plain") == words


def test_a_formula_is_mathml_with_its_latex() -> None:
    assert render("$x^2$").strip() == f"<p>{SQUARE}</p>"
    assert render("$$x^2$$").strip() == f"<p>{SQUARE.replace('inline', 'block')}</p>"
    assert render("$$x^2$$", inline=True) == SQUARE


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\mathbf{A}\mathbb{R}\mathfrak{C}\mathscr{B}\mathbf{1\alpha}", "𝐀ℝℭℬ𝟏𝛂"),
        (r"\mathrm{d}x", "dx"),
        (r"\text{만약 <b>}", "만약\xa0<b>"),
        (r"\begin{align}a&=b\\c&=d\end{align}", "a=bc=d"),
    ],
)
def test_letters_of_a_formula(latex: str, shown: str) -> None:
    assert html.fragment_fromstring(mathml(latex)).text_content() == shown


def test_limits_stand_below_in_a_formula_on_its_own_line() -> None:
    assert "<munder><mo>lim</mo>" in mathml(r"\lim_{n\to\infty} n", "block")
    assert "<munder><mo movablelimits=" in mathml(r"\operatorname*{argmax}_x y", "block")
    assert "<msub><mo>lim</mo>" in mathml(r"\lim_{n\to\infty} n")


@pytest.mark.parametrize(
    ("latex", "why"),
    [
        ("x^", "missing after"),
        ("x^2^3", "two ^"),
        ("x_2_3", "two _"),
        ("{x", "braces"),
        ("}{", "braces"),
        (r"\left(x", "partner"),
        (r"\begin{matrix}1", r"\end"),
        (r"\frac", "nothing to apply to"),
        (r"\frac{1}", "nothing to apply to"),
        ("", "nothing to apply to"),
        (r"\alpah + 1", r"isn't known: \alpah"),
        (r"\def\a{\a}\a", "define"),
        (r"\newcommand{\b}{\b\b}\b", "define"),
        ("x" * (MOST_CHARACTERS + 1), "longer than 2000"),
        ("{" * 41 + "x" + "}" * 41, "too deeply"),
        (r"\sqrt" * 300 + " x", "too deeply"),
    ],
)
def test_a_broken_formula_is_shown_as_it_is_written_and_says_why(latex: str, why: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(why)):
        mathml(latex)
    if latex:
        shown = html.fragment_fromstring(render(f"${latex}$", inline=True), create_parent=True)
        broken = shown.find("code")
        assert broken is not None
        assert broken.text == latex
        assert why in broken.get("title", "")


def test_a_file_with_a_broken_formula_is_told_where() -> None:
    written = {"kind": "truefalse", "stem": {"en": r"$x^2$ and $\foo$", "ko": "$x$"}, "response": {"answer": True}}
    problems = check_item(written)
    assert [(one.path, one.severity, one.message) for one in problems] == [
        (("stem",), "warning", r"This formula has a command that isn't known: \foo")
    ]
    assert check_item(written | {"stem": {"en": "It costs $5 or $10."}}) == []


def test_why_a_formula_is_broken_is_said_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        shown = md({"en": r"$\foo{<}$"})
    assert 'title="이 수식에 알 수 없는 명령이 있어요: \\foo">\\foo{&lt;}</code>' in shown


@pytest.mark.parametrize(
    "attack",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{btn}{x}",
        r"\operatorname{<img src=x onerror=alert(1)>}",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        r"\text{&lt;script&gt;}",
        r'\text{" onclick="alert(1)}',
        r"\verb|<script>|",
        r"\rule{999em}{999em}\hspace{-500px}\kern100em\raise50em x",
        r"\color{red}{x}\colorbox{red}{x}",
    ],
)
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_no_formula_runs_restyles_or_leaves_its_place(attack: str, form: str) -> None:
    tree = html.fragment_fromstring(render(f"$${attack}$$", form), create_parent=True)
    tags = {one.tag for one in tree.iter()}
    names = {name for one in tree.iter() for name in one.attrib if one.tag not in ("code", "img")}
    assert tags.isdisjoint({"script", "a", "style"})
    assert names.isdisjoint({"href", "style", "class", "onclick", "onerror", "src", "mathcolor", "mathbackground"})
    assert not [one for one in tree.iter() for name in ("width", "height", "voffset") if len(one.get(name, "")) > 6]


def test_an_author_s_mathml_is_shown_without_what_could_run() -> None:
    written = (
        '<math onclick="a()"><semantics><mspace width="400em"/><mi href="javascript:a()" mathvariant="normal">x</mi>'
        '<annotation encoding="application/x-tex">x</annotation>'
        '<annotation-xml encoding="text/html"><img src="x"></annotation-xml></semantics></math>'
    )
    shown = '<math><semantics><mspace></mspace><mi mathvariant="normal">x</mi></semantics></math>'
    assert render(written, "html") == shown


COMMANDS = r"""
    \frac \sqrt \left( \right) \begin{matrix} \end{matrix} \begin{array}{cc} \text{ \sum \limits \over \verb \color{red}
    \sideset \genfrac \\ \not \mathbb \substack{ \xrightarrow \hspace \operatorname{ \tag{ \smash[b] \mathchoice \skew
    \middle| \class \href \rule \prime \binom
"""
LATEX = [*"{}[]()^_&'|+-=<>12x%#~. \\\n가$\ue000", *COMMANDS.split()]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(LATEX) | st.characters(codec="utf-8"), max_size=60).map("".join))
def test_any_latex_gives_well_formed_mathml_or_a_reason(latex: str) -> None:
    try:
        shown = mathml(latex, gaps=("g1",))
    except FormulaError:
        return
    printable = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", shown)
    assert etree.fromstring(printable).tag == "math"


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([*LATEX, "$", "$$", r"\(", r"\)", r"\[", r"\]", "<b>", "</b>", "`", "```\n"])).map("".join)
)
def test_any_text_is_rendered(text: str) -> None:
    for form in ("markdown", "html"):
        assert "<script" not in render(text, form)
    assert "<math" not in portable(text)


@pytest.mark.parametrize(
    "unit",
    [
        "$",
        "$$",
        "$x$ ",
        r"\(",
        r"\[",
        r"\(x\)",
        r"$\\",
        "$a\n",
        r"$\frac12$ ",
        r"\$",
        "$`",
        "$ $x",
        r"$\sqrt\sqrt$ ",
        "$x^{",
    ],
)
def test_long_texts_of_formulas_take_no_longer_than_their_length(unit: str) -> None:
    began = time.process_time()
    for form in ("markdown", "html"):
        render(unit * (60_000 // len(unit)), form)
    assert time.process_time() - began < 15


def test_a_text_has_so_many_formulas_and_no_more() -> None:
    shown = render("".join(f"${'x' * 990}{n}$ " for n in range(100)))
    assert 0 < shown.count("<math") <= MOST_FORMULAS / 990
    assert "tex-error" in shown


def test_markers_of_gaps_stay_in_formulas_and_in_code(app: Flask) -> None:
    text = {"en": "$x^{{g1}} + \\frac{{{g2}}}{2}$ {{g3}}\n\n```python\ndef f({{g4}}):\n    return '{{g5}}'\n```"}
    gaps = [{"id": f"g{number}"} for number in range(1, 6)]
    with app.test_request_context():
        parts = gap_parts(text, gaps)
    assert [gap["id"] if gap else None for _, gap in parts] == ["g1", "g2", "g3", "g4", "g5", None]
    assert parts[0][0].endswith("<msup><mi>x</mi><mtext>")
    assert parts[1][0].startswith("</mtext></msup>")
    assert STAND_IN not in "".join(before for before, _ in parts)


def test_a_marker_in_an_attribute_is_no_gap(app: Flask) -> None:
    with app.test_request_context():
        parts = gap_parts({"en": "$x^{{a}}$ {{g1}}"}, [{"id": "g1"}])
    assert [gap["id"] if gap else None for _, gap in parts] == ["g1", None]


def test_an_option_of_a_list_has_a_formula_s_latex(app: Flask) -> None:
    with app.test_request_context():
        assert md_words({"en": "**a** $x^2 < 1$"}) == "a x^2 < 1"
    assert words(render("$x$ $y$", inline=True)) == "x y"


def test_an_answer_in_words_shows_its_formulas_and_nothing_else(app: Flask) -> None:
    with app.test_request_context():
        assert formulas_of("(1) $x^2$ **a** <b>\n$5 and $10") == f"(1) {SQUARE} **a** &lt;b&gt;\n$5 and $10"


def test_other_systems_get_latex_and_plain_code() -> None:
    written = portable("값 $x < 2$\n\n$$y$$\n\n```python\nx = 1\n```")
    assert r"<p>값 \(x &lt; 2\)</p>" in written
    assert r"<p>\[y\]</p>" in written
    assert '<code class="language-python">x = 1\n</code>' in written
    assert formulas(render(written, "html")) == ["x < 2", "y"]


def test_a_lesson_s_passages_hold_its_formulas() -> None:
    page = lesson_page("{#a}\n넓이는 $x^2$이다.\n\n{#b}\n```python\nx = 1\n```\n")
    assert page.passages["a"] == "넓이는 x^2이다."
    assert SQUARE in page.html
    assert '<pre tabindex="0" id="b"><code class="language-python"><span class="n">x</span>' in page.html


# --- code ---


def test_code_has_classes_and_no_style() -> None:
    shown = render("```python\ndef f(x):  # 셋\n    return '<b>'\n```")
    assert '<span class="k">def</span>' in shown
    assert "&lt;b&gt;" in shown
    assert "style=" not in shown
    assert html.fragment_fromstring(shown).text_content() == "def f(x):  # 셋\n    return '<b>'\n"


@pytest.mark.parametrize("language", ["", "nonesuch", '"onclick=', "한국어"])
def test_an_unknown_language_is_plain(language: str) -> None:
    shown = render(f"```{language}\nx < 1\n```")
    assert "<span" not in shown
    assert ">x &lt; 1\n</code></pre>" in shown
    assert "onclick=" not in shown


def test_an_author_s_classes_are_only_those_of_code() -> None:
    shown = render('<span class="k btn alert">a</span><pre tabindex="5">b</pre>', "html")
    assert shown == '<span class="k">a</span><pre>b</pre>'


@pytest.mark.parametrize("language", sorted(COLOURED))
def test_every_language_takes_any_code_and_keeps_its_words(chance: random.Random, language: str) -> None:
    code = "".join(chance.choice("{}[]()<>\"'`/*#%;:=\\\n\t 가aB1$@&|") for _ in range(150)) + "\n"
    shown = highlighted(code, language)
    assert shown is not None
    assert html.fragment_fromstring(shown, create_parent=True).text_content().strip("\n")


CRUMBS = ("a", "_", " ", "\n", "a\n", " \n", "(", "<", '"', '"\\', "a.", "a ", "{{", "/*", "x = a,")


@pytest.mark.parametrize("language", sorted(COLOURED))
def test_no_code_takes_long_to_be_coloured(language: str) -> None:
    for crumb in CRUMBS:
        began = time.process_time()
        highlighted((crumb * MOST_CODE)[:MOST_CODE], language)
        assert time.process_time() - began < 1.5, crumb


def test_a_lexer_that_takes_minutes_colours_nothing() -> None:
    began = time.process_time()
    for language, crumb in (("amdgpu", "a"), ("adl", " "), ("html+ng2", "(")):
        shown = render(f"```{language}\n{crumb * 20_000}\n```")
        assert f'class="language-{language}"' in shown
        assert "<span" not in shown
    assert time.process_time() - began < 2


def test_a_text_has_colours_in_its_first_blocks() -> None:
    block = "```python\n" + "x = 1\n" * (MOST_CODE // 6 - 1) + "```\n\n"
    blocks = MOST_CODE_OF_TEXT // MOST_CODE
    coloured = [bool(one.xpath(".//span")) for one in html.fromstring(f"<div>{render(block * (blocks + 3))}</div>")]
    assert coloured == [True] * blocks + [False] * 3
    assert "<span" not in render("```python\n" + "x = 1\n" * MOST_CODE + "```")


def test_the_courses_that_come_along_have_formulas_where_they_mean_to() -> None:
    pages = {path.name: lesson_page(path.read_text()).html for path in sorted(bundled("questions").rglob("*.md"))}
    assert {name for name, shown in pages.items() if "<math" in shown} == {"retrieval.ko.md", "retrieval.en.md"}
    assert not [name for name, shown in pages.items() if "tex-error" in shown]


# --- colours ---

STATIC = Path(__file__).parents[2] / "quizapp" / "static"


def luminance(colour: str) -> float:
    """Relative luminance, by the definition of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [1, 2], ids=["light", "dark"])
def test_every_colour_of_code_reads_well_on_its_ground(theme: int) -> None:
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (STATIC / "theme.css").read_text())
    colours = {pair[0]: luminance(pair[theme]) for pair in pairs}
    sheet = (STATIC / "texts.css").read_text()
    used = re.findall(r"^pre code :is\(([^)]*)\) \{\n  color: var\(--([\w-]+)\);", sheet, re.MULTILINE)
    assert len(used) >= 6
    for _, name in used:
        high, low = sorted((colours[name], colours["sunken"]), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, name
    assert {one.strip(" .") for group, _ in used for one in group.split(",")} <= set(STANDARD_TYPES.values())


def test_a_page_marks_up_so_much_and_shows_the_rest_as_it_is_written(app: Flask) -> None:
    """An upload of long texts kept a worker busy for a minute with one page of its preview."""
    text = {"en": "**a** <i>" + "b " * 40_000}
    with app.test_request_context():
        shown = [str(md(text)) for _ in range(MOST_OF_PAGE // 80_000 + 2)]
        assert ["<strong>" in one for one in shown] == [True] * (MOST_OF_PAGE // 80_009) + [False] * 2
        assert shown[-1].startswith("**a** &lt;i&gt;b")
    with app.test_request_context():
        assert md({"en": "**a**"}) == "<p><strong>a</strong></p>\n"
