"""Uploads in a real browser: dropped, by the keyboard alone, with a bar, and when the connection is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import log_in
from tests.browser.test_every_page import look_at
from tests.uploads.large import gift

DROP = """files => {
  const carried = new DataTransfer()
  for (const [name, text] of files) carried.items.add(new File([text], name))
  const zone = document.querySelector("[data-drop]")
  const send = (type) => zone.dispatchEvent(
    new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried }))
  send("dragenter")
  const over = zone.classList.contains("drop-over")
  send("drop")
  return [over, zone.classList.contains("drop-over")]
}"""
QUESTIONS = "Seoul is the capital. {T}\n\nBusan is the capital. {F}\n"


def open_form(people: Any, **look: Any) -> Page:
    page = people(**look)
    log_in(page, "instructor")
    page.goto("/banks/upload")
    return page


def press(page: Page, key: str, words: str) -> None:
    """Go by the tab key to the button with these words, and press a key there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == words:
            page.keyboard.press(key)
            return
    raise AssertionError(f"no {words!r} by the tab key")


def test_files_are_dropped(people: Any) -> None:
    page = open_form(people, locale="ko-KR", width=360)
    assert page.evaluate(DROP, [["하나.gift", QUESTIONS], ["둘.gift", "Two {T}"]]) == [True, False]
    expect(page.locator("[data-files] li")).to_have_text(["하나.gift (53byte)", "둘.gift (7byte)"])
    look_at(page, "files chosen")
    page.locator("[data-upload] button[type=submit]").click()
    page.wait_for_url("**/banks/uploads/*")
    expect(page.locator(".preview-row")).to_have_count(2)
    look_at(page, "preview")


def test_by_the_keyboard_alone(people: Any) -> None:
    page = open_form(people)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "pasted":
            break
    page.keyboard.type(QUESTIONS)
    press(page, "Enter", "Show what it would change")
    page.wait_for_url("**/banks/uploads/*")
    expect(page.locator(".preview-row")).to_have_count(2)
    press(page, "Enter", "Import what is ticked")
    expect(page.locator("h1")).to_have_text("Imported")


def test_what_is_wrong_with_the_form_is_said_and_focused(people: Any) -> None:
    page = open_form(people)
    page.locator("[data-upload] button[type=submit]").click()
    problem = page.locator("[data-problem]")
    expect(problem).to_have_text("Choose a file, or paste the questions below.")
    expect(problem).to_be_focused()
    look_at(page, "a problem")


def test_a_large_import_shows_how_far_it_is(people: Any, tmp_path: Path) -> None:
    file = tmp_path / "browser-large.gift"
    file.write_bytes(gift(5000))
    page = open_form(people, scheme="dark")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("[data-upload] button[type=submit]").click()
    page.wait_for_url("**/banks/uploads/*")
    expect(page.get_by_role("button", name="Import what is ticked")).to_be_visible(timeout=60_000)  # it is read by then
    page.evaluate(
        """() => {
          const seen = []
          const look = () => {
            const bar = document.querySelector("long-work progress")
            seen.push([document.querySelector("[data-step]").textContent, bar.hidden, bar.position])
            sessionStorage.seen = JSON.stringify(seen)
          }
          new MutationObserver(look).observe(document.querySelector("long-work"), {
            subtree: true, childList: true, attributes: true, characterData: true,
          })
        }"""
    )
    page.get_by_role("button", name="Import what is ticked").click()
    expect(page.locator("h1")).to_have_text("Imported")
    seen = json.loads(page.evaluate("sessionStorage.seen"))
    words = list(dict.fromkeys(step for step, _, _ in seen))
    assert words == ["Reading the questions …", "Comparing with the bank …", "Storing the questions …"]
    assert not any(hidden for _, hidden, _ in seen[1:])
    storing = [share for step, _, share in seen if step.startswith("Storing") and share >= 0]
    assert storing == sorted(storing)
    assert len(set(storing)) > 3
    assert storing[-1] == 1


def test_a_lost_connection_says_what_to_do(people: Any) -> None:
    page = open_form(people)
    page.locator("textarea[name=pasted]").fill("Lost and found again. {T}\n")

    def lose(route: Route) -> None:
        route.abort()

    page.route("**/banks/upload", lose)
    page.locator("[data-upload] button[type=submit]").click()
    expect(page.locator("[data-problem]")).to_contain_text("nothing was uploaded")
    page.unroute("**/banks/upload", lose)
    page.locator("[data-upload] button[type=submit]").click()
    page.wait_for_url("**/banks/uploads/*")
    page.route("**/import", lose)
    page.get_by_role("button", name="Import what is ticked").click()
    expect(page.locator("[data-problem]")).to_contain_text("reload the page")
    expect(page.locator("button[value=import]")).to_be_enabled()
