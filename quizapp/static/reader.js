// Remembers how far a lesson was read, and shows where one is in its table of contents.

const reader = document.querySelector(".reader");
const body = document.querySelector(".lesson-body");
const bar = document.querySelector(".reading-progress");
const address = reader.dataset.reader;
const STEP = 0.05;
let furthest = Number(reader.dataset.share ?? 0);
let sent = furthest;
let waiting = 0;

function share() {
  const box = body.getBoundingClientRect();
  return Math.min(1, Math.max(0, (innerHeight - box.top) / box.height));
}

function send() {
  clearTimeout(waiting);
  waiting = 0;
  if (!address || furthest <= sent) return;
  sent = furthest;
  const form = new URLSearchParams({ csrf_token: reader.dataset.csrf, share: furthest.toFixed(3) });
  fetch(address, { method: "POST", body: form, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {
    sent = 0;
  });
}

function onScroll() {
  bar.value = share();
  furthest = Math.max(furthest, share());
  if (furthest - sent >= STEP) waiting ||= setTimeout(send, 2000);
}

addEventListener("scroll", onScroll, { passive: true });
addEventListener("pagehide", send);
onScroll();

// On a wide screen the table of contents has a column of its own, where it pushes nothing: it opens.
if (matchMedia("(width >= 66rem)").matches) document.querySelector(".toc")?.setAttribute("open", "");

const links = new Map([...document.querySelectorAll(".toc a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const sections = new IntersectionObserver(
  (seen) => {
    const entered = seen.find((entry) => entry.isIntersecting);
    if (!entered) return;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(entered.target.id).setAttribute("aria-current", "true");
  },
  { rootMargin: "0px 0px -70% 0px" },
);
for (const anchor of links.keys()) {
  const heading = document.getElementById(anchor);
  if (heading) sections.observe(heading);
}
