"""Directives: the parts of a lesson in which something is done, written in its Markdown.

    ::: check structure/who-controls
    :::

A block begins with three colons, its name and what it needs, and ends with three colons. What another program doesn't
know it shows as text: tables, lists and sentences stay what they are. A link to `term:` explains a word, by its title:
`[Altman](term: "Sam Altman, 샘 올트먼")`. Pure: what a directive refers to is looked up by those who have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from quizapp.errors import N_, Problem
from quizapp.texts.charts import Chart, read_chart

OPENING = re.compile(r":{3,}+[ \t]*+(?P<name>[^\s:]++)(?:[ \t]++(?P<argument>.*))?")
CLOSING = re.compile(r":{3,}[ \t]*")
ITEM = re.compile(
    r"(?:[-*]|\d+[.)])[ \t]++(?P<head>(?:.(?:[^|]|(?<![ \t])\||\|(?![ \t]))*+)?)(?:\|[ \t]++(?P<rest>.*))?"
)
"""Its bar has a space on both sides; what stands before it may end with more of them."""
TABLE = re.compile(r"(?=.*---)[ \t:|-]++")
IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*+)\]\([^()\s]++[^()]*+\)")
CHECK = re.compile(r"(?P<bank>[\w-]+)/(?P<key>\S+)")
TERM = "term:"


@dataclass(frozen=True)
class Step:
    """An item of a list that is split by a bar: what is shown first, or when; and what follows. Both are Markdown."""

    head: str
    rest: str = ""


@dataclass(frozen=True)
class Directive:
    """A directive as it was written. `line` counts from 1 within the lesson's body; `source` is what stands within.

    `steps` are those of a list (steps, timeline), `bank` and `key` name the question of a check, `day` is that of a
    note. With `problems` it is shown as its text.
    """

    name: str
    argument: str
    source: str
    line: int
    steps: tuple[Step, ...] = ()
    chart: Chart | None = None
    bank: str = ""
    key: str = ""
    day: date | None = None
    problems: tuple[Problem, ...] = ()


Lines = Sequence[tuple[int, str]]
Reader = Callable[[Directive, Lines], Directive]


def directives(markdown: MarkdownIt) -> None:
    """The plugin: blocks between colons, and explained words."""
    markdown.block.ruler.before("fence", "directive", find_directive, {"alt": ["paragraph", "blockquote", "list"]})
    markdown.add_render_rule("link_open", open_link)
    markdown.add_render_rule("link_close", close_link)


def find_directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule of the block parser: one token for all of a directive. An unclosed one ends with its paragraph."""
    opening = OPENING.fullmatch(line_of(state, start))
    if opening is None or state.is_code_block(start):
        return False
    if silent:
        return True
    within: list[str] = []
    closed = False
    for number in range(start + 1, end):
        line = line_of(state, number)
        closed = CLOSING.fullmatch(line) is not None
        if closed or OPENING.fullmatch(line):
            break
        within.append(line)
    if not closed and "" in within:
        within = within[: within.index("")]
    token = state.push("directive", "", 0)
    token.map = [start, start + 1 + len(within) + closed]
    token.content = "\n".join(within)
    token.meta["directive"] = directive_of(
        opening["name"], opening["argument"] or "", [*enumerate(within, start + 2)], start + 1, closed=closed
    )
    state.line = token.map[1]
    return True


def line_of(state: StateBlock, number: int) -> str:
    """A line without what indents it and without the spaces at its end."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def directive_of(name: str, argument: str, lines: Lines, line: int, *, closed: bool) -> Directive:
    """A directive from its lines, with every problem of it."""
    found = Directive(name, argument, "\n".join(text for _, text in lines), line)
    if not closed:
        what = N_("The directive “%(name)s” isn't closed.")
        found = wrong(found, what, "open-directive", N_("End it with a line of three colons."), name=name)
    if name not in READERS:
        what = N_("There is no directive “%(name)s”.")
        mend = N_("Use one of: check, reveal, steps, timeline, chart, compare, note, figure.")
        return wrong(found, what, "unknown-directive", mend, name=name)
    return READERS[name](found, [(number, text) for number, text in lines if text])


def wrong(directive: Directive, template: str, code: str, mend: str = "", **values: object) -> Directive:
    problem = Problem(template, values, code=code, line=directive.line, mend=mend)
    return replace(directive, problems=(*directive.problems, problem))


# --- each directive ---


def read_check(found: Directive, lines: Lines) -> Directive:
    named = CHECK.fullmatch(found.argument)
    if named is None:
        mend = N_("Write “::: check BANK/QUESTION”.")
        return wrong(found, N_("A check must name the question that it asks."), "check-name", mend)
    return replace(found, bank=named["bank"], key=named["key"])


def read_text(found: Directive, lines: Lines) -> Directive:
    """A directive around Markdown."""
    return found if lines else wrong(found, EMPTY, "empty-directive", WRITE, name=found.name)


def read_note(found: Directive, lines: Lines) -> Directive:
    try:
        found = replace(found, day=date.fromisoformat(found.argument))
    except ValueError:
        mend = N_("Write “::: note 2025-10-28”.")
        found = wrong(found, N_("An editor's note needs the date of what it tells."), "note-date", mend)
    return read_text(found, lines)


def read_list(found: Directive, lines: Lines) -> Directive:
    steps: list[Step] = []
    for _, line in lines:
        if item := ITEM.fullmatch(line):
            steps.append(Step(item["head"].rstrip(), item["rest"] or ""))
        elif steps:
            steps[-1] = replace(steps[-1], rest=f"{steps[-1].rest} {line}".strip())
        else:
            mend = N_("Write each item as “- first | then”.")
            return wrong(found, N_("“%(text)s” is not an item of a list."), "no-item", mend, text=line)
    found = replace(found, steps=tuple(steps))
    if found.name == "timeline" and any(not one.rest for one in steps):
        mend = N_("Write each item as “- when | what”.")
        return wrong(found, N_("Each item of a timeline needs a date, and what happened."), "no-date", mend)
    return read_text(found, lines)


def read_organisation(found: Directive, lines: Lines) -> Directive:
    chart, problems = read_chart(lines)
    placed = tuple(one.at(line=one.line or found.line) for one in problems)
    return replace(found, chart=chart, problems=(*found.problems, *placed))


def read_compare(found: Directive, lines: Lines) -> Directive:
    if any(TABLE.fullmatch(line) for _, line in lines):
        return found
    mend = N_("Write a table with a column for each side.")
    return wrong(found, N_("A comparison needs a table."), "no-table", mend)


def read_figure(found: Directive, lines: Lines) -> Directive:
    images = IMAGE.findall(found.source)
    if not images:
        return wrong(found, N_("A figure needs an image."), "no-image", N_("Write “![what it shows](address)”."))
    if not all(alt.strip() for alt in images):
        mend = N_("Describe it between the square brackets.")
        return wrong(found, N_("This image has no description for people who can't see it."), "no-alternative", mend)
    if not found.argument:
        mend = N_("Write “::: figure What it is”.")
        return wrong(found, N_("A figure needs a caption."), "no-caption", mend)
    return found


EMPTY = N_("There is nothing in the directive “%(name)s”.")
WRITE = N_("Write its text between its two lines of colons.")
READERS: dict[str, Reader] = {
    "check": read_check,
    "reveal": read_text,
    "steps": read_list,
    "timeline": read_list,
    "chart": read_organisation,
    "compare": read_compare,
    "note": read_note,
    "figure": read_figure,
}


def directives_in(tokens: Sequence[Token]) -> Iterator[Directive]:
    return (token.meta["directive"] for token in tokens if token.type == "directive")


# --- explained words ---


def open_link(r: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A word that is explained is a button; what it says unfolds without any script."""
    token = tokens[index]
    if token.attrGet("href") != TERM:
        env.setdefault("explained", []).append("")
        return r.renderToken(tokens, index, options, env)  # type: ignore[attr-defined]
    env["terms"] = env.get("terms", 0) + 1
    place = f"told-{env['terms']}"
    told = escapeHtml(str(token.attrGet("title") or ""))
    env.setdefault("explained", []).append(f'<span class="term-told" id="{place}" popover="auto">{told}</span>')
    return f'<button type="button" class="term" popovertarget="{place}">'


def close_link(r: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    told = env["explained"].pop()
    return f"</button>{told}" if told else "</a>"
