// The passage picker: a button beside the fields of a citation that opens a dialog with the passages of all lessons.
//
// Each [data-passage-picker] holds inputs whose names end in lesson, anchor and quote. `attach(root)` equips those in
// `root`; the page's own are equipped at once, and those that come into its [data-editor] when they come. Without this
// script the lesson and the anchor are typed. The dialog and all its words come from the server.

const WAIT = 250;
const PICKER = new URL("../passages/picker", import.meta.url);

let dialog = null; // a promise of the dialog, fetched once for the page
let chosen = () => {}; // what the opened dialog does with the passage

const where = (passage) => [passage.lesson_title, passage.section].filter(Boolean).join(" › ");

export async function attach(root) {
  const rows = [...root.querySelectorAll("[data-passage-picker]:not([data-passage-picker-on])")];
  if (!rows.length) return;
  for (const row of rows) row.dataset.passagePickerOn = ""
  dialog ??= fetched();
  const opened = await dialog.catch(() => (dialog = null)); // no picker at present: the fields are there
  if (opened) for (const row of rows) equip(row, opened);
}

async function fetched() {
  const reply = await fetch(PICKER);
  if (!reply.ok) throw new Error(`the picker: ${reply.status}`);
  const holder = document.createElement("template");
  holder.innerHTML = await reply.text();
  const made = holder.content.querySelector("dialog");
  document.body.append(made);
  bring(made);
  return made;
}

async function asked(dialog, fields) {
  const address = new URL(dialog.dataset.search, location.href);
  for (const [name, value] of Object.entries(fields)) if (value) address.searchParams.set(name, value);
  const reply = await fetch(address, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`passages: ${reply.status}`);
  return reply.json();
}

// --- a citation's fields ---

function equip(row, dialog) {
  const field = (name) => row.querySelector(`input[name$="${name}"]`);
  const [lesson, anchor, quote] = ["lesson", "anchor", "quote"].map(field);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-secondary picker-open";
  button.setAttribute("aria-haspopup", "dialog");
  const shown = document.createElement("div");
  shown.className = "picker-chosen";
  shown.setAttribute("role", "status");
  const first = lesson.closest(".field") ?? lesson;
  first.before(shown, button);

  const say = (passage) => {
    button.textContent = lesson.value ? dialog.dataset.textAgain : dialog.dataset.textChoose;
    shown.replaceChildren();
    if (!passage) return;
    const text = document.createElement("blockquote");
    text.textContent = passage.text;
    const name = document.createElement("p");
    name.textContent = dialog.dataset.textChosen.replace("{where}", where(passage));
    shown.append(name, text);
  };

  const look = async () => {
    say(null);
    if (!lesson.value || !anchor.value) return;
    try {
      const { passages } = await asked(dialog, { lesson: lesson.value, anchor: anchor.value });
      const passage = passages.find((one) => one.quote === quote?.value) ?? passages[0];
      if (passage) say(passage);
      else shown.textContent = dialog.dataset.textMissing;
    } catch (error) {
      console.info("no passage shown:", error.message); // only a help: the fields hold what counts
    }
  };

  const fill = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  for (const typed of [lesson, anchor]) {
    typed.addEventListener("input", () => quote && (quote.value = "")); // the quote was of another passage
    typed.addEventListener("change", look);
  }
  button.addEventListener("click", () => {
    chosen = (passage) => {
      fill(lesson, passage.lesson);
      fill(anchor, passage.anchor);
      if (quote) fill(quote, passage.quote);
      say(passage);
      button.focus();
    };
    dialog.showModal();
    dialog.dispatchEvent(new Event("picker-open"));
  });
  look();
}

// --- the dialog ---

function bring(dialog) {
  const [words, lesson, list, more, status] = ["#picker-words", "#picker-lesson", ".picker-list", ".picker-more", ".picker-status"]
    .map((one) => dialog.querySelector(one));
  const template = dialog.querySelector("template");
  let page = 1;
  let turn = 0;
  let timer = 0;

  const row = (passage) => {
    const made = template.content.cloneNode(true);
    made.querySelector(".picker-where").textContent = where(passage);
    made.querySelector(".picker-text").textContent = passage.text;
    made.querySelector("button").addEventListener("click", () => {
      dialog.close();
      chosen(passage);
    });
    return made;
  };

  const search = async (next = 1) => {
    const mine = ++turn;
    const [course, slug] = lesson.value.split("/");
    try {
      const found = await asked(dialog, { q: words.value, course, lesson: slug, page: next > 1 ? next : "" });
      if (mine !== turn) return; // a later search is on its way
      page = next;
      if (next === 1) list.replaceChildren();
      const place = list.children.length;
      list.append(...found.passages.map(row));
      more.hidden = !found.more;
      const count = `${list.children.length}${found.more ? "+" : ""}`;
      status.textContent = list.children.length ? dialog.dataset.textFound.replace("{count}", count) : dialog.dataset.textNone;
      if (next > 1) list.children[place]?.querySelector("button").focus();
    } catch (error) {
      console.info(error.message);
      status.textContent = dialog.dataset.textFailed;
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT);
  };
  words.addEventListener("input", later);
  lesson.addEventListener("change", () => search());
  more.addEventListener("click", () => search(page + 1));
  dialog.addEventListener("picker-open", () => {
    words.focus();
    words.select();
    search();
  });
  dialog.querySelector("[data-picker-search]").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  dialog.addEventListener("input", (event) => event.stopPropagation());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      dialog.close();
    } else step(event, words, list);
  });
}

// Up and down go through the passages; from the first one up to the words again.
function step(event, words, list) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way || event.target.tagName === "SELECT") return;
  const buttons = [...list.querySelectorAll("button")];
  const next = buttons.indexOf(document.activeElement) + way;
  event.preventDefault();
  if (next < 0) words.focus();
  else buttons[Math.min(next, buttons.length - 1)]?.focus();
}

attach(document);
for (const editor of document.querySelectorAll("[data-editor]")) {
  new MutationObserver(() => attach(editor)).observe(editor, { childList: true, subtree: true });
}
