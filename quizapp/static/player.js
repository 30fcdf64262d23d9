// Saves an answer while it is given, and says so only when the server has it.
//
// What isn't acknowledged yet is also kept in localStorage, so that a closed tab or a lost connection loses nothing.
// Without this script the form works by its buttons. All words come from the form's data-text-* attributes.

const TYPING_PAUSE = 600;
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const ANSWER = ".control :is(input, select, textarea)";

function player(form) {
  const text = form.dataset;
  const status = form.querySelector("[data-save-status]");
  const seq = form.elements.seq;
  const key = `quizapp:${new URL(form.action).pathname}`;
  let dirty = false;
  let sending = null;
  let pause = 0;
  let retry = FIRST_RETRY;
  let passing = false;

  const say = (words, trouble = false) => {
    status.textContent = words;
    status.dataset.tone = trouble ? "trouble" : "";
  };

  // --- what is typed, and its copy on this device ---

  const fields = () => [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "seq");

  const remember = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ seq: seq.value, fields: fields() }));
    } catch {
      // Private windows may have no storage; the answer is still sent.
    }
  };

  const forget = () => localStorage.removeItem(key);

  function fill(kept) {
    for (const input of form.querySelectorAll(ANSWER)) {
      const values = kept.filter(([name]) => name === input.name).map(([, value]) => value);
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
    }
  }

  function restore() {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    if (!kept) return;
    if (JSON.stringify(kept.fields) === JSON.stringify(fields())) {
      forget();
      return;
    }
    fill(kept.fields);
    seq.value = kept.seq;
    dirty = true;
    say(text.textRestored);
    flush();
  }

  // --- sending: one request at a time; each ends as "saved", "refused", "closed", "offline" or "conflict" ---

  async function post(keepalive) {
    const request = { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive };
    try {
      const answer = await fetch(form.action, { ...request, headers: { Accept: "application/json" } });
      return { status: answer.status, said: await answer.json() };
    } catch {
      return { status: 0, said: {} };
    }
  }

  async function deliver(keepalive) {
    let { status: code, said } = await post(keepalive);
    if (said.csrf_token) {
      form.elements.csrf_token.value = said.csrf_token;
      ({ status: code, said } = await post(keepalive));
    }
    if (code === 200) return saved(said);
    if (code === 409 && said.error === "stale") return conflict(said);
    if (code === 0 || code >= 500 || code === 429) return later(said);
    say(text.textRefused.replace("{reason}", said.message ?? code), true);
    if (code !== 403 && code !== 404 && code !== 410) return "refused";
    forget();
    return "closed";
  }

  function saved(said) {
    seq.value = said.seq;
    retry = FIRST_RETRY;
    showInOverview(said.text !== "");
    if (dirty) remember();
    else {
      forget();
      say(text.textSaved.replace("{time}", said.saved_at));
    }
    return "saved";
  }

  function later(said) {
    dirty = true;
    say(said.message ? text.textRefused.replace("{reason}", said.message) : text.textOffline, true);
    clearTimeout(pause);
    pause = setTimeout(flush, retry);
    retry = Math.min(retry * 2, LAST_RETRY);
    return "offline";
  }

  function conflict(said) {
    dirty = true;
    say(text.textElsewhere.replace("{theirs}", said.theirs || text.textEmpty), true);
    const choices = document.createElement("div");
    choices.append(
      button(text.textKeepMine, () => {
        seq.value = said.seq;
        form.querySelector(ANSWER).focus();
        flush();
      }),
      button(text.textTakeTheirs, () => {
        dirty = false;
        forget();
        location.reload();
      }),
    );
    status.append(choices);
    return "conflict";
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline-primary";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  async function send(keepalive) {
    let outcome = "saved";
    while (dirty && outcome === "saved") {
      dirty = false;
      clearTimeout(pause);
      const slow = setTimeout(() => say(text.textSaving), 300);
      outcome = await deliver(keepalive);
      clearTimeout(slow);
    }
    return outcome;
  }

  function flush({ keepalive = false } = {}) {
    sending ??= send(keepalive).finally(() => {
      sending = null;
    });
    return sending;
  }

  // --- when to send ---

  function changed(delay) {
    dirty = true;
    remember();
    if (!sending) say(text.textUnsaved);
    clearTimeout(pause);
    pause = setTimeout(flush, delay);
  }

  form.addEventListener("input", (event) => {
    if (event.target.matches("input[type=text], textarea")) changed(TYPING_PAUSE);
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("input[type=text], textarea")) changed(0);
  });
  addEventListener("online", () => dirty && flush());
  addEventListener("pagehide", () => dirty && flush({ keepalive: true }));
  addEventListener("pageshow", (event) => event.persisted && !dirty && location.reload());
  document.addEventListener("visibilitychange", () => dirty && flush());
  document.addEventListener("lastcall", () => dirty && flush());

  // --- leaving the page: first what is unsaved, then the way that was chosen ---

  const busy = () => dirty || sending;
  const stays = (outcome) => outcome === "offline" || outcome === "conflict";

  document.addEventListener("submit", async (event) => {
    if (passing || !busy()) return;
    event.preventDefault();
    const outcome = await flush();
    // A form without a pressed button was sent by the clock: it goes whatever happened.
    if (stays(outcome) && event.submitter) return;
    passing = true;
    event.target.requestSubmit(event.submitter);
    passing = false;
  });

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || link.target || link.origin !== location.origin || link.hash || !busy()) return;
    event.preventDefault();
    if (!stays(await flush())) location.assign(link.href);
  });

  if (form.querySelector(`${ANSWER}:enabled`)) restore();
  else forget();
}

function onlyFinishedWords(event) {
  // Enter that ends a Korean syllable in an input method is not meant to send the form.
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229) && event.target.matches("input")) {
    event.preventDefault();
  }
}

function showInOverview(answered) {
  const overview = document.querySelector(".navigator");
  const slot = overview?.querySelector(".slot-empty[aria-current], .slot-answered[aria-current]");
  if (!slot) return;
  const { textCount, textAnswered, textEmpty } = overview.dataset;
  slot.classList.toggle("slot-answered", answered);
  slot.classList.toggle("slot-empty", !answered);
  slot.querySelector("[data-slot-words]").textContent = answered ? textAnswered : textEmpty;
  const done = overview.querySelectorAll(".slot:not(.slot-empty)").length;
  overview.querySelector("progress").value = done;
  overview.querySelector(".navigator-count").textContent = textCount.replace("{done}", done);
}

document.querySelectorAll("form[data-player]").forEach((form) => {
  form.addEventListener("keydown", onlyFinishedWords);
  player(form);
});
