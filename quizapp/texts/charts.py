"""An organisation as a chart: lines of text such as `Parent Inc -> Daughter LLC: owns` become boxes in layers. Pure.

A line with an arrow is a link between two boxes, with what it means after a colon; a line without one says what a box
is. Whoever stands above is drawn above, so a chart has no circles: the line that closes one is told and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from unicodedata import east_asian_width

from quizapp.errors import N_, Problem

LINK = re.compile(r"(?P<above>.(?:(?!->|→).)*+)(?:->|→)\s*+(?P<below>[^:]++)(?::\s*+(?P<label>.*))?")
ABOUT = re.compile(r"(?P<name>[^:]*[^:\s])\s*:\s*+(?P<about>.+)")

MOST_BOXES = 16
WIDTH = 340
"""Of the drawing, in its own units: about the pixels of a phone."""
SIDE_BY_SIDE = 3
BOX, GAP, BETWEEN = 200, 12, 64
LETTER, LINE, PAD = 13, 17, 11
EDGE = 2.0
"""Room for the frame of a box at the edge of the drawing."""
SMALL, SMALL_LINE = 11, 14


@dataclass(frozen=True)
class Link:
    above: str
    below: str
    label: str
    line: int


@dataclass(frozen=True)
class Box:
    """A box as it is drawn: its words in `lines`, each with its height. `number` counts from 1."""

    number: int
    name: str
    about: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    lines: tuple[tuple[str, float], ...] = ()

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Arrow:
    """A link as it is drawn, between the boxes of these numbers. `lines`: its label, each with its height."""

    above: int
    below: int
    path: str
    x: float
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Chart:
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    arrows: tuple[Arrow, ...]
    height: float
    width: float = WIDTH

    def above(self, box: Box) -> list[Link]:
        """What ends at the box."""
        return [link for link in self.links if link.below == box.name]

    def below(self, box: Box) -> list[Link]:
        """What begins at the box."""
        return [link for link in self.links if link.above == box.name]

    def further(self, box: Box) -> list[str]:
        """The boxes that it reaches through others."""
        direct = {link.below for link in self.below(box)}
        found = dict.fromkeys(name for name in reached(self.links, box.name) if name not in direct)
        return [one.name for one in self.boxes if one.name in found]


def read_chart(lines: Sequence[tuple[int, str]]) -> tuple[Chart | None, list[Problem]]:
    """The chart that numbered lines describe, and what is wrong with them; None where nothing can be drawn."""
    links: list[Link] = []
    names: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in lines:
        if link := LINK.fullmatch(line):
            found = Link(link["above"].rstrip(), link["below"].rstrip(), (link["label"] or "").strip(), number)
            problem = refused(found, links)
            if problem is None:
                links.append(found)
                for name in (found.above, found.below):
                    names.setdefault(name, "")
            else:
                problems.append(problem)
        elif about := ABOUT.fullmatch(line):
            names[about["name"]] = about["about"]
        else:
            problems.append(Problem(NO_LINK, {"text": line}, code="chart-line", line=number, mend=WRITE_LINK))
    if not links:
        problems.append(
            Problem(N_("The chart has no line such as “A -> B: owns”."), code="empty-chart", mend=WRITE_LINK)
        )
    if len(names) > MOST_BOXES:
        problems.append(
            Problem(
                N_("A chart can have at most %(most)s boxes."), {"most": MOST_BOXES}, code="large-chart", mend=SPLIT
            )
        )
    return (drawn(names, links) if links and len(names) <= MOST_BOXES else None), problems


NO_LINK = N_("“%(text)s” is not a line of a chart.")
WRITE_LINK = N_("Write “A -> B: what A does to B”, or “A: what A is”.")
SPLIT = N_("Make two charts of it.")


def refused(link: Link, links: Sequence[Link]) -> Problem | None:
    """What keeps a link out of a chart that has these."""
    if any((one.above, one.below) == (link.above, link.below) for one in links):
        return Problem(
            N_("The chart has “%(above)s -> %(below)s” twice."),
            {"above": link.above, "below": link.below},
            code="chart-twice",
            line=link.line,
            mend=N_("Put both on one line."),
        )
    way = way_between(links, link.below, link.above)
    if way is None:
        return None
    return Problem(
        N_("The chart goes in a circle: %(circle)s."),
        {"circle": " -> ".join([*way, link.below])},
        code="chart-circle",
        line=link.line,
        mend=N_("Remove the line that leads back up."),
    )


def way_between(links: Sequence[Link], start: str, end: str) -> list[str] | None:
    """The boxes on a way downwards, both ends included; None if there is no way."""
    ways = {start: [start]}
    waiting = [start]
    for name in waiting:
        for link in links:
            if link.above == name and link.below not in ways:
                ways[link.below] = [*ways[name], link.below]
                waiting.append(link.below)
    return ways.get(end)


def reached(links: Iterable[Link], start: str) -> list[str]:
    """Everything below a box, the nearest first."""
    links, found = list(links), [start]
    for name in found:
        found += [link.below for link in links if link.above == name and link.below not in found]
    return found[1:]


# --- the drawing ---


def drawn(names: dict[str, str], links: Sequence[Link]) -> Chart:
    """The boxes in rows, the highest first, each as low as what stands above it asks."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        for link in links:
            depth[link.below] = max(depth[link.below], depth[link.above] + 1)
    rows: list[list[str]] = []
    for level in range(max(depth.values()) + 1):
        row = [name for name in names if depth[name] == level]
        rows += [row[start : start + SIDE_BY_SIDE] for start in range(0, len(row), SIDE_BY_SIDE)]
    boxes: dict[str, Box] = {}
    top = EDGE
    for row in rows:
        placed = [in_row(name, names[name], place, len(row), top) for place, name in enumerate(row)]
        height = max(one.height for one in placed)
        for one in placed:
            boxes[one.name] = replace(one, height=height, lines=centred(one.lines, one.height, height))
        top += height + BETWEEN
    numbered = tuple(replace(boxes[name], number=number) for number, name in enumerate(names, 1))
    by_name = {one.name: one for one in numbered}
    return Chart(numbered, tuple(links), tuple(arrow(link, by_name, links) for link in links), top - BETWEEN + EDGE)


def in_row(name: str, about: str, place: int, count: int, top: float) -> Box:
    width = min(BOX, (WIDTH - 2 * EDGE - GAP * (count - 1)) / count)
    left = (WIDTH - count * width - (count - 1) * GAP) / 2 + place * (width + GAP)
    said = wrapped(name, (width - 2 * PAD) / LETTER)
    lines = tuple((one, top + PAD + LETTER + at * LINE) for at, one in enumerate(said))
    return Box(0, name, about, left, top, width, 2 * PAD + LINE * len(said), lines)


def centred(lines: tuple[tuple[str, float], ...], own: float, height: float) -> tuple[tuple[str, float], ...]:
    return tuple((text, y + (height - own) / 2) for text, y in lines)


def arrow(link: Link, boxes: dict[str, Box], links: Sequence[Link]) -> Arrow:
    """From the foot of one box to the head of the other; the label stands where no other's does."""
    above, below = boxes[link.above], boxes[link.below]
    start, end = above.y + above.height, below.y
    alone = sum(one.below == link.below for one in links) == 1
    near = below if alone else above
    said = wrapped(link.label, max(near.width, 90) / SMALL) if link.label else []
    first = end - 10 - SMALL_LINE * (len(said) - 1) - 12 if alone else start + 22
    bend = (end - start) / 2
    path = (
        f"M{above.middle:g} {start:g}C{above.middle:g} {start + bend:g} "
        f"{below.middle:g} {end - bend:g} {below.middle:g} {end - 2:g}"
    )
    lines = tuple((one, first + at * SMALL_LINE) for at, one in enumerate(said))
    return Arrow(above.number, below.number, path, near.middle, lines)


def wrapped(text: str, most: float) -> list[str]:
    """The words in lines of at most so many wide letters; a longer word has a line of its own, or is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and wide(f"{lines[-1]} {word}") <= most:
            lines[-1] += f" {word}"
            continue
        while wide(word) > most and len(word) > 1:
            fits = max(1, next(n for n in range(len(word), 0, -1) if n == 1 or wide(word[:n]) <= most))
            lines.append(word[:fits])
            word = word[fits:]
        lines.append(word)
    return lines


def wide(text: str) -> float:
    """How wide a text is, in letters as wide as a Korean one."""
    return sum(1.0 if east_asian_width(one) in "WF" else 0.35 if one in " ilIjft.,:'|()" else 0.6 for one in text)
