// Grading: the lines of the rubric fill in the points, kept comments go into the comment, and what is begun is kept.

const form = document.querySelector("form[data-grade]");
const { mark, comment } = form.elements;
const told = form.querySelector("[data-draft]");
const lines = [...form.querySelectorAll("[data-points]")];
for (const key of form.querySelectorAll(".grading-key")) key.hidden = false;
const sum = () => lines.filter((line) => line.checked).reduce((all, line) => all + Number(line.dataset.points), 0);

for (const line of lines) {
  line.addEventListener("change", () => {
    mark.value = String(Math.round(sum() * 1e5) / 1e5);
  });
}

for (const saved of form.querySelectorAll("[data-saved] input")) {
  saved.addEventListener("change", () => {
    const words = saved.labels[0].textContent;
    if (!saved.checked || words.endsWith("…") || comment.value.includes(words)) return;
    comment.value = [comment.value.trimEnd(), words].filter(Boolean).join("\n");
  });
}

const all = form.querySelector("[data-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const box of form.querySelectorAll("[data-also] input")) box.checked = true;
  });
}

const TYPING_PAUSE = 1500;
const RETRY = 5000;
let waiting = 0;
let saving = false;

async function keep() {
  const body = new FormData(form);
  body.set("do", "draft");
  const reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const said = (await reply?.json().catch(() => null)) ?? {};
  if (saving) return;
  if (said.csrf_token) form.elements.csrf_token.value = said.csrf_token;
  const { textOut, textLost } = told.dataset;
  told.textContent = reply?.ok ? said.text : reply?.status === 401 ? textOut : textLost;
  if (!reply?.ok) keepIn(RETRY);
}

function keepIn(delay) {
  clearTimeout(waiting);
  waiting = setTimeout(keep, delay);
}

form.addEventListener("input", () => keepIn(TYPING_PAUSE));

form.addEventListener("submit", () => {
  saving = true;
  clearTimeout(waiting);
});
