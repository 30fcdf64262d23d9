// All questions on one page: each answer is saved by itself while it is given, checked and marked in its place, and its
// question says so.
//
// Without this script the form does it all by its buttons. All words come from data-text-* of the page's part.

const outbox = await import(document.querySelector('script[src*="/outbox.js"]').src);
const { button, fill } = outbox;

const TYPING_PAUSE = 600;
const form = document.getElementById("sheet");
const text = document.querySelector("[data-part]").dataset;
const pathOf = (question) => outbox.pathOf(question.dataset.question);
const questions = new Map([...form.querySelectorAll("[data-question]")].map((one) => [pathOf(one), one]));
const typing = new Map();
let over = false;
let passing = false;

const seqOf = (question) => form.elements[`seq${question.dataset.suffix}`];

function say(question, words, trouble = false, heard = trouble) {
  const status = question.querySelector("[data-save-status]");
  status.textContent = words;
  status.dataset.tone = trouble ? "trouble" : "";
  if (heard) question.querySelector("[data-said]").textContent = words;
  return status;
}

// The fields of a question by the names that the server knows.
function fieldsOf(question) {
  const { suffix } = question.dataset;
  return [...new FormData(form)]
    .filter(([name]) => name.endsWith(suffix) && name !== `seq${suffix}`)
    .map(([name, value]) => [name.slice(0, -suffix.length), value]);
}

function mend(question, message) {
  const problem = question.querySelector("[data-control-problem]");
  problem.textContent = message;
  problem.hidden = !message;
  if (message) problem.scrollIntoView({ block: "nearest", behavior: "instant" });
}

// Parts are left empty: the button once more means that they stay so.
function askAgain(question, message) {
  question.append(outbox.hidden(`anyway${question.dataset.suffix}`));
  say(question, message, true);
}

function changed(question, delay) {
  const path = pathOf(question);
  question.querySelector("[name^=anyway]")?.remove();
  mend(question, "");
  outbox.put(path, seqOf(question).value, fieldsOf(question));
  if (!outbox.busy()) say(question, text.textUnsaved);
  clearTimeout(typing.get(path));
  typing.set(path, setTimeout(outbox.flush, delay));
}

function restore(path, question) {
  const kept = outbox.entry(path);
  if (!kept) return;
  if (kept.flag) outbox.showFlag(question.querySelector(".flag-button"), kept.flag);
  else if (JSON.stringify(kept.fields) === JSON.stringify(fieldsOf(question))) return outbox.drop(path);
  const { suffix } = question.dataset;
  for (const input of question.querySelectorAll(".control :is(input, select, textarea)")) {
    const values = kept.fields.filter(([name]) => name + suffix === input.name).map(([, value]) => value);
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else if (values.length) input.value = values[0];
  }
  seqOf(question).value = kept.seq;
  kept.held = false;
  say(question, text.textRestored, false, true);
}

const OUTCOMES = {
  sending: (question) => say(question, text.textSaving),
  saved(question, said, path) {
    seqOf(question).value = said.seq;
    if (!outbox.entry(path)) say(question, fill(said.text ? text.textSaved : text.textSavedEmpty, { time: said.saved_at }));
  },
  offline: (question, said) => say(question, said.message ? fill(text.textRefused, { reason: said.message }) : text.textOffline, true),
  refused(question, said) {
    if (said.field === "unfinished") askAgain(question, said.message);
    else if (said.error === 422) mend(question, said.message);
    else say(question, fill(text.textRefused, { reason: said.message }), true);
  },
  closed: (question, said) => say(question, fill(text.textRefused, { reason: said.message }), true),
  conflict(question, said, path) {
    const status = say(question, fill(text.textElsewhere, { theirs: said.theirs || text.textEmpty }), true);
    const mine = () => { seqOf(question).value = said.seq; changed(question, 0); };
    const theirs = () => { outbox.drop(path); location.reload(); };
    status.append(" ", button(text.textKeepMine, mine), " ", button(text.textTakeTheirs, theirs));
  },
};

outbox.on((outcome, path, said, sent) => {
  const question = questions.get(path);
  if (question && outcome === "closed" && sent.flag) {
    outbox.showFlag(question.querySelector(".flag-button"), outbox.opposite(sent.flag));
  }
  if (question) OUTCOMES[outcome](question, said, path);
});

// --- the buttons of a question ---

function flag(question, value) {
  const path = pathOf(question);
  clearTimeout(typing.get(path)); // this sends the answer too
  outbox.put(path, seqOf(question).value, fieldsOf(question), value);
  outbox.showFlag(question.querySelector(".flag-button"), value);
  outbox.flush();
}

// The question comes anew, as it stands then.
async function press(question, act) {
  const path = pathOf(question);
  if (outbox.busy() || outbox.entry(path)?.flag) await outbox.flush(); // a flag goes before: checked, it takes none
  clearTimeout(typing.get(path)); // this sends the answer too
  const answer = "open" in question.dataset ? [...fieldsOf(question), ["seq", seqOf(question).value]] : [];
  const reply = await outbox.post(question.dataset.question, [...answer, ["do", act]], { part: true });
  if (reply.status === 200) {
    outbox.drop(path);
    return replace(question, reply.said.part, act);
  }
  if (outbox.isAway(reply) && act === "check" && !reply.said.message) return say(question, text.textNotChecked, true);
  const outcome = outbox.isAway(reply) ? "offline" : reply.said.error === "stale" ? "conflict" : "refused";
  OUTCOMES[outcome](question, reply.said, path);
}

function replace(question, html, act) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-question]");
  const scripts = [...fresh.querySelectorAll("script[src]")].map((one) => one.src);
  question.replaceWith(fresh);
  questions.set(pathOf(fresh), fresh);
  fresh.dispatchEvent(new Event("shown", { bubbles: true }));
  for (const script of scripts) import(script);
  const target = fresh.querySelector(act === "hint" ? ".hint:last-child" : "[data-focus]");
  if (!target) return;
  if (!target.matches("button")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest", behavior: "instant" });
}

async function handIn(finish) {
  over = true;
  form.setAttribute("inert", "");
  await outbox.flush();
  const reply = await outbox.post(finish.action, []);
  if (reply.status === 200) return location.assign(reply.said.results);
  const away = outbox.isAway(reply); // or it goes on elsewhere
  for (const question of questions.values()) say(question, away ? text.textOver : reply.said.message, true);
  if (away) setTimeout(() => handIn(finish), 10_000);
}

// What leaves the page waits until the server has all answers.
document.addEventListener("submit", async (event) => {
  if (event.target.id === "finish-form") {
    event.preventDefault();
    return over ? undefined : handIn(event.target);
  }
  const [act, number] = (event.submitter?.value ?? "").split("-");
  if (event.target === form && number) {
    event.preventDefault();
    return (act.endsWith("flag") ? flag : press)(event.submitter.closest("[data-question]"), act);
  }
  if (passing || (!outbox.pending().length && !outbox.busy())) return;
  event.preventDefault();
  await outbox.flush();
  if (outbox.pending().some((path) => !outbox.entry(path).held)) return;
  passing = true;
  event.target.requestSubmit(event.submitter);
  passing = false;
});

const typed = (target) => target.matches("input[type=text], textarea");
const questionOf = (target) => target.closest("[data-question]");
form.addEventListener("input", ({ target }) => questionOf(target) && typed(target) && changed(questionOf(target), TYPING_PAUSE));
form.addEventListener("change", ({ target }) => questionOf(target) && !typed(target) && changed(questionOf(target), 0));
addEventListener("pageshow", (event) => event.persisted && location.reload());

outbox.recall(text.part);
questions.forEach((question, path) => "open" in question.dataset && restore(path, question));
outbox.flush();
