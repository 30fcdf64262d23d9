// Makes a list of places to choose into a list to move about in: by buttons, or by dragging the handle.
// The selects stay and carry the answer; they are filled at the first move, or when the learner takes the order as it is.

function enhance(control) {
  const list = control.querySelector(".order");
  const said = control.querySelector("[data-order-said]");
  const keep = control.querySelector("[data-order-keep]");
  const tools = control.querySelector("[data-order-tools]").content;
  const items = () => [...list.querySelectorAll("[data-order-item]")];
  const selectOf = (item) => item.querySelector("select");

  function showEnds() {
    const all = items();
    for (const item of all) {
      for (const button of item.querySelectorAll("[data-order-move]")) {
        const atEnd = item === (button.dataset.orderMove === "1" ? all.at(-1) : all[0]);
        button.setAttribute("aria-disabled", atEnd);
      }
    }
    keep.hidden = all.every((item) => selectOf(item).value);
  }

  function answer() {
    items().forEach((item, place) => { selectOf(item).value = String(place + 1); });
    showEnds();
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function say(item) {
    said.textContent = control.dataset.textMoved
      .replace("{item}", item.querySelector(".order-text").textContent.trim())
      .replace("{place}", items().indexOf(item) + 1)
      .replace("{count}", items().length);
  }

  function move(item, step) {
    const target = items()[items().indexOf(item) + step];
    if (!target) return;
    if (step < 0) target.before(item);
    else target.after(item);
    answer();
    say(item);
  }

  function equip(item) {
    const [handle, buttons] = tools.cloneNode(true).children;
    const words = item.querySelector(".order-text").id;
    for (const button of buttons.children) button.setAttribute("aria-describedby", words);
    item.prepend(handle);
    item.append(buttons);
  }

  function drag(down) {
    const handle = down.target.closest("[data-order-handle]");
    if (!handle || down.button !== 0) return;
    down.preventDefault();
    const item = handle.closest("[data-order-item]");
    const before = items().indexOf(item);
    list.setPointerCapture(down.pointerId);
    item.classList.add("order-held");

    const follow = (event) => {
      const over = items().find((other) => {
        const box = other.getBoundingClientRect();
        return other !== item && event.clientY > box.top && event.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      if (items().indexOf(over) < items().indexOf(item)) {
        if (event.clientY < box.top + box.height / 2) over.before(item);
      } else if (event.clientY > box.top + box.height / 2) over.after(item);
    };
    const drop = () => {
      list.removeEventListener("pointermove", follow);
      item.classList.remove("order-held");
      if (items().indexOf(item) === before) return;
      answer();
      say(item);
    };
    list.addEventListener("pointermove", follow);
    list.addEventListener("lostpointercapture", drop, { once: true });
  }

  const placed = items();
  if (placed.every((item) => selectOf(item).value)) {
    list.append(...placed.sort((one, other) => selectOf(one).value - selectOf(other).value));
  }
  control.querySelector(".control-hint").textContent = control.dataset.textHint;
  list.classList.add("order-live");
  placed.forEach(equip);
  list.addEventListener("pointerdown", drag);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-order-move]");
    if (!button) return;
    move(button.closest("[data-order-item]"), Number(button.dataset.orderMove));
    button.focus();
  });
  keep.querySelector("button").addEventListener("click", answer);
  // Who checks the answer without a move means the order as it stands.
  control.form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do][value^=check]");
    const own = button && button.closest("[data-question]") === control.closest("[data-question]");
    if (own && !keep.hidden) answer();
  });
  showEnds();
}

const begin = (within) => within.querySelectorAll("[data-order]").forEach(enhance);
document.addEventListener("shown", (event) => begin(event.target));
begin(document);
