// The upload form: files may be dropped anywhere on it, are named, and are sent with a bar that shows how far they are.
// Without this script the browser's own file field takes and sends them.

const form = document.querySelector("[data-upload]");
const zone = form.querySelector("[data-drop]");
const field = zone.querySelector("input[type=file]");
const list = zone.querySelector("[data-files]");
const text = form.dataset;
const working = form.querySelector("long-work");

// --- choosing ---

// The browser's own field speaks the browser's language: ours stands before it, and the keyboard still uses the field.
const choose = form.querySelector("[data-choose]");
choose.hidden = false;
choose.addEventListener("click", () => field.click());
zone.classList.add("drop-scripted");

function size(bytes) {
  const [unit, amount] = bytes < 1e3 ? ["byte", bytes] : bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const format = { style: "unit", unit, maximumFractionDigits: amount < 10 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(amount);
}

function tooLarge() {
  const large = [...field.files].reduce((sum, file) => sum + file.size, 0) > Number(text.limit);
  if (large) working.fail(text.textLarge);
  else working.clear();
  return large;
}

function name() {
  list.replaceChildren(
    ...[...field.files].map((file) => {
      const entry = document.createElement("li");
      entry.textContent = `${file.name} (${size(file.size)})`;
      return entry;
    }),
  );
  tooLarge();
}

// --- dropping: anywhere on the page, so that a near miss doesn't open the file instead of this page ---

let depth = 0;
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const over = (change) => {
  depth = change ? Math.max(0, depth + change) : 0;
  zone.classList.toggle("drop-over", depth > 0);
};

addEventListener("dragenter", (event) => carriesFiles(event) && over(1));
addEventListener("dragleave", (event) => carriesFiles(event) && over(-1));
addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  over(0);
  field.files = event.dataTransfer.files;
  name();
});

// --- sending ---

function send() {
  const button = form.querySelector("button[type=submit]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => working.show("sending", loaded, total, size));
  request.upload.addEventListener("load", () => working.show("reading"));
  request.addEventListener("load", () => {
    const said = request.response;
    if (said?.location) return location.assign(said.location);
    button.disabled = false;
    working.fail(said?.message ?? working.dataset.unsent);
  });
  request.addEventListener("error", () => {
    button.disabled = false;
    working.fail(working.dataset.unsent);
  });
  button.disabled = true;
  working.show("sending");
  request.send(new FormData(form));
}

field.addEventListener("change", name);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!tooLarge()) send();
});
addEventListener("pageshow", (event) => event.persisted && location.reload());
name();
