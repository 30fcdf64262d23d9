// What is done in a lesson: checks are answered and notes written in place, a tap on a chart's box opens its words, and
// paper shows all.

// --- checks ---

async function answer(form) {
  const check = form.closest("[data-check]");
  const reply = await fetch(form.action, {
    method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" },
  });
  if (!reply.headers.get("Content-Type")?.includes("json")) return form.submit();
  const told = await reply.json();
  if (!told.html) return refuse(check, told.message);
  // A newcomer has become a guest: the other forms need the token of the new session.
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = told.csrf;
  const holder = document.createElement("template");
  holder.innerHTML = told.html;
  const fresh = holder.content.querySelector("[data-check]");
  check.replaceWith(fresh);
  fresh.querySelector("[data-check-said]")?.focus({ preventScroll: true });
  fresh.querySelector("[data-check-said]")?.scrollIntoView({ block: "nearest" });
}

function refuse(check, message) {
  const problem = check.querySelector(".check-problem");
  problem.textContent = message;
  check.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("[data-check]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const check = form.closest("[data-check]");
  answer(form)
    .catch(() => refuse(check, check.dataset.textOffline))
    .finally(() => form.removeAttribute("aria-busy"));
});

// --- notes: the form of a passage's note unfolds below the passage ---

const ASKED = { headers: { Accept: "application/json" } };
const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.querySelector(".reader")?.append(said);

function made(markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup.trim();
  return holder.content.firstElementChild;
}

async function told(reply) {
  if (!reply.headers.get("Content-Type")?.includes("json")) throw new Error(`a note: ${reply.status}`);
  return reply.json();
}

const markOf = (form) => document.querySelector(`[data-mark="${CSS.escape(form.dataset.note)}"]`);

async function unfold(mark) {
  const open = document.querySelector("form[data-note]");
  open?.remove();
  if (open?.dataset.note === mark.dataset.mark) return;
  const { html } = await told(await fetch(mark.href, ASKED));
  show(made(html), mark);
}

function show(form, mark) {
  form.dataset.note = mark.dataset.mark;
  const block = mark.closest("p, h2, h3, h4") ?? mark;
  block.after(form);
  form.querySelector("textarea").focus();
}

async function keep(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const reply = await told(await fetch(form.action, { method: "POST", body, ...ASKED }));
  const mark = markOf(form);
  form.remove();
  if (!reply.mark) return show(made(reply.html), mark);
  const fresh = made(reply.mark);
  mark.replaceWith(fresh);
  fresh.focus();
  said.textContent = reply.message;
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-mark]");
  if (mark && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    unfold(mark).catch(() => location.assign(mark.href));
  } else if (event.target.closest("[data-note-close]")) {
    const form = event.target.closest("form");
    const back = form.dataset.note && markOf(form);
    if (!back) return; // the form's own page
    event.preventDefault();
    form.remove();
    back.focus();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-note]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const problem = form.querySelector("[data-note-problem]");
  problem.hidden = true;
  keep(form, event.submitter)
    .catch(() => { problem.hidden = false; })
    .finally(() => form.removeAttribute("aria-busy"));
});

// --- charts ---

for (const chart of document.querySelectorAll("[data-chart]")) {
  const words = [...chart.querySelectorAll("details")];
  chart.classList.add("chart-live");
  for (const box of chart.querySelectorAll("g[data-box]")) {
    box.addEventListener("click", () => {
      const about = words.find((one) => one.dataset.box === box.dataset.box);
      about.open = !about.open;
    });
  }
  const light = () => {
    const open = words.find((one) => one.open)?.dataset.box;
    const near = new Set([open]);
    for (const arrow of chart.querySelectorAll("[data-from]")) {
      const meant = open !== undefined && [arrow.dataset.from, arrow.dataset.to].includes(open);
      arrow.classList.toggle("chart-lit", meant);
      if (meant) near.add(arrow.dataset.from).add(arrow.dataset.to);
    }
    for (const box of chart.querySelectorAll("g[data-box]")) {
      box.classList.toggle("chart-chosen", box.dataset.box === open);
      box.classList.toggle("chart-lit", near.has(box.dataset.box));
    }
  };
  for (const about of words) about.addEventListener("toggle", light);
}

// --- paper ---

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(".lesson-body details:not([open])")];
  for (const one of opened) {
    one.dataset.group = one.getAttribute("name") ?? "";
    one.removeAttribute("name"); // of one name only one can be open
    one.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const one of opened) {
    one.open = false;
    if (one.dataset.group) one.setAttribute("name", one.dataset.group);
  }
});
