"""Our Markdown: CommonMark with tables, emphasis beside Korean letters, formulas, and code in colours.

Formulas stand between `$` (in a line) or `$$` (on their own). A `$` opens only before a character and not after a
Latin letter or a digit; it closes only after a character and not before a digit: `$5 and $10` stays money.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.attrs import attrs_block_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from quizapp.kinds.cloze import MARKER
from quizapp.texts.directives import directives
from quizapp.texts.maths import FormulaError, mathml

CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]"
)
DOLLARS = (
    r"(?<![A-Za-z0-9\\$])(?:\$\$(?P<shown>(?:[^\\$]|\\.)++)\$\$"
    r"|\$(?![\s$])(?P<told>(?:[^\\$`]|\\.)+)(?<!\s)\$(?![\d$]))"
)
INLINE_FORMULA = re.compile(DOLLARS, re.DOTALL)
LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")

MOST_FORMULAS = 40_000
"""How many characters of formulas one text may have; what comes after them is shown as it is written."""
COLOURED = frozenset({
    "bash", "c", "c#", "c++", "console", "cpp", "csharp", "css", "dart", "diff", "docker", "dockerfile", "go", "golang",
    "haskell", "html", "ini", "java", "javascript", "js", "json", "julia", "kotlin", "latex", "lua", "makefile",
    "matlab", "pascal", "perl", "php", "powershell", "prolog", "py", "pycon", "python", "python3", "r", "rb", "rs",
    "ruby", "rust", "scheme", "sh", "shell", "sql", "swift", "tex", "toml", "ts", "typescript", "xml", "yaml",
})  # fmt: skip
"""Languages whose code gets colours. There are lexers that take minutes for a page of one letter."""
MOST_CODE, MOST_CODE_OF_TEXT = 2_000, 12_000
"""The longest block of code, in characters, that gets colours, and how much of one text: the lexers that are left take
longer than linear too."""
MOST_EMPTY_CELLS = 2_000
"""How many cells the tables of one text may leave out. They are filled in: a line of `x` below a wide heading would be
a hundred of them."""
STAND_IN = "zqgap"
"""The start of the word that stands for a gap's marker while the lexer looks at the code."""

FORMATTER = HtmlFormatter(nowrap=True)


class KoreanInline(StateInline):
    """CommonMark asks for a space or punctuation beside `**`; Korean particles follow a word without one.

    A Korean, Chinese or Japanese neighbour therefore counts as white space: `**강조(強調)**는` is bold.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        opens, closes = scanned.can_open, scanned.can_close
        if CJK.match(before) and not after.isspace():
            opens = True
        if CJK.match(after) and not before.isspace():
            closes = True
        return Scanned(opens, closes, scanned.length)


class KoreanParser(ParserInline):
    """The inline parser with our rule of emphasis; markdown-it has no setting for it."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = KoreanInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True})
    korean = KoreanParser()
    korean.ruler.enableOnly(markdown.get_active_rules()["inline"])
    korean.ruler2.enableOnly(markdown.get_active_rules()["inline2"])
    markdown.inline = korean
    markdown.enable(["table", "strikethrough"])
    markdown.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    markdown.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    markdown.inline.ruler.at("math_inline", find_formula)
    markdown.add_render_rule("math_inline", show_formula)
    markdown.add_render_rule("math_block", show_formula)
    markdown.add_render_rule("fence", show_code)
    return markdown


# --- tables ---


def bounded_table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """The rule of the block parser for tables; one that leaves out too many cells is shown as it is written."""
    env = state.env
    if first < env.get("no table before", 0) or not table(state, first, end, True):
        return False
    last = next((line for line in range(first, end) if state.isEmpty(line)), end)
    columns = state.src.count("|", state.bMarks[first], state.eMarks[first]) + 1
    cells = state.src.count("|", state.bMarks[first], state.eMarks[last - 1]) + last - first
    empty = env.get("empty cells", 0) + max(0, columns * (last - first) - cells)
    if empty > MOST_EMPTY_CELLS:
        env["no table before"] = last
        return False
    if silent:
        return True
    env["empty cells"] = empty
    return table(state, first, end, silent)


# --- formulas ---


def find_formula(state: StateInline, silent: bool) -> bool:
    """The rule of the inline parser for `$...$` and `$$...$$`."""
    found = INLINE_FORMULA.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if found is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.markup = "$" if found["shown"] is None else "$$"
        token.content = found["told"] or found["shown"]
    state.pos = found.end()
    return True


def show_formula(_: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    shown = token.type == "math_block" or token.markup == "$$"
    markup = formula(token.content.strip(), "block" if shown else "inline", env)
    return f"<p>{markup}</p>\n" if token.type == "math_block" else markup


def formula(latex: str, display: Literal["inline", "block"], env: EnvType) -> str:
    """The markup of a formula; of one that can't be read, its source with a title that says why.

    `env` says where: `portable` keeps LaTeX for other systems, in the list `kept`, and gives a word that stands for it;
    `inline` has no room for blocks, `gaps` names gaps.
    """
    if env.get("portable"):
        env["kept"].append(html.escape(rf"\({latex}\)" if display == "inline" else rf"\[{latex}\]", quote=False))
        return f"{env['portable']}{len(env['kept']) - 1}z"
    env["formulas"] = env.get("formulas", 0) + len(latex)
    try:
        if env["formulas"] > MOST_FORMULAS:
            raise FormulaError
        return mathml(latex, "inline" if env.get("inline") else display, env.get("gaps", ()))
    except FormulaError as error:
        return f'<code class="tex-error" title="{html.escape(error.message)}">{html.escape(latex, quote=False)}</code>'


# --- code ---


def show_code(_: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    language = LANGUAGE.match(token.info.strip())
    place = f' id="{html.escape(str(token.attrGet("id")))}"' if token.attrGet("id") else ""
    name = f' class="language-{language[0]}"' if language else ""
    code = highlighted(token.content, language[0]) if language and may_be_coloured(token.content, env) else None
    return f'<pre tabindex="0"{place}><code{name}>{code or html.escape(token.content, quote=False)}</code></pre>\n'


def may_be_coloured(code: str, env: EnvType) -> bool:
    """Whether a block may have colours, after those before it in the text."""
    if env.get("portable") or len(code) > MOST_CODE:
        return False
    env["code"] = env.get("code", 0) + len(code)
    return env["code"] <= MOST_CODE_OF_TEXT


def highlighted(code: str, language: str) -> str | None:
    """The code with a class around each word; None in a language that gets no colours. Markers of gaps stay whole."""
    if language.lower() not in COLOURED or STAND_IN in code:
        return None
    lexer = get_lexer_by_name(language, stripnl=False)
    markers = list(dict.fromkeys(MARKER.findall(code)))
    for place, name in enumerate(markers):
        code = code.replace(f"{{{{{name}}}}}", f"{STAND_IN}{place}x")
    markup = highlight(code, lexer, FORMATTER)
    for place, name in enumerate(markers):
        markup = markup.replace(f"{STAND_IN}{place}x", f"{{{{{name}}}}}")
    return markup


MARKDOWN = parser()
LESSON = parser().use(attrs_block_plugin).use(directives)
