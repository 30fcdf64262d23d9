// The number keys choose an option while one of the question's options is in focus; never elsewhere on the page.

function numberKeys(control) {
  const inputs = [...control.querySelectorAll(".option-input")];
  control.querySelector("[data-keys-hint]").hidden = false;
  control.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !/^[1-9]$/.test(event.key)) return;
    const input = inputs[Number(event.key) - 1];
    if (!input) return;
    input.focus();
    input.click();
  });
}

const equip = (within) => within.querySelectorAll("fieldset[data-keys]").forEach(numberKeys);
document.addEventListener("shown", (event) => equip(event.target));
equip(document);
