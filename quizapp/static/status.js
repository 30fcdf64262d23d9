// While somebody sits at a quiz: every ten seconds a word from the server, about the time left, what was announced, and
// whether the attempt has ended or goes on elsewhere. The page may have another question by then, so it is looked at anew.

const EVERY = 10_000;

function show(list, { id, text, at }) {
  if ([...list.children].some((one) => one.dataset.id === String(id))) return;
  const item = document.createElement("p");
  item.className = "note";
  item.dataset.id = id;
  item.textContent = `${at} ${text}`;
  list.prepend(item);
}

async function ask() {
  const here = document.querySelector("[data-status]");
  if (!here) return;
  const reply = await fetch(here.dataset.status, { headers: { Accept: "application/json" } });
  const list = here.querySelector("[data-announcements]");
  if (reply.status === 410) {
    clearInterval(timer);
    show(list, { id: "moved", text: (await reply.json()).message, at: "" });
    return;
  }
  if (!reply.ok || !here.isConnected) return;
  const said = await reply.json();
  said.announcements.toReversed().forEach((one) => show(list, one));
  if (said.seconds_left !== null) document.dispatchEvent(new CustomEvent("timeleft", { detail: said.seconds_left }));
  if (said.ended) {
    clearInterval(timer);
    location.assign(here.dataset.ended);
  }
}

const timer = setInterval(() => ask().catch(() => {}), EVERY);
