// Answers on their way to the server: kept on this device until it has them, and sent in the order they were given.
//
// An answer is { seq, fields, flag } under the address of its question; `flag`: "flag" or "unflag" where the learner has
// said so, which goes with it. `on(act)` hears what became of each one:
// act("saved" | "conflict" | "refused" | "closed" | "offline" | "sending", address, what the server said, the answer).

const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const PREFIX = "quizapp:";
const TOKENS = "input[name=csrf_token]";

const waiting = new Map();
const listeners = [];
let sending = null;
let pause = 0;
let retry = FIRST_RETRY;

export const on = (act) => listeners.push(act);
const tell = (...what) => listeners.forEach((act) => act(...what));

export const pathOf = (address) => new URL(address, location.href).pathname;
export const entry = (address) => waiting.get(pathOf(address));
export const pending = () => [...waiting.keys()];

function stored(act) {
  try {
    return act(localStorage);
  } catch {
    return null; // Private windows may have no storage, and an entry may be damaged; answers are still sent.
  }
}

// What an earlier page of this attempt couldn't send: its address begins with `start`.
export function recall(start) {
  for (const key of stored((storage) => Object.keys(storage)) ?? []) {
    if (!key.startsWith(PREFIX + start)) continue;
    const found = stored((storage) => JSON.parse(storage.getItem(key)));
    if (found?.fields) waiting.set(key.slice(PREFIX.length), found);
  }
}

export function put(address, seq, fields, flag = entry(address)?.flag) {
  const path = pathOf(address);
  waiting.set(path, { seq, fields, flag });
  keep(path);
}

function keep(path) {
  stored((storage) => storage.setItem(PREFIX + path, JSON.stringify(waiting.get(path))));
}

export function drop(address) {
  waiting.delete(pathOf(address));
  stored((storage) => storage.removeItem(PREFIX + pathOf(address)));
}

// One POST, asked for JSON; a form that was open too long gets its new token and is sent once more.
export async function post(address, fields, { keepalive = false, part = false } = {}) {
  const headers = { Accept: "application/json", ...(part && { "X-Part": "main" }) };
  const once = async () => {
    const body = new URLSearchParams([...fields, ["csrf_token", document.querySelector(TOKENS).value]]);
    try {
      const reply = await fetch(address, { method: "POST", body, keepalive, headers });
      return { status: reply.status, said: await reply.json() };
    } catch {
      return { status: 0, said: {} };
    }
  };
  const reply = await once();
  if (!reply.said.csrf_token) return reply;
  for (const input of document.querySelectorAll(TOKENS)) input.value = reply.said.csrf_token;
  return once();
}

export const isAway = ({ status }) => status === 0 || status >= 500 || status === 429;

function settle(path, sent, reply) {
  const { status, said } = reply;
  const newer = waiting.get(path) !== sent;
  if (status === 200) {
    if (newer) {
      waiting.get(path).seq = said.seq;
      keep(path);
    } else drop(path);
    retry = FIRST_RETRY;
    return "saved";
  }
  if (isAway(reply)) return "offline";
  if (status === 403 || status === 404 || status === 410 || said.kept) {
    // What came too late is let go once the server has it for the instructor, and not before.
    if (said.kept === false) sent.held = true;
    else drop(path);
    return "closed";
  }
  // It stays on this device, and is sent again when the learner has changed it or has chosen.
  if (!newer) sent.held = true;
  return status === 409 && said.error === "stale" ? "conflict" : "refused";
}

async function drain(keepalive) {
  clearTimeout(pause);
  for (;;) {
    const next = [...waiting].find(([, one]) => !one.held);
    if (!next) return;
    const [path, sent] = next;
    const slow = setTimeout(() => tell("sending", path, {}, sent), 300);
    const flag = sent.flag ? [["do", sent.flag]] : [];
    const reply = await post(path, [...sent.fields, ["seq", sent.seq], ...flag], { keepalive });
    clearTimeout(slow);
    if (!waiting.has(path)) continue; // checked meanwhile, or let go: nothing is left to say of it
    const outcome = settle(path, sent, reply);
    tell(outcome, path, reply.said, sent);
    if (outcome !== "offline") continue;
    pause = setTimeout(flush, retry);
    retry = Math.min(retry * 2, LAST_RETRY);
    return;
  }
}

// Send all that waits; over when nothing can be sent any more.
export function flush({ keepalive = false } = {}) {
  sending ??= drain(keepalive).finally(() => {
    sending = null;
  });
  return sending;
}

export const busy = () => sending !== null;

// --- what pages say with ---

// Show a button of flags as it is once this flag is set, or taken away.
export function showFlag(button, flag) {
  const set = flag === "flag";
  button.setAttribute("aria-pressed", set);
  button.value = button.value.replace(/^(un)?flag/, set ? "unflag" : "flag");
  button.querySelector(".flag-words").textContent = set ? button.dataset.textFlagged : button.dataset.textUnflagged;
}

export const opposite = (flag) => (flag === "flag" ? "unflag" : "flag");

export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

export function hidden(name) {
  const made = document.createElement("input");
  Object.assign(made, { type: "hidden", name, value: "1" });
  return made;
}

export function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-outline-primary";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

// Told a moment too early, the first try after it fails: the next one doesn't wait as long as those before it did.
addEventListener("online", () => {
  retry = FIRST_RETRY;
  flush();
});
addEventListener("pagehide", () => flush({ keepalive: true }));
document.addEventListener("visibilitychange", () => flush());
document.addEventListener("lastcall", () => flush());
