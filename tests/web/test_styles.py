"""What our pages load of Bootstrap is what they use of it, no less and not much more."""

from __future__ import annotations

import brotli
from flask import Flask

from quizapp.web import styles as sheets
from tests import styles
from tests.person import Person

HANDLES = {"editor-warnings", "enrolled", "equation_image", "losses", "preset", "source"}
"""By these tests find what they look at; one is another product's."""


def test_the_kept_part_of_bootstrap_is_up_to_date() -> None:
    """A class that a template begins to use, or a new release, is met by `python -m tests.styles`."""
    assert styles.KEPT.read_text() == styles.made()


def test_the_kept_part_has_every_class_that_a_template_names() -> None:
    known = set(styles.CLASS.findall(styles.WHOLE.read_text()))
    kept = set(styles.CLASS.findall(styles.KEPT.read_text()))
    assert {"btn-primary", "btn-danger", "form-select", "visually-hidden"} <= kept
    assert not styles.named() & known - kept
    begun = tuple(styles.begun())
    together = {name for name in known if name.startswith(begun)}
    assert not together, "a template puts a class of Bootstrap together, which nobody would find: name it in full"
    assert len(kept) < 60


def test_every_class_that_a_page_names_has_a_rule_or_a_script() -> None:
    """A rule that was dropped, a name that was misspelt, or a class that is left over."""
    named = styles.whole_names()
    assert {"btn-primary", "player-bar", "term-told"} <= named
    assert named - styles.styled() - styles.held_by_scripts() <= HANDLES


def test_only_rules_that_a_page_can_need_are_kept() -> None:
    sheet = ".a{x:1}.b,.a .c,p{x:2}@media (w){.b{x:3}}@media (h){.a:not(.b,.c){x:4}.a .b{x:5}}@keyframes k{0%{x:6}}"
    assert styles.subset(sheet, {"a"}) == ".a{x:1}\np{x:2}\n@media (h){.a:not(.b,.c){x:4}}"
    assert styles.used("p{--bs-a:var(--bs-b);--bs-b:1;--bs-c:2}q{r:var(--bs-a)}", "") == (
        "p{--bs-a:var(--bs-b);--bs-b:1;}q{r:var(--bs-a)}"
    )


def test_all_sheets_come_as_one_to_be_kept_for_ever(app: Flask, visitor: Person) -> None:
    (address,) = visitor.get("/login").tree.xpath("//link[@rel='stylesheet']/@href")
    packed = visitor.send("GET", address, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "br"
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    plain = visitor.send("GET", address)
    assert brotli.decompress(packed.data) == plain.data
    for name in (*sheets.SHEETS, sheets.PRINTED):
        *_, rules = (styles.STATIC / f"{name}.css").read_text().rpartition("*/\n")
        assert sheets.SPACE.sub("", rules.strip()).encode() in plain.data
    assert plain.data.count(b"/*") == plain.data.count(b"Copyright") == 1
    assert plain.data.count(b"{") == plain.data.count(b"}")
    earlier = visitor.send("GET", "/styles/0123456789.css")
    assert earlier.data == plain.data
    assert earlier.headers["Cache-Control"] == "no-cache"
