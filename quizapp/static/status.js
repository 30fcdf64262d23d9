// While somebody sits at a quiz: every ten seconds a word from the server, about the time left, what was announced, and
// whether the attempt has ended or goes on elsewhere.

const here = document.querySelector("[data-status]");
const list = here.querySelector("[data-announcements]");
const known = new Set([...list.children].map((one) => one.dataset.id));
const EVERY = 10_000;

function show({ id, text, at }) {
  if (known.has(String(id))) return;
  known.add(String(id));
  const item = document.createElement("p");
  item.className = "note";
  item.dataset.id = id;
  item.textContent = `${at} ${text}`;
  list.prepend(item);
}

async function ask() {
  const reply = await fetch(here.dataset.status, { headers: { Accept: "application/json" } });
  if (reply.status === 410) {
    clearInterval(timer);
    show({ id: "moved", text: (await reply.json()).message, at: "" });
    return;
  }
  if (!reply.ok) return;
  const said = await reply.json();
  said.announcements.toReversed().forEach(show);
  if (said.seconds_left !== null) document.dispatchEvent(new CustomEvent("timeleft", { detail: said.seconds_left }));
  if (said.ended) {
    clearInterval(timer);
    location.assign(here.dataset.ended);
  }
}

const timer = setInterval(() => ask().catch(() => {}), EVERY);
