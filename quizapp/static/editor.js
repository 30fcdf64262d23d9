// The editors of questions and quizzes: a preview that follows the typing, and buttons that change rows without leaving the page.
// Without this script the same buttons send the form, and the page comes back.

const editor = document.querySelector("[data-editor]");
const WAIT = 400;
let form = editor.querySelector("form");
let dirty = Boolean(form.querySelector(".error-summary"));
let timer = 0;
let asked = null;
let ready = false;

function sent(button) {
  const data = new FormData(form, button);
  if (!button) data.delete("files");
  return data;
}

async function preview() {
  if (!form.dataset.preview) return;
  asked?.abort();
  asked = new AbortController();
  try {
    const reply = await fetch(form.dataset.preview, { method: "POST", body: sent(), signal: asked.signal });
    if (reply.ok) editor.querySelector("[data-preview-target]").innerHTML = await reply.text();
  } catch (error) {
    if (error.name !== "AbortError") console.info("no preview:", error.message); // the next key tries again
  }
}

// The labels of “belongs to” follow the options' texts.
function nameOptions() {
  const names = [...form.querySelectorAll(".edit-rows-options > .edit-list > .edit-row")].map((row, place) => [
    row.querySelector("input[type=hidden][name$='-id']").value,
    `${place + 1}. ${[...row.querySelectorAll("textarea")].map((box) => box.value.trim()).find(Boolean) ?? ""}`,
  ]);
  for (const [id, name] of names) {
    for (const option of form.querySelectorAll(`.edit-option option[value="${CSS.escape(id)}"]`)) option.textContent = name;
  }
}

function changed() {
  dirty = true;
  nameOptions();
  clearTimeout(timer);
  timer = setTimeout(preview, WAIT);
}

// `id`: the field to stay in; else the row that the page points out.
async function change(button, id) {
  const reply = await fetch(form.action, { method: "POST", body: sent(button) });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = page.querySelector("[data-editor] form");
  if (!fresh) return form.requestSubmit(button); // an error page: let the browser show it
  form.replaceWith(document.adoptNode(fresh));
  form = fresh;
  editor.querySelector("[data-preview-target]")?.replaceWith(page.querySelector("[data-preview-target]"));
  start();
  const target = form.querySelector("[autofocus]");
  if (id) return document.getElementById(id)?.focus();
  const box = target?.querySelector("textarea") ?? target?.querySelector("input:not([type=hidden]), select")
  ;(box ?? target)?.focus();
  dirty = true;
}

// Saving leaves the page, and an error page would take the words along. So ask first whether the server answers, and
// still knows who is writing.
async function save(button) {
  const problem = editor.querySelector("[data-unsaved]");
  problem.hidden = true;
  const reply = await fetch(form.action, { method: "HEAD" }).catch(() => null);
  if (reply?.ok && !reply.redirected) {
    ready = true;
    return form.requestSubmit(button);
  }
  const out = reply?.redirected || reply?.status === 401;
  problem.querySelector("p").textContent = out ? editor.dataset.textOut : editor.dataset.textLost;
  problem.hidden = false;
  problem.focus();
}

function start() {
  form.addEventListener("input", changed);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button || ["save", "next", "pick"].includes(button.value.split(":")[0])) return;
    event.preventDefault();
    change(button);
  });
  for (const field of form.querySelectorAll("select[name$='-kind'], select[name$='-bank'], .edit-ticks input")) {
    const renew = field.closest(".edit-row")?.querySelector(":scope > .edit-refresh, :scope > p > .edit-refresh");
    if (renew) field.addEventListener("change", () => change(renew, field.id));
  }
  form.querySelector("input[type=file]")?.addEventListener("change", () => change(form.querySelector("[value='refresh:media']")));
  form.addEventListener("submit", (event) => {
    if (ready) {
      dirty = ready = false;
      return;
    }
    event.preventDefault();
    save(event.submitter);
  });
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector(".editor-actions [value=save]"));
  }
});
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
document.documentElement.classList.add("scripted");
start();
