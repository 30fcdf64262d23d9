"""What a page weighs, how far it shifts, and how long a learner waits: read from Chromium itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession, Page

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
"""A phone on a slow network: 150 ms there and back, 1.6 Mbit/s."""
SLOWER = 4
"""By how much its processor is slower."""

SHIFTS = """addEventListener("DOMContentLoaded", () => {
  window.shifts = [];
  window.watcher = new PerformanceObserver((seen) => {
    for (const one of seen.getEntries()) {
      if (!one.hadRecentInput) window.shifts.push([one.value, ...one.sources.map(({ node }) => node?.className ?? "")]);
    }
  });
  window.watcher.observe({ type: "layout-shift", buffered: true });
});"""

FORGET = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  window.watcher.takeRecords();
  window.shifts.length = 0;
  done();
}, 50)))"""

UNTIL = """([selector, words, click]) => new Promise((done) => {
  const begun = performance.now();
  const met = () => [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(words));
  const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  const watch = new MutationObserver(() => {
    if (!met()) return;
    watch.disconnect();
    painted();
  });
  watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  document.querySelector(click).click();
})"""
"""Click, and tell the milliseconds until what is waited for is painted: in the frame after it came to stand there."""


def shifting(page: Page) -> None:
    """From now on remember what shifts without the user's doing."""
    page.add_init_script(SHIFTS)


def forget_shifts(page: Page) -> None:
    """What has moved so far was the user's doing, however long the answer took on a busy machine."""
    page.evaluate(FORGET)


def shifted(page: Page) -> list[Any]:
    """What has shifted on this page: how far, and which elements."""
    page.wait_for_timeout(300)
    return page.evaluate("window.shifts")


def weight(page: Page, load: Callable[[], None]) -> int:
    """Bytes over the wire until nothing is on its way any more, heads of the replies included."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    total: list[int] = []
    session.on("Network.loadingFinished", lambda one: total.append(int(one["encodedDataLength"])))
    load()
    page.wait_for_load_state("networkidle")
    session.detach()
    return sum(total)


def slow_down(page: Page) -> CDPSession:
    """The slow phone, for this page, until the session is detached."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def until(page: Page, click: str, selector: str, words: str = "") -> float:
    """Milliseconds from a click until an element with these words in it is painted."""
    return page.evaluate(UNTIL, [selector, words, click])
