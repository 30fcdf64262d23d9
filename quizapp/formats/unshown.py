"""What the page leaves out of an author's texts, because it would run, load from elsewhere, or restyle the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from quizapp.errors import N_, Problem
from quizapp.formats.items import NOT_PLAYED, Item
from quizapp.formats.schema import texts

ADDRESS_SHOWN = re.compile(
    r"""<(?:img|audio|video|source)\b[^<>]*?(?<![\w-])src\s*=\s*["']?(?P<tag>[^\s"'<>]{1,300})"""
    r"""|!\[[^\]\n]{0,300}\]\((?P<mark>[^\s()]{1,300})""",
    re.IGNORECASE,
)
"""The address of what a text shows."""
REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
KNOWN = re.compile(r"(?:media|data):|@@PLUGINFILE@@|\$IMS", re.IGNORECASE)
"""How an address begins that stands for a file of the question, or that its reader says something of."""
MISSING = ("missing-media", "picture")
"""The codes of problems by which a reader names the files that it misses."""
RUN = re.compile(r"<(iframe|object|embed|applet|form|input|select|button|script|canvas|svg|marquee)\b", re.IGNORECASE)
ADDRESS = re.compile(r"""(?<![\w-])(?:src|data)\s*=\s*["']?([^\s"'<>]{1,200})""", re.IGNORECASE)
COLOURS = re.compile(
    r"""<[a-z][^<>]*?\b(?:color\s*=\s*["']?|bgcolor\s*=|style\s*=\s*["'][^"'<>]*?\b(?:background(?:-color)?|color)\s*:\s*)"""
    r"""(?!\s*["']?(?:black|inherit|initial|transparent|windowtext|currentcolor|#0{3}(?:0{3})?\b|#1d2125|white|#f{3}(?:f{3})?\b"""
    r"""|rgb\(\s*0\s*,\s*0\s*,\s*0|rgb\(\s*255\s*,\s*255\s*,\s*255|var\())""",
    re.IGNORECASE,
)
"""A colour that could mean something: neither black nor white nor that of the text around it."""


def unshown(item: Item, missing: Sequence[str] = ()) -> Iterator[Problem]:
    """A loss for each thing of the item's texts that no page of ours shows. `missing`: the files that its reader has
    named already."""
    found = [
        part
        for _, text in texts({"stem": item.stem, "stimulus": item.stimulus, "response": item.response,
                              "feedback": item.feedback, "hints": item.hints})
        if text.get("format") != "plain"
        for key, part in text.items()
        if key != "format" and ("<" in part or "](" in part)
    ]  # fmt: skip
    if found and item.kind not in NOT_PLAYED[1:]:
        whole = "\n".join(found)
        yield from elsewhere(whole, missing)
        yield from running(whole)
        if COLOURS.search(whole):
            yield lost(N_("Text colours aren't shown; put what they mean into words."), "colours", "")


def elsewhere(whole: str, missing: Sequence[str]) -> Iterator[Problem]:
    """What is on another site, or within the system that the file comes from, and didn't come along."""
    addresses = [
        one
        for one in dict.fromkeys(match["tag"] or match["mark"] for match in ADDRESS_SHOWN.finditer(whole))
        if not KNOWN.match(one) and not any(unquote(one) in said for said in missing)
    ]
    remote = [one for one in addresses if REMOTE.match(one)]
    behind = [one for one in addresses if not REMOTE.match(one)]
    if remote:
        yield lost(
            N_("This file is on another site, and nothing is downloaded from there: %(what)s. Add it to the question."),
            "remote-media",
            ", ".join(remote),
        )
    if behind:
        yield lost(
            N_("The upload doesn't include this file: %(what)s. Add it to the question."),
            "left-behind-media",
            ", ".join(behind),
        )


def running(whole: str) -> Iterator[Problem]:
    said = []
    for match in RUN.finditer(whole):
        address = ADDRESS.search(whole[match.start() : match.start() + 1000].partition(">")[0])
        said.append(f"{match[1].lower()} {address[1]}" if address else match[1].lower())
    if said:
        yield lost(
            N_("What is embedded in the text isn't shown: %(what)s."), "embedded", ", ".join(dict.fromkeys(said))
        )


def lost(template: str, code: str, what: str) -> Problem:
    return Problem(template, {"what": what[:300]}, code=code, severity="loss", text=what[:200])
