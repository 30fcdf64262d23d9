// The import of an upload: sent in the background, so that the page can show how far it is. Without this script, and
// for every other button, the form is sent as it is.

const form = document.querySelector("[data-import]");
const working = form.querySelector("long-work");
const number = new Intl.NumberFormat(document.documentElement.lang);
const headers = { Accept: "application/json, application/x-ndjson" };

// What the server tells, a line of JSON for each step.
async function* lines(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
}

// Shows the steps, until the last line says where to go or what is wrong.
async function follow(reply) {
  if (!reply.headers.get("Content-Type").startsWith("application/x-ndjson")) return reply.json();
  for await (const said of lines(reply)) {
    if (!said.step) return said;
    working.show(said.step, said.done, said.total, (count) => number.format(count));
  }
  throw new TypeError("the answer has no end");
}

async function send() {
  const body = new FormData(form);
  const buttons = document.querySelectorAll("button[name=do]");
  body.append("do", "import");
  working.show("reading");
  for (const button of buttons) button.disabled = true;
  const said = await fetch(form.action, { method: "POST", body, headers })
    .then(follow)
    .catch(() => ({ message: working.dataset.lost }));
  if (said.location) return location.assign(said.location);
  for (const button of buttons) button.disabled = false
  working.fail(said.message);
}

if (working) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "import") return;
    event.preventDefault();
    send();
  });
  // The browser's "back" shows a page as it was left, at work for ever.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
