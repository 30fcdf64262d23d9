"""The bench's result as a page of the documentation, with a chart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import text

from quizapp.config import normalised
from tests.bench.waiting import BYTES, Flow
from tests.bench.waiting import GOALS as GOALS_OF_FLOW

GOALS = {"answer save": 0.7, "quiz page": 0.4, "results": 0.15, "home": 0.25}


QUIET = 1.0


def quiz_id(address: str, slug: str) -> str:
    engine = sqlalchemy.create_engine(normalised(address))
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT public_id FROM quizzes WHERE slug = :slug"), {"slug": slug}
        ).scalar_one()
    engine.dispose()
    return found


def children_of(port: int) -> list[int]:
    """The processes that listen at a port."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it has just ended
            if f"127.0.0.1:{port}".encode() in command:
                found.append(int(folder.name))
    return found


def write(
    folder: Path,
    results: list[Any],
    growth: list[Any],
    scenario: Any,
    beset: Any,
    answers: int,
    took: float,
    load: float,
    flow: Flow,
) -> None:
    """`took`: seconds of the whole run; `load`: how many processes were at work when it began."""
    (folder / "measured.svg").write_text(chart(results, growth))
    (folder / "measured.md").write_text(page(results, growth, scenario, beset, answers, took, load, flow))


def page(
    results: list[Any], growth: list[Any], scenario: Any, beset: Any, answers: int, took: float, load: float,
    flow: Flow,
) -> str:  # fmt: skip
    total = scenario.all
    lines = [
        "# Measured",
        "",
        f"`make bench` measures all of this in one run, which took {took:.0f} s, and writes this page. A ratio",
        "compares two servers that were asked in turn, a short round each, on the same machine; it is the median over",
        "the rounds.",
        f"The figures below are from a machine of {os.cpu_count()} cores that also ran the clients, so the ratios",
        "say more than the rates.",
        *noise(load),
        "",
        "![Throughput beside a bare Flask application](measured.svg)",
        "",
        "## Beside a bare Flask application",
        "",
        "The bare application has the same stack: Flask, Flask-Login, Flask-SQLAlchemy, gunicorn with two workers of",
        "four threads, the same database with the same durability (SQLite with WAL and synchronous=FULL, PostgreSQL",
        "as it comes). Its save is log-in, user load and one ORM insert with its commit; its page is log-in, user load",
        "and a template, compiled once, whose page is as large as the one of ours that it is compared with. Eight",
        "people ask at once, each with a new connection after ten requests; ours answer and look at all questions of a",
        "quiz in turn, as kinds differ in what they cost. The time of the processor is that of the application's",
        "processes for one request, without the database's own; it is the steadiest of the figures where a machine",
        "does other things too.",
        "",
        "| Database | Request | Size | Ratio to bare | Ours | Bare | Processor, ours | Bare | p50 | p99 | Goal |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        for one in result.compared:
            goal = GOALS.get(one.name)
            lines.append(
                f"| {result.database} | {one.name} | {size(one.sizes[0])} | {one.ratio:.2f} "
                f"| {one.ours.rate:.0f}/s | {one.other.rate:.0f}/s | {one.ours.cost:.2f} ms | {one.other.cost:.2f} ms "
                f"| {one.ours.percentile(0.5):.1f} ms | {one.ours.percentile(0.99):.1f} ms "
                f"| {f'{goal} {verdict(one.ratio, goal)}' if goal else '–'} |"
            )
    lines += [
        "",
        "Memory of the server with its two workers (proportional share): "
        + "; ".join(f"{one.database} {one.memory[0]:.0f} MB, bare {one.memory[1]:.0f} MB" for one in results)
        + ". The server answered "
        + "; ".join(f"on {one.database} {one.ready:.1f} s" for one in results)
        + " after its command.",
        "",
        "## A class that starts at once",
        "",
        f"{scenario.learners} learners start within a minute on SQLite, read a question, think three to eight seconds",
        f"and answer, twenty times each: {scenario.answers:,} answers in {scenario.seconds:.0f} s.",
        "",
        "| Request | p50 | p99 |",
        "|---|--:|--:|",
        *(f"| {name} | {one.percentile(0.5):.0f} ms | {one.percentile(0.99):.0f} ms |"
          for name, one in scenario.measured.items()),
        f"| all | {total.percentile(0.5):.0f} ms | {total.percentile(0.99):.0f} ms |",
        "",
        f"Errors: {len(scenario.errors)}. Acknowledged answers that aren't stored: {scenario.lost}. "
        f"Goal: p99 within 500 ms {verdict(500, total.percentile(0.99))}.",
        "",
        "## The same with clients who keep the server waiting",
        "",
        f"{beset.learners} learners answer {beset.answers:,} questions beside eight clients who ask for a large file",
        "twenty times and read 4 kB every two seconds, 64 who send their heads and 16 who send their bodies byte by",
        "byte, and 64 who say nothing; whoever is hung up on comes back at once.",
        "",
        f"p50 {beset.all.percentile(0.5):.0f} ms, p99 {beset.all.percentile(0.99):.0f} ms, {len(beset.errors)} errors, "
        f"{beset.lost} lost. Goal: p99 within 500 ms {verdict(500, beset.all.percentile(0.99))}.",
        "",
        "## A history that grows",
        "",
        f"Throughput with {answers:,} stored answers as a share of that with 1,000 (goal: 1 / 1.3 = 0.77 or more).",
        "",
        "| Request | Share | |",
        "|---|--:|---|",
        *(f"| {one.name} | {one.ratio:.2f} | {verdict(one.ratio, 1 / 1.3)} |" for one in growth),
        "",
        *waiting(flow),
    ]  # fmt: skip
    return "\n".join(lines)


def waiting(flow: Flow) -> list[str]:
    """How long a learner waits, in a browser."""
    return [
        "## At a question, on a slow phone",
        "",
        "Chromium, 150 ms there and back, 1.6 Mbit/s, a processor four times slower: from the click to the frame that",
        "shows what it led to, the median over a quiz.",
        "",
        "| | Median | Goal | |",
        "|---|--:|--:|---|",
        *(f"| {name} | {flow.median(name):.0f} ms | {goal} ms | {verdict(goal, flow.median(name))} |"
          for name, goal in GOALS_OF_FLOW.items()),
        f"| first load of a question | {flow.bytes / 1000:.1f} kB | {BYTES / 1000:.0f} kB "
        f"| {verdict(BYTES, flow.bytes)} |",
        "",
    ]  # fmt: skip


def size(reply: int) -> str:
    return f"{reply / 1000:.0f} kB" if reply >= 1000 else f"{reply} B"


def noise(load: float) -> list[str]:
    """What a reader must know of a machine that did other things."""
    if load < QUIET:
        return []
    return [
        "",
        f"**This machine wasn't quiet**: when the run began, other work kept {load:.0f} processes busy. Of the",
        "comparison only the times of the processor are worth reading; the rest has to be measured again.",
    ]


def verdict(reached: float, goal: float) -> str:
    return "reached" if reached >= goal else "**missed**"


def chart(results: list[Any], growth: list[Any]) -> str:
    """Bars of the ratios; the line is the bare application."""
    bars = [(f"{result.database}: {one.name}", one.ratio, GOALS.get(one.name)) for result in results
            for one in result.compared]  # fmt: skip
    bars += [(f"10⁶ answers: {one.name}", one.ratio, 1 / 1.3) for one in growth]
    top, height, left, scale = 30, 26, 230, 340
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {top + height * len(bars) + 10}" '
        'font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Throughput as a share">',
        "<style>text{fill:#1d2030}.bar{fill:#232f72}.goal{stroke:#b2480f;stroke-width:2}.one{stroke:#857f70;"
        "stroke-dasharray:3 3}@media(prefers-color-scheme:dark){text{fill:#e9e7e1}.bar{fill:#b7c1ff}"
        ".goal{stroke:#ffb184}}</style>",
        f'<text x="{left + scale}" y="18" text-anchor="middle">1</text>',
        f'<line class="one" x1="{left + scale}" x2="{left + scale}" y1="24" y2="{top + height * len(bars)}"/>',
    ]
    for place, (name, ratio, goal) in enumerate(bars):
        y = top + height * place
        width = min(ratio, 1.15) * scale
        parts.append(f'<text x="{left - 10}" y="{y + 16}" text-anchor="end">{name}</text>')
        parts.append(f'<rect class="bar" x="{left}" y="{y + 4}" width="{width:.0f}" height="16" rx="3"/>')
        parts.append(f'<text x="{left + width + 8:.0f}" y="{y + 17}">{ratio:.2f}</text>')
        if goal:
            at = left + goal * scale
            parts.append(f'<line class="goal" x1="{at:.0f}" x2="{at:.0f}" y1="{y + 1}" y2="{y + 23}"/>')
    return "\n".join([*parts, "</svg>", ""])
