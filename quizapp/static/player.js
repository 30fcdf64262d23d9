// The player: saves an answer while it is given, checks it and goes on in place, and says so only when the server has it.
//
// Without this script the form works by its buttons. All words come from data-text-* of the part that is shown.

const loaded = (name) => import(document.querySelector(`script[src*="/${name}.js"]`).src);
const [outbox, visits] = await Promise.all([loaded("outbox"), loaded("visits")]);
const { button, fill } = outbox;

const TYPING_PAUSE = 600;
const LOOK_AGAIN = 3000;
const PREPARING = 800; // what the page itself needs comes first
const ANSWER = ".control :is(input, select, textarea)";
const OURS = ["csrf_token", "seq"];

let part; // what is shown: the element, its texts, and the form if it asks something
let text;
let form;
let typing = 0;
let preparing = 0;
let over = false;
let passing = false;
let unchecked = false; // whether the learner wanted the answer checked, and there was no network
let unsubmitted = false; // whether the learner wanted to hand in, and there was no network
let wanted = 0; // counts where the learner wanted to go: the last one holds

// --- saying how it stands: to see at each change, to hear only what matters ---

function say(words, trouble = false, heard = trouble) {
  const status = part.querySelector("[data-save-status]");
  if (status.textContent !== words) status.textContent = words;
  status.dataset.tone = trouble ? "trouble" : "";
  const said = part.querySelector("[data-said]");
  if (heard && said.textContent !== words) said.textContent = words;
  return status;
}

const numberOf = (path) => path.split("/").at(-1);
const address = () => outbox.pathOf(form.action);

// What is wrong with the answer stands at the control, and the focus goes where it can be mended.
function mend(message) {
  const problem = form.querySelector("[data-control-problem]");
  problem.textContent = message;
  problem.hidden = false;
  const control = form.querySelector(".control");
  for (const one of [control, ...control.querySelectorAll("[aria-describedby]")]) {
    if (one.matches('[aria-describedby~="control-problem"]')) one.setAttribute("aria-invalid", "true");
  }
  form.querySelector(`${ANSWER}:enabled, .control button`)?.focus();
}

// Parts are left empty: the button once more means that they stay so.
function askAgain(message) {
  form.append(outbox.hidden("anyway"));
  say(message, true);
}

function mended() {
  form.querySelector("[name=anyway]")?.remove();
  form.querySelector("[data-control-problem]").hidden = true;
  for (const one of form.querySelectorAll('[aria-invalid="true"]')) one.removeAttribute("aria-invalid");
}

// --- what is typed ---

const fields = () => [...new FormData(form)].filter(([name]) => !OURS.includes(name));

function changed(delay) {
  mended();
  unchecked = false;
  outbox.put(address(), form.elements.seq.value, fields());
  if (!outbox.busy()) say(text.textUnsaved);
  clearTimeout(typing);
  typing = setTimeout(outbox.flush, delay);
}

function restore() {
  const kept = outbox.entry(address());
  if (!kept) return;
  if (kept.flag) showFlag(address(), kept.flag);
  else if (JSON.stringify(kept.fields) === JSON.stringify(fields())) {
    outbox.drop(address());
    return;
  }
  for (const input of form.querySelectorAll(ANSWER)) {
    const values = kept.fields.filter(([name]) => name === input.name).map(([, value]) => value);
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else input.value = values[0] ?? "";
  }
  form.elements.seq.value = kept.seq;
  kept.held = false;
  say(text.textRestored, false, true);
}

// --- what became of an answer: of the question that is shown, or of another one ---

const sayOutcome = {
  sending: () => say(text.textSaving),
  saved(said) {
    form.elements.seq.value = said.seq;
    if (!outbox.entry(address())) say(fill(said.text ? text.textSaved : text.textSavedEmpty, { time: said.saved_at }));
    const heard = part.querySelector("[data-said]");
    if (heard.textContent !== text.textSavedOnce) heard.textContent = text.textSavedOnce;
  },
  offline: (said) => say(said.message ? fill(text.textRefused, { reason: said.message }) : unchecked ? text.textNotChecked : text.textOffline, true),
  refused(said) {
    if (said.field === "unfinished") askAgain(said.message);
    else if (said.error === 422) mend(said.message);
    else say(fill(text.textRefused, { reason: said.message }), true);
  },
  closed: (said) => say(fill(text.textRefused, { reason: said.message }), true),
  conflict(said) {
    const mine = () => {
      form.elements.seq.value = said.seq;
      changed(0);
      form.querySelector(ANSWER)?.focus();
    };
    const theirs = () => {
      outbox.drop(address());
      visits.visit(location.href, { push: false, stay: true });
    };
    const status = say(fill(text.textElsewhere, { theirs: said.theirs || text.textEmpty }), true);
    const choices = document.createElement("div");
    choices.append(button(text.textKeepMine, mine), button(text.textTakeTheirs, theirs));
    status.append(choices);
  },
};

outbox.on((outcome, path, said, sent) => {
  if (outcome === "saved") {
    visits.outdated(path);
    showInOverview(path, said.text !== "");
    renew();
  }
  if (outcome === "closed" && sent.flag) showFlag(path, outbox.opposite(sent.flag));
  if (form && path === address()) return sayOutcome[outcome](said);
  if (unsubmitted && (outcome === "offline" || outcome === "saved")) return;
  if (outcome === "offline") return say([text.textOffline, onTheirWay()].join(" "), true);
  if (outcome === "saved" && !outbox.pending().length) return say(text.textAllSent, false, true);
  if (outcome === "conflict" || outcome === "refused" || outcome === "closed") {
    say(fill(text.textOther, { question: numberOf(path), reason: said.message }), true).append(
      " ", button(fill(text.textLook, { question: numberOf(path) }), () => visits.visit(path)),
    );
  }
});

const inOverview = (path) => part.querySelector(`.navigator-slots li:nth-child(${numberOf(path)}) .slot`);

function showInOverview(path, answered) {
  const overview = part.querySelector(".navigator");
  const slot = inOverview(path);
  if (!slot?.matches(".slot-empty, .slot-answered")) return;
  const { textCount, textAnswered, textEmpty } = overview.dataset;
  slot.classList.toggle("slot-answered", answered);
  slot.classList.toggle("slot-empty", !answered);
  slot.querySelector("[data-slot-words]").textContent = answered ? textAnswered : textEmpty;
  const done = overview.querySelectorAll(".slot:not(.slot-empty)").length;
  overview.querySelector("progress").value = done;
  overview.querySelector(".navigator-count").textContent = fill(textCount, { done });
}

// At its button, if the question is shown, and in the overview.
function showFlag(path, flag) {
  const button = form && path === address() && form.querySelector(".flag-button");
  if (button) outbox.showFlag(button, flag);
  const slot = inOverview(path);
  slot?.querySelector(".slot-flag")?.remove();
  if (flag === "flag") slot?.append(part.querySelector("[data-slot-flag]").content.cloneNode(true));
}

// What the page before handing in says of empty questions, once an answer has come that was still on its way.
async function renew() {
  if (!part.querySelector("[data-renewed]")) return;
  const fresh = (await visits.look(location.href))?.querySelectorAll("[data-renewed]") ?? [];
  const shown = part.querySelectorAll("[data-renewed]");
  fresh.forEach((one, place) => shown[place] !== document.activeElement && shown[place]?.replaceWith(one));
}

// What the page before handing in doesn't count yet.
function onTheirWay() {
  const count = part.querySelector("[data-renewed]") ? outbox.pending().length : 0;
  return count ? fill(text.textOnTheirWay, { count }) : "";
}

// --- the buttons ---

// Whether the answer on the page is settled: saved, or kept here until there is a network. Not while it waits for a choice.
async function settled(wait) {
  if (form && outbox.entry(address())?.held) outbox.entry(address()).held = false;
  const sent = outbox.flush();
  if (wait) await sent;
  return !(form && outbox.entry(address())?.held);
}

async function go(target) {
  if (visits.isShown(target)) return;
  const mine = (wanted += 1);
  const waits = !visits.prepared(target);
  if (!(await settled(waits)) || mine !== wanted) return;
  if ((await visits.visit(target)) === "offline") say(text.textUnreachable, true);
}

function troubled({ status, said }) {
  if (outbox.isAway({ status })) sayOutcome.offline(said);
  else if (said.error === "stale") sayOutcome.conflict(said);
  else sayOutcome.refused(said);
}

const BUTTONS = {
  async check() {
    if (outbox.busy() || outbox.entry(address())?.flag) await outbox.flush(); // a flag goes before: checked, it takes none
    clearTimeout(typing); // this sends the answer too
    const sent = [...fields(), ["seq", form.elements.seq.value], ["do", "check"]];
    const reply = await outbox.post(form.action, sent, { part: true });
    if (reply.status === 200) {
      outbox.drop(address());
      visits.show(visits.partOf(reply.said.part, location.href), { push: false, stay: true });
      part.querySelector(".option-note, .compared, .feedback")?.scrollIntoView({ block: "nearest", behavior: "instant" });
    } else {
      unchecked = outbox.isAway(reply);
      troubled(reply);
    }
  },
  // Where there is no way back, going on is a deed: it needs the save.
  async next(value) {
    if (outbox.busy()) await outbox.flush();
    clearTimeout(typing);
    const reply = await outbox.post(form.action, [...fields(), ["seq", form.elements.seq.value], ["do", value]]);
    if (reply.status === 200) {
      outbox.drop(address());
      await visits.visit(form.action.replace(/\d+$/, value.slice(3)));
    } else troubled(reply);
  },
  async hint() {
    const reply = await outbox.post(form.action, [["do", "hint"]], { part: true });
    if (reply.status !== 200) return sayOutcome[outbox.isAway(reply) ? "offline" : "closed"](reply.said);
    visits.show(visits.partOf(reply.said.part, location.href), { push: false, stay: true, focus: ".hint:last-child" });
    part.querySelector("#hints")?.scrollIntoView({ block: "nearest", behavior: "instant" });
  },
  flag(value) {
    clearTimeout(typing); // this sends the answer too
    outbox.put(address(), form.elements.seq.value, fields(), value);
    showFlag(address(), value);
    outbox.flush();
  },
};

async function handIn(finish, byClock) {
  over ||= byClock;
  if (over) part.querySelector(".control")?.setAttribute("inert", "");
  await outbox.flush();
  if (!over && outbox.pending().length) return notHandedIn();
  const reply = await outbox.post(finish.action, []);
  if (reply.status === 200) return location.assign(reply.said.results);
  if (over && !outbox.isAway(reply)) return say(reply.said.message, true); // as when it goes on elsewhere
  if (!over) return notHandedIn();
  say(text.textOver, true);
  setTimeout(() => handIn(finish, true), 10_000);
}

// It is for the learner to hand in, and not for a network that comes back: that is only said.
async function notHandedIn() {
  const where = part;
  say(text.textNotHandedIn, true);
  if (unsubmitted) return;
  unsubmitted = true;
  do await new Promise((go) => setTimeout(go, LOOK_AGAIN));
  while (part === where && !(!outbox.pending().length && (await visits.look(location.href))));
  unsubmitted = false;
  if (part === where) say(text.textBackAgain, false, true);
}

document.addEventListener("submit", async (event) => {
  const finish = event.target.id === "finish-form";
  const pressed = event.submitter?.name === "do" ? event.submitter.value : "";
  if (event.target === form) {
    event.preventDefault();
    const place = pressed.startsWith("go-") ? pressed.slice(3) : "";
    if (place && "oneWay" in form.dataset) return BUTTONS.next(pressed);
    if (place) return go(form.action.replace(/\d+$/, place));
    if (pressed === "finish") return go(part.dataset.summary);
    if (pressed.endsWith("flag")) return BUTTONS.flag(pressed);
    if (pressed === "hint") return BUTTONS.hint();
    // Enter in a field presses the first button.
    return (pressed || "check") === "check" ? BUTTONS.check() : undefined;
  }
  if (finish) {
    event.preventDefault();
    return handIn(event.target, !event.submitter);
  }
  if (passing || (!outbox.pending().length && !outbox.busy())) return;
  event.preventDefault();
  await outbox.flush();
  if (outbox.pending().length) return;
  passing = true;
  event.target.requestSubmit(event.submitter);
  passing = false;
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || link.target || link.origin !== location.origin) return;
  if (visits.belongs(link.href)) {
    event.preventDefault();
    return go(link.href);
  }
  if (link.hash || (!outbox.pending().length && !outbox.busy())) return;
  event.preventDefault();
  await outbox.flush();
  if (!outbox.pending().length) location.assign(link.href);
});

document.addEventListener("input", (event) => {
  if (form?.contains(event.target) && event.target.matches("input[type=text], textarea")) changed(TYPING_PAUSE);
});
document.addEventListener("change", (event) => {
  if (form?.contains(event.target) && !event.target.matches("input[type=text], textarea")) changed(0);
});
document.addEventListener("keydown", (event) => {
  // Enter that ends a Korean syllable in an input method is not meant to send the form.
  if (event.key !== "Enter" || !(event.isComposing || event.keyCode === 229)) return;
  if (event.target.matches("#answer input")) event.preventDefault();
});
document.addEventListener("unreachable", () => say(text.textUnreachable, true));
addEventListener("online", () => {
  if (unchecked) say("");
  unchecked = false;
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

function bind() {
  unchecked = false;
  part = document.querySelector("[data-part]");
  text = part.dataset;
  form = part.querySelector("form[data-player]");
  if (form && form.querySelector(`${ANSWER}:enabled`)) restore();
  else if (form) outbox.drop(address());
  if (!form && onTheirWay()) say(onTheirWay());
  outbox.flush();
  clearTimeout(preparing);
  preparing = setTimeout(visits.prepare, PREPARING);
}

document.addEventListener("shown", bind);
outbox.recall(document.querySelector("[data-part]").dataset.part);
bind();
