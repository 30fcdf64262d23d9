// Pages of one attempt take each other's place without a reload: only their part is fetched, and history works.
//
// A part is asked for with X-Part, and only what answers with X-Part is one; anything else is a page to go to.
// The next question is fetched beforehand: a GET, which changes nothing on the server.

const kept = new Map(); // path -> part, as it was last seen: for when there is no network
let ready = null; // the part that was fetched beforehand, and not shown yet
const saves = new Map(); // path -> how often an answer was saved there: what was asked for before is out of date
let current = location.pathname;
let newest = 0; // counts the visits: one that is overtaken shows nothing
let changes = 0; // counts what changed the overview: a part that was asked for before knows less of it

const here = () => document.querySelector("[data-part]");
const pathOf = (address) => new URL(address, location.href).pathname;
export const belongs = (address) => {
  const { origin, pathname } = new URL(address, location.href);
  return origin === location.origin && pathname.startsWith(here().dataset.part);
};

async function fetched(address) {
  for (;;) {
    const before = saves.get(pathOf(address));
    const part = await asked(address);
    if (saves.get(pathOf(address)) === before) return part;
  }
}

async function asked(address) {
  const since = changes;
  try {
    const reply = await fetch(address, { headers: { "X-Part": "main", Accept: "text/html" }, cache: "no-store" });
    if (reply.status >= 500 || reply.status === 429) return { outcome: "offline" };
    if (!reply.ok || !reply.headers.get("X-Part")) return { outcome: "away", address: reply.url };
    return { ...partOf(await reply.text(), reply.url), since };
  } catch {
    return { outcome: "offline" };
  }
}

export function partOf(html, address) {
  return { outcome: "part", html, address, at: Date.now(), since: changes };
}

// What the server shows there now, to look things up in; null where it can't be had, or something was saved meanwhile.
export async function look(address) {
  const part = await fetched(address);
  return part.outcome === "part" && part.since === changes ? parsed(part) : null;
}

// --- beforehand ---

export async function prepare() {
  const link = here().querySelector("[data-next]")?.dataset.next;
  if (!link || ready?.address === new URL(link, location.href).href || navigator.connection?.saveData) return;
  const part = await fetched(link);
  if (part.outcome !== "part" || pathOf(part.address) !== pathOf(link)) return;
  part.tree = parsed(part);
  const before = saves.get(pathOf(link));
  if ((await run(scripts(part.tree))) && saves.get(pathOf(link)) === before) ready = part;
}

export const prepared = (address) => ready !== null && pathOf(ready.address) === pathOf(address);

// What was saved there is not in what was fetched of it before.
export function outdated(path) {
  changes += 1;
  kept.delete(path);
  saves.set(path, (saves.get(path) ?? 0) + 1);
  if (ready && pathOf(ready.address) === path) ready = null;
}

// --- showing ---

const parsed = (part) => new DOMParser().parseFromString(part.html, "text/html");

const scripts = (tree) => [...tree.querySelectorAll("script[src]")].map((one) => one.src);

// Scripts that came with a part don't run by themselves; one that is there already hears of "shown". Without a network
// one may be missing: the form works without it.
async function run(addresses) {
  const loading = await Promise.allSettled(addresses.map((address) => import(address)));
  return loading.every(({ status }) => status === "fulfilled");
}

// A part from before knows less of the other questions than the page that it replaces.
function carry(old, fresh) {
  const slots = [...old.querySelectorAll(".navigator-slots .slot")];
  fresh.querySelectorAll(".navigator-slots .slot").forEach((slot, place) => {
    if (!slots[place]) return;
    slot.className = slots[place].className;
    slot.replaceChildren(...[...slots[place].childNodes].map((node) => node.cloneNode(true)));
  });
  for (const name of [".navigator-count", ".navigator progress"]) {
    const [from, to] = [old.querySelector(name), fresh.querySelector(name)];
    if (from && to) to.replaceWith(from.cloneNode(true));
  }
}

export function show(part, { push = true, focus = "[data-focus]", stay = false } = {}) {
  const tree = part.tree ?? parsed(part);
  const old = here();
  const fresh = tree.querySelector("[data-part]");
  const needed = scripts(tree); // those within the part leave the tree with it
  const age = (Date.now() - part.at) / 1000;
  const timer = fresh.querySelector("[data-seconds]");
  if (timer) timer.dataset.seconds = Math.max(0, timer.dataset.seconds - age);
  if (stay) changes += 1;
  else if (part.since !== changes) carry(old, fresh);
  delete part.tree;
  kept.set(pathOf(part.address), part);
  document.querySelector(".flashes")?.replaceChildren();
  old.replaceWith(fresh);
  document.title = tree.title;
  current = pathOf(part.address);
  if (push && current !== location.pathname) history.pushState(null, "", part.address);
  for (const input of document.querySelectorAll(".site-header input[name=next]")) input.value = location.pathname;
  for (const link of document.querySelectorAll('.site-header a[href*="next="]')) link.search = `next=${location.pathname}`;
  if (!stay) scrollTo({ top: 0, behavior: "instant" });
  document.dispatchEvent(new Event("shown"));
  run(needed);
  const target = fresh.querySelector(focus) ?? fresh.querySelector("h1");
  if (target) {
    if (!target.matches("a, button, input, select, textarea")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
}

export const isShown = (address) => pathOf(address) === current;

// Go there: "part" where it is shown now, "offline" where it can't be, "overtaken" where another visit came after it;
// anything else leaves the page.
export async function visit(address, options = {}) {
  const mine = (newest += 1);
  let part = prepared(address) ? ready : await fetched(address);
  if (mine !== newest) return "overtaken";
  ready = part === ready ? null : ready;
  if (part.outcome === "offline") part = kept.get(pathOf(address)) ?? part;
  if (part.outcome === "part") show(part, options);
  if (part.outcome === "away") location.assign(part.address);
  return part.outcome;
}

addEventListener("popstate", async () => {
  if (location.pathname === current || !here()) return; // within the page
  if ((await visit(location.href, { push: false })) !== "offline") return;
  history.pushState(null, "", current);
  document.dispatchEvent(new Event("unreachable"));
});
